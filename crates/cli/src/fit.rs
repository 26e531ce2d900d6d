//! `strata fit`: what a model takes, served or trained, from its `config.json` alone.

use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;
use serde_json::{Value, json};
use strata_app::{
    Launch,
    planner::{
        CacheSplit, Dtype, Method, Model, Parameters, Quantization, Serving, Training,
        TrainingPlan, Zero, cache_bytes_of_request, cache_bytes_per_token,
    },
};

use crate::{
    arguments::{Fit, Output, Train},
    exit::{INCOMPLETE, answer, remark},
    table::{columns, visible},
};

mod on;
mod shown;

/// Tokens of a request where nothing is said.
const CONTEXT: u64 = 8_192;
/// What this machine is called in the answer.
const HERE: &str = "this machine";
/// Tokens that a step computes at most: vLLM's default for a server.
const BATCHED_TOKENS: u64 = 8_192;

/// What is known of a model, however it is used.
#[derive(Serialize)]
struct Sizes {
    model_type: String,
    parameters: u64,
    active_parameters: u64,
    /// Of the whole model, in the format asked for.
    weights_bytes: u64,
    /// Of the whole model.
    kv_bytes_per_token: u64,
    /// Of all requests, each number once: what ranks keep twice counts in the plan's total.
    kv_bytes: u64,
}

