//! `resource.k8s.io ResourceSlice`, in the shape of v1 and v1beta2 and in that of v1beta1.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    meta::ObjectMeta,
    node::Taint,
    values::{Quantity, nullable},
};

/// `resource.v1.ResourceSlice`, and `v1beta2`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ResourceSlice {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: SliceSpec,
}

/// `resource.v1.ResourceSliceSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SliceSpec {
    #[prost(string, tag = "1")]
    pub(crate) driver: String,
    #[prost(message, required, tag = "2")]
    pub(crate) pool: Pool,
    #[prost(string, tag = "3")]
    pub(crate) node_name: String,
    #[prost(message, repeated, tag = "6")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) devices: Vec<Device>,
}

/// `resource.v1beta1.ResourceSlice`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct BetaResourceSlice {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: BetaSliceSpec,
}

/// `resource.v1beta1.ResourceSliceSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct BetaSliceSpec {
    #[prost(string, tag = "1")]
    pub(crate) driver: String,
    #[prost(message, required, tag = "2")]
    pub(crate) pool: Pool,
    #[prost(string, tag = "3")]
    pub(crate) node_name: String,
    #[prost(message, repeated, tag = "6")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) devices: Vec<BetaDevice>,
}

/// `resource.v1.ResourcePool`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Pool {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(int64, tag = "2")]
    pub(crate) generation: i64,
    #[prost(int64, tag = "3")]
    pub(crate) resource_slice_count: i64,
}

/// `resource.v1.Device`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Device {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) attributes: BTreeMap<String, Attribute>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub(crate) capacity: BTreeMap<String, Capacity>,
    #[prost(message, repeated, tag = "8")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) taints: Vec<Taint>,
}

/// `resource.v1beta1.Device`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct BetaDevice {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, required, tag = "2")]
    pub(crate) basic: BasicDevice,
}

/// `resource.v1beta1.BasicDevice`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct BasicDevice {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(crate) attributes: BTreeMap<String, Attribute>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) capacity: BTreeMap<String, Capacity>,
    #[prost(message, repeated, tag = "7")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) taints: Vec<Taint>,
}

/// `resource.v1.DeviceAttribute`, where it is a text.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Attribute {
    #[prost(string, optional, tag = "4")]
    pub(crate) string: Option<String>,
}

/// `resource.v1.DeviceCapacity`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Capacity {
    #[prost(message, required, tag = "1")]
    pub(crate) value: Quantity,
}
