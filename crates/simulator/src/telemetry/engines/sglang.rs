//! SGLang's metrics (sgl-project/sglang `python/sglang/srt/metrics/collector.py`).

use std::sync::Arc;

use super::{
    super::exposition::{Kind, Labels, Page, Series, Style, labels},
    histogram::{self, Spread},
    traffic::Traffic,
};

const GAUGE: (Kind, Style) = (Kind::Gauge, Style::Python);
const COUNTER: (Kind, Style) = (Kind::Counter, Style::Python);
const HISTOGRAM: (Kind, Style) = (Kind::Histogram, Style::Python);

type Read = fn(&Traffic, f64) -> Option<f64>;

/// Tells of an engine.
pub(super) fn tell(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    let gauges: [(&'static str, &'static str, Read); 5] = [
        (
            "sglang:num_running_reqs",
            "The number of running requests.",
            Traffic::running,
        ),
        (
            "sglang:num_queue_reqs",
            "The number of requests in the waiting queue.",
            Traffic::waiting,
        ),
        ("sglang:token_usage", "The token usage.", Traffic::cache_use),
        (
            "sglang:gen_throughput",
            "The generation throughput (token/s).",
            |it, time| (time >= it.since).then(|| it.arrivals.at(time) * it.output_tokens),
        ),
        (
            "sglang:cache_hit_rate",
            "The prefix cache hit rate.",
            |it, time| (time >= it.since).then_some(it.cached),
        ),
    ];
    for (name, help, read) in gauges {
        page.tell(GAUGE, name, help, || one(traffic, read));
    }
    let counters: [(&'static str, &'static str, Read); 4] = [
        (
            "sglang:prompt_tokens_total",
            "Number of prefill tokens processed.",
            |it, time| it.total(it.prompt_tokens, time),
        ),
        (
            "sglang:generation_tokens_total",
            "Number of generation tokens processed.",
            |it, time| it.total(it.output_tokens, time),
        ),
        (
            "sglang:cached_tokens_total",
            "Number of cached prompt tokens.",
            |it, time| it.total(it.prompt_tokens * it.cached, time),
        ),
        (
            "sglang:num_requests_total",
            "Number of requests processed.",
            |it, time| it.total(1.0, time),
        ),
    ];
    for (name, help, read) in counters {
        page.tell(COUNTER, name, help, || one(traffic, read));
    }
    histograms(page, traffic);
}

fn histograms(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    let tokens = Spread {
        of_each: traffic.output_tokens - 1.0,
        ..Spread::once(traffic.between_tokens, 0.34)
    };
    let histograms: [(&'static str, &'static str, &[f64], Spread); 3] = [
        (
            "sglang:time_to_first_token_seconds",
            "Histogram of time to first token in seconds.",
            &[
                0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 20.0, 40.0, 60.0, 80.0,
                100.0,
            ],
            Spread::once(traffic.first_token, 0.55),
        ),
        (
            "sglang:inter_token_latency_seconds",
            "Histogram of inter-token latency in seconds.",
            &[
                0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.06,
                0.08, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 2.0,
            ],
            tokens,
        ),
        (
            "sglang:e2e_request_latency_seconds",
            "Histogram of End-to-end request latency in seconds",
            &[
                0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 20.0, 40.0, 60.0, 80.0,
                100.0, 200.0, 400.0,
            ],
            Spread::once(traffic.duration(), 0.62),
        ),
    ];
    for (name, help, bounds, spread) in histograms {
        page.tell(HISTOGRAM, name, help, || {
            histogram::series(traffic, &engine(traffic), bounds, spread, Style::Python)
        });
    }
}

fn engine(traffic: &Traffic) -> Labels {
    labels([
        ("engine_type", "unified"),
        ("model_name", &traffic.model),
        ("pp_rank", "0"),
        ("tp_rank", "0"),
    ])
}

fn one(traffic: &Arc<Traffic>, read: Read) -> Vec<Series> {
    let known = Arc::clone(traffic);
    vec![Series::new(engine(traffic), move |time| read(&known, time))]
}
