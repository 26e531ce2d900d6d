//! Pools: machines that are alike, where they stand and what is in them.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Deserializer};

use super::{Pairs, Rack, duration, racks};

/// Machines that are alike.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// The beginning of the nodes' names; a number follows.
    pub name: String,
    /// How many.
    pub nodes: usize,
    /// The racks that the nodes fill, one after the other.
    #[serde(deserialize_with = "read_racks")]
    pub racks: Vec<Rack>,
    /// CPU of a node, as a quantity.
    pub cpu: String,
    /// Memory of a node, as a quantity.
    pub memory: String,
    /// The label `node.kubernetes.io/instance-type`.
    pub instance_type: String,
    /// Further labels.
    #[serde(default)]
    pub labels: Pairs,
    /// Taints, as `KEY=VALUE:EFFECT`.
    #[serde(default)]
    pub taints: Vec<String>,
    /// Further resources of a node, such as `rdma/hca_shared_devices_a`.
    #[serde(default)]
    pub resources: Pairs,
    /// The accelerators of a node.
    pub gpu: Option<Gpu>,
    /// Nodes that are cordoned.
    #[serde(default)]
    pub cordoned: Vec<String>,
    /// How long ago the nodes joined.
    #[serde(default = "super::default_age", deserialize_with = "duration::read")]
    pub age: Duration,
}

/// The accelerators of a node.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gpu {
    /// The product as the driver names it, such as `NVIDIA H100 80GB HBM3`.
    pub product: String,
    /// How many a node has.
    pub count: u64,
    /// Framebuffer of one, in MiB.
    pub memory_mib: u64,
    /// The architecture's word, such as `hopper`.
    pub family: String,
    /// The compute capability, such as `9.0`.
    pub compute: String,
    /// The driver's version.
    pub driver: String,
    /// The CUDA version that the driver serves.
    pub cuda: String,
    /// Nodes with another driver, by its version.
    #[serde(default)]
    pub other_drivers: BTreeMap<String, Vec<String>>,
    /// Who publishes them to the cluster.
    #[serde(default)]
    pub published_by: Publisher,
}

/// Who publishes accelerators to the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Publisher {
    /// The device plugin, as the extended resource `nvidia.com/gpu`.
    #[default]
    DevicePlugin,
    /// The DRA driver, as resource slices.
    Dra,
}

impl Pool {
    /// The name of the pool's node `index`.
    pub(crate) fn node_name(&self, index: usize) -> String {
        format!("{}-{:02}", self.name, index + 1)
    }

    /// The rack of the node `index`: racks are filled one after the other.
    pub(crate) fn rack(&self, index: usize) -> Option<&Rack> {
        let in_each = self.nodes.div_ceil(self.racks.len().max(1)).max(1);
        self.racks.get(index / in_each)
    }
}

fn read_racks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Rack>, D::Error> {
    racks::Racks::deserialize(deserializer).map(Into::into)
}
