//! Serving engines: what vLLM, SGLang, TGI, TEI, Triton and Ray tell of their requests.
//!
//! All of it follows one course, the engine's requests in flight: arrivals, tokens, latencies and
//! cache use rise and fall with it, and with the utilization of the engine's GPUs, which follows the
//! same day and the same bursts.

use std::sync::Arc;

use strata_domain::ids::ObjectKey;

use self::traffic::Traffic;
use super::{Speed, exporters::Exporter, exposition::Page, facts::PodFacts, work::Holder};
use crate::{server::Server, world::pod_kind};

mod embeddings;
mod generation;
mod histogram;
mod ray;
mod sglang;
mod traffic;
mod triton;
mod vllm;

/// Tells what `engine` in the pod `key` tells.
pub(super) fn tell(
    engine: Exporter,
    page: &mut Page<'_>,
    server: &Server,
    key: &ObjectKey,
    facts: &PodFacts,
) {
    let Some(traffic) = traffic(server, key, facts).map(Arc::new) else {
        return;
    };
    match engine {
        Exporter::Vllm => vllm::tell(page, &traffic),
        Exporter::Sglang => sglang::tell(page, &traffic),
        Exporter::TextGeneration => generation::tell(page, &traffic),
        Exporter::TextEmbeddings => embeddings::tell(page, &traffic),
        Exporter::Triton => triton::tell(page, &traffic),
        Exporter::Ray => ray::tell(page, &traffic),
        Exporter::Dcgm | Exporter::Node | Exporter::KubeStateMetrics | Exporter::Prometheus => {}
    }
}

/// How fast the engine in the pod `key` goes at `time`, by what it tells of itself: its middle under
/// its usual load, faster in a quiet hour, slower in a busy one.
pub(super) fn speed(
    server: &Server,
    key: &ObjectKey,
    facts: &PodFacts,
    time: f64,
) -> Option<Speed> {
    let is_engine = matches!(
        Exporter::of(facts)?,
        Exporter::Vllm | Exporter::Sglang | Exporter::TextGeneration
    );
    let traffic = traffic(server, key, facts).filter(|_| is_engine)?;
    let pressure = traffic.pressure.at(time).clamp(0.0, 1.0);
    Some(Speed {
        first_token: traffic.first_token * (0.6 + 0.8 * pressure),
        between_tokens: traffic.between_tokens * (0.75 + 0.5 * pressure),
    })
}

/// The requests that the engine in the pod `key` gets, if it runs.
fn traffic(server: &Server, key: &ObjectKey, facts: &PodFacts) -> Option<Traffic> {
    let stored = server.store.get(&pod_kind(), key)?;
    let since = facts.running_since(0)?;
    let container = facts.spec.containers.first()?;
    let holder = Holder::of(&server.store, &stored, facts, None);
    let model = [
        "--served-model-name",
        "--model-id",
        "--model-path",
        "--model",
        "--model-repository",
    ]
    .iter()
    .find_map(|name| container.option(name))
    .map_or_else(|| container.name.clone(), str::to_owned);
    let gpus = super::gpus_of(server, &stored);
    Some(Traffic::new(&holder, &stored.uid, since, model, gpus))
}
