//! Metrics of a Ray node (ray-project/ray `doc/source/ray-observability/reference/system-metrics.rst`,
//! `python/ray/_private/metrics_agent.py`).

use std::sync::Arc;

use super::{
    super::{
        exposition::{Kind, Page, Series, Style, labels},
        gpu::Gpu,
    },
    traffic::Traffic,
};

const GAUGE: (Kind, Style) = (Kind::Gauge, Style::Python);

/// Tells of a node of a Ray cluster.
pub(super) fn tell(page: &mut Page<'_>, traffic: &Arc<Traffic>) {
    type Read = fn(&Gpu, f64) -> f64;
    let fields: [(&'static str, &'static str, Read); 2] = [
        (
            "ray_node_gpus_utilization",
            "Total GPUs usage on a ray node",
            Gpu::utilization,
        ),
        (
            "ray_node_gram_used",
            "Total GPU RAM usage on a ray node",
            Gpu::memory_used,
        ),
    ];
    for (name, help, read) in fields {
        page.tell(GAUGE, name, help, || {
            traffic
                .gpus
                .iter()
                .map(|gpu| {
                    let known = Arc::clone(gpu);
                    let labels = labels([
                        ("GpuDeviceName", gpu.product.name),
                        ("GpuIndex", &gpu.index.to_string()),
                    ]);
                    Series::new(labels, move |time| {
                        known.is_present(time).then(|| read(&known, time))
                    })
                })
                .collect()
        });
    }
    page.tell(
        GAUGE,
        "ray_node_gpus_available",
        "Total GPUs available on a ray node",
        || {
            let count = u32::try_from(traffic.gpus.len()).unwrap_or(u32::MAX);
            vec![Series::constant(
                Vec::new(),
                f64::from(count),
                traffic.since,
            )]
        },
    );
}
