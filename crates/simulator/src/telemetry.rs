//! What the cluster tells of itself in numbers: GPUs that behave as what runs on them makes them,
//! and the exporters, engines, kubelets and Prometheus that report it.
//!
//! Nothing here is accumulated. A GPU, an engine, a container is a function of what it is and of the
//! time, so that a scrape and a query into the past agree, and time may jump.
//!
//! Read in this order: curves, products, what is read of pods, what they do (work), GPUs, the
//! inventory that says who has which; then what exporters tell of it, and Prometheus, which is asked
//! about all of them.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;

use self::{exporters::Exporter, exposition::Page, facts::PodFacts};
pub(crate) use self::{gpu::Gpu, inventory::Inventory};
use crate::{behind::response, server::Server, store::Stored};

mod curve;
mod product;

pub(crate) mod facts;
mod work;

mod gpu;
mod inventory;

mod exposition;
pub(crate) mod usage;
mod volumes;

mod dcgm;
mod engines;
mod host;
mod kubelet;
mod state;

mod exporters;
mod prometheus;

/// What a program of telemetry behind `port` of `pod` answers, if one listens there.
pub(crate) fn answer(
    server: &Server,
    pod: &Stored,
    port: u16,
    request: &Request<Bytes>,
) -> Option<Response<Bytes>> {
    let facts = PodFacts::read(pod);
    let exporter = Exporter::of(&facts)?;
    facts.running_since(0)?;
    if !exporter.listens_on(port, &facts) {
        return None;
    }
    let path = request.uri().path();
    if exporter == Exporter::Prometheus {
        return Some(prometheus::answer(server, request));
    }
    if path != "/metrics" {
        return None;
    }
    if exporter == Exporter::Dcgm && facts.ready_since().is_none() {
        // The exporter runs, but has no answer from the host engine.
        return Some(response(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain; charset=utf-8",
            "internal server error\n".to_owned(),
        ));
    }
    let mut page = Page::whole();
    exporter.tell(server, &pod.key, &facts, &mut page);
    let now = seconds(server.clock.now());
    Some(response(
        StatusCode::OK,
        "text/plain; version=0.0.4; charset=utf-8",
        page.text(now),
    ))
}

/// What the kubelet of `node` answers by way of the node's proxy, if telemetry is asked for.
pub(crate) fn answer_node(
    server: &Server,
    node: &Stored,
    request: &Request<Bytes>,
) -> Option<Response<Bytes>> {
    let at = server.clock.now();
    let now = seconds(at);
    let used = || usage::of_node(server, &node.key.name, now);
    match request.uri().path() {
        "/metrics/resource" => Some(response(
            StatusCode::OK,
            "text/plain; version=0.0.4; charset=utf-8",
            kubelet::resource(&used()?, now),
        )),
        "/stats/summary" => {
            let stamp = crate::clock::stamp(at);
            let summary = kubelet::summary(&node.key.name, &used()?, now, &stamp);
            Some(response(
                StatusCode::OK,
                "application/json",
                summary.to_string(),
            ))
        }
        _ => None,
    }
}

/// How fast an engine goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Speed {
    /// The time to the first token, in seconds.
    pub(crate) first_token: f64,
    /// The time from each token to the next, in seconds.
    pub(crate) between_tokens: f64,
}

/// How fast the engine in `pod` goes at `time` under the load that it tells of; as a small engine on a
/// CPU where it tells of none.
pub(crate) fn speed(server: &Server, pod: &Stored, time: f64) -> Speed {
    engines::speed(server, &pod.key, &PodFacts::read(pod), time).unwrap_or(Speed {
        first_token: 0.4,
        between_tokens: 0.05,
    })
}

/// The GPUs that `pod` has.
pub(crate) fn gpus_of(server: &Server, pod: &Stored) -> Vec<Arc<Gpu>> {
    server.inventory.gpus_of(&pod.uid)
}

/// `at` in seconds since the epoch.
pub(crate) fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

/// `time` as the API writes it.
fn stamp(time: f64) -> String {
    jiff::SignedDuration::try_from_secs_f64(time)
        .ok()
        .and_then(|since| Timestamp::from_duration(since).ok())
        .map(crate::clock::stamp)
        .unwrap_or_default()
}

/// A count as a number to compute with.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts here are far below 2^52, or bytes of which the last do not matter"
)]
pub(crate) fn number(count: u64) -> f64 {
    count as f64
}

/// The whole part of an amount.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, and what is negative is none"
)]
pub(crate) fn whole(amount: f64) -> u64 {
    amount as u64
}
