//! Over how many GPUs of a cluster a model has to be split, and whether these are free: pure.
//!
//! Of each model of GPUs the least split is taken that its memory allows: first over the GPUs of one
//! node, which are joined fast, then over nodes.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strata_api::{
    phrases::{Phrase, PhraseCode},
    recipes::{Check, CheckState, CheckSubject},
    sizing::SplitChoice,
};
use strata_domain::{
    accelerator::{self, Unit},
    pod::Pod,
    quantity,
};
use strata_recipes::demand::PodDemand;

use super::fit;

/// The most nodes that a model is split over.
const NODES: u32 = 16;
/// MiB, the unit of `nvidia.com/gpu.memory`.
const MIB: u64 = 1 << 20;

/// A split, and what the fullest GPU then holds; where that fits.
pub(crate) struct Split {
    pub(crate) tensor_parallel: u32,
    pub(crate) pipeline_parallel: u32,
    pub(crate) per_gpu_bytes: u64,
    pub(crate) fits: bool,
}

/// GPUs of one model.
struct Kind {
    resource: String,
    memory: u64,
    /// The most on one node.
    most: u32,
    nodes: Vec<Value>,
}

/// The least split for each model of GPUs among `nodes`, what fits now first. `split` plans one: over
/// so many GPUs of a node, so many nodes, with so much memory each.
pub(crate) fn choices<E>(
    nodes: &[Value],
    pods: &[Pod],
    split: impl Fn(u32, u32, u64) -> Result<Split, E>,
) -> Result<Vec<SplitChoice>, E> {
    let mut choices = Vec::new();
    for (model, kind) in kinds(nodes) {
        let mut found = None;
        for (tensor, pipeline) in splits(kind.most) {
            let planned = split(tensor, pipeline, kind.memory)?;
            let fits = planned.fits;
            found = Some(planned);
            if fits {
                break;
            }
        }
        let Some(found) = found else { continue };
        let check = if found.fits {
            fit::check(&[demand(&kind, &found)], &kind.nodes, pods)
        } else {
            too_large(&model, &kind, &found)
        };
        choices.push(SplitChoice {
            model,
            gpu_memory_bytes: kind.memory,
            tensor_parallel: found.tensor_parallel,
            pipeline_parallel: found.pipeline_parallel,
            per_gpu_bytes: found.per_gpu_bytes,
            check,
        });
    }
    choices.sort_by_key(|choice| {
        let gpus = choice
            .tensor_parallel
            .saturating_mul(choice.pipeline_parallel);
        (choice.check.state, gpus, choice.gpu_memory_bytes)
    });
    Ok(choices)
}

/// Splits over the GPUs of one node, by powers of two as heads are, then over several whole nodes.
fn splits(most: u32) -> impl Iterator<Item = (u32, u32)> {
    let powers = |most: u32| {
        (0..31)
            .map(|power| 1_u32 << power)
            .take_while(move |n| *n <= most)
    };
    let widest = powers(most).last().unwrap_or(1);
    let over_nodes = powers(NODES).skip(1).map(move |nodes| (widest, nodes));
    powers(most).map(|gpus| (gpus, 1)).chain(over_nodes)
}

fn kinds(nodes: &[Value]) -> BTreeMap<String, Kind> {
    let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
    for node in nodes {
        let label = |key: &str| node.pointer("/metadata/labels")?.get(key)?.as_str();
        let amounts = node
            .pointer("/status/allocatable")
            .and_then(Value::as_object);
        let whole = amounts
            .into_iter()
            .flatten()
            .find_map(|(resource, amount)| {
                let known = accelerator::classify(resource)?;
                let count = u32::try_from(quantity::parse_count(amount.as_str()?)?).ok()?;
                (known.unit == Unit::Device && count > 0).then(|| (resource.clone(), count))
            });
        let memory = label("nvidia.com/gpu.memory").and_then(|memory| memory.parse::<u64>().ok());
        let (Some((resource, count)), Some(model), Some(memory)) =
            (whole, accelerator::model_of_labels(label), memory)
        else {
            continue;
        };
        let memory = memory.saturating_mul(MIB);
        let kind = kinds.entry(model).or_insert_with(|| Kind {
            resource,
            memory,
            most: 0,
            nodes: Vec::new(),
        });
        kind.memory = kind.memory.min(memory);
        kind.most = kind.most.max(count);
        kind.nodes.push(node.clone());
    }
    kinds
}

