//! Upgrades: a request that becomes a stream in both directions.
//!
//! On a port hyper gives the connection up after the answer. In the process there is no connection,
//! so a request for an upgrade goes over one that is made for it: a pipe with hyper at both ends.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, service::service_fn, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;

use crate::server::{BoxError, ResponseBody, Server, failure::Failure, response};

/// Bytes that wait in a pipe at most.
const PIPE: usize = 64 * 1024;

/// A connection that speaks another protocol now.
pub(super) type Upgraded = TokioIo<hyper::upgrade::Upgraded>;

/// Whether `request` asks for another protocol than HTTP.
pub(crate) fn is_upgrade(request: &Request<Bytes>) -> bool {
    wanted(request).is_some()
}

/// The protocol that `request` asks for.
pub(super) fn wanted(request: &Request<Bytes>) -> Option<&str> {
    let connection = request.headers().get(header::CONNECTION)?.to_str().ok()?;
    let is_asked = connection
        .split(',')
        .any(|word| word.trim().eq_ignore_ascii_case("upgrade"));
    let protocol = request.headers().get(header::UPGRADE)?.to_str().ok()?;
    is_asked.then_some(protocol)
}

/// What hyper gives the connection of `request` up through.
pub(super) fn connection_of(request: &Request<Bytes>) -> Result<OnUpgrade, Failure> {
    request
        .extensions()
        .get::<OnUpgrade>()
        .cloned()
        .ok_or_else(|| Failure::bad_request("Upgrade request required"))
}

/// `101 Switching Protocols` to `protocol`.
pub(super) fn switching(protocol: &'static str) -> Response<ResponseBody> {
    let mut response = response(StatusCode::SWITCHING_PROTOCOLS, "text/plain", Bytes::new());
    let headers = response.headers_mut();
    headers.clear();
    headers.insert(
        header::CONNECTION,
        header::HeaderValue::from_static("Upgrade"),
    );
    headers.insert(header::UPGRADE, header::HeaderValue::from_static(protocol));
    response
}

/// Sets a header of an answer; what is no header value is left out.
pub(super) fn set(response: &mut Response<ResponseBody>, name: &'static str, value: &str) {
    if let Ok(value) = header::HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Runs `session` on the connection once it is given up.
pub(super) fn spawn<F>(connection: OnUpgrade, session: impl FnOnce(Upgraded) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move {
        match connection.await {
            Ok(upgraded) => session(TokioIo::new(upgraded)).await,
            Err(error) => tracing::debug!(%error, "a client did not go on after its upgrade"),
        }
    });
}

/// Answers a request for an upgrade in the process: the response carries the client's end.
pub(crate) async fn in_process(
    server: Arc<Server>,
    request: Request<Bytes>,
) -> Result<Response<ResponseBody>, hyper::Error> {
    let (ours, theirs) = tokio::io::duplex(PIPE);
    let service = service_fn(move |request: Request<Incoming>| {
        let server = Arc::clone(&server);
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            Ok::<_, hyper::Error>(server.answer(&Request::from_parts(parts, body)))
        }
    });
    let serving = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(ours), service)
        .with_upgrades();
    tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::debug!(%error, "a connection in the process broke");
        }
    });
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(theirs)).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "a connection in the process broke");
        }
    });
    let response = sender.send_request(request.map(Full::new)).await?;
    Ok(response.map(|body| {
        body.map_err(|error| -> BoxError { Box::new(error) })
            .boxed()
    }))
}
