//! What a pod does with the GPUs that it has: told from its image, its command line and what
//! controls it, as a person would.

use strata_domain::{ids::ObjectKey, text::Text};

use super::{
    curve::{self, Curve},
    facts::{Container, PodFacts},
};
use crate::{
    random,
    store::{Store, Stored},
};

/// What a pod does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Ranks that step together, and write checkpoints.
    Training,
    /// An engine that answers requests for tokens; it takes nearly all memory at its start.
    Generation,
    /// A server that answers requests of predictive models or for embeddings.
    Prediction,
    /// Work in pieces, without an audience.
    Batch,
    /// A person's notebook: memory is held, mostly nothing is computed.
    Notebook,
}

/// Who has a GPU.
#[derive(Debug)]
pub(crate) struct Holder {
    pub(crate) key: ObjectKey,
    pub(crate) uid: Text,
    pub(crate) container: String,
    pub(crate) work: Work,
    /// Depends on the workload alone, so that what its pods do is in step.
    pub(crate) gang: u64,
    /// The pod's place in the workload.
    pub(crate) rank: u64,
    /// The resource claim by which it has its GPUs; none by way of the device plugin.
    pub(crate) claim: Option<Text>,
}

impl Holder {
    /// The holder that a pod is.
    pub(crate) fn of(
        store: &Store,
        stored: &Stored,
        facts: &PodFacts,
        claim: Option<Text>,
    ) -> Self {
        let container = facts.spec.containers.first();
        let (root_kind, root) = root_of(store, stored);
        Self {
            key: stored.key.clone(),
            uid: stored.uid.clone(),
            container: container.map_or_else(String::new, |container| container.name.clone()),
            work: work_of(container, &root_kind),
            gang: curve::mix(random::hash(root.as_str())),
            rank: rank_of(stored),
            claim,
        }
    }
}

/// The kind and the UID of the topmost object that controls `stored`.
fn root_of(store: &Store, stored: &Stored) -> (String, Text) {
    let mut kind = String::from("Pod");
    let mut uid = stored.uid.clone();
    let mut owner = stored.controller().cloned();
    while let Some(next) = owner {
        kind = next.kind.kind.to_string();
        uid = next.uid;
        let key = ObjectKey::new(stored.key.namespace.clone(), next.name);
        owner = store
            .get(&next.kind, &key)
            .and_then(|stored| stored.controller().cloned());
    }
    (kind, uid)
}

/// The completion index where there is one, else the number at the end of the name.
fn rank_of(stored: &Stored) -> u64 {
    let labelled = [
        "batch.kubernetes.io/job-completion-index",
        "training.kubeflow.org/replica-index",
        "apps.kubernetes.io/pod-index",
        "leaderworkerset.sigs.k8s.io/worker-index",
    ]
    .iter()
    .find_map(|label| stored.label(label)?.parse().ok());
    let counted = || {
        stored
            .key
            .name
            .rsplit('-')
            .find_map(|part| part.parse().ok())
    };
    labelled.or_else(counted).unwrap_or(0)
}

fn work_of(container: Option<&Container>, root_kind: &str) -> Work {
    let image = container.map_or("", |container| container.image.as_str());
    let has = |words: &[&str]| words.iter().any(|word| image.contains(word));
    if has(&["jupyter", "notebook", "code-server"]) || root_kind == "Notebook" {
        Work::Notebook
    } else if has(&[
        "vllm",
        "sglang",
        "text-generation-inference",
        "trtllm",
        "/llm-nim",
    ]) {
        Work::Generation
    } else if has(&[
        "tritonserver",
        "text-embeddings",
        "/nim/",
        "sklearnserver",
        "xgbserver",
    ]) {
        Work::Prediction
    } else if [
        "TrainJob",
        "JobSet",
        "PyTorchJob",
        "MPIJob",
        "TFJob",
        "VolcanoJob",
        "Job",
    ]
    .contains(&root_kind)
        && has(&[
            "pytorch",
            "trainer",
            "torchtune",
            "nemo",
            "deepspeed",
            "megatron",
        ])
    {
        Work::Training
    } else if [
        "InferenceService",
        "LeaderWorkerSet",
        "NIMService",
        "RayService",
    ]
    .contains(&root_kind)
    {
        Work::Generation
    } else {
        Work::Batch
    }
}

/// How a GPU is used, as shares of what it can do.
#[derive(Debug)]
pub(crate) struct Load {
    /// How much of the time anything runs.
    pub(crate) busy: Curve,
    /// The share of its memory that is held.
    pub(crate) memory: f64,
    /// Tensor and memory activity while busy.
    pub(crate) tensor: f64,
    pub(crate) dram: f64,
    /// How busy the links are while busy.
    pub(crate) nvlink: f64,
    pub(crate) pcie: f64,
    /// Whether it is the rank that its gang waits for: hot, and slower.
    pub(crate) is_straggler: bool,
}

