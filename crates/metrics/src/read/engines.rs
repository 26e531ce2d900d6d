//! Serving engines: what each calls its running and waiting requests, its cache and its tokens.
//!
//! Names: vLLM `vllm/v1/metrics/loggers.py`, SGLang `metrics/collector.py`, Text Generation
//! Inference's and Triton's documentation, Ray Serve's. Where an engine tells one series for each of
//! its parts, counts are added and shares of a cache are averaged.

use strata_domain::text::Text;
use strata_ports::telemetry::{Dialect, EngineReport};

use crate::exposition::samples;

/// What a series of an engine is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Running,
    Waiting,
    Cache,
    Tokens,
    Ended,
}

/// How the engine that told `text` does.
pub(super) fn read(dialect: Dialect, text: &str) -> EngineReport {
    let mut report = EngineReport::default();
    let mut caches = 0.0;
    for sample in samples(text) {
        let Some(meaning) = meaning(dialect, sample.name) else {
            continue;
        };
        if !sample.value.is_finite() || sample.value < 0.0 {
            continue;
        }
        if dialect == Dialect::Triton && !is_of_triton(sample.name, sample.labels.0) {
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
        let place = match meaning {
            Meaning::Running => &mut report.running,
            Meaning::Waiting => &mut report.waiting,
            Meaning::Cache => {
                caches += 1.0;
                &mut report.cache_used
            }
            Meaning::Tokens => &mut report.tokens_generated,
            Meaning::Ended => &mut report.requests_ended,
        };
        *place = Some(place.unwrap_or(0.0) + sample.value);
    }
    report.cache_used = report.cache_used.map(|sum| sum / f64::max(caches, 1.0));
    report.models.sort();
    report
}

fn meaning(dialect: Dialect, name: &str) -> Option<Meaning> {
    Some(match (dialect, name) {
        (Dialect::Vllm, "vllm:num_requests_running")
        | (Dialect::Sglang, "sglang:num_running_reqs")
        | (Dialect::TextGeneration, "tgi_batch_current_size")
        | (Dialect::Ray, "ray_serve_num_ongoing_http_requests") => Meaning::Running,
        (Dialect::Vllm, "vllm:num_requests_waiting")
        | (Dialect::Sglang, "sglang:num_queue_reqs")
        | (Dialect::TextGeneration, "tgi_queue_size")
        | (Dialect::Triton, "nv_inference_pending_request_count")
        | (Dialect::Ray, "ray_serve_deployment_queued_queries") => Meaning::Waiting,
        // `gpu_cache_usage_perc` until vLLM 0.10; both are shares from 0 to 1.
        (Dialect::Vllm, "vllm:kv_cache_usage_perc" | "vllm:gpu_cache_usage_perc")
        | (Dialect::Sglang, "sglang:token_usage")
        | (Dialect::Triton, "nv_trt_llm_kv_cache_block_metrics") => Meaning::Cache,
        (Dialect::Vllm, "vllm:generation_tokens_total")
        | (Dialect::Sglang, "sglang:generation_tokens_total")
        | (Dialect::TextGeneration, "tgi_request_generated_tokens_sum") => Meaning::Tokens,
        (Dialect::Vllm, "vllm:request_success_total")
        | (Dialect::Sglang, "sglang:num_requests_total")
        | (Dialect::TextGeneration, "tgi_request_success")
        | (Dialect::Triton, "nv_inference_request_success")
        | (Dialect::Ray, "ray_serve_num_http_requests_total") => Meaning::Ended,
        _ => return None,
    })
}

/// Whether a series of Triton is what its name alone does not say: of the cache's blocks, the share.
fn is_of_triton(name: &str, labels: &str) -> bool {
    name != "nv_trt_llm_kv_cache_block_metrics"
        || labels.contains("kv_cache_block_type=\"fraction\"")
}
