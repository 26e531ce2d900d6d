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
    /// The class, and the claims to it that ask for the most.
    pub evidence: Vec<Evidence>,
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
    /// Those whose volume a kubelet measured.
    pub measured: u32,
    /// What the volumes of these hold, in bytes; absent where none was measured.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_bytes: Option<f64>,
}

/// Who tells how full volumes are: the kubelets of the nodes that mount some.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageSourceRow {
    /// How many kubelets are asked.
    pub kubelets: u32,
    /// How many of them told.
    pub told: u32,
    /// What another one said instead; absent where all told, or none was asked yet.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When the one told that did so the longest ago, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A CSI driver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageDriverRow {
    /// Its name.
    pub name: String,
    /// The component that it belongs to; empty where none is known.
    pub component: String,
    /// Volumes that it made.
    pub volumes: u32,
    /// Those of them that are attached to a node; absent where that is not listed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached: Option<u32>,
    /// What they hold in all, in bytes, as far as is written.
    pub capacity_bytes: f64,
    /// Storage classes that name it.
    pub classes: Vec<String>,
    /// The driver's object, and one of its volumes.
    pub evidence: Vec<Evidence>,
}

/// A claim of a volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageClaimRow {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its storage class; empty for none.
    pub class: String,
    /// Its volume; empty while it has none.
    pub volume: String,
    /// Its phase, as Kubernetes writes it.
    pub phase: String,
    /// The access modes that it asks for.
    pub access_modes: Vec<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What it asks for, in bytes.
    pub requested_bytes: f64,
    /// What it got, in bytes; 0 while it has no volume.
    pub capacity_bytes: f64,
    /// What a kubelet measured of it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<StorageFill>,
    /// What mounts it, as `Kind namespace/name`.
    pub mounted_by: Vec<String>,
    /// The claim, and the kubelet's figure where there is one.
    pub evidence: Vec<Evidence>,
}

/// How full a volume is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageFill {
    /// What its file system holds in all, in bytes.
    pub capacity_bytes: f64,
    /// What of that is used, in bytes.
    pub used_bytes: f64,
    /// What may still be written, in bytes.
    pub available_bytes: f64,
    /// When that was measured, in RFC 3339.
    pub at: String,
    /// The node whose kubelet measured.
    pub node: String,
}

/// A snapshot of a volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StorageSnapshotRow {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The claim that it was taken of; empty for one that was brought in.
    pub claim: String,
    /// Its class; may be empty.
    pub class: String,
    /// Whether a volume can be made of it; absent where nothing is said yet.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_ready: Option<bool>,
    /// How large a volume made of it must be, as it is written; may be empty.
    pub size: String,
    /// What went wrong; may be empty.
    pub error: String,
    /// How it does.
    pub severity: Severity,
    /// The snapshot, and the field that tells.
    pub evidence: Evidence,
}

/// An object store, registry or file system that objects of the cluster name. What opens it is never
/// read; that a secret does is told by its name alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StoragePlaceRow {
    /// Where it is: `s3://models`, `hf://Qwen`, `juicefs://corpus`.
    pub address: String,
    /// How many objects name it.
    pub named_by: u32,
    /// The secrets that these name to open it.
    pub secrets: Vec<String>,
    /// The objects, and the fields that name it.
    pub evidence: Vec<Evidence>,
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
    /// Its claims that ask for the most.
    pub evidence: Vec<Evidence>,
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
    /// The same as a share from 0 to 1, where it is one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Where what it caches comes from; empty where it does not tell.
    pub source: String,
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
