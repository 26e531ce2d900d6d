//! How a Ray cluster says it is.
//!
//! Source: `calculateStatus` in `controllers/ray/raycluster_controller.go` of KubeRay 1.6.

use serde_json::{Value, json};

use super::super::{Conditions, write_status};
use crate::{
    actors::{
        Subject,
        capacity::{self, Amounts},
        pods::{self, Phase, Pod},
        queueing,
    },
    json,
    world::World,
};

/// Writes the status of a cluster, from its pods.
pub(super) fn write(world: &mut World, subject: &Subject<'_>, spec: &Value) {
    let key = &subject.stored.key;
    let owned = pods::owned_by(world, &subject.stored.uid);
    let is_head = |pod: &Pod| pod.stored.label("ray.io/node-type") == Some("head");
    let (heads, workers): (Vec<Pod>, Vec<Pod>) = owned.into_iter().partition(is_head);
    let running = |pods: &[Pod]| {
        pods.iter()
            .filter(|pod| pod.phase == Phase::Running)
            .count()
    };
    let ready = |pods: &[Pod]| pods.iter().filter(|pod| runs_ready(pod)).count();
    let replicas = Replicas::of(spec);
    let all = heads.len() + workers.len();
    let all_ready = all > 0 && ready(&heads) + ready(&workers) == all;
    let is_complete = u64::try_from(all) == Ok(replicas.wanted + 1);
    let service = format!("{}-head-svc", key.name);
    let mut status = json!({
        "observedGeneration": json::count(subject.object, "/metadata/generation"),
        "desiredWorkerReplicas": replicas.wanted,
        "minWorkerReplicas": replicas.least,
        "maxWorkerReplicas": replicas.most,
        "readyWorkerReplicas": ready(&workers),
        "availableWorkerReplicas": running(&workers),
        "head": head_of(heads.first(), &service),
        "endpoints": super::HEAD_PORTS.iter()
            .map(|(name, number)| ((*name).to_owned(), Value::from(number.to_string())))
            .collect::<serde_json::Map<String, Value>>(),
    });
    let fields = json::as_object(&mut status);
    // Go leaves numbers out that are nothing; those that were there before go.
    for value in fields.values_mut().filter(|value| **value == 0) {
        *value = Value::Null;
    }
    fields.extend(desired(spec));
    let is_suspended = json::flag(spec, "/suspend");
    let state = match (is_suspended, all) {
        (true, 0) => Some("suspended"),
        _ if all_ready && is_complete => Some("ready"),
        _ => None,
    };
    if let Some(state) = state {
        fields.insert("state".to_owned(), state.into());
        if json::text(subject.object, "/status/state") != state {
            let stamp = world.stamp();
            fields.insert("lastUpdateTime".to_owned(), stamp.as_str().into());
            fields.insert("stateTransitionTimes".to_owned(), json!({ state: stamp }));
        }
    }
    let conditions = conditions(subject, heads.first(), is_suspended, all, all_ready);
    write_status(world, subject, &status, conditions);
}

/// Where the head is reached: its service has no address of its own.
fn head_of(head: Option<&Pod>, service: &str) -> Value {
    let mut said = json!({ "serviceName": service });
    let fields = json::as_object(&mut said);
    if let Some(head) = head {
        fields.insert("podName".to_owned(), head.stored.key.name.as_str().into());
        let pod = head.stored.value();
        let address = json::text(&pod, "/status/podIP");
        if !address.is_empty() {
            fields.insert("podIP".to_owned(), address.into());
            fields.insert("serviceIP".to_owned(), address.into());
        }
    }
    said
}

