//! A process on an accelerator, and whose it is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::reading::Reading;

/// A process on an accelerator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceProcess {
    /// Its number on the machine.
    pub pid: u32,
    /// What it uses the device for.
    pub uses: DeviceUse,
    /// The GPU instance that it runs in, where MIG is on.
    pub instance: Option<u32>,
    /// Its figures: device memory, and how busy it keeps the device.
    pub readings: Vec<Reading>,
    /// Whose it is; none where `/proc` does not have it, as with a container that has process
    /// numbers of its own.
    pub owner: Option<ProcessOwner>,
}

/// What a process uses a device for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceUse {
    /// To compute.
    Compute,
    /// To draw.
    Graphics,
    /// For both.
    Both,
}

/// Whose a process is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessOwner {
    /// The user's name; the number where it has none.
    pub user: String,
    /// The command line. What looks like a secret in it was left out.
    pub command: String,
    /// When it started, in clock ticks since the machine did: with its number, this is the process
    /// and no other that gets the number later.
    pub started_ticks: u64,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// The systemd unit that it belongs to, where it is in no container; may be empty.
    pub unit: String,
    /// The container that it runs in.
    pub container: Option<Container>,
    /// Why it may not be ended from here; none where it may.
    pub guard: Option<ProcessGuard>,
}

/// Why a process may not be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessGuard {
    /// It is the first process: the machine, or the container, ends with it.
    First,
    /// It is Strata, or a process that Strata started.
    Strata,
    /// It belongs to another user, and this one is no administrator.
    OtherUser,
}

/// A container of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// What runs it.
    pub runtime: ContainerRuntime,
    /// Its id, as the runtime has it; its name where the runtime knows it by that.
    pub id: String,
    /// Its name; may be empty.
    pub name: String,
    /// The pod that it belongs to.
    pub pod: Option<PodOf>,
}

/// The pod of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodOf {
    /// Its uid.
    pub uid: String,
    /// Its namespace; empty where only the uid is known.
    pub namespace: String,
    /// Its name; empty where only the uid is known.
    pub name: String,
}

/// What runs containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerRuntime {
    /// Docker.
    Docker,
    /// containerd.
    Containerd,
    /// CRI-O.
    CriO,
    /// Podman.
    Podman,
    /// LXC, LXD and Incus.
    Lxc,
    /// systemd-nspawn and machined.
    Nspawn,
    /// Slurm: no container but a job, which has a control group likewise.
    Slurm,
    /// One that its path does not name: the cgroupfs driver of Kubernetes.
    Unnamed,
}
