//! A forwarded port: one connection to a program in a pod, in a WebSocket to the API server.

use std::sync::Arc;

use bytes::Bytes;
use futures::{
    FutureExt as _,
    future::{BoxFuture, Fuse},
};
use http::{StatusCode, header};
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::Pod;
use kube::{Api, api::Portforwarder};
use strata_ports::{
    error::{PortError, PortErrorKind},
    proxy::PodPort,
    tunnel::{Question, Reply, Tunnel, Way},
};
use tokio::time::{Duration, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::{key, place, reply, request};
use crate::{
    objects::{Line, failed, permission},
    slim::meta::Status,
    watch::ask::Failure,
};

/// How long the reason may come after the connection it ended.
const REASON_LIMIT: Duration = Duration::from_millis(500);

/// A forwarded port.
pub(super) struct Forwarded {
    line: Arc<Line>,
    to: PodPort,
    forwarder: Portforwarder,
    sender: SendRequest<Full<Bytes>>,
    /// Why the port cannot be used any more, once that is told.
    refused: Fuse<BoxFuture<'static, Option<String>>>,
    /// Carries what is sent; ends with this.
    _connection: AbortOnDropHandle<()>,
}

/// Why a port is not forwarded.
pub(super) enum NotForwarded {
    /// It may not be, or something on the way does not let a WebSocket through: there may be another
    /// way.
    NotToBeHad(String),
    /// It failed, and would any other way.
    Failed(PortError),
}

impl Forwarded {
    pub(super) async fn open(line: Arc<Line>, to: &PodPort) -> Result<Self, NotForwarded> {
        let pods: Api<Pod> = Api::namespaced(line.client().clone(), &to.pod.namespace);
        let mut forwarder = pods
            .portforward(&to.pod.name, &[to.port])
            .await
            .map_err(|error| not_forwarded(to, &error))?;
        let (Some(stream), Some(refused)) = (
            forwarder.take_stream(to.port),
            forwarder.take_error(to.port),
        ) else {
            let message = format!("{} was not forwarded", place(to));
            let error = PortError::new(PortErrorKind::Internal, message);
            return Err(NotForwarded::Failed(error));
        };
        let (sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| NotForwarded::Failed(broken(to, error)))?;
        let connection = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a forwarded connection ended");
            }
        });
        Ok(Self {
            line,
            to: to.clone(),
            forwarder,
            sender,
            refused: refused.boxed().fuse(),
            _connection: AbortOnDropHandle::new(connection),
        })
    }

    /// Why the port gave up: what the kubelet says of it, else what broke here.
    async fn reason(&mut self, error: hyper::Error) -> PortError {
        match timeout(REASON_LIMIT, &mut self.refused).await {
            Ok(Some(said)) => refused(&self.to, &said),
            Ok(None) | Err(_) => broken(&self.to, error),
        }
    }
}

impl Tunnel for Forwarded {
    fn way(&self) -> Way {
        Way::Forwarded
    }

    fn ask(&mut self, question: Question) -> BoxFuture<'_, Result<Reply, PortError>> {
        Box::pin(async move {
            let key = key::bearer(&self.line, &question.key).await?;
            let authority = format!("localhost:{}", self.to.port);
            let body = |bytes| Full::new(Bytes::from(bytes));
            let mut request = request(&question, &question.path, Some(&authority), body)?;
            if let Some(key) = key {
                request.headers_mut().insert(header::AUTHORIZATION, key);
            }
            let Self {
                sender,
                refused: told,
                ..
            } = self;
            let asked = async {
                sender.ready().await?;
                sender.send_request(request).await
            };
            let answered = tokio::select! {
                biased;
                Some(said) = told => return Err(refused(&self.to, &said)),
                answered = asked => answered,
            };
            match answered {
                Ok(answer) => {
                    let to = self.to.clone();
                    Ok(reply(answer, move |error| broken(&to, error)))
                }
                Err(error) => Err(self.reason(error).await),
            }
        })
    }
}

impl Drop for Forwarded {
    fn drop(&mut self) {
        self.forwarder.abort();
    }
}

/// What an API server says that was asked for a port by a plain request
/// (`k8s.io/apimachinery/pkg/util/proxy/upgradeaware.go`).
const NOT_UPGRADED: &str = "Upgrade request required";

fn not_forwarded(to: &PodPort, error: &kube::Error) -> NotForwarded {
    let failure = match error {
        // What lies between took away that the connection is to become a WebSocket.
        kube::Error::Api(status) if status.message.contains(NOT_UPGRADED) => {
            return NotForwarded::NotToBeHad(status.message.clone());
        }
        kube::Error::Api(status) => {
            let code = StatusCode::from_u16(status.code).unwrap_or_default();
            let told = Status {
                message: status.message.clone(),
                ..Status::default()
            };
            Failure::of_status(code, told)
        }
        // Whatever answered does not speak WebSocket: a proxy on the way, mostly.
        kube::Error::UpgradeConnection(error) => {
            return NotForwarded::NotToBeHad(error.to_string());
        }
        other => Failure::of_request(other),
    };
    match failure {
        Failure::Forbidden(said) => NotForwarded::NotToBeHad(said),
        failure => {
            let permission = permission("create", "pods/portforward", &to.pod.namespace);
            let what = format!("Pod {}", to.pod);
            NotForwarded::Failed(failed(&permission, &what, failure))
        }
    }
}

/// Nothing listens there, or what did is gone.
fn refused(to: &PodPort, said: &str) -> PortError {
    // The runtime tells of sandboxes and network namespaces; the last part is what happened.
    let is_refused = said.contains("connection refused");
    let message = if is_refused {
        format!("nothing listens on {}", place(to))
    } else {
        format!("{} could not be reached", place(to))
    };
    PortError::new(PortErrorKind::Unavailable, message)
        .because(std::io::Error::other(said.trim().to_owned()))
}

fn broken(to: &PodPort, error: hyper::Error) -> PortError {
    let message = format!("the connection to {} broke off", place(to));
    PortError::new(PortErrorKind::Unavailable, message).because(error)
}
