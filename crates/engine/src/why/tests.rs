//! Whole cases, gathered from a world that a test wrote and judged.

use std::sync::Arc;

use serde_json::{Value, json};
use strata_api::explanation::{Explanation, ReasonCode, RunState};
use strata_domain::ids::{ClusterId, GroupKind};
use strata_ports::objects::ObjectReader;
use strata_test_support::{clock::time, reading::ScriptedObjects};

use super::{
    explain,
    gather::{For, gather},
    tell,
};

const NOON: &str = "2026-03-01T12:00:00Z";
const BEFORE: &str = "2026-03-01T11:50:00Z";

fn pod(name: &str, more: &Value) -> Value {
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": name, "namespace": "ns", "uid": name, "creationTimestamp": BEFORE },
        "spec": { "containers": [{ "name": "main", "image": "train:1",
            "resources": { "requests": { "cpu": "1", "nvidia.com/gpu": "4" } } }] },
        "status": { "phase": "Pending", "conditions": [{ "type": "PodScheduled", "status": "False",
            "reason": "Unschedulable", "message": "0/2 nodes are available: 2 Insufficient nvidia.com/gpu.",
            "lastTransitionTime": BEFORE }] },
    });
    merge(&mut pod, more);
    pod
}

fn merge(into: &mut Value, more: &Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more.clone(),
    }
}

fn node(name: &str, gpus: u32, more: &Value) -> Value {
    let amounts = json!({ "cpu": "64", "memory": "512Gi", "pods": "110", "nvidia.com/gpu": gpus.to_string() });
    let mut node = json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": { "name": name, "uid": name, "labels": { "zone": "a" } },
        "spec": {},
        "status": { "capacity": amounts, "allocatable": amounts,
            "conditions": [{ "type": "Ready", "status": "True" }] },
    });
    merge(&mut node, more);
    node
}

async fn why(objects: Vec<Value>, kind: &str, name: &str) -> Explanation {
    let world = ScriptedObjects::default();
    for object in objects {
        world.put(object);
    }
    ask(world, kind, name).await
}

async fn ask(world: ScriptedObjects, kind: &str, name: &str) -> Explanation {
    let world: Arc<dyn ObjectReader> = Arc::new(world);
    let meant = (kind, "ns", name);
    let case = gather(&world, &ClusterId::demo(), meant, For::Reason, time(NOON)).await;
    explain(&case.unwrap())
}

fn first(explanation: &Explanation) -> Option<ReasonCode> {
    explanation.reason.as_ref().map(|reason| reason.code)
}

#[tokio::test]
async fn a_pod_that_runs_is_well_whatever_its_events_said_before() {
    let running = json!({ "spec": { "nodeName": "a" }, "status": { "phase": "Running", "conditions": [
        { "type": "Ready", "status": "True" }] } });
    let told = why(
        vec![pod("p", &running), node("a", 8, &json!({}))],
        "pod",
        "p",
    )
    .await;
    assert_eq!(told.standing, RunState::Healthy);
    assert_eq!(told.reason, None);
    assert!(told.others.is_empty());
}

#[tokio::test]
async fn a_request_that_no_node_can_hold_is_told_to_be_futile() {
    let told = why(
        vec![pod("p", &json!({})), node("a", 2, &json!({}))],
        "pod",
        "p",
    )
    .await;
    assert_eq!(first(&told), Some(ReasonCode::ExceedsEveryNode));
    assert!(told.reason.unwrap().waiting_is_futile);
}

#[tokio::test]
async fn the_nodes_that_could_hold_it_decide_and_not_the_many_that_could_not() {
    let taint =
        json!({ "spec": { "taints": [{ "key": "gpu", "value": "yes", "effect": "NoSchedule" }] } });
    let objects = vec![
        pod("p", &json!({})),
        node("a", 0, &json!({})),
        node("b", 0, &json!({})),
        node("c", 8, &taint),
    ];
    let told = why(objects, "pod", "p").await;
    assert_eq!(first(&told), Some(ReasonCode::Taint));
    let sentence = told.reason.unwrap().sentence.english();
    assert!(sentence.contains("gpu=yes:NoSchedule"), "{sentence}");
}

