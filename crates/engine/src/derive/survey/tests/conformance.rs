use strata_api::rows::{
    conformance::{RequirementLevel, RequirementRow, TestOutcome},
    survey::Answer,
};
use strata_domain::{
    condition::Status, ids::GroupKind, object::Object, plain::PlainKind, text::Text,
};
use strata_ports::{
    cluster::{ClusterEvent, ServedKind},
    connection::ConnectionState,
};
use strata_test_support::objects::{
    custom, daemon_set, deployment, device_class, node, plain, pod, slice,
};

use super::{asked, survey};
use crate::{
    derive::{fixture, survey::conformance::conformance},
    fleet::{cluster::Cluster, telemetry::Telemetry},
    fold::{Dirty, apply},
};

fn requirements(objects: Vec<Object>, kinds: &[(&str, &str)]) -> Vec<RequirementRow> {
    survey(objects, kinds, |ground| conformance(ground).1)
}

fn answer_of(rows: &[RequirementRow], id: &str) -> Answer {
    rows.iter()
        .find(|row| row.requirement == id)
        .unwrap()
        .found
        .answer
}

#[test]
fn the_checklist_of_the_servers_version_is_answered_whole() {
    let (checklist, rows) = survey([node("a").object()], &[], conformance);
    assert_eq!(checklist.kubernetes, "1.36");
    let must = rows
        .iter()
        .filter(|row| row.level == RequirementLevel::Must);
    assert_eq!((must.count(), rows.len()), (8, 14));
}

#[test]
fn without_accelerators_what_is_asked_of_them_does_not_apply() {
    let rows = requirements(vec![node("a").object()], &[]);
    for id in [
        "gpu_sharing",
        "secure_accelerator_access",
        "accelerator_metrics",
    ] {
        assert_eq!(answer_of(&rows, id), Answer::NotApplicable, "{id}");
    }
}

#[test]
fn that_accelerators_are_kept_apart_takes_a_test_which_is_offered() {
    let rows = requirements(vec![node("a").gpus(8).object()], &[]);
    let row = rows
        .iter()
        .find(|row| row.requirement == "secure_accelerator_access")
        .unwrap();
    assert_eq!(row.found.answer, Answer::Unknown);
    let test = row.test.as_ref().unwrap();
    assert!(test.manifest.contains("kubernetes.io/hostname: a\n"));
    assert!(test.manifest.contains("\"nvidia.com/gpu\": 1"));
    assert_eq!(test.jobs.len(), 2);
    assert_eq!(row.untested, None);
    assert!(row.tested.starts_with("Deploy a Pod to a node"));
}

fn row_of(objects: Vec<Object>, kinds: &[(&str, &str)], id: &str) -> RequirementRow {
    let mut rows = requirements(objects, kinds);
    rows.retain(|row| row.requirement == id);
    rows.remove(0)
}

/// What stands in the test of `id` after `key`, where there is such a test.
fn of_test(objects: Vec<Object>, id: &str, key: &str) -> Option<String> {
    let test = row_of(objects, &[], id).test?;
    let after = test.manifest.split(key).nth(1)?;
    after.lines().next().map(|rest| rest.trim().to_owned())
}

#[test]
fn every_requirement_has_a_test_or_says_why_it_has_none() {
    for row in requirements(vec![node("a").object()], &[]) {
        let id = &row.requirement;
        assert_ne!(row.test.is_some(), row.untested.is_some(), "{id}");
        if let Some(test) = &row.test {
            assert!(!test.manifest.contains("${"), "{id}");
        }
    }
}

/// The requirements of a cluster of `version` that have a test.
fn tested(cluster: &mut Cluster, version: &str) -> Vec<String> {
    let live = ConnectionState::Live {
        version: version.to_owned(),
    };
    let event = ClusterEvent::Connection(live);
    apply(cluster, event, fixture::now(), &mut Dirty::default());
    let (_, rows) = asked(cluster, &Telemetry::default(), conformance);
    let tested = rows.into_iter().filter(|row| row.test.is_some());
    tested.map(|row| row.requirement).collect()
}

