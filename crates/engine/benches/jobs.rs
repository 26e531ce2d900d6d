//! What the Jobs view costs with twenty thousand jobs of thirty days, a tenth of them alive.
//!
//! Budget: the view opens in a second, deriving included; a window after a change in 4 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use strata_api::topics::{JobSort, Window};
use strata_catalog::Catalog;
use strata_domain::{
    ids::GroupKind,
    job::{JobObject, JobState},
    object::Object,
};
use strata_engine::{
    derive::{Derived, derive},
    fleet::cluster::Cluster,
    fold::{self, Dirty},
    project::{
        jobs::{JobBook, JobQuery, summary},
        pods::Picture,
    },
};
use strata_ports::cluster::ClusterEvent;
use strata_test_support::{
    clock::time,
    objects::{custom, job, node, node_kind, pod, pod_kind},
};
use tokio::time::Instant;

const JOBS: usize = 20_000;
const NODES: usize = 500;

fn now() -> Timestamp {
    time("2026-03-01T12:00:00Z")
}

/// One in ten is alive: half of these run with two pods, a quarter waits, a quarter is on hold.
fn state(number: usize) -> JobState {
    match number % 40 {
        0 | 1 => JobState::Running,
        2 => JobState::Queued,
        3 => JobState::Suspended,
        4..8 => JobState::Failed,
        _ => JobState::Succeeded,
    }
}

fn said(number: usize) -> JobObject {
    let state = state(number);
    let age = SignedDuration::from_mins(i64::try_from(number).unwrap_or(0) * 2);
    let started = now().checked_sub(age).ok();
    JobObject {
        wanted: Some(2),
        started,
        finished: started.filter(|_| state.is_over()),
        queue: format!("team-{}", number % 20).into(),
        ..JobObject::of(state, "Said")
    }
}

/// Half of them are batch Jobs, half TrainJobs.
fn one_job(number: usize) -> Object {
    let namespace = format!("team-{}", number % 40);
    let name = format!("run-{number:05}");
    let team = format!("group-{}", number % 12);
    if number.is_multiple_of(2) {
        job(&namespace, &name)
            .label("team", &team)
            .says(said(number))
            .object()
    } else {
        custom("trainer.kubeflow.org", "TrainJob", &namespace, &name)
            .label("team", &team)
            .job(said(number))
            .object()
    }
}

fn pods_of(number: usize) -> Vec<Object> {
    if state(number) != JobState::Running {
        return Vec::new();
    }
    let owner = one_job(number);
    let namespace = owner.metadata().key.namespace.clone();
    (0..2)
        .map(|rank| {
            pod(&namespace, &format!("run-{number:05}-{rank}"))
                .on(&format!("gpu-{}", (number + rank) % NODES))
                .gpus(4)
                .owned_by(&owner)
                .object()
        })
        .collect()
}

fn list(kind: GroupKind, objects: impl Iterator<Item = Object>) -> ClusterEvent {
    ClusterEvent::Replaced {
        kind,
        objects: objects.collect(),
    }
}

fn cluster() -> Cluster {
    let of_kind = |wanted: &'static str| {
        (0..JOBS)
            .map(one_job)
            .filter(move |object| object.group_kind().kind == wanted)
    };
    let nodes = (0..NODES).map(|number| {
        node(&format!("gpu-{number}"))
            .gpus(8)
            .gpu_product("NVIDIA-H100-80GB-HBM3")
            .object()
    });
    let lists = [
        list(node_kind(), nodes),
        list(GroupKind::new("batch", "Job"), of_kind("Job")),
        list(
            GroupKind::new("trainer.kubeflow.org", "TrainJob"),
            of_kind("TrainJob"),
        ),
        list(pod_kind(), (0..JOBS).flat_map(pods_of)),
    ];
    let mut cluster = Cluster::default();
    for event in lists {
        fold::apply(&mut cluster, event, now(), &mut Dirty::default());
    }
    cluster
}

fn everything() -> JobQuery {
    JobQuery {
        namespaces: Vec::new(),
        states: Vec::new(),
        filter: String::new(),
        group: None,
        sort: JobSort::default(),
    }
}

fn open(cluster: &Cluster, derived: &Derived, catalog: &Catalog) -> usize {
    let window = Window {
        first: 0,
        count: 60,
    };
    let query = everything();
    let rows = JobBook::default().rows(&derived.jobs, &query, window, Instant::now());
    let picture = Picture {
        cluster,
        derived,
        catalog,
        now: now(),
    };
    black_box(summary(picture, &query));
    rows.window.len()
}

#[expect(
    clippy::expect_used,
    reason = "without the catalogue there is nothing to measure"
)]
fn benches(bench: &mut Criterion) {
    let catalog = Catalog::load().expect("the embedded catalogue is sound");
    let mut cluster = cluster();
    let everything_dirty = Dirty::everything();
    let mut derived = derive(&cluster, &catalog, None, &everything_dirty, now());
    assert_eq!(derived.jobs.len(), JOBS, "every job is found");
    let mut group = bench.benchmark_group("20,000 jobs");
    group.sample_size(10);
    group.bench_function("derive all for the first time", |bench| {
        bench.iter(|| derive(&cluster, &catalog, None, &everything_dirty, now()));
    });
    group.bench_function("open the view on what is derived", |bench| {
        bench.iter(|| open(&cluster, &derived, &catalog));
    });
    group.bench_function("derive after one job changed", |bench| {
        let mut number = 0;
        bench.iter(|| {
            number = (number + 2) % JOBS;
            let mut dirty = Dirty::default();
            let event = ClusterEvent::Applied(one_job(number));
            fold::apply(&mut cluster, event, now(), &mut dirty);
            derived = derive(&cluster, &catalog, Some(&derived), &dirty, now());
        });
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