#[tokio::test]
async fn a_selector_that_no_able_node_matches_is_told_with_what_there_is() {
    let selector = json!({ "spec": { "nodeSelector": { "zone": "z" } } });
    let told = why(
        vec![pod("p", &selector), node("a", 8, &json!({}))],
        "pod",
        "p",
    )
    .await;
    assert_eq!(first(&told), Some(ReasonCode::NodeAffinity));
    let sentence = told.reason.unwrap().sentence.english();
    assert!(sentence.contains("zone=z; there is a"), "{sentence}");
}

#[tokio::test]
async fn what_may_not_be_read_is_said_and_the_schedulers_word_is_taken() {
    let world = ScriptedObjects::default();
    world.put(pod("p", &json!({})));
    world.put(node("a", 2, &json!({})));
    world.forbid(GroupKind::new("", "Node"));
    let told = ask(world, "pod", "p").await;
    assert_eq!(first(&told), Some(ReasonCode::ResourceShort));
    assert_eq!(told.unread, ["the permission is missing: list Node"]);
}

#[tokio::test]
async fn the_controllers_refusal_is_the_reason_where_there_is_no_pod() {
    let job = json!({ "apiVersion": "batch/v1", "kind": "Job",
        "metadata": { "name": "j", "namespace": "ns", "uid": "j", "creationTimestamp": BEFORE },
        "spec": { "parallelism": 1 }, "status": {} });
    let event = json!({ "apiVersion": "v1", "kind": "Event",
        "metadata": { "name": "e", "namespace": "ns", "uid": "e" },
        "involvedObject": { "kind": "Job", "name": "j", "uid": "j" },
        "reason": "FailedCreate", "type": "Warning", "lastTimestamp": BEFORE, "count": 7,
        "message": "Error creating: pods \"j-\" is forbidden: exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2" });
    let told = why(vec![job, event], "job", "j").await;
    assert_eq!(first(&told), Some(ReasonCode::QuotaExceeded));
    let evidence = &told.reason.unwrap().evidence[0];
    assert_eq!(evidence.field, "event FailedCreate");
    assert_eq!(evidence.age_seconds, Some(600.0));
    assert!(evidence.message.ends_with("(×7)"));
}

#[tokio::test]
async fn a_job_that_gave_up_is_told_by_what_its_pods_died_of() {
    let job = json!({ "apiVersion": "batch/v1", "kind": "Job",
        "metadata": { "name": "j", "namespace": "ns", "uid": "j", "creationTimestamp": BEFORE },
        "spec": { "backoffLimit": 0 }, "status": { "failed": 1, "conditions": [
            { "type": "Failed", "status": "True", "reason": "BackoffLimitExceeded" }] } });
    let dead = json!({
        "metadata": { "ownerReferences": [{ "apiVersion": "batch/v1", "kind": "Job", "name": "j", "uid": "j", "controller": true }] },
        "spec": { "nodeName": "a" },
        "status": { "phase": "Failed", "conditions": [], "containerStatuses": [{ "name": "main", "restartCount": 0,
            "state": { "terminated": { "exitCode": 137, "reason": "OOMKilled" } } }] } });
    let told = why(
        vec![job, pod("p", &dead), node("a", 8, &json!({}))],
        "job",
        "j",
    )
    .await;
    assert_eq!(first(&told), Some(ReasonCode::OutOfMemory));
    assert_eq!(told.standing, RunState::Failed);
    assert_eq!(told.others[0].code, ReasonCode::BackoffLimit);
}

