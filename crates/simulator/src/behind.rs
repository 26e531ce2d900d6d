//! What listens behind the ports of a pod: an HTTP/1.1 server for each, which port forwarding and
//! the proxies lead to.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;

use crate::{
    json,
    program::{self, Program},
    server::{ResponseBody, Server},
    store::Stored,
    telemetry,
};

pub(crate) mod generation;
mod ollama;
mod openai;
mod page;
mod words;

/// The answer of what listens on `port` of `pod`; none where nothing does, so that the connection
/// is refused.
pub(crate) fn answer(
    server: &Server,
    pod: &Stored,
    port: u16,
    request: &Request<Bytes>,
) -> Option<Response<ResponseBody>> {
    if let Some(answered) = telemetry::answer(server, pod, port, request) {
        return Some(at_once(answered));
    }
    let stored = pod;
    let pod = stored.value();
    let container = listener(&pod, port)?;
    let answered = if Program::of(container) == Program::Ollama {
        ollama::answer(server, stored, &pod, container, request)
    } else if openai::is_spoken_by(container) {
        openai::answer(server, stored, &pod, container, request)
    } else {
        None
    };
    Some(answered.unwrap_or_else(|| at_once(page::answer(&pod, container, request))))
}

/// An answer that is there at once.
pub(crate) fn at_once(answered: Response<Bytes>) -> Response<ResponseBody> {
    answered.map(|body| {
        Full::new(body)
            .map_err(|never: Infallible| match never {})
            .boxed()
    })
}

/// Whether anything listens on `port` of `pod`.
pub(crate) fn listens(pod: &Value, port: u16) -> bool {
    listener(pod, port).is_some()
}

/// The running container that listens on `port`: one that says so, else one whose program does.
fn listener(pod: &Value, port: u16) -> Option<&Value> {
    let running = |container: &&Value| is_running(pod, json::text(container, "/name"));
    let containers = || json::items(pod, "/spec/containers").iter().filter(running);
    containers()
        .find(|container| {
            json::items(container, "/ports")
                .iter()
                .any(|known| json::count(known, "/containerPort") == u64::from(port))
        })
        .or_else(|| {
            containers().find(|container| {
                let says = program::argument(container, "port").map(str::parse::<u16>);
                match says {
                    Some(Ok(said)) => port == said,
                    _ => Program::of(container).ports().contains(&port),
                }
            })
        })
}

fn is_running(pod: &Value, container: &str) -> bool {
    json::items(pod, "/status/containerStatuses")
        .iter()
        .any(|status| {
            json::text(status, "/name") == container && status.pointer("/state/running").is_some()
        })
}

/// An answer of `content_type` that is there at once.
pub(crate) fn response(
    status: StatusCode,
    content_type: &'static str,
    body: String,
) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(content_type),
    );
    response
}

/// An answer of `content_type` whose body comes bit by bit.
fn of_type(body: ResponseBody, content_type: &'static str) -> Response<ResponseBody> {
    let mut response = Response::new(body);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(content_type),
    );
    response
}
