//! The architectures that are known, each by the `model_type` of its configurations.
//!
//! What a family's layers consist of is read from its modelling code in Hugging Face transformers
//! (`src/transformers/models/*/modeling_*.py`, Apache-2.0).

use serde_json::Value;

use super::{
    Attention, ConfigError, FeedForward, Layer, Model,
    config::{Config, problem},
};

/// The families by `model_type`.
pub(super) const NAMES: [&str; 14] = [
    "llama",
    "mistral",
    "mixtral",
    "phi3",
    "qwen2",
    "qwen3",
    "qwen3_moe",
    "qwen3_next",
    "gemma2",
    "gemma3_text",
    "deepseek_v2",
    "deepseek_v3",
    "kimi_k2",
    "gpt_oss",
];

/// Of so many layers the last one sees everything, where a configuration of Gemma 3 does not say it.
const GEMMA3_PATTERN: u64 = 6;
/// The same of Qwen3-Next, whose other layers are linear.
const QWEN3_NEXT_INTERVAL: u64 = 4;

/// The model that a configuration describes.
pub(super) fn model(config: &Value) -> Result<Model, ConfigError> {
    let whole = Config(config);
    let family = whole.text("model_type").ok_or(ConfigError::NoType)?;
    let mut notes = Vec::new();
    // Of a model that also sees, the text part is planned.
    let (family, config) = match (family, whole.get("text_config").map(Config)) {
        ("gemma3", Some(text)) => {
            notes.push("The vision tower is not counted.".to_owned());
            ("gemma3_text", text)
        }
        _ => (family, whole),
    };
    if !NAMES.contains(&family) {
        return Err(ConfigError::UnknownType(family.to_owned()));
    }
    let layers = (0..config.layers()?)
        .map(|at| layer(family, config, at))
        .collect::<Result<Vec<_>, _>>()?;
    if config.optional("num_nextn_predict_layers")?.unwrap_or(0) > 0 {
        notes.push("The layers for multi-token prediction are not counted.".to_owned());
    }
    let is_gemma = family.starts_with("gemma");
    let ties_embeddings = config
        .get("tie_word_embeddings")
        .and_then(Value::as_bool)
        .unwrap_or(is_gemma);
    Ok(Model {
        family: family.to_owned(),
        hidden: config.number(&["hidden_size"])?,
        vocabulary: config.number(&["vocab_size"])?,
        ties_embeddings,
        layers,
        norms_per_layer: if is_gemma { 4 } else { 2 },
        max_context: config.optional("max_position_embeddings")?,
        stored: whole.stored()?,
        notes,
    })
}

fn layer(family: &str, config: Config<'_>, at: u64) -> Result<Layer, ConfigError> {
    let attention = match family {
        "deepseek_v2" | "deepseek_v3" | "kimi_k2" => latent(config)?,
        "qwen3_next" if !is_full(config, at)? => linear(config)?,
        _ => grouped(family, config, at)?,
    };
    Ok(Layer {
        attention,
        feed_forward: feed_forward(family, config, at)?,
    })
}

fn grouped(family: &str, config: Config<'_>, at: u64) -> Result<Attention, ConfigError> {
    let heads = config.number(&["num_attention_heads"])?;
    let hidden = config.number(&["hidden_size"])?;
    // Stated where it is not the quotient: Qwen3-32B has 5120 / 64 = 80 but heads of 128.
    let head_dim = match config.optional("head_dim")? {
        Some(stated) if stated > 0 => stated,
        _ => hidden / heads,
    };
    let kv_heads = config.optional("num_key_value_heads")?.unwrap_or(heads);
    if kv_heads == 0 || kv_heads > heads {
        let why = format!("is {kv_heads}, with {heads} query heads");
        return Err(problem("num_key_value_heads", why));
    }
    let bias = config.flag("attention_bias");
    Ok(Attention::Grouped {
        heads,
        kv_heads,
        head_dim,
        window: window(family, config, at)?,
        qkv_bias: bias || family == "qwen2",
        output_bias: bias,
        qk_norm: family.starts_with("qwen3") || family == "gemma3_text",
        sinks: family == "gpt_oss",
        gated: family == "qwen3_next",
    })
}

