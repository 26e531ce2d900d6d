//! What becomes of the dependents of what is deleted, as its finalizers say it to the garbage
//! collector.

use std::collections::BTreeSet;

use serde_json::Value;
use strata_domain::ids::GroupKind;

use super::{Removal, is};
use crate::{json, store::stored};

/// The finalizer of what waits until the garbage collector has let its dependents go.
pub(crate) const ORPHAN: &str = "orphan";
/// The finalizer of what waits until its dependents are gone.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";

/// What becomes of the dependents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Propagation {
    /// They go after their owner.
    Background,
    /// They go before their owner.
    Foreground,
    /// They stay, without an owner.
    Orphan,
}

/// The finalizers that `after` has and `before` has not, although the object is being deleted;
/// nobody may add these.
pub(crate) fn finalizers_added_too_late(before: &Value, after: &Value) -> Vec<String> {
    if before.pointer("/metadata/deletionTimestamp").is_none() {
        return Vec::new();
    }
    let known = finalizers(before);
    let added: BTreeSet<String> = finalizers(after)
        .into_iter()
        .filter(|finalizer| !known.contains(finalizer))
        .collect();
    added.into_iter().collect()
}

/// The finalizers of an object.
pub(crate) fn finalizers(object: &Value) -> Vec<String> {
    json::items(object, "/metadata/finalizers")
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// What becomes of the dependents of an object of `kind`: as asked, else as its finalizers say,
/// else the default of its kind.
pub(super) fn propagation(
    kind: &GroupKind,
    known: &[String],
    removal: &Removal,
) -> Option<Propagation> {
    if is(kind, "", "Event") {
        return None;
    }
    // For clients from before there was a garbage collector.
    let keeps_dependents = is(kind, "batch", "Job") || is(kind, "", "ReplicationController");
    removal
        .propagation
        .or_else(|| asked_before(known))
        .or_else(|| keeps_dependents.then_some(Propagation::Orphan))
}

/// What the finalizers say is to become of the dependents.
pub(crate) fn asked_before(known: &[String]) -> Option<Propagation> {
    known.iter().find_map(|finalizer| match finalizer.as_str() {
        ORPHAN => Some(Propagation::Orphan),
        FOREGROUND => Some(Propagation::Foreground),
        _ => None,
    })
}

pub(super) fn with_propagation(known: &[String], propagation: Option<Propagation>) -> Vec<String> {
    let collector = match propagation {
        Some(Propagation::Orphan) => Some(ORPHAN),
        Some(Propagation::Foreground) => Some(FOREGROUND),
        Some(Propagation::Background) | None => None,
    };
    known
        .iter()
        .map(String::as_str)
        .filter(|finalizer| ![ORPHAN, FOREGROUND].contains(finalizer))
        .chain(collector)
        .map(str::to_owned)
        .collect()
}

pub(super) fn set_finalizers(object: &mut Value, known: &[String], finalizers: &[String]) {
    let is_same = known.len() == finalizers.len()
        && known.iter().all(|finalizer| finalizers.contains(finalizer));
    if is_same {
        return;
    }
    let metadata = stored::metadata_of(object);
    if finalizers.is_empty() {
        metadata.remove("finalizers");
    } else {
        metadata.insert("finalizers".to_owned(), finalizers.into());
    }
}
