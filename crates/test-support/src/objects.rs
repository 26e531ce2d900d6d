//! Objects in a line: `node("gpu-1").gpus(8).label("zone", "a").object()`.
//!
//! What is not said is as of a healthy thing that has been there for a while. The identity of an
//! object is its kind and name unless told otherwise.

use strata_domain::{
    ids::{GroupKind, ObjectKey, Uid},
    metadata::{Labels, Metadata, Owner},
    text::Text,
};

use crate::clock::time;

mod custom;
mod node;
mod plain;
mod pod;
mod slice;
mod workload;

pub use custom::{CustomBuilder, custom};
pub use node::{NodeBuilder, node};
pub use plain::{
    PlainBuilder, definition, device_class, device_class_of, namespace, plain, resource_claim,
};
pub use pod::{PodBuilder, pod};
pub use slice::{SliceBuilder, slice};
pub use workload::{
    WorkloadBuilder, daemon_set, deployment, job, replica_set, stateful_set, workload,
};

/// When builders say that things were made.
pub const MADE: &str = "2026-03-01T00:00:00Z";

/// `Node`.
pub fn node_kind() -> GroupKind {
    GroupKind::new("", "Node")
}

/// `Pod`.
pub fn pod_kind() -> GroupKind {
    GroupKind::new("", "Pod")
}

/// The identity that builders give to the object `name` of `kind` in `namespace`.
pub fn uid(kind: &str, namespace: &str, name: &str) -> Uid {
    Uid(Text::from(format!("{kind}/{namespace}/{name}")))
}

fn metadata(kind: &str, namespace: &str, name: &str) -> Metadata {
    Metadata {
        key: ObjectKey::new(namespace, name),
        uid: uid(kind, namespace, name),
        labels: Labels::default(),
        owner: None,
        created: Some(time(MADE)),
        deleting: None,
    }
}

fn add_label(metadata: &mut Metadata, key: &str, value: &str) {
    let labels = metadata.labels.iter().filter(|(known, _)| *known != key);
    let labels = labels.map(|(key, value)| (Text::from(key), Text::from(value)));
    metadata.labels = labels
        .chain([(Text::from(key), Text::from(value))])
        .collect();
}

fn owner_of(kind: &GroupKind, owner: &Metadata) -> Owner {
    Owner {
        group: kind.group.clone(),
        kind: kind.kind.clone(),
        name: owner.key.name.clone(),
        uid: owner.uid.clone(),
    }
}

fn condition(
    kind: &str,
    status: strata_domain::condition::Status,
    reason: &str,
    message: &str,
) -> strata_domain::condition::Condition {
    strata_domain::condition::Condition {
        kind: Text::from(kind),
        status,
        reason: Text::from(reason),
        message: Text::from(message),
        since: Some(time(MADE)),
    }
}

fn set_condition(
    conditions: &mut Vec<strata_domain::condition::Condition>,
    new: strata_domain::condition::Condition,
) {
    conditions.retain(|known| known.kind != new.kind);
    conditions.push(new);
}

/// The methods that every builder has.
macro_rules! metadata_methods {
    () => {
        /// Sets the label `key`.
        #[must_use]
        pub fn label(mut self, key: &str, value: &str) -> Self {
            crate::objects::add_label(&mut self.object.metadata, key, value);
            self
        }

        /// Sets the identity.
        #[must_use]
        pub fn uid(mut self, uid: &str) -> Self {
            self.object.metadata.uid =
                strata_domain::ids::Uid(strata_domain::text::Text::from(uid));
            self
        }

        /// Has `owner` control it.
        #[must_use]
        pub fn owned_by(mut self, owner: &strata_domain::object::Object) -> Self {
            self.object.metadata.owner = Some(crate::objects::owner_of(
                &owner.group_kind(),
                owner.metadata(),
            ));
            self
        }

        /// Sets when it was made, such as `2026-03-01T12:00:00Z`.
        #[must_use]
        pub fn created(mut self, at: &str) -> Self {
            self.object.metadata.created = Some(crate::clock::time(at));
            self
        }

        /// Asks for its deletion at `at`.
        #[must_use]
        pub fn deleting(mut self, at: &str) -> Self {
            self.object.metadata.deleting = Some(crate::clock::time(at));
            self
        }
    };
}

/// The method that every builder of an object with conditions has.
macro_rules! condition_method {
    () => {
        /// Sets the condition `kind`.
        #[must_use]
        pub fn condition(
            mut self,
            kind: &str,
            status: strata_domain::condition::Status,
            reason: &str,
            message: &str,
        ) -> Self {
            crate::objects::set_condition(
                &mut self.object.conditions,
                crate::objects::condition(kind, status, reason, message),
            );
            self
        }
    };
}

use condition_method;
use metadata_methods;
