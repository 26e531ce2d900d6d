//! Scenarios: set up as their text says, and living on from there.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;

use crate::client::{Client, atlas, items, name, options};
use strata_simulator::{Pace, Scenario, Simulator};

/// The condition `kind` of `object`.
pub(crate) fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    object["status"]["conditions"]
        .as_array()?
        .iter()
        .find(|known| known["type"] == kind)
}

/// A pool of 20 nodes with 8 GPUs, and crowds on it.
const CROWDED: &str = r#"
name = "crowded"
kubernetes = "v1.36.2"
[[pool]]
name = "gpu"
nodes = 20
cpu = "64"
memory = "512Gi"
instance_type = "dgx"
racks = { count = 4, in_a_block = 2, zones = ["a", "b"] }
gpu = { product = "NVIDIA H200", count = 8, memory_mib = 143771, family = "hopper", compute = "9.0", driver = "580.126.09", cuda = "13.0" }
[[crowd]]
count = 3
namespaces = 2
workload = { kind = "Deployment", namespace = "llm", name = "serve", replicas = 40, gpus = 1, images = ["vllm/vllm-openai:v0.24.0"], cpu = "500m", memory = "4Gi" }
[[crowd]]
count = 2
namespaces = 1
workload = { kind = "Deployment", namespace = "llm", name = "greedy", replicas = 30, gpus = 1, images = ["vllm/vllm-openai:v0.24.0"], cpu = "500m", memory = "4Gi" }
"#;

#[tokio::test]
async fn a_crowd_is_set_up_as_its_controllers_would_have_left_it() {
    let scenario = Scenario::parse("crowded", CROWDED).unwrap();
    let simulator = Simulator::start(&scenario, options(1));
    simulator.advance(Duration::from_mins(5));
    let client = Client::of(&simulator);
    let pods = client.get("/api/v1/pods").await;
    assert_eq!(items(&pods).len(), 3 * 40 + 2 * 30);
    let running: Vec<&Value> = items(&pods)
        .iter()
        .filter(|pod| pod["status"]["phase"] == "Running")
        .collect();
    assert_eq!(running.len(), 160, "as many as there are GPUs");
    let mut on_node: BTreeMap<&str, u64> = BTreeMap::new();
    let mut addresses = BTreeSet::new();
    for pod in &running {
        *on_node
            .entry(pod["spec"]["nodeName"].as_str().unwrap())
            .or_default() += 1;
        addresses.insert(pod["status"]["podIP"].as_str().unwrap());
    }
    assert!(on_node.values().all(|count| *count == 8), "{on_node:?}");
    assert!(addresses.len() > 155, "addresses are the pods' own");
    let deployments = client.get("/apis/apps/v1/deployments").await;
    let (mut ready, mut wanted) = (0, 0);
    for deployment in items(&deployments) {
        assert_eq!(
            deployment["status"]["observedGeneration"],
            deployment["metadata"]["generation"]
        );
        ready += deployment["status"]["readyReplicas"].as_u64().unwrap_or(0);
        wanted += deployment["status"]["replicas"].as_u64().unwrap_or(0);
    }
    assert_eq!((ready, wanted), (160, 180));
    let nodes = client.get("/api/v1/nodes").await;
    let racks: BTreeSet<&str> = items(&nodes)
        .iter()
        .filter_map(|node| node["metadata"]["labels"]["cloud.provider.com/topology-rack"].as_str())
        .collect();
    assert_eq!(racks.len(), 4);
}

#[tokio::test]
async fn every_scenario_that_the_program_carries_starts_and_lives() {
    // `fleet` is what the measurements start: it takes too long for every run of the tests.
    for known in Scenario::NAMES.iter().filter(|known| **known != "fleet") {
        let scenario = Scenario::named(known).unwrap();
        let simulator = Simulator::start(&scenario, options(1));
        simulator.advance(Duration::from_mins(10));
        let client = Client::of(&simulator);
        let pods = client.get("/api/v1/pods").await;
        assert!(
            items(&pods)
                .iter()
                .any(|pod| pod["status"]["phase"] == "Running"),
            "{known}"
        );
    }
    assert!(Scenario::named("fleet").is_ok());
    let unknown = Scenario::named("flet").unwrap_err().to_string();
    assert!(unknown.contains("atlas, fleet"), "{unknown}");
}

#[tokio::test]
async fn the_outage_takes_a_rack_a_gpu_and_a_queue() {
    let simulator = Simulator::start(&Scenario::named("outage").unwrap(), options(1));
    simulator.advance(Duration::from_mins(3));
    let client = Client::of(&simulator);
    let nodes = client.get("/api/v1/nodes").await;
    let silent: Vec<&str> = items(&nodes)
        .iter()
        .filter(|node| condition(node, "Ready").is_some_and(|ready| ready["status"] == "Unknown"))
        .map(name)
        .collect();
    assert_eq!(silent, ["gpu-h100-04", "gpu-h100-05", "gpu-h100-06"]);
    let first = items(&nodes)
        .iter()
        .find(|node| name(node) == "gpu-h100-01")
        .unwrap();
    assert_eq!(first["status"]["allocatable"]["nvidia.com/gpu"], "7");
    let workloads = client.get("/apis/kueue.x-k8s.io/v1beta2/workloads").await;
    let waiting = items(&workloads)
        .iter()
        .filter(|workload| {
            workload["spec"]["queueName"] == "speech"
                && condition(workload, "Admitted").is_none_or(|is| is["status"] != "True")
        })
        .count();
    assert!(waiting >= 2, "{waiting} workloads of the queue wait");
    simulator.advance(Duration::from_mins(50));
    let nodes = client.get("/api/v1/nodes").await;
    assert!(
        items(&nodes)
            .iter()
            .all(|node| condition(node, "Ready").is_some_and(|ready| ready["status"] == "True")),
        "the rack has power again"
    );
}

#[tokio::test]
async fn the_edge_is_as_sharp_as_it_says() {
    let simulator = Simulator::start(&Scenario::named("edge").unwrap(), options(1));
    let client = Client::of(&simulator);
    let swollen = client
        .get("/api/v1/namespaces/default/configmaps/swollen")
        .await;
    let text = swollen["metadata"]["annotations"]["swollen.example.com/text"].as_str();
    assert_eq!(text.map(str::len), Some(1024 * 1024));
    let labelled = client
        .get("/api/v1/namespaces/default/services/labelled")
        .await;
    assert_eq!(
        labelled["metadata"]["labels"].as_object().unwrap().len(),
        5000
    );
    let nothing = client.get("/api/v1/nodes/says-nothing").await;
    assert!(nothing["status"]["conditions"].is_null());
}

#[tokio::test(start_paused = true)]
async fn time_passes_at_the_pace_that_is_set() {
    let simulator = atlas(1);
    let begun = simulator.now();
    simulator.set_pace(Pace::PAUSED);
    let living = simulator.clone();
    let run = tokio::spawn(async move { living.run().await });
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(simulator.now(), begun);
    simulator.set_pace("60x".parse().unwrap());
    tokio::time::sleep(Duration::from_secs(10)).await;
    let passed = simulator.now().duration_since(begun).unsigned_abs();
    run.abort();
    assert!(
        (Duration::from_secs(580)..=Duration::from_secs(620)).contains(&passed),
        "{passed:?}"
    );
}
