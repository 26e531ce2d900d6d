//! A job as a row.

use strata_api::rows::{
    Ready,
    job::{JobGone, JobRow, Position, Waiting},
};
use strata_domain::job::Progress;

use crate::derive::jobs::{Job, Jobs};

/// The id of a job's row, and how addresses name it: `NAMESPACE/KIND.GROUP/NAME`, and `@UID` behind
/// it where the job is gone: another one may have its name by now.
pub fn id(job: &Job) -> String {
    let id = format!("{}/{}/{}", job.key.namespace, job.kind, job.key.name);
    match job.gone {
        Some(_) => format!("{id}@{}", job.uid.0),
        None => id,
    }
}

/// The row of `job`.
pub(super) fn of(jobs: &Jobs, job: &Job) -> JobRow {
    JobRow {
        kind: job.kind.kind.to_string(),
        group: job.kind.group.to_string(),
        namespace: job.key.namespace.to_string(),
        name: job.key.name.to_string(),
        state: job.state.into(),
        severity: job.severity.into(),
        reason: job.reason.clone(),
        is_lasting: job.is_lasting,
        progress: super::progress(job),
        parts: match job.progress {
            Some(Progress::Parts { done, of }) => Some(Ready {
                ready: done,
                desired: of,
            }),
            _ => None,
        },
        ready: job.ready,
        gpus_asked: job.gpus_asked,
        gpus_held: job.gpus_held,
        queue: job.queue.to_string(),
        position: jobs.lines().position(&job.uid).map(|position| Position {
            at: position.at,
            of: position.of,
        }),
        priority: job.priority.to_string(),
        owner: job.owner.to_string(),
        queued_at: job.queued.map(|at| at.to_string()),
        started_at: job.started.map(|at| at.to_string()),
        finished_at: job.finished.map(|at| at.to_string()),
        retries: job.retries,
        evictions: job.evictions,
        gone: job.gone.map(|gone| JobGone {
            last: gone.last.into(),
            missed_at: gone.missed.map(|at| at.to_string()),
            seen_at: gone.seen.map(|at| at.to_string()),
        }),
    }
}

/// `job` in the line before its queue.
pub fn waiting(job: &Job, at: u32) -> Waiting {
    Waiting {
        at,
        kind: job.kind.kind.to_string(),
        group: job.kind.group.to_string(),
        namespace: job.key.namespace.to_string(),
        name: job.key.name.to_string(),
        gpus: job.gpus_asked,
        priority: job.priority.to_string(),
        queued_at: job.queued.map(|at| at.to_string()),
    }
}
