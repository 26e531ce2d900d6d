//! An accelerator of this machine: what it says, what is wrong with it, and what it is made of.

use serde::{Deserialize, Serialize};
use strata_domain::workstation;
use ts_rs::TS;

use super::{Hindrance, RecentChart, SettingRow, TrialRow};
use crate::{
    phrases::Phrase,
    rows::{
        Severity,
        gpu::{GpuFault, ReadingRow},
    },
};

/// An accelerator of the machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AcceleratorRow {
    /// What it is known by: NVIDIA's UUID, else its address on the PCI bus.
    pub device: String,
    /// Its number.
    pub index: u32,
    /// Who made it.
    pub vendor: AcceleratorVendor,
    /// The model.
    pub model: String,
    /// Its address on the PCI bus; may be empty.
    pub pci: String,
    /// Whether it answers.
    pub state: AcceleratorState,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong with it, the worst first.
    pub faults: Vec<GpuFault>,
    /// What one should know to read its figures.
    pub remarks: Vec<Phrase>,
    /// Why its clocks are lower than they could be.
    pub clock_reasons: Vec<Phrase>,
    /// Everything that was measured.
    pub readings: Vec<ReadingRow>,
    /// How it went over the last minutes.
    pub charts: Vec<RecentChart>,
    /// Its MIG instances.
    pub instances: Vec<MigInstanceRow>,
    /// Its NVLinks.
    pub links: Vec<NvlinkRow>,
    /// Errors that the driver reported, the latest first.
    pub xids: Vec<XidRow>,
    /// Since when they are known, by the kernel's log, in RFC 3339; absent where nothing of before Strata was
    /// watching is.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xids_since: Option<String>,
    /// Why those of before are not known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xids_unknown: Option<Hindrance>,
    /// When the processes on it were listed, in RFC 3339; absent where they cannot be.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processes_at: Option<String>,
    /// How many there were.
    pub processes: u32,
    /// What it can be set to.
    pub settings: Vec<SettingRow>,
    /// What it was set to on trial, the latest first; the last one of each setting stays when it is over.
    pub trials: Vec<TrialRow>,
}

/// A MIG instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MigInstanceRow {
    /// Its UUID.
    pub id: String,
    /// Its profile, such as `1g.10gb`.
    pub profile: String,
    /// The GPU instance that it lies in.
    pub gpu_instance: u32,
    /// The compute instance that it is.
    pub compute_instance: u32,
    /// Its figures.
    pub readings: Vec<ReadingRow>,
}

/// An NVLink.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NvlinkRow {
    /// Its number.
    pub number: u32,
    /// Whether it is up.
    pub is_active: bool,
    /// Its version.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The PCI address of what is at its other end; may be empty.
    pub peer: String,
    /// The errors that it counted; none where it is down.
    pub readings: Vec<ReadingRow>,
}

/// An error that the driver reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct XidRow {
    /// When it was heard of, or when the kernel's log has it, in RFC 3339.
    pub at: String,
    /// Whether that was before Strata was watching.
    pub is_past: bool,
    /// By how many seconds it may have been earlier, since the machine slept after it.
    pub earlier_by_seconds: u32,
    /// What it is.
    pub title: Phrase,
    /// What it means.
    pub meaning: Phrase,
    /// What to do.
    pub action: Phrase,
}

/// Who made an accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum AcceleratorVendor {
    Nvidia,
    Amd,
    Intel,
}

impl From<workstation::Vendor> for AcceleratorVendor {
    fn from(vendor: workstation::Vendor) -> Self {
        match vendor {
            workstation::Vendor::Nvidia => Self::Nvidia,
            workstation::Vendor::Amd => Self::Amd,
            workstation::Vendor::Intel => Self::Intel,
        }
    }
}

/// Whether an accelerator answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "`strata_domain::workstation::DeviceState` says it"
)]
pub enum AcceleratorState {
    Answers,
    Suspended,
    Lost,
    NeedsReset,
}

impl From<workstation::DeviceState> for AcceleratorState {
    fn from(state: workstation::DeviceState) -> Self {
        use workstation::DeviceState as Domain;
        match state {
            Domain::Answers => Self::Answers,
            Domain::Suspended => Self::Suspended,
            Domain::Lost => Self::Lost,
            Domain::NeedsReset => Self::NeedsReset,
        }
    }
}
