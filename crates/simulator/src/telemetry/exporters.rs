//! Which programs tell metrics, on which ports, and what Prometheus calls them.

use strata_domain::ids::ObjectKey;

use super::{dcgm, engines, exposition::Page, facts::PodFacts, host, state};
use crate::server::Server;

/// A program that tells metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exporter {
    Dcgm,
    Node,
    KubeStateMetrics,
    Prometheus,
    Vllm,
    Sglang,
    TextGeneration,
    TextEmbeddings,
    Triton,
    Ray,
}

impl Exporter {
    /// The exporter that a pod is, by the image of its main container.
    pub(crate) fn of(facts: &PodFacts) -> Option<Self> {
        let image = &facts.spec.containers.first()?.image;
        let program = image.split([':', '@']).next().unwrap_or(image);
        [
            ("/dcgm-exporter", Self::Dcgm),
            ("/node-exporter", Self::Node),
            ("/kube-state-metrics", Self::KubeStateMetrics),
            ("prometheus/prometheus", Self::Prometheus),
            ("prom/prometheus", Self::Prometheus),
            ("vllm-openai", Self::Vllm),
            ("/sglang", Self::Sglang),
            ("text-generation-inference", Self::TextGeneration),
            ("text-embeddings-inference", Self::TextEmbeddings),
            ("tritonserver", Self::Triton),
            ("rayproject/ray", Self::Ray),
        ]
        .into_iter()
        .find(|(name, _)| program.contains(name))
        .map(|(_, exporter)| exporter)
    }

    /// Whether it listens on `port` in a pod with these facts.
    pub(crate) fn listens_on(self, port: u16, facts: &PodFacts) -> bool {
        let container = facts.spec.containers.first();
        let said = container.and_then(|container| container.option("--port")?.parse::<u16>().ok());
        match (self, said) {
            (
                Self::Vllm | Self::Sglang | Self::TextGeneration | Self::TextEmbeddings,
                Some(said),
            ) => port == said,
            // KServe sends requests to 8080.
            (Self::Vllm, None) => [8000, 8080].contains(&port),
            _ => port == self.port(),
        }
    }

    /// The port that it tells its metrics on.
    pub(crate) fn port(self) -> u16 {
        match self {
            Self::Dcgm => 9400,
            Self::Node => 9100,
            Self::KubeStateMetrics | Self::Ray => 8080,
            Self::Prometheus => 9090,
            Self::Vllm => 8000,
            Self::Sglang => 30000,
            Self::TextGeneration | Self::TextEmbeddings => 80,
            Self::Triton => 8002,
        }
    }

    /// The value of `job` in Prometheus, and the name of the port there: service monitors of the
    /// GPU operator and of kube-prometheus, a pod monitor for engines.
    pub(crate) fn job(self, key: &ObjectKey, workload: &str) -> (String, &'static str) {
        match self {
            Self::Dcgm => ("nvidia-dcgm-exporter".to_owned(), "gpu-metrics"),
            Self::Node => ("node-exporter".to_owned(), "https"),
            Self::KubeStateMetrics => ("kube-state-metrics".to_owned(), "http-metrics"),
            Self::Prometheus => ("prometheus-k8s".to_owned(), "web"),
            _ => (format!("{}/{workload}", key.namespace), "metrics"),
        }
    }

    /// Whether its own labels win over those of its target (`honorLabels`).
    pub(crate) fn honors_labels(self) -> bool {
        self == Self::KubeStateMetrics
    }

    /// How often Prometheus scrapes it, in seconds.
    pub(crate) fn interval(self) -> f64 {
        match self {
            Self::Node | Self::Dcgm | Self::Vllm | Self::Sglang => 15.0,
            _ => 30.0,
        }
    }

    /// Tells what the exporter in the pod `key` tells.
    pub(crate) fn tell(
        self,
        server: &Server,
        key: &ObjectKey,
        facts: &PodFacts,
        page: &mut Page<'_>,
    ) {
        match self {
            Self::Dcgm => {
                let gpus = server.inventory.gpus(&facts.spec.node_name);
                let is_old = facts.spec.containers.iter().any(|container| {
                    let mut words = container.command.iter().chain(&container.args);
                    words.any(|word| word == "--use-old-namespace" || word == "-o")
                });
                dcgm::tell(page, &gpus, is_old);
            }
            Self::Node => host::tell(page, server, &facts.spec.node_name),
            Self::KubeStateMetrics => state::tell(page, server),
            Self::Prometheus => {}
            engine => engines::tell(engine, page, server, key, facts),
        }
    }
}
