//! Clusters as streams of events: [`KubernetesSource`].
//!
//! A stream is one supervised connection (`session`): it connects, keeps watch over the
//! connection (`liveness`), discovers what the server serves and follows the kinds of interest
//! (`roster`). Dropping the stream ends all of it.

mod liveness;
mod roster;
mod session;

use std::sync::Arc;

use futures::{
    future::BoxFuture,
    stream::{self, BoxStream, StreamExt as _},
};
use strata_domain::ids::ClusterId;
use strata_ports::{
    clock::Clock,
    cluster::{ClusterEvent, ClusterSource, WatchPlan},
    connection::StepReport,
    error::PortError,
};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    connect::{Connector, InProcessServer},
    contexts::KubeconfigContexts,
    objects::Reading,
    pod_proxy::PodProxy,
};

/// Events that may wait for whoever takes them; when they are that many, the watches wait too.
const QUEUE: usize = 4096;

/// Events in one batch.
const BATCH: usize = 2048;

/// Watches the clusters of the user's contexts, and the embedded demo cluster.
pub struct KubernetesSource {
    connector: Arc<Connector>,
    clock: Arc<dyn Clock>,
    pub(crate) reading: Arc<Reading>,
}

impl KubernetesSource {
    /// Watches what `contexts` lists, and `demo` where there is one.
    pub fn new(
        contexts: Arc<KubeconfigContexts>,
        demo: Option<InProcessServer>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let connector = Arc::new(Connector::new(contexts, demo, Arc::clone(&clock)));
        let reading = Arc::new(Reading::new(Arc::clone(&connector), Arc::clone(&clock)));
        Self {
            connector,
            clock,
            reading,
        }
    }

    /// Reaches programs in the pods of the clusters that are watched.
    pub fn pod_proxy(&self) -> PodProxy {
        PodProxy::new(Arc::clone(&self.connector))
    }
}

impl ClusterSource for KubernetesSource {
    fn watch(&self, cluster: &ClusterId, plan: WatchPlan) -> BoxStream<'static, Vec<ClusterEvent>> {
        let session = session::Supervisor {
            connector: Arc::clone(&self.connector),
            clock: Arc::clone(&self.clock),
            cluster: cluster.clone(),
            plan,
        };
        // Begun when the stream is first asked, so that this may be called outside a runtime.
        let begin = async move {
            let (events, received) = mpsc::channel(QUEUE);
            (
                received,
                AbortOnDropHandle::new(tokio::spawn(session.run(events))),
            )
        };
        stream::once(begin)
            .flat_map(|state| {
                stream::unfold(state, |(mut received, task)| async move {
                    let mut batch = Vec::new();
                    let count = received.recv_many(&mut batch, BATCH).await;
                    (count > 0).then_some((batch, (received, task)))
                })
            })
            .boxed()
    }

    fn diagnose(
        &self,
        cluster: &ClusterId,
    ) -> BoxFuture<'static, Result<Vec<StepReport>, PortError>> {
        let (connector, cluster) = (Arc::clone(&self.connector), cluster.clone());
        Box::pin(async move { connector.diagnose(&cluster).await })
    }
}
