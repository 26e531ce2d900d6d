//! What 80,000 GPUs cost: taking in what their exporters tell, joining them with nodes and pods, the
//! map of all of them, a window of their table, where their capacity goes.
//!
//! An exporter answers every 15 seconds, so that 10,000 nodes tell 670 pages a second; GPUs are joined
//! at most once a second, and at most a tenth of the time is spent on it.
//! `cargo bench -p strata-engine --bench gpus`

use std::{hint::black_box, time::Duration};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use strata_api::{
    rows::gpu::{GpuColour, GpuExporters},
    topics::{GpuColumn, GpuGrouping, GpuSort, Topic, Window},
};
use strata_catalog::Catalog;
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    object::Object,
    reading::{Figure, Source},
    text::{Interner, Text},
};
use strata_engine::{
    derive::{Derived, derive, gpus::Gpus},
    fleet::{cluster::Cluster, telemetry::Telemetry},
    fold::{self, Dirty},
    project::gpus::{Picture, rows},
};
use strata_ports::{
    cluster::ClusterEvent,
    telemetry::{Answer, DeviceReport, HolderTold, Told},
};
use strata_test_support::{
    clock::time,
    objects::{node, node_kind, pod, pod_kind},
};

const NODES: u32 = 10_000;
const ON_A_NODE: u32 = 8;
const FIGURES: [Figure; 12] = [
    Figure::SmActive,
    Figure::EngineActive,
    Figure::DramActive,
    Figure::MemoryUsed,
    Figure::MemoryFree,
    Figure::MemoryTotal,
    Figure::Temperature,
    Figure::MemoryTemperature,
    Figure::Power,
    Figure::SmClock,
    Figure::LastXid,
    Figure::RowRemapFailure,
];

fn now() -> Timestamp {
    time("2026-03-01T12:00:00Z")
}

fn node_name(number: u32) -> String {
    format!("gpu-{number:05}")
}

/// The pod that holds the GPUs of the node `number`; every eighth node is free.
fn holder_of(number: u32) -> Option<(String, String)> {
    let job = number / 16;
    (!number.is_multiple_of(8)).then(|| {
        (
            format!("team-{}", job % 40),
            format!("train-{job}-{number}"),
        )
    })
}

fn list(kind: GroupKind, objects: impl Iterator<Item = Object>) -> ClusterEvent {
    ClusterEvent::Replaced {
        kind,
        objects: objects.collect(),
    }
}

/// Ten thousand nodes with eight GPUs each, most of them held by one pod.
fn cluster() -> Cluster {
    let nodes = (0..NODES).map(|number| {
        node(&node_name(number))
            .gpus(u64::from(ON_A_NODE))
            .gpu_product("NVIDIA-H100-80GB-HBM3")
            .label(
                "topology.kubernetes.io/zone",
                &format!("zone-{}", number % 4),
            )
            .label(
                "topology.kubernetes.io/rack",
                &format!("r{:04}", number / 8),
            )
            .object()
    });
    let pods = (0..NODES).filter_map(|number| {
        let (namespace, name) = holder_of(number)?;
        let held = pod(&namespace, &name)
            .on(&node_name(number))
            .gpus(u64::from(ON_A_NODE))
            .label("team", &format!("team-{}", number % 40));
        Some(held.object())
    });
    let mut cluster = Cluster::default();
    for event in [list(node_kind(), nodes), list(pod_kind(), pods)] {
        fold::apply(&mut cluster, event, now(), &mut Dirty::default());
    }
    cluster
}

