//! What exporters and serving engines tell of a cluster, as a stream of answers.

use std::{sync::Arc, time::Duration};

use futures::stream::BoxStream;
use jiff::Timestamp;
use strata_domain::{
    ids::{ClusterId, ObjectKey},
    reading::{Figure, Said, Source},
    text::Text,
};
use tokio::sync::watch;

use crate::{error::PortErrorKind, prometheus::PrometheusAddress};

/// Asks the exporters of clusters, again and again.
pub trait TelemetrySource: Send + Sync {
    /// Asks every one of `exporters`, whose list may change, and yields each answer. The stream ends
    /// with the sender of the list; dropping it ends all asking. How often, how many at once and how
    /// long one may take are the source's: one that is slow holds up no other.
    fn follow(
        &self,
        cluster: &ClusterId,
        exporters: watch::Receiver<Arc<[Exporter]>>,
    ) -> BoxStream<'static, Vec<Answer>>;
}

/// A program that tells metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exporter {
    /// The pod that it runs in; of a kubelet, its node, without a namespace.
    pub pod: ObjectKey,
    /// The pod's node.
    pub node: Text,
    /// What it tells, and in which words.
    pub dialect: Dialect,
    /// The ports that it may listen on, the likeliest first.
    pub ports: Arc<[u16]>,
    /// Whether it speaks TLS.
    pub is_tls: bool,
    /// Where it answers beside the API server, if it does; its name stands for the pod then.
    pub address: Option<Arc<PrometheusAddress>>,
}

/// What a program tells, and in which words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// NVIDIA's DCGM exporter.
    Dcgm,
    /// AMD's device metrics exporter.
    Amd,
    /// Huawei's npu-exporter.
    Ascend,
    /// HAMi's monitor on each node.
    Hami,
    /// vLLM.
    Vllm,
    /// SGLang.
    Sglang,
    /// Hugging Face's Text Generation Inference.
    TextGeneration,
    /// NVIDIA Triton Inference Server.
    Triton,
    /// Ray, whose Serve tells of its deployments.
    Ray,
    /// Prometheus: asked once for what the exporters told in the last hour, and for what they tell now
    /// where none of them can be asked itself.
    Prometheus,
    /// A kubelet: asked for its summary of what volumes hold.
    Kubelet,
}

impl Dialect {
    /// Whether it tells of accelerators, now or in the past.
    pub fn is_of_gpus(self) -> bool {
        match self {
            Self::Dcgm | Self::Amd | Self::Ascend | Self::Hami | Self::Prometheus => true,
            Self::Vllm
            | Self::Sglang
            | Self::TextGeneration
            | Self::Triton
            | Self::Ray
            | Self::Kubelet => false,
        }
    }

    /// Whether it is a serving engine's.
    pub fn is_of_engines(self) -> bool {
        !self.is_of_gpus() && self != Self::Kubelet
    }
}

/// What came of asking an exporter once.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The exporter's pod.
    pub pod: ObjectKey,
    /// When it was asked.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Bytes that came.
    pub bytes: u64,
    /// What it told, or why nothing.
    pub outcome: Result<Told, Failure>,
}

/// What an exporter told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// The devices of its node.
    Devices(Vec<DeviceReport>),
    /// How a serving engine does.
    Engine(EngineReport),
    /// What devices were at in the past.
    Past(Vec<PastSeries>),
    /// How full the volumes are that pods of a node mount.
    Volumes(Vec<VolumeReport>),
}

/// Why an exporter told nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it was.
    pub kind: PortErrorKind,
    /// What happened, for people.
    pub message: String,
}

/// What an exporter told of one device.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceReport {
    /// The device's own name: a UUID, or what the maker has in its place. May be empty.
    pub uuid: Text,
    /// Its number on its node.
    pub index: u32,
    /// The node that the exporter names; empty where it names none.
    pub node: Text,
    /// The model, as the exporter writes it; may be empty.
    pub model: Text,
    /// Its address on the PCI bus; may be empty.
    pub pci: Text,
    /// The driver's version; may be empty.
    pub driver: Text,
    /// The MIG instance, such as `1g.10gb` number 3; none for a whole device.
    pub instance: Option<Instance>,
    /// Who the exporter says holds it; more than one where it is shared.
    pub holders: Vec<HolderTold>,
    /// Whether several use it at once without parting it (time-slicing, MPS, HAMi), so that its
    /// figures belong to none of them alone.
    pub is_shared: bool,
    /// Who measured.
    pub source: Source,
    /// When it was measured, where that is told; else when it was asked for.
    pub at: Option<Timestamp>,
    /// The figures that were told, sorted.
    pub figures: Box<[(Figure, Said)]>,
}

/// A MIG instance or another partition of a device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instance {
    /// Its profile.
    pub profile: Text,
    /// Its number on its device.
    pub id: Text,
}

/// Who an exporter says holds a device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HolderTold {
    /// The pod.
    pub pod: ObjectKey,
    /// The container; may be empty.
    pub container: Text,
}

/// How a serving engine does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EngineReport {
    /// The models that it serves.
    pub models: Vec<Text>,
    /// Requests in work.
    pub running: Option<f64>,
    /// Requests that wait.
    pub waiting: Option<f64>,
    /// How much of the KV cache is used, from 0 to 1.
    pub cache_used: Option<f64>,
    /// Tokens generated since the engine started.
    pub tokens_generated: Option<f64>,
    /// Requests that came to an end since the engine started.
    pub requests_ended: Option<f64>,
}

/// How full the volume of a claim is, as the kubelet of a node that mounts it measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeReport {
    /// The claim.
    pub claim: ObjectKey,
    /// When that was measured, where the kubelet tells; it measures about once a minute.
    pub at: Option<Timestamp>,
    /// What its file system holds in all, in bytes.
    pub capacity_bytes: u64,
    /// What of that is used, in bytes.
    pub used_bytes: u64,
    /// What pods may still write, in bytes: less than the rest where some is reserved.
    pub available_bytes: u64,
}

/// A figure of one device over some time.
#[derive(Clone, Debug, PartialEq)]
pub struct PastSeries {
    /// The device's own name.
    pub uuid: Text,
    /// Which figure.
    pub figure: Figure,
    /// The values by time, oldest first.
    pub values: Vec<(Timestamp, f64)>,
}
