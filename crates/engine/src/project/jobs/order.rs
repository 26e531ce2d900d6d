//! Which of two jobs comes first in a list.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};
use strata_api::topics::{JobColumn, JobSort};
use strata_domain::{job::JobState, severity::Severity};

use super::progress;
use crate::derive::jobs::Job;

/// Compares by the column of `sort`; what is equal there goes by name, so that an order is one.
pub(super) fn compare(sort: JobSort, left: &Job, right: &Job) -> Ordering {
    let by_column = match sort.by {
        JobColumn::State => (rank(left), left.severity < Severity::Warning)
            .cmp(&(rank(right), right.severity < Severity::Warning))
            .then_with(|| recent(right).cmp(&recent(left))),
        JobColumn::Name => left.key.name.cmp(&right.key.name),
        JobColumn::Kind => left.kind.kind.cmp(&right.kind.kind),
        JobColumn::Namespace => left.key.namespace.cmp(&right.key.namespace),
        JobColumn::Queue => left.queue.cmp(&right.queue),
        JobColumn::Owner => left.owner.cmp(&right.owner),
        JobColumn::Gpus => left.gpus_asked.cmp(&right.gpus_asked),
        // Longest first is oldest first.
        JobColumn::Queued => right.queued.cmp(&left.queued),
        JobColumn::Run => run(left).cmp(&run(right)),
        JobColumn::Progress => progress(left)
            .unwrap_or(-1.0)
            .total_cmp(&progress(right).unwrap_or(-1.0)),
        JobColumn::Priority => left.priority_value.cmp(&right.priority_value),
        JobColumn::Retries => {
            (left.retries + left.evictions).cmp(&(right.retries + right.evictions))
        }
    };
    let directed = if sort.descending {
        by_column.reverse()
    } else {
        by_column
    };
    directed
        .then_with(|| left.key.cmp(&right.key))
        .then_with(|| left.kind.cmp(&right.kind))
        .then_with(|| left.uid.cmp(&right.uid))
}

/// What should run comes before what runs, that before what is over.
fn rank(job: &Job) -> u8 {
    match job.state {
        JobState::Queued => 0,
        JobState::Admitted => 1,
        JobState::Starting => 2,
        JobState::Running => 3,
        JobState::Unknown => 4,
        JobState::Suspended => 5,
        JobState::Failed => 6,
        JobState::Succeeded => 7,
    }
}

fn recent(job: &Job) -> Option<Timestamp> {
    job.finished.or(job.started).or(job.queued)
}

/// A number that orders as the time in which it ran: what still runs goes by its beginning.
fn run(job: &Job) -> (bool, SignedDuration) {
    match (job.started, job.finished) {
        (Some(started), Some(finished)) => (true, finished.duration_since(started)),
        (Some(started), None) => (true, Timestamp::MAX.duration_since(started)),
        _ => (false, SignedDuration::ZERO),
    }
}
