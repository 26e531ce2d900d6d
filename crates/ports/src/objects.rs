//! Objects of a cluster, read when somebody asks for them.
//!
//! What is watched all the time is pruned to what lists need ([`crate::cluster`]). A question about
//! one object needs the whole of it: it is read then, and kept by nobody.

use futures::future::BoxFuture;
use serde_json::{Map, Value};
use strata_domain::{
    ids::{ClusterId, GroupKind, ObjectKey},
    pod::Pod,
};

use crate::{cluster::ServedKind, error::PortError};

/// Reads whole objects of clusters.
///
/// Objects come as the API writes them, without `metadata.managedFields`, and the values of a
/// Secret are blanked before anybody sees them. A failure of the kind `Forbidden` names the missing
/// permission: `list pods`, `get workloads.kueue.x-k8s.io`, `get pods/log`.
pub trait ObjectReader: Send + Sync {
    /// The kinds that the cluster serves.
    fn served(&self, cluster: &ClusterId)
    -> BoxFuture<'static, Result<Vec<ServedKind>, PortError>>;

    /// One object, in the server's preferred version of its kind.
    fn get(
        &self,
        cluster: &ClusterId,
        object: ObjectAddress,
    ) -> BoxFuture<'static, Result<Value, PortError>>;

    /// Every object of a selection, in the server's order.
    fn list(
        &self,
        cluster: &ClusterId,
        selection: Selection,
    ) -> BoxFuture<'static, Result<Vec<Value>, PortError>>;

    /// Every pod of the cluster, pruned to what placing and holding resources takes: a list of
    /// 100,000 whole pods would be a gigabyte.
    fn pods(&self, cluster: &ClusterId) -> BoxFuture<'static, Result<Vec<Pod>, PortError>>;

    /// The schemas of an API version (`v1`, `apps/v1`) by name, as the server's OpenAPI v3 document
    /// has them; `NotFound` where it serves no such version.
    fn schemas(
        &self,
        cluster: &ClusterId,
        api_version: &str,
    ) -> BoxFuture<'static, Result<Map<String, Value>, PortError>>;

    /// The end of what a container wrote.
    fn log(
        &self,
        cluster: &ClusterId,
        tail: LogTail,
    ) -> BoxFuture<'static, Result<String, PortError>>;
}

/// Which object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectAddress {
    /// Its kind.
    pub kind: GroupKind,
    /// Its namespace, empty for objects of the whole cluster, and its name.
    pub key: ObjectKey,
}

impl ObjectAddress {
    /// The object `name` of the kind `kind` of `group`, in `namespace` (empty: of the whole cluster).
    pub fn new(group: &str, kind: &str, namespace: &str, name: &str) -> Self {
        Self {
            kind: GroupKind::new(group, kind),
            key: ObjectKey::new(namespace, name),
        }
    }
}

/// `Kind namespace/name`.
impl std::fmt::Display for ObjectAddress {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.kind, self.key)
    }
}

/// Which objects of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The kind.
    pub kind: GroupKind,
    /// The namespace; empty for all of them, and for kinds of the whole cluster.
    pub namespace: String,
    /// A label selector in the API's own form (`app=web,tier!=cache`); empty for all.
    pub labels: String,
    /// A field selector in the API's own form (`involvedObject.uid=...`); empty for all.
    pub fields: String,
}

impl Selection {
    /// All objects of the kind `kind` of `group` in `namespace` (empty: everywhere).
    pub fn all(group: &str, kind: &str, namespace: &str) -> Self {
        Self {
            kind: GroupKind::new(group, kind),
            namespace: namespace.to_owned(),
            ..Self::default()
        }
    }

    /// The events about the object with this uid in `namespace` (empty: everywhere, as for nodes).
    pub fn events_of(namespace: &str, uid: &str) -> Self {
        Self {
            fields: format!("involvedObject.uid={uid}"),
            ..Self::all("", "Event", namespace)
        }
    }

    /// The same, of those with these labels alone.
    #[must_use]
    pub fn labelled(mut self, labels: impl Into<String>) -> Self {
        self.labels = labels.into();
        self
    }
}

/// Which lines of which container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogTail {
    /// The pod's namespace and name.
    pub pod: ObjectKey,
    /// The container.
    pub container: String,
    /// Whether the run before the present one is meant.
    pub previous: bool,
    /// How many lines at most.
    pub lines: u32,
}
