//! Exporters that tell what a test has them tell.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::{StreamExt, stream::BoxStream};
use strata_domain::{ids::ClusterId, text::Text};
use strata_ports::telemetry::{Answer, Exporter, TelemetrySource};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::UnboundedReceiverStream;

/// Exporters that tell what a test has them tell.
#[derive(Debug, Default)]
pub struct ScriptedExporters {
    clusters: Mutex<HashMap<ClusterId, Listener>>,
}

#[derive(Debug)]
struct Listener {
    list: watch::Receiver<Arc<[Exporter]>>,
    answers: mpsc::UnboundedSender<Vec<Answer>>,
}

impl ScriptedExporters {
    /// Has the exporters of `cluster` answer. True where somebody listens.
    pub fn answer(&self, cluster: &str, answers: Vec<Answer>) -> bool {
        let clusters = self.lock();
        clusters
            .get(&ClusterId(Text::from(cluster)))
            .is_some_and(|listener| listener.answers.send(answers).is_ok())
    }

    /// Whom the engine would have asked in `cluster`.
    pub fn asked(&self, cluster: &str) -> Vec<Exporter> {
        let clusters = self.lock();
        clusters
            .get(&ClusterId(Text::from(cluster)))
            .map(|listener| listener.list.borrow().to_vec())
            .unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ClusterId, Listener>> {
        self.clusters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TelemetrySource for ScriptedExporters {
    fn follow(
        &self,
        cluster: &ClusterId,
        exporters: watch::Receiver<Arc<[Exporter]>>,
    ) -> BoxStream<'static, Vec<Answer>> {
        let (answers, received) = mpsc::unbounded_channel();
        let listener = Listener {
            list: exporters,
            answers,
        };
        self.lock().insert(cluster.clone(), listener);
        UnboundedReceiverStream::new(received).boxed()
    }
}
