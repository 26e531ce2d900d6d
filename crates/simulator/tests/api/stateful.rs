//! Stateful sets, as a user creates, updates and scales them.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use strata_simulator::Simulator;

use crate::{
    client::{Client, JSON, create, items, name, patch, start},
    workloads::{PODS, image, messages},
};

const SETS: &str = "/apis/apps/v1/namespaces/web/statefulsets";
const SET: &str = "/apis/apps/v1/namespaces/web/statefulsets/db";
const OWN: &str = "/api/v1/namespaces/web/pods?labelSelector=app%3Ddb";
const REVISIONS: &str = "/apis/apps/v1/namespaces/web/controllerrevisions";
const CLAIMS: &str = "/api/v1/namespaces/web/persistentvolumeclaims";

fn set(more: Value) -> Value {
    let mut set = json!({ "metadata": { "name": "db" }, "spec": {
        "replicas": 3, "serviceName": "peers",
        "selector": { "matchLabels": { "app": "db" } },
        "template": { "metadata": { "labels": { "app": "db" } },
            "spec": { "containers": [{ "name": "main", "image": "postgres:18" }] } },
    } });
    if let (Value::Object(spec), Value::Object(more)) = (&mut set["spec"], more) {
        spec.extend(more);
    }
    set
}

/// Name, revision and image of each pod.
async fn pods(client: &Client) -> Vec<(String, String, String)> {
    let pods = client.get(OWN).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items(&pods)
        .iter()
        .map(|pod| {
            let revision = text(&pod["metadata"]["labels"]["controller-revision-hash"]);
            let image = text(&pod["spec"]["containers"][0]["image"]);
            (name(pod).to_owned(), revision, image)
        })
        .collect()
}

async fn images(client: &Client) -> Vec<String> {
    let pods = pods(client).await.into_iter();
    pods.map(|(_, _, image)| image).collect()
}

/// Lets a second pass after the other, up to `seconds`, as long as `holds`.
async fn until<F: AsyncFn() -> bool>(simulator: &Simulator, seconds: u64, holds: F) {
    for _ in 0..seconds {
        if holds().await {
            return;
        }
        simulator.advance(Duration::from_secs(1));
    }
    assert!(holds().await, "it did not come to be within {seconds} s");
}

#[tokio::test]
async fn pods_come_one_after_the_other_under_their_numbers_and_names() {
    let (simulator, client) = start();
    create(&client, SETS, &set(json!({ "ordinals": { "start": 5 } }))).await;
    simulator.advance(Duration::ZERO);
    assert_eq!(pods(&client).await.len(), 1, "the next waits for the first");
    simulator.advance(Duration::from_mins(3));
    let all = client.get(OWN).await;
    let names: Vec<&str> = items(&all).iter().map(name).collect();
    assert_eq!(names, ["db-5", "db-6", "db-7"]);
    let last = &items(&all)[2];
    assert_eq!(last["metadata"]["generateName"], "db-");
    assert_eq!(last["spec"]["hostname"], "db-7");
    assert_eq!(last["spec"]["subdomain"], "peers");
    let labels = &last["metadata"]["labels"];
    assert_eq!(labels["statefulset.kubernetes.io/pod-name"], "db-7");
    assert_eq!(labels["apps.kubernetes.io/pod-index"], "7");
    let status = client.get(SET).await["status"].clone();
    assert_eq!(
        labels["controller-revision-hash"],
        status["currentRevision"]
    );
    assert_eq!(status["availableReplicas"], 3);
    let mut told = messages(&client, "db", "SuccessfulCreate").await;
    told.sort();
    assert_eq!(
        told,
        [
            "Create Pod db-5 in StatefulSet db successful",
            "Create Pod db-6 in StatefulSet db successful",
            "Create Pod db-7 in StatefulSet db successful"
        ]
    );
}

#[tokio::test]
async fn a_parallel_set_makes_all_its_pods_at_once() {
    let (simulator, client) = start();
    create(
        &client,
        SETS,
        &set(json!({ "podManagementPolicy": "Parallel" })),
    )
    .await;
    simulator.advance(Duration::ZERO);
    assert_eq!(pods(&client).await.len(), 3);
}

