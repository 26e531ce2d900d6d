use std::sync::Arc;

use serde_json::json;
use strata_ports::error::PortErrorKind;
use strata_test_support::{logs::ScriptedLogs, reading::ScriptedObjects};
use tokio::task::JoinHandle;

use super::*;

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn minutes_ago(minutes: i64) -> Timestamp {
    now() - jiff::SignedDuration::from_mins(minutes)
}

/// A worker with eight GPUs that has run for two hours.
fn worker(rank: u32, policy: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": format!("ft-{rank}"), "namespace": "team", "labels": {
            "training.kubeflow.org/replica-index": rank.to_string(),
            "training.kubeflow.org/replica-type": "worker" } },
        "spec": { "restartPolicy": policy, "containers": [
            { "name": "proxy" },
            { "name": "main", "resources": { "limits": { "nvidia.com/gpu": "8" } } }] },
        "status": { "phase": "Running", "containerStatuses": [
            { "name": "main", "state": { "running": { "startedAt": minutes_ago(120).to_string() } } }] },
    })
}

/// What is said of `pods` once `answer` has answered their logs.
async fn said(pods: Vec<Value>, answer: impl Fn(&ScriptedLogs)) -> Option<String> {
    said_beside(ScriptedObjects::default(), pods, answer).await
}

/// The same, where `objects` are there too.
async fn said_beside(
    objects: ScriptedObjects,
    pods: Vec<Value>,
    answer: impl Fn(&ScriptedLogs),
) -> Option<String> {
    let logs = Arc::new(ScriptedLogs::default());
    let wanted = pods.len().min(LOGS);
    let asking: JoinHandle<Option<Phrase>> = tokio::spawn({
        let logs = Arc::clone(&logs);
        async move {
            let cluster = ClusterId::demo();
            let reader = Reader {
                objects: &objects,
                logs: logs.as_ref(),
                cluster: &cluster,
                now: now(),
            };
            reader.at_stake(&pods).await
        }
    });
    while logs.asked().len() < wanted {
        tokio::task::yield_now().await;
    }
    answer(&logs);
    logs.cut();
    asking.await.unwrap().map(|phrase| phrase.english())
}

#[tokio::test]
async fn what_was_computed_since_the_last_checkpoint_is_lost() {
    let pods = vec![worker(1, "OnFailure"), worker(0, "OnFailure")];
    let said = said(pods, |logs| {
        let asked = logs.asked();
        assert_eq!(asked[0].request.pod.name, "ft-0", "the first rank first");
        assert_eq!(asked[0].request.container, "main", "the one that computes");
        asked[0].write(&[
            (minutes_ago(60), "Checkpoint of step 50 saved in 9 seconds"),
            (minutes_ago(30), "Checkpoint of step 100 saved in 9 seconds"),
            (minutes_ago(1), "Saving a checkpoint of step 150 to /ckpt"),
        ]);
    })
    .await;
    assert_eq!(
        said.unwrap(),
        "It saved a checkpoint 30 min ago, as the log of ft-0 says; the 8 GPU-hours since then are lost"
    );
}

#[tokio::test]
async fn what_never_said_that_it_saves_may_lose_all_of_it() {
    let untold = said(vec![worker(0, "Never")], |logs| {
        logs.asked()[0].write(&[(minutes_ago(119), "Starting training")]);
    })
    .await;
    assert_eq!(
        untold.unwrap(),
        "When it saved a checkpoint last is not known from here: its logs tell of none; at most the \
         16 GPU-hours since it began are lost"
    );
    let forbidden = said(vec![worker(0, "Never")], |logs| {
        let message = "missing permission: get pods/log in team";
        logs.asked()[0].fail(PortError::new(PortErrorKind::Forbidden, message));
    })
    .await;
    assert!(forbidden.unwrap().contains("get pods/log in team"));
}

#[tokio::test]
async fn a_server_that_saves_nothing_loses_nothing() {
    let said = said(vec![worker(0, "Always")], |logs| {
        logs.asked()[0].write(&[(minutes_ago(1), "INFO: Application startup complete.")]);
    });
    assert_eq!(said.await, None);
}

#[test]
fn a_log_that_is_longer_than_what_was_read_bounds_the_loss_from_below() {
    let tail = Tail {
        first: Some(minutes_ago(45)),
        is_cut: true,
        ..Tail::default()
    };
    let known = known_from(vec![("ft-0".to_owned(), Ok(tail))]);
    assert!(matches!(known, Known::NotSince(since) if since == minutes_ago(45)));
    let pod = worker(0, "Never");
    let work = Work::of(&[&pod], &Claimed::default(), now());
    assert_eq!(
        words::say(&known, &work, now()).english(),
        "When it saved a checkpoint last is not known from here: the end of its logs, 45 min of them, \
         tells of none; 6 to 16 GPU-hours are lost"
    );
}

/// A worker that holds what its claim was given.
fn claiming(rank: u32) -> Value {
    let mut pod = worker(rank, "OnFailure");
    pod["spec"]["containers"][1]["resources"] = json!({ "claims": [{ "name": "gpus" }] });
    pod["spec"]["resourceClaims"] =
        json!([{ "name": "gpus", "resourceClaimTemplateName": "four-gpus" }]);
    pod["status"]["resourceClaimStatuses"] =
        json!([{ "name": "gpus", "resourceClaimName": format!("ft-{rank}-gpus") }]);
    pod
}

fn claim(name: &str, results: &Value) -> Value {
    json!({
        "apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaim",
        "metadata": { "name": name, "namespace": "team" },
        "status": { "allocation": { "devices": { "results": results } } },
    })
}

#[tokio::test]
async fn accelerators_that_are_held_by_claims_are_at_stake_too() {
    let device =
        |driver: &str, device: &str| json!({ "driver": driver, "pool": "n1", "device": device });
    let objects = ScriptedObjects::default();
    let gpus = json!([
        device("gpu.nvidia.com", "gpu-0"),
        device("gpu.nvidia.com", "gpu-1"),
        device("gpu.nvidia.com", "gpu-2"),
        device("gpu.nvidia.com", "gpu-3"),
        // A network card is none.
        device("sriovnetwork.openshift.io", "nic-0"),
    ]);
    objects.put(claim("ft-0-gpus", &gpus));
    let said = said_beside(objects, vec![claiming(0)], |logs| {
        let asked = logs.asked();
        assert_eq!(asked[0].request.container, "main", "the one that computes");
        asked[0].write(&[(minutes_ago(30), "Checkpoint of step 100 saved in 9 seconds")]);
    })
    .await;
    assert_eq!(
        said.unwrap(),
        "It saved a checkpoint 30 min ago, as the log of ft-0 says; the 2 GPU-hours since then are lost"
    );
}

#[tokio::test]
async fn a_claim_that_two_pods_share_counts_once() {
    let shared = |rank| {
        let mut pod = claiming(rank);
        pod["spec"]["resourceClaims"] = json!([{ "name": "gpus", "resourceClaimName": "shared" }]);
        pod
    };
    let objects = ScriptedObjects::default();
    let gpu = json!([{ "driver": "gpu.nvidia.com", "pool": "n1", "device": "gpu-0" }]);
    objects.put(claim("shared", &gpu));
    let pods = [shared(0), shared(1)];
    let pods: Vec<&Value> = pods.iter().collect();
    let claimed = Claimed::read(&objects, &ClusterId::demo(), &pods).await;
    assert_eq!(Work::of(&pods, &claimed, now()).gpus, 1);
}
