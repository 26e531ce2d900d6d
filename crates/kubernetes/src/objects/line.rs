//! The connections that questions go over, one a cluster, and what each cluster serves.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use strata_domain::ids::{ClusterId, GroupKind};
use strata_ports::{
    clock::Clock,
    cluster::ServedKind,
    error::{PortError, PortErrorKind},
};
use tokio::sync::Mutex as AsyncMutex;

use crate::{
    connect::{ConnectFailure, Connection, Connector},
    discovery,
    slim::Encoding,
    watch::ask::{self, Failure},
};

/// The lines of every cluster that was asked something.
pub(crate) struct Reading {
    connector: Arc<Connector>,
    clock: Arc<dyn Clock>,
    lines: Mutex<HashMap<ClusterId, Place>>,
}

/// Where a cluster's line is kept, behind a lock of its own, so that several first questions make
/// one connection.
type Place = Arc<AsyncMutex<Option<Arc<Line>>>>;

impl Reading {
    pub(crate) fn new(connector: Arc<Connector>, clock: Arc<dyn Clock>) -> Self {
        Self {
            connector,
            clock,
            lines: Mutex::default(),
        }
    }

    /// The line to `cluster`, made now where there is none.
    pub(crate) async fn line(&self, cluster: &ClusterId) -> Result<Arc<Line>, PortError> {
        let place = {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(lines.entry(cluster.clone()).or_default())
        };
        let mut place = place.lock().await;
        if let Some(line) = place.as_ref()
            && line.is_valid(self.clock.as_ref())
        {
            return Ok(Arc::clone(line));
        }
        let connected = self.connector.connect(cluster, &|_| ()).await;
        let connection = connected.map_err(not_connected)?;
        let served = discovery::discover(&connection.client, &[]).await;
        let served =
            served.map_err(|failure| super::failed("get /apis", "what is served", failure))?;
        let line = Arc::new(Line { connection, served });
        *place = Some(Arc::clone(&line));
        Ok(line)
    }

    /// The line to `cluster`, with what is served read again where `kind` is not known: its
    /// definition may have come meanwhile.
    pub(crate) async fn line_for(
        &self,
        cluster: &ClusterId,
        kind: &GroupKind,
    ) -> Result<Arc<Line>, PortError> {
        let line = self.line(cluster).await?;
        if line.kind(kind).is_ok() {
            return Ok(line);
        }
        self.forget(cluster);
        self.line(cluster).await
    }

    /// What is served now: a definition may have come or gone since the line was made.
    pub(crate) async fn served(&self, cluster: &ClusterId) -> Result<Vec<ServedKind>, PortError> {
        let line = self.line(cluster).await?;
        let served = discovery::discover(line.client(), &[]).await;
        served.map_err(|failure| {
            self.forget_if_refused(cluster, &failure);
            super::failed("get /apis", "what is served", failure)
        })
    }

    /// Gives up the line where the server no longer takes its credentials, or does not answer: the
    /// next question makes another.
    pub(crate) fn forget_if_refused(&self, cluster: &ClusterId, failure: &Failure) {
        if matches!(failure, Failure::Unauthorized(_) | Failure::Unreachable(_)) {
            self.forget(cluster);
        }
    }

    fn forget(&self, cluster: &ClusterId) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.remove(cluster);
    }
}

/// A connection, and what is served at its other end.
pub(crate) struct Line {
    connection: Connection,
    served: Vec<ServedKind>,
}

impl Line {
    /// The client at this end of it.
    pub(crate) fn client(&self) -> &kube::Client {
        &self.connection.client
    }

    /// How the server serves `kind`.
    pub(crate) fn kind(&self, kind: &GroupKind) -> Result<&ServedKind, PortError> {
        let at = self.served.binary_search_by(|served| served.kind.cmp(kind));
        at.ok().and_then(|at| self.served.get(at)).ok_or_else(|| {
            let message = format!("the cluster does not serve the kind {kind}");
            PortError::new(PortErrorKind::Unsupported, message)
        })
    }

    pub(crate) async fn read(
        &self,
        path_and_query: &str,
        accept: &str,
    ) -> Result<(Encoding, Bytes), Failure> {
        ask::read(&self.connection.client, path_and_query, accept, |_| ()).await
    }

    /// The answer to a question once its head has come and is a success: for what may go on for long.
    pub(crate) async fn open(
        &self,
        path_and_query: &str,
        accept: &str,
    ) -> Result<http::Response<kube::client::Body>, Failure> {
        ask::open(&self.connection.client, path_and_query, accept).await
    }

    fn is_valid(&self, clock: &dyn Clock) -> bool {
        self.connection
            .valid_until
            .is_none_or(|until| clock.now() < until)
    }
}

fn not_connected(failure: ConnectFailure) -> PortError {
    match failure {
        ConnectFailure::NeedsApproval { command, .. } => PortError::new(
            PortErrorKind::Unauthorized,
            format!("the credential plugin `{command}` must be approved before it is run"),
        ),
        ConnectFailure::Failed {
            message,
            advice,
            is_retryable,
            ..
        } => {
            let kind = if is_retryable {
                PortErrorKind::Unavailable
            } else {
                PortErrorKind::Unauthorized
            };
            PortError::new(kind, format!("{message}. {advice}"))
        }
    }
}
