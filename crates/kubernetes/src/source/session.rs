//! From one connection to the next.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use strata_domain::ids::ClusterId;
use strata_ports::{
    clock::Clock,
    cluster::{ClusterEvent, WatchPlan},
    connection::ConnectionState,
};
use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};

use super::{liveness::Liveness, roster::Roster};
use crate::{
    connect::{ConnectFailure, Connection, Connector},
    watch::{
        backoff::Backoff,
        hub::{Hub, Line},
    },
};

/// The first minor version of Kubernetes that answers a streaming list or refuses it in words;
/// older ones ignore the question and answer with a plain watch.
const FIRST_TO_KNOW_STREAMING: u32 = 27;

/// Connects to a cluster again and again, for as long as somebody listens.
pub(super) struct Supervisor {
    pub(super) connector: Arc<Connector>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) cluster: ClusterId,
    pub(super) plan: WatchPlan,
}

impl Supervisor {
    /// Never ends by itself.
    pub(super) async fn run(self, events: mpsc::Sender<ClusterEvent>) {
        let mut backoff = Backoff::default();
        loop {
            let (hub, doubts) = Hub::new(events.clone(), Arc::clone(&self.clock));
            let hub = Arc::new(hub);
            let mut changes = self.connector.changes(&self.cluster);
            match self.connect(&hub).await {
                Ok(connection) => {
                    backoff.reset();
                    if !knows_streaming(&connection.version) {
                        hub.streaming_is_refused();
                    }
                    let version = connection.version.clone();
                    tell(&hub, ConnectionState::Live { version }).await;
                    let line = watch::Sender::new(Line::Up {
                        client: connection.client.clone(),
                        generation: 0,
                    });
                    let liveness = Liveness {
                        connector: &self.connector,
                        cluster: &self.cluster,
                        hub: &hub,
                        line: &line,
                        doubts,
                        changes: &mut changes,
                        connection,
                        renewed: None,
                        generation: 0,
                    };
                    let roster = Roster::new(&hub, &self.plan, &line);
                    tokio::select! {
                        () = liveness.run() => {}
                        () = roster.run() => {}
                    }
                }
                Err(failure) => {
                    let wait = is_retryable(&failure).then(|| backoff.next());
                    tell(
                        &hub,
                        state_of(failure, wait.map(|wait| after(hub.now(), wait))),
                    )
                    .await;
                    tokio::select! {
                        () = changes.changed() => backoff.reset(),
                        () = sleep(wait.unwrap_or_default()), if wait.is_some() => {}
                    }
                }
            }
        }
    }

    /// Connects, and tells each step.
    async fn connect(&self, hub: &Hub) -> Result<Connection, ConnectFailure> {
        let steps = watch::Sender::new(None);
        let mut begun = steps.subscribe();
        let at = |step| {
            steps.send_replace(Some(step));
        };
        let connecting = self.connector.connect(&self.cluster, &at);
        tokio::pin!(connecting);
        loop {
            tokio::select! {
                biased;
                Ok(()) = begun.changed() => {
                    let step = *begun.borrow_and_update();
                    if let Some(step) = step {
                        tell(hub, ConnectionState::Connecting { step }).await;
                    }
                }
                connected = &mut connecting => return connected,
            }
        }
    }
}

/// Tells the state of the connection.
pub(super) async fn tell(hub: &Hub, state: ConnectionState) {
    hub.send(ClusterEvent::Connection(state)).await;
}

/// The moment a while after another.
pub(super) fn after(moment: Timestamp, wait: Duration) -> Timestamp {
    moment.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// Whether trying again may help without anybody's doing.
pub(super) fn is_retryable(failure: &ConnectFailure) -> bool {
    match failure {
        ConnectFailure::NeedsApproval { .. } => false,
        ConnectFailure::Failed { is_retryable, .. } => *is_retryable,
    }
}

/// The state of a connection that failed so.
pub(super) fn state_of(failure: ConnectFailure, retry_at: Option<Timestamp>) -> ConnectionState {
    match failure {
        ConnectFailure::NeedsApproval { command, digest } => {
            ConnectionState::NeedsApproval { command, digest }
        }
        ConnectFailure::Failed {
            step,
            message,
            advice,
            ..
        } => ConnectionState::Failed {
            step,
            message,
            advice,
            retry_at,
        },
    }
}

/// Whether a server of this `gitVersion` understands the question for a streaming list. Where the
/// version is not known it is not asked.
fn knows_streaming(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split(['.', '-', '+']);
    let major = parts.next().and_then(|part| part.parse::<u32>().ok());
    let minor = parts.next().and_then(|part| part.parse::<u32>().ok());
    match (major, minor) {
        (Some(1), Some(minor)) => minor >= FIRST_TO_KNOW_STREAMING,
        (Some(major), Some(_)) => major > 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_would_ignore_a_streaming_list_are_not_asked_for_one() {
        for version in [
            "v1.27.0",
            "v1.36.2",
            "v1.33.5-gke.1162000",
            "v1.31.4+k3s1",
            "v2.0.0",
        ] {
            assert!(knows_streaming(version), "{version}");
        }
        for version in ["v1.26.15", "v1.9.0", "unknown", "", "v0.1.0"] {
            assert!(!knows_streaming(version), "{version}");
        }
    }
}
