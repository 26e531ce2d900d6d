//! How objects end: what a request to delete does to an object, whoever asks.
//!
//! The rules are those of the generic registry (`k8s.io/apiserver/pkg/registry`, `BeforeDelete` and
//! `Store.Delete`) and of the strategies of pods and namespaces: a pod waits for its kubelet, a
//! namespace for its contents, an object with finalizers for those who set them. Everything else
//! goes at once.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

pub(crate) use self::dependents::{
    FOREGROUND, ORPHAN, Propagation, asked_before, finalizers, finalizers_added_too_late,
};
use self::dependents::{propagation, set_finalizers, with_propagation};
use super::{Inner, Store, stored, stored::Stored};
use crate::{clock, json};

mod dependents;
#[cfg(test)]
mod tests;

/// A request to delete an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Removal {
    /// How long a pod has to stop; what its spec says where this is none.
    pub(crate) grace_seconds: Option<i64>,
    /// What becomes of dependents; as the kind's default is where this is none.
    pub(crate) propagation: Option<Propagation>,
    /// The object must have this UID.
    pub(crate) uid: Option<String>,
    /// The object must have this resource version.
    pub(crate) version: Option<String>,
    /// Nothing is to be written.
    pub(crate) is_dry_run: bool,
}

impl Removal {
    /// Deletes, and what depends on the object after it.
    pub(crate) fn background() -> Self {
        Self::with(Propagation::Background)
    }

    /// Deletes with `propagation`.
    pub(crate) fn with(propagation: Propagation) -> Self {
        Self {
            propagation: Some(propagation),
            ..Self::default()
        }
    }

    /// Deletes at once: nothing is left to stop.
    pub(crate) fn at_once() -> Self {
        Self {
            grace_seconds: Some(0),
            ..Self::background()
        }
    }
}

/// What came of a request to delete.
#[derive(Clone, Debug)]
pub(crate) enum Removed {
    /// The object is gone; its last form.
    Gone(Arc<Stored>),
    /// The object is there until a kubelet, a finalizer or its contents let it go.
    Waiting(Arc<Stored>),
}

/// Why an object is not deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unremovable {
    /// There is none of that name.
    NotFound,
    /// It is not the one that the request means.
    OtherUid { asked: String, found: String },
    /// It changed since the request was thought of.
    OtherVersion { asked: String, found: String },
}

/// How a pod, which alone is deleted gracefully, is to go.
enum Grace {
    /// Its kubelet has so many seconds.
    Seconds(i64),
    /// It has been asked to go already, and not later than now asked for.
    Pending,
    /// There is nothing to wait for.
    None,
}

impl Store {
    /// Asks for the end of an object.
    pub(crate) fn remove(
        &self,
        kind: &GroupKind,
        key: &ObjectKey,
        removal: &Removal,
    ) -> Result<Removed, Unremovable> {
        let now = self.clock.now();
        let _turn = self.turn();
        let mut inner = self.write();
        let before = inner
            .kinds
            .get(kind)
            .and_then(|shelf| shelf.objects.get(key))
            .cloned()
            .ok_or(Unremovable::NotFound)?;
        check_preconditions(&before, removal)?;
        let mut object = before.value();
        if is(kind, "", "Namespace") {
            if object.pointer("/metadata/deletionTimestamp").is_none() {
                terminate(&mut object, removal, now);
                let after = inner.rewrite(kind, object, &before, removal, self.history);
                return Ok(Removed::Waiting(after));
            }
            if !json::items(&object, "/spec/finalizers").is_empty() {
                return Ok(Removed::Waiting(before));
            }
        }
        let grace = if is(kind, "", "Pod") {
            let asked = removal.grace_seconds.map(one_for_negative);
            plan_grace(&mut object, asked, now)
        } else {
            Grace::None
        };
        let known = finalizers(&object);
        let finalizers = with_propagation(&known, propagation(kind, &known, removal));
        match grace {
            Grace::Pending => return Ok(Removed::Waiting(before)),
            Grace::Seconds(seconds) => {
                set_finalizers(&mut object, &known, &finalizers);
                let after = inner.rewrite(kind, object, &before, removal, self.history);
                if seconds > 0 || !finalizers.is_empty() {
                    return Ok(Removed::Waiting(after));
                }
                if removal.is_dry_run {
                    return Ok(Removed::Gone(after));
                }
            }
            Grace::None if finalizers.is_empty() => {
                if removal.is_dry_run {
                    return Ok(Removed::Gone(before));
                }
            }
            Grace::None => {
                set_finalizers(&mut object, &known, &finalizers);
                mark_as_deleting(&mut object, now);
                let after = inner.rewrite(kind, object, &before, removal, self.history);
                return Ok(Removed::Waiting(after));
            }
        }
        inner
            .take(kind, key, self.history)
            .map(Removed::Gone)
            .ok_or(Unremovable::NotFound)
    }
}

