//! Kubernetes AI Conformance: the checklist of a cluster's version, and its answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::survey::Assessment;
use crate::operations::Bilingual;

/// The checklist that a cluster is held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChecklistRow {
    /// Its Kubernetes version, such as `1.36`; empty where no checklist is that old.
    pub kubernetes: String,
    /// The version that the server says.
    pub server: String,
    /// Whether every list was read that an answer may rest on.
    pub complete: bool,
}

/// A requirement, and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RequirementRow {
    /// Which, by the checklist's id.
    pub requirement: String,
    /// The area's key in the checklist.
    pub area: String,
    /// The area's name.
    pub area_name: Bilingual,
    /// What it is called.
    pub name: Bilingual,
    /// The checklist's own words.
    pub description: String,
    /// How binding it is.
    pub level: RequirementLevel,
    /// The answer.
    pub found: Assessment,
    /// A test workload that would tell more, as a manifest; empty where none would.
    pub test: String,
}

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RequirementLevel {
    Must,
    Should,
}
