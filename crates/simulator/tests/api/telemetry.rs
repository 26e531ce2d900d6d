//! What the cluster tells of itself in numbers, as a client reads it through the API server.

use std::{collections::BTreeMap, time::Duration};

use http::StatusCode;
use openmetrics_parser::prometheus::parse_prometheus;
use serde_json::Value;
use strata_simulator::Simulator;

use self::prometheus::{PROMETHEUS, ask};
use crate::client::{Client, atlas, small};

mod prometheus;

/// The ports on which programs tell metrics, by a part of their image.
const PORTS: [(&str, u16); 7] = [
    ("dcgm-exporter", 9400),
    ("node-exporter", 9100),
    ("kube-state-metrics/", 8080),
    ("vllm-openai", 8000),
    ("tritonserver", 8002),
    ("text-embeddings-inference", 80),
    ("rayproject/ray", 8080),
];

async fn pods(client: &Client) -> Vec<Value> {
    let list = client.get("/api/v1/pods").await;
    list["items"].as_array().unwrap().clone()
}

fn path_of(pod: &Value, port: u16) -> String {
    let namespace = pod["metadata"]["namespace"].as_str().unwrap();
    let name = pod["metadata"]["name"].as_str().unwrap();
    format!("/api/v1/namespaces/{namespace}/pods/{name}:{port}/proxy")
}

fn image_of(pod: &Value) -> &str {
    pod["spec"]["containers"][0]["image"].as_str().unwrap()
}

/// Every page of metrics of `client`'s cluster, by the image of the pod.
async fn pages(client: &Client) -> Vec<(String, String, StatusCode)> {
    let mut pages = Vec::new();
    for pod in pods(client).await {
        let image = image_of(&pod).to_owned();
        let is_running = pod["status"]["containerStatuses"][0]["state"]["running"].is_object();
        let port = PORTS.iter().find(|(part, _)| image.contains(part));
        if let (Some((_, port)), true) = (port, is_running) {
            let path = format!("{}/metrics", path_of(&pod, *port));
            let (status, text) = client.get_as(&path, "*/*").await;
            pages.push((image, text.as_str().unwrap_or_default().to_owned(), status));
        }
    }
    pages
}

/// The samples of a page by name and labels, as they are written.
fn samples(text: &str) -> BTreeMap<&str, f64> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            (series, value.parse().unwrap())
        })
        .collect()
}

fn label<'a>(series: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = series.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

async fn dcgm_page(client: &Client, node: &str) -> String {
    let pods = pods(client).await;
    let pod = pods
        .iter()
        .find(|pod| image_of(pod).contains("dcgm-exporter") && pod["spec"]["nodeName"] == node)
        .unwrap();
    let path = format!("{}/metrics", path_of(pod, 9400));
    client
        .get_as(&path, "*/*")
        .await
        .1
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_strict_parser_accepts_what_every_exporter_tells() {
    let client = Client::of(&atlas(7));
    let mut seen = BTreeMap::new();
    for (image, text, status) in pages(&client).await {
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            continue;
        }
        assert_eq!(status, StatusCode::OK, "{image}");
        // The exporter of DCGM names pods only for GPUs that pods have, and the parser wants the
        // same labels throughout a family.
        for is_held in [false, true] {
            let part: String = text
                .lines()
                .filter(|line| {
                    !image.contains("dcgm")
                        || line.starts_with('#')
                        || line.contains(",pod=") == is_held
                })
                .flat_map(|line| [line, "\n"])
                .collect();
            parse_prometheus(&part).unwrap_or_else(|error| panic!("{image}: {error}\n{part}"));
        }
        *seen.entry(image).or_insert(0) += 1;
    }
    for (part, _) in PORTS {
        assert!(
            seen.keys().any(|image| image.contains(part)),
            "no page of {part}"
        );
    }
}

#[tokio::test]
async fn the_same_seed_tells_the_same_and_another_does_not() {
    let text = |seed| async move { dcgm_page(&Client::of(&atlas(seed)), "gpu-h100-01").await };
    let first = text(7).await;
    assert_eq!(first, text(7).await);
    assert_ne!(first, text(8).await);
}

