//! The stages of a model's life, and what stands at each.

use serde::{Deserialize, Serialize};
use strata_domain::subject::Subject;
use ts_rs::TS;

use super::{Severity, map::ServingComponent};
use crate::{operations::Bilingual, phrases::Phrase};

/// A stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StageRow {
    /// Which, by the catalogue's id, such as `model_serving`.
    pub stage: String,
    /// Its name.
    pub name: Bilingual,
    /// What stands there now, in a few counts.
    pub counts: Vec<Phrase>,
    /// The components that stand there.
    pub components: Vec<ServingComponent>,
    /// What runs or is done there, at most [`StageRow::MOST`].
    pub things: Vec<StageThing>,
    /// How many there are in all, what is stuck included.
    pub total: u32,
    /// What does not get past this stage, the worst first, at most as many.
    pub stuck: Vec<StageThing>,
}

impl StageRow {
    /// The most things that a row names.
    pub const MOST: usize = 50;
}

/// Something at a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StageThing {
    /// What it is on the stack.
    #[ts(as = "String")]
    pub subject: Subject,
    /// Its kind.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// How it does.
    pub severity: Severity,
    /// Where it is in its life: `running`, `queued` ...
    pub phase: String,
    /// Why, where it is a fault or waits.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// Since when, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}
