//! What a device can be set to, and how it stands with regard to that.

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

impl Setting {
    /// Whether both are about the same thing, whatever its value.
    pub fn is_about_the_same(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::PowerLimit(_), Self::PowerLimit(_))
                | (Self::LockedClocks(_), Self::LockedClocks(_))
        )
    }

    /// Whether both are the same, as far as a device can tell them apart: it counts milliwatts.
    pub fn is_as_good_as(self, other: Self) -> bool {
        match (self, other) {
            (Self::PowerLimit(one), Self::PowerLimit(other)) => (one - other).abs() < 1e-3,
            (one, other) => one == other,
        }
    }
}

impl std::fmt::Display for Setting {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::PowerLimit(watts) => write!(formatter, "{watts:.0} W"),
            Self::LockedClocks(Some((least, most))) => write!(formatter, "{least}–{most} MHz"),
            Self::LockedClocks(None) => formatter.write_str("unlocked clocks"),
        }
    }
}

/// How a device stands with regard to a change that may be made to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The device's number, as its driver counts.
    pub index: u32,
    /// Its model.
    pub model: String,
    /// What it has now; none where its driver does not tell that.
    pub now: Option<Setting>,
    /// Whether it keeps what is set while nobody uses it.
    pub is_persistent: bool,
    /// Whether this user may set it, as far as that can be told without trying.
    pub may_be_set: bool,
}
