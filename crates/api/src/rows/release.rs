//! How releases do: the live part of what [`crate::releases`] tells of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Ready, Severity};
use crate::phrases::Phrase;

/// What runs of a release. One of which nothing runs has no row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReleaseRow {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Where it is in its life.
    pub state: ReleaseState,
    /// How bad that is.
    pub severity: Severity,
    /// Why, where something is to be said.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// Pods ready of wanted, where that is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
    /// Accelerators that its pods ask for.
    pub gpus: u32,
    /// Those of its objects that are jobs, as ids of rows of [`crate::topics::Topic::Jobs`].
    pub jobs: Vec<String>,
    /// What the stack knows it by; empty where it is no application.
    pub subject: String,
}

/// Where a release is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseState {
    /// All that is wanted is ready.
    Up,
    /// Something that is wanted is not ready yet.
    Starting,
    /// It waits in a queue.
    Queued,
    /// Something of it failed, or does not come up.
    Failing,
    /// Nothing is wanted now: it is scaled to none, or suspended.
    Stopped,
    /// All of it has run to its end.
    Finished,
}
