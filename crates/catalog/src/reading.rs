//! How the words of custom objects are judged: tests, and verdicts by the first test that passes.

use serde::Deserialize;
use strata_domain::{
    condition::{Condition, Status, find},
    custom::Custom,
    text::Text,
};

/// A question that an object answers with yes or no. Words are compared without regard to case:
/// projects write `ready`, `Ready` and `READY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The condition is there and has this status.
    Condition {
        /// The condition's type.
        kind: Text,
        /// The status.
        status: Status,
    },
    /// The condition is missing or has another status.
    ConditionNot {
        /// The condition's type.
        kind: Text,
        /// The status.
        status: Status,
    },
    /// The condition has this reason, whatever its status.
    Reason {
        /// The condition's type.
        kind: Text,
        /// The reasons, any of which will do.
        reasons: Vec<Text>,
    },
    /// The field is one of these words.
    Field {
        /// The field's dotted path.
        path: Text,
        /// The words.
        words: Vec<Text>,
    },
    /// The field is missing, or none of these words.
    FieldNot {
        /// The field's dotted path.
        path: Text,
        /// The words.
        words: Vec<Text>,
    },
    /// The field is a number above this one.
    Above {
        /// The field's dotted path.
        path: Text,
        /// The number.
        floor: u64,
    },
}

impl Test {
    /// Whether `object` answers yes.
    pub fn passes(&self, object: &Custom) -> bool {
        let status_of = |kind: &str| find(&object.conditions, kind).map(|found| found.status);
        match self {
            Self::Condition { kind, status } => status_of(kind) == Some(*status),
            Self::ConditionNot { kind, status } => status_of(kind) != Some(*status),
            Self::Reason { kind, reasons } => find(&object.conditions, kind)
                .is_some_and(|found| is_one_of(&found.reason, reasons)),
            Self::Field { path, words } => object
                .field(path)
                .is_some_and(|value| is_one_of(value, words)),
            Self::FieldNot { path, words } => !object
                .field(path)
                .is_some_and(|value| is_one_of(value, words)),
            Self::Above { path, floor } => object.count(path).is_some_and(|count| count > *floor),
        }
    }

    /// The path of the field that it reads, if it reads one.
    pub fn path(&self) -> Option<&Text> {
        match self {
            Self::Field { path, .. } | Self::FieldNot { path, .. } | Self::Above { path, .. } => {
                Some(path)
            }
            _ => None,
        }
    }

    /// The type of the condition that it reads, if it reads one.
    pub fn condition(&self) -> Option<&Text> {
        match self {
            Self::Condition { kind, .. }
            | Self::ConditionNot { kind, .. }
            | Self::Reason { kind, .. } => Some(kind),
            _ => None,
        }
    }
}

fn is_one_of(value: &str, words: &[Text]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

/// What is so when a test passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict<T> {
    /// The test.
    pub test: Test,
    /// What it then means.
    pub means: T,
}

/// A verdict and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading<'a, T> {
    /// The verdict.
    pub verdict: T,
    /// The object's own word for it: the field's value, or the condition's reason; may be empty.
    pub word: &'a str,
    /// The condition that decided, with its message and its time.
    pub condition: Option<&'a Condition>,
}

/// The verdict of the first test that `object` passes.
pub fn read<'a, T: Copy>(verdicts: &[Verdict<T>], object: &'a Custom) -> Option<Reading<'a, T>> {
    let Verdict { test, means } = verdicts
        .iter()
        .find(|verdict| verdict.test.passes(object))?;
    let condition = test
        .condition()
        .and_then(|kind| find(&object.conditions, kind));
    let word = match test.path() {
        Some(path) => object.field(path),
        None => condition.map(|found| found.reason.as_str()),
    };
    Some(Reading {
        verdict: *means,
        word: word.unwrap_or_default(),
        condition,
    })
}

/// Where an application or a job is in its life: one set of words for every kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Held by a queue.
    Queued,
    /// Let in by its queue, not yet started.
    Admitted,
    /// To be started, but some pod is not.
    Pending,
    /// Running, all of it.
    Running,
    /// Serving with less than was asked for.
    Degraded,
    /// Being started again after a failure.
    Restarting,
    /// Being stopped.
    Stopping,
    /// Stopped on purpose: suspended, scaled to zero.
    Suspended,
    /// Ended well.
    Succeeded,
    /// Ended badly, or cannot start.
    Failed,
    /// Cannot be told.
    Unknown,
}

impl Phase {
    /// Whether it is over, for good or ill.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}