#[tokio::test]
async fn counters_never_fall() {
    let simulator = atlas(7);
    let client = Client::of(&simulator);
    let mut before: BTreeMap<String, f64> = BTreeMap::new();
    for _ in 0..4 {
        for (_, text, status) in pages(&client).await {
            if status != StatusCode::OK {
                continue;
            }
            for (series, value) in samples(&text) {
                let name = series.split('{').next().unwrap();
                let is_counter = ["_total", "_count", "_sum", "_bucket", "CONSUMPTION"]
                    .iter()
                    .any(|end| name.ends_with(end));
                // Pages of several pods have the same series: what only grows has a pod's identity.
                if is_counter && series.contains("UUID=") {
                    let last = before.insert(series.to_owned(), value).unwrap_or(0.0);
                    assert!(value >= last, "{series} fell from {last} to {value}");
                }
            }
        }
        simulator.advance(Duration::from_secs(97));
    }
    assert!(before.len() > 100);
}

#[tokio::test]
async fn an_exporter_names_the_pods_that_have_its_gpus() {
    let client = Client::of(&atlas(7));
    let pods = pods(&client).await;
    for node in ["gpu-h100-01", "gpu-a100-02", "gpu-l40s-01"] {
        let text = dcgm_page(&client, node).await;
        for (series, used) in samples(&text) {
            if !series.starts_with("DCGM_FI_DEV_FB_USED{") {
                continue;
            }
            assert_eq!(label(series, "Hostname"), Some(node));
            let Some(name) = label(series, ",pod") else {
                assert!(used < 10.0, "{series} has no pod but {used} MiB");
                continue;
            };
            let pod = pods
                .iter()
                .find(|pod| pod["metadata"]["name"] == name)
                .unwrap();
            assert_eq!(pod["spec"]["nodeName"], node);
            assert!(used > 500.0, "{series} {used}");
        }
    }
    // As many GPUs are told to be held as the pods ask for.
    let text = dcgm_page(&client, "gpu-h100-01").await;
    let held = samples(&text)
        .keys()
        .filter(|series| series.starts_with("DCGM_FI_DEV_GPU_UTIL{") && series.contains(",pod="))
        .count();
    let asked: usize = pods
        .iter()
        .filter(|pod| {
            pod["spec"]["nodeName"] == "gpu-h100-01" && pod["status"]["phase"] == "Running"
        })
        .filter_map(|pod| {
            let limits = &pod["spec"]["containers"][0]["resources"]["limits"];
            limits["nvidia.com/gpu"].as_str()?.parse::<usize>().ok()
        })
        .sum();
    assert_eq!(held, asked);
}

#[tokio::test]
async fn memory_used_free_and_reserved_is_what_the_gpu_has() {
    let client = Client::of(&atlas(7));
    let text = dcgm_page(&client, "gpu-h100-02").await;
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for (series, value) in samples(&text) {
        if ["FB_USED", "FB_FREE", "FB_RESERVED"]
            .iter()
            .any(|name| series.contains(name))
        {
            *sums.entry(label(series, "UUID").unwrap()).or_default() += value;
        }
    }
    assert_eq!(sums.len(), 8);
    assert!(
        sums.values().all(|sum| (sum - 81_559.0).abs() < 2.0),
        "{sums:?}"
    );
}

#[tokio::test]
async fn a_gpu_off_the_bus_tells_its_last_xid_and_nothing_else() {
    let client = Client::of(&atlas(7));
    let text = dcgm_page(&client, "gpu-a100-05").await;
    let all = samples(&text);
    let lost: Vec<_> = all
        .iter()
        .filter(|(series, value)| series.starts_with("DCGM_FI_DEV_XID_ERRORS{") && **value > 0.0)
        .collect();
    assert_eq!(lost.len(), 1, "{lost:?}");
    let (series, xid) = lost[0];
    assert!((xid - 79.0).abs() < f64::EPSILON);
    assert_eq!(label(series, "err_code"), Some("79"));
    let uuid = label(series, "UUID").unwrap();
    let of_it = all.keys().filter(|series| series.contains(uuid)).count();
    assert_eq!(of_it, 1);
    let present = all
        .keys()
        .filter(|series| series.starts_with("DCGM_FI_DEV_GPU_UTIL{"));
    assert_eq!(present.count(), 7);
}

