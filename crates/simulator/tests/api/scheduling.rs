//! Where pods may run, why not, and what drives them away.

use std::{collections::BTreeSet, time::Duration};

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, JSON, create, items, name, patch, start};

const PODS: &str = "/api/v1/namespaces/web/pods";

/// Creates a pod with `spec` beside its container.
async fn pod(client: &Client, name: &str, spec: &Value) -> String {
    let mut object =
        json!({ "metadata": { "name": name, "labels": { "app": "placed" } }, "spec": spec });
    object["spec"]["containers"] = json!([{ "name": "main", "image": "nginx:1.29" }]);
    let (status, answer) = client.write(Method::POST, PODS, JSON, &object).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    format!("{PODS}/{name}")
}

/// Why the pod at `path` is not scheduled.
async fn refusal(client: &Client, path: &str) -> Value {
    let pod = client.get(path).await;
    assert!(pod["spec"].get("nodeName").is_none(), "{pod}");
    let conditions = pod["status"]["conditions"].as_array().unwrap();
    conditions
        .iter()
        .find(|known| known["type"] == "PodScheduled")
        .unwrap()
        .clone()
}

#[tokio::test]
async fn a_cordoned_node_and_a_selector_that_fits_none_are_told_apart() {
    let (simulator, client) = start();
    patch(
        &client,
        "/api/v1/nodes/gpu-01",
        json!({ "spec": { "unschedulable": true } }),
    )
    .await;
    simulator.advance(Duration::from_secs(1));
    let node = client.get("/api/v1/nodes/gpu-01").await;
    assert_eq!(
        node["spec"]["taints"][0]["key"],
        "node.kubernetes.io/unschedulable"
    );
    let path = pod(
        &client,
        "lost",
        &json!({ "nodeSelector": { "disk": "ssd" } }),
    )
    .await;
    simulator.advance(Duration::from_secs(5));
    let told = refusal(&client, &path).await;
    assert_eq!(told["reason"], "Unschedulable");
    assert_eq!(
        told["message"],
        "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) \
         were unschedulable. no new claims to deallocate, preemption: 0/2 nodes are available: 2 \
         Preemption is not helpful for scheduling."
    );
    // A label that comes lets it in; a node that is free again loses its taint.
    patch(
        &client,
        "/api/v1/nodes/gpu-02",
        json!({ "metadata": { "labels": { "disk": "ssd" } } }),
    )
    .await;
    patch(
        &client,
        "/api/v1/nodes/gpu-01",
        json!({ "spec": { "unschedulable": null } }),
    )
    .await;
    simulator.advance(Duration::from_secs(5));
    assert_eq!(client.get(&path).await["spec"]["nodeName"], "gpu-02");
    assert!(
        client.get("/api/v1/nodes/gpu-01").await["spec"]
            .get("taints")
            .is_none()
    );
}

#[tokio::test]
async fn pods_that_keep_apart_take_a_node_each_and_the_third_waits() {
    let (simulator, client) = start();
    let apart = json!({ "affinity": { "podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [{
            "topologyKey": "kubernetes.io/hostname",
            "labelSelector": { "matchLabels": { "app": "placed" } } }] } } });
    let mut paths = Vec::new();
    for name in ["a", "b", "c"] {
        paths.push(pod(&client, name, &apart).await);
        simulator.advance(Duration::from_secs(1));
    }
    let first = client.get(&paths[0]).await["spec"]["nodeName"].clone();
    let second = client.get(&paths[1]).await["spec"]["nodeName"].clone();
    assert_ne!(first, second);
    let message = refusal(&client, &paths[2]).await["message"].clone();
    assert!(
        message.as_str().unwrap().starts_with(
            "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules."
        ),
        "{message}"
    );
}

#[tokio::test]
async fn pods_are_spread_over_a_topology() {
    let (simulator, client) = start();
    let spread = json!({ "topologySpreadConstraints": [{ "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": { "matchLabels": { "app": "placed" } } }] });
    for name in ["a", "b", "c", "d"] {
        pod(&client, name, &spread).await;
        simulator.advance(Duration::from_secs(1));
    }
    let pods = client
        .get(&format!("{PODS}?labelSelector=app%3Dplaced"))
        .await;
    let on_first = items(&pods)
        .iter()
        .filter(|pod| pod["spec"]["nodeName"] == "gpu-01")
        .count();
    assert_eq!((items(&pods).len(), on_first), (4, 2));
}

