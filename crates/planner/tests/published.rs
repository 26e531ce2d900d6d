//! The arithmetic against published models and figures.
#![expect(
    clippy::unwrap_used,
    reason = "a test that panics fails, which is what it should do"
)]

use proptest::prelude::*;
use strata_planner::{
    CacheSplit, ConfigError, Dtype, Method, Model, Parameters, Serving, Training, Zero,
    cache_bytes_of_request, cache_bytes_per_token, zero_bytes,
};

const GIB: f64 = 1_073_741_824.0;

macro_rules! config {
    ($name:literal) => {
        include_str!(concat!("../../../assets/models/", $name, ".json"))
    };
}

const QWEN3_06B: &str = config!("Qwen-Qwen3-0.6B");
const LLAMA_8B: &str = config!("meta-llama-Meta-Llama-3.1-8B");
const QWEN3_8B: &str = config!("Qwen-Qwen3-8B");
const QWEN3_32B: &str = config!("Qwen-Qwen3-32B");
const LLAMA_70B: &str = config!("meta-llama-Meta-Llama-3.1-70B");
const LLAMA_405B: &str = config!("meta-llama-Meta-Llama-3.1-405B");
const QWEN3_30B: &str = config!("Qwen-Qwen3-30B-A3B");
const MIXTRAL: &str = config!("mistralai-Mixtral-8x7B-v0.1");
const DEEPSEEK: &str = config!("deepseek-ai-DeepSeek-V3");
const GPT_OSS: &str = config!("openai-gpt-oss-20b");

/// Configuration, parameters, cache bytes a token, and of a request of 8,192 and 131,072 tokens in
/// bf16, GiB.
const TABLE: [(&str, u64, u64, f64, f64); 10] = [
    (QWEN3_06B, 596_049_920, 114_688, 0.875, 14.0),
    (LLAMA_8B, 8_030_261_248, 131_072, 1.0, 16.0),
    (QWEN3_8B, 8_190_735_360, 147_456, 1.125, 18.0),
    (QWEN3_32B, 32_762_123_264, 262_144, 2.0, 32.0),
    (LLAMA_70B, 70_553_706_496, 327_680, 2.5, 40.0),
    (LLAMA_405B, 405_853_388_800, 516_096, 3.9375, 63.0),
    (QWEN3_30B, 30_532_122_624, 98_304, 0.75, 12.0),
    (MIXTRAL, 46_702_792_704, 131_072, 1.0, 16.0),
    (DEEPSEEK, 671_026_419_200, 70_272, 0.536, 8.58),
    (GPT_OSS, 20_914_757_184, 49_152, 0.1904, 3.003),
];

fn model(config: &str) -> Model {
    Model::read(config).unwrap()
}

fn close(computed: f64, published: f64, relative: f64) -> bool {
    (computed - published).abs() <= relative * published
}

#[expect(
    clippy::cast_precision_loss,
    reason = "compared with figures of three digits"
)]
fn gib(bytes: u64) -> f64 {
    bytes as f64 / GIB
}

#[test]
fn parameters_and_caches_are_those_of_the_published_models() {
    for (config, parameters, per_token, short, long) in TABLE {
        let model = model(config);
        assert_eq!(Parameters::of(&model).total, parameters, "{}", model.family);
        assert_eq!(cache_bytes_per_token(&model, Dtype::Bf16), per_token);
        for (context, expected) in [(8_192, short), (131_072, long)] {
            let bytes = cache_bytes_of_request(&model, Dtype::Bf16, context, CacheSplit::WHOLE);
            assert!(
                close(gib(bytes), expected, 0.002),
                "{} at {context}: {} GiB",
                model.family,
                gib(bytes)
            );
        }
    }
}

#[test]
fn a_mixture_computes_with_its_active_experts_and_keeps_them_all() {
    let active = |config| Parameters::of(&model(config)).active;
    let billions = |config, published: f64| {
        #[expect(clippy::cast_precision_loss, reason = "compared with three digits")]
        let computed = active(config) as f64 / 1e9;
        assert!(close(computed, published, 0.002), "{computed}");
    };
    billions(QWEN3_30B, 3.35);
    billions(MIXTRAL, 12.88);
    billions(DEEPSEEK, 37.55);
    // With the input embedding, as for the others.
    billions(GPT_OSS, 4.19);
    assert_eq!(active(LLAMA_8B), 8_030_261_248);
}

