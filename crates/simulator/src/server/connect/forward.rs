//! `portforward`: connections to the ports of a pod, over WebSocket channels, over SPDY inside a
//! WebSocket, or over SPDY itself (`k8s.io/cri-streaming/pkg/streaming/portforward`).

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use strata_domain::ids::ObjectKey;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    sync::mpsc,
};

use super::{
    spdy::{self, Stream},
    upgrade,
    websocket::{self, Arrival, V4},
};
use crate::{
    behind, json, random,
    server::{ResponseBody, Server, failure::Failure, path::ResourcePath, query::Query},
    world::pod_kind,
};

const TUNNEL: &str = "SPDY/3.1+portforward.k8s.io";
const PROTOCOL: &str = "portforward.k8s.io";

/// A pod whose ports are forwarded.
#[derive(Clone)]
struct Ports {
    server: Arc<Server>,
    key: ObjectKey,
}

impl Server {
    pub(super) fn forward(
        self: &Arc<Self>,
        path: &ResourcePath,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let pod = self.pod(path)?.value();
        let name = json::text(&pod, "/metadata/name");
        if json::text(&pod, "/spec/nodeName").is_empty() {
            return Err(Failure::bad_request(format!(
                "pod {name} does not have a host assigned"
            )));
        }
        let protocol = upgrade::wanted(request)
            .ok_or_else(|| Failure::bad_request("Upgrade request required"))?;
        let connection = upgrade::connection_of(request)?;
        if json::text(&pod, "/status/phase") != "Running" {
            return Err(Failure::internal(&format!(
                "unable to upgrade connection: pod not running, current phase is {}",
                json::text(&pod, "/status/phase")
            )));
        }
        let ports = Ports {
            server: Arc::clone(self),
            key: path.key(),
        };
        if protocol.eq_ignore_ascii_case("websocket") {
            let (agreed, response) = websocket::accept(request, &[TUNNEL, V4])?;
            if agreed == TUNNEL {
                upgrade::spawn(connection, async move |connection| {
                    let streams = spdy::serve(websocket::tunnel(connection).await);
                    ports.serve(streams).await;
                });
            } else {
                let asked = asked_ports(query)?;
                upgrade::spawn(connection, async move |connection| {
                    ports.serve_channels(connection, asked).await;
                });
            }
            return Ok(response);
        }
        let mut response = upgrade::switching("SPDY/3.1");
        upgrade::set(&mut response, "x-stream-protocol-version", PROTOCOL);
        upgrade::spawn(connection, async move |connection| {
            ports.serve(spdy::serve(connection)).await;
        });
        Ok(response)
    }
}

/// The ports that a request over WebSocket channels names.
fn asked_ports(query: &Query) -> Result<Vec<u16>, Failure> {
    let asked: Vec<&str> = query
        .all("ports")
        .flat_map(|ports| ports.split(','))
        .collect();
    if asked.is_empty() {
        return Err(Failure::bad_request("query parameter \"port\" is required"));
    }
    asked
        .into_iter()
        .map(|port| match port.parse() {
            Ok(port) if port > 0 => Ok(port),
            _ => Err(Failure::bad_request(format!(
                "unable to parse \"{port}\" as a port"
            ))),
        })
        .collect()
}

impl Ports {
    /// Serves pairs of SPDY streams: one for data, one for what goes wrong.
    async fn serve(self, mut streams: mpsc::Receiver<Stream>) {
        let mut waiting: HashMap<String, Stream> = HashMap::new();
        while let Some(stream) = streams.recv().await {
            let request = match (stream.header("requestid"), stream.header("streamtype")) {
                ("", "data") => stream.id.saturating_sub(2).to_string(),
                ("", _) => stream.id.to_string(),
                (id, _) => id.to_owned(),
            };
            let Some(first) = waiting.remove(&request) else {
                waiting.insert(request, stream);
                continue;
            };
            let (data, error) = if stream.header("streamtype") == "data" {
                (stream, first)
            } else {
                (first, stream)
            };
            tokio::spawn(self.clone().serve_pair(data, error));
        }
    }

