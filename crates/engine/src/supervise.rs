//! Which streams of events are open, and that none outlives the engine.

use std::{future::Future, sync::Arc};

use futures::StreamExt;
use strata_domain::ids::ClusterId;
use strata_ports::cluster::{ClusterSource, WatchPlan};
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::inbox::{Said, StreamId};

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
        Self { id, end }
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.end.cancel();
    }
}
