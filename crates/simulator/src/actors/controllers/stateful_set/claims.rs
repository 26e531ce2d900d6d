//! The claims of a stateful set's pods, and whom they go with.

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{Plan, say};
use crate::{
    actors::{Subject, events::Event},
    json,
    store::{Owner, Stored},
    world::{World, owner_reference},
};

fn kind() -> GroupKind {
    GroupKind::new("", "PersistentVolumeClaim")
}

/// The volumes that the set's templates make for the pod `ordinal`, with the claim of each.
pub(super) fn names<'a>(
    subject: &Subject<'a>,
    ordinal: u64,
) -> impl Iterator<Item = (&'a str, String)> {
    let set = &subject.stored.key.name;
    json::items(subject.object, "/spec/volumeClaimTemplates")
        .iter()
        .map(move |template| {
            let volume = json::text(template, "/metadata/name");
            (volume, format!("{volume}-{set}-{ordinal}"))
        })
}

fn key_of(subject: &Subject<'_>, claim: &str) -> ObjectKey {
    ObjectKey::new(subject.stored.key.namespace.clone(), claim)
}

/// Makes the claims of the pod `ordinal` that are missing; an error where one is being deleted.
pub(super) fn make(world: &mut World, subject: &Subject<'_>, ordinal: u64) -> Result<(), String> {
    let set = &subject.stored.key.name;
    let selected = subject.object.pointer("/spec/selector/matchLabels");
    let templates = json::items(subject.object, "/spec/volumeClaimTemplates");
    let mut ending = Vec::new();
    for (template, (_, name)) in templates.iter().zip(names(subject, ordinal)) {
        if let Some(claim) = world.store.get(&kind(), &key_of(subject, &name)) {
            if claim.is_ending {
                ending.push(format!("pvc {name} is being deleted"));
            }
            continue;
        }
        let mut claim = template.clone();
        let fields = json::as_object(&mut claim);
        fields.remove("kind");
        fields.remove("apiVersion");
        fields.insert("status".to_owned(), json!({ "phase": "Pending" }));
        let metadata = json::object_at(&mut claim, "metadata");
        metadata.remove("creationTimestamp");
        metadata.insert("name".to_owned(), name.as_str().into());
        let namespace = subject.stored.key.namespace.as_str();
        metadata.insert("namespace".to_owned(), namespace.into());
        // So does admission, for every claim.
        let protection = json!(["kubernetes.io/pvc-protection"]);
        metadata.insert("finalizers".to_owned(), protection);
        let labels = metadata.entry("labels").or_insert(Value::Null);
        let selected = selected.and_then(Value::as_object).cloned();
        json::as_object(labels).extend(selected.unwrap_or_default());
        if world.create(&kind(), claim).is_some() {
            let message =
                format!("Create Claim {name} Pod {set}-{ordinal} in StatefulSet {set} success");
            say(world, subject, Event::normal("SuccessfulCreate", message));
        }
    }
    match ending.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        many => Err(format!("[{}]", many.join(", "))),
    }
}

fn policy<'a>(subject: &Subject<'a>, when: &str) -> &'a str {
    let path = format!("/spec/persistentVolumeClaimRetentionPolicy/{when}");
    json::text(subject.object, &path)
}

/// Whether a claim of the pod `ordinal` is about to go with an earlier pod of its name.
pub(super) fn is_stale(world: &World, subject: &Subject<'_>, ordinal: u64) -> bool {
    let pod = format!("{}-{ordinal}", subject.stored.key.name);
    policy(subject, "whenScaled") == "Delete"
        && names(subject, ordinal).any(|(_, name)| {
            let claim = world.store.get(&kind(), &key_of(subject, &name));
            let owners = claim.as_ref().map_or(&[][..], |claim| &*claim.owners);
            owners.iter().any(|owner| is_pod(owner, &pod))
        })
}

fn is_pod(owner: &Owner, name: &str) -> bool {
    owner.kind.kind == "Pod" && owner.kind.group.is_empty() && owner.name == name
}

/// Lets the claims of the pod `ordinal` go with the set or with the pod, as the set says.
pub(super) fn own(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    ordinal: u64,
    pod: &Stored,
) {
    let is_too_many = !plan.holds(ordinal);
    let with_pod = policy(subject, "whenScaled") == "Delete" && is_too_many;
    let with_set = policy(subject, "whenDeleted") == "Delete" && !with_pod;
    let set = subject.stored;
    let is_ours = |owner: &Owner| {
        let is_set = owner.kind == *subject.kind && owner.name == set.key.name;
        is_set || is_pod(owner, &pod.key.name)
    };
    for (_, name) in names(subject, ordinal) {
        let Some(claim) = world.store.get(&kind(), &key_of(subject, &name)) else {
            continue;
        };
        let ours: Vec<&Owner> = claim.owners.iter().filter(|owner| is_ours(owner)).collect();
        let desired = match (with_pod, with_set) {
            (true, _) => Some((owner_reference("v1", "Pod", pod), &pod.uid)),
            (_, true) => Some((owner_reference("apps/v1", "StatefulSet", set), &set.uid)),
            _ => None,
        };
        let is_so = match (ours.as_slice(), &desired) {
            ([], None) => true,
            ([one], Some((_, uid))) => one.uid == **uid && one.is_controller,
            _ => false,
        };
        // Another's claim stays another's.
        let is_anothers = claim.controller().is_some_and(|owner| !is_ours(owner));
        if is_so || is_anothers {
            continue;
        }
        world.store.update(&kind(), &claim.key, |claim| {
            let mut owners = json::items(claim, "/metadata/ownerReferences").to_vec();
            owners.retain(|reference| !is_ours(&Owner::read(reference)));
            owners.extend(desired.map(|(reference, _)| reference));
            let metadata = json::object_at(claim, "metadata");
            if owners.is_empty() {
                metadata.remove("ownerReferences");
            } else {
                metadata.insert("ownerReferences".to_owned(), owners.into());
            }
        });
    }
}
