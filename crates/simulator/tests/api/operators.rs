//! Custom resources that a user makes: their pods and services come, their status follows, and all
//! goes with them.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use strata_simulator::{Scenario, Simulator};

use crate::client::{Client, JSON, SMALL, delete, items, name, of_kind, options};

fn start() -> (Simulator, Client) {
    let scenario = SMALL.replace(
        "definitions = [\"kueue\"]",
        "definitions = [\"kueue\", \"jobset\", \"leaderworkerset\", \"kuberay\", \
         \"training-operator\"]",
    );
    let simulator = Simulator::start(&Scenario::parse("small", &scenario).unwrap(), options(7));
    let client = Client::of(&simulator);
    (simulator, client)
}

pub(crate) async fn made(client: &Client, path: &str, object: &Value) -> String {
    let (status, answer) = client.write(Method::POST, path, JSON, object).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    format!("{path}/{}", name(&answer))
}

/// The names of the objects of a collection in the namespace `web`, beside what was there before.
pub(crate) async fn names(client: &Client, plural: &str) -> Vec<String> {
    let list = client
        .get(&format!("/api/v1/namespaces/web/{plural}"))
        .await;
    items(&list)
        .iter()
        .map(|object| name(object).to_owned())
        .filter(|name| !name.starts_with("front-"))
        .collect()
}

pub(crate) fn template(command: &[&str]) -> Value {
    json!({ "spec": { "restartPolicy": "Never", "containers": [
        { "name": "main", "image": "busybox", "command": command }] } })
}

pub(crate) async fn condition(client: &Client, path: &str, kind: &str) -> Value {
    let object = client.get(path).await;
    let conditions = object["status"]["conditions"].as_array().unwrap();
    let found = conditions.iter().find(|known| known["type"] == kind);
    found
        .unwrap_or_else(|| panic!("{kind} in {object}"))
        .clone()
}

#[tokio::test]
async fn a_job_set_runs_its_jobs_and_takes_all_along() {
    let (simulator, client) = start();
    let set = json!({ "metadata": { "name": "train" }, "spec": { "replicatedJobs": [{
        "name": "node", "replicas": 2, "template": { "spec": { "parallelism": 1, "completions": 1,
            "template": template(&["sleep", "60"]) } } }] } });
    let set = of_kind("jobset.x-k8s.io/v1alpha2", "JobSet", set);
    let path = made(
        &client,
        "/apis/jobset.x-k8s.io/v1alpha2/namespaces/web/jobsets",
        &set,
    )
    .await;
    simulator.advance(Duration::from_secs(30));
    assert_eq!(names(&client, "pods").await.len(), 2);
    assert!(
        names(&client, "services")
            .await
            .contains(&"train".to_owned())
    );
    let status = client.get(&path).await["status"]["replicatedJobsStatus"][0].clone();
    assert_eq!(
        (&status["ready"], &status["active"]),
        (&json!(2), &json!(2)),
        "{status}"
    );
    simulator.advance(Duration::from_mins(3));
    let done = condition(&client, &path, "Completed").await;
    assert_eq!(done["reason"], "AllJobsCompleted");
    delete(&client, &path).await;
    simulator.advance(Duration::from_mins(1));
    assert!(names(&client, "pods").await.is_empty());
    assert!(
        !names(&client, "services")
            .await
            .contains(&"train".to_owned())
    );
}

#[tokio::test]
async fn a_pytorch_job_has_a_service_for_each_pod_and_succeeds_with_them() {
    let (simulator, client) = start();
    let replica = |count: u64| {
        json!({ "replicas": count, "restartPolicy": "OnFailure",
            "template": template(&["sleep", "60"]) })
    };
    let job = json!({ "metadata": { "name": "bert" }, "spec": { "pytorchReplicaSpecs": {
        "Master": replica(1), "Worker": replica(2) } } });
    let job = of_kind("kubeflow.org/v1", "PyTorchJob", job);
    let path = made(
        &client,
        "/apis/kubeflow.org/v1/namespaces/web/pytorchjobs",
        &job,
    )
    .await;
    simulator.advance(Duration::from_secs(30));
    let pods = ["bert-master-0", "bert-worker-0", "bert-worker-1"];
    assert_eq!(names(&client, "pods").await, pods);
    let services = names(&client, "services").await;
    assert!(
        pods.iter()
            .all(|pod| services.iter().any(|service| service == pod))
    );
    assert_eq!(condition(&client, &path, "Running").await["status"], "True");
    simulator.advance(Duration::from_mins(3));
    assert_eq!(
        condition(&client, &path, "Succeeded").await["status"],
        "True"
    );
    delete(&client, &path).await;
    simulator.advance(Duration::from_mins(1));
    assert!(names(&client, "pods").await.is_empty());
}

#[tokio::test]
async fn a_ray_cluster_has_a_head_workers_and_a_service_to_reach_it() {
    let (simulator, client) = start();
    let group = json!({ "groupName": "cpu", "replicas": 2, "template": { "spec": {
        "containers": [{ "name": "ray", "image": "rayproject/ray:2.51.0" }] } } });
    let cluster = json!({ "metadata": { "name": "ray" }, "spec": {
        "headGroupSpec": { "template": group["template"] }, "workerGroupSpecs": [group] } });
    let cluster = of_kind("ray.io/v1", "RayCluster", cluster);
    let path = made(
        &client,
        "/apis/ray.io/v1/namespaces/web/rayclusters",
        &cluster,
    )
    .await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(names(&client, "pods").await.len(), 3);
    assert!(
        names(&client, "services")
            .await
            .contains(&"ray-head-svc".to_owned())
    );
    let ready = condition(&client, &path, "RayClusterProvisioned").await;
    assert_eq!(ready["status"], "True");
    let events = client
        .get("/api/v1/namespaces/web/events?fieldSelector=involvedObject.name%3Dray")
        .await;
    let reasons: Vec<&str> = items(&events)
        .iter()
        .map(|event| event["reason"].as_str().unwrap())
        .collect();
    for reason in ["CreatedHeadPod", "CreatedWorkerPod", "CreatedService"] {
        assert!(reasons.contains(&reason), "{reasons:?}");
    }
    delete(&client, &path).await;
    simulator.advance(Duration::from_mins(2));
    assert!(names(&client, "pods").await.is_empty());
}
