//! A machine seen from itself: node-exporter's page.
//!
//! Names, help texts and labels: prometheus/node_exporter `collector/`.

use std::sync::Arc;

use super::{
    curve,
    exposition::{Kind, Page, Series, Style, labels},
    usage::{self, NodeUsage},
};
use crate::{json, random, server::Server, world::node_kind};

const GAUGE: (Kind, Style) = (Kind::Gauge, Style::Go);
const COUNTER: (Kind, Style) = (Kind::Counter, Style::Go);

/// Shares of the busy time that the modes of a CPU have.
const MODES: [(&str, f64); 7] = [
    ("iowait", 0.012),
    ("irq", 0.0),
    ("nice", 0.001),
    ("softirq", 0.018),
    ("steal", 0.0),
    ("system", 0.21),
    ("user", 0.759),
];

/// Tells of the machine `node`.
pub(super) fn tell(page: &mut Page<'_>, server: &Server, node: &str) {
    let now = super::seconds(server.clock.now());
    let Some(used) = usage::of_node(server, node, now).map(Arc::new) else {
        return;
    };
    let since = used.since;
    page.tell(
        GAUGE,
        "node_boot_time_seconds",
        "Node boot time, in unixtime.",
        || vec![Series::constant(Vec::new(), since.floor(), since)],
    );
    page.tell(
        COUNTER,
        "node_cpu_seconds_total",
        "Seconds the CPUs spent in each mode.",
        || cpu_seconds(&used),
    );
    for (name, help, factor) in [
        ("node_load1", "1m load average.", 1.0),
        ("node_load5", "5m load average.", 0.98),
        ("node_load15", "15m load average.", 0.96),
    ] {
        page.tell(GAUGE, name, help, || {
            let used = Arc::clone(&used);
            vec![Series::new(Vec::new(), move |time| {
                (time >= used.since).then(|| (used.cpu.at(time) * factor * 100.0).round() / 100.0)
            })]
        });
    }
    for (name, help, bytes) in [
        (
            "node_memory_MemAvailable_bytes",
            "Memory information field MemAvailable_bytes.",
            used.memory_bytes - used.working_set,
        ),
        (
            "node_memory_MemFree_bytes",
            "Memory information field MemFree_bytes.",
            (used.memory_bytes - used.working_set) * 0.62,
        ),
        (
            "node_memory_MemTotal_bytes",
            "Memory information field MemTotal_bytes.",
            used.memory_bytes,
        ),
    ] {
        page.tell(GAUGE, name, help, || {
            vec![Series::constant(Vec::new(), bytes.floor(), since)]
        });
    }
    links(page, node, since);
    let key = strata_domain::ids::ObjectKey::new("", node);
    if let Some(stored) = server.store.get(&node_kind(), &key) {
        let object = stored.value();
        let release = json::text(&object, "/status/nodeInfo/kernelVersion").to_owned();
        page.tell(
            GAUGE,
            "node_uname_info",
            "Labeled system information as provided by the uname system call.",
            || {
                let labels = labels([
                    ("domainname", "(none)"),
                    ("machine", "x86_64"),
                    ("nodename", node),
                    ("release", &release),
                    ("sysname", "Linux"),
                    ("version", "#1 SMP PREEMPT_DYNAMIC"),
                ]);
                vec![Series::constant(labels, 1.0, since)]
            },
        );
    }
}

fn cpu_seconds(used: &Arc<NodeUsage>) -> Vec<Series> {
    let mut count = 0_u32;
    let mut all = Vec::new();
    while f64::from(count) < used.cores {
        let cpu = count.to_string();
        let idle = Arc::clone(used);
        all.push(Series::new(
            labels([("cpu", &cpu), ("mode", "idle")]),
            move |time| {
                let passed = time - idle.since;
                let busy = idle.cpu.amount(idle.since, time) / idle.cores;
                (passed >= 0.0).then_some(passed - busy)
            },
        ));
        for (mode, share) in MODES {
            let used = Arc::clone(used);
            all.push(Series::new(
                labels([("cpu", &cpu), ("mode", mode)]),
                move |time| {
                    let busy = used.cpu.amount(used.since, time) / used.cores;
                    (time >= used.since).then_some(busy * share)
                },
            ));
        }
        count += 1;
    }
    all
}

/// What the first network device carried.
fn links(page: &mut Page<'_>, node: &str, since: f64) {
    let seed = curve::mix(random::hash(node));
    for (name, help, level) in [
        (
            "node_network_receive_bytes_total",
            "Network device statistic receive_bytes.",
            curve::between(seed, 4e7, 4e8),
        ),
        (
            "node_network_transmit_bytes_total",
            "Network device statistic transmit_bytes.",
            curve::between(seed ^ 1, 2e7, 2e8),
        ),
    ] {
        let rate = curve::Curve::constant(level)
            .wave(level * 0.3, 86_400.0, 48_600.0)
            .noise(level * 0.4, 71.0, seed);
        page.tell(COUNTER, name, help, || {
            vec![Series::new(labels([("device", "bond0")]), move |time| {
                (time >= since).then(|| rate.amount(since, time).floor())
            })]
        });
    }
}
