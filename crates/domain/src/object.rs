//! Any object that the fleet holds.

use serde::{Deserialize, Serialize};

use crate::{
    custom::Custom,
    ids::GroupKind,
    metadata::Metadata,
    node::Node,
    plain::{Plain, PlainKind},
    pod::Pod,
    resource_slice::ResourceSlice,
    workload::Workload,
};

/// An object of a cluster, pruned to what Strata keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Object {
    /// A machine.
    Node(Box<Node>),
    /// A pod.
    Pod(Box<Pod>),
    /// A built-in controller of pods.
    Workload(Box<Workload>),
    /// Devices of a DRA driver.
    ResourceSlice(Box<ResourceSlice>),
    /// A kind of which little is kept.
    Plain(Box<Plain>),
    /// A custom resource that the catalogue knows.
    Custom(Box<Custom>),
}

impl Object {
    /// What every object carries.
    pub fn metadata(&self) -> &Metadata {
        match self {
            Self::Node(node) => &node.metadata,
            Self::Pod(pod) => &pod.metadata,
            Self::Workload(workload) => &workload.metadata,
            Self::ResourceSlice(slice) => &slice.metadata,
            Self::Plain(plain) => &plain.metadata,
            Self::Custom(custom) => &custom.metadata,
        }
    }

    /// The object's group and kind.
    pub fn group_kind(&self) -> GroupKind {
        match self {
            Self::Node(_) => GroupKind::new("", "Node"),
            Self::Pod(_) => GroupKind::new("", "Pod"),
            Self::Workload(workload) => {
                GroupKind::new(workload.kind.group(), workload.kind.as_str())
            }
            Self::ResourceSlice(_) => GroupKind::new("resource.k8s.io", "ResourceSlice"),
            Self::Plain(plain) => match plain.kind {
                PlainKind::Namespace => GroupKind::new("", "Namespace"),
                PlainKind::StorageClass { .. } => GroupKind::new("storage.k8s.io", "StorageClass"),
                PlainKind::CsiDriver => GroupKind::new("storage.k8s.io", "CSIDriver"),
                PlainKind::RuntimeClass { .. } => GroupKind::new("node.k8s.io", "RuntimeClass"),
                PlainKind::ApiService { .. } => {
                    GroupKind::new("apiregistration.k8s.io", "APIService")
                }
                PlainKind::CustomResourceDefinition { .. } => {
                    GroupKind::new("apiextensions.k8s.io", "CustomResourceDefinition")
                }
                PlainKind::DeviceClass { .. } => GroupKind::new("resource.k8s.io", "DeviceClass"),
                PlainKind::ResourceClaim { .. } => {
                    GroupKind::new("resource.k8s.io", "ResourceClaim")
                }
                PlainKind::VolumeClaim(_) => GroupKind::new("", "PersistentVolumeClaim"),
                PlainKind::Volume(_) => GroupKind::new("", "PersistentVolume"),
                PlainKind::PodAutoscaler { .. } => {
                    GroupKind::new("autoscaling", "HorizontalPodAutoscaler")
                }
                PlainKind::AdmissionWebhooks { mutating, .. } => GroupKind::new(
                    "admissionregistration.k8s.io",
                    if mutating {
                        "MutatingWebhookConfiguration"
                    } else {
                        "ValidatingWebhookConfiguration"
                    },
                ),
            },
            Self::Custom(custom) => custom.kind.clone(),
        }
    }
}
