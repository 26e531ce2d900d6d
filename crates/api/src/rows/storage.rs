//! Where data and models lie: storage classes, claims, caches, what is amiss.

use serde::{Deserialize, Serialize};
use strata_domain::subject::Subject;
use ts_rs::TS;

use super::{Severity, survey::Evidence};
use crate::phrases::Phrase;

/// A storage class, and the claims to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageClassRow {
    /// Its name; empty for claims and volumes without a class.
    pub name: String,
    /// What makes its volumes; empty where the class is not there.
    pub provisioner: String,
    /// `block`, `file`, `object`, `cache` or `local`, where the provisioner is known; else empty.
    pub kind: String,
    /// The component that the provisioner belongs to; empty where none is known.
    pub component: String,
    /// Claims to it.
    pub claimed: StorageUse,
    /// The access modes that claims to it ask for.
    pub access_modes: Vec<String>,
}

/// How much storage is claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageUse {
    /// Claims.
    pub claims: u32,
    /// Those that have a volume.
    pub bound: u32,
    /// Those that a pod mounts.
    pub mounted: u32,
    /// What they ask for, in bytes.
    pub requested_bytes: f64,
}

/// The claims of a namespace, or of a workload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageUserRow {
    /// The namespace.
    pub namespace: String,
    /// The workload's kind; empty for all of the namespace.
    pub kind: String,
    /// The workload's name; empty for all of the namespace.
    pub name: String,
    /// Its claims.
    pub claimed: StorageUse,
    /// What the workload is on the stack, if it is an application.
    #[ts(optional, as = "Option<String>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}

/// A cache of data or of models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageCacheRow {
    /// Its kind.
    pub kind: String,
    /// Its namespace; empty for those of the whole cluster.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// How it does.
    pub severity: Severity,
    /// How full it is, in its own words (`62.5%`, `3/4`); empty where it does not tell.
    pub fill: String,
    /// How large what it caches is, in its own words; empty where it does not tell.
    pub size: String,
    /// The object, and the field that tells.
    pub evidence: Evidence,
}

/// Storage that is amiss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageFindingRow {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub reason: Phrase,
    /// Its size, in bytes.
    pub bytes: f64,
    /// The object, and the field that tells.
    pub evidence: Evidence,
}
