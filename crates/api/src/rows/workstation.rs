//! The machine that Strata runs on: itself here, its [`accelerator`]s with what they can be set to
//! ([`setting`]), and the [`process`]es on them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::gpu::{Figure, FigureUnit, GpuFault, ReadingRow};
use crate::phrases::Phrase;

pub mod accelerator;
pub mod process;
pub mod setting;

pub use accelerator::{
    AcceleratorRow, AcceleratorState, AcceleratorVendor, MigInstanceRow, NvlinkRow, XidRow,
};
pub use process::{ContainerRuntime, ProcessRow, ProcessUse};
pub use setting::{SettingKind, SettingRow, TrialRow};

/// A figure over the last minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecentChart {
    /// Which figure.
    pub figure: Figure,
    /// Its unit.
    pub unit: FigureUnit,
    /// The top of the chart.
    pub most: f64,
    /// Seconds between two values.
    pub step_seconds: u32,
    /// The values, oldest first; `null` where nothing was measured. The last is now's.
    pub values: Vec<Option<f64>>,
}

/// The machine: the first row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkstationRow {
    /// Its name on its network; empty until it was read.
    pub name: String,
    /// The operating system and its version.
    pub system: String,
    /// The kernel's version.
    pub kernel: String,
    /// The processor's model.
    pub processor: String,
    /// Hardware threads.
    pub threads: u32,
    /// Figures of the whole machine.
    pub readings: Vec<ReadingRow>,
    /// Its disks.
    pub disks: Vec<WorkstationPart>,
    /// Its network interfaces.
    pub networks: Vec<WorkstationPart>,
    /// Processors and memory over the last minutes.
    pub charts: Vec<RecentChart>,
    /// How far reading the accelerators has come.
    pub sampling: Sampling,
    /// When the accelerators were read last, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled_at: Option<String>,
    /// The version of NVIDIA's driver; may be empty.
    pub driver: String,
    /// The CUDA version that it supports; may be empty.
    pub cuda: String,
    /// What keeps drivers from being read, the worst first.
    pub faults: Vec<GpuFault>,
    /// What one should know to read the figures.
    pub remarks: Vec<Phrase>,
    /// What reading the accelerators cost the last time.
    pub cost: SamplingCost,
}

/// How far reading the accelerators has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// Nothing was told yet.
    #[default]
    Starting,
    /// Accelerators are read.
    Live,
    /// There is none.
    NoAccelerator,
    /// Drivers do not answer, or the process that asks them does not run: what is shown is old.
    Interrupted,
}

/// What reading the accelerators cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SamplingCost {
    /// Calls to drivers.
    pub calls: u32,
    /// How long they took together, in seconds.
    pub seconds: f64,
    /// The slowest call.
    pub slowest: String,
    /// How long that took, in seconds.
    pub slowest_seconds: f64,
}

/// A disk or a network interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkstationPart {
    /// Its name.
    pub name: String,
    /// What it is; may be empty.
    pub detail: String,
    /// Its figures.
    pub readings: Vec<ReadingRow>,
}

/// Why something cannot be done from here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Hindrance {
    /// Why.
    pub reason: Phrase,
    /// What to do about it.
    pub remedy: Phrase,
}