/// How far back the layer `at` sees.
fn window(family: &str, config: Config<'_>, at: u64) -> Result<Option<u64>, ConfigError> {
    let Some(window) = config.optional("sliding_window")? else {
        return Ok(None);
    };
    if config.get("use_sliding_window").is_some() && !config.flag("use_sliding_window") {
        return Ok(None);
    }
    if let Some(kind) = layer_type(config, at) {
        return Ok((kind == "sliding_attention").then_some(window));
    }
    let slides = match family {
        "gpt_oss" | "gemma2" => at.is_multiple_of(2),
        "gemma3_text" => {
            let pattern = config.optional("sliding_window_pattern")?;
            !(at + 1).is_multiple_of(pattern.unwrap_or(GEMMA3_PATTERN).max(1))
        }
        // The first layers see everything.
        "qwen2" | "qwen3" | "qwen3_moe" => at >= config.optional("max_window_layers")?.unwrap_or(0),
        _ => true,
    };
    Ok(slides.then_some(window))
}

fn layer_type(config: Config<'_>, at: u64) -> Option<&str> {
    let types = config.get("layer_types")?.as_array()?;
    types.get(usize::try_from(at).ok()?)?.as_str()
}

/// Whether the layer `at` of a hybrid model has full attention.
fn is_full(config: Config<'_>, at: u64) -> Result<bool, ConfigError> {
    if let Some(kind) = layer_type(config, at) {
        return Ok(kind == "full_attention");
    }
    let interval = config.optional("full_attention_interval")?;
    Ok((at + 1).is_multiple_of(interval.unwrap_or(QWEN3_NEXT_INTERVAL).max(1)))
}

fn latent(config: Config<'_>) -> Result<Attention, ConfigError> {
    Ok(Attention::Latent {
        heads: config.number(&["num_attention_heads"])?,
        query_rank: config.optional("q_lora_rank")?,
        kv_rank: config.number(&["kv_lora_rank"])?,
        nope_dim: config.number(&["qk_nope_head_dim"])?,
        rope_dim: config.number(&["qk_rope_head_dim"])?,
        value_dim: config.number(&["v_head_dim"])?,
    })
}

fn linear(config: Config<'_>) -> Result<Attention, ConfigError> {
    Ok(Attention::Linear {
        key_heads: config.number(&["linear_num_key_heads"])?,
        value_heads: config.number(&["linear_num_value_heads"])?,
        key_dim: config.number(&["linear_key_head_dim"])?,
        value_dim: config.number(&["linear_value_head_dim"])?,
        kernel: config.number(&["linear_conv_kernel_dim"])?,
    })
}

fn feed_forward(family: &str, config: Config<'_>, at: u64) -> Result<FeedForward, ConfigError> {
    let is_mixture = match family {
        "mixtral" | "gpt_oss" => true,
        "deepseek_v2" | "deepseek_v3" | "kimi_k2" => {
            let dense = config.optional("first_k_dense_replace")?.unwrap_or(0);
            let every = config.optional("moe_layer_freq")?.unwrap_or(1).max(1);
            at >= dense && at.is_multiple_of(every)
        }
        "qwen3_moe" | "qwen3_next" => {
            let every = config.optional("decoder_sparse_step")?.unwrap_or(1).max(1);
            let is_listed = config
                .get("mlp_only_layers")
                .and_then(Value::as_array)
                .is_some_and(|dense| dense.iter().any(|layer| layer.as_u64() == Some(at)));
            !is_listed && (at + 1).is_multiple_of(every)
        }
        _ => false,
    };
    if !is_mixture {
        let width = config.number(&["intermediate_size"])?;
        return Ok(FeedForward::Dense { width });
    }
    let count = config.number(&["num_experts", "n_routed_experts", "num_local_experts"])?;
    let active = config.number(&["num_experts_per_tok", "experts_per_token"])?;
    if active > count {
        let why = format!("is {active}, with {count} experts");
        return Err(problem("num_experts_per_tok", why));
    }
    let width = config.number(&["moe_intermediate_size", "intermediate_size"])?;
    let shared_width = match config.optional("shared_expert_intermediate_size")? {
        Some(stated) => stated,
        None => config.optional("n_shared_experts")?.unwrap_or(0) * width,
    };
    Ok(FeedForward::Experts {
        count,
        active,
        width,
        shared_width,
        shared_gate: family == "qwen3_next",
        bias: family == "gpt_oss",
        correction: config.text("topk_method") == Some("noaux_tc"),
    })
}
