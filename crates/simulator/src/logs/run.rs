//! One run of a container: from its start to its end.

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    json,
    program::{self, Program},
};

/// A run of a container, and what its lines tell of its pod.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) program: Program,
    pub(crate) pod: String,
    pub(crate) namespace: String,
    pub(crate) container: String,
    pub(crate) image: String,
    pub(crate) node: String,
    pub(crate) address: String,
    /// The model that is trained or served; empty where none is named.
    pub(crate) model: String,
    /// The command line, without a shell before it.
    pub(crate) words: Vec<String>,
    pub(crate) gpus: u64,
    /// The place of the pod among those that work together.
    pub(crate) index: u64,
    /// What chance in the log depends on.
    pub(crate) seed: String,
    pub(crate) started: Timestamp,
    pub(crate) ended: Option<(Timestamp, Ending)>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Completed,
    Failed,
    Killed,
}

impl Run {
    /// The run that `state` (`running` or `terminated`) of a container tells of; `restart` counts
    /// the runs before it.
    pub(crate) fn of(pod: &Value, container: &Value, state: &Value, restart: u64) -> Option<Self> {
        let time = |pointer: &str| json::text(state, pointer).parse::<Timestamp>().ok();
        let started = time("/running/startedAt").or_else(|| time("/terminated/startedAt"))?;
        let ended = state.get("terminated").map(|terminated| {
            (
                time("/terminated/finishedAt").unwrap_or(started),
                Ending::of(terminated),
            )
        });
        let name = json::text(container, "/name");
        let words: Vec<String> = ["/command", "/args"]
            .iter()
            .flat_map(|part| json::items(container, part))
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        Some(Self {
            program: Program::of(container),
            pod: json::text(pod, "/metadata/name").to_owned(),
            namespace: json::text(pod, "/metadata/namespace").to_owned(),
            container: name.to_owned(),
            image: json::text(container, "/image").to_owned(),
            node: json::text(pod, "/spec/nodeName").to_owned(),
            address: json::text(pod, "/status/podIP").to_owned(),
            model: ["model", "model-id", "model-path", "model-repository"]
                .iter()
                .find_map(|name| program::argument(container, name))
                .unwrap_or_default()
                .to_owned(),
            words,
            gpus: gpus_of(container),
            index: index_of(pod),
            seed: format!("{}/{name}/{restart}", json::text(pod, "/metadata/uid")),
            started,
            ended,
        })
    }
}

impl Ending {
    /// How a container ended, by its `terminated` state.
    pub(crate) fn of(terminated: &Value) -> Self {
        match json::count(terminated, "/exitCode") {
            0 => Self::Completed,
            137 | 143 => Self::Killed,
            _ => Self::Failed,
        }
    }
}

/// The GPUs that a container may use: one at least where it claims them instead of counting them.
pub(crate) fn gpus_of(container: &Value) -> u64 {
    let counted = json::text(container, "/resources/limits/nvidia.com~1gpu")
        .parse()
        .unwrap_or(0);
    let claims = json::items(container, "/resources/claims").len();
    counted.max(u64::try_from(claims).unwrap_or(0))
}

fn index_of(pod: &Value) -> u64 {
    const LABELS: [&str; 4] = [
        "batch.kubernetes.io~1job-completion-index",
        "apps.kubernetes.io~1pod-index",
        "leaderworkerset.sigs.k8s.io~1worker-index",
        "training.kubeflow.org~1replica-index",
    ];
    LABELS
        .iter()
        .find_map(|label| {
            json::text(pod, &format!("/metadata/labels/{label}"))
                .parse()
                .ok()
        })
        .unwrap_or(0)
}
