//! How many parameters a model has.

use crate::{
    dtype::Dtype,
    model::{Attention, FeedForward, Layer, Model, Quantization},
};

/// A model's parameters, by what becomes of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// All of them.
    pub total: u64,
    /// Those that a token goes through, embeddings included.
    pub active: u64,
    /// Those of the matrices of experts that a router chooses between.
    pub experts: u64,
    /// Those of the largest layer, or of an embedding where that is larger.
    pub largest_layer: u64,
}

impl Parameters {
    /// Counts the parameters of `model`.
    pub fn of(model: &Model) -> Self {
        let hidden = model.hidden;
        let embedding = model.vocabulary * hidden;
        let embeddings = if model.ties_embeddings {
            embedding
        } else {
            2 * embedding
        };
        let mut counted = Self {
            // The last normalisation stands after all layers.
            total: embeddings + hidden,
            active: embeddings + hidden,
            experts: 0,
            largest_layer: embedding,
        };
        for layer in &model.layers {
            let (all, active, experts) = of_layer(layer, hidden);
            let norms = model.norms_per_layer * hidden;
            counted.total += all + norms;
            counted.active += active + norms;
            counted.experts += experts;
            counted.largest_layer = counted.largest_layer.max(all + norms);
        }
        counted
    }

    /// The bytes of all of them.
    pub fn bytes(&self, kept: Quantization) -> u64 {
        match kept.experts {
            None => kept.dtype.bytes(self.total),
            Some(dtype) => kept.dtype.bytes(self.total - self.experts) + dtype.bytes(self.experts),
        }
    }
}

impl From<Dtype> for Quantization {
    /// All numbers in one format; the experts alone where it is made for them.
    fn from(dtype: Dtype) -> Self {
        match dtype {
            Dtype::Mxfp4 => Self {
                dtype: Dtype::Bf16,
                experts: Some(dtype),
            },
            _ => Self {
                dtype,
                experts: None,
            },
        }
    }
}

/// A layer's parameters without its normalisations: all, active, those of experts' matrices.
fn of_layer(layer: &Layer, hidden: u64) -> (u64, u64, u64) {
    let attention = of_attention(&layer.attention, hidden);
    match layer.feed_forward {
        FeedForward::Dense { width } => {
            let all = attention + 3 * hidden * width;
            (all, all, 0)
        }
        FeedForward::Experts {
            count,
            active,
            width,
            shared_width,
            shared_gate,
            bias,
            correction,
        } => {
            let biases = if bias { 2 * width + hidden } else { 0 };
            let matrices = 3 * hidden * width;
            let expert = matrices + biases;
            let router = hidden * count + count * (u64::from(bias) + u64::from(correction));
            let shared = 3 * hidden * shared_width + if shared_gate { hidden } else { 0 };
            let always = attention + router + shared;
            (
                always + count * expert,
                always + active * expert,
                count * matrices,
            )
        }
    }
}

fn of_attention(attention: &Attention, hidden: u64) -> u64 {
    match *attention {
        Attention::Grouped {
            heads,
            kv_heads,
            head_dim,
            qkv_bias,
            output_bias,
            qk_norm,
            sinks,
            gated,
            window: _,
        } => {
            let queries = heads * head_dim;
            let keys = kv_heads * head_dim;
            let gate = if gated { queries } else { 0 };
            let inputs = queries + gate + 2 * keys;
            hidden * inputs
                + queries * hidden
                + if qkv_bias { inputs } else { 0 }
                + if output_bias { hidden } else { 0 }
                + if qk_norm { 2 * head_dim } else { 0 }
                + if sinks { heads } else { 0 }
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
                // Down, its normalisation, up.
                Some(rank) => hidden * rank + rank + rank * queries,
                None => hidden * queries,
            };
            query
                + hidden * (kv_rank + rope_dim)
                + kv_rank
                + kv_rank * heads * (nope_dim + value_dim)
                + heads * value_dim * hidden
        }
        Attention::Linear {
            key_heads,
            value_heads,
            key_dim,
            value_dim,
            kernel,
        } => {
            let keys = key_heads * key_dim;
            let values = value_heads * value_dim;
            // Queries, keys, values, gate; beta and decay; convolution; their two vectors; norm; output.
            hidden * (2 * keys + 2 * values)
                + hidden * 2 * value_heads
                + (2 * keys + values) * kernel
                + 2 * value_heads
                + value_dim
                + values * hidden
        }
    }
}
