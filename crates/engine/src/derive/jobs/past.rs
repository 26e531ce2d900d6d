//! Jobs that are no longer in the cluster, as they were when they were seen last.
//!
//! A job is kept when it ends, since its object may be cleaned up while nobody looks, once more when it
//! is missed, and now and then while it is on its way, for it may go while Strata is closed. So of what
//! is kept some may still be there: which is gone is told by the jobs that there are.
//!
//! What is kept has no words of a container or of a controller in it ([`unsaid`]).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hashbrown::HashMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strata_api::phrases::Phrase;
use strata_domain::{
    ids::{GroupKind, ObjectKey, Uid},
    job::JobState,
    severity::Severity,
    text::Text,
};
use strata_ports::past_jobs::{MOST, PastJob};

use super::{Job, build};
use crate::{derive::unsaid::unsaid, fleet::cluster::Cluster};

/// That a job is no longer in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Where it was in its life when it was seen last.
    pub last: JobState,
    /// When it was missed first; `None` where nobody looked then.
    pub missed: Option<Timestamp>,
    /// When it was seen last, where it went on its way and nobody looked then.
    pub seen: Option<Timestamp>,
}

/// How much of the cluster is read: what is not read is not missed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Whether every list has come.
    pub(super) is_whole: bool,
    /// The kinds that may not be read in the whole cluster, and the namespaces in which they are read.
    partly: BTreeMap<GroupKind, BTreeSet<Text>>,
}

impl Reach {
    pub(super) fn of(cluster: &Cluster) -> Self {
        let partly = cluster
            .watches()
            .filter(|(_, watch)| watch.missing_permission().is_some());
        Self {
            is_whole: cluster.is_complete(),
            partly: partly
                .map(|(kind, watch)| (kind.clone(), watch.seen_in.clone()))
                .collect(),
        }
    }

    /// Whether a job of `kind` in `namespace` that is not there is gone.
    pub(super) fn covers(&self, kind: &GroupKind, namespace: &str) -> bool {
        let seen_in = self.partly.get(kind);
        self.is_whole && seen_in.is_none_or(|seen_in| seen_in.contains(namespace))
    }
}

/// What is kept of jobs that ended or were missed, by identity.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    by_uid: Arc<HashMap<Uid, Arc<Job>>>,
}

impl Past {
    /// All of them, in no order; some may still be there.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.by_uid.values()
    }

    /// Whether it is kept that `job` ended, and when.
    pub(super) fn has(&self, job: &Job) -> bool {
        self.by_uid
            .get(&job.uid)
            .is_some_and(|kept| kept.finished == job.finished)
    }

    /// With `jobs`, which outdate what was kept of them. Of too many those that ended first go.
    pub(super) fn with(&self, jobs: impl IntoIterator<Item = Arc<Job>>) -> Self {
        let mut by_uid = (*self.by_uid).clone();
        by_uid.extend(jobs.into_iter().map(|job| (job.uid.clone(), job)));
        if by_uid.len() > MOST {
            let mut ends: Vec<_> = by_uid.values().map(|job| job.finished).collect();
            ends.sort_unstable();
            let first = ends.get(by_uid.len() - MOST).copied().flatten();
            by_uid.retain(|_, job| job.finished >= first);
        }
        Self {
            by_uid: Arc::new(by_uid),
        }
    }
}

/// Whether `job`, which was there, is not any more, rather than not read or told of as another's part.
pub(super) fn is_missed(cluster: &Cluster, job: &Job) -> bool {
    // A kind that is not watched is known by its pods alone.
    let watch = cluster
        .watch(&job.kind)
        .or_else(|| cluster.watch(&GroupKind::new("", "Pod")));
    watch.is_some_and(|watch| watch.covers(&job.key.namespace))
        && cluster.object(&job.kind, &job.uid).is_none()
}

/// `job` as one that was there, and was missed at `now`.
pub(super) fn missed(job: &Job, now: Timestamp) -> Job {
    let gone = Gone {
        last: job.state,
        missed: Some(now),
        seen: None,
    };
    as_gone(job, gone)
}

