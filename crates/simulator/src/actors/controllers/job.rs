//! Jobs: a pod for each index until each has succeeded.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{condition, counts};
use crate::{
    actors::{
        Subject,
        events::Event,
        pods::{self, NewPod, Phase, Pod, Tally},
        queueing,
    },
    json,
    world::{World, owner_reference},
};

const INDEX: &str = "batch.kubernetes.io/job-completion-index";

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    queueing::manage(world, subject);
    let job = subject.object;
    let owned = pods::owned_by(world, &subject.stored.uid);
    let completions = json::count(job, "/spec/completions").max(1);
    let tally = Tally::of(&owned);
    if json::flag(job, "/spec/suspend") {
        for pod in owned.iter().filter(|pod| pod.is_active()) {
            world.delete_pod(&pod.key);
        }
    } else if is_over(job).is_none() && tally.failed <= json::count(job, "/spec/backoffLimit") {
        create_missing(world, subject, &owned, completions);
    }
    write_status(world, subject, completions);
}

/// Whether the job has ended, and well.
pub(super) fn is_over(job: &Value) -> Option<bool> {
    let holds = |kind: &str| {
        json::items(job, "/status/conditions")
            .iter()
            .any(|condition| {
                json::text(condition, "/type") == kind && json::text(condition, "/status") == "True"
            })
    };
    if holds("Complete") {
        return Some(true);
    }
    holds("Failed").then_some(false)
}

fn create_missing(world: &mut World, subject: &Subject<'_>, owned: &[Pod], completions: u64) {
    let taken: BTreeSet<u64> = owned
        .iter()
        .filter(|pod| pod.is_active() || pod.phase == Phase::Succeeded)
        .filter_map(|pod| pod.stored.label(INDEX)?.parse().ok())
        .collect();
    let active = Tally::of(owned).active;
    let parallelism = json::count(subject.object, "/spec/parallelism").max(1);
    let room = usize::try_from(parallelism.saturating_sub(active)).unwrap_or(usize::MAX);
    let template = queueing::injected(
        world,
        subject,
        subject
            .object
            .pointer("/spec/template")
            .unwrap_or(&Value::Null),
    );
    for index in (0..completions)
        .filter(|index| !taken.contains(index))
        .take(room)
    {
        let key = &subject.stored.key;
        let uid = subject.stored.uid.to_string();
        let new = NewPod {
            name: format!("{}-{index}-", key.name),
            namespace: &key.namespace,
            template: &template,
            labels: vec![
                (INDEX, index.to_string()),
                ("batch.kubernetes.io/job-name", key.name.to_string()),
                ("batch.kubernetes.io/controller-uid", uid.clone()),
                ("job-name", key.name.to_string()),
                ("controller-uid", uid),
            ],
            annotations: vec![(INDEX, index.to_string())],
            owner: owner_reference("batch/v1", "Job", subject.stored),
        };
        if let Some(pod) = pods::make(world, new) {
            Event::normal("SuccessfulCreate", format!("Created pod: {}", pod.key.name))
                .by("job-controller")
                .record(world, subject.kind, subject.stored);
        }
    }
}

fn write_status(world: &mut World, subject: &Subject<'_>, completions: u64) {
    let job = subject.object;
    let tally = Tally::of(&pods::owned_by(world, &subject.stored.uid));
    let stamp = world.stamp();
    let mut status = counts([
        ("active", tally.active),
        ("succeeded", tally.succeeded),
        ("failed", tally.failed),
    ]);
    status.insert("ready".to_owned(), tally.ready.into());
    status.insert("terminating".to_owned(), 0.into());
    status.insert("uncountedTerminatedPods".to_owned(), json!({}));
    let is_suspended = json::flag(job, "/spec/suspend");
    let started = json::text(job, "/status/startTime");
    if !is_suspended {
        let started = if started.is_empty() {
            stamp.as_str()
        } else {
            started
        };
        status.insert("startTime".to_owned(), started.into());
    }
    let mut conditions = Vec::new();
    let was_suspended = json::items(job, "/status/conditions")
        .iter()
        .any(|known| json::text(known, "/type") == "Suspended");
    if is_suspended {
        let why = ("JobSuspended", "Job suspended");
        conditions.push(condition(subject, "Suspended", true, why, &stamp));
    } else if was_suspended {
        conditions.push(condition(
            subject,
            "Suspended",
            false,
            ("JobResumed", "Job resumed"),
            &stamp,
        ));
    }
    if tally.succeeded >= completions {
        let why = (
            "CompletionsReached",
            "Reached expected number of succeeded pods",
        );
        conditions.push(condition(subject, "SuccessCriteriaMet", true, why, &stamp));
        conditions.push(condition(subject, "Complete", true, why, &stamp));
        let known = json::text(job, "/status/completionTime");
        let completed = if known.is_empty() {
            stamp.as_str()
        } else {
            known
        };
        status.insert("completionTime".to_owned(), completed.into());
    } else if tally.failed > json::count(job, "/spec/backoffLimit") {
        let why = (
            "BackoffLimitExceeded",
            "Job has reached the specified backoff limit",
        );
        conditions.push(condition(subject, "FailureTarget", true, why, &stamp));
        conditions.push(condition(subject, "Failed", true, why, &stamp));
    }
    if !conditions.is_empty() {
        status.insert("conditions".to_owned(), conditions.into());
    }
    world.set_status(subject.kind, &subject.stored.key, status.into());
}
