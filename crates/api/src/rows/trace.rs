//! The path of one thing through the layers.

use serde::{Deserialize, Serialize};
use strata_domain::subject::Subject;
use ts_rs::TS;

use super::{Layer, Severity};
use crate::{phrases::Phrase, topics::Direction};

/// A lit path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TraceRow {
    /// Where it starts.
    #[ts(as = "String")]
    pub subject: Subject,
    /// Which way it goes.
    pub direction: Direction,
    /// What it passes, from the top layer down; a layer it does not touch is left out.
    pub stops: Vec<TraceStop>,
    /// The path in a line: `chat-assist`, `4 pods`, `ClusterQueue inference`, `2 nodes`, `16 GPUs`.
    pub crumbs: Vec<Phrase>,
    /// The worst severity on it.
    pub severity: Severity,
    /// How many of the things on it have a fault.
    pub faults: u32,
    /// Pods on it.
    pub pods: u32,
    /// What happens without its weakest part, where that can be told
    /// ("Without gpu-h100-45: 2 of 4 replicas remain").
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequence: Option<Phrase>,
}

/// What a path passes in one layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TraceStop {
    /// The layer.
    pub layer: Layer,
    /// The subjects of the tiles that it passes, in the order of the catalogue.
    #[ts(as = "Vec<String>")]
    pub tiles: Vec<Subject>,
    /// The nodes that it passes, the most used first; infrastructure and hardware alone.
    pub nodes: Vec<NodeUse>,
    /// What joins it to the layer below, on the boundary ("4 pods llm-prod"); absent on the last.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<Phrase>,
}

/// A node on a path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NodeUse {
    /// The node.
    pub node: String,
    /// How it does.
    pub severity: Severity,
    /// Its rack; empty where none is known.
    pub rack: String,
    /// Its GPU model; empty where it has none or does not tell.
    pub model: String,
    /// GPUs that the path holds on it.
    pub gpus_used: u32,
    /// GPUs that it has.
    pub gpus: u32,
    /// Pods of the path on it.
    pub pods: u32,
}
