//! The built-in controllers: what keeps pods for deployments, sets and jobs.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use strata_domain::{ids::GroupKind, text::Text};

use super::Subject;
use crate::{
    store::{Reference, Stored},
    world::World,
};

mod autoscaler;
mod cron_job;
mod daemon_set;
mod deployment;
pub(crate) mod endpoints;
mod history;
mod job;
pub(crate) mod pod_garbage;
mod replica_set;
mod stateful_set;

/// What controllers keep account of between changes.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    published: endpoints::Published,
    /// Pods that daemon sets replaced because they failed.
    replaced: daemon_set::Replaced,
    /// What cron jobs went by last.
    schedules: cron_job::Schedules,
    autoscalers: autoscaler::Autoscalers,
    /// Nodes that are missing while pods are on them.
    missing: BTreeSet<Text>,
}

impl Accounts {
    /// Whether nothing is to be written once all changes are looked at.
    pub(crate) fn is_settled(&self) -> bool {
        self.published.is_settled()
    }
}

/// Takes note of an object that is new or has changed.
pub(super) fn observe(world: &mut World, kind: &GroupKind, stored: &Stored) {
    endpoints::observe(world, kind, stored);
    daemon_set::observe(world, kind, stored);
    pod_garbage::observe(world, kind, stored);
}

/// Takes note of an object that is gone.
pub(super) fn forget(world: &mut World, reference: &Reference) {
    endpoints::forget(world, &reference.kind, &reference.last);
    daemon_set::forget(world, &reference.kind);
    pod_garbage::forget(world, &reference.kind, &reference.key.name);
    match (reference.kind.group.as_str(), reference.kind.kind.as_str()) {
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler::forget(world, &reference.uid),
        ("batch", "CronJob") => cron_job::forget(world, &reference.uid),
        _ => {}
    }
}

/// Does what is done once for many changes.
pub(crate) fn settle(world: &mut World) {
    endpoints::settle(world);
}

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    match (subject.kind.group.as_str(), subject.kind.kind.as_str()) {
        ("apps", "Deployment") => deployment::reconcile(world, subject),
        ("apps", "ReplicaSet") => replica_set::reconcile(world, subject),
        ("apps", "StatefulSet") => stateful_set::reconcile(world, subject),
        ("apps", "DaemonSet") => daemon_set::reconcile(world, subject),
        ("batch", "Job") => job::reconcile(world, subject),
        ("batch", "CronJob") => cron_job::reconcile(world, subject),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler::reconcile(world, subject),
        _ => {}
    }
}

/// A status of counts; what is 0 is left out, as the API leaves it out.
fn counts<const N: usize>(counts: [(&str, u64); N]) -> Map<String, Value> {
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| (name.to_owned(), count.into()))
        .collect()
}

/// How many replicas an object asks for; one where it does not say.
fn replicas_of(object: &Value) -> u64 {
    object
        .pointer("/spec/replicas")
        .and_then(Value::as_u64)
        .unwrap_or(1)
}

/// A number or a percentage of `whole`.
fn share(value: Option<&Value>, default: &str, whole: u64, round_up: bool) -> u64 {
    let text = match value {
        Some(Value::Number(number)) => return number.as_u64().unwrap_or(0),
        Some(Value::String(text)) => text.as_str(),
        _ => default,
    };
    let Some(percent) = text.strip_suffix('%') else {
        return text.parse().unwrap_or(0);
    };
    let scaled = whole * percent.parse::<u64>().unwrap_or(0);
    if round_up {
        scaled.div_ceil(100)
    } else {
        scaled / 100
    }
}

/// The generation that a status is about.
fn generation(subject: &Subject<'_>) -> u64 {
    crate::json::count(subject.object, "/metadata/generation")
}
