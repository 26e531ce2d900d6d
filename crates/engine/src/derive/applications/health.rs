//! How an application does: by what its object says, by its queue, by its pods.

use jiff::{SignedDuration, Timestamp};
use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::Ready,
};
use strata_catalog::{ApplicationRule, Phase, Purpose, Replicas};
use strata_domain::{
    condition::{Condition, Status, find, holds},
    custom::Custom,
    severity::Severity,
    workload::{Workload, WorkloadKind},
};

use crate::derive::{
    pods::brief,
    queues::Admission,
    trouble::{PodsHealth, Trouble},
    wait,
};

/// How long an application may take to come up before that is a fault.
const SLOW_START: SignedDuration = SignedDuration::from_mins(10);

/// What an application is judged by.
pub(super) struct Case<'a> {
    pub(super) application: Option<&'a ApplicationRule>,
    pub(super) custom: Option<&'a Custom>,
    pub(super) workloads: &'a [&'a Workload],
    pub(super) purpose: Option<Purpose>,
    pub(super) admission: Option<&'a Admission>,
    pub(super) ready: Option<Ready>,
    /// Its pods that are neither done nor failed.
    pub(super) pods: &'a PodsHealth,
    /// Its pods that are.
    pub(super) ended: &'a PodsHealth,
    pub(super) now: Timestamp,
}

/// How it does.
#[derive(Debug, PartialEq)]
pub(super) struct Judged {
    pub(super) phase: Phase,
    pub(super) severity: Severity,
    pub(super) reason: Option<Phrase>,
    pub(super) since: Option<Timestamp>,
    pub(super) trouble: Option<Trouble>,
    pub(super) is_by_nodes: bool,
}

impl Judged {
    fn well(phase: Phase, severity: Severity) -> Self {
        Self {
            phase,
            severity,
            reason: None,
            since: None,
            trouble: None,
            is_by_nodes: false,
        }
    }

    fn faulty(phase: Phase, severity: Severity, reason: Phrase, since: Option<Timestamp>) -> Self {
        Self {
            reason: Some(reason),
            since,
            ..Self::well(phase, severity)
        }
    }
}

/// Judges an application.
pub(super) fn judge(case: &Case<'_>) -> Judged {
    let (phase, condition) = phase(case);
    let is_waiting = case.admission.is_some_and(|admission| admission.is_waiting);
    match phase {
        Phase::Succeeded | Phase::Stopping => Judged::well(phase, Severity::Ok),
        Phase::Failed => failed(case, condition),
        Phase::Running | Phase::Degraded | Phase::Restarting => by_pods(case, phase, condition),
        _ if is_waiting => queued(case, condition),
        Phase::Queued => queued(case, condition),
        Phase::Suspended => Judged::well(phase, Severity::Paused),
        Phase::Admitted | Phase::Pending | Phase::Unknown => by_pods(case, phase, condition),
    }
}

fn phase<'a>(case: &Case<'a>) -> (Phase, Option<&'a Condition>) {
    if let Some((rule, custom)) = case.application.zip(case.custom) {
        let reading = rule.phase_of(custom);
        let unready = find(&custom.conditions, "Ready")
            .filter(|ready| ready.status == Status::False && !ready.message.is_empty());
        return (reading.verdict, reading.condition.or(unready));
    }
    let jobs = || {
        case.workloads
            .iter()
            .filter(|workload| workload.kind == WorkloadKind::Job)
    };
    if let Some(job) = jobs().find(|job| holds(&job.conditions, "Failed")) {
        return (Phase::Failed, find(&job.conditions, "Failed"));
    }
    let is_every_job = |test: fn(&Workload) -> bool| {
        !case.workloads.is_empty()
            && case
                .workloads
                .iter()
                .all(|job| job.kind == WorkloadKind::Job && test(job))
    };
    if is_every_job(|job| holds(&job.conditions, "Complete")) {
        return (Phase::Succeeded, None);
    }
    if is_every_job(|job| job.suspended) {
        return (Phase::Suspended, None);
    }
    let replicas = case.ready.map(|ready| Replicas {
        ready: u64::from(ready.ready),
        desired: u64::from(ready.desired),
    });
    let phase = match replicas {
        // A Job that wants no pod any more is about to be complete.
        Some(Replicas { desired: 0, .. }) if jobs().next().is_some() => Phase::Running,
        Some(replicas) => replicas.phase(),
        None => Phase::Unknown,
    };
    (phase, None)
}

