//! What users of training and serving frameworks make: little is said, the operators know the rest.

use std::time::Duration;

use serde_json::{Value, json};
use strata_simulator::{Scenario, Simulator};

use crate::client::{Client, SMALL, items, name, of_kind, options};
use crate::operators::{condition, made, names, template};

fn start(projects: &str) -> (Simulator, Client) {
    let scenario = SMALL.replace(
        "definitions = [\"kueue\"]",
        &format!("definitions = [{projects}]"),
    );
    let simulator = Simulator::start(&Scenario::parse("small", &scenario).unwrap(), options(7));
    let client = Client::of(&simulator);
    (simulator, client)
}

fn path(group_version: &str, plural: &str) -> String {
    format!("/apis/{group_version}/namespaces/web/{plural}")
}

/// The containers of the pods in `web` that `of` tells apart, beside what was there before.
async fn containers(client: &Client) -> Vec<Value> {
    let pods = client.get("/api/v1/namespaces/web/pods").await;
    items(&pods)
        .iter()
        .filter(|pod| !name(pod).starts_with("front-"))
        .map(|pod| pod["spec"]["containers"][0].clone())
        .collect()
}

#[tokio::test]
async fn a_train_job_is_a_job_set_and_completes_with_it() {
    let (simulator, client) = start("\"jobset\", \"kubeflow-trainer\"");
    let job = json!({ "metadata": { "name": "tune" }, "spec": {
        "runtimeRef": { "name": "torch-distributed" },
        "trainer": { "numNodes": 2, "command": ["sleep", "60"] } } });
    let job = of_kind("trainer.kubeflow.org/v1alpha1", "TrainJob", job);
    let at = made(
        &client,
        &path("trainer.kubeflow.org/v1alpha1", "trainjobs"),
        &job,
    )
    .await;
    simulator.advance(Duration::from_secs(30));
    assert_eq!(names(&client, "pods").await.len(), 2);
    let sets = client
        .get(&path("jobset.x-k8s.io/v1alpha2", "jobsets"))
        .await;
    assert_eq!(
        sets["items"][0]["metadata"]["ownerReferences"][0]["kind"],
        "TrainJob"
    );
    let status = client.get(&at).await["status"]["jobsStatus"][0].clone();
    assert_eq!(status["ready"], json!(1), "{status}");
    simulator.advance(Duration::from_mins(3));
    let done = condition(&client, &at, "Complete").await;
    assert_eq!(
        (&done["status"], &done["reason"]),
        (&json!("True"), &json!("AllJobsCompleted"))
    );
}

#[tokio::test]
async fn a_pytorch_job_whose_pod_fails_has_failed() {
    let (simulator, client) = start("\"training-operator\"");
    let replica = |count: Value, command: &[&str]| json!({ "replicas": count, "restartPolicy": "Never", "template": template(command) });
    let job = json!({ "metadata": { "name": "bert" }, "spec": { "pytorchReplicaSpecs": {
        "Master": replica(Value::Null, &["sh", "-c", "sleep 20; exit 1"]),
        "Worker": replica(json!(1), &["sleep", "600"]) } } });
    let job = of_kind("kubeflow.org/v1", "PyTorchJob", job);
    let at = made(&client, &path("kubeflow.org/v1", "pytorchjobs"), &job).await;
    simulator.advance(Duration::from_mins(2));
    let failed = condition(&client, &at, "Failed").await;
    assert_eq!(failed["reason"], "PyTorchJobFailed");
    assert_eq!(condition(&client, &at, "Running").await["status"], "False");
    let object = client.get(&at).await;
    assert_eq!(object["status"]["replicaStatuses"]["Master"]["failed"], 1);
    assert!(object["status"]["completionTime"].is_string());
}

fn ray_cluster() -> Value {
    let template = json!({ "spec": { "containers": [
        { "name": "ray", "image": "rayproject/ray:2.51.0" }] } });
    json!({
        "headGroupSpec": { "template": template },
        "workerGroupSpecs": [{ "groupName": "cpu", "replicas": 1, "template": template }],
    })
}

async fn ray_job(
    simulator: &Simulator,
    client: &Client,
    entrypoint: &str,
    shuts_down: bool,
) -> Value {
    let job = json!({ "metadata": { "name": "sweep" }, "spec": { "entrypoint": entrypoint,
        "shutdownAfterJobFinishes": shuts_down, "rayClusterSpec": ray_cluster() } });
    let job = of_kind("ray.io/v1", "RayJob", job);
    let at = made(client, &path("ray.io/v1", "rayjobs"), &job).await;
    simulator.advance(Duration::from_mins(5));
    client.get(&at).await
}

