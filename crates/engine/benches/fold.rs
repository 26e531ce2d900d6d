//! What a cluster of a hundred thousand pods costs: folding its events, deriving and showing its
//! stack, a window on its pods.
//!
//! Budgets: 5 µs for each event, 4 ms for a window's frame.

use std::{hint::black_box, sync::Arc};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use strata_api::topics::{PodColumn, PodSort, Window};
use strata_catalog::Catalog;
use strata_domain::{ids::GroupKind, object::Object};
use strata_engine::{
    derive::{Derived, derive},
    fleet::{cluster::Cluster, trends::Trends},
    fold::{self, Dirty},
    project::{
        pods::{Picture, PodBook, PodQuery},
        stack,
    },
};
use strata_ports::cluster::ClusterEvent;
use strata_test_support::{
    clock::time,
    objects::{deployment, node, node_kind, pod, pod_kind, replica_set},
};
use tokio::time::Instant;

const NODES: usize = 1000;
const PODS: usize = 100_000;
const REPLICAS: usize = 25;

/// The pod `number`, after so many restarts.
fn one_pod(number: usize, restarts: u32) -> Object {
    let set = number / REPLICAS;
    let namespace = format!("team-{}", set % 40);
    let owner = replica_set(&namespace, &format!("server-{set}-7f9c4d")).object();
    pod(&namespace, &format!("server-{set}-7f9c4d-{number:x}"))
        .on(&format!("gpu-{}", number % NODES))
        .gpus(u64::from(number.is_multiple_of(20)))
        .restarts(restarts)
        .label("app.kubernetes.io/name", "server")
        .owned_by(&owner)
        .object()
}

fn list(kind: GroupKind, objects: impl Iterator<Item = Object>) -> ClusterEvent {
    ClusterEvent::Replaced {
        kind,
        objects: objects.collect(),
    }
}

/// A cluster of a thousand nodes with eight GPUs each, and a hundred thousand pods of four thousand
/// deployments.
fn cluster() -> Cluster {
    let nodes = (0..NODES).map(|number| {
        let zone = format!("zone-{}", number % 3);
        node(&format!("gpu-{number}"))
            .gpus(8)
            .gpu_product("NVIDIA-H100-80GB-HBM3")
            .label("topology.kubernetes.io/zone", &zone)
            .object()
    });
    let sets = || {
        (0..PODS / REPLICAS).map(|set| {
            let namespace = format!("team-{}", set % 40);
            let owner = deployment(&namespace, &format!("server-{set}"))
                .image("vllm/vllm-openai:v0.11.0")
                .object();
            let set = replica_set(&namespace, &format!("server-{set}-7f9c4d"));
            (owner.clone(), set.owned_by(&owner).object())
        })
    };
    let lists = [
        list(node_kind(), nodes),
        list(
            GroupKind::new("apps", "Deployment"),
            sets().map(|(owner, _)| owner),
        ),
        list(
            GroupKind::new("apps", "ReplicaSet"),
            sets().map(|(_, set)| set),
        ),
        list(pod_kind(), (0..PODS).map(|number| one_pod(number, 0))),
    ];
    let mut cluster = Cluster::default();
    for event in lists {
        fold::apply(&mut cluster, event, now(), &mut Dirty::default());
    }
    cluster
}

fn now() -> Timestamp {
    time("2026-03-01T12:00:00Z")
}

fn events(restarts: u32) -> Vec<ClusterEvent> {
    let step = PODS / 10_000;
    (0..PODS)
        .step_by(step)
        .map(|pod| ClusterEvent::Applied(one_pod(pod, restarts)))
        .collect()
}

fn fold_events(bench: &mut Criterion) {
    let mut cluster = cluster();
    bench.bench_function("fold 10,000 pod events into 100,000 pods", |bench| {
        bench.iter_batched(
            || events(1),
            |events| {
                let mut dirty = Dirty::default();
                for event in events {
                    fold::apply(&mut cluster, event, now(), &mut dirty);
                }
                dirty
            },
            BatchSize::LargeInput,
        );
    });
}