/// When the day is busiest, in seconds after midnight UTC.
const PEAK_OF_DAY: f64 = 13.5 * 3600.0;
const DAY: f64 = 86_400.0;

impl Load {
    /// The load that `holder` puts on the GPU `index` of a node with the identity `seed`.
    pub(crate) fn new(holder: &Holder, seed: u64, index: usize) -> Self {
        let gang = holder.gang;
        let own = curve::mix(random::hash(&holder.uid) ^ u64::try_from(index).unwrap_or(0) ^ seed);
        match holder.work {
            Work::Training => Self::training(holder, own, index),
            Work::Generation => Self {
                busy: requests(gang, own, 0.52),
                memory: curve::between(gang ^ 1, 0.895, 0.925),
                tensor: curve::between(gang ^ 2, 0.16, 0.28),
                dram: curve::between(gang ^ 3, 0.42, 0.58),
                nvlink: 0.09,
                pcie: 0.01,
                is_straggler: false,
            },
            Work::Prediction => Self {
                busy: requests(gang, own, curve::between(gang ^ 4, 0.26, 0.44)),
                memory: curve::between(gang ^ 1, 0.08, 0.22),
                tensor: curve::between(gang ^ 2, 0.08, 0.2),
                dram: curve::between(gang ^ 3, 0.15, 0.3),
                nvlink: 0.0,
                pcie: 0.04,
                is_straggler: false,
            },
            Work::Batch => Self {
                busy: Curve::constant(0.74).noise(0.12, 45.0, own).pulse(
                    -0.55,
                    290.0,
                    38.0,
                    curve::between(own, 0.0, 290.0),
                ),
                memory: curve::between(gang ^ 1, 0.35, 0.6),
                tensor: 0.34,
                dram: 0.38,
                nvlink: 0.0,
                pcie: 0.12,
                is_straggler: false,
            },
            Work::Notebook => Self::notebook(own),
        }
    }

    /// High and steady; the data loader stalls all ranks for a moment now and then, and a
    /// checkpoint stops them all for longer. One rank of some gangs is slower than the others.
    fn training(holder: &Holder, own: u64, index: usize) -> Self {
        let gang = holder.gang;
        // Stalls come in the middle between checkpoints and never with them.
        let stall_period = curve::between(gang ^ 5, 290.0, 430.0);
        let stalls_in_each = 3.0 + (curve::unit(gang ^ 6) * 4.0).floor();
        let phase = curve::between(gang ^ 7, 0.0, stall_period);
        let checkpoint = curve::between(gang ^ 8, 48.0, 95.0);
        let busy = Curve::constant(0.965)
            .noise(0.02, 23.0, own)
            .pulse(-0.9, stall_period * stalls_in_each, checkpoint, phase)
            .pulse(-0.42, stall_period, 7.0, phase + stall_period / 2.0);
        let index = u64::try_from(index).unwrap_or(0);
        let is_straggler =
            holder.rank == gang % 2 && index == (gang >> 8) % 8 && curve::unit(gang ^ 9) < 0.7;
        Self {
            busy,
            memory: curve::between(gang ^ 1, 0.82, 0.95),
            tensor: curve::between(gang ^ 2, 0.46, 0.62) * if is_straggler { 0.74 } else { 1.0 },
            dram: curve::between(gang ^ 3, 0.34, 0.5) * if is_straggler { 0.78 } else { 1.0 },
            nvlink: curve::between(gang ^ 0x0a, 0.22, 0.38),
            pcie: 0.06,
            is_straggler,
        }
    }

    /// Two of three notebooks hold memory and compute nothing; in the third someone works at times.
    fn notebook(own: u64) -> Self {
        let busy = if own.is_multiple_of(3) {
            Curve::constant(0.0).pulse(0.55, 2820.0, 380.0, curve::between(own, 0.0, 2820.0))
        } else {
            Curve::constant(0.0)
        };
        Self {
            busy,
            memory: curve::between(own ^ 1, 0.14, 0.38),
            tensor: 0.22,
            dram: 0.24,
            nvlink: 0.0,
            pcie: 0.01,
            is_straggler: false,
        }
    }
}

/// What follows people's requests: a day's rhythm, bursts that all replicas see, and chance.
pub(crate) fn requests(gang: u64, own: u64, level: f64) -> Curve {
    Curve::constant(level)
        .wave(
            level * 0.42,
            DAY,
            PEAK_OF_DAY + curve::between(gang, -7200.0, 7200.0),
        )
        .wave(level * 0.08, 7.0 * DAY, 3.0 * DAY)
        .noise(level * 0.3, 430.0, gang)
        .noise(level * 0.12, 31.0, own)
}
