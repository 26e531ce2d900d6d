//! Claims and volumes as their user sees them.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, JSON, MERGE, create, delete, items, start};

const CORE: &str = "/api/v1/namespaces/web";

/// A class whose driver is there.
async fn class(client: &Client, name: &str, binding: &str) {
    let driver = json!({ "metadata": { "name": "disk.example.com" },
        "spec": { "attachRequired": true } });
    client
        .write(
            Method::POST,
            "/apis/storage.k8s.io/v1/csidrivers",
            JSON,
            &driver,
        )
        .await;
    let class = json!({ "metadata": { "name": name }, "provisioner": "disk.example.com",
        "volumeBindingMode": binding, "allowVolumeExpansion": true });
    create(client, "/apis/storage.k8s.io/v1/storageclasses", &class).await;
}

async fn claim(client: &Client, name: &str, class: &str) -> String {
    let claim = json!({ "metadata": { "name": name }, "spec": { "storageClassName": class,
        "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "5Gi" } } } });
    let path = format!("{CORE}/persistentvolumeclaims");
    create(client, &path, &claim).await;
    format!("{path}/{name}")
}

async fn pod(client: &Client, name: &str, claim: &str) -> String {
    let pod = json!({ "metadata": { "name": name }, "spec": {
        "containers": [{ "name": "main", "image": "nginx:1.29" }],
        "volumes": [{ "name": "data", "persistentVolumeClaim": { "claimName": claim } }] } });
    create(client, &format!("{CORE}/pods"), &pod).await;
    format!("{CORE}/pods/{name}")
}

/// The reasons and messages of what was told of `name`.
async fn told(client: &Client, name: &str) -> Vec<(String, String)> {
    let path = format!("{CORE}/events?fieldSelector=involvedObject.name%3D{name}");
    let events = client.get(&path).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items(&events)
        .iter()
        .map(|event| (text(&event["reason"]), text(&event["message"])))
        .collect()
}

async fn has_told(client: &Client, name: &str, reason: &str) -> String {
    let told = told(client, name).await;
    let found = told.iter().find(|(known, _)| known == reason);
    found
        .unwrap_or_else(|| panic!("{reason} in {told:?}"))
        .1
        .clone()
}

#[tokio::test]
async fn a_claim_of_a_class_gets_a_volume_that_goes_with_it() {
    let (simulator, client) = start();
    class(&client, "fast", "Immediate").await;
    let path = claim(&client, "data", "fast").await;
    simulator.advance(Duration::from_secs(10));
    let claim = client.get(&path).await;
    assert_eq!(claim["status"]["phase"], "Bound", "{claim}");
    assert_eq!(claim["status"]["capacity"]["storage"], "5Gi");
    let name = claim["spec"]["volumeName"].as_str().unwrap();
    let volume = format!("/api/v1/persistentvolumes/{name}");
    let bound = client.get(&volume).await;
    assert_eq!(bound["status"]["phase"], "Bound");
    assert_eq!(bound["spec"]["claimRef"]["name"], "data");
    assert_eq!(bound["spec"]["persistentVolumeReclaimPolicy"], "Delete");
    has_told(&client, "data", "ExternalProvisioning").await;
    let message = has_told(&client, "data", "ProvisioningSucceeded").await;
    assert_eq!(message, format!("Successfully provisioned volume {name}"));
    delete(&client, &path).await;
    simulator.advance(Duration::from_secs(20));
    let (status, _) = client.get_as(&volume, JSON).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_claim_that_waits_for_its_pod_is_made_for_the_pods_node() {
    let (simulator, client) = start();
    class(&client, "late", "WaitForFirstConsumer").await;
    let path = claim(&client, "data", "late").await;
    simulator.advance(Duration::from_secs(10));
    assert_eq!(client.get(&path).await["status"]["phase"], "Pending");
    assert_eq!(
        has_told(&client, "data", "WaitForFirstConsumer").await,
        "waiting for first consumer to be created before binding"
    );
    let user = pod(&client, "user", "data").await;
    simulator.advance(Duration::from_secs(30));
    let claim = client.get(&path).await;
    assert_eq!(claim["status"]["phase"], "Bound", "{claim}");
    let node = &claim["metadata"]["annotations"]["volume.kubernetes.io/selected-node"];
    let user = client.get(&user).await;
    assert_eq!(&user["spec"]["nodeName"], node);
    assert_eq!(user["status"]["phase"], "Running", "{user}");
    has_told(&client, "user", "SuccessfulAttachVolume").await;
}

#[tokio::test]
async fn a_claim_in_use_stays_until_its_pod_has_gone() {
    let (simulator, client) = start();
    class(&client, "fast", "Immediate").await;
    let path = claim(&client, "data", "fast").await;
    let user = pod(&client, "user", "data").await;
    simulator.advance(Duration::from_secs(30));
    assert_eq!(client.get(&user).await["status"]["phase"], "Running");
    delete(&client, &path).await;
    simulator.advance(Duration::from_mins(5));
    let held = client.get(&path).await;
    assert!(held["metadata"]["deletionTimestamp"].is_string());
    delete(&client, &user).await;
    simulator.advance(Duration::from_mins(2));
    let (status, _) = client.get_as(&path, JSON).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_class_that_is_not_there_keeps_its_claim_and_the_pod_waiting() {
    let (simulator, client) = start();
    let path = claim(&client, "data", "nope").await;
    let user = pod(&client, "user", "data").await;
    simulator.advance(Duration::from_secs(30));
    assert_eq!(client.get(&path).await["status"]["phase"], "Pending");
    assert_eq!(
        has_told(&client, "data", "ProvisioningFailed").await,
        "storageclass.storage.k8s.io \"nope\" not found"
    );
    assert_eq!(
        has_told(&client, "user", "FailedScheduling").await,
        "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
    );
    // The class comes, and all goes on.
    class(&client, "nope", "Immediate").await;
    simulator.advance(Duration::from_mins(1));
    assert_eq!(client.get(&user).await["status"]["phase"], "Running");
}

#[tokio::test]
async fn a_volume_that_only_one_node_can_have_is_not_attached_to_another() {
    let (simulator, client) = start();
    class(&client, "fast", "Immediate").await;
    claim(&client, "data", "fast").await;
    let first = pod(&client, "first", "data").await;
    simulator.advance(Duration::from_secs(30));
    let node = client.get(&first).await["spec"]["nodeName"].clone();
    let cordon = json!({ "spec": { "unschedulable": true } });
    let path = format!("/api/v1/nodes/{}", node.as_str().unwrap());
    client.write(Method::PATCH, &path, MERGE, &cordon).await;
    let second = pod(&client, "second", "data").await;
    simulator.advance(Duration::from_secs(30));
    assert_eq!(client.get(&second).await["status"]["phase"], "Pending");
    let message = has_told(&client, "second", "FailedAttachVolume").await;
    assert!(
        message.starts_with("Multi-Attach error for volume \"pvc-"),
        "{message}"
    );
    assert!(
        message.ends_with("Volume is already used by pod(s) first"),
        "{message}"
    );
    delete(&client, &first).await;
    simulator.advance(Duration::from_mins(5));
    assert_eq!(client.get(&second).await["status"]["phase"], "Running");
}

#[tokio::test]
async fn a_bound_claim_grows_where_its_class_lets_it() {
    let (simulator, client) = start();
    class(&client, "fast", "Immediate").await;
    let path = claim(&client, "data", "fast").await;
    pod(&client, "user", "data").await;
    simulator.advance(Duration::from_secs(30));
    let grow = json!({ "spec": { "resources": { "requests": { "storage": "8Gi" } } } });
    let (status, answer) = client.write(Method::PATCH, &path, MERGE, &grow).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    simulator.advance(Duration::from_secs(30));
    let claim = client.get(&path).await;
    assert_eq!(claim["status"]["capacity"]["storage"], "8Gi", "{claim}");
    assert!(claim["status"].get("conditions").is_none());
    has_told(&client, "data", "FileSystemResizeSuccessful").await;
    let fixed = json!({ "allowVolumeExpansion": false });
    let class = "/apis/storage.k8s.io/v1/storageclasses/fast";
    client.write(Method::PATCH, class, MERGE, &fixed).await;
    let grow = json!({ "spec": { "resources": { "requests": { "storage": "9Gi" } } } });
    let (status, answer) = client.write(Method::PATCH, &path, MERGE, &grow).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        answer["message"],
        "persistentvolumeclaims \"data\" is forbidden: only dynamically provisioned pvc can be \
         resized and the storageclass that provisions the pvc must support resize"
    );
}

#[tokio::test]
async fn a_volume_is_attached_to_the_node_of_its_pod_until_that_is_gone() {
    const ATTACHMENTS: &str = "/apis/storage.k8s.io/v1/volumeattachments";
    let (simulator, client) = start();
    class(&client, "fast", "Immediate").await;
    let claim = claim(&client, "data", "fast").await;
    let user = pod(&client, "user", "data").await;
    simulator.advance(Duration::from_secs(30));
    let volume = client.get(&claim).await["spec"]["volumeName"].clone();
    let node = client.get(&user).await["spec"]["nodeName"].clone();
    let attachments = client.get(ATTACHMENTS).await;
    let [attachment] = items(&attachments) else {
        panic!("one volume is attached once: {attachments}");
    };
    assert_eq!(attachment["spec"]["attacher"], "disk.example.com");
    assert_eq!(attachment["spec"]["source"]["persistentVolumeName"], volume);
    assert_eq!(attachment["spec"]["nodeName"], node);
    assert_eq!(attachment["status"]["attached"], true);
    let node = format!("/api/v1/nodes/{}", node.as_str().unwrap());
    let status = client.get(&node).await["status"].clone();
    assert_eq!(status["volumesAttached"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        status["volumesInUse"][0],
        status["volumesAttached"][0]["name"]
    );
    delete(&client, &user).await;
    simulator.advance(Duration::from_mins(2));
    assert!(items(&client.get(ATTACHMENTS).await).is_empty());
    let status = client.get(&node).await["status"].clone();
    assert!(status.get("volumesAttached").is_none(), "{status}");
}