#[test]
fn a_cluster_that_has_everything_is_offered_every_test() {
    let runtime = PlainKind::RuntimeClass {
        handler: Text::from("runsc"),
    };
    let objects = [
        node("a")
            .gpus(8)
            .resource("nvidia.com/mig-1g.10gb", 7, 7)
            .label("nvidia.com/cuda.driver-version.full", "580.126.09")
            .object(),
        pod("ml", "holder").on("a").gpus(8).object(),
        custom("kueue.x-k8s.io", "LocalQueue", "ml", "research").object(),
        custom("trainer.kubeflow.org", "TrainJob", "ml", "ft").object(),
        device_class("gpu.nvidia.com", "").object(),
        slice("gpu.nvidia.com", "a").object(),
        plain(runtime, "sandboxed").object(),
    ];
    let mut cluster = fixture::cluster(objects);
    let mut served = cluster.served().unwrap_or_default().to_vec();
    served.push(ServedKind {
        kind: GroupKind::new("resource.k8s.io", "ResourceClaimTemplate"),
        versions: vec!["v1".to_owned()],
        resource: "resourceclaimtemplates".to_owned(),
        is_namespaced: true,
        is_watchable: true,
    });
    let event = ClusterEvent::Served(served);
    apply(&mut cluster, event, fixture::now(), &mut Dirty::default());
    // What each version's checklist asks for.
    let of_accelerators = [
        "driver_runtime_management",
        "gpu_sharing",
        "gang_scheduling",
        "cluster_autoscaling",
        "secure_accelerator_access",
    ];
    let with = |first: &[&'static str], last: &[&'static str]| {
        [first, of_accelerators.as_slice(), last].concat()
    };
    assert_eq!(
        tested(&mut cluster, "v1.35.1"),
        with(&["dra_support"], &["robust_controller"])
    );
    assert_eq!(
        tested(&mut cluster, "v1.37.0"),
        with(&[], &["workload_sandboxing", "robust_controller"])
    );
}

#[test]
fn a_test_runs_where_most_is_free_and_never_on_a_node_that_takes_no_pods() {
    let nodes = vec![
        node("busy").gpus(8).object(),
        node("cordoned").gpus(8).cordoned().object(),
        node("down").gpus(8).not_ready().object(),
        node("roomy").gpus(8).object(),
        pod("ml", "holder").on("busy").gpus(6).object(),
    ];
    let id = "secure_accelerator_access";
    let host = "kubernetes.io/hostname:";
    assert_eq!(of_test(nodes, id, host).as_deref(), Some("roomy"));
    let none = vec![node("down").gpus(8).not_ready().object()];
    let row = row_of(none, &[], id);
    assert_eq!(row.test, None);
    assert!(row.untested.unwrap().is_lacking);
}

#[test]
fn a_gang_that_cannot_fit_is_larger_than_all_there_is_and_waits_in_a_queue_that_is_active() {
    let queue = |namespace: &str, name: &str, status| {
        custom("kueue.x-k8s.io", "LocalQueue", namespace, name)
            .condition("Active", status, "", "")
            .object()
    };
    let objects = || {
        vec![
            node("a").gpus(8).object(),
            node("b").gpus(4).cordoned().object(),
            queue("a", "stopped", Status::False),
            queue("ml", "research", Status::True),
        ]
    };
    let id = "gang_scheduling";
    let of = |key: &str| of_test(objects(), id, key);
    assert_eq!(of("queue-name:").as_deref(), Some("research"));
    assert_eq!(of("namespace:").as_deref(), Some("ml"));
    let row = row_of(objects(), &[], id);
    let test = row.test.unwrap();
    assert!(test.manifest.contains("parallelism: 13\n"));
    let expected: Vec<TestOutcome> = test.jobs.iter().map(|job| job.expected).collect();
    assert_eq!(expected, [TestOutcome::Completes, TestOutcome::StaysHeld]);
    assert!(test.shows.zh.contains("13"));
}