#[tokio::test]
async fn a_workload_of_a_queue_is_asked_about_through_its_job() {
    let job = json!({ "apiVersion": "batch/v1", "kind": "Job",
        "metadata": { "name": "j", "namespace": "ns", "uid": "j", "creationTimestamp": BEFORE,
            "labels": { "kueue.x-k8s.io/queue-name": "q" } },
        "spec": { "suspend": true }, "status": {} });
    let workload = json!({ "apiVersion": "kueue.x-k8s.io/v1beta2", "kind": "Workload",
        "metadata": { "name": "w", "namespace": "ns", "uid": "w", "creationTimestamp": BEFORE,
            "ownerReferences": [{ "apiVersion": "batch/v1", "kind": "Job", "name": "j", "uid": "j", "controller": true }] },
        "spec": { "queueName": "q" },
        "status": { "conditions": [{ "type": "QuotaReserved", "status": "False", "reason": "Pending",
            "message": "couldn't assign flavors to pod set main: insufficient unused quota for nvidia.com/gpu in flavor h100, 4 more needed" }] } });
    let told = why(vec![job, workload], "workload", "w").await;
    assert_eq!(told.object.kind, "Job");
    assert_eq!(first(&told), Some(ReasonCode::QueueShort));
    let sentence = told.reason.unwrap().sentence.english();
    assert!(
        sentence.contains("short by 4 nvidia.com/gpu in flavor h100"),
        "{sentence}"
    );
}

#[tokio::test]
async fn a_pod_that_is_ready_between_two_crashes_is_not_well() {
    let between = |ended: &str| {
        json!({ "spec": { "nodeName": "a" }, "status": { "phase": "Running",
            "conditions": [{ "type": "Ready", "status": "True" }],
            "containerStatuses": [{ "name": "main", "ready": true, "restartCount": 4,
                "state": { "running": { "startedAt": ended } },
                "lastState": { "terminated": { "exitCode": 3, "reason": "Error", "finishedAt": ended } } }] } })
    };
    let told = why(
        vec![
            pod("p", &between("2026-03-01T11:58:00Z")),
            node("a", 8, &json!({})),
        ],
        "pod",
        "p",
    )
    .await;
    assert_eq!(first(&told), Some(ReasonCode::Crash));
    // Since then it has run for as long as the kubelet takes to forget.
    let told = why(
        vec![
            pod("p", &between("2026-03-01T11:40:00Z")),
            node("a", 8, &json!({})),
        ],
        "pod",
        "p",
    )
    .await;
    assert_eq!((first(&told), told.standing), (None, RunState::Healthy));
}

#[tokio::test]
async fn a_timeline_tells_which_event_the_reason_rests_on() {
    let gone = json!({ "spec": { "nodeName": "a" }, "status": { "phase": "Pending", "conditions": [],
        "containerStatuses": [{ "name": "main", "state": { "waiting": { "reason": "ImagePullBackOff",
            "message": "Back-off pulling image" } } }] } });
    let failed = json!({
        "apiVersion": "v1", "kind": "Event",
        "metadata": { "name": "p.1", "namespace": "ns", "uid": "e1" },
        "involvedObject": { "apiVersion": "v1", "kind": "Pod", "namespace": "ns", "name": "p", "uid": "p" },
        "type": "Warning", "reason": "Failed", "count": 3,
        "message": "Failed to pull image \"train:1\": rpc error: code = NotFound desc = train:1: not found",
        "firstTimestamp": "2026-03-01T11:51:00Z", "lastTimestamp": "2026-03-01T11:55:00Z",
    });
    let world = ScriptedObjects::default();
    for object in [pod("p", &gone), node("a", 8, &json!({})), failed] {
        world.put(object);
    }
    let world: Arc<dyn ObjectReader> = Arc::new(world);
    let meant = ("pod", "ns", "p");
    let case = gather(&world, &ClusterId::demo(), meant, For::Timeline, time(NOON)).await;
    let told = tell(&case.unwrap());
    let order: Vec<(&str, &str)> = told
        .entries
        .iter()
        .map(|entry| (entry.at.as_str(), entry.word.as_str()))
        .collect();
    assert_eq!(
        order,
        [
            ("2026-03-01T11:50:00Z", ""),
            ("2026-03-01T11:55:00Z", "Failed")
        ]
    );
    let derived = told.entries[1].derived.as_ref().unwrap();
    assert_eq!(
        (derived.code, derived.is_dominant),
        (ReasonCode::ImageMissing, true)
    );
    assert_eq!(told.entries[1].count, 3);
}
