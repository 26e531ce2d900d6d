//! The machine that Strata runs on, as it was read at one moment: its processors, memory, disks and
//! networks, its accelerators, and the processes on them.
//!
//! Every figure is a [`Reading`]. What keeps a device or a whole driver from being read is a
//! [`Trouble`]: it names what is wrong closely enough that a person can be told the remedy.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::reading::Reading;

mod change;
mod device;
mod process;
mod trouble;

pub use change::{DeviceChange, Setting, Standing};
pub use device::{
    ClockRange, Device, DeviceState, LinkSample, MigInstance, PastXids, PowerRange, Vendor,
    XidEvent,
};
pub use process::{
    Container, ContainerRuntime, DeviceProcess, DeviceUse, PodOf, ProcessGuard, ProcessOwner,
};
pub use trouble::{Remark, Trouble};

/// The machine itself at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MachineSample {
    /// When it was read.
    pub at: Timestamp,
    /// The machine's name on its network.
    pub name: String,
    /// The operating system and its version.
    pub system: String,
    /// The kernel's version.
    pub kernel: String,
    /// The processor's model; may be empty.
    pub processor: String,
    /// Hardware threads.
    pub threads: u32,
    /// Figures of the whole machine: processors, memory, disks and networks together.
    pub readings: Vec<Reading>,
    /// Its file systems on disks, the one of `/` first.
    pub disks: Vec<Part>,
    /// Its network interfaces, by name.
    pub networks: Vec<Part>,
}

/// A disk or a network interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its name: where it is mounted, or the interface's name.
    pub name: String,
    /// What it is: the device and file system, or the address; may be empty.
    pub detail: String,
    /// Its figures.
    pub readings: Vec<Reading>,
}

/// A call to a driver that has not come back yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingCall {
    /// The device, as [`Device::id`] has it; empty for a call that concerns none.
    pub device: String,
    /// The call, as the driver's library names it.
    pub call: String,
    /// When it was made.
    pub since: Timestamp,
}

/// The accelerators of the machine at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AcceleratorSample {
    /// Every device that was found, NVIDIA's first, in the order of their numbers.
    pub devices: Vec<Device>,
    /// What keeps drivers from being asked.
    pub troubles: Vec<Trouble>,
    /// What one should know to read the figures.
    pub remarks: Vec<Remark>,
    /// The version of NVIDIA's driver; empty without one.
    pub driver: String,
    /// The CUDA version that the driver supports; empty without one.
    pub cuda: String,
    /// What reading it cost.
    pub cost: Cost,
    /// Whether this user may change what devices are set to.
    pub may_be_set: bool,
    /// How far back the errors of NVIDIA's devices are known.
    #[serde(default)]
    pub past_xids: PastXids,
}

/// What reading the accelerators cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Calls to drivers.
    pub calls: u32,
    /// How long they took together, in seconds. NVIDIA's driver holds a lock meanwhile.
    pub seconds: f64,
    /// The slowest of them.
    pub slowest: String,
    /// How long that took, in seconds.
    pub slowest_seconds: f64,
}
