//! The scheduler: puts pods on nodes that have room, and says why it cannot.
//!
//! Each node is filtered as the real scheduler's plugins do, in their order; the first that refuses
//! it gives the reason.

use serde_json::{Value, json};
use strata_domain::{ids::ObjectKey, text::Text};

use super::{
    Subject, capacity,
    capacity::{Amounts, NodeRoom},
    claims,
    events::Event,
    kubelet, nodes,
};
use crate::{
    json,
    store::Stored,
    world::{World, pod_kind},
};

use self::{
    misfit::{Misfit, Obstacle},
    neighbours::Neighbours,
};

pub(in crate::actors) mod affinity;
mod misfit;
mod neighbours;
mod volumes;

/// The scheduler's name, by which pods ask for it.
const NAME: &str = "default-scheduler";

/// Binds a pod that has no node, or says why not.
pub(super) fn consider(world: &mut World, subject: &Subject<'_>) {
    let pod = subject.object;
    let is_waiting = json::text(pod, "/spec/nodeName").is_empty()
        && json::text(pod, "/status/phase") == "Pending"
        && pod.pointer("/metadata/deletionTimestamp").is_none();
    // A pod for another scheduler is none of this one's.
    let is_ours = ["", NAME].contains(&json::text(pod, "/spec/schedulerName"));
    if !is_waiting || !is_ours {
        return;
    }
    if !json::items(pod, "/spec/schedulingGates").is_empty() {
        return hold(world, subject.stored);
    }
    match choose(world, subject.stored, pod) {
        Ok(node) => bind(world, subject.stored, pod, &node),
        Err(misfit) => refuse(world, subject.stored, &misfit.sentence(pod)),
    }
}

/// Tries again what did not fit.
pub(crate) fn retry(world: &mut World) {
    let waiting: Vec<ObjectKey> = world.unschedulable.iter().cloned().collect();
    for key in waiting {
        world.enqueue(pod_kind(), key);
    }
}

/// Says that a pod waits for its gates.
fn hold(world: &mut World, stored: &Stored) {
    let stamp = world.stamp();
    world.store.update(&pod_kind(), &stored.key, |pod| {
        let message = "Scheduling is blocked due to non-empty scheduling gates";
        let why = Some(("SchedulingGated", message));
        kubelet::set_condition(pod, "PodScheduled", "False", why, &stamp);
    });
}

/// The best node for `pod`, or why there is none.
fn choose(world: &World, stored: &Stored, pod: &Value) -> Result<Text, Misfit> {
    let nodes = world.capacity.count();
    if let Some(why) = volumes::obstacle(world, pod) {
        return Err(Misfit::whole(nodes, why));
    }
    let wanted = capacity::requests(pod);
    let devices = claims::devices_wanted(world, pod);
    let neighbours = Neighbours::of(world, stored, pod);
    let mut misfit = Misfit::of(nodes);
    let mut best: Option<(i64, u64, &Text)> = None;
    let named = affinity::nodes_named(pod);
    let mut looked_at = 0;
    for (name, room) in world.capacity.among(named.as_ref()) {
        looked_at += 1;
        match obstacle(name, room, pod, &wanted, devices, &neighbours) {
            None => {
                let liking = affinity::preference(pod, name, room);
                let score = (liking, score(room, &wanted, devices));
                if best.is_none_or(|(liking, known, _)| score > (liking, known)) {
                    best = Some((score.0, score.1, name));
                }
            }
            Some(obstacle) => misfit.add(&obstacle),
        }
    }
    misfit.leave_out(nodes - looked_at);
    best.map(|(_, _, name)| name.clone()).ok_or(misfit)
}

/// Why the node will not do; nothing where it will.
fn obstacle(
    name: &str,
    room: &NodeRoom,
    pod: &Value,
    wanted: &Amounts,
    devices: usize,
    neighbours: &Neighbours,
) -> Option<Obstacle> {
    let for_good = |reason: &str| Some(Obstacle::for_good(reason));
    let untolerated = room
        .taints
        .iter()
        .filter(|taint| taint.effect != "PreferNoSchedule")
        .find(|taint| !taint.is_tolerated(pod));
    if let Some(taint) = untolerated {
        return for_good(if taint.key == nodes::UNSCHEDULABLE {
            "node(s) were unschedulable"
        } else {
            "node(s) had untolerated taint(s)"
        });
    }
    if !affinity::matches(pod, name, room) {
        return for_good("node(s) didn't match Pod's node affinity/selector");
    }
    if neighbours.has_port_conflict(name) {
        let reason = "node(s) didn't have free ports for the requested pod ports";
        return Some(Obstacle::for_now(vec![reason.to_owned()]));
    }
    let lacking = room.lacks(wanted);
    if !lacking.is_empty() {
        let reasons = lacking
            .into_iter()
            .map(|resource| match resource {
                "pods" => "Too many pods".to_owned(),
                resource => format!("Insufficient {resource}"),
            })
            .collect();
        // What a node does not have at all nobody can give back.
        return Some(if room.could_hold(wanted) {
            Obstacle::for_now(reasons)
        } else {
            Obstacle {
                reasons,
                is_for_good: true,
            }
        });
    }
    if let Some(obstacle) = neighbours.obstacle(room) {
        return Some(obstacle);
    }
    if devices > room.free_devices() {
        return for_good("cannot allocate all claims");
    }
    None
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
        .by(NAME)
        .doing("Binding")
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
        .by(NAME)
        .doing("Scheduling")
        .record(world, &pod_kind(), stored);
}
