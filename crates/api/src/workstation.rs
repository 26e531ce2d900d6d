//! Changing the machine that Strata runs on: a process ended, a device set to something.
//!
//! Requests have an [`Intent`] and answer with a [`ChangeReport`](crate::change::ChangeReport) like those
//! that change a cluster, and are noted down in the same journal. A device is set on trial: what was set
//! is taken back unless somebody [decides](DecideTrial) to keep it, also where Strata ends before.

use serde::{Deserialize, Serialize};
use strata_domain::workstation;
use ts_rs::TS;

use crate::{change::Intent, phrases::Phrase};

/// Ends a process that is on an accelerator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EndProcess {
    /// Its number.
    pub pid: u32,
    /// When it started, as its row tells it: a process that got the number later is left alone.
    pub started_ticks: String,
    /// Whether it is made to go at once, instead of asked to.
    pub is_forced: bool,
    /// Whether it is to be done.
    pub intent: Intent,
}

/// Sets a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetDevice {
    /// The device, by its id.
    pub device: String,
    /// What it shall have.
    pub setting: DeviceSetting,
    /// For how many seconds it is tried, from 5 to 3600; 0: it is set for good at once.
    pub trial_seconds: u32,
    /// Whether it is to be done.
    pub intent: Intent,
}

impl SetDevice {
    /// The shortest trial, in seconds.
    pub const SHORTEST: u32 = 5;
    /// The longest trial, in seconds.
    pub const LONGEST: u32 = 3600;
}

/// Decides about a change on trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DecideTrial {
    /// The entry of the journal, by its number.
    pub entry: u32,
    /// Whether it stays; else it is taken back.
    pub keep: bool,
}

/// How a trial ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrialVerdict {
    /// In a word.
    pub outcome: TrialOutcome,
    /// What happened to which device, and what to do where that is not what was wanted.
    pub sentence: Phrase,
}

/// How a trial ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrialOutcome {
    /// What was set stays.
    Kept,
    /// It was taken back.
    TakenBack,
    /// It was to be taken back, and was not.
    Stuck,
}

/// What a device can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "set", rename_all = "snake_case", deny_unknown_fields)]
pub enum DeviceSetting {
    /// The power it is held to.
    PowerLimit {
        /// In watts.
        watts: f64,
    },
    /// The clocks that its multiprocessors are held between.
    LockedClocks {
        /// The least, in megahertz.
        least: u32,
        /// The most, in megahertz.
        most: u32,
    },
    /// Clocks as the driver thinks best.
    FreeClocks {},
}

impl From<DeviceSetting> for workstation::Setting {
    fn from(setting: DeviceSetting) -> Self {
        match setting {
            DeviceSetting::PowerLimit { watts } => Self::PowerLimit(watts),
            DeviceSetting::LockedClocks { least, most } => Self::LockedClocks(Some((least, most))),
            DeviceSetting::FreeClocks {} => Self::LockedClocks(None),
        }
    }
}

impl From<workstation::Setting> for DeviceSetting {
    fn from(setting: workstation::Setting) -> Self {
        match setting {
            workstation::Setting::PowerLimit(watts) => Self::PowerLimit { watts },
            workstation::Setting::LockedClocks(Some((least, most))) => {
                Self::LockedClocks { least, most }
            }
            workstation::Setting::LockedClocks(None) => Self::FreeClocks {},
        }
    }
}
