//! What keeps accelerators from being read, and what one should know to read their figures.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What keeps a driver from being asked. Each has a remedy of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "trouble")]
pub enum Trouble {
    /// There is a device of NVIDIA's, but the library of its driver is not where it should be.
    LibraryMissing {
        /// Where it was looked for.
        tried: Vec<String>,
    },
    /// The path of the library that was set leads to none that can be loaded.
    LibraryUnusable {
        /// The path.
        path: String,
        /// Why it cannot be loaded.
        message: String,
    },
    /// The library is of another version than the kernel's module, as after an update of the driver
    /// that was not followed by a restart.
    VersionMismatch {
        /// The library's version; may be empty.
        library: String,
        /// The module's version; may be empty.
        module: String,
    },
    /// The kernel's module is not loaded.
    DriverNotLoaded,
    /// This user may not open the devices.
    NoPermission {
        /// The file that may not be opened; may be empty.
        path: String,
    },
    /// Under WSL 2 there is no library of the driver, which comes from Windows.
    WslWithoutDriver,
    /// A call does not come back.
    Hung {
        /// The device; empty for a call that concerns none.
        device: String,
        /// The call.
        call: String,
        /// For how many seconds.
        seconds: u32,
    },
    /// The process that asks the drivers hangs in the kernel and cannot be ended.
    Stuck {
        /// Its number.
        pid: u32,
    },
    /// The process that asks the drivers ended by itself.
    Ended {
        /// How.
        how: String,
        /// In how many seconds it is started again.
        again_seconds: u32,
    },
    /// A device fell off the bus, by the kernel's log, and the driver does not list it any more.
    FellOff {
        /// Its address on the PCI bus, without the function.
        pci: String,
        /// The error that the log has of it.
        xid: u32,
        /// When that was.
        at: Timestamp,
    },
    /// The driver says something else.
    Other {
        /// What it says.
        message: String,
    },
}

/// What one should know to read the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// The machine is WSL 2: many figures are not there, and processes have no names.
    Wsl,
    /// Strata runs in a container with process numbers of its own: the processes on a device cannot
    /// be named.
    ForeignProcesses,
    /// MIG is on: the whole device has no utilization, and processes none either.
    MigOn,
    /// Programs share the device by MPS: how busy each keeps it is not told apart.
    SharedByMps,
    /// MIG will be on or off after a reset.
    MigPending,
    /// Processor and accelerator share one memory: the machine's memory is the device's.
    UnifiedMemory,
    /// It sleeps; asking it would wake it.
    Suspended,
    /// The processes of other users are seen by an administrator alone.
    OwnProcessesAlone,
    /// The driver does not keep the device initialised while nobody uses it, so that a limit that was
    /// set is lost then.
    NoPersistence,
}
