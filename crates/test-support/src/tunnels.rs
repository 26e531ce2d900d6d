//! Ways to a server on loopback, in the place of those to pods.

use std::{
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::{FutureExt as _, StreamExt as _, future::BoxFuture};
use http::{Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use strata_domain::ids::ClusterId;
use strata_ports::{
    error::{PortError, PortErrorKind},
    proxy::PodPort,
    tunnel::{Key, Question, Reply, Tunnel, TunnelMaker, Way},
};
use tokio::net::TcpStream;
use tokio_util::task::AbortOnDropHandle;

/// What a Secret holds, as these tunnels read it.
pub const SECRET_KEY: &str = "sk-from-the-secret";

/// Leads to a server on loopback, whatever pod is asked for.
#[derive(Debug, Default)]
pub struct LoopbackTunnels {
    to: Mutex<Option<SocketAddr>>,
}

impl LoopbackTunnels {
    /// Leads to `address` from now on; nothing listens before.
    pub fn lead_to(&self, address: SocketAddr) {
        *self.to.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
    }
}

impl TunnelMaker for LoopbackTunnels {
    fn open(
        &self,
        _: &ClusterId,
        to: PodPort,
        _: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Tunnel>, PortError>> {
        let address = *self.to.lock().unwrap_or_else(PoisonError::into_inner);
        async move {
            let nobody = || {
                let message = format!("nothing listens on port {} of Pod {}", to.port, to.pod);
                PortError::new(PortErrorKind::Unavailable, message)
            };
            let address = address.ok_or_else(nobody)?;
            let tunnel = connect(address).await.map_err(|_| nobody())?;
            let tunnel: Box<dyn Tunnel> = Box::new(tunnel);
            Ok(tunnel)
        }
        .boxed()
    }
}

/// A connection to whoever listens at `address`.
async fn connect(address: SocketAddr) -> Result<LoopbackTunnel, PortError> {
    let nobody = || {
        let message = format!("nothing listens at {address}");
        PortError::new(PortErrorKind::Unavailable, message)
    };
    let stream = TcpStream::connect(address).await.map_err(|_| nobody())?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| nobody().because(error))?;
    let connection = tokio::spawn(async move { drop(connection.await) });
    Ok(LoopbackTunnel {
        sender,
        _connection: AbortOnDropHandle::new(connection),
    })
}

/// The way to a port of this machine, which is connected by the first question.
pub(crate) struct PortHere {
    address: SocketAddr,
    connected: Option<LoopbackTunnel>,
}

impl PortHere {
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self {
            address,
            connected: None,
        }
    }
}

impl Tunnel for PortHere {
    fn way(&self) -> Way {
        Way::Here
    }

    fn ask(&mut self, question: Question) -> BoxFuture<'_, Result<Reply, PortError>> {
        async move {
            let tunnel = match self.connected.take() {
                Some(tunnel) => tunnel,
                None => connect(self.address).await?,
            };
            self.connected.insert(tunnel).ask(question).await
        }
        .boxed()
    }
}

struct LoopbackTunnel {
    sender: SendRequest<Full<Bytes>>,
    _connection: AbortOnDropHandle<()>,
}

impl Tunnel for LoopbackTunnel {
    fn way(&self) -> Way {
        Way::Forwarded
    }

    fn ask(&mut self, question: Question) -> BoxFuture<'_, Result<Reply, PortError>> {
        async move {
            let request = match question.body {
                None => Request::get(&question.path),
                Some(_) => Request::post(&question.path),
            };
            let request = request.header(header::HOST, "localhost");
            let request = match &question.key {
                Key::None => request,
                Key::Typed(key) => request.header(header::AUTHORIZATION, format!("Bearer {key}")),
                Key::Secret { .. } => {
                    request.header(header::AUTHORIZATION, format!("Bearer {SECRET_KEY}"))
                }
            };
            let body = Full::new(Bytes::from(question.body.unwrap_or_default()));
            let request = request.body(body).map_err(|error| {
                PortError::new(PortErrorKind::InvalidInput, "no request").because(error)
            })?;
            self.sender.ready().await.map_err(broken)?;
            let answer = self.sender.send_request(request).await.map_err(broken)?;
            let content_type = answer.headers().get(header::CONTENT_TYPE);
            Ok(Reply {
                status: answer.status().as_u16(),
                content_type: content_type
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_default()
                    .to_owned(),
                body: answer
                    .into_body()
                    .into_data_stream()
                    .map(|piece| piece.map(|bytes| bytes.to_vec()).map_err(broken))
                    .boxed(),
            })
        }
        .boxed()
    }
}

fn broken(error: hyper::Error) -> PortError {
    PortError::new(PortErrorKind::Unavailable, "the connection broke off").because(error)
}
