//! Reasons that a trace found when somebody asked why a job does not run.
//!
//! A trace looks further than what is followed: at placement, quota, images, volumes, logs. What it
//! found is shown wherever the job is, as long as nothing tells that it is otherwise by now.

use hashbrown::HashMap;
use jiff::{SignedDuration, Timestamp};
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::{ids::Uid, job::JobState};

use super::Job;

/// How long a trace is taken to be so: what is short today is shorter or not tomorrow.
const KEPT: SignedDuration = SignedDuration::from_mins(5);

/// The reasons that traces found, by job.
#[derive(Clone, Debug, Default)]
pub(super) struct Traces {
    by_uid: HashMap<Uid, Trace>,
}

#[derive(Clone, Debug)]
struct Trace {
    found: Phrase,
    at: Timestamp,
    /// How the job did then, by what is followed.
    state: JobState,
    own: Option<PhraseCode>,
}

impl Traces {
    /// Keeps what a trace of `job` found, or that it found nothing.
    pub(super) fn note(&mut self, job: &Job, found: Option<Phrase>, now: Timestamp) {
        self.by_uid
            .retain(|_, trace| now.duration_since(trace.at) < KEPT);
        let before = self.by_uid.remove(&job.uid);
        let Some(found) = found else {
            return;
        };
        // What is shown may be what a trace found before.
        let own = match before {
            Some(before) if job.reason.as_ref() == Some(&before.found) => before.own,
            _ => job.reason.as_ref().map(|reason| reason.code),
        };
        let trace = Trace {
            found,
            at: now,
            state: job.state,
            own,
        };
        self.by_uid.insert(job.uid.clone(), trace);
    }

    /// Gives `job` the reason that a trace found, where that may still be so.
    pub(super) fn apply(&self, mut job: Job, now: Timestamp) -> Job {
        let own = job.reason.as_ref().map(|reason| reason.code);
        let found = self.by_uid.get(&job.uid).filter(|trace| {
            trace.state == job.state && trace.own == own && now.duration_since(trace.at) < KEPT
        });
        if let Some(trace) = found {
            let words = format!("{}\n{}", job.words, trace.found.english().to_lowercase());
            job.words = words.into();
            job.reason = Some(trace.found.clone());
        }
        job
    }
}
