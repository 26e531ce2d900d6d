use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;

use crate::client::{Client, JSON, MERGE, items, small};

#[tokio::test]
async fn an_object_is_created_read_patched_and_deleted() {
    let client = Client::of(&small());
    let path = "/api/v1/namespaces/web/configmaps";
    let map = json!({ "metadata": { "generateName": "settings-" }, "data": { "a": "1" } });
    let (status, created) = client.write(Method::POST, path, JSON, &map).await;
    assert_eq!(status, StatusCode::CREATED);
    let object = format!("{path}/{}", created["metadata"]["name"].as_str().unwrap());
    let (_, patched) = client
        .write(
            Method::PATCH,
            &object,
            MERGE,
            &json!({ "data": { "a": null, "b": "2" } }),
        )
        .await;
    assert_eq!(patched["data"], json!({ "b": "2" }));
    assert_eq!(patched["metadata"]["uid"], created["metadata"]["uid"]);
    let (status, _) = client
        .write(Method::DELETE, &object, JSON, &json!({}))
        .await;
    assert_eq!(status, StatusCode::OK);
    let (status, body) = client.get_as(&object, JSON).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(body["details"]["kind"], "configmaps");
}

#[tokio::test]
async fn a_write_of_a_stale_version_is_a_conflict() {
    let client = Client::of(&small());
    let path = "/apis/apps/v1/namespaces/web/deployments/front";
    let mut stale = client.get(path).await;
    client
        .write(
            Method::PATCH,
            path,
            MERGE,
            &json!({ "spec": { "replicas": 8 } }),
        )
        .await;
    stale["spec"]["replicas"] = json!(3);
    let (status, body) = client.write(Method::PUT, path, JSON, &stale).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        body["message"],
        "Operation cannot be fulfilled on deployments.apps \"front\": the object has been modified; \
         please apply your changes to the latest version and try again"
    );
}

#[tokio::test]
async fn names_are_taken_once_and_namespaces_must_exist() {
    let client = Client::of(&small());
    let map = json!({ "metadata": { "name": "settings" } });
    let path = "/api/v1/namespaces/web/configmaps";
    client.write(Method::POST, path, JSON, &map).await;
    let (status, body) = client.write(Method::POST, path, JSON, &map).await;
    assert_eq!(
        (status, &body["reason"]),
        (StatusCode::CONFLICT, &json!("AlreadyExists"))
    );
    let path = "/api/v1/namespaces/nowhere/configmaps";
    let (status, body) = client.write(Method::POST, path, JSON, &map).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(body["message"], "namespaces \"nowhere\" not found");
}

#[tokio::test]
async fn status_and_spec_are_written_apart() {
    let client = Client::of(&small());
    let path = "/apis/apps/v1/namespaces/web/deployments/front";
    let before = client.get(path).await;
    let patch = json!({ "status": { "readyReplicas": 99 } });
    let (_, after) = client.write(Method::PATCH, path, MERGE, &patch).await;
    assert_eq!(after["status"], before["status"]);
    let (_, after) = client
        .write(
            Method::PATCH,
            &format!("{path}/status"),
            MERGE,
            &json!({ "status": { "readyReplicas": 1 }, "spec": { "replicas": 1 } }),
        )
        .await;
    assert_eq!(after["status"]["readyReplicas"], 1);
    assert_eq!(after["spec"], before["spec"]);
}

#[tokio::test]
async fn scaling_a_deployment_brings_pods_that_become_ready() {
    let simulator = small();
    let client = Client::of(&simulator);
    let path = "/apis/apps/v1/namespaces/web/deployments/front";
    client
        .write(
            Method::PATCH,
            path,
            MERGE,
            &json!({ "spec": { "replicas": 10 } }),
        )
        .await;
    simulator.advance(Duration::from_secs(1));
    let deployment = client.get(path).await;
    assert_eq!(deployment["status"]["replicas"], 10);
    assert_eq!(deployment["status"]["readyReplicas"], 7);
    simulator.advance(Duration::from_mins(1));
    assert_eq!(client.get(path).await["status"]["readyReplicas"], 10);
}

#[tokio::test]
async fn a_new_image_is_rolled_out_pod_by_pod() {
    let simulator = small();
    let client = Client::of(&simulator);
    let path = "/apis/apps/v1/namespaces/web/deployments/front";
    let mut deployment = client.get(path).await;
    deployment["spec"]["template"]["spec"]["containers"][0]["image"] = json!("nginx:1.30");
    client.write(Method::PUT, path, JSON, &deployment).await;
    for _ in 0..120 {
        simulator.advance(Duration::from_secs(2));
        let now = client.get(path).await;
        assert!(
            now["status"]["readyReplicas"].as_u64().unwrap() >= 6,
            "a quarter may be missing"
        );
    }
    let pods = client.get("/api/v1/namespaces/web/pods").await;
    assert_eq!(items(&pods).len(), 7);
    assert!(
        items(&pods)
            .iter()
            .all(|pod| pod["spec"]["containers"][0]["image"] == "nginx:1.30")
    );
}

#[tokio::test]
async fn deleting_an_owner_deletes_what_it_owns() {
    let simulator = small();
    let client = Client::of(&simulator);
    let path = "/apis/apps/v1/namespaces/web/deployments/front";
    client.write(Method::DELETE, path, JSON, &json!({})).await;
    simulator.advance(Duration::from_mins(1));
    assert!(items(&client.get("/api/v1/namespaces/web/pods").await).is_empty());
    assert!(items(&client.get("/apis/apps/v1/namespaces/web/replicasets").await).is_empty());
}

#[tokio::test]
async fn a_pod_that_fits_nowhere_is_told_why() {
    let simulator = small();
    let client = Client::of(&simulator);
    let path = "/apis/apps/v1/namespaces/ml/deployments/serve";
    client
        .write(
            Method::PATCH,
            path,
            MERGE,
            &json!({ "spec": { "replicas": 5 } }),
        )
        .await;
    simulator.advance(Duration::from_mins(1));
    let pods = client
        .get("/api/v1/namespaces/ml/pods?fieldSelector=status.phase%3DPending")
        .await;
    assert_eq!(items(&pods).len(), 1);
    let conditions = items(&pods)[0]["status"]["conditions"]
        .as_array()
        .unwrap()
        .clone();
    let scheduled = conditions
        .iter()
        .find(|known| known["type"] == "PodScheduled")
        .unwrap();
    assert_eq!(scheduled["reason"], "Unschedulable");
    assert!(
        scheduled["message"]
            .as_str()
            .unwrap()
            .starts_with("0/2 nodes are available: 2 Insufficient nvidia.com/gpu.")
    );
    // A pod of another application goes, and the room is taken.
    client
        .write(
            Method::PATCH,
            path,
            MERGE,
            &json!({ "spec": { "replicas": 4 } }),
        )
        .await;
    simulator.advance(Duration::from_mins(1));
    let deployment = client.get(path).await;
    assert_eq!(deployment["status"]["readyReplicas"], 4);
}
