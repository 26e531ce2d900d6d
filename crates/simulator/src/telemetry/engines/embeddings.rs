//! Metrics of Text Embeddings Inference (huggingface/text-embeddings-inference `router/src/http/server.rs`).

use std::sync::Arc;

use super::{
    super::exposition::{Kind, Page, Series, Style, labels},
    histogram::{self, Spread},
    traffic::Traffic,
};

const GAUGE: (Kind, Style) = (Kind::Gauge, Style::Go);
const COUNTER: (Kind, Style) = (Kind::Counter, Style::Go);
const HISTOGRAM: (Kind, Style) = (Kind::Histogram, Style::Go);

/// Tells of a server of embeddings.
pub(super) fn tell(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    page.tell(
        COUNTER,
        "te_request_count",
        "Total number of requests",
        || {
            let known = Arc::clone(traffic);
            vec![Series::new(labels([("method", "batch")]), move |time| {
                known.total(1.0, time)
            })]
        },
    );
    page.tell(
        COUNTER,
        "te_request_success",
        "Number of successful requests",
        || {
            let known = Arc::clone(traffic);
            vec![Series::new(labels([("method", "batch")]), move |time| {
                known.total(0.999, time)
            })]
        },
    );
    page.tell(
        COUNTER,
        "te_embed_count",
        "Total number of embeddings computed",
        || {
            let known = Arc::clone(traffic);
            vec![Series::new(Vec::new(), move |time| known.total(4.0, time))]
        },
    );
    page.tell(
        GAUGE,
        "te_queue_size",
        "Current number of requests in the queue",
        || {
            let known = Arc::clone(traffic);
            vec![Series::new(Vec::new(), move |time| known.waiting(time))]
        },
    );
    let bounds: Vec<f64> = (0..24)
        .map(|step| 0.000_1 * 1.5_f64.powi(step * 2))
        .collect();
    for (name, help, spread) in [
        (
            "te_request_duration",
            "Total time spent processing the request",
            Spread::once(0.021, 0.6),
        ),
        (
            "te_embed_inference_duration",
            "Time spent in inference",
            Spread::once(0.011, 0.4),
        ),
        (
            "te_embed_queue_duration",
            "Time spent in the queue",
            Spread::once(0.004, 1.0),
        ),
        (
            "te_request_input_length",
            "Number of tokens of an input",
            Spread::once(290.0, 0.7),
        ),
    ] {
        page.tell(HISTOGRAM, name, help, || {
            histogram::series(traffic, &Vec::new(), &bounds, spread, Style::Go)
        });
    }
}