fn fold_list(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("lists");
    group.sample_size(10);
    group.bench_function("swap in a list of 100,000 pods", |bench| {
        bench.iter_batched(
            || list(pod_kind(), (0..PODS).map(|number| one_pod(number, 0))),
            |list| {
                let mut cluster = Cluster::default();
                fold::apply(&mut cluster, list, now(), &mut Dirty::default());
                cluster
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn derive_stack(bench: &mut Criterion, catalog: &Catalog) {
    let cluster = cluster();
    let mut group = bench.benchmark_group("stack");
    group.sample_size(10);
    group.bench_function("derive and show 100,000 pods for the first time", |bench| {
        bench.iter(|| {
            let derived = derive(&cluster, catalog, None, &Dirty::everything(), now());
            black_box(stack::rows(
                &cluster,
                &derived,
                catalog,
                &[],
                &Trends::default(),
            ))
        });
    });
    group.finish();
}

fn show_pods(bench: &mut Criterion, catalog: &Catalog) {
    let mut cluster = cluster();
    let derived = derive(&cluster, catalog, None, &Dirty::everything(), now());
    let moment = Instant::now();
    let window = Window {
        first: 50_000,
        count: 60,
    };
    let mut group = bench.benchmark_group("pods");
    for by in [PodColumn::Name, PodColumn::Severity, PodColumn::Age] {
        group.sample_size(10);
        group.bench_function(
            format!("a first window on 100,000 pods by {by:?}"),
            |bench| {
                bench.iter_batched(
                    || noted(&cluster),
                    |mut book| show(&mut book, &cluster, &derived, catalog, by, window, moment),
                    BatchSize::LargeInput,
                );
            },
        );
    }
    group.sample_size(100);
    group.bench_function("scroll to another window", |bench| {
        let mut book = noted(&cluster);
        let mut first = 0;
        bench.iter(|| {
            first = (first + 60) % 90_000;
            let window = Window { first, count: 60 };
            show(
                &mut book,
                &cluster,
                &derived,
                catalog,
                PodColumn::Name,
                window,
                moment,
            )
        });
    });
    group.bench_function("a window after 40 pods changed", |bench| {
        let mut book = noted(&cluster);
        show(
            &mut book,
            &cluster,
            &derived,
            catalog,
            PodColumn::Restarts,
            window,
            moment,
        );
        let mut restarts = 0;
        bench.iter(|| {
            restarts = (restarts + 1) % 3;
            let mut dirty = Dirty::default();
            for number in 0..40 {
                let event = ClusterEvent::Applied(one_pod(number * 100, restarts));
                fold::apply(&mut cluster, event, now(), &mut dirty);
            }
            book.note(&dirty, &cluster, now());
            show(
                &mut book,
                &cluster,
                &derived,
                catalog,
                PodColumn::Restarts,
                window,
                moment,
            )
        });
    });
    group.finish();
}

/// A book of pods that has judged all of them.
fn noted(cluster: &Cluster) -> PodBook {
    let mut book = PodBook::default();
    book.note(&Dirty::everything(), cluster, now());
    book
}

fn show(
    book: &mut PodBook,
    cluster: &Cluster,
    derived: &Derived,
    catalog: &Catalog,
    by: PodColumn,
    window: Window,
    moment: Instant,
) -> usize {
    let query = PodQuery {
        of: None,
        namespaces: Vec::new(),
        filter: String::new(),
        sort: PodSort {
            by,
            descending: true,
        },
    };
    let picture = Picture {
        cluster,
        derived,
        catalog,
        now: now(),
    };
    book.rows(picture, &query, window, moment).window.len()
}

#[expect(
    clippy::expect_used,
    reason = "without the catalogue there is nothing to measure"
)]
fn benches(bench: &mut Criterion) {
    let catalog = Arc::new(Catalog::load().expect("the embedded catalogue is sound"));
    fold_events(bench);
    fold_list(bench);
    derive_stack(bench, &catalog);
    show_pods(bench, &catalog);
}

criterion_group!(all, benches);
criterion_main!(all);
