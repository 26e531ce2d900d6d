//! Which jobs are not over: told with every step, so that one which goes while Strata is closed can be
//! told of at its next start.

use std::sync::Arc;

use hashbrown::HashMap;
use jiff::Timestamp;
use strata_domain::ids::Uid;
use strata_ports::past_jobs::{LivingJob, LivingNow};

use crate::derive::jobs::{Job, Jobs, past};

/// What was told last.
#[derive(Debug, Default)]
pub(super) struct Living {
    told: Option<HashMap<Uid, Told>>,
}

#[derive(Debug)]
struct Told {
    job: Arc<Job>,
    what: Arc<str>,
}

impl Living {
    /// Tells of `jobs`; those that are over are told by themselves when they end.
    pub(super) fn tell(&mut self, jobs: &Jobs, now: Timestamp) -> LivingNow {
        let is_first = self.told.is_none();
        let mut before = self.told.take().unwrap_or_default();
        let mut is_other = is_first;
        let mut told = HashMap::with_capacity(before.len());
        for job in jobs.iter().filter(|job| !job.state.is_over()) {
            let known = before.remove(&job.uid);
            if let Some(same) = known.filter(|known| is_told(&known.job, job)) {
                told.insert(job.uid.clone(), same);
                continue;
            }
            is_other = true;
            if let Some(what) = past::written(job) {
                let job = Arc::clone(job);
                told.insert(job.uid.clone(), Told { job, what });
            }
        }
        is_other |= !before.is_empty();
        let jobs = is_other.then(|| told.iter().map(as_living).collect());
        self.told = Some(told);
        LivingNow {
            at: now,
            is_first,
            jobs,
        }
    }
}

/// Whether what was told of a job says the same as now. How long it waits by now stands in its reason,
/// and is no news.
fn is_told(told: &Arc<Job>, job: &Arc<Job>) -> bool {
    let facts = |job: &Job| {
        (
            (job.state, job.severity, job.gpus_asked, job.is_lasting),
            job.reason.as_ref().map(|reason| reason.code),
            (job.queue.clone(), job.priority.clone(), job.owner.clone()),
            (job.queued, job.started, job.retries, job.evictions),
        )
    };
    Arc::ptr_eq(told, job) || facts(told) == facts(job)
}

fn as_living((uid, told): (&Uid, &Told)) -> LivingJob {
    LivingJob {
        uid: uid.clone(),
        what: Arc::clone(&told.what),
    }
}

#[cfg(test)]
mod tests;
