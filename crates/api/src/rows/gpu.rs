//! GPUs: the map of them, the table, one in detail, and where the capacity goes.

use serde::{Deserialize, Serialize};
use strata_domain::reading;
use ts_rs::TS;

use super::Severity;
use crate::phrases::Phrase;

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
    /// Why the first of them told nothing; empty where all answer.
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

/// What the cells of the map can be coloured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`strata_domain::reading::Figure` says it")]
pub enum GpuColour {
    SmActive,
    EngineActive,
    Utilization,
    MemoryUsed,
    Temperature,
    Power,
    State,
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
    /// The topmost owner's kind.
    pub workload_kind: String,
    /// The topmost owner's name.
    pub workload: String,
    /// The queue that let it in; may be empty.
    pub queue: String,
    /// Who answers for it, by its labels; may be empty.
    pub owner: String,
}

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
    /// How it went over the last hour.
    pub charts: Vec<GpuChart>,
    /// Its MIG instances.
    pub instances: Vec<GpuInstance>,
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

/// A figure over the last hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuChart {
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

/// Where the capacity goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuCapacityRow {
    /// How many GPUs are in which state.
    pub states: GpuStates,
    /// What held GPUs do, added up: 0.4 is a GPU that is busy at 40 %. By
    /// [`used_figure`](Self::used_figure), over the held GPUs that tell it.
    pub used: f64,
    /// By which definition; absent where nothing is measured.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_figure: Option<Figure>,
    /// Held GPUs of which nobody knows how busy they are: shared ones, and those not measured.
    pub not_measured: u32,
}

/// A part of the capacity: a model's, a namespace's, a queue's, a workload's, an owner's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuShareRow {
    /// By what the capacity is parted.
    pub by: GpuShareOf,
    /// The part's name; empty for what has none.
    pub name: String,
    /// The kind of the workload; empty elsewhere.
    pub kind: String,
    /// GPUs that it holds.
    pub held: u32,
    /// What they do, added up.
    pub used: f64,
    /// Of those held, the ones on which nothing runs though memory is held.
    pub idle_held: u32,
    /// Of those held, the ones of which it is not known how busy they are.
    pub not_measured: u32,
    /// GPUs in all; for models alone.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// GPUs held by model, so that the gap can be priced.
    pub by_model: Vec<GpuModelShare>,
}

/// What a part holds of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuModelShare {
    /// The model.
    pub model: String,
    /// GPUs held.
    pub held: u32,
    /// What they do, added up.
    pub used: f64,
    /// Of those held, the ones of which it is not known how busy they are.
    pub not_measured: u32,
}

/// By what capacity is parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum GpuShareOf {
    Model,
    Namespace,
    Queue,
    Workload,
    Owner,
}

/// What fits now on the free GPUs of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuFitRow {
    /// The model.
    pub model: String,
    /// GPUs that are free and may be given out.
    pub free: u32,
    /// The most GPUs that one pod can get: the most that are free on one node.
    pub largest_pod: u32,
    /// How many pods of 1, 2, 4 and 8 GPUs fit at once.
    pub gangs: Vec<GpuGang>,
    /// Free GPUs that larger pods cannot have, node by node.
    pub stranded: Vec<GpuStranded>,
}

/// How many pods of one size fit at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GpuGang {
    /// GPUs of each pod.
    pub gpus_each: u32,
    /// How many pods fit.
    pub pods: u32,
}

/// Free GPUs of one node that cannot be used as they could be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuStranded {
    /// The node.
    pub node: String,
    /// How many.
    pub free: u32,
    /// Why.
    pub reason: Phrase,
}

macro_rules! mirrored {
    ($(#[$docs:meta])* $name:ident of $domain:path { $($variant:ident),* $(,)? }) => {
        $(#[$docs])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "`strata_domain::reading` says it")]
        pub enum $name {
            $($variant),*
        }

        impl From<$domain> for $name {
            fn from(domain: $domain) -> Self {
                use $domain as Domain;
                match domain {
                    $(Domain::$variant { .. } => Self::$variant),*
                }
            }
        }
    };
}

mirrored! {
    /// The figures of devices as they cross the wire.
    Figure of reading::Figure {
        Utilization, EngineActive, SmActive, SmOccupancy, TensorActive, DramActive,
        MemoryUtilization, EncoderUtilization, DecoderUtilization, MemoryUsed, MemoryFree,
        MemoryReserved, MemoryTotal, Temperature, MemoryTemperature, Power, PowerLimit, Energy,
        SmClock, MemoryClock, ClocksEventReasons, ThermalViolation, PowerViolation, LastXid,
        ErrorCode, Health, EccCorrected, EccUncorrected, RowsRemappedCorrected,
        RowsRemappedUncorrected, RowRemapFailure, PcieTx, PcieRx, PcieReplays, NvlinkTx, NvlinkRx,
        RowRemapPending, FanSpeed, PcieGeneration, PcieWidth, CpuUtilization, HostMemoryUsed,
        HostMemoryTotal, SwapUsed, DiskUsed, DiskTotal, DiskRead, DiskWritten, NetworkReceived,
        NetworkSent,
    }
}

mirrored! {
    /// The units of figures as they cross the wire.
    FigureUnit of reading::Unit {
        Ratio, Bytes, BytesPerSecond, Celsius, Watts, Joules, Megahertz, Seconds, Count, Code,
    }
}

mirrored! {
    /// Why a figure has no value.
    FigureAbsence of reading::Absence { NotSupported, NoPermission, NotTold, Rejected }
}

mirrored! {
    /// Where a figure comes from.
    FigureSource of reading::Source {
        Dcgm, AmdExporter, NpuExporter, Hami, Prometheus, Kubernetes, Nvml, Gpm, Sysfs, Fdinfo, System,
    }
}
