//! What a device can be set to.

use serde::{Deserialize, Serialize};

/// A change to a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceChange {
    /// The device, by its id.
    pub device: String,
    /// What it shall have.
    pub setting: Setting,
}

/// What a device can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The power it is held to, in watts.
    PowerLimit(f64),
    /// The least and the most clock of its multiprocessors, in megahertz; none: as the driver thinks
    /// best.
    LockedClocks(Option<(u32, u32)>),
}
