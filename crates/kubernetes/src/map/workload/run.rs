//! The built-in controllers as jobs: a batch Job, and a Deployment or StatefulSet that serves.

use strata_domain::{
    condition::{Condition, Status, find, holds},
    job::{JobObject, JobState, Progress},
    text::{Interner, Text},
};

use super::super::job::Asks;
use super::{count, wanted};
use crate::slim::{values::moment, workloads as slim};

/// What a Job says.
pub(super) fn of_job(
    spec: &slim::JobSpec,
    status: &slim::JobStatus,
    conditions: &[Condition],
    names: &mut Interner,
) -> JobObject {
    let parallelism = wanted(spec.parallelism);
    let completions = spec.completions.map(count);
    let pods = completions.map_or(parallelism, |completions| parallelism.min(completions));
    let held = |kind: &str| find(conditions, kind).filter(|found| found.status == Status::True);
    let by = |kinds: &[&str], state| {
        let found = kinds.iter().find_map(|kind| held(kind))?;
        Some(JobObject::by(state, found))
    };
    // The second of each is written while the last pods still end.
    let said = by(&["Failed", "FailureTarget"], JobState::Failed)
        .or_else(|| by(&["Complete", "SuccessCriteriaMet"], JobState::Succeeded))
        .or_else(|| by(&["Suspended"], JobState::Suspended).filter(|_| spec.suspend))
        .unwrap_or_else(|| {
            let state = if spec.suspend {
                JobState::Suspended
            } else if status.active == 0 {
                JobState::Starting
            } else {
                // Servers before 1.24 do not tell which of the active pods are ready.
                status.ready.map_or(JobState::Running, |ready| {
                    if ready > 0 {
                        JobState::Running
                    } else {
                        JobState::Starting
                    }
                })
            };
            JobObject::of(state, "")
        });
    let mut asks = Asks::default();
    asks.pods(pods, &spec.template.spec);
    JobObject {
        is_suspended: spec.suspend,
        wanted: Some(pods),
        ready: status.ready.map(count),
        progress: completions.map(|of| Progress::Parts {
            done: count(status.succeeded),
            of,
        }),
        priority: names.intern(&spec.template.spec.priority_class_name),
        asks: asks.sum(names),
        started: moment(status.start_time),
        finished: moment(status.completion_time).or(said.finished),
        retries: Some(count(status.failed)),
        ..said
    }
}

/// What a Deployment or a StatefulSet says.
pub(super) fn of_replicas(
    desired: u32,
    ready: u32,
    template: &slim::Template,
    conditions: &[Condition],
    names: &mut Interner,
) -> JobObject {
    let state = match (ready, desired) {
        (_, 0) => JobState::Suspended,
        (0, _) => JobState::Starting,
        _ => JobState::Running,
    };
    // Pods that cannot be made say more than pods that are missing.
    let refused =
        find(conditions, "ReplicaFailure").filter(|_| holds(conditions, "ReplicaFailure"));
    let stuck = find(conditions, "Progressing").filter(|found| found.status == Status::False);
    let short = find(conditions, "Available").filter(|found| found.status == Status::False);
    let said = match refused.or(stuck).or(short) {
        _ if desired == 0 => JobObject::of(state, "ScaledToZero"),
        Some(why) => JobObject::by(state, why),
        None => JobObject::of(state, Text::default()),
    };
    let mut asks = Asks::default();
    asks.pods(desired, &template.spec);
    JobObject {
        is_lasting: true,
        wanted: Some(desired),
        ready: Some(ready),
        priority: names.intern(&template.spec.priority_class_name),
        asks: asks.sum(names),
        ..said
    }
}
