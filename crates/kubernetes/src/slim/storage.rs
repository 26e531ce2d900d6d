//! Volumes and the claims to them.

use serde::Deserialize;

use super::{
    meta::ObjectMeta,
    values::{ResourceList, nullable},
};

/// `core.v1.PersistentVolumeClaim`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct PersistentVolumeClaim {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ClaimSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: ClaimStatus,
}

/// `core.v1.PersistentVolumeClaimSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ClaimSpec {
    #[prost(string, repeated, tag = "1")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) access_modes: Vec<String>,
    #[prost(message, required, tag = "2")]
    pub(crate) resources: ClaimResources,
    #[prost(string, tag = "3")]
    pub(crate) volume_name: String,
    #[prost(string, tag = "5")]
    pub(crate) storage_class_name: String,
}

/// `core.v1.VolumeResourceRequirements`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ClaimResources {
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) requests: ResourceList,
}

/// `core.v1.PersistentVolumeClaimStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ClaimStatus {
    #[prost(string, tag = "1")]
    pub(crate) phase: String,
    #[prost(btree_map = "string, message", tag = "3")]
    pub(crate) capacity: ResourceList,
}

/// `core.v1.PersistentVolume`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct PersistentVolume {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: VolumeSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: VolumeStatus,
}

/// `core.v1.PersistentVolumeSpec`. Protobuf keeps the source in a message of its own, JSON beside
/// the other fields.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct VolumeSpec {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) capacity: ResourceList,
    #[prost(message, required, tag = "2")]
    #[serde(flatten)]
    pub(crate) source: VolumeSource,
    #[prost(string, repeated, tag = "3")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) access_modes: Vec<String>,
    #[prost(message, optional, tag = "4")]
    pub(crate) claim_ref: Option<ClaimReference>,
    #[prost(string, tag = "5")]
    pub(crate) persistent_volume_reclaim_policy: String,
    #[prost(string, tag = "6")]
    pub(crate) storage_class_name: String,
}

/// `core.v1.PersistentVolumeSource`, as far as CSI is concerned.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct VolumeSource {
    #[prost(message, optional, tag = "22")]
    pub(crate) csi: Option<CsiSource>,
}

/// `core.v1.CSIPersistentVolumeSource`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct CsiSource {
    #[prost(string, tag = "1")]
    pub(crate) driver: String,
}

/// `core.v1.ObjectReference`, as far as a claim is named.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ClaimReference {
    #[prost(string, tag = "2")]
    pub(crate) namespace: String,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
}

/// `core.v1.PersistentVolumeStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct VolumeStatus {
    #[prost(string, tag = "1")]
    pub(crate) phase: String,
}
