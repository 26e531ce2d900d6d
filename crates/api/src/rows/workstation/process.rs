//! A process on an accelerator of this machine: whose it is, and where it runs.

use serde::{Deserialize, Serialize};
use strata_domain::workstation;
use ts_rs::TS;

use super::Hindrance;
use crate::rows::gpu::ReadingRow;

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