#[tokio::test]
async fn pods_of_a_template_with_limits_alone_ask_for_as_much_and_wait_where_it_is_not_left() {
    let (simulator, client) = start();
    // Of the four GPUs two are taken.
    let main = json!({ "name": "main", "image": "nginx:1.29",
        "resources": { "limits": { "nvidia.com/gpu": "1" } } });
    let deployment = json!({ "metadata": { "name": "placed" }, "spec": { "replicas": 3,
        "selector": { "matchLabels": { "app": "placed" } },
        "template": { "metadata": { "labels": { "app": "placed" } },
            "spec": { "containers": [main] } } } });
    let path = "/apis/apps/v1/namespaces/web/deployments";
    let kept = create(&client, path, &deployment).await;
    let resources = &kept["spec"]["template"]["spec"]["containers"][0]["resources"];
    assert!(resources.get("requests").is_none(), "{resources}");
    simulator.advance(Duration::from_secs(30));
    let pods = client
        .get(&format!("{PODS}?labelSelector=app%3Dplaced"))
        .await;
    assert_eq!(items(&pods).len(), 3);
    for pod in items(&pods) {
        let requests = &pod["spec"]["containers"][0]["resources"]["requests"];
        assert_eq!(*requests, json!({ "nvidia.com/gpu": "1" }));
    }
    let waiting: Vec<&Value> = items(&pods)
        .iter()
        .filter(|pod| pod["spec"].get("nodeName").is_none())
        .collect();
    assert_eq!(waiting.len(), 1);
    let path = format!("{PODS}/{}", name(waiting[0]));
    let message = refusal(&client, &path).await["message"].clone();
    assert_eq!(
        message,
        "0/2 nodes are available: 2 Insufficient nvidia.com/gpu. no new claims to deallocate, \
         preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."
    );
}

#[tokio::test]
async fn a_gate_and_a_missing_claim_hold_a_pod() {
    let (simulator, client) = start();
    let gated = pod(
        &client,
        "gated",
        &json!({ "schedulingGates": [{ "name": "example.org/wait" }] }),
    )
    .await;
    let claim = json!({ "volumes": [{ "name": "data", "persistentVolumeClaim": { "claimName": "data" } }] });
    let claiming = pod(&client, "claiming", &claim).await;
    simulator.advance(Duration::from_secs(2));
    assert_eq!(refusal(&client, &gated).await["reason"], "SchedulingGated");
    let message = refusal(&client, &claiming).await["message"].clone();
    assert!(
        message
            .as_str()
            .unwrap()
            .starts_with("0/2 nodes are available: persistentvolumeclaim \"data\" not found."),
        "{message}"
    );
}

#[tokio::test]
async fn a_taint_that_evicts_drives_pods_away_after_what_they_tolerate() {
    let (simulator, client) = start();
    let here = |seconds: Option<u64>| {
        let mut toleration =
            json!({ "key": "maintenance", "operator": "Exists", "effect": "NoExecute" });
        if let Some(seconds) = seconds {
            toleration["tolerationSeconds"] = json!(seconds);
        }
        json!({ "nodeSelector": { "kubernetes.io/hostname": "gpu-01" }, "tolerations": [toleration] })
    };
    pod(&client, "stays", &here(None)).await;
    pod(&client, "lingers", &here(Some(60))).await;
    pod(
        &client,
        "leaves",
        &json!({ "nodeSelector": { "kubernetes.io/hostname": "gpu-01" } }),
    )
    .await;
    simulator.advance(Duration::from_secs(30));
    let taint = json!({ "spec": { "taints": [{ "key": "maintenance", "effect": "NoExecute" }] } });
    patch(&client, "/api/v1/nodes/gpu-01", taint).await;
    let names = async || -> BTreeSet<String> {
        let pods = client
            .get(&format!("{PODS}?labelSelector=app%3Dplaced"))
            .await;
        items(&pods)
            .iter()
            .map(|pod| name(pod).to_owned())
            .collect()
    };
    simulator.advance(Duration::from_secs(30));
    assert_eq!(
        names().await,
        BTreeSet::from(["stays".to_owned(), "lingers".to_owned()])
    );
    simulator.advance(Duration::from_mins(2));
    assert_eq!(names().await, BTreeSet::from(["stays".to_owned()]));
}
