//! Devices that drivers publish for claims (DRA): what there is to be given, and what was.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::rows::watch::WatchState;

/// How far it is known what devices there are for claims. Told where the server serves
/// `ResourceSlice`s.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeviceSupplyRow {
    /// Where the list of `ResourceSlice`s stands, which tell what is published.
    pub slices: WatchState,
    /// Where the list of `ResourceClaim`s stands, which tell what was given.
    pub claims: WatchState,
    /// Where the list of `DeviceClass`es stands, which tell by which names devices are asked for.
    pub classes: WatchState,
    /// Pools of which slices are missing: their devices are not given out, and in no number.
    pub incomplete_pools: u32,
}

/// Devices of one driver, kind and model that may be given to claims.
///
/// A driver may publish a device whole and in every part it could be cut into, each as a device of its
/// own: rows of different kinds are never added up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeviceOfferRow {
    /// The driver, such as `gpu.nvidia.com`.
    pub driver: String,
    /// The attribute `type`: `gpu`, `mig`, `vfio`; empty where it is not told.
    pub kind: String,
    /// The model; empty where it is not told.
    pub model: String,
    /// The device classes by which they are asked for, as far as the classes' selectors tell.
    pub classes: Vec<DeviceClassPick>,
    /// Nodes that have such devices; devices of no single node are in none.
    pub nodes: u32,
    /// Devices that are published.
    pub published: u32,
    /// Of those, the ones that claims were given; absent where claims are not known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocated: Option<u32>,
    /// Of those published, the ones that a taint in their slice keeps from being given.
    pub tainted: u32,
    /// These taints, each once, as `key=value:effect`.
    pub taints: Vec<String>,
}

/// A device class that picks devices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct DeviceClassPick {
    /// The class.
    pub name: String,
    /// Whether it has further conditions, so that it may pick some of the devices alone, or none.
    pub may_be_fewer: bool,
}
