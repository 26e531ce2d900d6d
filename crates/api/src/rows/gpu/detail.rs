//! One GPU in detail.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Figure, FigureAbsence, FigureSource, FigureUnit, GpuRow};
use crate::{phrases::Phrase, rows::Severity};

/// One GPU in detail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuDetailRow {
    /// What the table shows of it.
    pub gpu: GpuRow,
    /// Its address on the PCI bus; may be empty.
    pub pci: String,
    /// The driver's version; may be empty.
    pub driver: String,
    /// The exporter's pod, as `namespace/name`; empty where none measures it.
    pub exporter: String,
    /// Why the exporter tells nothing now; empty where it does.
    pub exporter_failure: String,
    /// GPUs that its node may give out.
    pub node_allocatable: u32,
    /// GPUs that its node has.
    pub node_capacity: u32,
    /// What is wrong with it, the worst first.
    pub faults: Vec<GpuFault>,
    /// Why its clocks are lower than they could be.
    pub clock_reasons: Vec<Phrase>,
    /// Everything that was measured.
    pub readings: Vec<ReadingRow>,
    /// Its MIG instances.
    pub instances: Vec<GpuInstance>,
    /// How the serving engines do that run in the pods that hold it.
    pub engines: Vec<GpuEngine>,
}

/// How a serving engine does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuEngine {
    /// Its pod, as `namespace/name`.
    pub pod: String,
    /// The models that it serves.
    pub models: Vec<String>,
    /// Requests in work.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<f64>,
    /// Requests that wait.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<f64>,
    /// KV-cache utilization, from 0 to 1.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_used: Option<f64>,
    /// When it was asked, in RFC 3339.
    pub at: String,
}

/// A MIG instance of a GPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuInstance {
    /// The profile, such as `1g.10gb`.
    pub profile: String,
    /// Its number on the device.
    pub id: String,
    /// How busy it is, from 0 to 1: engine active.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<f64>,
    /// The pod that holds it, as `namespace/name`; may be empty.
    pub holder: String,
}

/// Something that is wrong with a GPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuFault {
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub title: Phrase,
    /// What it means.
    pub meaning: Phrase,
    /// What to do.
    pub action: Phrase,
}

/// A figure as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReadingRow {
    /// Which figure.
    pub figure: Figure,
    /// Its unit.
    pub unit: FigureUnit,
    /// The value; absent where there is none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Why there is no value.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absence: Option<FigureAbsence>,
    /// What came instead, where that was no possible reading.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<f64>,
    /// Who said it.
    pub source: FigureSource,
    /// When, in RFC 3339.
    pub at: String,
}
