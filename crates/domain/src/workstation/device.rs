//! An accelerator of the machine.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DeviceProcess, Remark};
use crate::reading::{Figure, Reading, Said};

/// An accelerator of the machine, as it was read last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// What it is known by: NVIDIA's UUID, else its address on the PCI bus.
    pub id: String,
    /// Its number, as its driver counts.
    pub index: u32,
    /// Who made it.
    pub vendor: Vendor,
    /// The model, as its driver names it.
    pub model: String,
    /// Its address on the PCI bus; may be empty.
    pub pci: String,
    /// Whether it answers.
    pub state: DeviceState,
    /// Its figures, each with its own time: slow ones are read less often.
    pub readings: Vec<Reading>,
    /// Its MIG instances.
    pub instances: Vec<MigInstance>,
    /// Its NVLinks that are there.
    pub links: Vec<LinkSample>,
    /// The processes on it.
    pub processes: Vec<DeviceProcess>,
    /// When the processes were listed; none where they cannot be.
    pub processes_at: Option<Timestamp>,
    /// Errors that the driver reported since it is watched, and what the kernel's log has of those before, the
    /// latest first.
    pub xids: Vec<XidEvent>,
    /// The power limits that may be set, where any may.
    pub power: Option<PowerRange>,
    /// The clocks that may be set, where any may.
    pub clocks: Option<ClockRange>,
    /// What one should know to read its figures.
    pub remarks: Vec<Remark>,
}

impl Device {
    /// The reading of `figure`, if it was asked for.
    pub fn reading(&self, figure: Figure) -> Option<&Reading> {
        self.readings.iter().find(|one| one.figure == figure)
    }

    /// The value of `figure`, if there is one.
    pub fn value(&self, figure: Figure) -> Option<f64> {
        self.reading(figure).and_then(|one| match one.said {
            Said::Value(value) => Some(value),
            Said::Absent(_) => None,
        })
    }
}

/// Who made an accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Vendor {
    Nvidia,
    Amd,
    Intel,
}

/// Whether a device answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// It does.
    Answers,
    /// It sleeps to save power, and is not asked so that it goes on sleeping.
    Suspended,
    /// It fell off the bus.
    Lost,
    /// It must be reset before it works again.
    NeedsReset,
}

/// A MIG instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MigInstance {
    /// Its UUID.
    pub id: String,
    /// Its profile, such as `1g.10gb`; the model as the driver names it where that tells none.
    pub profile: String,
    /// The GPU instance that it lies in.
    pub gpu_instance: u32,
    /// The compute instance that it is.
    pub compute_instance: u32,
    /// Its figures.
    pub readings: Vec<Reading>,
}

/// An NVLink.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkSample {
    /// Its number on the device.
    pub number: u32,
    /// Whether it is up.
    pub is_active: bool,
    /// Its version; none where it is not told.
    pub version: Option<u32>,
    /// The PCI address of what is at its other end; may be empty.
    pub peer: String,
    /// The errors that it counted; none where it is down.
    #[serde(default)]
    pub readings: Vec<Reading>,
}

/// An error that NVIDIA's driver reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct XidEvent {
    /// Its number.
    pub xid: u32,
    /// When it was heard of, or when the kernel's log has it.
    pub at: Timestamp,
    /// By how many seconds it may have been earlier: the kernel's log does not count the time for which the
    /// machine slept after it.
    #[serde(default)]
    pub earlier_by_seconds: u32,
}

/// How far back the errors are known that NVIDIA's driver reported, by the kernel's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PastXids {
    /// The log was not looked for, or is being read.
    #[default]
    Unread,
    /// Since then: the log's oldest line.
    Since(Timestamp),
    /// This user may read neither the kernel's log nor the journal of it.
    Forbidden,
    /// There is no kernel's log here, as in a container.
    Missing,
}

/// The power limits that may be set, in watts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PowerRange {
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
    /// The one that the maker set.
    pub default: f64,
}

/// The clocks that the multiprocessors may be locked to, in megahertz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRange {
    /// The least.
    pub least: u32,
    /// The most.
    pub most: u32,
}
