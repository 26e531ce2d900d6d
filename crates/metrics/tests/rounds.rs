//! Asking many exporters: slow ones hold up no other, failing ones are left alone, ports are tried.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::{FutureExt as _, StreamExt as _, future::BoxFuture};
use jiff::Timestamp;
use strata_domain::{
    ids::{ClusterId, ObjectKey},
    text::Text,
};
use strata_metrics::rounds::ProxiedExporters;
use strata_ports::{
    clock::Clock,
    error::{PortError, PortErrorKind},
    proxy::{ClusterProxy, PodPort},
    telemetry::{Answer, Dialect, Exporter, TelemetrySource as _, Told},
};
use tokio::{sync::watch, time::Instant};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }
}

/// Pods that answer after a while: `slow-*` never in time, `closed-*` on the second port alone,
/// `secret-*` not to us.
#[derive(Default)]
struct Pods {
    asked: Mutex<BTreeMap<String, Vec<(Instant, u16)>>>,
}

impl ClusterProxy for Pods {
    fn get(
        &self,
        _: &ClusterId,
        pod: PodPort,
        _: &str,
        within: Duration,
    ) -> BoxFuture<'static, Result<Vec<u8>, PortError>> {
        let name = pod.pod.name.to_string();
        self.asked
            .lock()
            .unwrap()
            .entry(name.clone())
            .or_default()
            .push((Instant::now(), pod.port));
        async move {
            if name.starts_with("slow") {
                tokio::time::sleep(within).await;
                return Err(PortError::new(PortErrorKind::Timeout, "too slow"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            if name.starts_with("secret") {
                return Err(PortError::new(PortErrorKind::Forbidden, "get pods/proxy"));
            }
            if name.starts_with("closed") && pod.port != 8080 {
                return Err(PortError::new(PortErrorKind::Unavailable, "refused"));
            }
            Ok(b"DCGM_FI_DEV_GPU_TEMP{gpu=\"0\",UUID=\"GPU-a\",Hostname=\"n1\"} 41\n".to_vec())
        }
        .boxed()
    }

    fn kubelet(
        &self,
        _: &ClusterId,
        node: &str,
        path: &str,
        _: Duration,
    ) -> BoxFuture<'static, Result<Vec<u8>, PortError>> {
        let mut asked = self.asked.lock().unwrap();
        let times = asked.entry(format!("{node}{path}")).or_default();
        times.push((Instant::now(), 0));
        let volume = r#"{"pvcRef":{"name":"models","namespace":"llm"},"capacityBytes":100,"usedBytes":70,"availableBytes":30}"#;
        let summary = format!(r#"{{"pods":[{{"volume":[{volume}]}}]}}"#);
        async move { Ok(summary.into_bytes()) }.boxed()
    }
}

impl Pods {
    fn times(&self, name: &str) -> Vec<(Instant, u16)> {
        self.asked
            .lock()
            .unwrap()
            .get(name)
            .cloned()
            .unwrap_or_default()
    }
}

fn exporter(name: &str) -> Exporter {
    Exporter {
        pod: ObjectKey::new("gpu-operator", name),
        node: Text::from("n1"),
        dialect: Dialect::Dcgm,
        ports: Arc::from([9400, 8080]),
        is_tls: false,
        address: None,
    }
}

/// Asks exporters of these names for `span`, and what they answered by then.
async fn ask(
    pods: &Arc<Pods>,
    names: Vec<String>,
    span: Duration,
) -> BTreeMap<String, Vec<Answer>> {
    let source = ProxiedExporters::new(Arc::clone(pods) as Arc<dyn ClusterProxy>, Arc::new(Noon));
    let list: Arc<[Exporter]> = names.iter().map(|name| exporter(name)).collect();
    let (sender, list) = watch::channel(list);
    let mut answers = source.follow(&ClusterId::demo(), list);
    let mut heard: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
    let end = Instant::now() + span;
    while let Ok(Some(batch)) = tokio::time::timeout_at(end, answers.next()).await {
        for answer in batch {
            let name = answer.pod.name.to_string();
            heard.entry(name).or_default().push(answer);
        }
    }
    drop(sender);
    heard
}

#[tokio::test(start_paused = true)]
async fn a_hundred_hung_exporters_hold_up_no_other() {
    let pods = Arc::new(Pods::default());
    let names = (0..100)
        .map(|at| format!("slow-{at:03}"))
        .chain((0..200).map(|at| format!("quick-{at:03}")))
        .collect();
    let heard = ask(&pods, names, Duration::from_mins(5)).await;
    for at in 0..200 {
        let name = format!("quick-{at:03}");
        let times = pods.times(&name);
        // Once it has answered it is asked as often as it should be, whatever the others do.
        let late: Vec<Duration> = times
            .windows(2)
            .map(|pair| pair[1].0 - pair[0].0)
            .filter(|gap| *gap > Duration::from_secs(17))
            .collect();
        assert!(late.is_empty(), "{name} waited {late:?}");
        assert!(heard[&name].len() >= 16, "{name}: {}", heard[&name].len());
        assert!(
            matches!(&heard[&name][0].outcome, Ok(Told::Devices(devices)) if devices.len() == 1)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn another_port_is_tried_where_nothing_listens() {
    let pods = Arc::new(Pods::default());
    let heard = ask(&pods, vec!["closed-1".to_owned()], Duration::from_mins(2)).await;
    let answers = &heard["closed-1"];
    assert!(answers[0].outcome.is_err());
    assert!(answers[1].outcome.is_ok());
    let ports: Vec<u16> = pods
        .times("closed-1")
        .iter()
        .map(|(_, port)| *port)
        .collect();
    assert_eq!(ports[..3], [9400, 8080, 8080]);
}

#[tokio::test(start_paused = true)]
async fn who_may_not_ask_does_not_keep_asking() {
    let pods = Arc::new(Pods::default());
    let heard = ask(&pods, vec!["secret-1".to_owned()], Duration::from_mins(3)).await;
    assert_eq!(heard["secret-1"].len(), 1);
    let failure = heard["secret-1"][0].outcome.as_ref().unwrap_err();
    assert_eq!(failure.kind, PortErrorKind::Forbidden);
}

#[tokio::test(start_paused = true)]
async fn an_exporter_that_is_gone_is_asked_no_more() {
    let pods = Arc::new(Pods::default());
    let source = ProxiedExporters::new(Arc::clone(&pods) as Arc<dyn ClusterProxy>, Arc::new(Noon));
    let (sender, list) = watch::channel(Arc::from(vec![exporter("quick-1")]));
    let mut answers = source.follow(&ClusterId::demo(), list);
    assert_eq!(answers.next().await.unwrap().len(), 1);
    sender.send_replace(Arc::from(vec![exporter("quick-2")]));
    let second = answers.next().await.unwrap();
    assert_eq!(second[0].pod.name, "quick-2");
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(pods.times("quick-1").len(), 1);
    drop(sender);
    while answers.next().await.is_some() {}
}

#[tokio::test(start_paused = true)]
async fn a_kubelet_is_asked_for_its_summary_once_a_minute() {
    let pods = Arc::new(Pods::default());
    let source = ProxiedExporters::new(Arc::clone(&pods) as Arc<dyn ClusterProxy>, Arc::new(Noon));
    let kubelet = Exporter {
        pod: ObjectKey::new("", "n1"),
        dialect: Dialect::Kubelet,
        ports: Arc::from([]),
        ..exporter("n1")
    };
    let (sender, list) = watch::channel(Arc::from(vec![kubelet]));
    let mut answers = source.follow(&ClusterId::demo(), list);
    for _ in 0..3 {
        let batch = answers.next().await.unwrap();
        assert!(
            matches!(&batch[0].outcome, Ok(Told::Volumes(volumes)) if volumes[0].used_bytes == 70)
        );
    }
    let times = pods.times("n1/stats/summary");
    assert_eq!(times.len(), 3);
    let gaps: Vec<u64> = times
        .windows(2)
        .map(|pair| (pair[1].0 - pair[0].0).as_secs())
        .collect();
    assert_eq!(gaps, [60, 60]);
    drop(sender);
}
