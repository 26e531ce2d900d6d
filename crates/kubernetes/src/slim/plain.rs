//! The kinds of which a name and one or two facts are kept.

use serde::Deserialize;

use super::{
    meta::{AnnotatedMeta, ObjectMeta},
    values::{ProbedCondition, SetCondition, nullable},
};

/// `core.v1.Namespace`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Namespace {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "3")]
    pub(crate) status: NamespaceStatus,
}

/// `core.v1.NamespaceStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct NamespaceStatus {
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) conditions: Vec<ProbedCondition>,
}

/// `storage.v1.StorageClass`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct StorageClass {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(string, tag = "2")]
    pub(crate) provisioner: String,
}

/// `storage.v1.CSIDriver`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct CsiDriver {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
}

/// `node.v1.RuntimeClass`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct RuntimeClass {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(string, tag = "2")]
    pub(crate) handler: String,
}

/// `apiregistration.v1.APIService`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ApiService {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ApiServiceSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: ApiServiceStatus,
}

/// `apiregistration.v1.APIServiceSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ApiServiceSpec {
    #[prost(message, optional, tag = "1")]
    pub(crate) service: Option<ServiceReference>,
}

/// `apiregistration.v1.ServiceReference`: that it is there is all that counts.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
pub(crate) struct ServiceReference {}

/// `apiregistration.v1.APIServiceStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ApiServiceStatus {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) conditions: Vec<SetCondition>,
}

/// `apiextensions.v1.CustomResourceDefinition`.
///
/// It is asked for as `PartialObjectMetadata`, since definitions are the largest objects of a
/// cluster; a server that answers with the whole object says its kind as well.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct CustomResourceDefinition {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: AnnotatedMeta,
    #[prost(message, optional, tag = "2")]
    pub(crate) spec: Option<DefinitionSpec>,
}

/// `apiextensions.v1.CustomResourceDefinitionSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct DefinitionSpec {
    #[prost(message, required, tag = "3")]
    pub(crate) names: DefinitionNames,
}

/// `apiextensions.v1.CustomResourceDefinitionNames`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct DefinitionNames {
    #[prost(string, tag = "4")]
    pub(crate) kind: String,
}

/// `resource.v1.DeviceClass`; the betas number these fields alike.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct DeviceClass {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: DeviceClassSpec,
}

/// `resource.v1.DeviceClassSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct DeviceClassSpec {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) selectors: Vec<DeviceSelector>,
    #[prost(string, tag = "4")]
    pub(crate) extended_resource_name: String,
}

/// `resource.v1.DeviceSelector`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct DeviceSelector {
    #[prost(message, optional, tag = "1")]
    pub(crate) cel: Option<CelSelector>,
}

/// `resource.v1.CELDeviceSelector`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct CelSelector {
    #[prost(string, tag = "1")]
    pub(crate) expression: String,
}

/// `resource.v1.ResourceClaim`; the betas number these fields alike. What it asks for is not kept.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ResourceClaim {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "3")]
    pub(crate) status: ResourceClaimStatus,
}

/// `resource.v1.ResourceClaimStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ResourceClaimStatus {
    #[prost(message, optional, tag = "1")]
    pub(crate) allocation: Option<Allocation>,
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) reserved_for: Vec<Consumer>,
}

/// `resource.v1.AllocationResult`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Allocation {
    #[prost(message, required, tag = "1")]
    pub(crate) devices: AllocatedDevices,
}

/// `resource.v1.DeviceAllocationResult`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct AllocatedDevices {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) results: Vec<AllocatedDevice>,
}

/// `resource.v1.DeviceRequestAllocationResult`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct AllocatedDevice {
    #[prost(string, tag = "2")]
    pub(crate) driver: String,
    #[prost(string, tag = "3")]
    pub(crate) pool: String,
    #[prost(string, tag = "4")]
    pub(crate) device: String,
    /// Whoever monitors a device by a claim does not hold it.
    #[prost(bool, optional, tag = "5")]
    pub(crate) admin_access: Option<bool>,
}

/// `resource.v1.ResourceClaimConsumerReference`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Consumer {
    #[prost(string, tag = "3")]
    pub(crate) resource: String,
    #[prost(string, tag = "4")]
    pub(crate) name: String,
}