#[tokio::test]
async fn a_ray_job_is_submitted_by_a_job_and_takes_its_cluster_along_when_told_to() {
    let (simulator, client) = start("\"kuberay\"");
    let job = ray_job(&simulator, &client, "sleep 30", true).await;
    assert_eq!(job["status"]["jobDeploymentStatus"], "Complete", "{job}");
    assert_eq!(job["status"]["jobStatus"], "SUCCEEDED");
    let submitter = client.get(&path("batch/v1", "jobs/sweep")).await;
    assert_eq!(submitter["status"]["succeeded"], 1);
    let clusters = client.get(&path("ray.io/v1", "rayclusters")).await;
    assert!(items(&clusters).is_empty());
}

#[tokio::test]
async fn a_ray_job_that_fails_says_so_and_keeps_its_cluster() {
    let (simulator, client) = start("\"kuberay\"");
    let job = ray_job(&simulator, &client, "python -c exit(1)", false).await;
    assert_eq!(job["status"]["jobDeploymentStatus"], "Failed", "{job}");
    assert_eq!(job["status"]["jobStatus"], "FAILED");
    assert_eq!(job["status"]["reason"], "AppFailed");
    let clusters = client.get(&path("ray.io/v1", "rayclusters")).await;
    assert_eq!(items(&clusters).len(), 1);
}

#[tokio::test]
async fn a_ray_job_that_nothing_submits_has_failed_without_a_status_of_its_own() {
    let (simulator, client) = start("\"kuberay\"");
    let submitter = json!({ "spec": { "restartPolicy": "Never", "containers": [{
        "name": "submitter", "image": "rayproject/ray:2.51.0", "command": ["sh", "-c", "exit 3"] }] } });
    let job = json!({ "metadata": { "name": "sweep" }, "spec": { "entrypoint": "sleep 30",
        "submitterConfig": { "backoffLimit": 0 }, "submitterPodTemplate": submitter,
        "rayClusterSpec": ray_cluster() } });
    let job = of_kind("ray.io/v1", "RayJob", job);
    let at = made(&client, &path("ray.io/v1", "rayjobs"), &job).await;
    simulator.advance(Duration::from_mins(5));
    let status = client.get(&at).await["status"].clone();
    assert_eq!(status["jobDeploymentStatus"], "Failed", "{status}");
    assert_eq!(status["reason"], "SubmissionFailed");
    assert_eq!(status["jobStatus"], "");
}

#[tokio::test]
async fn what_kuberay_refuses_is_not_acted_on() {
    let (simulator, client) = start("\"kuberay\"");
    let mut spec = ray_cluster();
    spec["authOptions"] = json!({ "mode": "token" });
    spec["rayVersion"] = "2.9.0".into();
    let cluster = json!({ "metadata": { "name": "old" }, "spec": spec });
    let cluster = of_kind("ray.io/v1", "RayCluster", cluster);
    made(&client, &path("ray.io/v1", "rayclusters"), &cluster).await;
    let job = json!({ "metadata": { "name": "held" }, "spec": { "entrypoint": "sleep 30", "suspend": true,
        "rayClusterSpec": ray_cluster() } });
    let job = of_kind("ray.io/v1", "RayJob", job);
    let at = made(&client, &path("ray.io/v1", "rayjobs"), &job).await;
    simulator.advance(Duration::from_mins(1));
    assert_eq!(
        client.get(&at).await["status"]["message"],
        "The RayJob spec is invalid: a RayJob with shutdownAfterJobFinishes set to false is not allowed \
         to be suspended"
    );
    let events = client.get("/api/v1/namespaces/web/events").await;
    let told = items(&events)
        .iter()
        .find(|event| event["reason"] == "InvalidRayClusterSpec");
    let message = told.unwrap()["message"].as_str().unwrap();
    assert!(
        message
            .ends_with("authOptions.mode is 'token' but minimum Ray version is 2.52.0, got 2.9.0"),
        "{message}"
    );
    assert!(containers(&client).await.is_empty());
}

#[tokio::test]
async fn a_ray_service_is_reached_once_its_cluster_serves() {
    let (simulator, client) = start("\"kuberay\"");
    let service = json!({ "metadata": { "name": "answer" }, "spec": {
        "serveConfigV2": "", "rayClusterConfig": ray_cluster() } });
    let service = of_kind("ray.io/v1", "RayService", service);
    let at = made(&client, &path("ray.io/v1", "rayservices"), &service).await;
    simulator.advance(Duration::from_mins(3));
    let ready = condition(&client, &at, "Ready").await;
    assert_eq!(
        (&ready["status"], &ready["reason"]),
        (&json!("True"), &json!("NonZeroServeEndpoints"))
    );
    let services = names(&client, "services").await;
    assert!(
        services.contains(&"answer-serve-svc".to_owned()),
        "{services:?}"
    );
}

