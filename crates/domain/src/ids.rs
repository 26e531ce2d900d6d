//! What things are called: clusters, kinds, objects.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// One context of one kubeconfig file, or the demo cluster.
///
/// Equal context names in different files are different clusters, so the id is `FILE#CONTEXT` with
/// the file's absolute path; the demo cluster is `demo`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClusterId(pub Text);

impl ClusterId {
    /// What stands in place of a cluster's id for the machine that Strata runs on.
    pub const THIS_MACHINE: &'static str = "this-machine";

    /// The embedded demo cluster.
    pub fn demo() -> Self {
        Self(Text::from("demo"))
    }

    /// The machine that Strata runs on. It is no cluster; what is kept of it stands beside what is of
    /// clusters.
    pub fn this_machine() -> Self {
        Self(Text::from(Self::THIS_MACHINE))
    }

    /// The context `context` of the kubeconfig at `file`.
    pub fn of_context(file: &str, context: &str) -> Self {
        Self(Text::from(format!("{file}#{context}")))
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The server's own identity of an object; never used again after the object is gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uid(pub Text);

/// A kind without its version: `Job` of `batch` is not `Job` of `batch.volcano.sh`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct GroupKind {
    /// The API group; empty for the core group.
    pub group: Text,
    /// The kind, in the API's spelling.
    pub kind: Text,
}

impl GroupKind {
    /// The kind `kind` of the group `group`.
    pub fn new(group: impl Into<Text>, kind: impl Into<Text>) -> Self {
        Self {
            group: group.into(),
            kind: kind.into(),
        }
    }
}

/// `Kind` for the core group, else `Kind.group`, as kubectl writes it.
impl fmt::Display for GroupKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_empty() {
            write!(formatter, "{}", self.kind)
        } else {
            write!(formatter, "{}.{}", self.kind, self.group)
        }
    }
}

/// An object's name, within its namespace where it has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ObjectKey {
    /// The namespace; empty for objects of the whole cluster.
    pub namespace: Text,
    /// The name.
    pub name: Text,
}

impl ObjectKey {
    /// The object `name` in `namespace` (empty: of the whole cluster).
    pub fn new(namespace: impl Into<Text>, name: impl Into<Text>) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
        }
    }
}

/// `namespace/name`, or `name` alone.
impl fmt::Display for ObjectKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            write!(formatter, "{}", self.name)
        } else {
            write!(formatter, "{}/{}", self.namespace, self.name)
        }
    }
}
