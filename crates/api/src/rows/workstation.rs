//! The machine that Strata runs on, its accelerators, and the processes on them.

use serde::{Deserialize, Serialize};
use strata_domain::workstation;
use ts_rs::TS;

use super::{
    Severity,
    gpu::{Figure, FigureUnit, GpuFault, ReadingRow},
};
use crate::{
    phrases::Phrase,
    workstation::{DeviceSetting, TrialVerdict},
};

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

/// Why something cannot be done from here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Hindrance {
    /// Why.
    pub reason: Phrase,
    /// What to do about it.
    pub remedy: Phrase,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
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
}

/// An error that the driver reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct XidRow {
    /// When it was heard of, in RFC 3339.
    pub at: String,
    /// What it is.
    pub title: Phrase,
    /// What it means.
    pub meaning: Phrase,
    /// What to do.
    pub action: Phrase,
}

/// A process on an accelerator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProcessRow {
    /// The device, by its id.
    pub device: String,
    /// The device's number.
    pub device_index: u32,
    /// Its number on the machine.
    pub pid: u32,
    /// What it uses the device for.
    pub uses: ProcessUse,
    /// The profile of the MIG instance that it runs in; empty for the whole device.
    pub instance: String,
    /// Device memory that it has.
    pub memory: ReadingRow,
    /// How busy it keeps the device; absent where that is never told.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<ReadingRow>,
    /// Whether it is known whose it is; the rest is empty where it is not.
    pub is_known: bool,
    /// The user.
    pub user: String,
    /// The command line; what looks like a secret was left out.
    pub command: String,
    /// When it started, in clock ticks since the machine did: with its number, what it is told from
    /// another process by.
    pub started_ticks: String,
    /// When it started, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// The systemd unit, where it is in no container; may be empty.
    pub unit: String,
    /// What runs its container; absent where it is in none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime: Option<ContainerRuntime>,
    /// The container's id; may be empty.
    pub container_id: String,
    /// The container's name; may be empty.
    pub container: String,
    /// The pod's uid; may be empty.
    pub pod_uid: String,
    /// The pod's namespace; empty where only the uid is known.
    pub namespace: String,
    /// The pod; empty where only the uid is known.
    pub pod: String,
    /// The cluster in which the pod was found; empty where in none that is connected.
    pub cluster: String,
    /// Why it cannot be ended from here, and what to do about that; absent where it can.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<Hindrance>,
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

/// What a process uses a device for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ProcessUse {
    Compute,
    Graphics,
    Both,
}

impl From<workstation::DeviceUse> for ProcessUse {
    fn from(uses: workstation::DeviceUse) -> Self {
        match uses {
            workstation::DeviceUse::Compute => Self::Compute,
            workstation::DeviceUse::Graphics => Self::Graphics,
            workstation::DeviceUse::Both => Self::Both,
        }
    }
}

/// What runs a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "`strata_domain::workstation::ContainerRuntime` says it"
)]
pub enum ContainerRuntime {
    Docker,
    Containerd,
    CriO,
    Podman,
    Lxc,
    Nspawn,
    Slurm,
    Unnamed,
}

impl From<workstation::ContainerRuntime> for ContainerRuntime {
    fn from(runtime: workstation::ContainerRuntime) -> Self {
        use workstation::ContainerRuntime as Domain;
        match runtime {
            Domain::Docker => Self::Docker,
            Domain::Containerd => Self::Containerd,
            Domain::CriO => Self::CriO,
            Domain::Podman => Self::Podman,
            Domain::Lxc => Self::Lxc,
            Domain::Nspawn => Self::Nspawn,
            Domain::Slurm => Self::Slurm,
            Domain::Unnamed => Self::Unnamed,
        }
    }
}
