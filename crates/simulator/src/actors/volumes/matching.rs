//! Which volume fits a claim (`k8s.io/component-helpers/storage/volume`, `FindMatchingVolume`).

use std::sync::Arc;

use serde_json::Value;
use strata_domain::ids::ObjectKey;

use super::{claim_of, volume_kind};
use crate::{
    actors::{capacity::NodeRoom, scheduler},
    admission::quantity::Quantity,
    json,
    label_selector::LabelSelector,
    store::Stored,
    world::World,
};

/// A node that a volume has to be reachable from.
pub(in crate::actors) type Place<'a> = (&'a str, &'a NodeRoom);

/// The volume that is meant for `claim`, or else the smallest free one that fits it.
pub(in crate::actors) fn find(
    world: &World,
    claim: &Stored,
    object: &Value,
    place: Option<Place<'_>>,
) -> Option<Arc<Stored>> {
    let class = json::text(object, "/spec/storageClassName");
    let mut best: Option<(Quantity, Arc<Stored>)> = None;
    for name in world.volumes.of_class(class) {
        let Some(stored) = world
            .store
            .get(&volume_kind(), &ObjectKey::new("", name.clone()))
        else {
            continue;
        };
        let volume = stored.value();
        if !suits(&stored, &volume, object)
            || place.is_some_and(|place| !is_reachable(&volume, place))
        {
            continue;
        }
        if volume.pointer("/spec/claimRef").is_some() {
            if is_for(&volume, claim) {
                return Some(stored);
            }
            continue;
        }
        let is_free = json::text(&volume, "/status/phase") == "Available";
        let Some(size) = size(&volume).filter(|_| is_free) else {
            continue;
        };
        if best
            .as_ref()
            .is_none_or(|(known, _)| size.compare(*known).is_lt())
        {
            best = Some((size, stored));
        }
    }
    best.map(|(_, stored)| stored)
}

/// Whether a volume is set aside for `claim`.
pub(super) fn is_for(volume: &Value, claim: &Stored) -> bool {
    let uid = json::text(volume, "/spec/claimRef/uid");
    claim_of(volume) == claim.key && (uid.is_empty() || claim.uid == uid)
}

/// Whether a volume is what the claim asks for.
fn suits(stored: &Stored, volume: &Value, claim: &Value) -> bool {
    let modes = json::items(volume, "/spec/accessModes");
    let selector = claim.pointer("/spec/selector");
    let is_selected = selector.is_none_or(|selector| {
        LabelSelector::read(selector).is_some_and(|selector| selector.matches(stored))
    });
    !stored.is_ending
        && mismatch(volume, claim).is_none()
        && is_selected
        && json::items(claim, "/spec/accessModes")
            .iter()
            .all(|mode| modes.contains(mode))
}

/// Why a volume that a claim asks for by name cannot be its own.
pub(super) fn mismatch(volume: &Value, claim: &Value) -> Option<&'static str> {
    let mode = |object: &Value| match json::text(object, "/spec/volumeMode") {
        "" => "Filesystem".to_owned(),
        mode => mode.to_owned(),
    };
    let class = |object: &Value| json::text(object, "/spec/storageClassName").to_owned();
    let asked = Quantity::parse(json::text(claim, "/spec/resources/requests/storage")).ok();
    let is_small = size(volume)
        .zip(asked)
        .is_none_or(|(size, asked)| size.compare(asked).is_lt());
    if is_small {
        return Some("requested PV is too small");
    }
    if class(volume) != class(claim) {
        return Some("storageClassName does not match");
    }
    (mode(volume) != mode(claim)).then_some("incompatible volumeMode")
}

fn size(volume: &Value) -> Option<Quantity> {
    Quantity::parse(json::text(volume, "/spec/capacity/storage")).ok()
}

/// Whether a volume can be reached from a node.
pub(in crate::actors) fn is_reachable(volume: &Value, (name, room): Place<'_>) -> bool {
    let terms = volume.pointer("/spec/nodeAffinity/required/nodeSelectorTerms");
    terms.and_then(Value::as_array).is_none_or(|terms| {
        terms
            .iter()
            .any(|term| scheduler::is_fulfilled(term, name, room))
    })
}
