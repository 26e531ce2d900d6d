//! How GPUs can be grouped and sorted.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What stands together in the map of GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum GpuGrouping {
    Rack,
    Zone,
    Node,
    Model,
    Queue,
    Namespace,
    Owner,
}

/// The orders of GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GpuSort {
    /// By what.
    pub by: GpuColumn,
    /// Whether the largest comes first; what is not known comes last either way.
    pub descending: bool,
}

/// The orders of nodes by their GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GpuNodeSort {
    /// By what.
    pub by: GpuNodeColumn,
    /// Whether the largest comes first; what is not known comes last either way.
    pub descending: bool,
}

/// The columns that nodes can be sorted by. Equal ones go by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum GpuNodeColumn {
    Node,
    Model,
    Capacity,
    Allocatable,
    Requested,
    Used,
    Free,
    Unhealthy,
    Stranded,
}

/// The columns that GPUs can be sorted by. Equal ones go by node and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum GpuColumn {
    Node,
    Model,
    State,
    Activity,
    Memory,
    Temperature,
    Power,
    Xid,
    Holder,
    Workload,
    Queue,
    Idle,
    Measured,
}
