//! The map of all GPUs of a cluster, in compact cells.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{FigureUnit, GpuStates};

/// What the colours of the map mean, and how much is known: the first row of the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuMapRow {
    /// What the cells are coloured by.
    pub colour: GpuColour,
    /// The unit of the scale's ends.
    pub unit: FigureUnit,
    /// The value at the scale's low end.
    pub least: f64,
    /// The value at its high end.
    pub most: f64,
    /// The moment that is shown, in RFC 3339.
    pub at: String,
    /// Whether that is the present.
    pub is_now: bool,
    /// Whether every list of the cluster had come when the GPUs were joined.
    pub is_whole: bool,
    /// How many GPUs are in which state.
    pub states: GpuStates,
    /// How many GPUs there is no value of.
    pub without_value: u32,
    /// How the exporters do.
    pub exporters: GpuExporters,
}

/// How the exporters do that measure a cluster's GPUs, and what asking them costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuExporters {
    /// Exporters that are asked.
    pub asked: u32,
    /// Exporters that answered lately.
    pub live: u32,
    /// Exporters that did before, and do not now.
    pub stale: u32,
    /// Exporters that never answered.
    pub failed: u32,
    /// The first of them, by its pod, and why it told nothing; empty where all answer.
    pub failure: String,
    /// The missing permission, where that is why.
    pub forbidden: String,
    /// Values that were no possible readings, and were left out.
    pub rejected: u32,
    /// Bytes read from exporters in the last minute.
    pub bytes_per_minute: f64,
    /// Seconds that exporters took to answer in the last minute, added up.
    pub seconds_per_minute: f64,
}

/// GPUs that stand together in the map: those of a rack, of a model, of a queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuBlockRow {
    /// What several blocks have in common, such as their zone; may be empty.
    pub section: String,
    /// The block's name, such as its rack; empty where none is told.
    pub name: String,
    /// The models in it.
    pub models: Vec<String>,
    /// The mean of the values that are known, as a share of the scale.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// The nodes.
    pub lines: Vec<GpuLine>,
}

/// GPUs of one node, as compact cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuLine {
    /// The node.
    pub node: String,
    /// Whether the node takes no new pods.
    pub cordoned: bool,
    /// The number of each GPU on its node.
    pub indices: Vec<u32>,
    /// The value of each in thousandths of the scale; -1 where there is none.
    pub values: Vec<i16>,
    /// The state of each, a letter for each: `f`ree, `a`llocated, `i`dle but held, `u`nhealthy, `?`.
    pub states: String,
    /// The severity of each, a letter for each: `.` none, `n`otice, `w`arning, `c`ritical.
    pub severities: String,
}

/// What the cells of the map can be coloured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`strata_domain::reading::Figure` says it")]
pub enum GpuColour {
    SmActive,
    EngineActive,
    Utilization,
    AiCoreUtilization,
    MemoryUsed,
    Temperature,
    Power,
    SmOccupancy,
    TensorActive,
    DramActive,
    MemoryTemperature,
    SmClock,
    PcieTx,
    PcieRx,
    NvlinkTx,
    NvlinkRx,
    EccCorrected,
    EccUncorrected,
    State,
}
