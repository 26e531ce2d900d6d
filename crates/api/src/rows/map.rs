//! The map: capabilities, the relations between them, the needs of AI.

use serde::{Deserialize, Serialize};
use strata_domain::subject::Subject;
use ts_rs::TS;

use super::{
    Ready, Severity,
    lifecycle::StageThing,
    survey::{Assessment, Evidence, SurveyFigure},
};
use crate::{operations::Bilingual, phrases::Phrase};

/// A capability, and what serves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CapabilityRow {
    /// Which, by the catalogue's id, such as `model_serving`.
    pub capability: String,
    /// Its name.
    pub name: Bilingual,
    /// Whether it is served.
    pub standing: Standing,
    /// The worst of what serves it.
    pub severity: Severity,
    /// Why it stands so.
    pub reason: Phrase,
    /// The figures that matter, the weightiest first; none where nothing serves it or nothing is
    /// known.
    pub figures: Vec<SurveyFigure>,
    /// What serves it, in the catalogue's order.
    pub components: Vec<ServingComponent>,
    /// What would serve it, where it is not served.
    pub candidates: Vec<Candidate>,
    /// What runs by it, what is wrong first, at most [`CapabilityRow::MOST`].
    pub things: Vec<StageThing>,
    /// How much of that there is in all.
    pub total: u32,
    /// What this rests on.
    pub evidence: Vec<Evidence>,
}

impl CapabilityRow {
    /// The most things that a row names.
    pub const MOST: usize = 12;
}

/// Whether a capability is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Something serves it, and all that does is well.
    Served,
    /// It is prepared for, but nothing that serves it runs.
    Partly,
    /// Something that serves it is not well.
    Degraded,
    /// Nothing serves it.
    Missing,
    /// Cannot be told: lists are missing.
    Unknown,
}

/// A component that serves a capability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ServingComponent {
    /// What it is on the stack.
    #[ts(as = "String")]
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// How it does.
    pub severity: Severity,
    /// Why, where it is a fault.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// So many ready of so many wanted, where either is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
    /// Its version; empty where unknown.
    pub version: String,
    /// Its own figure.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<Phrase>,
}

/// A component of the catalogue that would serve a capability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Candidate {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Bilingual,
    /// Its page on the web.
    pub home: String,
    /// The components without which it does not work.
    pub requires: Vec<Requisite>,
}

/// A component that another one needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Requisite {
    /// Its name.
    pub name: String,
    /// Whether the cluster has it.
    pub is_present: bool,
}

/// One capability serves another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RelationRow {
    /// Which of the figure's arrows, from 1.
    pub number: u32,
    /// The capability that serves.
    pub from: String,
    /// What it does for the other.
    pub does: Bilingual,
    /// The capability that is served.
    pub to: String,
    /// Whether both ends stand.
    pub stands: Ends,
    /// What flows over it now; absent where an end is missing.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<SurveyFigure>,
    /// What that rests on: first what serves, then what is served.
    pub evidence: Vec<Evidence>,
}

/// Which ends of a relation stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Ends {
    Both,
    OnlyFrom,
    OnlyTo,
    Neither,
    /// Lists are missing.
    Unknown,
}

/// A need of AI, and whether the cluster meets it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NeedRow {
    /// Which, by the catalogue's id, such as `computational_power`.
    pub need: String,
    /// Its name.
    pub name: Bilingual,
    /// As generative AI has it.
    pub generative: NeedSide,
    /// As predictive AI has it.
    pub predictive: NeedSide,
}

/// A need as one kind of AI has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NeedSide {
    /// What is needed, in the whitepaper's words.
    pub wanted: Bilingual,
    /// What there is.
    pub found: Assessment,
}
