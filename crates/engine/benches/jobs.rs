//! What the Jobs view costs with twenty thousand jobs of thirty days, a tenth of them alive.
//!
//! Budget: each look of the view opens in a second on two cores: from subscribing until every list that it
//! shows has its first whole frame. Connecting to the cluster comes before that, deriving included; both
//! are measured too.

use std::{
    hint::black_box,
    sync::{Arc, mpsc},
    time::Duration,
};

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use strata_api::{
    frames::Frame,
    rows::job::JobState as ShownState,
    topics::{JobColumn, JobGroup, JobSort, Topic, Window},
};
use strata_catalog::Catalog;
use strata_domain::{
    ids::GroupKind,
    job::{JobObject, JobState},
    object::Object,
};
use strata_engine::{
    Engine, Parts, SinkClosed,
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
    clock::{ManualClock, time},
    clusters::ScriptedClusters,
    containers::NoContainers,
    contexts::ScriptedContexts,
    control::NoControl,
    exporters::ScriptedExporters,
    journal::NoJournal,
    logs::ScriptedLogs,
    objects::{custom, job, node, node_kind, pod, pod_kind},
    prometheus::PrometheusByTls,
    reading::ScriptedObjects,
    recipes::NoRecipes,
    series::MemorySeries,
    settings::MemorySettings,
    tunnels::LoopbackTunnels,
    workstation::ScriptedWorkstation,
};
use tokio::{
    runtime::{Builder, Runtime},
    time::Instant,
};

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

fn lists() -> [ClusterEvent; 4] {
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
    [
        list(node_kind(), nodes),
        list(GroupKind::new("batch", "Job"), of_kind("Job")),
        list(
            GroupKind::new("trainer.kubeflow.org", "TrainJob"),
            of_kind("TrainJob"),
        ),
        list(pod_kind(), (0..JOBS).flat_map(pods_of)),
    ]
}