/// What the head's pod says of being ready: its condition, or why a container of it is not.
fn readiness(head: &Pod) -> (bool, String, String) {
    let pod = head.stored.value();
    let ready = json::items(&pod, "/status/conditions")
        .iter()
        .find(|known| json::text(known, "/type") == "Ready");
    let Some(ready) = ready else {
        return (false, "Unknown".to_owned(), String::new());
    };
    let is_ready = json::text(ready, "/status") == "True";
    let (mut reason, mut message) = (
        json::text(ready, "/reason").to_owned(),
        json::text(ready, "/message").to_owned(),
    );
    if reason == "ContainersNotReady" {
        let statuses = json::items(&pod, "/status/containerStatuses").iter();
        let said = statuses
            .filter(|status| !json::flag(status, "/ready"))
            .find_map(|status| {
                let states = [
                    status.pointer("/state/waiting"),
                    status.pointer("/state/terminated"),
                ];
                let state = states.into_iter().flatten().next()?;
                let name = json::text(status, "/name");
                Some((
                    json::text(state, "/reason").to_owned(),
                    format!("{name}: {}", json::text(state, "/message")),
                ))
            });
        if let Some((why, what)) = said {
            let between = if message.is_empty() { "" } else { "; " };
            message = format!("{message}{between}{what}");
            reason = why;
        }
    }
    if reason.is_empty() {
        let default = if is_ready {
            "HeadPodRunningAndReady"
        } else {
            "Unknown"
        };
        default.clone_into(&mut reason);
    }
    (is_ready, reason, message)
}

fn runs_ready(pod: &Pod) -> bool {
    pod.phase == Phase::Running && pod.is_ready
}

/// How many workers a cluster wants and may have.
struct Replicas {
    wanted: u64,
    least: u64,
    most: u64,
}

impl Replicas {
    /// Without bounds a group has none and as many as a number of 32 bits can say.
    fn of(spec: &Value) -> Self {
        let sum = |of: &dyn Fn(&Value) -> u64| {
            let groups = json::items(spec, "/workerGroupSpecs").iter();
            groups.map(of).sum::<u64>()
        };
        let most = u64::from(i32::MAX.unsigned_abs());
        Self {
            wanted: sum(&|group| json::count(group, "/replicas")),
            least: sum(&|group| json::count(group, "/minReplicas")),
            most: sum(&|group| json::count_or(group, "/maxReplicas", most)).min(most),
        }
    }
}

/// What a cluster wants in all.
fn desired(spec: &Value) -> [(String, Value); 4] {
    let mut total = Amounts::new();
    let mut add = |template: Option<&Value>, count: u64| {
        for (resource, amount) in template.map(capacity::requests).unwrap_or_default() {
            *total.entry(resource).or_default() += amount * count;
        }
    };
    add(spec.pointer("/headGroupSpec/template"), 1);
    for group in json::items(spec, "/workerGroupSpecs") {
        add(group.get("template"), json::count(group, "/replicas"));
    }
    let of = |resource: &str| {
        let amount = total.get(resource).copied().unwrap_or(0);
        Value::from(queueing::quantity(resource, amount))
    };
    [
        ("desiredCPU".to_owned(), of("cpu")),
        ("desiredMemory".to_owned(), of("memory")),
        ("desiredGPU".to_owned(), of("nvidia.com/gpu")),
        ("desiredTPU".to_owned(), of("google.com/tpu")),
    ]
}

/// What the conditions are now. That all was there for the first time stays said, until the
/// cluster is suspended.
fn conditions(
    subject: &Subject<'_>,
    head: Option<&Pod>,
    is_suspended: bool,
    pods: usize,
    all_ready: bool,
) -> Conditions {
    let (is_head_ready, reason, message) = head.map_or_else(
        || {
            (
                false,
                "HeadPodNotFound".to_owned(),
                "Head Pod not found".to_owned(),
            )
        },
        readiness,
    );
    let was_provisioned = json::items(subject.object, "/status/conditions")
        .iter()
        .any(|known| {
            json::text(known, "/type") == "RayClusterProvisioned"
                && json::text(known, "/status") == "True"
        });
    let is_down = is_suspended && pods == 0;
    let is_provisioned = !is_down && (was_provisioned || all_ready);
    let (why, what) = match (is_provisioned, is_down) {
        (true, _) => (
            "AllPodRunningAndReadyFirstTime",
            "All Ray Pods are ready for the first time",
        ),
        (false, true) => (
            "RayClusterPodsProvisioning",
            "RayCluster has been suspended",
        ),
        (false, false) => (
            "RayClusterPodsProvisioning",
            "RayCluster Pods are being provisioned for first time",
        ),
    };
    let (suspended, suspending) = ("RayClusterSuspended", "RayClusterSuspending");
    Conditions::new()
        .and("HeadPodReady", is_head_ready, &reason, &message)
        .and("RayClusterProvisioned", is_provisioned, why, what)
        .and(suspended, is_down, suspended, "")
        .and(suspending, is_suspended && pods > 0, suspending, "")
}
