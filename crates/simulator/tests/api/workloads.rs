//! Deployments, jobs and what else keeps pods, as a user creates and changes them.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::client::{Client, JSON, create, items, name, patch, start};

const DEPLOYMENT: &str = "/apis/apps/v1/namespaces/web/deployments/app";
const SETS: &str = "/apis/apps/v1/namespaces/web/replicasets?labelSelector=app%3Dapp";
pub(crate) const PODS: &str = "/api/v1/namespaces/web/pods";
const JOBS: &str = "/apis/batch/v1/namespaces/web/jobs";

fn deployment(replicas: u64, image: &str) -> Value {
    json!({ "metadata": { "name": "app" }, "spec": {
        "replicas": replicas,
        "progressDeadlineSeconds": 120,
        "selector": { "matchLabels": { "app": "app" } },
        "template": { "metadata": { "labels": { "app": "app" } },
            "spec": { "containers": [{ "name": "main", "image": image }] } },
    } })
}

/// Another image of the one container.
pub(crate) fn image(image: &str) -> Value {
    json!({ "spec": { "template": { "spec": { "containers": [{ "name": "main", "image": image }] } } } })
}

pub(crate) fn condition<'a>(object: &'a Value, kind: &str) -> &'a Value {
    object["status"]["conditions"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|known| known["type"] == kind)
        .unwrap_or(&Value::Null)
}

pub(crate) async fn messages(client: &Client, object: &str, reason: &str) -> Vec<String> {
    let events = client.get("/api/v1/namespaces/web/events").await;
    items(&events)
        .iter()
        .filter(|event| event["involvedObject"]["name"] == object && event["reason"] == reason)
        .map(|event| event["message"].as_str().unwrap().to_owned())
        .collect()
}

fn revision(object: &Value) -> &str {
    object["metadata"]["annotations"]["deployment.kubernetes.io/revision"]
        .as_str()
        .unwrap()
}

