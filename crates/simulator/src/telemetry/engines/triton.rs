//! Metrics of Triton (triton-inference-server/server `docs/user_guide/metrics.md`).

use std::sync::Arc;

use super::{
    super::{
        exposition::{Kind, Labels, Page, Series, Style, labels},
        gpu::Gpu,
    },
    traffic::Traffic,
};

const GAUGE: (Kind, Style) = (Kind::Gauge, Style::Go);
const COUNTER: (Kind, Style) = (Kind::Counter, Style::Go);

/// How many requests the dynamic batcher puts into one execution.
const BATCH: f64 = 6.0;

/// Tells of a server.
pub(super) fn tell(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    // What each request adds to a counter.
    for (name, help, per) in [
        (
            "nv_inference_request_success",
            "Number of successful inference requests, all batch sizes",
            0.9996,
        ),
        (
            "nv_inference_count",
            "Number of inferences performed (does not include cached requests)",
            1.0,
        ),
        (
            "nv_inference_exec_count",
            "Number of model executions performed (does not include cached requests)",
            1.0 / BATCH,
        ),
        (
            "nv_inference_request_duration_us",
            "Cumulative inference request duration in microseconds (includes cached requests)",
            5210.0,
        ),
        (
            "nv_inference_queue_duration_us",
            "Cumulative inference queuing duration in microseconds (includes cached requests)",
            1380.0,
        ),
        (
            "nv_inference_compute_input_duration_us",
            "Cumulative compute input duration in microseconds (does not include cached requests)",
            210.0,
        ),
        (
            "nv_inference_compute_infer_duration_us",
            "Cumulative compute inference duration in microseconds (does not include cached requests)",
            3420.0,
        ),
        (
            "nv_inference_compute_output_duration_us",
            "Cumulative inference compute output duration in microseconds (does not include cached requests)",
            90.0,
        ),
    ] {
        page.tell(COUNTER, name, help, || {
            let known = Arc::clone(traffic);
            vec![Series::new(model(traffic), move |time| {
                known.total(per, time)
            })]
        });
    }
    page.tell(
        COUNTER,
        "nv_inference_request_failure",
        "Number of failed inference requests, all batch sizes",
        || {
            [
                ("BACKEND", 0.0002),
                ("CANCELED", 0.0001),
                ("OTHER", 0.0),
                ("REJECTED", 0.0001),
            ]
            .into_iter()
            .map(|(reason, share)| {
                let mut labels = model(traffic);
                labels.push(("reason".into(), reason.to_owned()));
                let known = Arc::clone(traffic);
                Series::new(labels, move |time| known.total(share, time))
            })
            .collect()
        },
    );
    page.tell(
        GAUGE,
        "nv_inference_pending_request_count",
        "Instantaneous number of pending requests awaiting execution per-model.",
        || {
            let known = Arc::clone(traffic);
            vec![Series::new(model(traffic), move |time| known.waiting(time))]
        },
    );
    gpus(page, traffic);
}

fn gpus(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    type Read = fn(&Gpu, f64) -> f64;
    let fields: [(Kind, &'static str, &'static str, Read); 6] = [
        (
            Kind::Gauge,
            "nv_gpu_utilization",
            "GPU utilization rate [0.0 - 1.0)",
            |gpu, at| gpu.utilization(at) / 100.0,
        ),
        (
            Kind::Gauge,
            "nv_gpu_memory_total_bytes",
            "GPU total memory, in bytes",
            |gpu, _| gpu.memory_mib * 1_048_576.0,
        ),
        (
            Kind::Gauge,
            "nv_gpu_memory_used_bytes",
            "GPU used memory, in bytes",
            |gpu, at| gpu.memory_used(at) * 1_048_576.0,
        ),
        (
            Kind::Gauge,
            "nv_gpu_power_usage",
            "GPU power usage in watts",
            Gpu::power,
        ),
        (
            Kind::Gauge,
            "nv_gpu_power_limit",
            "GPU power management limit in watts",
            |gpu, _| gpu.product.power_limit,
        ),
        (
            Kind::Counter,
            "nv_energy_consumption",
            "GPU energy consumption in joules since the Triton Server started",
            |gpu, at| gpu.energy(at) / 1000.0,
        ),
    ];
    for (kind, name, help, read) in fields {
        page.tell((kind, Style::Go), name, help, || {
            traffic
                .gpus
                .iter()
                .map(|gpu| {
                    let known = Arc::clone(gpu);
                    let since = traffic.since;
                    Series::new(labels([("gpu_uuid", &gpu.uuid)]), move |time| {
                        (time >= since && known.is_present(time)).then(|| read(&known, time))
                    })
                })
                .collect()
        });
    }
}

/// The model's name is the last part of its repository.
fn model(traffic: &Traffic) -> Labels {
    let name = traffic.model.rsplit('/').next().unwrap_or(&traffic.model);
    labels([("model", name), ("version", "1")])
}
