//! What listens behind the ports of a pod: an HTTP/1.1 server for each, which port forwarding and
//! the proxies lead to.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::Value;

use crate::{
    json,
    program::{self, Program},
    server::Server,
    store::Stored,
    telemetry,
};

mod openai;
mod page;

/// The answer of what listens on `port` of `pod`; none where nothing does, so that the connection
/// is refused.
pub(crate) fn answer(
    server: &Server,
    pod: &Stored,
    port: u16,
    request: &Request<Bytes>,
) -> Option<Response<Bytes>> {
    if let Some(answered) = telemetry::answer(server, pod, port, request) {
        return Some(answered);
    }
    let pod = pod.value();
    let container = listener(&pod, port)?;
    let answered = match Program::of(container) {
        Program::Vllm | Program::Sglang => openai::answer(&pod, container, request),
        _ => None,
    };
    Some(answered.unwrap_or_else(|| page::answer(&pod, container, request)))
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

fn response(status: StatusCode, content_type: &'static str, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(content_type),
    );
    response
}
