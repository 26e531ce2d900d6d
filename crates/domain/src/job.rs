//! Jobs: whatever should run and hold pods, of any kind, in one set of words.
//!
//! A training run, a batch job, a served model and a pipeline are described by two dozen kinds, each
//! with words of its own. [`JobObject`] is what the object of one of them says of itself, in the
//! words of this module; what its pods and its queue say besides is joined later.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    condition::{Condition, Status, find},
    node::Resources,
    text::Text,
};

/// Where a job is in its life.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum JobState {
    /// Held by a queue that has not let it in.
    Queued,
    /// Let in; its pods are not all there yet.
    Admitted,
    /// Its pods are there and do not all run yet, or no longer.
    Starting,
    /// It runs.
    Running,
    /// Put on hold by someone; it goes on when that is taken back.
    Suspended,
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Its object does not say, or not in words that are known.
    #[default]
    Unknown,
}

impl JobState {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Admitted,
        Self::Starting,
        Self::Running,
        Self::Suspended,
        Self::Succeeded,
        Self::Failed,
        Self::Unknown,
    ];

    /// Whether it is over for good.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }

    /// Whether it should run and does not yet.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Queued | Self::Admitted | Self::Starting)
    }
}

/// What a job's own object says of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobObject {
    /// The state by its own words.
    pub state: JobState,
    /// Whether it lasts until someone stops it: serving, notebooks, clusters.
    pub is_lasting: bool,
    /// Whether its own object is on hold (`spec.suspend` and its like). A queue holds jobs back so.
    pub is_suspended: bool,
    /// The controller's word for why, else the raw phase; may be empty.
    pub reason: Text,
    /// The controller's sentence; may be empty.
    pub message: Text,
    /// When it came to this state, where that is told.
    pub since: Option<Timestamp>,
    /// Pods that it wants at once, where that is told.
    pub wanted: Option<u32>,
    /// Pods of these that are ready, where the object tells; its pods tell otherwise.
    pub ready: Option<u32>,
    /// How far it came, where that is told.
    pub progress: Option<Progress>,
    /// What its pods ask for together, where the object tells.
    pub asks: Option<Resources>,
    /// Its queue by its own spec; may be empty. Labels that name a queue are read elsewhere.
    pub queue: Text,
    /// Its priority class; may be empty.
    pub priority: Text,
    /// Its priority as a number, where one is written (Kueue's Workload).
    pub priority_value: Option<i64>,
    /// When it began to run.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// How often it was begun anew after a failure, where that is told.
    pub retries: Option<u32>,
    /// How often a queue took back what it had let in, where that is told.
    pub evictions: Option<u32>,
    /// What it consists of, in the order of the spec.
    pub roles: Box<[Role]>,
    /// The volume claims that its pods are to mount, by name, as far as its own templates say.
    pub volume_claims: Box<[Text]>,
}

/// A part of a job: the workers, the launcher, a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// What the spec calls it.
    pub name: Text,
    /// How many of it are wanted.
    pub wanted: u32,
    /// How many run.
    pub active: u32,
    /// How many ended well.
    pub succeeded: u32,
    /// How many ended badly.
    pub failed: u32,
}

/// How far a job came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// So many parts are done, of so many.
    Parts {
        /// Done.
        done: u32,
        /// In all.
        of: u32,
    },
    /// The job says so itself, in percent.
    Percent(u8),
}

impl JobObject {
    /// A job in `state`, for `reason`.
    pub fn of(state: JobState, reason: impl Into<Text>) -> Self {
        Self {
            state,
            reason: reason.into(),
            ..Self::default()
        }
    }

    /// A job in `state`, because `condition` says so.
    pub fn by(state: JobState, condition: &Condition) -> Self {
        Self {
            state,
            reason: condition.reason.clone(),
            message: condition.message.clone(),
            since: condition.since,
            finished: condition.since.filter(|_| state.is_over()),
            ..Self::default()
        }
    }
}

