//! `core.v1.Pod`.

use serde::Deserialize;

use super::{
    meta::ObjectMeta,
    values::{ProbedCondition, ResourceList, Time, nullable},
};

/// A pod.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Pod {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: PodSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: PodStatus,
}

/// `core.v1.PodSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PodSpec {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) volumes: Vec<Volume>,
    #[prost(message, repeated, tag = "20")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) init_containers: Vec<Container>,
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) containers: Vec<Container>,
    #[prost(string, tag = "10")]
    pub(crate) node_name: String,
    #[prost(string, tag = "19")]
    pub(crate) scheduler_name: String,
    #[prost(string, tag = "24")]
    pub(crate) priority_class_name: String,
    #[prost(btree_map = "string, message", tag = "32")]
    pub(crate) overhead: ResourceList,
    #[prost(message, repeated, tag = "39")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) resource_claims: Vec<ResourceClaim>,
    #[prost(message, optional, tag = "40")]
    pub(crate) resources: Option<Requirements>,
}

/// `core.v1.Volume`, as far as claims and images are concerned. Protobuf keeps the source in a message of its
/// own, JSON beside the name.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Volume {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, required, tag = "2")]
    #[serde(flatten)]
    pub(crate) source: VolumeSource,
}

/// `core.v1.VolumeSource`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct VolumeSource {
    #[prost(message, optional, tag = "10")]
    pub(crate) persistent_volume_claim: Option<ClaimSource>,
    #[prost(message, optional, tag = "29")]
    pub(crate) ephemeral: Option<EphemeralSource>,
    #[prost(message, optional, tag = "30")]
    pub(crate) image: Option<ImageSource>,
}

/// `core.v1.ImageVolumeSource`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ImageSource {
    #[prost(string, tag = "1")]
    pub(crate) reference: String,
}

/// `core.v1.PersistentVolumeClaimVolumeSource`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ClaimSource {
    #[prost(string, tag = "1")]
    pub(crate) claim_name: String,
}

/// `core.v1.EphemeralVolumeSource`: that it is there is all that counts, since its claim is called
/// after the pod and the volume.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
pub(crate) struct EphemeralSource {}

/// `core.v1.Container`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Container {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) image: String,
    #[prost(string, repeated, tag = "3")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) command: Vec<String>,
    #[prost(string, repeated, tag = "4")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) args: Vec<String>,
    #[prost(message, required, tag = "8")]
    pub(crate) resources: Requirements,
    #[prost(string, tag = "24")]
    pub(crate) restart_policy: String,
}

/// `core.v1.ResourceRequirements`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Requirements {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) limits: ResourceList,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) requests: ResourceList,
}

/// `core.v1.PodResourceClaim`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ResourceClaim {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "3")]
    pub(crate) resource_claim_name: String,
}

/// `core.v1.PodStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PodStatus {
    #[prost(string, tag = "1")]
    pub(crate) phase: String,
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) conditions: Vec<ProbedCondition>,
    #[prost(string, tag = "4")]
    pub(crate) reason: String,
    #[prost(message, optional, tag = "7")]
    pub(crate) start_time: Option<Time>,
    #[prost(message, repeated, tag = "8")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) container_statuses: Vec<ContainerStatus>,
    #[prost(message, repeated, tag = "10")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) init_container_statuses: Vec<ContainerStatus>,
    #[prost(message, repeated, tag = "15")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) resource_claim_statuses: Vec<ResourceClaimStatus>,
}

/// `core.v1.PodResourceClaimStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ResourceClaimStatus {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) resource_claim_name: String,
}

/// `core.v1.ContainerStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ContainerStatus {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, required, tag = "2")]
    pub(crate) state: ContainerState,
    #[prost(message, required, tag = "3")]
    pub(crate) last_state: ContainerState,
    #[prost(bool, tag = "4")]
    pub(crate) ready: bool,
    #[prost(int32, tag = "5")]
    pub(crate) restart_count: i32,
}

/// `core.v1.ContainerState`: at most one of the three.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ContainerState {
    #[prost(message, optional, tag = "1")]
    pub(crate) waiting: Option<Waiting>,
    #[prost(message, optional, tag = "2")]
    pub(crate) running: Option<Running>,
    #[prost(message, optional, tag = "3")]
    pub(crate) terminated: Option<Terminated>,
}

/// `core.v1.ContainerStateWaiting`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Waiting {
    #[prost(string, tag = "1")]
    pub(crate) reason: String,
    #[prost(string, tag = "2")]
    pub(crate) message: String,
}

/// `core.v1.ContainerStateRunning`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Running {
    #[prost(message, optional, tag = "1")]
    pub(crate) started_at: Option<Time>,
}

/// `core.v1.ContainerStateTerminated`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Terminated {
    #[prost(int32, tag = "1")]
    pub(crate) exit_code: i32,
    #[prost(int32, tag = "2")]
    pub(crate) signal: i32,
    #[prost(string, tag = "3")]
    pub(crate) reason: String,
    #[prost(message, optional, tag = "6")]
    pub(crate) finished_at: Option<Time>,
}
