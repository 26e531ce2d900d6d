//! The memory that a model takes, served or trained, part by part.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    phrases::Phrase,
    recipes::{Check, SizingInputs},
};

/// Plans a model's memory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct PlanModel {
    /// What is done with which model, as a rendered recipe says it.
    pub sizing: SizingInputs,
    /// The text of the model's `config.json`; empty: what is known of it by its name.
    pub config: String,
    /// A GPU's memory in bytes; null where it is not known.
    #[ts(type = "number | null")]
    pub gpu_memory_bytes: Option<u64>,
}

/// What a model takes of each GPU. Estimates by published formulas, exact only for weights and cache.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelPlan {
    /// Why there is no plan; with it, all else is empty.
    pub unknown: Option<Phrase>,
    /// Parameters in all.
    #[ts(type = "number")]
    pub parameters: u64,
    /// Those that a token goes through.
    #[ts(type = "number")]
    pub active_parameters: u64,
    /// Over how many GPUs it is spread.
    pub gpus: u32,
    /// What the GPU that holds most gives to what, in the order in which it is drawn.
    pub parts: Vec<PlannedPart>,
    /// All parts together.
    #[ts(type = "number")]
    pub total_bytes: u64,
    /// What may be used of a GPU; null where its memory is not known.
    #[ts(type = "number | null")]
    pub allowed_bytes: Option<u64>,
    /// Whether it fits: a single request of full length, or the training; null where the memory is not
    /// known.
    pub fits: Option<bool>,
    /// The context that it is planned for, in tokens.
    #[ts(type = "number")]
    pub context: u64,
    /// The longest request that fits; null where nothing limits it.
    #[ts(type = "number | null")]
    pub max_context: Option<u64>,
    /// How many requests of that context fit at a time, while others wait; null where the memory is not
    /// known.
    #[ts(type = "number | null")]
    pub max_concurrency: Option<u64>,
    /// What the figures leave out or assume.
    pub notes: Vec<String>,
}

/// A part of a GPU's memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlannedPart {
    /// Which.
    pub part: MemoryPart,
    /// How much of it, in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What memory goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MemoryPart {
    /// Weights; of a training those that stay as they are.
    Weights,
    /// The key-value cache of requests.
    KvCache,
    /// Trained weights, their gradients, and what the optimizer keeps of them.
    States,
    /// What a step keeps while it computes.
    Activations,
    /// The driver's context, graphs, communication buffers.
    Runtime,
}

/// Asks which GPUs of a cluster a model fits on, and split over how many.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct FitModel {
    /// The cluster's id; empty: this machine.
    pub cluster: String,
    /// What is done with which model; over how many GPUs is what is asked.
    pub sizing: SizingInputs,
    /// The text of the model's `config.json`; empty: what is known of it by its name.
    pub config: String,
}

/// Where a model fits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelFit {
    /// Why nothing can be said; with it, there are no choices.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Phrase>,
    /// The least split for each model of GPUs, what fits now first.
    pub choices: Vec<SplitChoice>,
}

/// How a model would be split over GPUs of one model, and whether they are there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SplitChoice {
    /// The model of the GPUs.
    pub model: String,
    /// The memory of each, in bytes.
    #[ts(type = "number")]
    pub gpu_memory_bytes: u64,
    /// Over how many GPUs of a node each layer is split; of a training, how many it takes of a node.
    pub tensor_parallel: u32,
    /// Over how many nodes the layers are split.
    pub pipeline_parallel: u32,
    /// What the fullest GPU holds, in bytes.
    #[ts(type = "number")]
    pub per_gpu_bytes: u64,
    /// Whether that fits: now, after something else ends, or never.
    pub check: Check,
}
