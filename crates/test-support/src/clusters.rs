//! Clusters that say what a test has them say.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{FutureExt, StreamExt, future::BoxFuture, stream::BoxStream};
use strata_domain::{
    ids::{ClusterId, GroupKind},
    object::Object,
    text::Text,
};
use strata_ports::{
    cluster::{ClusterEvent, ClusterSource, WatchPlan, WatchState},
    connection::{ConnectionState, Step, StepOutcome, StepReport},
    error::PortError,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;

/// Clusters that say what a test has them say. What is said before anybody listens is kept, as a
/// server's lists are.
#[derive(Debug, Default)]
pub struct ScriptedClusters {
    clusters: Mutex<HashMap<ClusterId, Script>>,
}

#[derive(Debug, Default)]
struct Script {
    said: Vec<ClusterEvent>,
    listeners: Vec<mpsc::UnboundedSender<Vec<ClusterEvent>>>,
    opened: usize,
    /// What was to be watched by the stream that was opened last.
    plan: WatchPlan,
}

impl ScriptedClusters {
    /// Has `cluster` say `events`, in one batch.
    pub fn say(&self, cluster: &str, events: Vec<ClusterEvent>) {
        let mut clusters = self.lock();
        let script = clusters.entry(ClusterId(Text::from(cluster))).or_default();
        script
            .listeners
            .retain(|listener| listener.send(events.clone()).is_ok());
        script.said.extend(events);
    }

    /// Has `cluster` answer, as version `v1.36.2`, and serve nothing yet.
    pub fn go_live(&self, cluster: &str) {
        self.say(
            cluster,
            vec![
                ClusterEvent::Connection(ConnectionState::Live {
                    version: "v1.36.2".to_owned(),
                }),
                ClusterEvent::Served(Vec::new()),
            ],
        );
    }

    /// Has `cluster` list all objects of `kind`, and follow them.
    pub fn list(&self, cluster: &str, kind: &GroupKind, objects: Vec<Object>) {
        self.say(
            cluster,
            vec![
                ClusterEvent::Replaced {
                    kind: kind.clone(),
                    objects,
                },
                ClusterEvent::Watch {
                    kind: kind.clone(),
                    state: WatchState::Live,
                },
            ],
        );
    }

    /// Has `cluster` say that `objects` are new or changed.
    pub fn apply(&self, cluster: &str, objects: Vec<Object>) {
        self.say(
            cluster,
            objects.into_iter().map(ClusterEvent::Applied).collect(),
        );
    }

    /// How many streams of `cluster` were opened, and how many of them are open still.
    pub fn streams(&self, cluster: &str) -> (usize, usize) {
        let clusters = self.lock();
        clusters
            .get(&ClusterId(Text::from(cluster)))
            .map_or((0, 0), |script| {
                let open = script
                    .listeners
                    .iter()
                    .filter(|listener| !listener.is_closed());
                (script.opened, open.count())
            })
    }

    /// What was to be watched by the stream of `cluster` that was opened last.
    pub fn plan(&self, cluster: &str) -> WatchPlan {
        let clusters = self.lock();
        clusters
            .get(&ClusterId(Text::from(cluster)))
            .map(|script| script.plan.clone())
            .unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ClusterId, Script>> {
        self.clusters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClusterSource for ScriptedClusters {
    fn watch(&self, cluster: &ClusterId, plan: WatchPlan) -> BoxStream<'static, Vec<ClusterEvent>> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let mut clusters = self.lock();
        let script = clusters.entry(cluster.clone()).or_default();
        // The receiver is here, so this cannot fail.
        if !script.said.is_empty() && sender.send(script.said.clone()).is_err() {
            return futures::stream::empty().boxed();
        }
        script.listeners.push(sender);
        script.opened += 1;
        script.plan = plan;
        UnboundedReceiverStream::new(receiver).boxed()
    }

    fn diagnose(&self, _: &ClusterId) -> BoxFuture<'static, Result<Vec<StepReport>, PortError>> {
        let passed = Step::ALL.map(|step| StepReport {
            step,
            outcome: StepOutcome::Passed(String::new()),
            took: Duration::from_millis(3),
        });
        async move { Ok(passed.into()) }.boxed()
    }
}
