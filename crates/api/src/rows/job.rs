//! Jobs of every kind, what they are grouped by, and how many are in which state.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Ready, Severity, gpu::GpuRow};
use crate::phrases::Phrase;

/// The states of a job as they cross the wire.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`strata_domain::job::JobState` says it")]
pub enum JobState {
    Queued,
    Admitted,
    Starting,
    Running,
    Suspended,
    Succeeded,
    Failed,
    #[default]
    Unknown,
}

impl JobState {
    /// The state in one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Admitted => "admitted",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Suspended => "suspended",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl From<strata_domain::job::JobState> for JobState {
    fn from(state: strata_domain::job::JobState) -> Self {
        use strata_domain::job::JobState as Domain;
        match state {
            Domain::Queued => Self::Queued,
            Domain::Admitted => Self::Admitted,
            Domain::Starting => Self::Starting,
            Domain::Running => Self::Running,
            Domain::Suspended => Self::Suspended,
            Domain::Succeeded => Self::Succeeded,
            Domain::Failed => Self::Failed,
            Domain::Unknown => Self::Unknown,
        }
    }
}

/// A job. Times are in RFC 3339.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct JobRow {
    /// Its kind, such as `TrainJob`.
    pub kind: String,
    /// The kind's API group; empty for the core group.
    pub group: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Where it is in its life.
    pub state: JobState,
    /// How bad that is.
    pub severity: Severity,
    /// Why it is so, where something is to be said.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// Whether it lasts until someone stops it.
    pub is_lasting: bool,
    /// How far it came, from 0 to 1, where that is told.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<f64>,
    /// Parts done of all, where it counts parts.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<Ready>,
    /// Pods ready of wanted, where that is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
    /// Accelerators that it asks for, where that is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpus_asked: Option<u32>,
    /// Accelerators that its pods hold.
    pub gpus_held: u32,
    /// Its queue; empty where it is in none.
    pub queue: String,
    /// Where it stands among those that wait in its queue, from 1, and how many wait.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Its priority class; may be empty.
    pub priority: String,
    /// Who it belongs to, by its labels; may be empty.
    pub owner: String,
    /// When it came.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queued_at: Option<String>,
    /// When it began to run.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// How often it was begun anew after a failure.
    pub retries: u32,
    /// How often a queue took back what it had let in.
    pub evictions: u32,
    /// What is known of its end where it is no longer in the cluster; absent while it is.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<JobGone>,
}

/// That a job is no longer in the cluster: it was deleted, or cleaned up after it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobGone {
    /// Where it was in its life when it was seen last.
    pub last: JobState,
    /// When it was missed first, in RFC 3339; absent where nobody looked then.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed_at: Option<String>,
    /// When it was seen last, in RFC 3339, where it was not over and went while Strata was closed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<String>,
}

/// A place in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Position {
    /// From 1.
    pub at: u32,
    /// How many wait.
    pub of: u32,
}

/// The head of a group of jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobGroupRow {
    /// What its jobs have in common; empty where they have it not.
    pub name: String,
    /// How many they are.
    pub jobs: u32,
    /// How many of them run.
    pub running: u32,
    /// How many of them should run and do not.
    pub waiting: u32,
    /// Accelerators that they hold.
    pub gpus_held: u32,
}

/// Room in a list of jobs: its lane is longer in a list beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobRoomRow {
    /// What the jobs of the lane have in common; empty where they have it not.
    pub group: String,
}

/// How many jobs are in which state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct JobSummaryRow {
    /// Each state that a job is in, in the order of a life, and how many are.
    pub states: Vec<JobCount>,
    /// Whether lists of kinds that may be jobs are still to come.
    pub loading: bool,
    /// The permissions that are missing to list kinds that may be jobs.
    pub forbidden: Vec<String>,
    /// Where those that are missing in the whole cluster are there: jobs of these kinds are seen in
    /// these namespaces alone.
    pub namespaces: Vec<String>,
    /// How long half of those that began in the last 24 hours had waited at most, in seconds.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_median_seconds: Option<f64>,
    /// How long 95 of 100 of them had waited at most, in seconds.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_p95_seconds: Option<f64>,
}

/// How many jobs are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobCount {
    /// The state.
    pub state: JobState,
    /// How many.
    pub jobs: u32,
}

/// All that is known of one job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct JobDetailRow {
    /// The job as the list shows it.
    pub job: JobRow,
    /// The tree of what it consists of: each object below the one that keeps it.
    pub tree: Vec<JobPart>,
    /// How many parts were left out of the tree for its length.
    pub more: u32,
    /// What it consists of by its own spec.
    pub roles: Vec<JobRole>,
    /// The conditions of its objects, the topmost first.
    pub conditions: Vec<JobCondition>,
    /// Those that wait in its queue, in order, as far as around it.
    pub line: Vec<Waiting>,
    /// What its queue says of it, as it wrote it; may be empty.
    pub said_by_queue: String,
    /// Each run of its workers' containers that the cluster still tells of, where there was more than
    /// one or it ended badly; by worker, the latest first.
    pub attempts: Vec<JobAttempt>,
    /// The GPUs that its pods hold, and what they do now.
    pub gpus: Vec<GpuRow>,
    /// GPUs that were left out for their number.
    pub more_gpus: u32,
}

/// An object that a job consists of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct JobPart {
    /// How deep it stands in the tree; the job itself is 0.
    pub depth: u32,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Which of the workers it is, by its labels: `worker 3`; empty where they do not tell.
    pub rank: String,
    /// What it does, in one word of its own.
    pub status: String,
    /// How bad that is.
    pub severity: Severity,
    /// Why, where it is a fault.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Phrase>,
    /// The node of a pod; empty while it has none.
    pub node: String,
    /// Accelerators of a pod.
    pub gpus: u32,
    /// Restarts of a pod's containers.
    pub restarts: u32,
    /// Pods ready of wanted, where it keeps pods.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
}

/// A part of a job by its spec.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[expect(missing_docs, reason = "`strata_domain::job::Role` says it")]
pub struct JobRole {
    pub name: String,
    pub wanted: u32,
    pub active: u32,
    pub succeeded: u32,
    pub failed: u32,
}

/// A condition of one of a job's objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobCondition {
    /// The kind of the object.
    pub kind: String,
    /// The object's name.
    pub name: String,
    /// The condition's type.
    pub condition: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// The machine's word; may be empty.
    pub reason: String,
    /// The sentence; may be empty.
    pub message: String,
    /// When the status last changed, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// One run of a container of a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct JobAttempt {
    /// The worker, by its labels: `worker 3`; the pod's name where they do not tell.
    pub worker: String,
    /// Its pod.
    pub pod: String,
    /// Its container.
    pub container: String,
    /// Which run of this worker it is, from 1.
    pub number: u32,
    /// When it began, in RFC 3339, where that is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended, in RFC 3339; absent while it runs.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// The exit code, 128 plus the signal if one killed it; absent while it runs.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// What that means.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Phrase>,
}

/// One that waits in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Waiting {
    /// Its place, from 1.
    pub at: u32,
    /// Its kind.
    pub kind: String,
    /// Its API group.
    pub group: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Accelerators that it asks for, where that is known.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpus: Option<u32>,
    /// Its priority class; may be empty.
    pub priority: String,
    /// When it came, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queued_at: Option<String>,
}