    async fn serve_pair(self, mut data: Stream, error: Stream) {
        let port = data.header("port").parse().unwrap_or(0);
        match self.connect(port) {
            Ok(connection) => {
                let (mut read, mut write) = tokio::io::split(connection);
                let incoming = async {
                    while let Some(bytes) = data.data.recv().await {
                        if write.write_all(&bytes).await.is_err() {
                            break;
                        }
                    }
                    drop(write.shutdown().await);
                };
                let sender = data.sender.clone();
                let outgoing = async move {
                    let mut buffer = bytes::BytesMut::with_capacity(32 * 1024);
                    while let Ok(1..) = read.read_buf(&mut buffer).await {
                        if !sender.send(buffer.split().freeze()).await {
                            break;
                        }
                        buffer.reserve(32 * 1024);
                    }
                    sender.finish().await;
                };
                tokio::join!(incoming, outgoing);
                error.sender.finish().await;
            }
            Err(message) => {
                if error.sender.send(Bytes::from(message)).await {
                    error.sender.finish().await;
                    data.sender.reset().await;
                }
            }
        }
    }

    /// Serves WebSocket channels: for each port one for data, the next for what goes wrong; each
    /// begins with the port.
    async fn serve_channels(self, connection: upgrade::Upgraded, ports: Vec<u16>) {
        let (sender, mut incoming) = websocket::channels(connection).await;
        let mut writers = HashMap::new();
        for (channel, port) in (0_u8..).step_by(2).zip(ports) {
            for channel in [channel, channel.saturating_add(1)] {
                let number = Bytes::copy_from_slice(&port.to_le_bytes());
                if sender.send((channel, number)).await.is_err() {
                    return;
                }
            }
            match self.connect(port) {
                Ok(connection) => {
                    let (mut read, write) = tokio::io::split(connection);
                    writers.insert(channel, write);
                    let sender = sender.clone();
                    tokio::spawn(async move {
                        let mut buffer = bytes::BytesMut::with_capacity(32 * 1024);
                        while let Ok(1..) = read.read_buf(&mut buffer).await {
                            let bytes = buffer.split().freeze();
                            if sender.send((channel, bytes)).await.is_err() {
                                return;
                            }
                            buffer.reserve(32 * 1024);
                        }
                    });
                }
                Err(message) => {
                    let channel = channel.saturating_add(1);
                    if sender.send((channel, Bytes::from(message))).await.is_err() {
                        return;
                    }
                }
            }
        }
        drop(sender);
        while let Some(arrival) = incoming.recv().await {
            match arrival {
                Arrival::Bytes(channel, bytes) => {
                    if let Some(writer) = writers.get_mut(&channel)
                        && writer.write_all(&bytes).await.is_err()
                    {
                        writers.remove(&channel);
                    }
                }
                Arrival::Closed(channel) => {
                    writers.remove(&channel);
                }
            }
        }
    }

    /// A connection to `port`, or why there is none, as containerd says it.
    fn connect(&self, port: u16) -> Result<DuplexStream, String> {
        let pod = self.server.store.get(&pod_kind(), &self.key);
        let uid = pod.as_ref().map_or("", |pod| pod.uid.as_str()).to_owned();
        if !pod.is_some_and(|pod| behind::listens(&pod.value(), port)) {
            let [a, b, c, d] =
                ["a", "b", "c", "d"].map(|part| random::hash(&format!("{part}{uid}")));
            let sandbox = format!("{a:016x}{b:016x}{c:016x}{d:016x}");
            return Err(format!(
                "error forwarding port {port} to pod {sandbox}, uid : failed to execute \
                 portforward in network namespace \"/var/run/netns/cni-{uid}\": failed to connect \
                 to localhost:{port} inside namespace \"{sandbox}\", IPv4: dial tcp4 \
                 127.0.0.1:{port}: connect: connection refused IPv6 dial tcp6: address localhost: \
                 no suitable address found "
            ));
        }
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let ports = self.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let ports = ports.clone();
            async move { ports.answer(port, request).await }
        });
        let serving = hyper::server::conn::http1::Builder::new()
            .half_close(true)
            .serve_connection(TokioIo::new(ours), service);
        tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::debug!(%error, "a forwarded connection broke");
            }
        });
        Ok(theirs)
    }

    async fn answer(
        &self,
        port: u16,
        request: Request<Incoming>,
    ) -> Result<Response<ResponseBody>, Gone> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(|_| Gone)?.to_bytes();
        let request = Request::from_parts(parts, body);
        let pod = self.server.store.get(&pod_kind(), &self.key).ok_or(Gone)?;
        behind::answer(&self.server, &pod, port, &request).ok_or(Gone)
    }
}

/// What listened on the port is gone.
#[derive(Debug, thiserror::Error)]
#[error("what listened on the port is gone")]
struct Gone;