#[test]
fn that_nodes_come_is_tested_only_where_no_node_is_free() {
    let id = "cluster_autoscaling";
    let free = vec![node("a").gpus(8).object()];
    assert_eq!(of_test(free, id, "limits:"), None);
    let held = vec![
        node("a").gpus(8).object(),
        pod("ml", "holder").on("a").gpus(1).object(),
    ];
    let asked = of_test(held, id, "limits:").unwrap();
    assert!(asked.contains("\"nvidia.com/gpu\": 8"), "{asked}");
}

#[test]
fn a_gateway_counts_once_an_implementation_accepted_its_class() {
    let group = "gateway.networking.k8s.io";
    let class = |status| {
        custom(group, "GatewayClass", "", "envoy")
            .condition("Accepted", status, "Accepted", "")
            .object()
    };
    let answer = |objects: Vec<Object>| answer_of(&requirements(objects, &[]), "ai_inference");
    assert_eq!(answer(vec![node("a").object()]), Answer::NotMet);
    assert_eq!(
        answer(vec![node("a").object(), class(Status::False)]),
        Answer::Partly
    );
    assert_eq!(
        answer(vec![node("a").object(), class(Status::True)]),
        Answer::Met
    );
}

#[test]
fn gangs_are_started_by_a_queue_that_is_well() {
    let kueue = |ready| {
        deployment("kueue-system", "kueue-controller-manager")
            .image("registry.k8s.io/kueue/kueue:v0.19.2")
            .ready(ready, 1)
            .object()
    };
    let answer = |objects: Vec<Object>| answer_of(&requirements(objects, &[]), "gang_scheduling");
    assert_eq!(answer(vec![node("a").object()]), Answer::NotMet);
    assert_eq!(answer(vec![node("a").object(), kueue(1)]), Answer::Met);
    assert_eq!(answer(vec![node("a").object(), kueue(0)]), Answer::Partly);
}

#[test]
fn pods_scale_by_metrics_of_their_own_where_an_api_of_such_answers() {
    let api = |name: &str| {
        plain(PlainKind::ApiService { aggregated: true }, name)
            .condition("Available", Status::True, "Passed", "")
            .object()
    };
    let served = [("autoscaling", "HorizontalPodAutoscaler")];
    let answer = |objects: Vec<Object>, kinds: &[(&str, &str)]| {
        answer_of(&requirements(objects, kinds), "pod_autoscaling")
    };
    let node = || node("a").object();
    assert_eq!(answer(vec![node()], &[]), Answer::NotMet);
    assert_eq!(answer(vec![node()], &served), Answer::Partly);
    let resource = vec![node(), api("v1beta1.metrics.k8s.io")];
    assert_eq!(answer(resource, &served), Answer::Partly);
    let custom = vec![node(), api("v1beta2.custom.metrics.k8s.io")];
    assert_eq!(answer(custom, &served), Answer::Met);
}

#[test]
fn an_autoscaler_that_is_not_seen_may_run_outside() {
    let rows = requirements(vec![node("a").object()], &[]);
    assert_eq!(answer_of(&rows, "cluster_autoscaling"), Answer::Unknown);
}

#[test]
fn shares_of_a_gpu_are_seen_in_what_nodes_offer() {
    let whole = requirements(vec![node("a").gpus(8).object()], &[]);
    assert_eq!(answer_of(&whole, "gpu_sharing"), Answer::NotMet);
    let parts = node("a").gpus(7).resource("nvidia.com/mig-1g.10gb", 7, 7);
    let parts = requirements(vec![parts.object()], &[]);
    assert_eq!(answer_of(&parts, "gpu_sharing"), Answer::Met);
}

#[test]
fn metrics_of_accelerators_come_from_an_exporter_that_runs() {
    let exporter = |ready| {
        daemon_set("gpu-operator", "nvidia-dcgm-exporter")
            .image("nvcr.io/nvidia/k8s/dcgm-exporter:4.5.0")
            .ready(ready, 1)
            .object()
    };
    let answer = |ready| {
        let objects = vec![node("a").gpus(8).object(), exporter(ready)];
        answer_of(&requirements(objects, &[]), "accelerator_metrics")
    };
    assert_eq!(answer(1), Answer::Met);
    assert_eq!(answer(0), Answer::Partly);
}
