//! `core.v1.Node`.

use serde::Deserialize;

use super::{
    meta::ObjectMeta,
    values::{ProbedCondition, ResourceList, nullable},
};

/// A node.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Node {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: NodeSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: NodeStatus,
}

/// `core.v1.NodeSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct NodeSpec {
    #[prost(string, tag = "3")]
    #[serde(rename = "providerID")]
    pub(crate) provider_id: String,
    #[prost(bool, tag = "4")]
    pub(crate) unschedulable: bool,
    #[prost(message, repeated, tag = "5")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) taints: Vec<Taint>,
}

/// `core.v1.Taint`; a device's taint has the same first three fields.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Taint {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(string, tag = "2")]
    pub(crate) value: String,
    #[prost(string, tag = "3")]
    pub(crate) effect: String,
}

/// `core.v1.NodeStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct NodeStatus {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) capacity: ResourceList,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) allocatable: ResourceList,
    #[prost(message, repeated, tag = "4")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) conditions: Vec<ProbedCondition>,
    #[prost(message, required, tag = "7")]
    pub(crate) node_info: NodeSystem,
}

/// `core.v1.NodeSystemInfo`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct NodeSystem {
    #[prost(string, tag = "4")]
    pub(crate) kernel_version: String,
    #[prost(string, tag = "5")]
    pub(crate) os_image: String,
    #[prost(string, tag = "6")]
    pub(crate) container_runtime_version: String,
    #[prost(string, tag = "7")]
    pub(crate) kubelet_version: String,
    #[prost(string, tag = "10")]
    pub(crate) architecture: String,
}
