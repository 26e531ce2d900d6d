//! The Prometheus query API over what the exporters tell.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, atlas};

/// What Prometheus answers to `query`.
pub(super) async fn ask(client: &Client, query: &str) -> Value {
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let path = format!("{PROMETHEUS}/api/v1/query?query={query}");
    let answer = client.get(&path).await;
    assert_eq!(answer["status"], "success", "{query}: {answer}");
    answer["data"]["result"].clone()
}

/// The value of the only series that Prometheus answers to `query`.
async fn ask_one(client: &Client, query: &str) -> f64 {
    let result = ask(client, query).await;
    assert_eq!(
        result.as_array().map(Vec::len),
        Some(1),
        "{query}: {result}"
    );
    result[0]["value"][1].as_str().unwrap().parse().unwrap()
}

/// Where it is reached.
pub(super) const PROMETHEUS: &str =
    "/api/v1/namespaces/monitoring/services/prometheus-k8s:web/proxy";

#[tokio::test]
async fn prometheus_joins_sums_and_rates() {
    let simulator = atlas(7);
    // Between two times that a node of the story is away.
    simulator.advance(Duration::from_secs(435));
    let client = Client::of(&simulator);
    let gpus = ask_one(&client, "count(DCGM_FI_DEV_GPU_UTIL)").await;
    let exporters_down = ask_one(&client, "count(up{job=\"nvidia-dcgm-exporter\"} == 0)").await;
    assert!(
        (exporters_down - 1.0).abs() < f64::EPSILON,
        "{exporters_down}"
    );
    assert!((150.0..160.0).contains(&gpus), "{gpus}");
    // The energy counter's rate is the power that the gauge tells.
    let power = ask_one(
        &client,
        "sum(avg_over_time(DCGM_FI_DEV_POWER_USAGE{exported_namespace=\"llm-prod\"}[5m]))",
    )
    .await;
    let rate = ask_one(
        &client,
        "sum(rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{exported_namespace=\"llm-prod\"}[5m])) / 1000",
    )
    .await;
    assert!(
        (power / rate - 1.0).abs() < 0.03,
        "{power} W is not {rate} W"
    );
    let latency = ask_one(
        &client,
        "histogram_quantile(0.95, sum by (le) (rate(vllm:time_to_first_token_seconds_bucket{pod=~\"chat-assist.*\"}[5m])))",
    )
    .await;
    assert!((0.05..2.0).contains(&latency), "{latency}");
    let by_phase = ask(&client, "sum by (phase) (kube_pod_status_phase) > 0").await;
    assert!(by_phase.as_array().unwrap().len() >= 2, "{by_phase}");
    // What has ended still has its requests told, and holds nothing.
    let joined = ask(
        &client,
        "sum by (node) (kube_pod_container_resource_requests{resource=\"nvidia_com_gpu\"} \
         unless on (namespace, pod) (kube_pod_status_phase{phase=~\"Succeeded|Failed\"} == 1)) \
         / on (node) group_left kube_node_status_allocatable{resource=\"nvidia_com_gpu\"}",
    )
    .await;
    for share in joined.as_array().unwrap() {
        let value: f64 = share["value"][1].as_str().unwrap().parse().unwrap();
        assert!(value <= 1.0 + 1.0 / 7.0, "{share}");
    }
    let offset = ask_one(&client, "count(DCGM_FI_DEV_GPU_TEMP offset 1h)").await;
    assert!(offset > 140.0);
}

#[tokio::test]
async fn prometheus_is_posted_to_and_refuses_in_its_own_words() {
    let client = Client::of(&atlas(7));
    let refused = |path: String| {
        let client = &client;
        async move { client.get_as(&path, "*/*").await }
    };
    let (status, body) = refused(format!("{PROMETHEUS}/api/v1/query?query=sum(")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["errorType"], "bad_data");
    let (status, body) = refused(format!(
        "{PROMETHEUS}/api/v1/query_range?query=up&start=0&end=100000&step=1"
    ))
    .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let message = body["error"].as_str().unwrap();
    assert!(
        message.starts_with("exceeded maximum resolution of 11,000 points"),
        "{message}"
    );
    let (status, body) = refused(format!(
        "{PROMETHEUS}/api/v1/query?query=kube_pod_info%20%2A%20kube_pod_info"
    ))
    .await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let posted = Request::post(format!("{PROMETHEUS}/api/v1/query"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from_static(b"query=vector(1)&time=1764000000"))
        .unwrap();
    let (status, body) = client.send(posted).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(
        body["data"]["result"][0]["value"],
        json!([1_764_000_000, "1"])
    );
    let build = client
        .get(&format!("{PROMETHEUS}/api/v1/status/buildinfo"))
        .await;
    assert_eq!(build["data"]["version"], "3.10.0");
}

#[tokio::test]
async fn prometheus_knows_its_labels_series_and_targets() {
    let client = Client::of(&atlas(7));
    let values = client
        .get(&format!("{PROMETHEUS}/api/v1/label/job/values?match[]=up"))
        .await;
    let jobs = values["data"].as_array().unwrap();
    assert!(
        jobs.iter().any(|job| job == "nvidia-dcgm-exporter"),
        "{values}"
    );
    let series = client
        .get(&format!(
            "{PROMETHEUS}/api/v1/series?match[]=DCGM_FI_DEV_GPU_TEMP%7Bgpu%3D%220%22%7D"
        ))
        .await;
    assert!(series["data"].as_array().unwrap().len() >= 23, "{series}");
    let targets = client.get(&format!("{PROMETHEUS}/api/v1/targets")).await;
    let active = targets["data"]["activeTargets"].as_array().unwrap();
    assert!(active.iter().any(|target| target["health"] == "down"));
    let metadata = client
        .get(&format!(
            "{PROMETHEUS}/api/v1/metadata?metric=DCGM_FI_DEV_GPU_UTIL"
        ))
        .await;
    assert_eq!(metadata["data"]["DCGM_FI_DEV_GPU_UTIL"][0]["type"], "gauge");
}
