//! Claims: bound where something fits, told why not where nothing does, kept while a pod uses them.

use serde_json::{Value, json};
use strata_domain::ids::ObjectKey;

use super::{
    claim_kind, is_bound, matching, provisioning, remove_finalizer, resizing, tell, volume_kind,
};
use crate::{
    actors::{Subject, events::Event},
    json,
    store::Stored,
    world::{World, pod_kind},
};

const PROTECTION: &str = "kubernetes.io/pvc-protection";
const BOUND_BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";
const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let (stored, claim) = (subject.stored, subject.object);
    if stored.is_ending && world.volumes.users(&stored.key).next().is_none() {
        return remove_finalizer(world, &claim_kind(), &stored.key, PROTECTION);
    }
    if is_bound(claim) || has_annotation(claim, BIND_COMPLETED) {
        return keep(world, stored, claim);
    }
    if stored.is_ending {
        return;
    }
    let name = json::text(claim, "/spec/volumeName");
    if name.is_empty() {
        look_for_a_volume(world, stored, claim);
    } else {
        take_named(world, stored, claim, name);
    }
}

/// A bound claim has its volume, or has lost it; it may want a larger one.
fn keep(world: &mut World, stored: &Stored, claim: &Value) {
    let key = ObjectKey::new("", json::text(claim, "/spec/volumeName"));
    if let Some(volume) = world.store.get(&volume_kind(), &key) {
        return resizing::consider(world, stored, claim, &volume);
    }
    // What a scenario writes as bound has no volume to look at.
    if has_annotation(claim, BIND_COMPLETED) && json::text(claim, "/status/phase") != "Lost" {
        world.store.update(&claim_kind(), &stored.key, |claim| {
            json::object_at(claim, "status").insert("phase".to_owned(), "Lost".into());
        });
        let message = "Bound claim has lost its PersistentVolume. Data on the volume is lost!";
        tell(world, stored, Event::warning("ClaimLost", message));
    }
}

fn look_for_a_volume(world: &mut World, stored: &Stored, claim: &Value) {
    if claim.pointer("/spec/storageClassName").is_none() && give_default_class(world, stored) {
        return;
    }
    let class = json::text(claim, "/spec/storageClassName");
    let waits = super::waits_for_a_pod(world, class);
    let found = matching::find(world, stored, claim, None).filter(|volume| {
        // What waits for its pod takes only what is set aside for it.
        !waits || volume.value().pointer("/spec/claimRef").is_some()
    });
    if let Some(volume) = found {
        return bind(world, stored, &volume);
    }
    if waits && !has_annotation(claim, super::SELECTED_NODE) {
        return tell_waiting(world, stored);
    }
    if class.is_empty() {
        let message = "no persistent volumes available for this claim and no storage class is set";
        return tell(world, stored, Event::normal("FailedBinding", message));
    }
    provisioning::provision(world, stored, claim, class);
}

/// Says that the claim waits for a pod, or for the scheduler to place the pod.
fn tell_waiting(world: &mut World, stored: &Stored) {
    let unplaced: Vec<String> = world
        .volumes
        .users(&stored.key)
        .filter(|key| {
            let pod = world.store.get(&pod_kind(), key);
            pod.is_some_and(|pod| json::text(&pod.value(), "/spec/nodeName").is_empty())
        })
        .map(|key| key.name.to_string())
        .collect();
    let event = match unplaced.as_slice() {
        [] => {
            let message = "waiting for first consumer to be created before binding";
            Event::normal("WaitForFirstConsumer", message)
        }
        [only] => Event::normal(
            "WaitForPodScheduled",
            format!("waiting for pod {only} to be scheduled"),
        ),
        several => Event::normal(
            "WaitForPodScheduled",
            format!("waiting for pods {} to be scheduled", several.join(",")),
        ),
    };
    tell(world, stored, event);
}

/// A claim from before there was a default class gets that one.
fn give_default_class(world: &mut World, stored: &Stored) -> bool {
    let classes = world.store.list(&super::class_kind(), "");
    let pointer = "/metadata/annotations/storageclass.kubernetes.io~1is-default-class";
    let default = classes
        .iter()
        .find(|class| json::text(&class.value(), pointer) == "true");
    let Some(name) = default.map(|class| class.key.name.to_string()) else {
        return false;
    };
    world.store.update(&claim_kind(), &stored.key, |claim| {
        json::object_at(claim, "spec").insert("storageClassName".to_owned(), name.into());
    });
    true
}

/// Takes the volume that the claim asks for by name.
fn take_named(world: &mut World, stored: &Stored, claim: &Value, name: &str) {
    let Some(volume) = world.store.get(&volume_kind(), &ObjectKey::new("", name)) else {
        return;
    };
    let object = volume.value();
    if object.pointer("/spec/claimRef").is_none() {
        if let Some(why) = matching::mismatch(&object, claim) {
            let message = format!("Cannot bind to requested volume {name:?}: {why}");
            return tell(world, stored, Event::warning("VolumeMismatch", message));
        }
    } else if !matching::is_for(&object, stored) {
        let message = format!("volume {name:?} already bound to a different claim.");
        return tell(world, stored, Event::warning("FailedBinding", message));
    }
    bind(world, stored, &volume);
}

/// Binds a claim and a volume to each other.
fn bind(world: &mut World, stored: &Stored, volume: &Stored) {
    set_aside(world, stored, volume);
    // The volume says that it is bound when its claim has taken it.
    world.enqueue(volume_kind(), volume.key.clone());
    let volume = volume.value();
    world.store.update(&claim_kind(), &stored.key, |claim| {
        let was_named = !json::text(claim, "/spec/volumeName").is_empty();
        let name = json::text(&volume, "/metadata/name").to_owned();
        json::object_at(claim, "spec").insert("volumeName".to_owned(), name.into());
        json::annotate(claim, BIND_COMPLETED, "yes");
        if !was_named {
            json::annotate(claim, BOUND_BY_CONTROLLER, "yes");
        }
        let status = json::object_at(claim, "status");
        status.insert("phase".to_owned(), "Bound".into());
        for (field, from) in [("accessModes", "accessModes"), ("capacity", "capacity")] {
            let value = volume.pointer(&format!("/spec/{from}")).cloned();
            status.insert(field.to_owned(), value.unwrap_or_default());
        }
    });
}

/// Sets a volume aside for a claim.
pub(in crate::actors) fn set_aside(world: &mut World, claim: &Stored, volume: &Stored) {
    world.store.update(&volume_kind(), &volume.key, |volume| {
        let was_set_aside = volume.pointer("/spec/claimRef").is_some();
        let reference = json!({
            "kind": "PersistentVolumeClaim",
            "namespace": claim.key.namespace.as_str(),
            "name": claim.key.name.as_str(),
            "uid": claim.uid.as_str(),
            "apiVersion": "v1",
            "resourceVersion": claim.version.to_string(),
        });
        let has_uid = !json::text(volume, "/spec/claimRef/uid").is_empty();
        if !has_uid {
            json::object_at(volume, "spec").insert("claimRef".to_owned(), reference);
        }
        if !was_set_aside {
            json::annotate(volume, BOUND_BY_CONTROLLER, "yes");
        }
    });
}

pub(super) fn has_annotation(object: &Value, name: &str) -> bool {
    object
        .pointer("/metadata/annotations")
        .is_some_and(|annotations| annotations.get(name).is_some())
}
