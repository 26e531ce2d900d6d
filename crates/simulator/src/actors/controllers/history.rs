//! Controller revisions: the templates that a stateful or daemon set has had.
//!
//! Source: `pkg/controller/history` of Kubernetes 1.36. A revision holds the patch that brings its
//! template back, which is what `kubectl rollout undo` applies.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::{Map, Value, json};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use crate::{
    actors::Subject,
    json,
    store::{Stored, removal::Removal},
    world::{World, owner_reference},
};

/// One revision of a set.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    pub(super) stored: Arc<Stored>,
    pub(super) number: u64,
    /// The patch.
    data: Value,
}

impl Revision {
    fn read(stored: Arc<Stored>) -> Self {
        let mut object = stored.value();
        Self {
            number: json::count(&object, "/revision"),
            data: object.get_mut("data").map(Value::take).unwrap_or_default(),
            stored,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.stored.key.name
    }

    /// The template that it brings back.
    pub(super) fn template(&self) -> Value {
        let template = self.data.pointer("/spec/template");
        let mut template = template.cloned().unwrap_or_default();
        json::as_object(&mut template).remove("$patch");
        template
    }

    /// Whether it brings back what `patch` does.
    pub(super) fn is_of(&self, patch: &Value) -> bool {
        self.data == *patch
    }
}

fn kind() -> GroupKind {
    GroupKind::new("apps", "ControllerRevision")
}

/// The patch that brings the set's template back.
pub(super) fn patch_of(set: &Value) -> Value {
    let template = set.pointer("/spec/template").cloned();
    let mut template = template.unwrap_or_default();
    json::as_object(&mut template).insert("$patch".to_owned(), "replace".into());
    json!({ "spec": { "template": template } })
}

/// The set's revisions, oldest first.
pub(super) fn of_set(world: &World, uid: &str) -> Vec<Revision> {
    let mut revisions: Vec<Revision> = world
        .store
        .dependents(uid, &kind())
        .into_iter()
        .map(Revision::read)
        .collect();
    revisions.sort_by_key(|revision| (revision.number, revision.stored.key.name.clone()));
    revisions
}

/// A revision to be made.
pub(super) struct NewRevision {
    pub(super) name: String,
    pub(super) number: u64,
    pub(super) patch: Value,
    /// Beside those of the template.
    pub(super) label: (&'static str, String),
}

/// Makes a revision of `subject`.
pub(super) fn make(world: &mut World, subject: &Subject<'_>, new: NewRevision) -> Option<Revision> {
    let mut labels = subject
        .object
        .pointer("/spec/template/metadata/labels")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    labels.insert(new.label.0.to_owned(), new.label.1.into());
    let annotations = subject.object.pointer("/metadata/annotations");
    let annotations: Map<String, Value> = annotations
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let mut metadata = json!({
        "name": new.name,
        "namespace": subject.stored.key.namespace.as_str(),
        "labels": labels,
        "ownerReferences": [owner_reference("apps/v1", &subject.kind.kind, subject.stored)],
    });
    if !annotations.is_empty() {
        json::as_object(&mut metadata).insert("annotations".to_owned(), annotations.into());
    }
    let revision = json!({ "metadata": metadata, "data": new.patch, "revision": new.number });
    world.create(&kind(), revision).map(Revision::read)
}

/// Whether a revision of that name is there, of whatever set.
pub(super) fn is_taken(world: &World, namespace: &Text, name: &str) -> bool {
    let key = ObjectKey::new(namespace.clone(), name);
    world.store.get(&kind(), &key).is_some()
}

/// Gives a revision that comes back the number `number`.
pub(super) fn renumber(world: &mut World, revision: Revision, number: u64) -> Revision {
    if revision.number == number {
        return revision;
    }
    let key = &revision.stored.key;
    let renumbered = world.store.update(&kind(), key, |object| {
        json::as_object(object).insert("revision".to_owned(), number.into());
    });
    renumbered.map_or(revision, Revision::read)
}

/// Removes the oldest of `revisions` beyond the limit of the set's history, those that are `live`
/// left out.
pub(super) fn truncate(
    world: &mut World,
    set: &Value,
    revisions: &[Revision],
    live: &BTreeSet<String>,
) {
    let limit = set
        .pointer("/spec/revisionHistoryLimit")
        .and_then(Value::as_u64)
        .and_then(|limit| usize::try_from(limit).ok())
        .unwrap_or(10);
    let past: Vec<&Revision> = revisions
        .iter()
        .filter(|revision| !live.contains(revision.name()))
        .collect();
    for revision in past.iter().take(past.len().saturating_sub(limit)) {
        world.remove(&kind(), &revision.stored.key, &Removal::background());
    }
}

/// The word that a stateful set appends to its revisions' names: FNV-1 of the patch and of how
/// often that came out the same for another, in letters that spell nothing.
pub(super) fn hash(patch: &Value, collisions: u64) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let sum = format!("{patch}{collisions}")
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| {
            hash.wrapping_mul(0x0100_0193) ^ u32::from(byte)
        });
    sum.to_string()
        .bytes()
        .filter_map(|digit| LETTERS.get(usize::from(digit) % LETTERS.len()))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_has_the_name_that_the_real_controller_gives_it() {
        let set = json!({ "spec": { "template": {
            "metadata": { "labels": { "app": "stsweb" } },
            "spec": {
                "containers": [{ "image": "nginx:1", "imagePullPolicy": "IfNotPresent",
                    "name": "main", "resources": {},
                    "terminationMessagePath": "/dev/termination-log",
                    "terminationMessagePolicy": "File" }],
                "dnsPolicy": "ClusterFirst", "restartPolicy": "Always",
                "schedulerName": "default-scheduler", "securityContext": {},
                "terminationGracePeriodSeconds": 30 },
        } } });
        // Recorded from a kube-controller-manager 1.36.3.
        assert_eq!(hash(&patch_of(&set), 0), "98948446c");
    }
}
