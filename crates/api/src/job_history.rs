//! What the GPUs of a job did over its life.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::history::{HistoryChart, HistoryKeeping, Steps};

/// The GPUs of a job over its life, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JobHistoryQuestion {
    /// The cluster.
    pub cluster: String,
    /// The API group of the job's kind; empty for the core group.
    pub group: String,
    /// The job's kind.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The pod whose GPUs alone the charts show; empty for those of all its pods.
    pub pod: String,
    /// From when, in RFC 3339; empty for the begin of its life.
    pub from: String,
    /// Until when, in RFC 3339; empty for the end of its life, or now.
    pub until: String,
    /// At most about how many points are wanted; never closer than what was measured.
    pub points: u32,
}

/// What the GPUs of a job did. Times are in RFC 3339.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct JobHistory {
    /// Since when it is kept which pod of the cluster has which GPU; absent where nothing is yet.
    /// Of what held GPUs and ended before, nothing is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_since: Option<String>,
    /// When it had a GPU first, as far as that is known; absent where it is not known to have had one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_at: Option<String>,
    /// When it had one last; absent while it has one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Which of its pods had which GPU, the oldest first.
    pub holdings: Vec<JobHolding>,
    /// How many of those were left out for their number; they are in no chart either.
    pub more: u32,
    /// The steps of every chart.
    pub steps: Steps,
    /// The figures of which something was measured: the mean over the GPUs that it had in a step, the
    /// least and the most of any of them.
    pub charts: Vec<HistoryChart>,
    /// How history is kept.
    pub keeping: HistoryKeeping,
}

/// That a pod of a job had a GPU for some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobHolding {
    /// The pod.
    pub pod: String,
    /// The GPU's node.
    pub node: String,
    /// The GPU's number there.
    pub index: u32,
    /// Since when.
    pub began_at: String,
    /// Until when, as far as that was seen; absent while it lasts.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Whether nobody tells which GPU the pod has, and it was counted.
    pub is_counted: bool,
    /// Whether others had the GPU at the same time, so that its readings are not the pod's alone.
    pub is_shared: bool,
}
