//! A model's architecture, as far as its size depends on it.

use serde_json::Value;

use crate::dtype::Dtype;

mod config;
mod families;

/// A decoder, layer by layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The configuration's `model_type`.
    pub family: String,
    /// The width of the residual stream.
    pub hidden: u64,
    /// How many tokens the vocabulary has.
    pub vocabulary: u64,
    /// Whether the output projection is the input embedding.
    pub ties_embeddings: bool,
    /// Its layers, the first one first.
    pub layers: Vec<Layer>,
    /// Normalisations of the residual stream in each layer.
    pub norms_per_layer: u64,
    /// The longest context that the configuration allows, in tokens.
    pub max_context: Option<u64>,
    /// The format that the checkpoint is in.
    pub stored: Quantization,
    /// What the figures leave out or assume.
    pub notes: Vec<String>,
}

/// How a checkpoint's numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantization {
    /// The format of all numbers but those of `experts`.
    pub dtype: Dtype,
    /// The format of the experts, where it is another one.
    pub experts: Option<Dtype>,
}

/// A layer: how tokens look at each other, then what happens to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// How tokens look at each other.
    pub attention: Attention,
    /// What happens to each token.
    pub feed_forward: FeedForward,
}

/// How the tokens of a layer look at each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// Multi-head, grouped-query or multi-query attention.
    Grouped {
        /// Query heads.
        heads: u64,
        /// Key and value heads.
        kv_heads: u64,
        /// Width of a head.
        head_dim: u64,
        /// How many tokens back the layer sees; none for all.
        window: Option<u64>,
        /// Whether query, key and value projections have biases.
        qkv_bias: bool,
        /// Whether the output projection has a bias.
        output_bias: bool,
        /// Whether queries and keys are normalised by head.
        qk_norm: bool,
        /// Whether each head has a learned sink.
        sinks: bool,
        /// Whether the output is gated by a projection as wide as the queries.
        gated: bool,
    },
    /// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434).
    Latent {
        /// Query heads.
        heads: u64,
        /// Width of the queries' latent; none where queries are projected directly.
        query_rank: Option<u64>,
        /// Width of the cached latent.
        kv_rank: u64,
        /// Width of a head's part without position.
        nope_dim: u64,
        /// Width of the shared part with position, cached as well.
        rope_dim: u64,
        /// Width of a head's value.
        value_dim: u64,
    },
    /// Gated linear attention with a state of constant size (Gated DeltaNet, arXiv 2412.06464).
    Linear {
        /// Key heads.
        key_heads: u64,
        /// Value heads.
        value_heads: u64,
        /// Width of a key head.
        key_dim: u64,
        /// Width of a value head.
        value_dim: u64,
        /// Length of the convolution.
        kernel: u64,
    },
}

/// What happens to each token of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedForward {
    /// A gated network: two projections up, one down.
    Dense {
        /// Its inner width.
        width: u64,
    },
    /// A mixture of gated networks, of which a router chooses some for each token.
    Experts {
        /// How many there are.
        count: u64,
        /// How many a token goes through.
        active: u64,
        /// The inner width of one.
        width: u64,
        /// The inner width of what every token goes through beside them; 0 for none.
        shared_width: u64,
        /// Whether that is gated by a projection to one number.
        shared_gate: bool,
        /// Whether router and experts have biases.
        bias: bool,
        /// Whether the router has a correction for each expert (`noaux_tc`).
        correction: bool,
    },
}

/// A configuration that cannot be planned with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The text is not JSON.
    #[error("the configuration is not JSON: {0}")]
    NotJson(String),
    /// It does not say what it is.
    #[error("the configuration has no `model_type`; is it a model's config.json?")]
    NoType,
    /// It is of an architecture that is not known here.
    #[error(
        "`model_type` is {0}, whose memory this version cannot compute: it may have layers that no formula \
         here counts. Known are {known}",
        known = families::NAMES.join(", ")
    )]
    UnknownType(String),
    /// A number is missing, or none that can be.
    #[error("`{field}` {problem}")]
    Field {
        /// The field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// It keeps its weights in a format that is not known here.
    #[error(
        "`quantization_config` is of the method {0}, whose size this version cannot compute; say the format with --weights"
    )]
    UnknownQuantization(String),
}

impl Model {
    /// Reads the text of a `config.json`.
    ///
    /// # Errors
    ///
    /// When it is not JSON, is of an unknown architecture, or lacks a number that the size depends on.
    pub fn read(text: &str) -> Result<Self, ConfigError> {
        let config: Value =
            serde_json::from_str(text).map_err(|error| ConfigError::NotJson(error.to_string()))?;
        families::model(&config)
    }
}
