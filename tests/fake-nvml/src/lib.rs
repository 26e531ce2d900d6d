//! NVIDIA's library as it behaves well and badly, for tests: one shared object for each scenario, to be
//! loaded by its path, so that the very code that asks a real driver is what runs.
//!
//! The C beside this declares the few structures of NVML that are used, by their layout; it holds nothing
//! of NVIDIA's.

use std::path::{Path, PathBuf};

/// How the driver behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Two GPUs with processes and NVLink.
    Healthy,
    /// One GPU with MIG on and two instances.
    Mig,
    /// The second GPU's utilization never comes back, from its third call on.
    Hang,
    /// The library is newer than the kernel's module.
    Mismatch,
    /// This user may not open the devices.
    NoPermission,
    /// The kernel's module is not loaded.
    NoDriver,
    /// A GPU that tells little: no fan, no ECC, no power, one figure that may not be read, one that is
    /// nonsense.
    Gaps,
    /// The first GPU reports an XID 31 at the second beat.
    Xid,
    /// The second GPU falls off the bus at its third beat.
    Lost,
    /// Nothing can be set: the driver takes this user for no administrator.
    ReadOnly,
    /// A power limit can be lowered and not raised again.
    Stubborn,
    /// A driver of tomorrow: a return code, a clocks event reason, a type of value and an XID that nobody
    /// knows yet; figures of an unknown error; a metric that is no number; a device that reports no errors.
    Future,
    /// A driver from before R510: memory and processes by their older calls, no event reasons by name.
    Old,
    /// Two GPUs, the first shared by MPS.
    Shared,
    /// Two GPUs from before Ampere: of the first, pages of memory were retired and more are to be, and its third
    /// NVLink had to be trained anew.
    Worn,
}

/// The variable that names the file in which the devices keep what they are set to, as hardware does
/// when the process that set it ends: a line for each, the power limit in milliwatts, the least and the
/// most of its locked clocks in MHz, 0 where they are not locked.
pub const STATE: &str = "FAKE_NVML_STATE";
/// The variable that has the number of a process that is on the first device.
pub const PROCESS: &str = "FAKE_NVML_PROCESS";

/// The library that plays `scenario`.
pub fn library(scenario: Scenario) -> PathBuf {
    let (folder, file) = match scenario {
        Scenario::Healthy => ("healthy", "libnvidia-ml.so.1"),
        Scenario::Mig => ("mig", "libnvidia-ml.so.1"),
        Scenario::Hang => ("hang", "libnvidia-ml.so.1"),
        Scenario::Mismatch => ("mismatch", "libnvidia-ml.so.580.95.05"),
        Scenario::NoPermission => ("no_permission", "libnvidia-ml.so.1"),
        Scenario::NoDriver => ("no_driver", "libnvidia-ml.so.1"),
        Scenario::Gaps => ("gaps", "libnvidia-ml.so.1"),
        Scenario::Xid => ("xid", "libnvidia-ml.so.1"),
        Scenario::Lost => ("lost", "libnvidia-ml.so.1"),
        Scenario::ReadOnly => ("read_only", "libnvidia-ml.so.1"),
        Scenario::Stubborn => ("stubborn", "libnvidia-ml.so.1"),
        Scenario::Future => ("future", "libnvidia-ml.so.1"),
        Scenario::Old => ("old", "libnvidia-ml.so.1"),
        Scenario::Shared => ("shared", "libnvidia-ml.so.1"),
        Scenario::Worn => ("worn", "libnvidia-ml.so.1"),
    };
    Path::new(env!("FAKE_NVML")).join(folder).join(file)
}
