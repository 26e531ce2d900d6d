//! The five layers: bands, tiles, the GPUs of the base, what needs attention.

use serde::{Deserialize, Serialize};
use strata_domain::subject::Subject;
use ts_rs::TS;

use super::{Layer, Ready, Severity};
use crate::phrases::Phrase;

/// A band of the stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LayerRow {
    /// Which layer.
    pub layer: Layer,
    /// The worst severity in it.
    pub severity: Severity,
    /// How many tiles are of each severity.
    pub tally: Tally,
    /// What stands under the band's name ("14 components"; "1,024 GPUs").
    pub counts: Vec<Phrase>,
    /// The headline figure; absent while nothing it is made of is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<Headline>,
    /// The headline's value over the last hour, oldest first, one value in each
    /// [`trend_step_seconds`](Self::trend_step_seconds); `null` where nothing was known.
    pub trend: Vec<Option<f64>>,
    /// Seconds between two values of the trend.
    pub trend_step_seconds: u32,
    /// The kinds of which this layer is made that may not be listed, as missing permissions.
    pub forbidden: Vec<String>,
    /// Where what is missing in the whole cluster is there: what is told of those kinds is of these
    /// namespaces alone. Empty where none is seen, or everything.
    pub namespaces: Vec<String>,
    /// Whether the lists that it is made of are still loading.
    pub loading: bool,
}

/// How many of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Tally {
    pub ok: u32,
    pub paused: u32,
    pub unknown: u32,
    pub notice: u32,
    pub warning: u32,
    pub critical: u32,
}

/// The figure of a band: `871` over "of 1,024 GPUs allocated".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Headline {
    /// The figure.
    pub value: f64,
    /// What it is a part of, drawn as `142/144`.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<f64>,
    /// The words under it, which name its unit.
    pub label: Phrase,
    /// Lesser lines below.
    pub details: Vec<Phrase>,
    /// Where the figure comes from, for the hover ("node.status.allocatable and pod requests").
    pub source: Phrase,
}

/// A tile: a component, an application, a model of accelerator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TileRow {
    /// The layer it stands in.
    pub layer: Layer,
    /// What it is, for traces and addresses.
    #[ts(as = "String")]
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Whether the name is an object's (drawn in mono) or a product's.
    pub is_object: bool,
    /// How it does.
    pub severity: Severity,
    /// Why, where it is a fault.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// A product's version, an application's engine or model; empty where unknown.
    pub version: String,
    /// So many ready of so many wanted; absent where neither is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
    /// The one number that matters.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<Phrase>,
    /// The catalogue's word for what it is (`scheduler`, `serving_engine` ...); may be empty.
    pub category: String,
    /// Applications alone: predictive, generative, or neither known.
    pub profile: Profile,
    /// Where it is at home on the web; empty where it has none.
    pub home: String,
    /// The namespaces that its workloads lie in.
    pub namespaces: Vec<String>,
}

/// What kind of AI an application is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Not an application, or its kind cannot be told.
    #[default]
    None,
    /// Generates: language, image, speech models and what stands on them.
    Generative,
    /// Predicts: classification, regression, forecasts, detection.
    Predictive,
}

/// The GPUs of one node, in the base.
///
/// Kubernetes does not tell which of a node's devices a pod holds, so these are counts: cells are
/// drawn allocated first, then free, then unhealthy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GpuNodeRow {
    /// The node.
    pub node: String,
    /// The rack, or the nearest thing to it that the cluster's labels name; empty where none.
    pub rack: String,
    /// The zone; empty where none.
    pub zone: String,
    /// The model; empty where the node does not tell.
    pub model: String,
    /// Physical devices.
    pub total: u32,
    /// Devices that pods hold.
    pub allocated: u32,
    /// Devices that are there but may not be allocated: capacity less allocatable.
    pub unhealthy: u32,
    /// Whether devices are shared (time-slicing, MPS), so that `allocated` is at most all of them.
    pub shared: bool,
    /// Whether the node is not ready, so that nothing is known of its devices now.
    pub unknown: bool,
    /// How the node does.
    pub severity: Severity,
}

/// A line of the attention list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AttentionRow {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: Phrase,
    /// Why, and what it hurts.
    pub reason: Phrase,
    /// What to do next.
    pub action: Phrase,
    /// A command that does or shows it, to be copied; empty where there is none.
    pub command: String,
    /// The layer where it is wrong.
    pub layer: Layer,
    /// What it is wrong with.
    #[ts(as = "String")]
    pub subject: Subject,
    /// Since when, in RFC 3339, where that is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}
