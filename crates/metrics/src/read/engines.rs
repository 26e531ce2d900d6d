//! Serving engines: what each calls its running and waiting requests, its cache and its tokens.
//!
//! Names: vLLM `vllm/v1/metrics/loggers.py` and, of its first engine, `vllm/engine/metrics.py`; SGLang
//! `metrics/collector.py`; Text Generation Inference's, Triton's and Ray Serve's documentation. Where an
//! engine tells one series for each of its parts, counts are added and shares of a cache are averaged.
//! Where releases have two names for one thing, some tell both: then the first is taken alone.

use std::collections::BTreeMap;

use strata_domain::text::Text;
use strata_ports::telemetry::{Dialect, EngineReport};

use crate::exposition::{Labels, samples};

/// What a series of an engine is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    Running,
    Waiting,
    Cache,
    Tokens,
    Ended,
}

/// More than this is no count of requests or tokens: a double does not tell such from the next.
const MOST: f64 = 9.0e15;

/// Rounding lets a share pass 1 by a little; what is above is none.
const MOST_OF_CACHE: f64 = 1.05;

/// The labels by which SGLang tells ranks apart that work on the same requests, and each of which counts
/// all of them. Ranks of data parallelism (`dp_rank`) have requests of their own.
const RANKS: [&str; 3] = ["tp_rank", "pp_rank", "moe_ep_rank"];

/// The series of one meaning, by the part of the engine that each is of.
#[derive(Default)]
struct Gathered {
    /// How far down the list of names the one is by which they were told.
    rank: u8,
    parts: BTreeMap<String, f64>,
}

/// How the engine that told `text` does.
pub(super) fn read(dialect: Dialect, text: &str) -> EngineReport {
    let mut report = EngineReport::default();
    let mut all: BTreeMap<Meaning, Gathered> = BTreeMap::new();
    for sample in samples(text) {
        let Some((meaning, rank)) = meaning(dialect, sample.name, sample.labels) else {
            continue;
        };
        let most = if meaning == Meaning::Cache {
            MOST_OF_CACHE
        } else {
            MOST
        };
        if !(0.0..=most).contains(&sample.value) {
            continue;
        }
        for name in ["model_name", "model", "deployment"] {
            if let Some(model) = sample.labels.get(name).filter(|model| !model.is_empty())
                && !report.models.iter().any(|known| *known == *model)
            {
                report.models.push(Text::from(model.as_ref()));
                break;
            }
        }
        let part = part_of(dialect, sample.name, sample.labels);
        all.entry(meaning)
            .or_default()
            .take(rank, part, sample.value);
    }
    let sum = |meaning: Meaning| all.get(&meaning).map(Gathered::sum);
    report.running = sum(Meaning::Running);
    report.waiting = sum(Meaning::Waiting);
    report.cache_used = all.get(&Meaning::Cache).map(Gathered::mean);
    report.tokens_generated = sum(Meaning::Tokens);
    report.requests_ended = sum(Meaning::Ended);
    report.models.sort();
    report
}

impl Gathered {
    /// Takes in what was told by the name of the rank `rank`.
    fn take(&mut self, rank: u8, part: String, value: f64) {
        if !self.parts.is_empty() && rank > self.rank {
            return;
        }
        if rank < self.rank {
            self.parts.clear();
        }
        self.rank = rank;
        let known = self.parts.entry(part).or_default();
        *known = known.max(value);
    }

    fn sum(&self) -> f64 {
        self.parts.values().sum()
    }

    #[expect(clippy::cast_precision_loss, reason = "an engine has few parts")]
    fn mean(&self) -> f64 {
        (self.sum() / self.parts.len().max(1) as f64).min(1.0)
    }
}

/// The part of the engine that a series is of.
fn part_of(dialect: Dialect, name: &str, labels: Labels<'_>) -> String {
    if dialect != Dialect::Sglang {
        return format!("{name}{{{}", labels.0);
    }
    let mut part = name.to_owned();
    for (label, value) in labels.pairs() {
        if !RANKS.contains(&label) {
            part.push(',');
            part.push_str(label);
            part.push('=');
            part.push_str(&value);
        }
    }
    part
}

/// What the series `name` is, and how far down the list of names for that.
fn meaning(dialect: Dialect, name: &str, labels: Labels<'_>) -> Option<(Meaning, u8)> {
    let is = |label: &str, value: &str| labels.get(label).is_some_and(|told| told == value);
    Some(match dialect {
        Dialect::Vllm => match name {
            "vllm:num_requests_running" => (Meaning::Running, 0),
            // The first engine moved requests that it had begun to the machine's memory: those wait.
            "vllm:num_requests_waiting" | "vllm:num_requests_swapped" => (Meaning::Waiting, 0),
            // The second is the first engine's, and was told beside the first until 0.10.
            "vllm:kv_cache_usage_perc" => (Meaning::Cache, 0),
            "vllm:gpu_cache_usage_perc" => (Meaning::Cache, 1),
            "vllm:generation_tokens_total" => (Meaning::Tokens, 0),
            "vllm:request_success_total" => (Meaning::Ended, 0),
            _ => return None,
        },
        Dialect::Sglang => match name {
            "sglang:num_running_reqs" => (Meaning::Running, 0),
            "sglang:num_queue_reqs" => (Meaning::Waiting, 0),
            "sglang:token_usage" => (Meaning::Cache, 0),
            "sglang:generation_tokens_total" => (Meaning::Tokens, 0),
            "sglang:num_requests_total" => (Meaning::Ended, 0),
            _ => return None,
        },
        Dialect::TextGeneration => match name {
            "tgi_batch_current_size" => (Meaning::Running, 0),
            "tgi_queue_size" => (Meaning::Waiting, 0),
            "tgi_request_generated_tokens_sum" => (Meaning::Tokens, 0),
            "tgi_request_success" => (Meaning::Ended, 0),
            "tgi_request_success_total" => (Meaning::Ended, 1),
            _ => return None,
        },
        Dialect::Triton => match name {
            // Its TensorRT-LLM backend takes requests out of the server's queue into one of its own.
            "nv_trt_llm_request_metrics" if is("request_type", "scheduled") => {
                (Meaning::Running, 0)
            }
            "nv_trt_llm_request_metrics" if is("request_type", "waiting") => (Meaning::Waiting, 0),
            "nv_inference_pending_request_count" => (Meaning::Waiting, 0),
            "nv_trt_llm_kv_cache_block_metrics" if is("kv_cache_block_type", "fraction") => {
                (Meaning::Cache, 0)
            }
            "nv_inference_request_success" => (Meaning::Ended, 0),
            _ => return None,
        },
        // Newer releases end counters in `_total`, and tell the former name beside it.
        Dialect::Ray => match name {
            "ray_serve_num_ongoing_http_requests" | "ray_serve_num_ongoing_grpc_requests" => {
                (Meaning::Running, 0)
            }
            "ray_serve_replica_processing_queries" => (Meaning::Running, 1),
            "ray_serve_deployment_queued_queries" => (Meaning::Waiting, 0),
            "ray_serve_num_http_requests_total" | "ray_serve_num_grpc_requests_total" => {
                (Meaning::Ended, 0)
            }
            "ray_serve_num_http_requests" | "ray_serve_num_grpc_requests" => (Meaning::Ended, 1),
            _ => return None,
        },
        Dialect::Dcgm
        | Dialect::Amd
        | Dialect::Ascend
        | Dialect::Hami
        | Dialect::Prometheus
        | Dialect::Kubelet => return None,
    })
}
