//! The scheduler: puts pods on nodes that have room, and says why it cannot.
//!
//! Each node is filtered as the real scheduler's plugins do, in their order; the first that refuses
//! it gives the reason.

use std::collections::HashSet;

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

pub(super) use self::affinity::is_fulfilled;
use self::{
    misfit::{Misfit, Obstacle},
    neighbours::Neighbours,
    preemption::Outcome,
    volumes::Claims,
};

pub(in crate::actors) mod affinity;
mod misfit;
mod neighbours;
mod preemption;
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
    if let Some(node) = world.capacity.node_of(&subject.stored.uid).cloned() {
        return await_volumes(world, subject.stored, pod, &node);
    }
    let search = match Search::of(world, subject.stored, pod) {
        Ok(search) => search,
        Err(why) => {
            let misfit = Misfit::whole(world.capacity.count(), why);
            return refuse(world, subject.stored, &misfit.with(pod, ""));
        }
    };
    // Nothing is looked for while the pods go that make room for this one.
    if let Some(node) = preemption::nomination(pod)
        && preemption::is_under_way(world, node, search.priority)
    {
        world.unschedulable.insert(subject.stored.key.clone());
        return;
    }
    match search.choose(world) {
        Ok(node) if search.claims.are_bound() => bind(world, subject.stored, pod, &node),
        Ok(node) => {
            world.unschedulable.remove(&subject.stored.key);
            let amounts = search.wanted.clone();
            world.capacity.place(subject.stored, pod, &node, amounts);
            search.claims.prepare(world, subject.stored, &node);
        }
        Err(misfit) => make_room(world, &search, &misfit),
    }
}

/// Preempts others for a pod that fits nowhere, or says why that does not help.
fn make_room(world: &mut World, search: &Search<'_>, misfit: &Misfit) {
    let Search { stored, pod, .. } = *search;
    match preemption::attempt(world, search, misfit) {
        Outcome::Nominated(node) => {
            let amounts = search.wanted.clone();
            world
                .capacity
                .nominate(&stored.uid, &node, search.priority, amounts);
            refuse(world, stored, &misfit.sentence());
            preemption::nominate(world, stored, Some(&node));
        }
        Outcome::Refused(why) => {
            refuse(world, stored, &misfit.with(pod, &why));
            if preemption::nomination(pod).is_some() {
                world.capacity.forget_nomination(&stored.uid);
                preemption::nominate(world, stored, None);
            }
        }
    }
}

/// Goes on with a pod that has a place, and whose volumes were made meanwhile.
fn await_volumes(world: &mut World, stored: &Stored, pod: &Value, node: &Text) {
    let why = match Claims::of(world, pod) {
        Ok(claims) if claims.are_bound() => {
            world.volumes.stop_waiting(&stored.uid);
            return bind(world, stored, pod, node);
        }
        Ok(_) if !world.volumes.is_overdue(&stored.uid, world.now()) => return,
        Ok(_) => volumes::TIMED_OUT.to_owned(),
        Err(why) => {
            let misfit = Misfit::whole(world.capacity.count(), why);
            misfit.with(pod, "")
        }
    };
    world.volumes.stop_waiting(&stored.uid);
    world.capacity.remove_pod(&stored.uid);
    refuse(world, stored, &why);
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

/// The search for a node for a pod, and what it depends on.
struct Search<'a> {
    stored: &'a Stored,
    pod: &'a Value,
    priority: i64,
    wanted: Amounts,
    devices: usize,
    claims: Claims,
    neighbours: Neighbours,
}

impl<'a> Search<'a> {
    /// The search for `pod`, or why there is no use in it.
    fn of(world: &World, stored: &'a Stored, pod: &'a Value) -> Result<Self, String> {
        Ok(Self {
            stored,
            pod,
            priority: capacity::priority(pod),
            wanted: capacity::requests(pod),
            devices: claims::devices_wanted(world, pod),
            claims: Claims::of(world, pod)?,
            neighbours: Neighbours::without(world, stored, pod, &HashSet::new()),
        })
    }

    /// The best node, or why there is none.
    fn choose(&self, world: &World) -> Result<Text, Misfit> {
        let nodes = world.capacity.count();
        let mut misfit = Misfit::of(nodes);
        let nothing = Amounts::new();
        let mut best: Option<(i64, u64, &Text)> = None;
        let named = affinity::nodes_named(self.pod);
        let mut looked_at = 0;
        for (name, room) in world.capacity.among(named.as_ref()) {
            looked_at += 1;
            match self.obstacle(world, name, room, &self.neighbours, &nothing) {
                None => {
                    let liking = affinity::preference(self.pod, name, room);
                    let score = (liking, score(room, &self.wanted, self.devices));
                    if best.is_none_or(|(liking, known, _)| score > (liking, known)) {
                        best = Some((score.0, score.1, name));
                    }
                }
                Some(obstacle) => misfit.add(name, &obstacle),
            }
        }
        misfit.leave_out(nodes - looked_at);
        best.map(|(_, _, name)| name.clone()).ok_or(misfit)
    }

    /// Why the node `name` would not do either if the pods `gone` had given it back `freed`.
    fn obstacle_without(
        &self,
        world: &World,
        name: &Text,
        gone: &HashSet<Text>,
        freed: &Amounts,
    ) -> Option<Obstacle> {
        let room = world.capacity.node(name)?;
        if !self.neighbours.matter_to(self.pod) {
            return self.obstacle(world, name, room, &self.neighbours, freed);
        }
        let neighbours = Neighbours::without(world, self.stored, self.pod, gone);
        self.obstacle(world, name, room, &neighbours, freed)
    }

    /// Why the node will not do; nothing where it will.
    fn obstacle(
        &self,
        world: &World,
        name: &str,
        room: &NodeRoom,
        neighbours: &Neighbours,
        freed: &Amounts,
    ) -> Option<Obstacle> {
        let pod = self.pod;
        let for_good = |reason: &str| Some(Obstacle::for_good(reason));
        if let Some(taint) = room.untolerated(pod) {
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
        let kept = world
            .capacity
            .kept_from(&self.stored.uid, self.priority, name);
        let lacking = room.lacks_after(&self.wanted, freed, &kept);
        if !lacking.is_empty() {
            let reasons = lacking
                .into_iter()
                .map(|resource| match resource {
                    "pods" => "Too many pods".to_owned(),
                    resource => format!("Insufficient {resource}"),
                })
                .collect();
            // What a node does not have at all nobody can give back.
            return Some(Obstacle {
                reasons,
                is_for_good: !room.could_hold(&self.wanted),
            });
        }
        let obstacle = self.claims.obstacle(world, name, room);
        if let Some(obstacle) = obstacle.or_else(|| neighbours.obstacle(room)) {
            return Some(obstacle);
        }
        if self.devices > room.free_devices() {
            return for_good("cannot allocate all claims");
        }
        None
    }
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
    if !world.capacity.is_on(&stored.uid, node) {
        let amounts = capacity::requests(pod);
        world.capacity.place(stored, pod, node, amounts);
    }
    claims::allocate(world, stored, pod, node);
    let stamp = world.stamp();
    world.store.update(&pod_kind(), &stored.key, |pod| {
        json::object_at(pod, "spec").insert("nodeName".to_owned(), node.into());
        kubelet::set_condition(pod, "PodScheduled", "True", None, &stamp);
        json::object_at(pod, "status").remove("nominatedNodeName");
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
