//! The garbage collector: what becomes of dependents when their owner goes, and of objects whose
//! owner is not there.
//!
//! As the real one decides (`k8s.io/kubernetes/pkg/controller/garbagecollector`): an object goes
//! when the last of its owners is gone, and an owner that goes in the foreground waits for those
//! dependents that say it has to.

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use super::events::Event;
use crate::{
    json,
    store::{
        Owner, Reference, Stored,
        removal::{self, FOREGROUND, ORPHAN, Propagation, Removal},
    },
    world::{World, namespace_kind},
};

/// How an owner is, from the view of a dependent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OwnerState {
    /// It is there, and the dependent with it.
    Solid,
    /// It waits for its dependents to go.
    Waiting,
    /// There is none.
    Absent,
}

/// Looks at an object that is new or changed.
pub(crate) fn consider(world: &mut World, kind: &GroupKind, stored: &Stored) {
    if stored.is_ending {
        let finalizers = removal::finalizers(&stored.value());
        if finalizers.iter().any(|finalizer| finalizer == ORPHAN) {
            orphan_dependents(world, kind, stored);
        } else if finalizers.iter().any(|finalizer| finalizer == FOREGROUND) {
            for (kind, key) in world.store.all_dependents(&stored.uid) {
                attempt(world, &kind, &key);
            }
            release(world, kind, stored);
        }
    } else if !stored.owners.is_empty() {
        attempt(world, kind, &stored.key);
    }
}

/// Looks at what an object that is gone leaves behind: its dependents, and owners that waited for it.
pub(crate) fn bereave(world: &mut World, gone: &Reference) {
    for (kind, key) in world.store.all_dependents(&gone.uid) {
        attempt(world, &kind, &key);
    }
    for owner in &gone.last.owners {
        if let Some(stored) = find(world, &gone.key.namespace, owner).filter(|it| it.is_ending) {
            release(world, &owner.kind, &stored);
        }
    }
}

/// Deletes the object if none of its owners holds it; else takes those away that do not.
fn attempt(world: &mut World, kind: &GroupKind, key: &ObjectKey) {
    let Some(stored) = world.store.get(kind, key).filter(|it| !it.is_ending) else {
        return;
    };
    let states: Vec<(&Owner, OwnerState)> = stored
        .owners
        .iter()
        .map(|owner| (owner, state(world, &key.namespace, owner)))
        .collect();
    let let_go: Vec<&Owner> = states
        .iter()
        .filter(|(_, state)| *state != OwnerState::Solid)
        .map(|(owner, _)| *owner)
        .collect();
    if let_go.is_empty() {
        return;
    }
    for (owner, _) in states.iter().filter(|(_, it)| *it == OwnerState::Absent) {
        report_other_namespace(world, kind, &stored, owner);
    }
    if let_go.len() < states.len() {
        world.store.update(kind, key, |object| {
            drop_owners(object, |uid| let_go.iter().any(|owner| owner.uid == uid));
        });
        return;
    }
    let is_awaited = states.iter().any(|(_, it)| *it == OwnerState::Waiting);
    let removal = if is_awaited && !world.store.all_dependents(&stored.uid).is_empty() {
        Removal::with(Propagation::Foreground)
    } else {
        let known = removal::finalizers(&stored.value());
        let propagation = removal::asked_before(&known).unwrap_or(Propagation::Background);
        Removal::with(propagation)
    };
    world.remove(kind, key, &removal);
}

/// Lets the dependents of an object stay without it, then lets it go.
fn orphan_dependents(world: &mut World, kind: &GroupKind, stored: &Stored) {
    for (dependent, key) in world.store.all_dependents(&stored.uid) {
        world.store.update(&dependent, &key, |object| {
            drop_owners(object, |uid| stored.uid == uid);
        });
    }
    drop_finalizer(world, kind, stored, ORPHAN);
}

/// Lets an owner that waits for its dependents go, if none that it waits for is left.
fn release(world: &mut World, kind: &GroupKind, stored: &Stored) {
    if !world.store.has_blocking_dependents(&stored.uid) {
        drop_finalizer(world, kind, stored, FOREGROUND);
    }
}

fn drop_finalizer(world: &mut World, kind: &GroupKind, stored: &Stored, finalizer: &str) {
    world.store.update(kind, &stored.key, |object| {
        let metadata = json::object_at(object, "metadata");
        if let Some(finalizers) = metadata.get_mut("finalizers").and_then(Value::as_array_mut) {
            finalizers.retain(|known| known != finalizer);
            if finalizers.is_empty() {
                metadata.remove("finalizers");
            }
        }
    });
}

fn drop_owners(object: &mut Value, is_let_go: impl Fn(&str) -> bool) {
    let metadata = json::object_at(object, "metadata");
    let references = metadata.get_mut("ownerReferences");
    if let Some(references) = references.and_then(Value::as_array_mut) {
        references.retain(|reference| !is_let_go(json::text(reference, "/uid")));
        if references.is_empty() {
            metadata.remove("ownerReferences");
        }
    }
}

fn state(world: &World, namespace: &str, owner: &Owner) -> OwnerState {
    match find(world, namespace, owner) {
        None => OwnerState::Absent,
        Some(stored) if stored.is_ending => {
            let finalizers = removal::finalizers(&stored.value());
            if finalizers.iter().any(|finalizer| finalizer == FOREGROUND) {
                OwnerState::Waiting
            } else {
                OwnerState::Solid
            }
        }
        Some(_) => OwnerState::Solid,
    }
}

/// The owner that a dependent in `namespace` names: there, or an object of the whole cluster.
fn find(world: &World, namespace: &str, owner: &Owner) -> Option<std::sync::Arc<Stored>> {
    [namespace, ""].into_iter().find_map(|namespace| {
        let key = ObjectKey::new(namespace, owner.name.clone());
        let stored = world.store.get(&owner.kind, &key)?;
        (stored.uid == owner.uid).then_some(stored)
    })
}

/// Says so where an absent owner is there, but in another namespace.
fn report_other_namespace(world: &mut World, kind: &GroupKind, stored: &Stored, owner: &Owner) {
    let is_elsewhere = world
        .store
        .list(&namespace_kind(), "")
        .into_iter()
        .any(|namespace| {
            let key = ObjectKey::new(namespace.key.name.clone(), owner.name.clone());
            let found = world.store.get(&owner.kind, &key);
            found.is_some_and(|found| found.uid == owner.uid)
        });
    if !is_elsewhere {
        return;
    }
    let object = stored.value();
    let reference = json::items(&object, "/metadata/ownerReferences")
        .iter()
        .find(|reference| owner.uid == json::text(reference, "/uid"));
    let api_version = reference.map_or("", |reference| json::text(reference, "/apiVersion"));
    let namespace = &stored.key.namespace;
    let message = format!(
        "ownerRef [{api_version}/{}, namespace: {namespace}, name: {}, uid: {}] does not exist in \
         namespace \"{namespace}\"",
        owner.kind.kind, owner.name, owner.uid
    );
    Event::warning("OwnerRefInvalidNamespace", message)
        .by("garbage-collector-controller")
        .record(world, kind, stored);
}