#[test]
fn weights_take_what_the_authors_say() {
    let bytes = |config, dtype: Dtype| gib(Parameters::of(&model(config)).bytes(dtype.into()));
    assert!(close(bytes(LLAMA_405B, Dtype::Bf16), 755.96, 1e-4));
    assert!(close(bytes(LLAMA_8B, Dtype::Bf16), 14.96, 1e-3));
    // Published in GB, rounded.
    for (config, fp16, fp8, int4) in [
        (LLAMA_8B, 16.0, 8.0, 4.0),
        (LLAMA_70B, 140.0, 70.0, 35.0),
        (LLAMA_405B, 810.0, 405.0, 203.0),
    ] {
        for (dtype, published) in [(Dtype::Fp16, fp16), (Dtype::Fp8, fp8), (Dtype::Int4, int4)] {
            assert!(close(bytes(config, dtype) * GIB / 1e9, published, 0.01));
        }
    }
    // As the checkpoints are stored.
    let stored = |config| {
        let model = model(config);
        gib(Parameters::of(&model).bytes(model.stored))
    };
    assert!(close(stored(DEEPSEEK), 624.9, 1e-3));
    assert!(close(stored(GPT_OSS), 12.82, 1e-3));
    assert!(close(stored(QWEN3_06B), 1.11, 2e-3));
}

#[test]
fn a_request_s_cache_is_what_the_authors_say() {
    let cache = |config, tokens| {
        gib(cache_bytes_of_request(
            &model(config),
            Dtype::Fp16,
            tokens,
            CacheSplit::WHOLE,
        ))
    };
    // Of the largest the authors counted 16 heads; it was published with 8, so half of their figures.
    for (config, published) in [
        (LLAMA_8B, [0.125, 1.95, 15.62]),
        (LLAMA_70B, [0.313, 4.88, 39.06]),
        (LLAMA_405B, [0.984 / 2.0, 15.38 / 2.0, 123.05 / 2.0]),
    ] {
        for (tokens, published) in [1_024, 16_000, 128_000].into_iter().zip(published) {
            let computed = cache(config, tokens);
            assert!(
                close(computed, published, 0.004),
                "{tokens}: {computed}, not {published}"
            );
        }
    }
}

fn serving(dtype: Dtype, tensor_parallel: u64, gpu_memory: u64) -> Serving {
    Serving {
        weights: dtype.into(),
        cache: Dtype::Bf16,
        tensor_parallel,
        pipeline_parallel: 1,
        context: 8_192,
        concurrency: 1,
        // So few that the floor of the activations counts, as in the worked examples.
        batched_tokens: 1,
        gpu_memory: Some(gpu_memory),
        utilization: 920,
    }
}

/// Tokens that fit beside the weights.
fn tokens(serving: Serving, model: &Model) -> u64 {
    let budget = serving.plan(model).kv_budget_bytes.unwrap();
    let split = CacheSplit {
        tensor_parallel: serving.tensor_parallel,
        pipeline_parallel: 1,
    };
    budget / cache_bytes_of_request(model, Dtype::Bf16, 1, split)
}

#[test]
fn the_worked_examples_come_out_end_to_end() {
    let one = tokens(serving(Dtype::Bf16, 1, 48_305_799_168), &model(LLAMA_8B));
    assert!(one.abs_diff(187_282) < 50, "{one}");
    // 141 GiB each; the latent is on every rank, so that splitting it would promise 5.8 million.
    let eight = serving(Dtype::Fp8, 8, 141 * 1024 * 1024 * 1024);
    let eight = tokens(eight, &model(DEEPSEEK));
    assert!(eight.abs_diff(728_073) < 1_000, "{eight}");
}

#[test]
fn heads_are_kept_twice_where_there_are_more_ranks_than_heads() {
    let model = model(QWEN3_30B);
    let on = |tensor_parallel| {
        let split = CacheSplit {
            tensor_parallel,
            pipeline_parallel: 1,
        };
        cache_bytes_of_request(&model, Dtype::Bf16, 1_000, split)
    };
    assert_eq!(on(4), on(1) / 4);
    assert_eq!(on(8), on(4));
}

#[test]
fn stages_split_layers_and_the_fullest_one_counts() {
    let model = model(DEEPSEEK);
    let split = CacheSplit {
        tensor_parallel: 1,
        pipeline_parallel: 2,
    };
    let half = cache_bytes_of_request(&model, Dtype::Bf16, 1, split);
    assert_eq!(half, 70_272 / 61 * 31);
}

