//! Nodes.

use serde::{Deserialize, Serialize};

use crate::{
    condition::{Condition, Status, find},
    metadata::Metadata,
    text::Text,
};

/// A machine of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Name, labels, times.
    pub metadata: Metadata,
    /// Whether the node is cordoned (`spec.unschedulable`).
    pub cordoned: bool,
    /// `spec.taints`.
    pub taints: Vec<Taint>,
    /// `spec.providerID`; its scheme names the cloud. May be empty.
    pub provider_id: Text,
    /// `status.capacity`: what the machine has.
    pub capacity: Resources,
    /// `status.allocatable`: what pods may take of it.
    pub allocatable: Resources,
    /// `status.conditions`.
    pub conditions: Vec<Condition>,
    /// `status.nodeInfo`.
    pub software: Software,
}

impl Node {
    /// What the condition `Ready` says; unknown where it is missing.
    pub fn ready(&self) -> Status {
        find(&self.conditions, "Ready").map_or(Status::Unknown, |condition| condition.status)
    }
}

/// A mark that keeps pods away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taint {
    /// The taint's key.
    pub key: Text,
    /// The taint's value; may be empty.
    pub value: Text,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    pub effect: Text,
}

/// Amounts of resources: CPU, memory, pods, and every extended resource by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// CPU in thousandths of a core.
    pub cpu_millicores: u64,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// How many pods.
    pub pods: u64,
    /// Extended resources (`nvidia.com/gpu`, `rdma/shared_a` ...) and their amounts, in the order
    /// in which the server gave them.
    pub extended: Box<[(Text, u64)]>,
}

impl Resources {
    /// The amount of the extended resource `name`, if the list has it.
    pub fn extended(&self, name: &str) -> Option<u64> {
        self.extended
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, amount)| *amount)
    }
}

/// Whether a resource name is an extended resource: it has a domain, and not Kubernetes's own.
pub fn is_extended_resource(name: &str) -> bool {
    name.split_once('/').is_some_and(|(domain, _)| {
        !(domain == "kubernetes.io" || domain.ends_with(".kubernetes.io"))
    })
}

/// What the node says of its own software, in its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Software {
    /// Such as `v1.36.2`.
    pub kubelet: Text,
    /// Such as `containerd://2.1.4`.
    pub container_runtime: Text,
    /// Such as `6.8.0-90-generic`.
    pub kernel: Text,
    /// Such as `Ubuntu 24.04.2 LTS`.
    pub os_image: Text,
    /// Such as `amd64`.
    pub architecture: Text,
}
