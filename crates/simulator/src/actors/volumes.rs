//! Volumes: claims are bound to what fits them, or have something made; what nobody claims any more
//! is reclaimed; what is in use does not go.
//!
//! Source: `pkg/controller/volume` of Kubernetes 1.36, and the external provisioner and resizer of
//! `kubernetes-csi`. Read in this order: which volume fits a claim ([`matching`]), claims
//! ([`claim`]), making volumes ([`provisioning`]), growing them ([`resizing`]), volumes ([`volume`]), and
//! which nodes they are attached to ([`attaching`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde_json::Value;
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use super::{Subject, events::Event};
use crate::{
    json,
    store::{Reference, Stored},
    world::{World, pod_kind},
};

pub(super) use self::{
    attaching::{attach, unattachable},
    claim::set_aside,
};

mod attaching;
mod claim;
pub(super) mod matching;
mod provisioning;
mod resizing;
mod volume;

const CONTROLLER: &str = "persistentvolume-controller";

/// Says which node the scheduler has chosen for a claim that waits for its pod.
pub(super) const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";

/// The kind of claims of volumes.
pub(super) fn claim_kind() -> GroupKind {
    GroupKind::new("", "PersistentVolumeClaim")
}

/// The kind of volumes.
pub(super) fn volume_kind() -> GroupKind {
    GroupKind::new("", "PersistentVolume")
}

fn class_kind() -> GroupKind {
    GroupKind::new("storage.k8s.io", "StorageClass")
}

/// Who uses and waits for what.
#[derive(Default)]
pub(crate) struct Volumes {
    /// The pods that use each claim and have not ended.
    users: BTreeMap<ObjectKey, BTreeSet<ObjectKey>>,
    /// The claims of each pod, by its UID.
    claims: HashMap<Text, Vec<ObjectKey>>,
    /// The volumes of each class.
    by_class: BTreeMap<String, BTreeSet<Text>>,
    /// The claims of each class that have no volume.
    waiting: BTreeMap<String, BTreeSet<ObjectKey>>,
    /// When what is done to a claim is done, and until when a pod waits for its volumes, by UID.
    under_way: HashMap<Text, Timestamp>,
}

impl Volumes {
    /// Notes that the pod with `uid` has a place and waits for its volumes, until `deadline`.
    pub(super) fn await_volumes(&mut self, uid: &Text, deadline: Timestamp) {
        self.under_way.insert(uid.clone(), deadline);
    }

    /// Whether it has waited too long.
    pub(super) fn is_overdue(&self, uid: &Text, now: Timestamp) -> bool {
        self.under_way
            .get(uid)
            .is_none_or(|deadline| *deadline <= now)
    }

    pub(super) fn stop_waiting(&mut self, uid: &Text) {
        self.under_way.remove(uid);
    }

    fn users(&self, claim: &ObjectKey) -> impl Iterator<Item = &ObjectKey> {
        self.users.get(claim).into_iter().flatten()
    }

    fn of_class(&self, class: &str) -> impl Iterator<Item = &Text> {
        self.by_class.get(class).into_iter().flatten()
    }

    fn forget_pod(&mut self, uid: &Text, key: &ObjectKey) -> Vec<ObjectKey> {
        let claims = self.claims.remove(uid).unwrap_or_default();
        for claim in &claims {
            if let Some(users) = self.users.get_mut(claim) {
                users.remove(key);
                if users.is_empty() {
                    self.users.remove(claim);
                }
            }
        }
        claims
    }
}

/// Moves a claim, a volume or what waits for a class a step.
pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    match subject.kind.kind.as_str() {
        "PersistentVolumeClaim" => claim::reconcile(world, subject),
        "PersistentVolume" => volume::reconcile(world, subject),
        _ => wake(world, &subject.stored.key.name),
    }
}

/// Lets the claims of `class` that have no volume look again.
fn wake(world: &mut World, class: &str) {
    let waiting = world.volumes.waiting.get(class).cloned();
    for key in waiting.into_iter().flatten() {
        world.enqueue(claim_kind(), key);
    }
}

/// Takes note of who uses a claim, and of what volumes there are.
pub(super) fn observe(world: &mut World, kind: &GroupKind, stored: &Stored) {
    if !kind.group.is_empty() {
        return;
    }
    match kind.kind.as_str() {
        "Pod" => observe_pod(world, stored),
        "PersistentVolume" => {
            let class = json::text(&stored.value(), "/spec/storageClassName").to_owned();
            let of_class = world.volumes.by_class.entry(class).or_default();
            of_class.insert(stored.key.name.clone());
        }
        "PersistentVolumeClaim" => {
            let claim = stored.value();
            let class = json::text(&claim, "/spec/storageClassName").to_owned();
            let waiting = world.volumes.waiting.entry(class).or_default();
            if is_bound(&claim) {
                // Who waited for it to be bound can go on.
                if waiting.remove(&stored.key) {
                    let users: Vec<ObjectKey> = world.volumes.users(&stored.key).cloned().collect();
                    for pod in users {
                        world.enqueue(pod_kind(), pod);
                    }
                }
            } else {
                waiting.insert(stored.key.clone());
            }
        }
        _ => {}
    }
}

