//! What a cluster is good for: answers, each with what it rests on. The rows of the map and its
//! sub-views share these.

use serde::{Deserialize, Serialize};
use strata_domain::subject::Subject;
use ts_rs::TS;

use crate::phrases::Phrase;

/// An answer, why it is so, and what would change it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Assessment {
    /// The answer.
    pub answer: Answer,
    /// Why, in a sentence.
    pub reason: Phrase,
    /// What would change it; absent where nothing need change.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Phrase>,
    /// What it rests on, the weightiest first.
    pub evidence: Vec<Evidence>,
}

/// Whether something that is asked of a cluster is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is.
    Met,
    /// Some of it is, or it is but not well.
    Partly,
    /// It is not.
    NotMet,
    /// It is asked of clusters of which this is none.
    NotApplicable,
    /// It cannot be told from here.
    Unknown,
}

/// A figure, who tells it, and when it was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SurveyFigure {
    /// The figure with its unit.
    pub said: Phrase,
    /// Where it comes from.
    pub source: Phrase,
    /// When the oldest of what it is made of was measured, in RFC 3339; absent for what follows from
    /// lists that are followed, which are as old as the connection says.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A fact that a claim rests on: a field of an object, or that a kind is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Evidence {
    /// The object's API group; empty for the core group.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace; empty for objects of the whole cluster.
    pub namespace: String,
    /// Its name; empty where the fact is about the kind itself.
    pub name: String,
    /// The field, as a path.
    pub field: String,
    /// Its value.
    pub value: String,
    /// Since when the object says so, in RFC 3339, where it tells.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// What it belongs to on the stack, if that is known.
    #[ts(optional, as = "Option<String>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
}
