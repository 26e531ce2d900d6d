//! Pods of higher priority make room for themselves.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use strata_simulator::Simulator;

use crate::client::{Client, JSON, create, items, small};

const PODS: &str = "/api/v1/namespaces/web/pods";

async fn start() -> (Simulator, Client) {
    let simulator = small();
    let client = Client::of(&simulator);
    let classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
    for (name, policy) in [("urgent", "PreemptLowerPriority"), ("patient", "Never")] {
        let class = json!({ "metadata": { "name": name }, "value": 1000,
            "preemptionPolicy": policy });
        create(&client, classes, &class).await;
    }
    (simulator, client)
}

/// Creates a pod that takes `cpu` of the node `gpu-01`.
async fn pod(client: &Client, name: &str, class: &str, cpu: &str) -> Value {
    let pod = json!({ "metadata": { "name": name, "labels": { "app": name } }, "spec": {
        "priorityClassName": class, "nodeSelector": { "kubernetes.io/hostname": "gpu-01" },
        "containers": [{ "name": "main", "image": "nginx:1.29",
            "resources": { "requests": { "cpu": cpu } } }] } });
    create(client, PODS, &pod).await
}

async fn get(client: &Client, name: &str) -> Option<Value> {
    let (status, pod) = client.get_as(&format!("{PODS}/{name}"), JSON).await;
    (status == StatusCode::OK).then_some(pod)
}

async fn told(client: &Client, name: &str, reason: &str) -> Option<String> {
    let path = format!(
        "/api/v1/namespaces/web/events?fieldSelector=involvedObject.name%3D{name},reason%3D{reason}"
    );
    let events = client.get(&path).await;
    items(&events)
        .first()
        .map(|event| event["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_least_important_pods_go_for_one_that_matters_more() {
    let (simulator, client) = start().await;
    pod(&client, "large", "", "14").await;
    simulator.advance(Duration::from_secs(5));
    pod(&client, "small", "", "10").await;
    simulator.advance(Duration::from_secs(30));
    let urgent = pod(&client, "urgent", "urgent", "12").await;
    simulator.advance(Duration::from_millis(100));
    // One victim is enough: the one that has run for less time.
    let victim = get(&client, "small").await.unwrap();
    assert!(victim["metadata"]["deletionTimestamp"].is_string());
    let conditions = victim["status"]["conditions"].as_array().unwrap();
    let target = conditions
        .iter()
        .find(|known| known["type"] == "DisruptionTarget")
        .unwrap();
    assert_eq!(target["reason"], "PreemptionByScheduler");
    assert_eq!(
        target["message"],
        "default-scheduler: preempting to accommodate a higher priority pod"
    );
    let uid = urgent["metadata"]["uid"].as_str().unwrap();
    assert_eq!(
        told(&client, "small", "Preempted").await.unwrap(),
        format!("Preempted by pod {uid} on node gpu-01")
    );
    let waiting = get(&client, "urgent").await.unwrap();
    assert_eq!(waiting["status"]["nominatedNodeName"], "gpu-01");
    assert_eq!(
        told(&client, "urgent", "FailedScheduling").await.unwrap(),
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node \
         affinity/selector."
    );
    // What is freed is kept for it, though another fits too.
    pod(&client, "late", "", "5").await;
    simulator.advance(Duration::from_mins(2));
    let urgent = get(&client, "urgent").await.unwrap();
    assert_eq!(urgent["status"]["phase"], "Running", "{urgent}");
    assert!(urgent["status"].get("nominatedNodeName").is_none());
    assert!(get(&client, "small").await.is_none());
    assert!(get(&client, "large").await.is_some());
}

#[tokio::test]
async fn a_budget_is_spared_where_another_node_or_pod_will_do() {
    let (simulator, client) = start().await;
    pod(&client, "kept", "", "12").await;
    pod(&client, "free", "", "12").await;
    let budget = json!({ "metadata": { "name": "kept" }, "spec": { "minAvailable": 1,
        "selector": { "matchLabels": { "app": "kept" } } } });
    create(
        &client,
        "/apis/policy/v1/namespaces/web/poddisruptionbudgets",
        &budget,
    )
    .await;
    simulator.advance(Duration::from_secs(30));
    pod(&client, "urgent", "urgent", "12").await;
    simulator.advance(Duration::from_mins(2));
    assert!(get(&client, "kept").await.is_some());
    assert!(get(&client, "free").await.is_none());
    assert_eq!(
        get(&client, "urgent").await.unwrap()["status"]["phase"],
        "Running"
    );
}

#[tokio::test]
async fn who_never_preempts_and_who_finds_no_victims_say_so() {
    let (simulator, client) = start().await;
    pod(&client, "there", "urgent", "20").await;
    simulator.advance(Duration::from_secs(30));
    pod(&client, "patient", "patient", "20").await;
    pod(&client, "equal", "urgent", "20").await;
    pod(&client, "huge", "urgent", "500").await;
    simulator.advance(Duration::from_secs(5));
    let head = "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node \
                affinity/selector. no new claims to deallocate, preemption: ";
    assert_eq!(
        told(&client, "patient", "FailedScheduling").await.unwrap(),
        format!("{head}not eligible due to preemptionPolicy=Never.")
    );
    let found_none = told(&client, "equal", "FailedScheduling").await.unwrap();
    assert!(found_none.starts_with(head), "{found_none}");
    assert_eq!(
        told(&client, "huge", "FailedScheduling").await.unwrap(),
        format!("{head}0/2 nodes are available: 2 Preemption is not helpful for scheduling.")
    );
    assert!(get(&client, "there").await.is_some());
}
