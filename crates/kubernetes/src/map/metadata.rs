//! Metadata and conditions.

use strata_domain::{
    condition::{Condition, Status},
    ids::{ObjectKey, Uid},
    metadata::{Labels, Metadata, Owner},
    text::{Interner, Text},
};

use crate::slim::{
    meta::{AnnotatedMeta, ObjectMeta, OwnerReference},
    values::{AnyCondition, moment},
};

/// The metadata that the domain keeps.
pub(super) fn metadata(meta: ObjectMeta, names: &mut Interner) -> Metadata {
    Metadata {
        key: ObjectKey {
            namespace: names.intern(&meta.namespace),
            name: Text::from(meta.name),
        },
        uid: Uid(Text::from(meta.uid)),
        labels: labels(&meta.labels, names),
        owner: meta
            .owner_references
            .iter()
            .find(|reference| reference.controller)
            .map(|reference| owner(reference, names)),
        created: moment(meta.creation_timestamp),
        deleting: moment(meta.deletion_timestamp),
    }
}

/// The metadata of an object that was read with its annotations; such objects have no owner and
/// no namespace.
pub(super) fn annotated(meta: AnnotatedMeta, names: &mut Interner) -> Metadata {
    Metadata {
        key: ObjectKey {
            namespace: names.intern(""),
            name: Text::from(meta.name),
        },
        uid: Uid(Text::from(meta.uid)),
        labels: labels(&meta.labels, names),
        owner: None,
        created: moment(meta.creation_timestamp),
        deleting: moment(meta.deletion_timestamp),
    }
}

fn labels<'a>(
    labels: impl IntoIterator<Item = (&'a String, &'a String)>,
    names: &mut Interner,
) -> Labels {
    labels
        .into_iter()
        .map(|(key, value)| (names.intern(key), names.intern(value)))
        .collect()
}

fn owner(reference: &OwnerReference, names: &mut Interner) -> Owner {
    // `v1` is of the core group, `apps/v1` of `apps`.
    let group = reference
        .api_version
        .rsplit_once('/')
        .map_or("", |(group, _)| group);
    Owner {
        group: names.intern(group),
        kind: names.intern(&reference.kind),
        name: names.intern(&reference.name),
        uid: Uid(names.intern(&reference.uid)),
    }
}

/// The conditions that the domain keeps.
pub(super) fn conditions<C: Into<AnyCondition>>(
    conditions: Vec<C>,
    names: &mut Interner,
) -> Vec<Condition> {
    conditions
        .into_iter()
        .map(|condition| {
            let condition = condition.into();
            Condition {
                kind: names.intern(&condition.kind),
                status: Status::parse(&condition.status),
                reason: names.intern(&condition.reason),
                message: names.intern(&condition.message),
                since: condition.since,
            }
        })
        .collect()
}