#[tokio::test]
async fn a_leader_worker_set_has_groups_of_a_leader_and_its_workers() {
    let (simulator, client) = start("\"leaderworkerset\"");
    let pod =
        |image: &str| json!({ "spec": { "containers": [{ "name": "main", "image": image }] } });
    let set = json!({ "metadata": { "name": "pipeline" }, "spec": { "leaderWorkerTemplate": {
        "size": 3, "leaderTemplate": pod("leader:1"), "workerTemplate": pod("worker:1") } } });
    let set = of_kind("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", set);
    let at = made(
        &client,
        &path("leaderworkerset.x-k8s.io/v1", "leaderworkersets"),
        &set,
    )
    .await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(
        names(&client, "pods").await,
        ["pipeline-0", "pipeline-0-1", "pipeline-0-2"]
    );
    let images: Vec<Value> = containers(&client)
        .await
        .iter()
        .map(|main| main["image"].clone())
        .collect();
    assert_eq!(images, ["leader:1", "worker:1", "worker:1"]);
    let status = client.get(&at).await["status"].clone();
    assert_eq!(
        (&status["replicas"], &status["readyReplicas"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(condition(&client, &at, "Available").await["status"], "True");
}

#[tokio::test]
async fn a_notebook_runs_until_it_is_stopped() {
    let (simulator, client) = start("\"kubeflow-notebooks\"");
    let notebook = json!({ "metadata": { "name": "lab" }, "spec": { "template": { "spec": {
        "containers": [{ "name": "lab", "image": "jupyter/base-notebook" }] } } } });
    let notebook = of_kind("kubeflow.org/v1", "Notebook", notebook);
    let at = made(&client, &path("kubeflow.org/v1", "notebooks"), &notebook).await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(names(&client, "pods").await, ["lab-0"]);
    let status = client.get(&at).await["status"].clone();
    assert_eq!(status["readyReplicas"], 1);
    assert!(
        status["containerState"]["running"]["startedAt"].is_string(),
        "{status}"
    );
    let stop = json!({ "metadata": { "annotations": {
        "kubeflow-resource-stopped": "2026-11-23T13:00:00Z" } } });
    let merge = "application/merge-patch+json";
    client.write(http::Method::PATCH, &at, merge, &stop).await;
    simulator.advance(Duration::from_mins(2));
    assert!(names(&client, "pods").await.is_empty());
    assert_eq!(client.get(&at).await["status"]["readyReplicas"], 0);
}

#[tokio::test]
async fn an_inference_service_has_a_replica_and_a_runtime_unless_it_says_otherwise() {
    let (simulator, client) = start("\"kserve\"");
    let service = json!({ "metadata": { "name": "iris" }, "spec": { "predictor": { "model": {
        "modelFormat": { "name": "sklearn" }, "storageUri": "gs://models/iris" } } } });
    let service = of_kind("serving.kserve.io/v1beta1", "InferenceService", service);
    let collection = path("serving.kserve.io/v1beta1", "inferenceservices");
    let at = made(&client, &collection, &service).await;
    simulator.advance(Duration::from_mins(2));
    let main = containers(&client).await.remove(0);
    assert_eq!(main["name"], "kserve-container");
    assert!(
        main["image"].as_str().unwrap().contains("sklearnserver"),
        "{main}"
    );
    assert_eq!(condition(&client, &at, "Ready").await["status"], "True");
    assert_eq!(
        client.get(&at).await["status"]["modelStatus"]["copies"]["totalCopies"],
        1
    );

    let custom = json!({ "metadata": { "name": "custom" }, "spec": { "predictor": {
        "minReplicas": 0, "containers": [{ "name": "kserve-container", "image": "mine:1" }] } } });
    let custom = of_kind("serving.kserve.io/v1beta1", "InferenceService", custom);
    made(&client, &collection, &custom).await;
    simulator.advance(Duration::from_secs(10));
    let deployment = client
        .get(&path("apps/v1", "deployments/custom-predictor"))
        .await;
    let pod = &deployment["spec"]["template"]["spec"];
    assert_eq!(pod["containers"][0]["image"], "mine:1");
}
