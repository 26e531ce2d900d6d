//! Claims of devices that are given out dynamically (DRA).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::phrases::Phrase;

/// A `ResourceClaim`: what it was given, and who uses that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeviceClaimRow {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: DeviceClaimState,
    /// Why it has no devices, as far as that is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// The drivers of its devices, each once.
    pub drivers: Vec<String>,
    /// Its devices, by their names in their pools.
    pub devices: Vec<String>,
    /// The nodes of its devices, each once, as far as slices tell.
    pub nodes: Vec<String>,
    /// The pods that it is reserved for.
    pub pods: Vec<String>,
    /// When it was made, in RFC 3339; absent where that is not told.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

/// How a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeviceClaimState {
    /// It waits for devices.
    Pending,
    /// It has devices, which no pod is reserved for.
    Allocated,
    /// Pods may use its devices.
    Reserved,
}
