//! The stages of a model's life, and what stands at each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Severity,
    map::ServingComponent,
    survey::{Evidence, SurveyFigure},
};
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

/// Something at a stage: what runs, is done, or is kept there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StageThing {
    /// Its name; the object's own stands in the evidence.
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
    /// The figure that matters, where one is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<SurveyFigure>,
    /// Whether it is a job, which has a page of its own.
    pub is_job: bool,
    /// Its object, and the field that tells how it does.
    pub evidence: Evidence,
}

/// A model, and its way through the loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LifecycleModelRow {
    /// What can be compared of its names: the last part of one, in lower case.
    pub model: String,
    /// Its name, as it is written most fully.
    pub name: String,
    /// The other names that it goes by here.
    pub also: Vec<String>,
    /// The worst of its way.
    pub severity: Severity,
    /// Where it stands, in the order of the loop.
    pub stations: Vec<ModelStation>,
    /// What keeps it from getting on, where something does.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stuck: Option<StuckModel>,
}

impl LifecycleModelRow {
    /// The most models that are told, those with the longest way first.
    pub const MOST: usize = 200;
}

/// Something at a stage that is a model's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelStation {
    /// The stage, by the catalogue's id.
    pub stage: String,
    /// What stands there.
    pub thing: StageThing,
    /// The field that tells that it is this model's.
    pub link: Evidence,
}

/// A model that does not get on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StuckModel {
    /// The stage that it does not get past, or does not get to, by the catalogue's id.
    pub stage: String,
    /// Why.
    pub reason: Phrase,
}