#[tokio::test]
async fn an_update_goes_from_the_last_pod_to_the_partition_and_an_undo_brings_the_revision_back() {
    let (simulator, client) = start();
    create(&client, SETS, &set(json!({}))).await;
    simulator.advance(Duration::from_mins(3));
    let first = client.get(SET).await["status"]["currentRevision"].clone();
    let rolling = json!({ "type": "RollingUpdate", "rollingUpdate": { "partition": 1 } });
    patch(
        &client,
        SET,
        json!({ "spec": { "updateStrategy": rolling } }),
    )
    .await;
    patch(&client, SET, image("postgres:19")).await;
    simulator.advance(Duration::ZERO);
    assert_eq!(
        messages(&client, "db", "SuccessfulDelete").await,
        ["Delete Pod db-2 in StatefulSet db successful"]
    );
    simulator.advance(Duration::from_mins(5));
    assert_eq!(
        images(&client).await,
        ["postgres:18", "postgres:19", "postgres:19"]
    );
    let status = client.get(SET).await["status"].clone();
    assert_eq!(status["updatedReplicas"], 2);
    assert_eq!(status["currentReplicas"], 1);
    assert_eq!(status["currentRevision"], first);
    assert_ne!(status["updateRevision"], first);
    let all = json!({ "type": "RollingUpdate", "rollingUpdate": { "partition": 0 } });
    patch(&client, SET, json!({ "spec": { "updateStrategy": all } })).await;
    simulator.advance(Duration::from_mins(5));
    let status = client.get(SET).await["status"].clone();
    assert_eq!(status["currentRevision"], status["updateRevision"]);
    assert_eq!(status["currentReplicas"], 3);
    patch(&client, SET, image("postgres:18")).await;
    simulator.advance(Duration::from_mins(5));
    let status = client.get(SET).await["status"].clone();
    assert_eq!(status["currentRevision"], first);
    let revisions = client.get(REVISIONS).await;
    let numbers: Vec<(bool, u64)> = items(&revisions)
        .iter()
        .map(|known| {
            (
                known["metadata"]["name"] == first,
                known["revision"].as_u64().unwrap(),
            )
        })
        .collect();
    assert!(
        numbers.contains(&(true, 3)) && numbers.contains(&(false, 2)),
        "{numbers:?}"
    );
}

#[tokio::test]
async fn on_delete_a_pod_is_updated_when_somebody_deletes_it() {
    let (simulator, client) = start();
    create(
        &client,
        SETS,
        &set(json!({ "updateStrategy": { "type": "OnDelete" } })),
    )
    .await;
    simulator.advance(Duration::from_mins(3));
    patch(&client, SET, image("postgres:19")).await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(images(&client).await, ["postgres:18"; 3]);
    let path = format!("{PODS}/db-1");
    client.write(Method::DELETE, &path, JSON, &json!({})).await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(
        images(&client).await,
        ["postgres:18", "postgres:19", "postgres:18"]
    );
}

#[tokio::test]
async fn claims_are_made_from_their_templates_and_go_as_the_set_says() {
    let (simulator, client) = start();
    let class = json!({ "metadata": { "name": "local" },
        "provisioner": "kubernetes.io/no-provisioner", "volumeBindingMode": "WaitForFirstConsumer" });
    create(&client, "/apis/storage.k8s.io/v1/storageclasses", &class).await;
    for number in 0..3 {
        let volume = json!({ "metadata": { "name": format!("volume-{number}") }, "spec": {
            "capacity": { "storage": "1Gi" }, "accessModes": ["ReadWriteOnce"],
            "storageClassName": "local", "hostPath": { "path": format!("/data/{number}") } } });
        create(&client, "/api/v1/persistentvolumes", &volume).await;
    }
    let more = json!({
        "podManagementPolicy": "Parallel",
        "persistentVolumeClaimRetentionPolicy": { "whenScaled": "Delete", "whenDeleted": "Retain" },
        "volumeClaimTemplates": [{ "metadata": { "name": "data", "labels": { "kind": "data" } },
            "spec": { "accessModes": ["ReadWriteOnce"], "storageClassName": "local",
                "resources": { "requests": { "storage": "1Gi" } } } }],
    });
    create(&client, SETS, &set(more)).await;
    simulator.advance(Duration::from_mins(1));
    let claims = client.get(CLAIMS).await;
    let names: Vec<&str> = items(&claims).iter().map(name).collect();
    assert_eq!(names, ["data-db-0", "data-db-1", "data-db-2"]);
    assert_eq!(
        items(&claims)[0]["metadata"]["labels"],
        json!({ "app": "db", "kind": "data" })
    );
    let told = messages(&client, "db", "SuccessfulCreate").await;
    assert!(
        told.contains(&"Create Claim data-db-0 Pod db-0 in StatefulSet db success".to_owned()),
        "{told:?}"
    );
    let pod = client.get(&format!("{PODS}/db-0")).await;
    assert_eq!(
        pod["spec"]["volumes"][0],
        json!({ "name": "data", "persistentVolumeClaim": { "claimName": "data-db-0" } })
    );
    patch(&client, SET, json!({ "spec": { "replicas": 1 } })).await;
    simulator.advance(Duration::ZERO);
    let claim = client.get(&format!("{CLAIMS}/data-db-2")).await;
    assert_eq!(claim["metadata"]["ownerReferences"][0]["name"], "db-2");
    until(&simulator, 60, async || {
        let (status, _) = client
            .get_as(&format!("{PODS}/db-1"), "application/json")
            .await;
        status == StatusCode::NOT_FOUND
    })
    .await;
    let kept = client.get(&format!("{CLAIMS}/data-db-0")).await;
    assert!(kept["metadata"].get("ownerReferences").is_none());
}