fn failed(case: &Case<'_>, condition: Option<&Condition>) -> Judged {
    let since = condition.and_then(|found| found.since);
    let trouble = case.ended.worst.clone().or_else(|| case.pods.worst.clone());
    let reason = match (condition, &trouble) {
        (_, Some(trouble)) => trouble.reason.clone(),
        (Some(condition), None) => said(condition),
        (None, None) => Phrase::new(PhraseCode::ApplicationFailed),
    };
    let since = since.or_else(|| trouble.as_ref().and_then(|trouble| trouble.since));
    Judged {
        trouble,
        ..Judged::faulty(Phase::Failed, Severity::Critical, reason, since)
    }
}

fn said(condition: &Condition) -> Phrase {
    let word = if condition.reason.is_empty() {
        &condition.kind
    } else {
        &condition.reason
    };
    if condition.message.is_empty() {
        return Phrase::new(PhraseCode::ApplicationSays).with("reason", word.as_str());
    }
    Phrase::new(PhraseCode::ApplicationSaysWhy)
        .with("reason", word.as_str())
        .with("message", brief(&condition.message))
}

fn queued(case: &Case<'_>, condition: Option<&Condition>) -> Judged {
    let created = case.custom.and_then(|custom| custom.metadata.created);
    let since = case
        .admission
        .and_then(|admission| admission.since)
        .or_else(|| condition.and_then(|found| found.since))
        .or(created);
    let waited = since.map_or(SignedDuration::ZERO, |since| case.now.duration_since(since));
    let severity = wait::severity(waited);
    if severity == Severity::Ok {
        return Judged {
            since,
            ..Judged::well(Phase::Queued, Severity::Ok)
        };
    }
    let message = case
        .admission
        .map_or("", |admission| admission.message.as_str());
    let reason = wait::reason(case.admission, message, waited);
    Judged::faulty(Phase::Queued, severity, reason, since)
}

fn by_pods(case: &Case<'_>, phase: Phase, condition: Option<&Condition>) -> Judged {
    let is_whole = case
        .ready
        .is_some_and(|ready| ready.desired > 0 && ready.ready >= ready.desired);
    let is_down = match case.ready {
        Some(ready) => ready.desired > 0 && ready.ready == 0,
        None => case.pods.current > 0 && case.pods.ready == 0,
    };
    let now = case
        .pods
        .worst
        .as_ref()
        .filter(|worst| worst.severity >= Severity::Warning);
    // What failed before is of interest while it is not made good.
    let before = case.ended.worst.as_ref().filter(|_| !is_whole);
    if let Some(trouble) = now.or(before) {
        // One lost member stops a training run.
        let stops_all =
            case.purpose == Some(Purpose::Training) && trouble.severity == Severity::Critical;
        let severity = if is_down || stops_all {
            Severity::Critical
        } else {
            Severity::Warning
        };
        let reason = trouble.reason.clone();
        return Judged {
            is_by_nodes: case.pods.faulty > 0 && case.pods.lost == case.pods.faulty,
            trouble: Some(trouble.clone()),
            ..Judged::faulty(phase, severity, reason, trouble.since)
        };
    }
    if phase == Phase::Running || is_whole {
        return Judged::well(phase, Severity::Ok);
    }
    let created = case.custom.and_then(|custom| custom.metadata.created);
    let since = condition.and_then(|found| found.since).or(created);
    let is_late = since.is_some_and(|since| case.now.duration_since(since) > SLOW_START);
    let severity = match phase {
        Phase::Degraded if condition.is_some() => Severity::Warning,
        Phase::Unknown if case.pods.current == 0 => Severity::Unknown,
        Phase::Unknown | Phase::Admitted if !is_late => Severity::Ok,
        _ if is_late && case.custom.is_some() => Severity::Warning,
        _ => Severity::Notice,
    };
    if severity <= Severity::Unknown {
        return Judged::well(phase, severity);
    }
    let reason = match (condition, case.ready) {
        (Some(condition), _) => said(condition),
        (None, Some(ready)) => Phrase::new(PhraseCode::ApplicationStarting)
            .with("ready", ready.ready)
            .with("desired", ready.desired),
        (None, None) => Phrase::new(PhraseCode::ApplicationNotReady),
    };
    Judged::faulty(phase, severity, reason, since)
}
