//! The memory that a model takes: the planner's arithmetic for whoever fills in a form.

use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{ModelPlan, PlanModel},
    phrases::{Phrase, PhraseCode},
    recipes::{SizingInputs, SizingTask},
    sizing::{MemoryPart, PlannedPart},
};
use strata_planner::{
    Dtype, Method, Model, Parameters, Quantization, Serving, Training, Zero, known_config,
};

use super::Operations;

/// Tokens of a request or sequence where neither the form nor the model limits them.
const CONTEXT: u64 = 8_192;
/// Tokens that a step computes at most: vLLM's default for a server.
const BATCHED_TOKENS: u64 = 8_192;
/// The most bytes of a `config.json`; the longest published ones have a few hundred KiB.
const LONGEST_CONFIG: usize = 4 << 20;

/// Plans the memory of a model by its `config.json`, given or known.
pub(super) async fn plan_model(
    _operations: &Operations,
    request: PlanModel,
) -> Result<ModelPlan, ApiError> {
    if request.config.len() > LONGEST_CONFIG {
        return Err(ApiError::new(
            ErrorCode::InvalidInput,
            "the file is too long for a config.json",
        ));
    }
    Ok(plan(&request).unwrap_or_else(|unknown| ModelPlan {
        unknown: Some(unknown),
        ..ModelPlan::default()
    }))
}

/// The plan, or why there is none: nothing is guessed.
pub(super) fn plan(request: &PlanModel) -> Result<ModelPlan, Phrase> {
    let inputs = &request.sizing;
    let config = match request.config.as_str() {
        "" => known_config(&inputs.model).ok_or_else(|| {
            Phrase::new(PhraseCode::SizingUnknownModel).with("model", inputs.model.as_str())
        })?,
        given => given,
    };
    let model = Model::read(config).map_err(|error| {
        Phrase::new(PhraseCode::SizingUnreadable).with("message", error.to_string())
    })?;
    match inputs.task {
        SizingTask::Serve => serving(inputs, &model, request.gpu_memory_bytes),
        SizingTask::Train => Ok(training(inputs, &model, request.gpu_memory_bytes)),
    }
}

fn serving(
    inputs: &SizingInputs,
    model: &Model,
    gpu_memory: Option<u64>,
) -> Result<ModelPlan, Phrase> {
    let context = inputs
        .context
        .map_or(model.max_context.unwrap_or(CONTEXT), u64::from);
    let serving = Serving {
        weights: weights(&inputs.weights, model)?,
        cache: format(&inputs.kv)?.unwrap_or(Dtype::Bf16),
        tensor_parallel: u64::from(inputs.tensor_parallel.max(1)),
        pipeline_parallel: u64::from(inputs.pipeline_parallel.max(1)),
        context,
        concurrency: u64::from(inputs.concurrency.max(1)),
        batched_tokens: BATCHED_TOKENS,
        gpu_memory,
        utilization: thousandths(inputs.memory_fraction),
    };
    let all = serving.plan(model);
    let one = Serving {
        concurrency: 1,
        ..serving
    }
    .plan(model);
    // An engine starts once a single request of full length fits, and takes what room is left as cache:
    // requests that find none wait.
    let cache = match (all.kv_budget_bytes, one.fits) {
        (Some(room), Some(true)) => all.per_rank.kv_bytes.min(room),
        (Some(_), _) => one.per_rank.kv_bytes,
        (None, _) => all.per_rank.kv_bytes,
    };
    let parts = [
        (MemoryPart::Weights, all.per_rank.weights_bytes),
        (MemoryPart::KvCache, cache),
        (MemoryPart::Activations, all.per_rank.activation_bytes),
        (MemoryPart::Runtime, all.per_rank.runtime_bytes),
    ];
    Ok(ModelPlan {
        gpus: u32::try_from(all.ranks).unwrap_or(u32::MAX),
        allowed_bytes: gpu_memory.map(|memory| allowed(memory, serving.utilization)),
        fits: one.fits,
        max_context: one.max_context,
        max_concurrency: all.max_concurrency,
        ..of(model, context, &parts)
    })
}

/// Full training is taken to be sharded over its GPUs (FSDP, ZeRO-3), adapters to be trained on copies.
fn training(inputs: &SizingInputs, model: &Model, gpu_memory: Option<u64>) -> ModelPlan {
    let rank = u64::from(inputs.rank);
    let method = match inputs.method.as_str() {
        "lora" => Method::Lora { rank },
        "qlora" => Method::Qlora { rank },
        _ => Method::Full,
    };
    let gpus = u64::from(inputs.gpus.max(1));
    let sequence = inputs.context.map_or(CONTEXT, u64::from);
    let training = Training {
        method,
        zero: match method {
            Method::Full if gpus > 1 => Zero::Three,
            _ => Zero::Off,
        },
        gpus,
        sequence,
        batch: u64::from(inputs.concurrency.max(1)),
        gpu_memory,
    };
    let planned = training.plan(model);
    let parts = [
        (MemoryPart::Weights, planned.frozen_bytes),
        (MemoryPart::States, planned.states_bytes),
        (MemoryPart::Activations, planned.activation_bytes),
    ];
    ModelPlan {
        gpus: u32::try_from(planned.ranks).unwrap_or(u32::MAX),
        allowed_bytes: gpu_memory,
        fits: planned.fits,
        ..of(model, sequence, &parts)
    }
}