impl Inner {
    /// Keeps `object` in place of `before`, unless nothing is to be written or nothing changed.
    fn rewrite(
        &mut self,
        kind: &GroupKind,
        object: Value,
        before: &Arc<Stored>,
        removal: &Removal,
        history: usize,
    ) -> Arc<Stored> {
        if object == before.value() {
            Arc::clone(before)
        } else if removal.is_dry_run {
            Arc::new(Stored::new(before.key.clone(), before.version, &object))
        } else {
            let key = before.key.clone();
            self.put(kind, key, object, Some(Arc::clone(before)), history)
        }
    }

    /// Takes an object away, and returns its last form.
    pub(super) fn take(
        &mut self,
        kind: &GroupKind,
        key: &ObjectKey,
        history: usize,
    ) -> Option<Arc<Stored>> {
        let before = self.kinds.get_mut(kind)?.objects.remove(key)?;
        let last = before.value();
        Some(self.bury(kind, before, last, history))
    }

    /// Records the end of `before`, which is in no shelf any more, as `last`.
    pub(super) fn bury(
        &mut self,
        kind: &GroupKind,
        before: Arc<Stored>,
        mut last: Value,
        history: usize,
    ) -> Arc<Stored> {
        self.version += 1;
        let version = self.version;
        stored::metadata_of(&mut last)
            .insert("resourceVersion".to_owned(), version.to_string().into());
        let after = Arc::new(Stored::new(before.key.clone(), version, &last));
        self.forget_owners(kind, &before);
        let change = super::Change {
            version,
            before: Some(before),
            after: Arc::clone(&after),
            is_deletion: true,
        };
        self.record(kind, change, history);
        after
    }
}

/// Whether writing `after` in place of `before` ends the object: it was to be deleted, and the last
/// that it waited for is gone (`ShouldDeleteDuringUpdate`).
pub(super) fn ends(kind: &GroupKind, before: &Value, after: &Value) -> bool {
    let is_deleting = before.pointer("/metadata/deletionTimestamp").is_some();
    let seconds = before
        .pointer("/metadata/deletionGracePeriodSeconds")
        .and_then(Value::as_i64);
    let is_held = is(kind, "", "Namespace") && !json::items(after, "/spec/finalizers").is_empty();
    is_deleting && seconds.unwrap_or(0) == 0 && !is_held && finalizers(after).is_empty()
}

fn check_preconditions(before: &Stored, removal: &Removal) -> Result<(), Unremovable> {
    if let Some(asked) = removal
        .uid
        .as_ref()
        .filter(|uid| before.uid != uid.as_str())
    {
        return Err(Unremovable::OtherUid {
            asked: asked.clone(),
            found: before.uid.to_string(),
        });
    }
    let found = before.version.to_string();
    match &removal.version {
        Some(asked) if *asked != found => Err(Unremovable::OtherVersion {
            asked: asked.clone(),
            found,
        }),
        _ => Ok(()),
    }
}