fn as_gone(job: &Job, gone: Gone) -> Job {
    let last = gone.last;
    // Whether what was deleted on its way would have ended well nobody knows.
    let (state, severity) = if last.is_over() {
        (last, job.severity)
    } else {
        (JobState::Unknown, Severity::Unknown)
    };
    Job {
        state,
        severity,
        progress: None,
        ready: None,
        gpus_asked: gpus(job),
        gpus_held: 0,
        said_by_queue: Text::default(),
        finished: job.finished.or(gone.missed).or(gone.seen),
        gone: Some(gone),
        words: build::words(
            &job.kind,
            &job.key,
            &job.queue,
            &job.owner,
            state,
            job.reason.as_ref(),
        ),
        ..job.clone()
    }
}

/// The accelerators that `job` asks for, or else those that it holds.
fn gpus(job: &Job) -> Option<u32> {
    job.gpus_asked
        .or((job.gpus_held > 0).then_some(job.gpus_held))
}

/// A job as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    kind: GroupKind,
    key: ObjectKey,
    last: JobState,
    severity: Severity,
    reason: Option<Phrase>,
    is_lasting: bool,
    gpus: Option<u32>,
    queue: Text,
    priority: Text,
    priority_value: i64,
    owner: Text,
    queued: Option<Timestamp>,
    started: Option<Timestamp>,
    finished: Option<Timestamp>,
    missed: Option<Timestamp>,
    retries: u32,
    evictions: u32,
}

/// `job` as the store keeps it; one that does not tell when it ended, ended `now`.
pub(crate) fn kept(job: &Job, now: Timestamp) -> Option<PastJob> {
    Some(PastJob {
        uid: job.uid.clone(),
        ended: job.finished.unwrap_or(now),
        what: text(job)?,
    })
}

/// What is kept of `job` while it is not over.
pub(crate) fn written(job: &Job) -> Option<Arc<str>> {
    text(job).map(Arc::from)
}

fn text(job: &Job) -> Option<String> {
    let what = Kept {
        kind: job.kind.clone(),
        key: job.key.clone(),
        last: job.gone.map_or(job.state, |gone| gone.last),
        severity: job.severity,
        reason: job.reason.as_ref().map(unsaid),
        is_lasting: job.is_lasting,
        gpus: gpus(job),
        queue: job.queue.clone(),
        priority: job.priority.clone(),
        priority_value: job.priority_value,
        owner: job.owner.clone(),
        queued: job.queued,
        started: job.started,
        finished: job.finished,
        missed: job.gone.and_then(|gone| gone.missed),
        retries: job.retries,
        evictions: job.evictions,
    };
    serde_json::to_string(&what).ok()
}

/// The jobs that a store kept, as ones that are gone. What another Strata wrote otherwise is left out.
pub(crate) fn remembered(jobs: Vec<PastJob>) -> Vec<Arc<Job>> {
    jobs.into_iter().filter_map(read).map(Arc::new).collect()
}

fn read(past: PastJob) -> Option<Job> {
    let kept: Kept = serde_json::from_str(&past.what).ok()?;
    let job = Job {
        uid: past.uid,
        kind: kept.kind,
        key: kept.key,
        state: kept.last,
        severity: kept.severity,
        reason: kept.reason,
        is_lasting: kept.is_lasting,
        progress: None,
        ready: None,
        gpus_asked: kept.gpus,
        gpus_held: 0,
        queue: kept.queue,
        said_by_queue: Text::default(),
        priority: kept.priority,
        priority_value: kept.priority_value,
        owner: kept.owner,
        queued: kept.queued,
        started: kept.started,
        finished: kept.finished,
        retries: kept.retries,
        evictions: kept.evictions,
        gone: None,
        words: Box::default(),
    };
    let is_of_its_end = kept.last.is_over() || kept.missed.is_some();
    let gone = Gone {
        last: kept.last,
        missed: kept.missed,
        seen: (!is_of_its_end).then_some(past.ended),
    };
    Some(as_gone(&job, gone))
}