/// What holds of a model however it is used.
fn of(model: &Model, context: u64, parts: &[(MemoryPart, u64)]) -> ModelPlan {
    let counted = Parameters::of(model);
    ModelPlan {
        parameters: counted.total,
        active_parameters: counted.active,
        context,
        total_bytes: parts.iter().map(|(_, bytes)| bytes).sum(),
        parts: parts
            .iter()
            .filter(|(_, bytes)| *bytes > 0)
            .map(|(part, bytes)| PlannedPart {
                part: *part,
                bytes: *bytes,
            })
            .collect(),
        notes: model.notes.clone(),
        ..ModelPlan::default()
    }
}

fn weights(name: &str, model: &Model) -> Result<Quantization, Phrase> {
    Ok(format(name)?.map_or(model.stored, Quantization::from))
}

/// A format as engines name it; none where it is the checkpoint's own.
fn format(name: &str) -> Result<Option<Dtype>, Phrase> {
    match name {
        "" | "auto" => Ok(None),
        "bitsandbytes" => Ok(Some(Dtype::Nf4)),
        "awq" | "gptq" => Ok(Some(Dtype::Int4)),
        name => match name.parse() {
            Ok(dtype) => Ok(Some(dtype)),
            Err(_) => Err(Phrase::new(PhraseCode::SizingUnknownFormat).with("format", name)),
        },
    }
}

/// What an engine takes of a GPU, rounded as the planner rounds it.
fn allowed(memory: u64, thousandths: u64) -> u64 {
    let bytes = u128::from(memory) * u128::from(thousandths) / 1000;
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// The part of a GPU that an engine takes, from 0 to 1000.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits"
)]
fn thousandths(fraction: f64) -> u64 {
    (fraction.clamp(0.0, 1.0) * 1000.0).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    fn llama() -> SizingInputs {
        SizingInputs {
            model: "meta-llama/Llama-3.1-8B-Instruct".to_owned(),
            tensor_parallel: 1,
            pipeline_parallel: 1,
            context: Some(8_192),
            concurrency: 4,
            memory_fraction: 0.92,
            ..SizingInputs::default()
        }
    }

    fn planned(sizing: SizingInputs, gpu_memory_bytes: Option<u64>) -> ModelPlan {
        let request = PlanModel {
            sizing,
            config: String::new(),
            gpu_memory_bytes,
        };
        plan(&request).expect("a plan")
    }

    fn bytes(plan: &ModelPlan, part: MemoryPart) -> u64 {
        let found = plan.parts.iter().find(|one| one.part == part);
        found.map_or(0, |one| one.bytes)
    }

    #[test]
    fn a_known_model_is_planned_by_its_published_figures() {
        let plan = planned(llama(), Some(80 * GIB));
        assert_eq!(plan.parameters, 8_030_261_248);
        assert_eq!(bytes(&plan, MemoryPart::Weights), 2 * 8_030_261_248);
        assert_eq!(bytes(&plan, MemoryPart::KvCache), 4 * GIB);
        assert_eq!(plan.fits, Some(true));
        let all: u64 = plan.parts.iter().map(|one| one.bytes).sum();
        assert_eq!(plan.total_bytes, all);
    }

    #[test]
    fn requests_that_find_no_room_wait_and_a_request_that_never_does_is_a_fault() {
        let many = SizingInputs {
            concurrency: 1_000,
            ..llama()
        };
        let plan = planned(many, Some(80 * GIB));
        assert_eq!(plan.fits, Some(true));
        assert!(plan.total_bytes <= plan.allowed_bytes.unwrap(), "{plan:?}");
        assert!(plan.max_concurrency.unwrap() < 1_000);
        let long = SizingInputs {
            context: Some(131_072),
            ..llama()
        };
        let plan = planned(long, Some(24 * GIB));
        assert_eq!(plan.fits, Some(false));
        assert!(plan.total_bytes > plan.allowed_bytes.unwrap());
        assert!(plan.max_context.unwrap() < 131_072);
    }

    #[test]
    fn without_a_known_gpu_nothing_is_said_to_fit() {
        let plan = planned(llama(), None);
        assert_eq!(
            (plan.fits, plan.allowed_bytes, plan.max_concurrency),
            (None, None, None)
        );
    }

    #[test]
    fn an_unknown_model_or_format_is_not_guessed_at() {
        for (model, weights, expected) in [
            ("someone/else", "auto", PhraseCode::SizingUnknownModel),
            ("Qwen/Qwen3-8B", "Q4_K_M", PhraseCode::SizingUnknownFormat),
        ] {
            let request = PlanModel {
                sizing: SizingInputs {
                    model: model.to_owned(),
                    weights: weights.to_owned(),
                    ..llama()
                },
                ..PlanModel::default()
            };
            assert_eq!(
                plan(&request).unwrap_err().code,
                expected,
                "{model} {weights}"
            );
        }
        let request = PlanModel {
            sizing: llama(),
            config: r#"{"model_type": "moon"}"#.to_owned(),
            gpu_memory_bytes: None,
        };
        assert_eq!(
            plan(&request).unwrap_err().code,
            PhraseCode::SizingUnreadable
        );
    }

    #[test]
    fn adapters_take_less_than_full_training() {
        let train = |method: &str| {
            let sizing = SizingInputs {
                task: SizingTask::Train,
                method: method.to_owned(),
                rank: 16,
                gpus: 1,
                ..llama()
            };
            planned(sizing, None).total_bytes
        };
        assert!(train("qlora") < train("lora"));
        assert!(train("lora") < train("full"));
    }
}
