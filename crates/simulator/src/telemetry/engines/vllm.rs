//! vLLM's metrics (vllm-project/vllm `vllm/v1/metrics/loggers.py`).

use std::sync::Arc;

use super::{
    super::exposition::{Kind, Labels, Page, Series, Style, labels},
    histogram::{self, Spread},
    traffic::Traffic,
};

const GAUGE: (Kind, Style) = (Kind::Gauge, Style::Python);
const COUNTER: (Kind, Style) = (Kind::Counter, Style::Python);
const HISTOGRAM: (Kind, Style) = (Kind::Histogram, Style::Python);

const FIRST_TOKEN_BOUNDS: &[f64] = &[
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
    20.0, 40.0, 80.0, 160.0, 640.0, 2560.0,
];
const TOKEN_BOUNDS: &[f64] = &[
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0,
    40.0, 80.0,
];
const REQUEST_BOUNDS: &[f64] = &[
    0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 120.0, 240.0,
    480.0, 960.0, 1920.0, 7680.0,
];
const COUNT_BOUNDS: &[f64] = &[
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0,
    20_000.0,
];

/// Tells of an engine.
pub(super) fn tell(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    gauges(page, traffic);
    counters(page, traffic);
    histograms(page, traffic);
}

/// `model_name` and `engine`, in the order of `prometheus_client`.
fn engine(traffic: &Traffic) -> Labels {
    labels([("engine", "0"), ("model_name", &traffic.model)])
}

fn one(
    traffic: &Arc<Traffic>,
    read: impl Fn(&Traffic, f64) -> Option<f64> + Send + Sync + 'static,
) -> Vec<Series> {
    let known = Arc::clone(traffic);
    vec![Series::new(engine(traffic), move |time| read(&known, time))]
}

fn gauges(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    page.tell(
        GAUGE,
        "vllm:num_requests_running",
        "Number of requests in model execution batches.",
        || one(traffic, Traffic::running),
    );
    page.tell(
        GAUGE,
        "vllm:num_requests_waiting",
        "Number of requests waiting to be processed.",
        || one(traffic, Traffic::waiting),
    );
    page.tell(
        GAUGE,
        "vllm:kv_cache_usage_perc",
        "KV-cache usage. 1 means 100 percent usage.",
        || one(traffic, Traffic::cache_use),
    );
    page.tell(
        GAUGE,
        "vllm:cache_config_info",
        "Information of the LLMEngine CacheConfig",
        || {
            let blocks = traffic
                .gpus
                .first()
                .map_or(0.0, |gpu| (gpu.memory_mib * 0.35).floor());
            let labels = labels([
                ("block_size", "16"),
                ("cache_dtype", "auto"),
                ("enable_prefix_caching", "True"),
                ("engine", "0"),
                ("gpu_memory_utilization", "0.9"),
                ("num_gpu_blocks", &Style::Whole.number(blocks)),
            ]);
            vec![Series::constant(labels, 1.0, traffic.since)]
        },
    );
    page.tell(GAUGE, "vllm:engine_sleep_state", "Engine sleep state; awake = 0 means engine is sleeping; awake = 1 means engine is awake; weights_offloaded = 1 means sleep level 1; discard_all = 1 means sleep level 2.", || {
        ["awake", "discard_all", "weights_offloaded"]
            .into_iter()
            .map(|state| {
                let mut labels = engine(traffic);
                labels.push(("sleep_state".into(), state.to_owned()));
                let value = if state == "awake" { 1.0 } else { 0.0 };
                Series::constant(labels, value, traffic.since)
            })
            .collect()
    });
}

