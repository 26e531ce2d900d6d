//! An engine over a world that a test has in its hand.
#![expect(
    clippy::expect_used,
    reason = "a world that cannot be made fails its test"
)]

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use serde_json::{Value, json};
use strata_api::{
    error::ApiError,
    topics::{PodColumn, PodSort, Topic, Window},
};
use strata_catalog::Catalog;
use strata_engine::{Engine, Parts, SubscriptionId};
use strata_ports::containers::ContainerHost;
use strata_test_support::{
    clock::ManualClock, clusters::ScriptedClusters, containers::NoContainers,
    contexts::ScriptedContexts, control::NoControl, exporters::ScriptedExporters,
    frames::FrameCollector, journal::MemoryJournal, logs::ScriptedLogs,
    prometheus::PrometheusByTls, reading::ScriptedObjects, recipes::NoRecipes,
    series::MemorySeries, settings::MemorySettings, tunnels::LoopbackTunnels,
    workstation::ScriptedWorkstation,
};
use tokio::sync::mpsc;

static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| Arc::new(Catalog::load().expect("the embedded catalogue is sound")));

/// The catalogue, loaded once for all tests.
pub(crate) fn catalog() -> Arc<Catalog> {
    Arc::clone(&CATALOG)
}

/// A running engine, and everything around it.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) clusters: Arc<ScriptedClusters>,
    pub(crate) contexts: Arc<ScriptedContexts>,
    pub(crate) exporters: Arc<ScriptedExporters>,
    pub(crate) logs: Arc<ScriptedLogs>,
    pub(crate) objects: Arc<ScriptedObjects>,
    pub(crate) series: Arc<MemorySeries>,
    pub(crate) tunnels: Arc<LoopbackTunnels>,
    pub(crate) workstation: Arc<ScriptedWorkstation>,
}

impl World {
    /// An engine that knows the contexts `west` and `east`, at noon.
    pub(crate) fn start() -> Self {
        Self::of(false, Arc::new(NoContainers))
    }

    /// The same, where this machine is sampled and kept also while nobody looks.
    pub(crate) fn keeping_its_machine() -> Self {
        Self::of(true, Arc::new(NoContainers))
    }

    /// The same on a machine with these runtimes.
    pub(crate) fn on(containers: Arc<dyn ContainerHost>) -> Self {
        Self::of(false, containers)
    }

    fn of(keeps_machine: bool, containers: Arc<dyn ContainerHost>) -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-01T12:00:00Z"));
        let clusters = Arc::new(ScriptedClusters::default());
        let contexts = Arc::new(ScriptedContexts::of(&["west", "east"]));
        let exporters = Arc::new(ScriptedExporters::default());
        let logs = Arc::new(ScriptedLogs::default());
        let objects = Arc::new(ScriptedObjects::default());
        let series = Arc::new(MemorySeries::default());
        let tunnels = Arc::new(LoopbackTunnels::default());
        let workstation = Arc::new(ScriptedWorkstation::default());
        let engine = Engine::start(Parts {
            clock: clock.clone(),
            clusters: clusters.clone(),
            objects: objects.clone(),
            control: Arc::new(NoControl),
            logs: logs.clone(),
            tunnels: tunnels.clone(),
            journal: Arc::new(MemoryJournal::default()),
            telemetry: exporters.clone(),
            prometheus: Arc::new(PrometheusByTls),
            workstation: workstation.clone(),
            keeps_machine,
            contexts: contexts.clone(),
            settings: Arc::new(MemorySettings::default()),
            series: series.clone(),
            recipes: Arc::new(NoRecipes),
            containers,
            catalog: catalog(),
        });
        Self {
            engine,
            clock,
            clusters,
            contexts,
            exporters,
            logs,
            objects,
            series,
            tunnels,
            workstation,
        }
    }

    /// Connects a cluster.
    pub(crate) async fn connect(&self, cluster: &str) -> Result<Value, ApiError> {
        self.engine
            .call("connect_cluster", json!({ "cluster": cluster }))
            .await
    }

    /// Subscribes, and acknowledges every frame.
    pub(crate) async fn subscribe(&self, topic: Topic) -> FrameCollector {
        let (collector, id, mut arrived) = self.subscribe_silently(topic).await;
        let engine = self.engine.clone();
        tokio::spawn(async move {
            while let Some(seq) = arrived.recv().await {
                engine.acknowledge(id, seq);
            }
        });
        collector
    }

    /// Subscribes, and leaves acknowledging to the test.
    pub(crate) async fn subscribe_silently(
        &self,
        topic: Topic,
    ) -> (FrameCollector, SubscriptionId, mpsc::UnboundedReceiver<u32>) {
        let collector = FrameCollector::default();
        let (sender, arrived) = mpsc::unbounded_channel();
        let sink = {
            let collector = collector.clone();
            move |frame: strata_api::frames::Frame| {
                let seq = frame.seq();
                collector.take(frame);
                // A test that no longer listens has seen enough.
                sender.send(seq).map_err(|_| strata_engine::SinkClosed)
            }
        };
        let id = self
            .engine
            .subscribe(topic, Box::new(sink))
            .await
            .expect("a known cluster");
        (collector, id, arrived)
    }
}

/// The pods of `cluster`, all of them, by name.
pub(crate) fn all_pods(cluster: &str) -> Topic {
    Topic::Pods {
        cluster: cluster.to_owned(),
        of: None,
        namespaces: Vec::new(),
        filter: String::new(),
        sort: PodSort {
            by: PodColumn::Name,
            descending: false,
        },
        window: Window {
            first: 0,
            count: 100,
        },
    }
}

/// Lets the paused time go on until `is_so`: the other tasks wait for moments that come with it.
pub(crate) async fn until_in_time(is_so: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("time went on, and it did not come so");
}

/// Lets the other tasks run until `is_so`.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..10_000 {
        if is_so() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the other tasks had their turn, and it did not come so");
}
