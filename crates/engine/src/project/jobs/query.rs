//! What is asked of the jobs.

use jiff::Timestamp;
use strata_api::{
    rows::job::JobState,
    topics::{JobGroup, JobPast, JobSort},
};

use crate::derive::jobs::Job;

/// What a list of jobs asks for; windows with equal questions share an order.
#[derive(Clone, Debug, PartialEq)]
pub struct JobQuery {
    /// Those of these namespaces alone; empty for all.
    pub namespaces: Vec<String>,
    /// Those in these states alone; empty for all.
    pub states: Vec<JobState>,
    /// Those that every word of this text, in lower case, is found in; empty for all.
    pub filter: String,
    /// What they are grouped by, if they are.
    pub group: Option<JobGroup>,
    /// The states whose lists have these groups in common, each as long in all of them; empty for none.
    pub lanes: Vec<JobState>,
    /// The order, within a group where there are groups.
    pub sort: JobSort,
    /// Those too that are no longer in the cluster and that this time knew.
    pub past: Option<Span>,
}

impl JobQuery {
    pub(super) fn is_of_namespace(&self, job: &Job) -> bool {
        self.namespaces.is_empty()
            || self
                .namespaces
                .iter()
                .any(|asked| job.key.namespace == **asked)
    }

    pub(super) fn is_in_state(&self, job: &Job) -> bool {
        self.states.is_empty() || self.states.contains(&job.state.into())
    }

    pub(super) fn is_found(&self, job: &Job) -> bool {
        self.filter
            .split_whitespace()
            .all(|word| job.words.contains(word))
    }
}

/// A time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

impl Span {
    /// The time that is asked for; all that was, where it is not told in words that are one.
    pub(super) fn of(asked: &JobPast) -> Self {
        Self {
            from: asked.from.parse().unwrap_or(Timestamp::MIN),
            until: asked.until.parse().unwrap_or(Timestamp::MAX),
        }
    }

    /// Whether `job` came before this time was over, and ended in it or after.
    pub(super) fn knew(self, job: &Job) -> bool {
        let came = job.queued.or(job.started).or(job.finished);
        came.is_none_or(|came| came <= self.until)
            && job.finished.is_none_or(|finished| finished >= self.from)
    }
}
