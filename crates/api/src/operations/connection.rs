//! How a connection is tried, step by step.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::rows::cluster::Step;

/// How each step of a connection went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConnectionReport {
    /// The steps, in order.
    pub steps: Vec<StepReport>,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StepReport {
    /// Which step.
    pub step: Step,
    /// How it went.
    pub outcome: StepOutcome,
    /// What was found or what happened; may be empty.
    pub message: String,
    /// The next thing to do; empty where there is nothing to do.
    pub advice: String,
    /// How long it took, in milliseconds.
    pub took_milliseconds: u32,
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// Well.
    Passed,
    /// It does not apply.
    NotNeeded,
    /// Not well, but one can go on.
    Limited,
    /// Not well.
    Failed,
    /// Not tried.
    Skipped,
}
