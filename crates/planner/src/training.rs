//! What training or fine-tuning a model takes of each GPU.

use serde::Serialize;

use crate::{
    dtype::Dtype,
    model::{Attention, FeedForward, Layer, Model},
    parameters::Parameters,
};

/// What is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Every parameter, in mixed precision with Adam.
    Full,
    /// Adapters of this rank beside frozen weights in 16 bits.
    Lora {
        /// The adapters' rank.
        rank: u64,
    },
    /// Adapters of this rank beside frozen weights in NF4.
    Qlora {
        /// The adapters' rank.
        rank: u64,
    },
}

/// What DeepSpeed's ZeRO shards over the GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// Nothing.
    Off,
    /// Optimizer states.
    One,
    /// Optimizer states and gradients.
    Two,
    /// Parameters too.
    Three,
}

/// How a model is to be trained.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// What is trained.
    pub method: Method,
    /// What is sharded.
    pub zero: Zero,
    /// Over how many GPUs.
    pub gpus: u64,
    /// Tokens of a sequence.
    pub sequence: u64,
    /// Sequences on a GPU at a time.
    pub batch: u64,
    /// A GPU's memory in bytes, where it is known.
    pub gpu_memory: Option<u64>,
}

/// What training takes, in bytes of one GPU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrainingPlan {
    /// How many GPUs.
    pub ranks: u64,
    /// How many parameters are trained.
    pub trainable_parameters: u64,
    /// Weights that stay as they are.
    pub frozen_bytes: u64,
    /// Trained weights, their gradients and the optimizer's states.
    pub states_bytes: u64,
    /// What the backward pass needs of the forward pass, checkpointed at each layer, with attention
    /// computed in blocks.
    pub activation_bytes: u64,
    /// All of them.
    pub total_bytes: u64,
    /// On all GPUs.
    pub all_ranks_bytes: u64,
    /// Whether it fits; none where the memory is not known.
    pub fits: Option<bool>,
}

impl Training {
    /// What training `model` this way takes.
    pub fn plan(&self, model: &Model) -> TrainingPlan {
        let counted = Parameters::of(model);
        let (frozen, trainable) = match self.method {
            Method::Full => (0, counted.total),
            Method::Lora { rank } => (Dtype::Bf16.bytes(counted.total), adapters(model, rank)),
            Method::Qlora { rank } => (Dtype::Nf4.bytes(counted.total), adapters(model, rank)),
        };
        let largest = match self.method {
            Method::Full => counted.largest_layer,
            Method::Lora { .. } | Method::Qlora { .. } => trainable,
        };
        let ranks = self.gpus.max(1);
        // Only full sharding shards what does not change.
        let frozen = match self.zero {
            Zero::Three => frozen.div_ceil(ranks),
            _ => frozen,
        };
        let states = zero_bytes(self.zero, trainable, largest, ranks);
        let activation = self.activation(model);
        let total = frozen.saturating_add(states).saturating_add(activation);
        TrainingPlan {
            ranks,
            trainable_parameters: trainable,
            frozen_bytes: frozen,
            states_bytes: states,
            activation_bytes: activation,
            total_bytes: total,
            all_ranks_bytes: total.saturating_mul(ranks),
            fits: self.gpu_memory.map(|memory| total <= memory),
        }
    }

    /// The longest sequence that fits, in tokens; none where the memory is not known.
    pub fn longest(&self, model: &Model) -> Option<u64> {
        let plan = self.plan(model);
        let left = self
            .gpu_memory?
            .saturating_sub(plan.total_bytes - plan.activation_bytes);
        let one = Self {
            sequence: 1,
            ..*self
        };
        left.checked_div(one.activation(model))
    }

    /// `34 · sequence · batch · hidden · layers` (EleutherAI cookbook, `calc_transformer_mem.py`, with
    /// checkpointing).
    fn activation(&self, model: &Model) -> u64 {
        let layers = u64::try_from(model.layers.len()).unwrap_or(u64::MAX);
        [self.sequence, self.batch, model.hidden, layers]
            .into_iter()
            .fold(34, u64::saturating_mul)
    }
}

/// Bytes of model states on each of `ranks` GPUs, for `parameters` of which the largest layer has
/// `largest_layer`. Without ZeRO and with its first stage after EleutherAI's cookbook, with the others
/// after DeepSpeed's estimator (`docs/code-docs/source/memory.rst`).
pub fn zero_bytes(zero: Zero, parameters: u64, largest_layer: u64, ranks: u64) -> u64 {
    let ranks = ranks.max(1);
    let share = |bytes: u64| parameters.saturating_mul(bytes).div_ceil(ranks);
    match zero {
        Zero::Off => parameters.saturating_mul(16),
        Zero::One => parameters.saturating_mul(4).saturating_add(share(12)),
        Zero::Two => parameters.saturating_mul(4).saturating_add(share(16)),
        Zero::Three => largest_layer.saturating_mul(4).saturating_add(share(18)),
    }
}

/// Parameters of adapters of `rank` on every linear layer of attention and of gated networks.
fn adapters(model: &Model, rank: u64) -> u64 {
    let of_layer = |layer: &Layer| -> u64 { matrices(layer, model.hidden).iter().sum() };
    let widths: u64 = model.layers.iter().map(of_layer).sum();
    rank.saturating_mul(widths)
}

/// Inputs and outputs, added, of the matrices that adapters stand beside.
fn matrices(layer: &Layer, hidden: u64) -> Vec<u64> {
    let mut matrices = match layer.attention {
        Attention::Grouped {
            heads,
            kv_heads,
            head_dim,
            ..
        } => {
            let (queries, keys) = (heads * head_dim, kv_heads * head_dim);
            vec![
                hidden + queries,
                hidden + keys,
                hidden + keys,
                queries + hidden,
            ]
        }
        Attention::Latent {
            heads,
            query_rank,
            kv_rank,
            nope_dim,
            rope_dim,
            value_dim,
        } => {
            let queries = heads * (nope_dim + rope_dim);
            let query = match query_rank {
                Some(rank) => vec![hidden + rank, rank + queries],
                None => vec![hidden + queries],
            };
            let rest = [
                hidden + kv_rank + rope_dim,
                kv_rank + heads * (nope_dim + value_dim),
                heads * value_dim + hidden,
            ];
            query.into_iter().chain(rest).collect()
        }
        Attention::Linear {
            key_heads,
            value_heads,
            key_dim,
            value_dim,
            ..
        } => {
            let (keys, values) = (key_heads * key_dim, value_heads * value_dim);
            vec![hidden + 2 * keys + 2 * values, values + hidden]
        }
    };
    // Experts are left frozen, as adapters beside each of hundreds would be.
    let width = match layer.feed_forward {
        FeedForward::Dense { width } => width,
        FeedForward::Experts { shared_width, .. } => shared_width,
    };
    if width > 0 {
        matrices.extend([hidden + width; 3]);
    }
    matrices
}
