//! What every object carries.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ObjectKey, Uid},
    text::Text,
};

/// The part of `metadata` that Strata keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Namespace and name.
    pub key: ObjectKey,
    /// The server's identity of the object.
    pub uid: Uid,
    /// The labels, sorted by key.
    pub labels: Labels,
    /// The owner that controls the object, if one does.
    pub owner: Option<Owner>,
    /// When the object was created.
    pub created: Option<Timestamp>,
    /// When its deletion was asked for.
    pub deleting: Option<Timestamp>,
}

/// A controlling owner reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The owner's API group; empty for the core group.
    pub group: Text,
    /// The owner's kind.
    pub kind: Text,
    /// The owner's name, in the same namespace or of the whole cluster.
    pub name: Text,
    /// The owner's identity.
    pub uid: Uid,
}

/// Labels, sorted by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(Box<[(Text, Text)]>);

impl Labels {
    /// The value of the label `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        let at = self
            .0
            .binary_search_by(|(known, _)| known.as_str().cmp(key))
            .ok()?;
        self.0.get(at).map(|(_, value)| value.as_str())
    }

    /// Every label, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Text, Text)> for Labels {
    fn from_iter<I: IntoIterator<Item = (Text, Text)>>(labels: I) -> Self {
        let mut labels: Vec<_> = labels.into_iter().collect();
        labels.sort_by(|left, right| left.0.cmp(&right.0));
        labels.dedup_by(|left, right| left.0 == right.0);
        Self(labels.into())
    }
}
