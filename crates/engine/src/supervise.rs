//! Which streams of events are open, and that none outlives the engine.

use std::{future::Future, sync::Arc};

use futures::StreamExt;
use strata_domain::{ids::ClusterId, text::Text};
use strata_ports::{
    cluster::{ClusterSource, WatchPlan},
    logs::{LogRequest, LogSource},
    telemetry::{Exporter, TelemetrySource},
    workstation::{Pace, WorkstationEvent, WorkstationProbe},
};
use tokio::sync::{mpsc, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    inbox::{Measured, Said, StreamId},
    logs::desk::{LogId, LogSaid, Logged},
};

/// Every task that the engine started.
#[derive(Clone, Debug, Default)]
pub(crate) struct TaskScope {
    tracker: TaskTracker,
    end: CancellationToken,
}

impl TaskScope {
    /// Starts a task that is joined by [`TaskScope::close`]. It must end by itself once the scope
    /// is [closing](TaskScope::closing).
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(task);
    }

    /// Runs `work`, which may block for a moment, beside the tasks.
    pub(crate) async fn run_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        self.tracker.spawn_blocking(work).await.ok()
    }

    /// Ends when the scope is closing.
    pub(crate) async fn closing(&self) {
        self.end.cancelled().await;
    }

    /// Tells every task to end, and waits until all have.
    pub(crate) async fn close(&self) {
        self.end.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

/// An open stream of events; it is closed when this is dropped.
#[derive(Debug)]
pub(crate) struct OpenStream {
    pub(crate) id: StreamId,
    /// The namespaces of its plan.
    pub(crate) namespaces: Vec<Text>,
    end: CancellationToken,
}

impl OpenStream {
    /// Opens the stream of `cluster`, which goes into `inbox` until it is closed.
    pub(crate) fn open(
        id: StreamId,
        cluster: &ClusterId,
        plan: WatchPlan,
        source: &Arc<dyn ClusterSource>,
        scope: &TaskScope,
        inbox: mpsc::Sender<Said>,
    ) -> Self {
        let end = scope.end.child_token();
        let ended = end.clone();
        let namespaces = plan.namespaces.clone();
        let mut events = source.watch(cluster, plan);
        scope.spawn(async move {
            let pump = async {
                while let Some(events) = events.next().await {
                    if inbox.send(Said { stream: id, events }).await.is_err() {
                        break;
                    }
                }
            };
            // Dropping the stream, which both ways do, closes its watches.
            ended.run_until_cancelled(pump).await;
        });
        Self {
            id,
            namespaces,
            end,
        }
    }
}

/// An open stream of what exporters tell; it is closed when this is dropped.
#[derive(Debug)]
pub(crate) struct OpenTelemetry {
    pub(crate) id: StreamId,
    exporters: watch::Sender<Arc<[Exporter]>>,
    end: CancellationToken,
}

impl OpenTelemetry {
    /// Opens the stream of `cluster`, which goes into `inbox` until it is closed. Nobody is asked
    /// until a [list](OpenTelemetry::ask) is given.
    pub(crate) fn open(
        id: StreamId,
        cluster: &ClusterId,
        source: &Arc<dyn TelemetrySource>,
        scope: &TaskScope,
        inbox: mpsc::Sender<Measured>,
    ) -> Self {
        let end = scope.end.child_token();
        let ended = end.clone();
        let (exporters, list) = watch::channel(Arc::from(Vec::new()));
        let mut answers = source.follow(cluster, list);
        scope.spawn(async move {
            let pump = async {
                while let Some(answers) = answers.next().await {
                    let measured = Measured {
                        stream: id,
                        answers,
                    };
                    if inbox.send(measured).await.is_err() {
                        break;
                    }
                }
            };
            ended.run_until_cancelled(pump).await;
        });
        Self { id, exporters, end }
    }

    /// Has `exporters` asked from now on, and no others.
    pub(crate) fn ask(&self, exporters: Arc<[Exporter]>) {
        self.exporters.send_replace(exporters);
    }
}

/// A log that is read; it is closed when this is dropped.
#[derive(Debug)]
pub(crate) struct OpenLog {
    end: CancellationToken,
}

impl OpenLog {
    /// Reads the log that is `asked` for into `inbox`, until it ends or is closed.
    pub(crate) fn open(
        id: LogId,
        cluster: &ClusterId,
        asked: LogRequest,
        source: &Arc<dyn LogSource>,
        scope: &TaskScope,
        inbox: mpsc::Sender<Logged>,
    ) -> Self {
        let end = scope.end.child_token();
        let ended = end.clone();
        let mut log = source.read(cluster, asked);
        scope.spawn(async move {
            let pump = async {
                while let Some(batch) = log.next().await {
                    let said = batch.map_or_else(LogSaid::Failed, LogSaid::Lines);
                    if inbox.send(Logged { id, said }).await.is_err() {
                        return;
                    }
                }
                let said = LogSaid::Ended;
                if inbox.send(Logged { id, said }).await.is_err() {
                    tracing::debug!("the engine stopped before a log ended");
                }
            };
            ended.run_until_cancelled(pump).await;
        });
        Self { end }
    }
}

impl Drop for OpenLog {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

/// A trial of a served model that is under way; it is ended when this is dropped.
#[derive(Debug)]
pub(crate) struct OpenTrial {
    end: CancellationToken,
}

impl OpenTrial {
    /// Runs `trial` until it ends or is ended.
    pub(crate) fn run(scope: &TaskScope, trial: impl Future<Output = ()> + Send + 'static) -> Self {
        let end = scope.end.child_token();
        let ended = end.clone();
        scope.spawn(async move {
            // Dropping the trial, which both ways do, closes its connections.
            ended.run_until_cancelled(trial).await;
        });
        Self { end }
    }
}

impl Drop for OpenTrial {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

/// The machine that Strata runs on, as it is sampled; no longer when this is dropped.
#[derive(Debug)]
pub(crate) struct OpenWorkstation {
    end: CancellationToken,
}

impl OpenWorkstation {
    /// Samples with `probe` at `pace`, into `inbox`.
    pub(crate) fn open(
        probe: &Arc<dyn WorkstationProbe>,
        pace: watch::Receiver<Pace>,
        scope: &TaskScope,
        inbox: mpsc::Sender<WorkstationEvent>,
    ) -> Self {
        let end = scope.end.child_token();
        let ended = end.clone();
        let mut events = probe.follow(pace);
        scope.spawn(async move {
            let pump = async {
                while let Some(event) = events.next().await {
                    if inbox.send(event).await.is_err() {
                        break;
                    }
                }
            };
            ended.run_until_cancelled(pump).await;
        });
        Self { end }
    }
}

impl Drop for OpenWorkstation {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

impl Drop for OpenTelemetry {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.end.cancel();
    }
}