#[tokio::test]
async fn gpus_of_a_training_job_stop_together_for_its_checkpoints() {
    let simulator = atlas(7);
    let client = Client::of(&simulator);
    simulator.advance(Duration::from_hours(1));
    let path = format!(
        "{PROMETHEUS}/api/v1/query_range?query={}&start={}&end={}&step=15",
        "DCGM_FI_PROF_GR_ENGINE_ACTIVE%7Bexported_pod%3D~%22llama-ft-0417.%2A%22%7D",
        simulator.now().as_second() - 3000,
        simulator.now().as_second(),
    );
    let answer = client.get(&path).await;
    let series = answer["data"]["result"].as_array().unwrap();
    assert_eq!(series.len(), 16, "{answer}");
    let dips = |series: &Value| -> Vec<bool> {
        let values = series["values"].as_array().unwrap();
        values
            .iter()
            .map(|value| value[1].as_str().unwrap().parse::<f64>().unwrap() < 0.2)
            .collect()
    };
    let first = dips(&series[0]);
    assert!(
        first.iter().any(|is_dip| *is_dip),
        "no checkpoint in 50 minutes"
    );
    assert!(first.iter().filter(|is_dip| **is_dip).count() < first.len() / 4);
    let together = series.iter().map(|other| {
        dips(other)
            .iter()
            .zip(&first)
            .filter(|(a, b)| a == b)
            .count()
    });
    // Scrapes of two nodes may see the begin or the end of a dip differently.
    assert!(together.min().unwrap() >= first.len() - 16);
}

#[tokio::test]
async fn an_idle_notebook_holds_memory_and_computes_nothing() {
    let client = Client::of(&atlas(7));
    let held = ask(
        &client,
        "max by (exported_pod) (DCGM_FI_DEV_FB_USED{exported_namespace=\"research\"}) > 2000 \
         and on (exported_pod) max by (exported_pod) (max_over_time(DCGM_FI_DEV_GPU_UTIL[30m])) == 0",
    )
    .await;
    assert!(!held.as_array().unwrap().is_empty(), "{held}");
}

#[tokio::test]
async fn a_kubelet_tells_what_its_pods_use() {
    let client = Client::of(&small());
    let text = client
        .get_as("/api/v1/nodes/gpu-01/proxy/metrics/resource", "*/*")
        .await
        .1;
    let text = text.as_str().unwrap();
    parse_prometheus(text).unwrap();
    assert!(
        text.contains("container_memory_working_set_bytes{container=\"nginx\""),
        "{text}"
    );
    let summary = client.get("/api/v1/nodes/gpu-01/proxy/stats/summary").await;
    assert_eq!(summary["node"]["nodeName"], "gpu-01");
    assert!(!summary["pods"].as_array().unwrap().is_empty());
}

/// A GPU stays with its pod while others come and go.
#[tokio::test]
async fn a_pod_keeps_its_gpu() {
    let simulator: Simulator = atlas(7);
    let client = Client::of(&simulator);
    let held = |text: String| -> BTreeMap<String, String> {
        samples(&text)
            .keys()
            .filter(|series| series.starts_with("DCGM_FI_DEV_GPU_TEMP{"))
            .filter_map(|series| {
                let pod = label(series, ",pod")?.to_owned();
                Some((label(series, "UUID")?.to_owned(), pod))
            })
            .collect()
    };
    let before = held(dcgm_page(&client, "gpu-a100-02").await);
    simulator.advance(Duration::from_mins(12));
    let after = held(dcgm_page(&client, "gpu-a100-02").await);
    let present = pods(&client).await;
    for (uuid, pod) in before {
        let still_there = present.iter().any(|known| {
            known["metadata"]["name"] == pod.as_str() && known["status"]["phase"] == "Running"
        });
        if still_there {
            assert_eq!(after.get(&uuid), Some(&pod));
        }
    }
}

#[tokio::test]
async fn the_metrics_api_is_discovered_and_measures_nodes_and_pods() {
    let client = Client::of(&atlas(7));
    let resources = client.get("/apis/metrics.k8s.io/v1beta1").await;
    let names: Vec<_> = resources["resources"].as_array().unwrap().iter().collect();
    assert_eq!(names.len(), 2, "{resources}");
    let base = "/apis/metrics.k8s.io/v1beta1";
    let nodes = client.get(&format!("{base}/nodes")).await;
    assert_eq!(nodes["kind"], "NodeMetricsList");
    assert_eq!(nodes["items"].as_array().unwrap().len(), 32);
    let pods = client
        .get(&format!(
            "{base}/namespaces/llm-prod/pods?labelSelector=team%3Dassistants"
        ))
        .await;
    let first = &pods["items"][0];
    assert!(
        first["containers"][0]["usage"]["cpu"]
            .as_str()
            .unwrap()
            .ends_with('n'),
        "{first}"
    );
    let (status, missing) = client
        .get_as(&format!("{base}/namespaces/llm-prod/pods/none"), "*/*")
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(
        missing["message"],
        "podmetrics.metrics.k8s.io \"llm-prod/none\" not found"
    );
}
