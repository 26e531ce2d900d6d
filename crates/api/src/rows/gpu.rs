//! GPUs: the table of them here, the [`map`], one in [`detail`], where the [`capacity`] goes, the
//! [`supply`] of devices for claims, and the [`figure`]s that are measured.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Severity;
use crate::phrases::Phrase;

pub mod capacity;
pub mod claim;
pub mod detail;
pub mod figure;
pub mod map;
pub mod supply;

pub use capacity::{
    GpuCapacityRow, GpuDivision, GpuFitRow, GpuGang, GpuModelShare, GpuNodeCapacityRow,
    GpuOfferRow, GpuShareOf, GpuShareRow, GpuStranded, GpusByFigure,
};
pub use claim::{DeviceClaimRow, DeviceClaimState};
pub use detail::{GpuDetailRow, GpuEngine, GpuFault, GpuInstance, ReadingRow};
pub use figure::{Figure, FigureAbsence, FigureSource, FigureUnit};
pub use map::{GpuBlockRow, GpuColour, GpuExporters, GpuLine, GpuMapRow};
pub use supply::{DeviceClassPick, DeviceOfferRow, DeviceSupplyRow};

/// How many GPUs are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[expect(missing_docs, reason = "`GpuState` says it")]
pub struct GpuStates {
    pub total: u32,
    pub free: u32,
    pub allocated: u32,
    pub idle_held: u32,
    pub unhealthy: u32,
    pub unknown: u32,
}

/// What a GPU does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GpuState {
    /// Nobody holds it, and it may be given out.
    Free,
    /// A pod holds it.
    Allocated,
    /// A pod holds it and its memory, and nothing has run on it for a while.
    IdleHeld,
    /// It may not be given out, or it reports a fault that ends work on it.
    Unhealthy,
    /// Its node does not answer.
    Unknown,
}

/// A GPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuRow {
    /// The node.
    pub node: String,
    /// Its number there.
    pub index: u32,
    /// Its own name; empty where no exporter tells it.
    pub uuid: String,
    /// The model; empty where it is not told.
    pub model: String,
    /// The node's zone; may be empty.
    pub zone: String,
    /// The node's rack; may be empty.
    pub rack: String,
    /// What it does.
    pub state: GpuState,
    /// How bad it is.
    pub severity: Severity,
    /// Why, where it is a fault or worth a look.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// Who holds it.
    pub holders: Vec<GpuHolder>,
    /// Whether which GPU the holder has is not told, so that the first ones are taken to be held.
    pub is_by_count: bool,
    /// Whether several use it at once, so that its figures belong to none of them.
    pub shared: bool,
    /// How busy it is, from 0 to 1, by [`activity_figure`](Self::activity_figure).
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<f64>,
    /// By which definition.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_figure: Option<Figure>,
    /// Device memory in use, in bytes.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_used: Option<f64>,
    /// Device memory in all, in bytes.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_total: Option<f64>,
    /// The chip's temperature in °C.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Power in watts.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power: Option<f64>,
    /// The last XID, where there was one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xid: Option<u32>,
    /// Since when nothing has run on it, in RFC 3339, where it is held.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_since: Option<String>,
    /// When it was last measured, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_at: Option<String>,
    /// Whether that is too long ago to be so now.
    pub is_stale: bool,
}

/// Who holds a GPU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GpuHolder {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// The container; may be empty.
    pub container: String,
    /// The MIG instance that it holds, such as `1g.10gb`; empty for the whole device.
    pub instance: String,
    /// The API group of the topmost owner's kind; empty for the core group.
    pub workload_group: String,
    /// The topmost owner's kind.
    pub workload_kind: String,
    /// The topmost owner's name.
    pub workload: String,
    /// The queue that let it in; may be empty.
    pub queue: String,
    /// Who answers for it, by its labels; may be empty.
    pub owner: String,
}
