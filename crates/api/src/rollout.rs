//! How far what was deployed has come: every pod on its way to being ready, with the times of its stages.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    explanation::{Explanation, ObjectName},
    phrases::Phrase,
};

/// Asks how far objects have come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ReadRollout {
    /// The cluster's id.
    pub cluster: String,
    /// The objects; those of kinds that run nothing are left out.
    pub objects: Vec<ObjectName>,
}

/// How far objects have come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Rollout {
    /// Those that run pods, in the order in which they were asked for.
    pub objects: Vec<ObjectRollout>,
}

/// How far an object has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ObjectRollout {
    /// The object.
    pub object: ObjectName,
    /// How it does, and why it does not do well; absent while it is not there.
    pub explanation: Option<Explanation>,
    /// Its pods, by name.
    pub pods: Vec<PodRollout>,
}

/// How far a pod has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PodRollout {
    /// Its name.
    pub name: String,
    /// Its node; empty while it has none.
    pub node: String,
    /// Whether it is ready now, or ended well.
    pub is_ready: bool,
    /// Whether it is deleted, so that another takes its place.
    pub is_ending: bool,
    /// How often its containers were restarted.
    pub restarts: u32,
    /// The stages of its way, in order. The first that is not reached is where it is.
    pub stages: Vec<RolloutStage>,
}

/// A stage of a pod's way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RolloutStage {
    /// Which.
    pub step: RolloutStep,
    /// Whether it is behind the pod.
    pub is_reached: bool,
    /// When it was reached, in RFC 3339; null where it was not, or nobody says when.
    pub at: Option<String>,
    /// How long it took since the stage before, in seconds; of the stage where the pod is, so far.
    /// Null where that was not measured.
    pub seconds: Option<f64>,
    /// Why it is not known when it was reached; absent where it is, or nobody expects it yet.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
}

/// The stages of a pod's way, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RolloutStep {
    /// It exists.
    Created,
    /// Its queue lets it in; only where it has one.
    Admitted,
    /// It has a node.
    Scheduled,
    /// Its images are on the node.
    Pulled,
    /// Its containers run.
    Started,
    /// The model's weights are in memory; only where a serving engine is known.
    Loaded,
    /// The engine is compiled, its cache is laid out, it answers; only where one is known.
    Warm,
    /// Its probes pass.
    Ready,
}