/// The pods of a split: one for each node. They stand the taints that keep others away from GPUs.
fn demand(kind: &Kind, split: &Split) -> PodDemand {
    PodDemand {
        owner: "the model".to_owned(),
        count: u64::from(split.pipeline_parallel),
        requests: BTreeMap::from([(kind.resource.clone(), u64::from(split.tensor_parallel))]),
        limits: BTreeMap::new(),
        node_selector: BTreeMap::new(),
        tolerations: vec![json!({ "key": kind.resource, "operator": "Exists" })],
    }
}

/// No split fits the memory.
fn too_large(model: &str, kind: &Kind, split: &Split) -> Check {
    let gpus = split
        .tensor_parallel
        .saturating_mul(split.pipeline_parallel);
    #[expect(clippy::cast_precision_loss, reason = "bytes of a GPU are below 2^53")]
    let bytes = |bytes: u64| strata_api::phrases::PhraseValue::Bytes(bytes as f64);
    Check {
        subject: CheckSubject::Fit,
        state: CheckState::Failed,
        sentence: Phrase::new(PhraseCode::FitOnNoSplit)
            .with("model", model)
            .with("count", gpus)
            .with("wanted", bytes(split.per_gpu_bytes))
            .with("memory", bytes(kind.memory)),
        remedy: Some(Phrase::new(PhraseCode::FitOnNoSplitRemedy)),
        details: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, product: &str, gpus: u32, mebibytes: u64) -> Value {
        json!({
            "metadata": { "name": name, "labels": {
                "nvidia.com/gpu.product": product, "nvidia.com/gpu.memory": mebibytes.to_string(),
            } },
            "spec": { "taints": [{ "key": "nvidia.com/gpu", "effect": "NoSchedule" }] },
            "status": {
                "allocatable": { "cpu": "64", "pods": "110", "nvidia.com/gpu": gpus.to_string() },
                "conditions": [{ "type": "Ready", "status": "True" }],
            },
        })
    }

    /// A model of so many bytes that are split evenly.
    fn of_bytes(all: u64) -> impl Fn(u32, u32, u64) -> Result<Split, ()> {
        move |tensor_parallel, pipeline_parallel, memory| {
            let per_gpu_bytes = all.div_ceil(u64::from(tensor_parallel * pipeline_parallel));
            Ok(Split {
                tensor_parallel,
                pipeline_parallel,
                per_gpu_bytes,
                fits: per_gpu_bytes <= memory,
            })
        }
    }

    fn told(bytes: u64) -> Vec<(String, u32, u32, CheckState)> {
        let nodes = [
            node("a", "NVIDIA-H100-80GB-HBM3", 8, 81_559),
            node("b", "NVIDIA-H100-80GB-HBM3", 8, 81_559),
            node("c", "NVIDIA-L40S", 4, 46_068),
        ];
        let choices = choices(&nodes, &[], of_bytes(bytes)).unwrap();
        choices
            .into_iter()
            .map(|choice| {
                let split = (choice.tensor_parallel, choice.pipeline_parallel);
                (choice.model, split.0, split.1, choice.check.state)
            })
            .collect()
    }

    #[test]
    fn the_least_split_that_fits_is_chosen_of_each_model_of_gpus() {
        let gib = 1 << 30;
        assert_eq!(
            told(60 * gib),
            [
                ("H100 80GB HBM3".to_owned(), 1, 1, CheckState::Ok),
                ("L40S".to_owned(), 2, 1, CheckState::Ok),
            ]
        );
        // More than one node of the large ones has, and than there are of the small ones.
        assert_eq!(
            told(1_000 * gib),
            [
                ("H100 80GB HBM3".to_owned(), 8, 2, CheckState::Ok),
                ("L40S".to_owned(), 4, 8, CheckState::Failed),
            ]
        );
        let never = told(100_000 * gib);
        assert!(
            never.iter().all(|(.., state)| *state == CheckState::Failed),
            "{never:?}"
        );
    }

    #[test]
    fn nodes_that_do_not_say_how_much_memory_their_gpus_have_are_not_guessed_at() {
        let mut node = node("a", "NVIDIA-H100-80GB-HBM3", 8, 81_559);
        node["metadata"]["labels"]["nvidia.com/gpu.memory"] = Value::Null;
        assert!(choices(&[node], &[], of_bytes(1)).unwrap().is_empty());
    }
}
