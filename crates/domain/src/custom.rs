//! Objects of custom resources: the few fields that the catalogue asks for.

use serde::{Deserialize, Serialize};

use crate::{
    condition::Condition, ids::GroupKind, job::JobObject, metadata::Metadata, queue::QueueObject,
    text::Text,
};

/// An object of a kind that the catalogue knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Custom {
    /// Its group and kind.
    pub kind: GroupKind,
    /// The version it was read in, such as `v1beta2`.
    pub version: Text,
    /// Name, labels, owner, times.
    pub metadata: Metadata,
    /// `status.conditions`, where they are a list of conditions.
    pub conditions: Vec<Condition>,
    /// The scalar fields that the watch plan asked for and the object has: dotted path to the
    /// value's text (`status.state` to `ready`, `spec.replicas` to `4`), sorted by path.
    pub fields: Box<[(Text, Text)]>,
    /// What it says as a job, where its kind is one that is read so.
    pub job: Option<Box<JobObject>>,
    /// What it says as a queue, where its kind is one.
    pub queue: Option<Box<QueueObject>>,
}

impl Custom {
    /// The text of the field at the dotted path `path`.
    pub fn field(&self, path: &str) -> Option<&str> {
        let at = self
            .fields
            .binary_search_by(|(known, _)| known.as_str().cmp(path))
            .ok()?;
        self.fields.get(at).map(|(_, value)| value.as_str())
    }

    /// The field at `path` as a count.
    pub fn count(&self, path: &str) -> Option<u64> {
        self.field(path)?.parse().ok()
    }
}
