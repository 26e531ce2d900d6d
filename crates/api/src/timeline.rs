//! What happened to an object and its parts, in the order of time, and what Strata derived from it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    explanation::{ObjectName, ReasonCode},
    phrases::Phrase,
    rows::Severity,
};

/// What happened to an object, its parts, its pods and its place in a queue, as far as the cluster
/// still keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Timeline {
    /// What happened, the earliest first.
    pub entries: Vec<TimelineEntry>,
    /// Entries that were left out, the earliest, since there are too many.
    pub more: u32,
    /// What could not be read and would have been looked at: "the permission is missing: list events".
    pub unread: Vec<String>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TimelineEntry {
    /// When, in RFC 3339; of what was repeated, the last time.
    pub at: String,
    /// When it happened first, in RFC 3339, where it was repeated.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_at: Option<String>,
    /// How often.
    pub count: u32,
    /// To which object.
    pub object: ObjectName,
    /// What kind of thing it is.
    pub kind: TimelineKind,
    /// The word for it: an event's reason, a condition's type, a container's name.
    pub word: String,
    /// What was said; may be empty.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it means, where Strata explains it: an exit code.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Phrase>,
    /// The reason that rests on it, where one does.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derived: Option<Derived>,
}

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// The object was made.
    Created,
    /// A condition came to what it is.
    Condition,
    /// A container began to run.
    Started,
    /// A container ended.
    Ended,
    /// Somebody wrote an event.
    Event,
}

/// A reason that rests on what happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Derived {
    /// Which.
    pub code: ReasonCode,
    /// The same in a sentence.
    pub sentence: Phrase,
    /// Whether it is the dominant one.
    pub is_dominant: bool,
}