fn counters(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    page.tell(
        COUNTER,
        "vllm:prefix_cache_queries_total",
        "Prefix cache queries, in terms of number of queried tokens.",
        || one(traffic, |it, time| it.total(it.prompt_tokens, time)),
    );
    page.tell(
        COUNTER,
        "vllm:prefix_cache_hits_total",
        "Prefix cache hits, in terms of number of cached tokens.",
        || {
            one(traffic, |it, time| {
                it.total(it.prompt_tokens * it.cached, time)
            })
        },
    );
    page.tell(
        COUNTER,
        "vllm:num_preemptions_total",
        "Cumulative number of preemption from the engine.",
        || one(traffic, |it, time| it.total(0.0007, time)),
    );
    page.tell(
        COUNTER,
        "vllm:prompt_tokens_total",
        "Number of prefill tokens processed.",
        || one(traffic, |it, time| it.total(it.prompt_tokens, time)),
    );
    page.tell(
        COUNTER,
        "vllm:generation_tokens_total",
        "Number of generation tokens processed.",
        || one(traffic, |it, time| it.total(it.output_tokens, time)),
    );
    page.tell(
        COUNTER,
        "vllm:request_success_total",
        "Count of successfully processed requests.",
        || {
            [("abort", 0.006), ("length", 0.071), ("stop", 0.923)]
                .into_iter()
                .map(|(reason, share)| {
                    let mut labels = engine(traffic);
                    labels.insert(1, ("finished_reason".into(), reason.to_owned()));
                    let known = Arc::clone(traffic);
                    Series::new(labels, move |time| known.total(share, time))
                })
                .collect()
        },
    );
}

fn histograms(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    let decode = traffic.output_tokens * traffic.between_tokens;
    let tokens = Spread {
        of_each: traffic.output_tokens - 1.0,
        ..Spread::once(traffic.between_tokens, 0.34)
    };
    let all: [(&'static str, &'static str, &[f64], Spread); 11] = [
        (
            "vllm:request_prompt_tokens",
            "Number of prefill tokens processed.",
            COUNT_BOUNDS,
            Spread::once(traffic.prompt_tokens * 0.8, 0.7),
        ),
        (
            "vllm:request_generation_tokens",
            "Number of generation tokens processed.",
            COUNT_BOUNDS,
            Spread::once(traffic.output_tokens * 0.8, 0.7),
        ),
        (
            "vllm:time_to_first_token_seconds",
            "Histogram of time to first token in seconds.",
            FIRST_TOKEN_BOUNDS,
            Spread::once(traffic.first_token, 0.55),
        ),
        (
            "vllm:inter_token_latency_seconds",
            "Histogram of inter-token latency in seconds.",
            TOKEN_BOUNDS,
            tokens,
        ),
        (
            "vllm:time_per_output_token_seconds",
            "Histogram of time per output token in seconds.DEPRECATED: Use vllm:inter_token_latency_seconds instead.",
            TOKEN_BOUNDS,
            tokens,
        ),
        (
            "vllm:request_time_per_output_token_seconds",
            "Histogram of time_per_output_token_seconds per request.",
            TOKEN_BOUNDS,
            Spread::once(traffic.between_tokens, 0.25),
        ),
        (
            "vllm:e2e_request_latency_seconds",
            "Histogram of e2e request latency in seconds.",
            REQUEST_BOUNDS,
            Spread::once(traffic.duration(), 0.62),
        ),
        (
            "vllm:request_queue_time_seconds",
            "Histogram of time spent in WAITING phase for request.",
            REQUEST_BOUNDS,
            Spread::once(0.02, 1.4),
        ),
        (
            "vllm:request_inference_time_seconds",
            "Histogram of time spent in RUNNING phase for request.",
            REQUEST_BOUNDS,
            Spread::once(traffic.duration() * 0.98, 0.62),
        ),
        (
            "vllm:request_prefill_time_seconds",
            "Histogram of time spent in PREFILL phase for request.",
            REQUEST_BOUNDS,
            Spread::once(traffic.first_token * 0.9, 0.55),
        ),
        (
            "vllm:request_decode_time_seconds",
            "Histogram of time spent in DECODE phase for request.",
            REQUEST_BOUNDS,
            Spread::once(decode, 0.64),
        ),
    ];
    for (name, help, bounds, spread) in all {
        page.tell(HISTOGRAM, name, help, || {
            histogram::series(traffic, &engine(traffic), bounds, spread, Style::Python)
        });
    }
}
