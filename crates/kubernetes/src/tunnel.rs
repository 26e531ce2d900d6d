//! Ways to programs in pods: port forwarding over a WebSocket, as kubectl does it ([`forwarded`]), and
//! the pod's proxy where that is not to be had ([`proxied`]).

mod forwarded;
mod key;
mod proxied;

use std::{sync::Arc, time::Duration};

use futures::{StreamExt as _, future::BoxFuture, stream::BoxStream};
use http::{Request, Response, header};
use http_body_util::BodyExt as _;
use strata_domain::ids::ClusterId;
use strata_ports::{
    error::{PortError, PortErrorKind},
    proxy::PodPort,
    tunnel::{Question, Reply, Tunnel, TunnelMaker},
};
use tokio::time::timeout;

use self::{forwarded::Forwarded, proxied::Proxied};
use crate::{
    objects::{Line, permission},
    source::KubernetesSource,
};

impl TunnelMaker for KubernetesSource {
    fn open(
        &self,
        cluster: &ClusterId,
        to: PodPort,
        within: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Tunnel>, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        Box::pin(async move {
            let line = reading.line(&cluster).await?;
            let opening = timeout(within, open(line, &to)).await;
            opening.unwrap_or_else(|_| {
                let message = format!(
                    "no way to {} was made within {} s",
                    place(&to),
                    within.as_secs()
                );
                Err(PortError::new(PortErrorKind::Timeout, message))
            })
        })
    }
}

async fn open(line: Arc<Line>, to: &PodPort) -> Result<Box<dyn Tunnel>, PortError> {
    // The API server speaks TLS to a pod without knowing its certificate; a forwarded port leaves that
    // to whoever is at its end.
    if to.is_tls {
        return Ok(Box::new(Proxied::new(line, to.clone())));
    }
    match Forwarded::open(Arc::clone(&line), to).await {
        Ok(tunnel) => Ok(Box::new(tunnel)),
        Err(forwarded::NotForwarded::Failed(error)) => Err(error),
        Err(forwarded::NotForwarded::NotToBeHad(why)) => {
            let mut proxied = Proxied::new(line, to.clone());
            match proxied.is_permitted().await {
                Ok(()) => Ok(Box::new(proxied)),
                Err(error) if error.kind == PortErrorKind::Forbidden => Err(neither(to, &why)),
                Err(error) => Err(error),
            }
        }
    }
}

/// Both ways are closed.
fn neither(to: &PodPort, why: &str) -> PortError {
    let namespace = &to.pod.namespace;
    let message = format!(
        "the permission is missing: {}, or {}",
        permission("create", "pods/portforward", namespace),
        permission("create", "pods/proxy", namespace),
    );
    PortError::new(PortErrorKind::Forbidden, message).because(std::io::Error::other(why.to_owned()))
}

/// `port 8000 of Pod llm/vllm-0`.
fn place(to: &PodPort) -> String {
    format!("port {} of Pod {}", to.port, to.pod)
}

/// The request that `question` is, for `authority` and `path`. What carries a key is never logged.
fn request<B>(
    question: &Question,
    path: &str,
    authority: Option<&str>,
    body: impl FnOnce(Vec<u8>) -> B,
) -> Result<Request<B>, PortError> {
    let request = match &question.body {
        None => Request::get(path),
        Some(_) => Request::post(path).header(header::CONTENT_TYPE, "application/json"),
    };
    let request = request.header(header::ACCEPT, "application/json, text/event-stream");
    let request = match authority {
        Some(authority) => request.header(header::HOST, authority),
        None => request,
    };
    request
        .body(body(question.body.clone().unwrap_or_default()))
        .map_err(|error| {
            let message = format!("{path} is no address");
            PortError::new(PortErrorKind::InvalidInput, message).because(error)
        })
}

/// An answer as the engine hears it.
fn reply<B>(answer: Response<B>, broken: impl Fn(B::Error) -> PortError + Send + 'static) -> Reply
where
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
{
    let content_type = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let status = answer.status().as_u16();
    let body: BoxStream<'static, _> = answer
        .into_body()
        .into_data_stream()
        .map(move |piece| piece.map(|bytes| bytes.to_vec()).map_err(&broken))
        .boxed();
    Reply {
        status,
        content_type,
        body,
    }
}
