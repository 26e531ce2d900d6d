//! The one reason that is shown of a job, and how bad it is.

use jiff::{SignedDuration, Timestamp};
use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::Ready,
};
use strata_domain::{
    ids::GroupKind,
    job::{JobObject, JobState},
    severity::Severity,
};

use super::judge::is_gang;
use crate::derive::{
    pods::brief,
    queues::Admission,
    trouble::{PodsHealth, Trouble},
    wait,
};

/// How long a job may take to come up before that is a fault.
const SLOW_START: SignedDuration = SignedDuration::from_mins(10);

/// What a reason is found in.
pub(super) struct Case<'a> {
    pub(super) kind: &'a GroupKind,
    pub(super) state: JobState,
    pub(super) said: &'a JobObject,
    /// What its queue says, as an object and as it was read for all queues.
    pub(super) admission: Option<&'a JobObject>,
    pub(super) queued: Option<&'a Admission>,
    /// Its pods that are neither done nor failed, and those that are.
    pub(super) pods: &'a PodsHealth,
    pub(super) ended: &'a PodsHealth,
    pub(super) ready: Option<Ready>,
    pub(super) since: Option<Timestamp>,
    pub(super) is_deleted: bool,
    pub(super) now: Timestamp,
}

/// How bad it is, and why.
pub(super) type Reason = (Severity, Option<Phrase>);

/// The dominant reason, as far as the status, the conditions, the queue and the pods tell it. What a
/// trace found that looked further (`super::traced`) comes before it.
pub(super) fn dominant(case: &Case<'_>) -> Reason {
    if case.is_deleted && !case.state.is_over() {
        return (Severity::Ok, Some(Phrase::new(PhraseCode::JobStopping)));
    }
    if case.said.reason == "Schedule" {
        return of_schedule(case);
    }
    match case.state {
        JobState::Succeeded => (Severity::Ok, None),
        JobState::Failed => (Severity::Critical, Some(of_failure(case))),
        JobState::Queued => of_wait(case),
        JobState::Suspended => (Severity::Paused, of_hold(case)),
        JobState::Admitted | JobState::Starting => of_start(case),
        JobState::Running => of_run(case),
        JobState::Unknown => (Severity::Unknown, said(case.said)),
    }
}

fn of_schedule(case: &Case<'_>) -> Reason {
    let schedule = case.said.message.as_str();
    let phrase = |code| Some(Phrase::new(code).with("schedule", schedule));
    match case.state {
        JobState::Failed => (Severity::Warning, phrase(PhraseCode::JobLastRunFailed)),
        JobState::Suspended => (Severity::Paused, phrase(PhraseCode::JobScheduled)),
        _ => (Severity::Ok, phrase(PhraseCode::JobScheduled)),
    }
}

/// What the crash said tells more than that there were too many.
fn of_failure(case: &Case<'_>) -> Phrase {
    let told = |health: &PodsHealth| health.worst.as_ref().map(|worst| worst.reason.clone());
    // A deadline, a policy, a user ended it, whatever its pods did.
    let is_by_itself = [
        "DeadlineExceeded",
        "PodFailurePolicy",
        "Terminate",
        "Cancelled",
    ]
    .contains(&case.said.reason.as_str());
    let by_pods = told(case.ended)
        .or_else(|| told(case.pods))
        .filter(|_| !is_by_itself);
    by_pods
        .or_else(|| said(case.said))
        .unwrap_or_else(|| Phrase::new(PhraseCode::ApplicationFailed))
}

fn of_wait(case: &Case<'_>) -> Reason {
    let since = case.queued.and_then(|queued| queued.since).or(case.since);
    let waited = since.map_or(SignedDuration::ZERO, |since| case.now.duration_since(since));
    let message = case
        .queued
        .map(|queued| queued.message.as_str())
        .filter(|message| !message.is_empty())
        .or_else(|| case.admission.map(|admission| admission.message.as_str()))
        .unwrap_or(&case.said.message);
    let reason = wait::reason(case.queued, message, waited);
    (wait::severity(waited), Some(reason))
}

/// That it is on hold is its state; more is said where someone else than its owner holds it.
fn of_hold(case: &Case<'_>) -> Option<Phrase> {
    let by_queue = case
        .admission
        .filter(|admission| admission.state == JobState::Suspended)?;
    said(by_queue)
}

fn of_start(case: &Case<'_>) -> Reason {
    let stops_all = case.pods.ready == 0 || is_gang(case.kind);
    if let Some(trouble) = fault(case.pods) {
        let severity = if stops_all {
            trouble.severity
        } else {
            Severity::Warning
        };
        return (severity, Some(trouble.reason.clone()));
    }
    // What failed before is of interest while it is not made good.
    if let Some(trouble) = fault(case.ended) {
        return (Severity::Warning, Some(trouble.reason.clone()));
    }
    let waited = case
        .since
        .map_or(SignedDuration::ZERO, |since| case.now.duration_since(since));
    let severity = if waited > SLOW_START {
        Severity::Warning
    } else {
        Severity::Ok
    };
    let own = said(case.said).filter(|_| !case.said.message.is_empty());
    let phrase = own.or_else(|| {
        let ready = case.ready.filter(|ready| ready.desired > 0)?;
        Some(
            Phrase::new(PhraseCode::ApplicationStarting)
                .with("ready", ready.ready)
                .with("desired", ready.desired),
        )
    });
    (severity, phrase)
}

fn of_run(case: &Case<'_>) -> Reason {
    if let Some(trouble) = fault(case.pods) {
        return (Severity::Warning, Some(trouble.reason.clone()));
    }
    let is_short = case
        .ready
        .is_some_and(|ready| ready.ready < ready.desired && case.said.is_lasting);
    if is_short {
        return (
            Severity::Notice,
            said(case.said).filter(|_| !case.said.message.is_empty()),
        );
    }
    (Severity::Ok, None)
}

fn fault(pods: &PodsHealth) -> Option<&Trouble> {
    pods.worst
        .as_ref()
        .filter(|worst| worst.severity >= Severity::Warning)
}

fn said(object: &JobObject) -> Option<Phrase> {
    if object.reason.is_empty() && object.message.is_empty() {
        return None;
    }
    if object.message.is_empty() {
        return Some(
            Phrase::new(PhraseCode::ApplicationSays).with("reason", object.reason.as_str()),
        );
    }
    if object.reason.is_empty() {
        return Some(
            Phrase::new(PhraseCode::ApplicationSays).with("reason", brief(&object.message)),
        );
    }
    Some(
        Phrase::new(PhraseCode::ApplicationSaysWhy)
            .with("reason", object.reason.as_str())
            .with("message", brief(&object.message)),
    )
}
