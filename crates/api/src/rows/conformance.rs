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
    /// How it may be tested, in the words of the working group; empty where they have none.
    pub tested: String,
    /// A test workload that tells more, where one can be run here.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Box<RequirementTest>>,
    /// Why there is none, where there is none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untested: Option<Untested>,
}

/// A test workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RequirementTest {
    /// Its objects, as one manifest.
    pub manifest: String,
    /// The jobs that it is judged by: it passes once all that are to complete have, and as long as
    /// none begins that is to be held.
    pub jobs: Vec<TestJob>,
    /// What it shows, where it passes.
    pub shows: Bilingual,
    /// What it takes while it runs.
    pub takes: Bilingual,
    /// What it leaves open.
    pub leaves_open: Bilingual,
    /// After how many minutes its jobs have ended by themselves, and gone.
    pub minutes: u32,
}

/// A job that a test is judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestJob {
    /// Its kind.
    pub kind: String,
    /// The kind's API group.
    pub group: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What is to become of it.
    pub expected: TestOutcome,
}

/// What is to become of a job of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TestOutcome {
    /// It ends well.
    Completes,
    /// None of it begins for as long as the others take.
    StaysHeld,
}

/// Why no test workload is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Untested {
    /// Whether one would be, had the cluster what [`Self::said`] names.
    pub is_lacking: bool,
    /// What the cluster lacks; else why no workload would tell.
    pub said: Bilingual,
}

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RequirementLevel {
    Must,
    Should,
}