/// The first request to delete a namespace begins its termination.
fn terminate(namespace: &mut Value, removal: &Removal, now: Timestamp) {
    let known = finalizers(namespace);
    let propagation = removal.propagation.or_else(|| asked_before(&known));
    let finalizers = with_propagation(&known, propagation);
    set_finalizers(namespace, &known, &finalizers);
    stored::metadata_of(namespace).insert("deletionTimestamp".to_owned(), clock::stamp(now).into());
    json::object_at(namespace, "status").insert("phase".to_owned(), "Terminating".into());
}

/// Sets the time at which a pod has to be gone, as its strategy says.
fn plan_grace(pod: &mut Value, asked: Option<i64>, now: Timestamp) -> Grace {
    let deadline: Option<Timestamp> = pod
        .pointer("/metadata/deletionTimestamp")
        .and_then(Value::as_str)
        .and_then(|stamp| stamp.parse().ok());
    let Some(deadline) = deadline else {
        let is_over = ["Succeeded", "Failed"].contains(&json::text(pod, "/status/phase"));
        let seconds = if json::text(pod, "/spec/nodeName").is_empty() || is_over {
            0
        } else {
            let from_spec = || pod.pointer("/spec/terminationGracePeriodSeconds")?.as_i64();
            one_for_negative(asked.or_else(from_spec).unwrap_or(0))
        };
        set_deadline(pod, later(now, seconds), seconds);
        count_generation(pod);
        return Grace::Seconds(seconds);
    };
    let known = pod
        .pointer("/metadata/deletionGracePeriodSeconds")
        .and_then(Value::as_i64)
        .map(one_for_negative);
    match (known, asked) {
        (None | Some(0), _) => Grace::None,
        (Some(_), None) => Grace::Pending,
        (Some(known), Some(asked)) if asked >= known => Grace::Pending,
        (Some(known), Some(asked)) => {
            let earlier = later(deadline, asked - known);
            if earlier >= now {
                set_deadline(pod, earlier, asked);
                Grace::Seconds(asked)
            } else {
                // The shorter time has passed; the kubelet still does the last step itself.
                let seconds = asked.min(1);
                set_deadline(pod, now, seconds);
                Grace::Seconds(seconds)
            }
        }
    }
}

/// Sets the time of deletion of what is not deleted gracefully, but has finalizers.
fn mark_as_deleting(object: &mut Value, now: Timestamp) {
    let known: Option<Timestamp> = object
        .pointer("/metadata/deletionTimestamp")
        .and_then(Value::as_str)
        .and_then(|stamp| stamp.parse().ok());
    if known.is_none() {
        count_generation(object);
    }
    let deadline = known.filter(|known| *known <= now).unwrap_or(now);
    set_deadline(object, deadline, 0);
}

fn set_deadline(object: &mut Value, deadline: Timestamp, seconds: i64) {
    let metadata = stored::metadata_of(object);
    metadata.insert(
        "deletionTimestamp".to_owned(),
        clock::stamp(deadline).into(),
    );
    metadata.insert("deletionGracePeriodSeconds".to_owned(), seconds.into());
}

/// Asking for a deletion is a change that controllers have to act on.
fn count_generation(object: &mut Value) {
    let generation = json::count(object, "/metadata/generation");
    if generation > 0 {
        stored::metadata_of(object).insert("generation".to_owned(), (generation + 1).into());
    }
}

fn one_for_negative(seconds: i64) -> i64 {
    if seconds < 0 { 1 } else { seconds }
}

fn later(time: Timestamp, seconds: i64) -> Timestamp {
    let by = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        clock::earlier(time, by)
    } else {
        clock::later(time, by)
    }
}

fn is(kind: &GroupKind, group: &str, name: &str) -> bool {
    kind.group == group && kind.kind == name
}
