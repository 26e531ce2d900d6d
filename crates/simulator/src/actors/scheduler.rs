//! The scheduler: puts pods on nodes that have room, and says why it cannot.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strata_domain::{ids::ObjectKey, text::Text};

use super::{
    Subject, capacity,
    capacity::{Amounts, NodeRoom},
    claims,
    events::Event,
    kubelet,
};
use crate::{
    json,
    store::Stored,
    world::{World, pod_kind},
};

/// Binds a pod that has no node, or says why not.
pub(super) fn consider(world: &mut World, subject: &Subject<'_>) {
    let pod = subject.object;
    let is_waiting = json::text(pod, "/spec/nodeName").is_empty()
        && json::text(pod, "/status/phase") == "Pending"
        && pod.pointer("/metadata/deletionTimestamp").is_none();
    if !is_waiting {
        return;
    }
    if !json::items(pod, "/spec/schedulingGates").is_empty() {
        return;
    }
    match choose(world, pod) {
        Ok(node) => bind(world, subject.stored, pod, &node),
        Err(message) => refuse(world, subject.stored, &message),
    }
}

/// Tries again what did not fit.
pub(crate) fn retry(world: &mut World) {
    let waiting: Vec<ObjectKey> = world.unschedulable.iter().cloned().collect();
    for key in waiting {
        world.enqueue(pod_kind(), key);
    }
}

/// The best node for `pod`, or the scheduler's sentence about why there is none.
pub(super) fn choose(world: &World, pod: &Value) -> Result<Text, String> {
    let wanted = capacity::requests(pod);
    let devices = claims::devices_wanted(world, pod);
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut best: Option<(u64, &Text)> = None;
    let mut count = 0;
    for (name, room) in world.capacity.nodes() {
        count += 1;
        let obstacles = obstacles(room, pod, &wanted, devices);
        if obstacles.is_empty() {
            let score = score(room, &wanted, devices);
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, name));
            }
        }
        for obstacle in obstacles {
            *reasons.entry(obstacle).or_default() += 1;
        }
    }
    best.map(|(_, name)| name.clone())
        .ok_or_else(|| sentence(count, &reasons))
}

/// Why the node will not do, in the words of the scheduler's plugins; nothing where it will.
fn obstacles(room: &NodeRoom, pod: &Value, wanted: &Amounts, devices: usize) -> Vec<String> {
    // As the real scheduler: the first plugin that refuses a node gives the reason.
    let untolerated = room
        .taints
        .iter()
        .filter(|taint| taint.effect != "PreferNoSchedule")
        .find(|taint| !taint.is_tolerated(pod));
    if let Some(taint) = untolerated {
        if taint.key == "node.kubernetes.io/unschedulable" {
            return vec!["node(s) were unschedulable".to_owned()];
        }
        let (key, value) = (&taint.key, &taint.value);
        return vec![format!("node(s) had untolerated taint {{{key}: {value}}}")];
    }
    let selector = pod.pointer("/spec/nodeSelector").and_then(Value::as_object);
    let matches = selector
        .into_iter()
        .flatten()
        .all(|(label, value)| room.labels.get(label).map(String::as_str) == value.as_str());
    if !matches {
        return vec!["node(s) didn't match Pod's node affinity/selector".to_owned()];
    }
    let lacking = room.lacks(wanted);
    if !lacking.is_empty() {
        return lacking
            .into_iter()
            .map(|resource| match resource {
                "pods" => "Too many pods".to_owned(),
                resource => format!("Insufficient {resource}"),
            })
            .collect();
    }
    if devices > room.free_devices() {
        return vec!["cannot allocate all claims".to_owned()];
    }
    Vec::new()
}

/// Pods with accelerators fill nodes up, so that whole nodes stay free for large jobs; others
/// spread.
fn score(room: &NodeRoom, wanted: &Amounts, devices: usize) -> u64 {
    let gpus = wanted.get("nvidia.com/gpu").copied().unwrap_or(0);
    if gpus > 0 {
        return u64::MAX - room.left("nvidia.com/gpu");
    }
    if devices > 0 {
        return u64::MAX - u64::try_from(room.free_devices()).unwrap_or(u64::MAX);
    }
    room.left("cpu")
}

/// The sentence of `FitError` (`pkg/scheduler/framework/types.go` of Kubernetes).
fn sentence(nodes: usize, reasons: &BTreeMap<String, usize>) -> String {
    let mut parts: Vec<String> = reasons
        .iter()
        .map(|(reason, count)| format!("{count} {reason}"))
        .collect();
    parts.sort();
    format!(
        "0/{nodes} nodes are available: {}. preemption: 0/{nodes} nodes are available: {nodes} \
         Preemption is not helpful for scheduling.",
        parts.join(", ")
    )
}

fn bind(world: &mut World, stored: &Stored, pod: &Value, node: &str) {
    world.unschedulable.remove(&stored.key);
    world
        .capacity
        .place(stored.uid.clone(), node, capacity::requests(pod));
    claims::allocate(world, stored, pod, node);
    let stamp = world.stamp();
    world.store.update(&pod_kind(), &stored.key, |pod| {
        json::object_at(pod, "spec").insert("nodeName".to_owned(), node.into());
        kubelet::set_condition(pod, "PodScheduled", "True", None, &stamp);
    });
    let message = format!("Successfully assigned {} to {node}", stored.key);
    Event::normal("Scheduled", message)
        .by("default-scheduler")
        .record(world, &pod_kind(), stored);
}

fn refuse(world: &mut World, stored: &Stored, message: &str) {
    let stamp = world.stamp();
    world.unschedulable.insert(stored.key.clone());
    world.store.update(&pod_kind(), &stored.key, |pod| {
        let why = Some(("Unschedulable", message));
        kubelet::set_condition(pod, "PodScheduled", "False", why, &stamp);
        json::object_at(pod, "status")
            .entry("qosClass")
            .or_insert_with(|| json!("Burstable"));
    });
    Event::warning("FailedScheduling", message)
        .by("default-scheduler")
        .record(world, &pod_kind(), stored);
}