fn cluster() -> Cluster {
    let mut cluster = Cluster::default();
    for event in lists() {
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
        lanes: Vec::new(),
        sort: JobSort::default(),
        past: None,
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

/// An engine that follows a cluster with all of the jobs, as a shell has it.
struct Shell {
    runtime: Runtime,
    engine: Engine,
}

/// How long a frame is waited for.
const PATIENCE: Duration = Duration::from_mins(2);

impl Shell {
    #[expect(clippy::expect_used, reason = "what does not start measures nothing")]
    fn start(catalog: Catalog) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_time()
            .build()
            .expect("a runtime starts");
        let clusters = Arc::new(ScriptedClusters::default());
        let engine = runtime.block_on(async {
            let engine = Engine::start(Parts {
                clock: Arc::new(ManualClock::at("2026-03-01T12:00:00Z")),
                clusters: clusters.clone(),
                objects: Arc::new(ScriptedObjects::default()),
                control: Arc::new(NoControl),
                logs: Arc::new(ScriptedLogs::default()),
                containers: Arc::new(NoContainers),
                tunnels: Arc::new(LoopbackTunnels::default()),
                prometheus: Arc::new(PrometheusByTls),
                telemetry: Arc::new(ScriptedExporters::default()),
                journal: Arc::new(NoJournal),
                workstation: Arc::new(ScriptedWorkstation::default()),
                keeps_machine: false,
                contexts: Arc::new(ScriptedContexts::of(&["west"])),
                settings: Arc::new(MemorySettings::default()),
                series: Arc::new(MemorySeries::default()),
                recipes: Arc::new(NoRecipes),
                catalog: Arc::new(catalog),
            });
            let connected = engine.call("connect_cluster", json!({ "cluster": "west" }));
            connected.await.expect("the context is known");
            engine
        });
        clusters.go_live("west");
        clusters.say("west", lists().into());
        let shell = Self { runtime, engine };
        while shell.open(&[table(None, JobSort::default(), &[])]) < JOBS {}
        shell
    }

    /// Subscribes to all of `topics`, waits for the first frame of each, and ends that; how many jobs
    /// the first of them has in all.
    #[expect(clippy::expect_used, reason = "what does not answer measures nothing")]
    fn open(&self, topics: &[Topic]) -> usize {
        let (sender, frames) = mpsc::channel();
        let subscriptions: Vec<_> = (0..topics.len())
            .zip(topics)
            .map(|(at, topic)| {
                let sender = sender.clone();
                let sink = move |frame: Frame| sender.send((at, frame)).map_err(|_| SinkClosed);
                let subscribed = self.engine.subscribe(topic.clone(), Box::new(sink));
                self.runtime.block_on(subscribed).expect("a known topic")
            })
            .collect();
        let mut jobs = 0;
        let mut missing = topics.len();
        while missing > 0 {
            let (at, frame) = frames.recv_timeout(PATIENCE).expect("a first frame");
            if let Frame::Snapshot { body, .. } = &frame {
                missing -= 1;
                // As it crosses to the page.
                black_box(serde_json::to_vec(&frame).expect("a frame can be written"));
                if at == 0 {
                    jobs = body.total as usize;
                }
            }
        }
        for subscription in subscriptions {
            self.engine.unsubscribe(subscription);
        }
        jobs
    }
}

/// The lists of a board whose groups are lanes.
fn lanes(states: &[ShownState]) -> Vec<Topic> {
    let by_queue = Some(JobGroup::Queue);
    let columns = states.iter().map(|state| {
        let mut list = table(by_queue, JobSort::default(), std::slice::from_ref(state));
        if let Topic::Jobs { lanes, .. } = &mut list {
            *lanes = states.to_vec();
        }
        list
    });
    columns.collect()
}

fn table(group: Option<JobGroup>, sort: JobSort, states: &[ShownState]) -> Topic {
    Topic::Jobs {
        cluster: "west".to_owned(),
        namespaces: Vec::new(),
        states: states.to_vec(),
        filter: String::new(),
        group,
        lanes: Vec::new(),
        sort,
        past: None,
        window: Window {
            first: 0,
            count: 60,
        },
    }
}

/// What every look of the view shows beside its jobs.
fn beside() -> [Topic; 2] {
    [
        Topic::JobSummary {
            cluster: "west".to_owned(),
            namespaces: Vec::new(),
            filter: String::new(),
        },
        Topic::Queues {
            cluster: "west".to_owned(),
        },
    ]
}

/// The looks of the view, and what each subscribes to.
fn looks() -> [(&'static str, Vec<Topic>); 5] {
    let with = |lists: Vec<Topic>| lists.into_iter().chain(beside()).collect();
    let states = [
        ShownState::Queued,
        ShownState::Admitted,
        ShownState::Starting,
        ShownState::Running,
        ShownState::Suspended,
        ShownState::Succeeded,
        ShownState::Failed,
        ShownState::Unknown,
    ];
    let columns = states.iter().map(|state| {
        let one = std::slice::from_ref(state);
        table(None, JobSort::default(), one)
    });
    let by_time = JobSort {
        by: JobColumn::Queued,
        descending: true,
    };
    [
        (
            "open the table",
            with(vec![table(None, JobSort::default(), &[])]),
        ),
        (
            "open the table by queue",
            with(vec![table(Some(JobGroup::Queue), JobSort::default(), &[])]),
        ),
        ("open the board", with(columns.collect())),
        ("open the board by queue", with(lanes(&states))),
        (
            "open the timeline of thirty days",
            with(vec![table(None, by_time, &[])]),
        ),
    ]
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
    drop(cluster);
    let shell = Shell::start(catalog);
    for (look, topics) in looks() {
        group.bench_function(look, |bench| bench.iter(|| shell.open(&topics)));
    }
    group.finish();
    shell.runtime.block_on(shell.engine.shutdown());
}

criterion_group!(all, benches);
criterion_main!(all);