/// Shows what the model takes. Ends with 4 where it cannot be computed.
pub(crate) async fn run(launch: Launch, fit: &Fit) -> anyhow::Result<ExitCode> {
    let file = fit.config.display();
    let text = std::fs::read_to_string(&fit.config).with_context(|| {
        format!("{file} cannot be read; give the path of a model's config.json")
    })?;
    let model = match Model::read(&text) {
        Ok(model) => model,
        Err(refused) => return unknown(fit, &format!("{file}: {refused}")),
    };
    let weights = fit.weights.map_or(model.stored, Into::into);
    let cache = fit.kv.unwrap_or(Dtype::Bf16);
    let counted = Parameters::of(&model);
    let context = fit
        .context
        .unwrap_or_else(|| CONTEXT.min(model.max_context.unwrap_or(CONTEXT)));
    let sizes = Sizes {
        model_type: model.family.clone(),
        parameters: counted.total,
        active_parameters: counted.active,
        weights_bytes: counted.bytes(weights),
        kv_bytes_per_token: cache_bytes_per_token(&model, cache),
        kv_bytes: cache_bytes_of_request(&model, cache, context, CacheSplit::WHOLE)
            .saturating_mul(fit.concurrency),
    };
    let warnings = warnings(&model, fit, context);
    let (used, lines) = planned(fit, &model, (weights, cache), context)?;
    let found = match &fit.on {
        Some(name) => {
            let found = on::ask(launch, name, on::question(fit, text, context)).await?;
            Some((name.as_str(), found))
        }
        None if fit.here => {
            let found = on::ask_here(launch, &on::question(fit, text, context)).await?;
            Some((HERE, found))
        }
        None => None,
    };
    match fit.output {
        Output::Json => {
            let mut all = together(&sizes, &used)?;
            merge(
                &mut all,
                &json!({ "context": context, "warnings": warnings }),
            );
            if let Some((name, found)) = &found {
                merge(
                    &mut all,
                    &json!({ "on": { "context": name, "fit": found } }),
                );
            }
            answer(&format!("{all:#}\n"))?;
        }
        Output::Table => {
            let mut shown = shown::sizes(&sizes);
            shown.extend(lines);
            if let Some((name, found)) = &found {
                shown.extend(on::shown(name, found));
            }
            answer(&columns(&shown, 0))?;
            for warning in &warnings {
                remark(&visible(warning));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What serving or training it as asked takes: as JSON, and as lines of a table.
fn planned(
    fit: &Fit,
    model: &Model,
    (weights, cache): (Quantization, Dtype),
    context: u64,
) -> anyhow::Result<(Value, Vec<Vec<String>>)> {
    Ok(match fit.train {
        None => {
            let serving = Serving {
                weights,
                cache,
                tensor_parallel: fit.tensor_parallel,
                pipeline_parallel: fit.pipeline_parallel,
                context,
                concurrency: fit.concurrency,
                batched_tokens: BATCHED_TOKENS,
                gpu_memory: fit.gpu_memory,
                utilization: fit.utilization(),
            };
            let plan = serving.plan(model);
            (
                serde_json::to_value(&plan)?,
                shown::serving(&plan, context, fit),
            )
        }
        Some(train) => {
            let training = training(train, fit, context);
            let plan = training.plan(model);
            let longest = training.longest(model);
            (trained(&plan, longest)?, shown::training(&plan))
        }
    })
}

/// The model's own sizes and a plan's. What a whole deployment takes stands at the top as well.
fn together(sizes: &Sizes, used: &Value) -> anyhow::Result<Value> {
    let mut all = serde_json::to_value(sizes)?;
    merge(&mut all, used);
    if let Some(total) = used.get("total") {
        for part in [
            "kv_bytes",
            "activation_bytes",
            "runtime_bytes",
            "total_bytes",
        ] {
            if let (Some(all), Some(bytes)) = (all.as_object_mut(), total.get(part)) {
                all.insert(part.to_owned(), bytes.clone());
            }
        }
    }
    Ok(all)
}

/// A training's plan with the fields of a server's: what of each GPU and of all. What drivers and
/// libraries take of a training is not planned.
fn trained(plan: &TrainingPlan, longest: Option<u64>) -> anyhow::Result<Value> {
    let parts = |gpus: u64| {
        json!({
            "weights_bytes": plan.frozen_bytes.saturating_mul(gpus),
            "states_bytes": plan.states_bytes.saturating_mul(gpus),
            "activation_bytes": plan.activation_bytes.saturating_mul(gpus),
            "runtime_bytes": null,
            "total_bytes": plan.total_bytes.saturating_mul(gpus),
        })
    };
    let mut all = serde_json::to_value(plan)?;
    merge(
        &mut all,
        &json!({
            "per_rank": parts(1),
            "total": parts(plan.ranks),
            "max_context": longest,
        }),
    );
    Ok(all)
}

/// Nothing is guessed of a model that is not understood.
fn unknown(fit: &Fit, why: &str) -> anyhow::Result<ExitCode> {
    match fit.output {
        Output::Json => {
            let fields = [
                "parameters",
                "active_parameters",
                "weights_bytes",
                "kv_bytes_per_token",
                "kv_bytes",
                "activation_bytes",
                "runtime_bytes",
                "per_rank",
                "total",
                "max_context",
            ];
            let mut all: serde_json::Map<_, _> = fields
                .into_iter()
                .map(|field| (field.to_owned(), Value::Null))
                .collect();
            all.insert("warnings".to_owned(), json!([why]));
            answer(&format!("{:#}\n", Value::Object(all)))?;
        }
        Output::Table => remark(&visible(why)),
    }
    Ok(ExitCode::from(INCOMPLETE))
}

fn training(train: Train, fit: &Fit, sequence: u64) -> Training {
    Training {
        method: match train {
            Train::Full => Method::Full,
            Train::Lora => Method::Lora { rank: fit.rank },
            Train::Qlora => Method::Qlora { rank: fit.rank },
        },
        zero: match fit.zero {
            0 => Zero::Off,
            1 => Zero::One,
            2 => Zero::Two,
            _ => Zero::Three,
        },
        gpus: fit.gpus,
        sequence,
        batch: fit.concurrency,
        gpu_memory: fit.gpu_memory,
    }
}

fn warnings(model: &Model, fit: &Fit, context: u64) -> Vec<String> {
    let mut warnings = model.notes.clone();
    if let Some(longest) = model.max_context.filter(|longest| context > *longest) {
        warnings.push(format!(
            "A context of {context} tokens is longer than the model's {longest}."
        ));
    }
    if fit.weights == Some(Dtype::Int4) {
        warnings.push(
            "Scales and zeros of int4 weights are not counted: 3 to 6 % more, by the group size."
                .to_owned(),
        );
    }
    if fit.train.is_some() && fit.zero > 0 && fit.gpus < 2 {
        warnings.push("ZeRO shards nothing on one GPU; say how many with --gpus.".to_owned());
    }
    warnings
}

fn merge(all: &mut Value, more: &Value) {
    if let (Some(all), Some(more)) = (all.as_object_mut(), more.as_object()) {
        all.extend(more.clone());
    }
}
