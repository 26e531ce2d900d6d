//! How much key-value cache a model keeps.

use crate::{
    dtype::Dtype,
    model::{Attention, Model},
};

/// How a cache is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheSplit {
    /// Over how many ranks the heads are split.
    pub tensor_parallel: u64,
    /// Over how many ranks the layers are split.
    pub pipeline_parallel: u64,
}

impl CacheSplit {
    /// The whole model in one place.
    pub const WHOLE: Self = Self {
        tensor_parallel: 1,
        pipeline_parallel: 1,
    };
}

/// Bytes that one token adds to the whole model's cache while it is in every layer's window.
pub fn cache_bytes_per_token(model: &Model, dtype: Dtype) -> u64 {
    let numbers = model
        .layers
        .iter()
        .map(|layer| numbers_per_token(&layer.attention, 1))
        .sum();
    dtype.bytes(numbers)
}

/// Bytes that a request with `context` tokens keeps on the rank that keeps most: its layers with a
/// window no more than that window, its linear layers a state of constant size.
pub fn cache_bytes_of_request(model: &Model, dtype: Dtype, context: u64, split: CacheSplit) -> u64 {
    let in_a_stage = layers_in_a_stage(model, split.pipeline_parallel);
    model
        .layers
        .chunks(in_a_stage)
        .map(|stage| {
            let layers = stage.iter().map(|layer| &layer.attention);
            layers
                .map(|attention| of_layer(attention, dtype, context, split.tensor_parallel))
                .fold(0, u64::saturating_add)
        })
        .max()
        .unwrap_or(0)
}

/// How many layers the longest stage of a pipeline has.
fn layers_in_a_stage(model: &Model, pipeline_parallel: u64) -> usize {
    let stages = usize::try_from(pipeline_parallel)
        .unwrap_or(usize::MAX)
        .max(1);
    model.layers.len().div_ceil(stages).max(1)
}

fn of_layer(attention: &Attention, dtype: Dtype, context: u64, ranks: u64) -> u64 {
    let tokens = match attention {
        Attention::Grouped { window, .. } => window.map_or(context, |window| window.min(context)),
        Attention::Latent { .. } => context,
        Attention::Linear { .. } => return state_bytes(attention, ranks),
    };
    dtype.bytes(numbers_per_token(attention, ranks).saturating_mul(tokens))
}

/// Numbers that one token leaves in a layer's cache on one of `ranks` ranks.
fn numbers_per_token(attention: &Attention, ranks: u64) -> u64 {
    match *attention {
        // With more ranks than heads, heads are kept more than once.
        Attention::Grouped {
            kv_heads, head_dim, ..
        } => 2 * kv_heads.div_ceil(ranks.max(1)) * head_dim,
        // One latent for all heads, which every rank keeps.
        Attention::Latent {
            kv_rank, rope_dim, ..
        } => kv_rank + rope_dim,
        Attention::Linear { .. } => 0,
    }
}

/// Bytes of a linear layer's state on one of `ranks` ranks: a matrix a head in 32 bits, and the last
/// inputs of the convolution in 16.
fn state_bytes(attention: &Attention, ranks: u64) -> u64 {
    let Attention::Linear {
        key_heads,
        value_heads,
        key_dim,
        value_dim,
        kernel,
    } = *attention
    else {
        return 0;
    };
    let ranks = ranks.max(1);
    let heads = value_heads.div_ceil(ranks);
    let channels = 2 * key_heads.div_ceil(ranks) * key_dim + heads * value_dim;
    Dtype::Fp32.bytes(heads * key_dim * value_dim)
        + Dtype::Bf16.bytes(channels * kernel.saturating_sub(1))
}
