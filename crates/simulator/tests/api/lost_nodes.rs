//! What becomes of pods whose node is gone.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    client::{JSON, items, name, start},
    workloads::PODS,
};

const FRONT: &str = "/api/v1/namespaces/web/pods?labelSelector=tier%3Dweb";

#[tokio::test]
async fn pods_of_a_deleted_node_fail_and_go_and_are_made_anew_elsewhere() {
    let (simulator, client) = start();
    simulator.advance(Duration::from_mins(1));
    let pods = client.get(FRONT).await;
    let node = items(&pods)[0]["spec"]["nodeName"]
        .as_str()
        .unwrap()
        .to_owned();
    let lost: Vec<String> = items(&pods)
        .iter()
        .filter(|pod| pod["spec"]["nodeName"] == node.as_str())
        .map(|pod| name(pod).to_owned())
        .collect();
    let version = pods["metadata"]["resourceVersion"].as_str().unwrap();
    let mut watch = client.watch(&format!("{PODS}?watch=1&resourceVersion={version}"));
    let path = format!("/api/v1/nodes/{node}");
    let (status, _) = client.write(Method::DELETE, &path, JSON, &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    simulator.advance(Duration::from_secs(39));
    assert_eq!(
        items(&client.get(FRONT).await).len(),
        7,
        "a node may come back"
    );
    simulator.advance(Duration::from_mins(2));
    let told = watch.ready().await;
    for lost in &lost {
        let of_pod: Vec<&Value> = told
            .iter()
            .filter(|event| name(&event["object"]) == lost)
            .collect();
        let last = of_pod.last().unwrap();
        assert_eq!(last["type"], "DELETED");
        assert_eq!(last["object"]["status"]["phase"], "Failed");
        let condition = last["object"]["status"]["conditions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|known| known["type"] == "DisruptionTarget")
            .unwrap();
        assert_eq!(condition["reason"], "DeletionByPodGC");
        assert_eq!(condition["message"], "PodGC: node no longer exists");
    }
    let now = client.get(FRONT).await;
    let running = items(&now)
        .iter()
        .filter(|pod| pod["status"]["phase"] == "Running");
    assert!(
        running
            .clone()
            .all(|pod| pod["spec"]["nodeName"] != node.as_str())
    );
    assert_eq!(running.count(), 7);
}
