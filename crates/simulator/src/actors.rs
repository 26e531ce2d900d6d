//! Who acts in the cluster: scheduler, kubelets, controllers, operators, and fate.

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{
    store::{Reference, Stored},
    world::World,
};

pub(crate) mod capacity;
mod claims;
pub(crate) mod controllers;
pub(crate) mod disruption;
pub(crate) mod events;
pub(crate) mod failure;
mod garbage;
pub(crate) mod kubelet;
mod namespaces;
pub(crate) mod nodes;
mod operators;
pub(crate) mod pods;
pub(crate) mod queueing;
pub(crate) mod quotas;
mod roles;
pub(crate) mod scheduler;
pub(crate) mod storyteller;
pub(crate) mod volumes;

/// Lets whoever minds objects of `kind` move the object `key` a step.
pub(crate) fn reconcile(world: &mut World, kind: &GroupKind, key: &ObjectKey) {
    let Some(stored) = world.store.get(kind, key) else {
        return;
    };
    let object = stored.value();
    let subject = Subject {
        kind,
        stored: &stored,
        object: &object,
    };
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") => {
            claims::reconcile(world, &subject);
            queueing::reconcile_pod(world, &subject);
            scheduler::consider(world, &subject);
            kubelet::consider(world, &subject);
        }
        ("", "Node") => nodes::reconcile(world, &subject),
        ("", "Namespace") => namespaces::reconcile(world, &subject),
        ("rbac.authorization.k8s.io", "ClusterRole") => roles::reconcile(world),
        ("", "PersistentVolumeClaim" | "PersistentVolume") | ("storage.k8s.io", "StorageClass") => {
            volumes::reconcile(world, &subject);
        }
        ("kueue.x-k8s.io", _) => queueing::reconcile(world, &subject),
        ("apps" | "autoscaling" | "batch", _) => controllers::reconcile(world, &subject),
        _ => operators::reconcile(world, &subject),
    }
}

/// An object that an actor looks at.
pub(crate) struct Subject<'a> {
    pub(crate) kind: &'a GroupKind,
    pub(crate) stored: &'a Stored,
    /// The object, parsed.
    pub(crate) object: &'a Value,
}

/// Keeps what actors remember of a present object current.
pub(crate) fn observe(world: &mut World, kind: &GroupKind, stored: &Stored) {
    garbage::consider(world, kind, stored);
    disruption::observe(world, kind, stored);
    controllers::observe(world, kind, stored);
    volumes::observe(world, kind, stored);
    world
        .quotas
        .observe(&world.store, kind, stored, world.clock.now());
    world
        .inventory
        .observe(&world.store, kind, stored, world.now());
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Node") => {
            world.capacity.put_node(stored);
            world.room_was_made = true;
        }
        ("", "Pod") if world.capacity.put_pod(stored) => {
            world.room_was_made = true;
        }
        ("resource.k8s.io", "ResourceSlice") => world.capacity.put_slice(stored),
        _ => {}
    }
}

/// Forgets what actors remember of an object that is gone.
pub(crate) fn forget(world: &mut World, reference: &Reference) {
    garbage::bereave(world, reference);
    disruption::observe(world, &reference.kind, &reference.last);
    controllers::forget(world, reference);
    namespaces::miss(world, reference);
    volumes::forget(world, reference);
    world.quotas.forget(reference);
    world.refused.remove(&reference.uid);
    world.inventory.forget(reference, world.now());
    match (reference.kind.group.as_str(), reference.kind.kind.as_str()) {
        ("", "Node") => world.capacity.remove_node(&reference.key.name),
        ("", "Pod") => {
            world.unschedulable.remove(&reference.key);
            world.troubled.remove(&reference.uid);
            world.stopping.remove(&reference.uid);
            world.kubelets.forget(&reference.uid);
            if world.capacity.remove_pod(&reference.uid) {
                world.room_was_made = true;
            }
        }
        ("batch", "Job") => {
            world.job_failures.remove(&reference.uid);
        }
        ("kueue.x-k8s.io", _) => world.queues_changed = true,
        _ => {}
    }
}
