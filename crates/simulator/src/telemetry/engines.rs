//! Serving engines: what vLLM, SGLang, TGI, TEI, Triton and Ray tell of their requests.
//!
//! All of it follows one course, the engine's requests in flight: arrivals, tokens, latencies and
//! cache use rise and fall with it, and with the utilization of the engine's GPUs, which follows the
//! same day and the same bursts.

use std::sync::Arc;

use strata_domain::ids::ObjectKey;

use self::traffic::Traffic;
use super::{
    exporters::Exporter,
    exposition::Page,
    work::{Holder, PodFacts},
};
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
    let Some(stored) = server.store.get(&pod_kind(), key) else {
        return;
    };
    let (Some(since), Some(container)) = (facts.running_since(0), facts.spec.containers.first())
    else {
        return;
    };
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
    let traffic = Arc::new(Traffic::new(&holder, &stored.uid, since, model, gpus));
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
