//! Daemon sets, as a user creates and updates them and nodes change.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::{
    client::{Client, JSON, create, items, name, patch, start},
    workloads::{PODS, image, messages},
};

const SETS: &str = "/apis/apps/v1/namespaces/web/daemonsets";
const SET: &str = "/apis/apps/v1/namespaces/web/daemonsets/agent";
const OWN: &str = "/api/v1/namespaces/web/pods?labelSelector=app%3Dagent";
const REVISIONS: &str = "/apis/apps/v1/namespaces/web/controllerrevisions";

fn set(more: Value) -> Value {
    let mut set = json!({ "metadata": { "name": "agent" }, "spec": {
        "selector": { "matchLabels": { "app": "agent" } },
        "template": { "metadata": { "labels": { "app": "agent" } },
            "spec": { "containers": [{ "name": "main", "image": "nginx:1.29" }] } },
    } });
    if let (Value::Object(spec), Value::Object(more)) = (&mut set["spec"], more) {
        spec.extend(more);
    }
    set
}

async fn images(client: &Client) -> Vec<String> {
    let pods = client.get(OWN).await;
    let mut images: Vec<String> = items(&pods)
        .iter()
        .map(|pod| {
            pod["spec"]["containers"][0]["image"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    images.sort();
    images
}

#[tokio::test]
async fn every_node_gets_a_pod_that_the_scheduler_binds_there() {
    let (simulator, client) = start();
    create(&client, SETS, &set(json!({}))).await;
    simulator.advance(Duration::from_mins(1));
    let pods = client.get(OWN).await;
    assert_eq!(items(&pods).len(), 2);
    for pod in items(&pods) {
        let terms = &pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
            ["nodeSelectorTerms"];
        assert_eq!(
            terms[0]["matchFields"][0]["values"][0],
            pod["spec"]["nodeName"]
        );
        let told = messages(&client, name(pod), "Scheduled").await;
        assert_eq!(told.len(), 1);
        assert_eq!(pod["metadata"]["labels"]["pod-template-generation"], "1");
    }
    let told = messages(&client, "agent", "SuccessfulCreate").await;
    assert!(
        told.len() == 2 && told[0].starts_with("Created pod: agent-"),
        "{told:?}"
    );
    assert_eq!(
        client.get(SET).await["status"],
        json!({ "observedGeneration": 1, "currentNumberScheduled": 2, "desiredNumberScheduled": 2,
            "numberMisscheduled": 0, "numberReady": 2, "updatedNumberScheduled": 2,
            "numberAvailable": 2 })
    );
}

#[tokio::test]
async fn an_update_replaces_one_pod_after_the_other_and_an_undo_brings_the_revision_back() {
    let (simulator, client) = start();
    create(&client, SETS, &set(json!({}))).await;
    simulator.advance(Duration::from_mins(1));
    patch(&client, SET, image("nginx:1.30")).await;
    simulator.advance(Duration::ZERO);
    assert_eq!(
        messages(&client, "agent", "SuccessfulDelete").await.len(),
        1
    );
    simulator.advance(Duration::from_mins(3));
    assert_eq!(images(&client).await, ["nginx:1.30", "nginx:1.30"]);
    let now = client.get(SET).await;
    assert_eq!(now["status"]["updatedNumberScheduled"], 2);
    assert_eq!(now["status"]["observedGeneration"], 2);
    let count = "deprecated.daemonset.template.generation";
    assert_eq!(now["metadata"]["annotations"][count], "2");
    patch(&client, SET, image("nginx:1.29")).await;
    simulator.advance(Duration::from_mins(3));
    assert_eq!(images(&client).await, ["nginx:1.29", "nginx:1.29"]);
    let revisions = client.get(REVISIONS).await;
    let mut numbers: Vec<u64> = items(&revisions)
        .iter()
        .map(|known| known["revision"].as_u64().unwrap())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [2, 3]);
}

#[tokio::test]
async fn a_surging_update_makes_the_new_pod_before_it_deletes_the_old() {
    let (simulator, client) = start();
    let surge = json!({ "type": "RollingUpdate",
        "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 0 } });
    create(&client, SETS, &set(json!({ "updateStrategy": surge }))).await;
    simulator.advance(Duration::from_mins(1));
    patch(&client, SET, image("nginx:1.30")).await;
    simulator.advance(Duration::ZERO);
    assert_eq!(
        images(&client).await,
        ["nginx:1.29", "nginx:1.29", "nginx:1.30"]
    );
    assert_eq!(client.get(SET).await["status"]["numberAvailable"], 2);
    simulator.advance(Duration::from_mins(3));
    assert_eq!(images(&client).await, ["nginx:1.30", "nginx:1.30"]);
}

#[tokio::test]
async fn on_delete_a_daemon_is_updated_when_somebody_deletes_it() {
    let (simulator, client) = start();
    create(
        &client,
        SETS,
        &set(json!({ "updateStrategy": { "type": "OnDelete" } })),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    patch(&client, SET, image("nginx:1.30")).await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(images(&client).await, ["nginx:1.29", "nginx:1.29"]);
    let pods = client.get(OWN).await;
    let path = format!("{PODS}/{}", name(&items(&pods)[0]));
    client.write(Method::DELETE, &path, JSON, &json!({})).await;
    simulator.advance(Duration::from_mins(1));
    assert_eq!(images(&client).await, ["nginx:1.29", "nginx:1.30"]);
}

#[tokio::test]
async fn daemons_follow_the_labels_and_taints_of_nodes() {
    let (simulator, client) = start();
    let spec = json!({ "nodeSelector": { "agent": "yes" },
        "containers": [{ "name": "main", "image": "nginx:1.29" }] });
    let template = json!({ "metadata": { "labels": { "app": "agent" } }, "spec": spec });
    create(&client, SETS, &set(json!({ "template": template }))).await;
    simulator.advance(Duration::from_mins(1));
    assert_eq!(items(&client.get(OWN).await).len(), 0);
    let nodes = client.get("/api/v1/nodes").await;
    let node = format!("/api/v1/nodes/{}", name(&items(&nodes)[0]));
    patch(
        &client,
        &node,
        json!({ "metadata": { "labels": { "agent": "yes" } } }),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    assert_eq!(items(&client.get(OWN).await).len(), 1);
    let taint = json!([{ "key": "example.com/away", "effect": "NoSchedule" }]);
    patch(&client, &node, json!({ "spec": { "taints": taint } })).await;
    simulator.advance(Duration::from_mins(1));
    assert_eq!(items(&client.get(OWN).await).len(), 1, "what runs stays");
    let status = client.get(SET).await["status"].clone();
    assert_eq!(status["desiredNumberScheduled"], 0);
    assert_eq!(status["numberMisscheduled"], 1);
    patch(
        &client,
        &node,
        json!({ "metadata": { "labels": { "agent": null } } }),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    assert_eq!(items(&client.get(OWN).await).len(), 0);
}