#[tokio::test]
async fn a_rollout_that_is_undone_makes_the_old_template_the_latest_revision() {
    let (simulator, client) = start();
    create(
        &client,
        "/apis/apps/v1/namespaces/web/deployments",
        &deployment(4, "nginx:1.29"),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    let now = client.get(DEPLOYMENT).await;
    assert_eq!(now["status"]["availableReplicas"], 4);
    assert_eq!(
        condition(&now, "Progressing")["reason"],
        "NewReplicaSetAvailable"
    );
    patch(&client, DEPLOYMENT, image("nginx:1.30")).await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(revision(&client.get(DEPLOYMENT).await), "2");
    patch(&client, DEPLOYMENT, image("nginx:1.29")).await;
    simulator.advance(Duration::from_mins(2));
    let now = client.get(DEPLOYMENT).await;
    assert_eq!(revision(&now), "3");
    assert_eq!(now["status"]["updatedReplicas"], 4);
    let sets = client.get(SETS).await;
    assert_eq!(items(&sets).len(), 2);
    let told = messages(&client, "app", "ScalingReplicaSet").await;
    assert!(
        told.iter().any(|message| message.ends_with("from 0 to 4")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|message| message.ends_with("from 4 to 3")),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_rollout_that_does_not_get_on_is_told_after_its_deadline_and_keeps_what_runs() {
    let (simulator, client) = start();
    create(
        &client,
        "/apis/apps/v1/namespaces/web/deployments",
        &deployment(4, "nginx:1.29"),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    patch(&client, DEPLOYMENT, image("nginx:nope")).await;
    simulator.advance(Duration::from_mins(4));
    let now = client.get(DEPLOYMENT).await;
    let progressing = condition(&now, "Progressing");
    assert_eq!(progressing["status"], "False");
    assert_eq!(progressing["reason"], "ProgressDeadlineExceeded");
    assert!(
        progressing["message"]
            .as_str()
            .unwrap()
            .ends_with("\" has timed out progressing.")
    );
    assert_eq!(condition(&now, "Available")["status"], "True");
    assert_eq!(now["status"]["availableReplicas"], 3);
    assert_eq!(now["status"]["updatedReplicas"], 2);
}

#[tokio::test]
async fn a_paused_deployment_scales_but_does_not_roll() {
    let (simulator, client) = start();
    create(
        &client,
        "/apis/apps/v1/namespaces/web/deployments",
        &deployment(2, "nginx:1.29"),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    patch(
        &client,
        DEPLOYMENT,
        json!({ "spec": { "paused": true, "replicas": 3 } }),
    )
    .await;
    patch(&client, DEPLOYMENT, image("nginx:1.30")).await;
    simulator.advance(Duration::from_mins(1));
    let now = client.get(DEPLOYMENT).await;
    assert_eq!(condition(&now, "Progressing")["reason"], "DeploymentPaused");
    assert_eq!(now["status"]["replicas"], 3);
    assert_eq!(items(&client.get(SETS).await).len(), 1);
    patch(&client, DEPLOYMENT, json!({ "spec": { "paused": null } })).await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(client.get(DEPLOYMENT).await["status"]["updatedReplicas"], 3);
}

#[tokio::test]
async fn recreating_ends_the_old_pods_first() {
    let (simulator, client) = start();
    let mut object = deployment(3, "nginx:1.29");
    object["spec"]["strategy"] = json!({ "type": "Recreate" });
    create(&client, "/apis/apps/v1/namespaces/web/deployments", &object).await;
    simulator.advance(Duration::from_mins(1));
    patch(&client, DEPLOYMENT, image("nginx:1.30")).await;
    for _ in 0..60 {
        simulator.advance(Duration::from_secs(1));
        let pods = client.get(&format!("{PODS}?labelSelector=app%3Dapp")).await;
        let images: Vec<&Value> = items(&pods)
            .iter()
            .map(|pod| &pod["spec"]["containers"][0]["image"])
            .collect();
        assert!(
            images.windows(2).all(|pair| pair[0] == pair[1]),
            "{images:?}"
        );
    }
    assert_eq!(
        client.get(DEPLOYMENT).await["status"]["availableReplicas"],
        3
    );
}

fn job(name: &str, command: &[&str], spec: &Value) -> Value {
    let mut object = json!({ "metadata": { "name": name }, "spec": spec });
    object["spec"]["template"] = json!({ "spec": { "restartPolicy": "Never",
        "containers": [{ "name": "main", "image": "busybox:1.37", "command": command }] } });
    object
}

#[tokio::test]
async fn an_indexed_job_completes_and_counts_pods_that_are_gone() {
    let (simulator, client) = start();
    let spec = json!({ "completions": 5, "parallelism": 2, "completionMode": "Indexed" });
    create(&client, JOBS, &job("work", &["sleep", "10"], &spec)).await;
    let path = format!("{JOBS}/work");
    simulator.advance(Duration::from_secs(20));
    let now = client.get(&path).await;
    assert_eq!(now["status"]["active"], 2);
    assert_eq!(now["status"]["completedIndexes"], "0,1");
    let selector = &now["spec"]["selector"]["matchLabels"]["batch.kubernetes.io/controller-uid"];
    assert_eq!(*selector, now["metadata"]["uid"]);
    // A pod that was counted may go.
    let pods = client
        .get(&format!("{PODS}?labelSelector=job-name%3Dwork"))
        .await;
    let done = items(&pods)
        .iter()
        .find(|pod| pod["status"]["phase"] == "Succeeded")
        .unwrap();
    client
        .write(
            Method::DELETE,
            &format!("{PODS}/{}", name(done)),
            JSON,
            &json!({}),
        )
        .await;
    simulator.advance(Duration::from_mins(2));
    let now = client.get(&path).await;
    assert_eq!(now["status"]["succeeded"], 5);
    assert_eq!(now["status"]["completedIndexes"], "0-4");
    assert_eq!(condition(&now, "Complete")["reason"], "CompletionsReached");
    assert_eq!(
        messages(&client, "work", "Completed").await,
        ["Job completed"]
    );
}

#[tokio::test]
async fn a_job_that_fails_backs_off_and_gives_up_at_its_limit() {
    let (simulator, client) = start();
    create(
        &client,
        JOBS,
        &job("bad", &["false"], &json!({ "backoffLimit": 2 })),
    )
    .await;
    let path = format!("{JOBS}/bad");
    simulator.advance(Duration::from_secs(25));
    assert_eq!(client.get(&path).await["status"]["failed"], 2);
    simulator.advance(Duration::from_mins(1));
    let now = client.get(&path).await;
    assert_eq!(now["status"]["failed"], 3);
    assert_eq!(condition(&now, "Failed")["reason"], "BackoffLimitExceeded");
    assert_eq!(
        condition(&now, "Failed")["message"],
        "Job has reached the specified backoff limit"
    );
}

#[tokio::test]
async fn a_suspended_job_has_no_pods_until_it_is_resumed() {
    let (simulator, client) = start();
    create(
        &client,
        JOBS,
        &job("held", &["sleep", "5"], &json!({ "suspend": true })),
    )
    .await;
    let path = format!("{JOBS}/held");
    simulator.advance(Duration::from_secs(10));
    let now = client.get(&path).await;
    assert_eq!(condition(&now, "Suspended")["reason"], "JobSuspended");
    assert!(now["status"].get("startTime").is_none());
    patch(&client, &path, json!({ "spec": { "suspend": false } })).await;
    simulator.advance(Duration::from_mins(1));
    let now = client.get(&path).await;
    assert_eq!(condition(&now, "Suspended")["reason"], "JobResumed");
    assert_eq!(now["status"]["succeeded"], 1);
}

#[tokio::test]
async fn a_job_ends_at_its_deadline_and_goes_when_its_time_is_over() {
    let (simulator, client) = start();
    let spec = json!({ "activeDeadlineSeconds": 30, "ttlSecondsAfterFinished": 100 });
    create(&client, JOBS, &job("late", &["sleep", "3600"], &spec)).await;
    simulator.advance(Duration::from_mins(2));
    let now = client.get(&format!("{JOBS}/late")).await;
    assert_eq!(condition(&now, "Failed")["reason"], "DeadlineExceeded");
    simulator.advance(Duration::from_mins(3));
    assert!(
        items(&client.get(JOBS).await)
            .iter()
            .all(|job| name(job) != "late")
    );
}