/// What the exporter of the node `number` tells, `later` seconds after noon.
fn answer(names: &mut Interner, number: u32, later: i64) -> Answer {
    let node = names.intern(&node_name(number));
    let at = now() + SignedDuration::from_secs(later);
    let holder = holder_of(number).map(|(namespace, pod)| HolderTold {
        pod: ObjectKey::new(names.intern(&namespace), names.intern(&pod)),
        container: names.intern("trainer"),
    });
    let model = names.intern("NVIDIA H100 80GB HBM3");
    let devices = (0..ON_A_NODE).map(|index| {
        let value = |figure| match figure {
            Figure::SmActive | Figure::EngineActive | Figure::DramActive => 0.9,
            Figure::MemoryUsed => 70e9,
            Figure::MemoryFree => 10e9,
            Figure::MemoryTotal => 80e9,
            Figure::Power => 640.0,
            Figure::SmClock => 1_980.0,
            Figure::LastXid | Figure::RowRemapFailure => 0.0,
            _ => 61.0,
        };
        DeviceReport {
            uuid: Text::from(format!("GPU-{number:08x}-{index}")),
            index,
            node: node.clone(),
            model: model.clone(),
            pci: Text::default(),
            driver: Text::default(),
            instance: None,
            holders: holder.iter().cloned().collect(),
            is_shared: false,
            source: Source::Dcgm,
            at: None,
            figures: FIGURES
                .map(|figure| (figure, figure.judge(value(figure))))
                .into(),
        }
    });
    Answer {
        pod: ObjectKey::new("gpu-operator", format!("dcgm-{number:05}").as_str()),
        at,
        took: Duration::from_millis(40),
        bytes: 60_000,
        outcome: Ok(Told::Devices(devices.collect())),
    }
}

fn topics() -> [(&'static str, Topic); 4] {
    let cluster = || "prod".to_owned();
    let map = |by, filter: &str| Topic::GpuMap {
        cluster: cluster(),
        by,
        colour: GpuColour::SmActive,
        seconds_ago: 0,
        filter: filter.to_owned(),
    };
    let table = Topic::Gpus {
        cluster: cluster(),
        filter: String::new(),
        sort: GpuSort {
            by: GpuColumn::Activity,
            descending: false,
        },
        window: Window {
            first: 40_000,
            count: 60,
        },
    };
    [
        ("the map by rack", map(GpuGrouping::Rack, "")),
        (
            "the map of what a filter lets through",
            map(GpuGrouping::Owner, "held sm>50"),
        ),
        ("a window of the table", table),
        (
            "where the capacity goes",
            Topic::GpuCapacity { cluster: cluster() },
        ),
    ]
}

fn measure(bench: &mut Criterion, catalog: &Catalog) {
    let cluster = cluster();
    let derived: Derived = derive(&cluster, catalog, None, &Dirty::everything(), now());
    let mut names = Interner::default();
    let mut telemetry = Telemetry::default();
    for number in 0..NODES {
        telemetry.take(answer(&mut names, number, 0));
    }
    let mut group = bench.benchmark_group("80,000 GPUs");
    group.sample_size(10);
    group.bench_function("taking in a second's 670 pages", |bench| {
        let mut later = 0;
        bench.iter_batched(
            || {
                later += 15;
                let pages = (0..670).map(|number| answer(&mut names, number, later));
                pages.collect::<Vec<_>>()
            },
            |pages| {
                for page in pages {
                    telemetry.take(page);
                }
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("joining all with nodes and pods", |bench| {
        bench.iter(|| black_box(Gpus::join(&cluster, &derived, &telemetry, now())));
    });
    let gpus = Gpus::join(&cluster, &derived, &telemetry, now());
    let exporters = GpuExporters::default();
    let picture = Picture {
        cluster: &cluster,
        derived: &derived,
        gpus: &gpus,
        telemetry: &telemetry,
        exporters: &exporters,
        is_whole: true,
        now: now(),
    };
    for (what, topic) in topics() {
        group.bench_function(what, |bench| {
            bench.iter(|| black_box(rows(picture, &topic)));
        });
    }
    group.finish();
}

#[expect(
    clippy::expect_used,
    reason = "without the catalogue there is nothing to measure"
)]
fn benches(bench: &mut Criterion) {
    let catalog = Catalog::load().expect("the embedded catalogue is sound");
    measure(bench, &catalog);
}

criterion_group!(all, benches);
criterion_main!(all);