#[test]
fn zero_is_what_deepspeed_estimates() {
    // t5-3b on 8 GPUs; without offloading.
    let states = |zero| gib(zero_bytes(zero, 2_851_000_000, 32_000_000, 8));
    assert!(close(states(Zero::Two), 15.93, 1e-3));
    assert!(close(states(Zero::Three), 6.09, 1e-3));
}

#[test]
fn adapters_are_as_many_as_the_authors_count() {
    let training = Training {
        method: Method::Lora { rank: 16 },
        zero: Zero::Off,
        gpus: 1,
        sequence: 2_048,
        batch: 1,
        gpu_memory: Some(24 << 30),
    };
    let model = model(LLAMA_8B);
    let plan = training.plan(&model);
    assert_eq!(plan.trainable_parameters, 41_943_040);
    assert_eq!(plan.frozen_bytes, 2 * 8_030_261_248);
    assert_eq!(plan.states_bytes, 16 * 41_943_040);
    assert_eq!(plan.fits, Some(false));
    let smaller = Training {
        method: Method::Qlora { rank: 16 },
        ..training
    };
    assert_eq!(smaller.plan(&model).fits, Some(true));
    let longest = smaller.longest(&model).unwrap();
    let with = |sequence| {
        Training {
            sequence,
            ..smaller
        }
        .plan(&model)
        .fits
    };
    assert_eq!(
        (with(longest), with(longest + 1)),
        (Some(true), Some(false))
    );
    let full = Training {
        method: Method::Full,
        ..training
    };
    assert_eq!(full.plan(&model).states_bytes, 16 * 8_030_261_248);
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    let unknown = LLAMA_8B.replace("\"llama\"", "\"mamba3\"");
    let refused = Model::read(&unknown).unwrap_err();
    assert_eq!(refused, ConfigError::UnknownType("mamba3".to_owned()));
    assert_eq!(Model::read("{}"), Err(ConfigError::NoType));
    let missing = LLAMA_8B.replace("num_hidden_layers", "layers");
    let refused = Model::read(&missing).unwrap_err().to_string();
    assert_eq!(refused, "`num_hidden_layers` is missing");
    let nonsense = LLAMA_8B.replace("\"hidden_size\": 4096", "\"hidden_size\": -4096");
    let refused = Model::read(&nonsense).unwrap_err().to_string();
    assert!(
        refused.contains("hidden_size") && refused.contains("-4096"),
        "{refused}"
    );
    let quantized = LLAMA_8B.replacen('{', r#"{"quantization_config":{"quant_method":"exl4"},"#, 1);
    assert_eq!(
        Model::read(&quantized),
        Err(ConfigError::UnknownQuantization("exl4".to_owned()))
    );
}

#[test]
fn a_context_fits_up_to_the_longest_and_not_beyond() {
    let model = model(LLAMA_70B);
    let small = Serving {
        concurrency: 4,
        ..serving(Dtype::Fp8, 2, 80 << 30)
    };
    let longest = small.plan(&model).max_context.unwrap();
    let with = |context| Serving { context, ..small }.plan(&model).fits;
    assert_eq!(with(longest), Some(true));
    assert_eq!(with(longest + 1), Some(false));
    let too_small = serving(Dtype::Bf16, 1, 80 << 30).plan(&model);
    assert_eq!(
        (too_small.fits, too_small.max_context),
        (Some(false), Some(0))
    );
}

proptest! {
    #[test]
    fn more_context_never_takes_less(short in 0_u64..200_000, more in 0_u64..200_000, ranks in 1_u64..16) {
        for (config, ..) in TABLE {
            let model = model(config);
            let split = CacheSplit { tensor_parallel: ranks, pipeline_parallel: 1 };
            let of = |context| cache_bytes_of_request(&model, Dtype::Fp8, context, split);
            prop_assert!(of(short) <= of(short + more));
        }
    }

    #[test]
    fn no_configuration_panics(text in ".{0,200}", number in any::<i64>()) {
        let _refused = Model::read(&text);
        let config = QWEN3_8B.replace("4096", &number.to_string());
        if let Ok(model) = Model::read(&config) {
            let _plan = serving(Dtype::Bf16, 1, u64::MAX).plan(&model);
        }
    }
}
