//! What an accelerator of this machine can be set to, and what it was set to on trial.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Hindrance;
use crate::{
    rows::gpu::FigureUnit,
    workstation::{DeviceSetting, TrialVerdict},
};

/// Something that a device can be set to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SettingRow {
    /// What.
    pub setting: SettingKind,
    /// The unit of the range.
    pub unit: FigureUnit,
    /// The least that its driver allows.
    pub least: f64,
    /// The most.
    pub most: f64,
    /// What the maker set.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<f64>,
    /// Why it cannot be set from here, and what to do about that; absent where it can.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Hindrance>,
}

/// What a device can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingKind {
    /// The power it is held to.
    PowerLimit,
    /// The clocks that its multiprocessors are held between.
    LockedClocks,
}

/// Something that a device was set to on trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrialRow {
    /// The entry of the journal: what it is decided by.
    pub entry: u32,
    /// What the device has, by its own account.
    pub now: DeviceSetting,
    /// What was asked for.
    pub asked: DeviceSetting,
    /// What it had before; absent where its driver does not tell that.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<DeviceSetting>,
    /// When it is taken back unless it is kept, in RFC 3339.
    pub until: String,
    /// How it ended; absent while it is open.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<TrialVerdict>,
}
