//! Where the capacity of GPUs goes, and what fits on what is free.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Figure, GpuStates};
use crate::phrases::Phrase;

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
    /// Held GPUs of which it is not known how busy they are by that definition: shared ones, those not
    /// measured, and those that tell another.
    pub not_measured: u32,
    /// Of those, the ones that tell another definition, by definition. They are added up with nothing.
    pub otherwise: Vec<GpusByFigure>,
}

/// Held GPUs that tell by one definition how busy they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GpusByFigure {
    /// The definition.
    pub figure: Figure,
    /// How many.
    pub gpus: u32,
}

/// A part of the capacity: a model's, a namespace's, a queue's, a workload's, an owner's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuShareRow {
    /// By what the capacity is parted.
    pub by: GpuShareOf,
    /// The part's name; empty for what has none, `*` for devices that several of them hold at once.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
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

/// What one node has of GPUs, and where that goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuNodeCapacityRow {
    /// The node.
    pub node: String,
    /// The model; empty where it is not told.
    pub model: String,
    /// Devices that it has.
    pub capacity: u32,
    /// Devices that it gives out: what is missing of the capacity is unhealthy.
    pub allocatable: u32,
    /// Devices that its pods asked for and hold.
    pub requested: u32,
    /// What held devices do, added up, by [`used_figure`](Self::used_figure), over those that are
    /// measured.
    pub used: f64,
    /// By which definition; absent where nothing of it is measured.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_figure: Option<Figure>,
    /// Held devices of which it is not known how busy they are.
    pub not_measured: u32,
    /// Devices that are healthy and held by nobody.
    pub free: u32,
    /// Of those free, the ones that larger pods, or any, cannot have.
    pub stranded: u32,
    /// Why.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// Whether several pods use one device at once, so that nothing of it is free or taken as a whole.
    pub shared: bool,
}

/// A resource by which pods ask for accelerators, over all nodes with one model behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GpuOfferRow {
    /// The resource: `nvidia.com/gpu`, `nvidia.com/mig-1g.10gb`.
    pub resource: String,
    /// The model of the devices behind it; empty where it is not told.
    pub model: String,
    /// How a device is given out by it.
    pub division: GpuDivision,
    /// Nodes that offer it.
    pub nodes: u32,
    /// Units that these nodes have.
    pub capacity: u32,
    /// Units that they give out: what is missing of the capacity is unhealthy.
    pub allocatable: u32,
    /// Units that the pods on them asked for.
    pub requested: u32,
}

/// How a device is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GpuDivision {
    /// One unit is a device.
    Whole,
    /// One unit is a part of a device, such as a MIG instance.
    Partition,
    /// Several units are one device, which their holders use at once: time-slicing, MPS.
    Shared,
}