/// Words that every kind may use, and what they mean. Sources: kstatus (sigs.k8s.io/cli-utils), and
/// the phases that operators write most.
const WORDS: [(&[&str], JobState); 6] = [
    (
        &[
            "succeeded",
            "success",
            "complete",
            "completed",
            "finished",
            "done",
        ],
        JobState::Succeeded,
    ),
    (
        &["failed", "failure", "error", "errored", "invalid"],
        JobState::Failed,
    ),
    (
        &["suspended", "paused", "stopped", "aborted", "hibernated"],
        JobState::Suspended,
    ),
    (
        &[
            "running",
            "ready",
            "available",
            "active",
            "healthy",
            "provisioned",
            "serving",
            "deployed",
            "successful",
        ],
        JobState::Running,
    ),
    (&["queued", "waiting", "inqueue"], JobState::Queued),
    (
        &[
            "pending",
            "creating",
            "initializing",
            "starting",
            "progressing",
            "inprogress",
            "notready",
            "deploying",
            "submitted",
            "restarting",
            "provisioning",
        ],
        JobState::Starting,
    ),
];

/// What a phase's word means in any kind; `None` for a word that is not known.
pub fn by_word(word: &str) -> Option<JobState> {
    let word = word.to_ascii_lowercase().replace(['_', '-', ' '], "");
    WORDS
        .iter()
        .find(|(words, _)| words.contains(&word.as_str()))
        .map(|(_, state)| *state)
}

/// Reads an object of a kind that nobody described: by the conditions that most projects write, then
/// by its phase (`status.phase` or `status.state`; empty where it has none).
pub fn by_conditions(conditions: &[Condition], phase: &str) -> JobObject {
    let holds = |kind: &str| find(conditions, kind).filter(|found| found.status == Status::True);
    for (kinds, state) in [
        (&["Failed"][..], JobState::Failed),
        (
            &["Complete", "Completed", "Succeeded", "Finished"],
            JobState::Succeeded,
        ),
        (&["Suspended", "Paused", "Stopped"], JobState::Suspended),
        (&["Ready", "Available", "Running"], JobState::Running),
    ] {
        if let Some(condition) = kinds.iter().find_map(|kind| holds(kind)) {
            return JobObject::by(state, condition);
        }
    }
    let by_phase = by_word(phase);
    if let Some(state) = by_phase.filter(|state| *state != JobState::Running) {
        return JobObject::of(state, phase);
    }
    let is_not = |kind: &str| find(conditions, kind).filter(|found| found.status != Status::True);
    if let Some(condition) = ["Ready", "Available"].iter().find_map(|kind| is_not(kind)) {
        return JobObject::by(JobState::Starting, condition);
    }
    JobObject::of(by_phase.unwrap_or_default(), phase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(kind: &str, status: Status) -> Condition {
        Condition {
            kind: kind.into(),
            status,
            reason: format!("{kind}Reason").into(),
            message: Text::default(),
            since: None,
        }
    }

    #[test]
    fn an_unknown_kind_is_read_by_the_conditions_that_most_write() {
        let read = by_conditions(&[condition("Ready", Status::True)], "");
        assert_eq!(
            (read.state, read.reason.as_str()),
            (JobState::Running, "ReadyReason")
        );
        let read = by_conditions(
            &[
                condition("Ready", Status::False),
                condition("Failed", Status::True),
            ],
            "Running",
        );
        assert_eq!(read.state, JobState::Failed);
    }

    #[test]
    fn a_phase_that_says_running_does_not_outrank_a_condition_that_says_not_ready() {
        let read = by_conditions(&[condition("Ready", Status::False)], "Running");
        assert_eq!(read.state, JobState::Starting);
        assert_eq!(by_conditions(&[], "Running").state, JobState::Running);
    }

    #[test]
    fn a_word_that_is_not_known_is_unknown_and_kept() {
        let read = by_conditions(&[], "Metamorphosing");
        assert_eq!(
            (read.state, read.reason.as_str()),
            (JobState::Unknown, "Metamorphosing")
        );
        assert_eq!(by_word("IN_PROGRESS"), Some(JobState::Starting));
    }
}