fn observe_pod(world: &mut World, stored: &Stored) {
    // Most pods have none; looking for the word is cheaper than reading the pod.
    let says = |word: &str| std::str::from_utf8(&stored.json).is_ok_and(|text| text.contains(word));
    let is_known = world.volumes.claims.contains_key(&stored.uid);
    if !is_known && !says("\"persistentVolumeClaim\"") {
        return;
    }
    let pod = stored.value();
    if ["Succeeded", "Failed"].contains(&json::text(&pod, "/status/phase")) {
        return release(world, &stored.uid, &stored.key, &pod);
    }
    if is_known {
        return;
    }
    let claims: Vec<ObjectKey> = claim_names(&pod)
        .map(|name| ObjectKey::new(stored.key.namespace.clone(), name))
        .collect();
    for claim in &claims {
        let users = world.volumes.users.entry(claim.clone()).or_default();
        users.insert(stored.key.clone());
        world.enqueue(claim_kind(), claim.clone());
    }
    world.volumes.claims.insert(stored.uid.clone(), claims);
}

/// A pod uses its claims no more.
fn release(world: &mut World, uid: &Text, key: &ObjectKey, pod: &Value) {
    let claims = world.volumes.forget_pod(uid, key);
    if claims.is_empty() {
        return;
    }
    attaching::detach(world, pod);
    for claim in claims {
        world.enqueue(claim_kind(), claim);
    }
}

/// Forgets what is gone.
pub(super) fn forget(world: &mut World, gone: &Reference) {
    if !gone.kind.group.is_empty() {
        return;
    }
    match gone.kind.kind.as_str() {
        "Pod" if world.volumes.claims.contains_key(&gone.uid) => {
            release(world, &gone.uid, &gone.key, &gone.last.value());
        }
        "PersistentVolume" => {
            for of_class in world.volumes.by_class.values_mut() {
                of_class.remove(&gone.key.name);
            }
            let volume = gone.last.value();
            let claim = claim_of(&volume);
            if !claim.name.is_empty() {
                world.enqueue(claim_kind(), claim);
            }
        }
        "PersistentVolumeClaim" => {
            world.volumes.under_way.remove(&gone.uid);
            for waiting in world.volumes.waiting.values_mut() {
                waiting.remove(&gone.key);
            }
            let volume = json::text(&gone.last.value(), "/spec/volumeName").to_owned();
            if !volume.is_empty() {
                world.enqueue(volume_kind(), ObjectKey::new("", volume));
            }
        }
        _ => {}
    }
}

/// The names of the claims that a pod's volumes are.
pub(super) fn claim_names(pod: &Value) -> impl Iterator<Item = &str> {
    json::items(pod, "/spec/volumes")
        .iter()
        .map(|volume| json::text(volume, "/persistentVolumeClaim/claimName"))
        .filter(|name| !name.is_empty())
}

/// Whether a claim has its volume, and the controller has said so.
pub(super) fn is_bound(claim: &Value) -> bool {
    !json::text(claim, "/spec/volumeName").is_empty()
        && json::text(claim, "/status/phase") == "Bound"
}

/// The claim that a volume is for.
fn claim_of(volume: &Value) -> ObjectKey {
    ObjectKey::new(
        json::text(volume, "/spec/claimRef/namespace"),
        json::text(volume, "/spec/claimRef/name"),
    )
}

/// Whether claims of `class` get their volume when a pod needs it.
pub(super) fn waits_for_a_pod(world: &World, class: &str) -> bool {
    let class = world.store.get(&class_kind(), &ObjectKey::new("", class));
    class.is_some_and(|class| {
        json::text(&class.value(), "/volumeBindingMode") == "WaitForFirstConsumer"
    })
}

/// Whether volumes are made for a claim like this one.
pub(super) fn is_made_on_demand(world: &World, claim: &Value) -> bool {
    let class = ObjectKey::new("", json::text(claim, "/spec/storageClassName"));
    let class = world.store.get(&class_kind(), &class);
    class.is_some_and(|class| json::text(&class.value(), "/provisioner") != provisioning::NOBODY)
}

/// Removes `finalizer` from an object.
fn remove_finalizer(world: &mut World, kind: &GroupKind, key: &ObjectKey, finalizer: &str) {
    world.store.update(kind, key, |object| {
        if let Some(finalizers) = object
            .pointer_mut("/metadata/finalizers")
            .and_then(Value::as_array_mut)
        {
            finalizers.retain(|known| known != finalizer);
        }
    });
}

/// Tells of a claim.
fn tell(world: &mut World, claim: &Stored, event: Event<'_>) {
    event.by(CONTROLLER).record(world, &claim_kind(), claim);
}
