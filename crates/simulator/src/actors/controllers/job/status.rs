//! The status of jobs: what is counted, and how a job ends.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Indexes, say};
use crate::{
    actors::{
        Subject,
        controllers::counts,
        events::Event,
        kubelet::set_condition,
        pods::{self, Tally},
    },
    clock, json,
    world::{World, agenda::Deed},
};

/// What a job has come to so far.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) succeeded: u64,
    pub(super) failed: u64,
    pub(super) completed: Indexes,
    pub(super) failed_indexes: Indexes,
    /// Failures of single indexes that were counted just now.
    pub(super) index_failures: BTreeMap<u64, u64>,
    pub(super) last_failure: Option<Timestamp>,
    target: Option<Finish>,
}

/// How a job ends.
#[derive(Clone, Debug)]
pub(super) struct Finish {
    is_good: bool,
    reason: String,
    message: String,
}

impl Finish {
    pub(super) fn good(reason: &str, message: impl Into<String>) -> Self {
        Self {
            is_good: true,
            reason: reason.to_owned(),
            message: message.into(),
        }
    }

    pub(super) fn failed(reason: &str, message: impl Into<String>) -> Self {
        Self {
            is_good: false,
            ..Self::good(reason, message)
        }
    }
}

impl Progress {
    pub(super) fn read(world: &World, subject: &Subject<'_>) -> Self {
        let job = subject.object;
        let target = json::items(job, "/status/conditions")
            .iter()
            .filter(|known| json::text(known, "/status") == "True")
            .find_map(|known| {
                let is_good = match json::text(known, "/type") {
                    "SuccessCriteriaMet" => true,
                    "FailureTarget" => false,
                    _ => return None,
                };
                Some(Finish {
                    is_good,
                    reason: json::text(known, "/reason").to_owned(),
                    message: json::text(known, "/message").to_owned(),
                })
            });
        Self {
            succeeded: json::count(job, "/status/succeeded"),
            failed: json::count(job, "/status/failed"),
            completed: Indexes::read(json::text(job, "/status/completedIndexes")),
            failed_indexes: Indexes::read(json::text(job, "/status/failedIndexes")),
            index_failures: BTreeMap::new(),
            last_failure: world.job_failures.get(&subject.stored.uid).copied(),
            target,
        }
    }

    /// The end that was decided on before.
    pub(super) fn target(&self) -> Option<Finish> {
        self.target.clone()
    }
}

pub(super) fn holds(job: &Value, kind: &str) -> bool {
    json::items(job, "/status/conditions")
        .iter()
        .any(|known| json::text(known, "/type") == kind && json::text(known, "/status") == "True")
}

pub(super) fn write(
    world: &mut World,
    subject: &Subject<'_>,
    progress: &Progress,
    finish: Option<&Finish>,
    is_suspended: bool,
) {
    let job = subject.object;
    let owned = pods::owned_by(world, &subject.stored.uid);
    let tally = Tally::of(&owned);
    let terminating = owned.iter().filter(|pod| pod.is_stopping).count();
    let stamp = world.stamp();
    let mut status = counts([
        ("active", tally.active),
        ("succeeded", progress.succeeded),
        ("failed", progress.failed),
    ]);
    status.insert("ready".to_owned(), tally.ready.into());
    status.insert("terminating".to_owned(), terminating.into());
    status.insert("uncountedTerminatedPods".to_owned(), json!({}));
    if !progress.completed.is_empty() {
        let text = progress.completed.to_string();
        status.insert("completedIndexes".to_owned(), text.into());
    }
    if job.pointer("/spec/backoffLimitPerIndex").is_some() {
        let text = progress.failed_indexes.to_string();
        status.insert("failedIndexes".to_owned(), text.into());
    }
    let started = json::text(job, "/status/startTime");
    if !is_suspended {
        let is_new = started.is_empty();
        let started = if is_new { stamp.as_str() } else { started };
        status.insert("startTime".to_owned(), started.into());
        let deadline = job
            .pointer("/spec/activeDeadlineSeconds")
            .and_then(Value::as_u64);
        if let Some(seconds) = deadline.filter(|_| is_new) {
            let at = clock::later(world.now(), Duration::from_secs(seconds));
            world
                .agenda
                .plan(at, Deed::look(subject.kind, &subject.stored.key));
        }
    }
    let known = json::items(job, "/status/conditions").to_vec();
    if !known.is_empty() {
        status.insert("conditions".to_owned(), known.into());
    }
    let mut written = json!({ "status": status });
    suspend(world, subject, &mut written, is_suspended);
    if let Some(finish) = finish {
        let is_settled = tally.active == 0 && (terminating == 0 || finish.is_good);
        end(world, subject, &mut written, finish, is_settled);
    }
    let status = written.get("status").cloned().unwrap_or_default();
    world.set_status(subject.kind, &subject.stored.key, status);
    if let Some(failed) = progress.last_failure {
        let uid = subject.stored.uid.clone();
        world.job_failures.insert(uid, failed);
    }
}

fn suspend(world: &mut World, subject: &Subject<'_>, written: &mut Value, is_suspended: bool) {
    let was = holds(subject.object, "Suspended");
    let (status, reason, message) = if is_suspended {
        ("True", "JobSuspended", "Job suspended")
    } else {
        ("False", "JobResumed", "Job resumed")
    };
    if is_suspended == was {
        return;
    }
    set(world, written, "Suspended", status, (reason, message));
    let event = if is_suspended {
        Event::normal("Suspended", message)
    } else {
        Event::normal("Resumed", message)
    };
    say(world, subject, event);
}

/// First the decision, then, when no pod runs any more, the end.
fn end(
    world: &mut World,
    subject: &Subject<'_>,
    written: &mut Value,
    finish: &Finish,
    is_settled: bool,
) {
    let why = (finish.reason.as_str(), finish.message.as_str());
    let (target, condition) = if finish.is_good {
        ("SuccessCriteriaMet", "Complete")
    } else {
        ("FailureTarget", "Failed")
    };
    set(world, written, target, "True", why);
    if !is_settled {
        return;
    }
    set(world, written, condition, "True", why);
    if finish.is_good {
        let stamp = world.stamp();
        json::object_at(written, "status").insert("completionTime".to_owned(), stamp.into());
        say(world, subject, Event::normal("Completed", "Job completed"));
    } else {
        say(
            world,
            subject,
            Event::warning(&finish.reason, finish.message.clone()),
        );
    }
}

fn set(world: &World, written: &mut Value, kind: &str, status: &str, why: (&str, &str)) {
    let stamp = world.stamp();
    set_condition(written, kind, status, Some(why), &stamp);
    let conditions = json::object_at(written, "status")
        .get_mut("conditions")
        .and_then(Value::as_array_mut);
    for known in conditions.into_iter().flatten() {
        if json::text(known, "/type") == kind {
            json::as_object(known)
                .entry("lastProbeTime")
                .or_insert_with(|| stamp.as_str().into());
        }
    }
}
