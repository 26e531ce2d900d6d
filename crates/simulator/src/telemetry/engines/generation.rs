//! Metrics of Text Generation Inference (huggingface/text-generation-inference `router/src/server.rs`).

use std::sync::Arc;

use super::{
    super::exposition::{Kind, Page, Series, Style},
    histogram::{self, Spread},
    traffic::Traffic,
};

const GAUGE: (Kind, Style) = (Kind::Gauge, Style::Go);
const COUNTER: (Kind, Style) = (Kind::Counter, Style::Go);
const HISTOGRAM: (Kind, Style) = (Kind::Histogram, Style::Go);

type Read = fn(&Traffic, f64) -> Option<f64>;

/// Tells of an engine; TGI sets no labels.
pub(super) fn tell(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    let plain: [((Kind, Style), &'static str, &'static str, Read); 5] = [
        (
            GAUGE,
            "tgi_batch_current_size",
            "Current batch size",
            Traffic::running,
        ),
        (
            GAUGE,
            "tgi_queue_size",
            "Current number of requests in the queue",
            Traffic::waiting,
        ),
        (
            GAUGE,
            "tgi_batch_current_max_tokens",
            "Max tokens for the current batch",
            |it, time| Some(it.running(time)? * (it.prompt_tokens + it.output_tokens)),
        ),
        (
            COUNTER,
            "tgi_request_count",
            "Total number of requests",
            |it, time| it.total(1.0, time),
        ),
        (
            COUNTER,
            "tgi_request_success",
            "Number of successful requests",
            |it, time| it.total(0.997, time),
        ),
    ];
    for (kind, name, help, read) in plain {
        page.tell(kind, name, help, || {
            let known = Arc::clone(traffic);
            vec![Series::new(Vec::new(), move |time| read(&known, time))]
        });
    }
    let bounds: Vec<f64> = (0..25)
        .map(|step| 0.000_1 * 1.5_f64.powi(step * 2))
        .collect();
    for (name, help, spread) in [
        (
            "tgi_request_duration",
            "Total time spent processing the request",
            Spread::once(traffic.duration(), 0.6),
        ),
        (
            "tgi_request_queue_duration",
            "Time spent in the queue",
            Spread::once(0.02, 1.2),
        ),
        (
            "tgi_request_mean_time_per_token_duration",
            "Mean time per token per request",
            Spread::once(traffic.between_tokens, 0.3),
        ),
        (
            "tgi_request_generated_tokens",
            "Generated tokens per request",
            Spread::once(traffic.output_tokens * 0.8, 0.7),
        ),
    ] {
        page.tell(HISTOGRAM, name, help, || {
            histogram::series(traffic, &Vec::new(), &bounds, spread, Style::Go)
        });
    }
}
