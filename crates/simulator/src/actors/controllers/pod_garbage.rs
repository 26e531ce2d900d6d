//! The pod garbage collector: what becomes of pods whose node is gone.
//!
//! Source: `pkg/controller/podgc` of Kubernetes 1.36. It looks every 20 seconds for pods on nodes
//! that are not there, and deletes them if the node is still missing 40 seconds later.

use std::time::Duration;

use jiff::Timestamp;
use strata_domain::{ids::GroupKind, text::Text};

use crate::{
    actors::{kubelet::set_condition, pods},
    clock, json,
    store::{Stored, removal::Removal},
    world::{World, agenda::Deed, pod_kind},
};

/// How often it looks, in seconds.
const PERIOD: i64 = 20;
/// How long a node may be missing.
const QUARANTINE: Duration = Duration::from_secs(40);

/// Takes note of a pod: its node may be gone already.
pub(super) fn observe(world: &mut World, kind: &GroupKind, stored: &Stored) {
    let is_pod = kind.group.is_empty() && kind.kind == "Pod";
    if !is_pod || world.capacity.room_of(&stored.uid).is_some() {
        return;
    }
    let node = pods::node_of(stored);
    if !node.is_empty() && world.capacity.room(&node).is_none() {
        quarantine(world, &node);
    }
}

/// Takes note of a node that is gone.
pub(super) fn forget(world: &mut World, kind: &GroupKind, name: &Text) {
    if kind.group.is_empty() && kind.kind == "Node" {
        quarantine(world, name);
    }
}

/// Plans to look whether the node is still missing; where that is planned already, it is so once.
fn quarantine(world: &mut World, node: &Text) {
    if !world.controllers.missing.insert(node.clone()) {
        return;
    }
    let seen = (world.now().as_second().div_euclid(PERIOD) + 1) * PERIOD;
    let seen = Timestamp::from_second(seen).unwrap_or(Timestamp::MAX);
    let at = clock::later(seen, QUARANTINE);
    world.agenda.plan(at, Deed::NodeMissing(node.clone()));
}

/// Deletes the pods of a node that is still missing.
pub(crate) fn collect(world: &mut World, node: &Text) {
    world.controllers.missing.remove(node);
    if world.capacity.room(node).is_some() {
        return;
    }
    for key in world.inventory.pods_on(node) {
        let stamp = world.stamp();
        world.store.update(&pod_kind(), &key, |pod| {
            if ["Succeeded", "Failed"].contains(&json::text(pod, "/status/phase")) {
                return;
            }
            json::object_at(pod, "status").insert("phase".to_owned(), "Failed".into());
            let why = ("DeletionByPodGC", "PodGC: node no longer exists");
            set_condition(pod, "DisruptionTarget", "True", Some(why), &stamp);
        });
        let removal = Removal {
            grace_seconds: Some(0),
            ..Removal::background()
        };
        world.remove(&pod_kind(), &key, &removal);
    }
}
