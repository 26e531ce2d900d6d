//! Devices that drivers publish for dynamic resource allocation (DRA).

use serde::{Deserialize, Serialize};

use crate::{metadata::Metadata, text::Text};

/// A `ResourceSlice` of `resource.k8s.io`.
///
/// Of a pool, only the slices of the highest generation count, and only when all
/// `pool_slices` of them are there (Kubernetes API, `ResourcePool`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceSlice {
    /// Name, times.
    pub metadata: Metadata,
    /// The driver, such as `gpu.nvidia.com`.
    pub driver: Text,
    /// The node that has the devices; empty where a selector or the whole cluster has them.
    pub node: Text,
    /// The pool's name.
    pub pool: Text,
    /// The pool's generation.
    pub pool_generation: u64,
    /// How many slices the pool's generation has.
    pub pool_slices: u64,
    /// The devices.
    pub devices: Box<[Device]>,
}

/// A device of a slice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The device's name in its pool.
    pub name: Text,
    /// The attribute `type`: `gpu`, `mig`, `vfio` ...; may be empty.
    pub kind: Text,
    /// The attribute `uuid`; may be empty.
    pub uuid: Text,
    /// The attribute `parentUUID` of a partition; empty for a whole device.
    pub parent_uuid: Text,
    /// The attribute `productName`, such as `NVIDIA H100 80GB HBM3`; may be empty.
    pub product: Text,
    /// The capacity `memory`, in bytes, if the driver tells.
    pub memory_bytes: Option<u64>,
    /// The taints that keep it from being allocated (`NoSchedule`, `NoExecute`), as
    /// `key=value:effect`; a claim may tolerate them.
    pub taints: Box<[Text]>,
}
