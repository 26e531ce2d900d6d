//! The status of deployments: counts, and whether a rollout gets on.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Plan, Set, replica_set_kind};
use crate::{
    actors::{
        Subject,
        controllers::{counts, generation},
    },
    clock, json,
    world::{World, agenda::Deed},
};

/// The condition of a set, and of its deployment, that pods are refused.
const FAILURE: &str = "ReplicaFailure";

pub(super) fn write_status(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    new: Option<&Set>,
) {
    let sets: Vec<Set> = world
        .store
        .dependents(&subject.stored.uid, &replica_set_kind())
        .into_iter()
        .map(Set::read)
        .collect();
    let sum = |of: fn(&Set) -> u64| sets.iter().map(of).sum::<u64>();
    let (wanted, total) = (sum(|set| set.replicas), sum(|set| set.actual));
    let (ready, available) = (sum(|set| set.ready), sum(|set| set.available));
    let terminating = sum(|set| json::count(&set.object, "/status/terminatingReplicas"));
    let newest = new.and_then(|new| sets.iter().find(|set| set.stored.uid == new.stored.uid));
    let updated = newest.map_or(0, |set| set.actual);
    let mut status = counts([
        ("observedGeneration", generation(subject)),
        ("replicas", total),
        ("updatedReplicas", updated),
        ("readyReplicas", ready),
        ("availableReplicas", available),
        ("unavailableReplicas", wanted.saturating_sub(available)),
    ]);
    status.insert("terminatingReplicas".to_owned(), terminating.into());
    let known = json::items(subject.object, "/status/conditions").to_vec();
    if !known.is_empty() {
        status.insert("conditions".to_owned(), known.into());
    }
    let mut written = json!({ "status": status });
    let stamp = world.stamp();
    let (holds, available_why) = if available >= plan.desired.saturating_sub(plan.unavailable) {
        let why = (
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
        );
        ("True", why)
    } else {
        let message = "Deployment does not have minimum availability.";
        ("False", ("MinimumReplicasUnavailable", message))
    };
    set_condition(&mut written, "Available", holds, available_why, &stamp);
    let name = newest.map_or("", |set| set.stored.key.name.as_str());
    let is_complete = updated == plan.desired && total == plan.desired && available >= plan.desired;
    let has_progressed = ["updatedReplicas", "readyReplicas", "availableReplicas"]
        .into_iter()
        .any(|field| {
            json::count(&written, &format!("/status/{field}"))
                > json::count(subject.object, &format!("/status/{field}"))
        })
        || total.saturating_sub(updated)
            < json::count(subject.object, "/status/replicas")
                .saturating_sub(json::count(subject.object, "/status/updatedReplicas"));
    judge(
        world,
        subject,
        &mut written,
        name,
        is_complete,
        has_progressed,
    );
    tell_failure(&mut written, newest, &sets, &stamp);
    let status = written.get("status").cloned().unwrap_or_default();
    world.set_status(subject.kind, &subject.stored.key, status);
}

/// Tells of a replica set that can make no pods, the newest first.
fn tell_failure(written: &mut Value, newest: Option<&Set>, sets: &[Set], stamp: &str) {
    let failure_of = |set: &Set| {
        json::items(&set.object, "/status/conditions")
            .iter()
            .find(|known| json::text(known, "/type") == FAILURE)
            .cloned()
    };
    let failure = newest
        .and_then(failure_of)
        .or_else(|| sets.iter().find_map(failure_of));
    if let Some(failure) = failure {
        let why = (
            json::text(&failure, "/reason"),
            json::text(&failure, "/message"),
        );
        let is_known = json::items(written, "/status/conditions")
            .iter()
            .any(|known| json::text(known, "/type") == FAILURE);
        if !is_known {
            set_condition(written, FAILURE, "True", why, stamp);
        }
    } else if let Some(conditions) = written
        .pointer_mut("/status/conditions")
        .and_then(Value::as_array_mut)
    {
        conditions.retain(|known| json::text(known, "/type") != FAILURE);
    }
}

/// Sets the condition `Progressing`.
fn judge(
    world: &mut World,
    subject: &Subject<'_>,
    written: &mut Value,
    name: &str,
    is_complete: bool,
    has_progressed: bool,
) {
    let stamp = world.stamp();
    let known = json::items(subject.object, "/status/conditions")
        .iter()
        .find(|known| json::text(known, "/type") == "Progressing");
    let reason = known.map_or("", |known| json::text(known, "/reason"));
    if json::flag(subject.object, "/spec/paused") {
        if reason != "DeploymentPaused" {
            let why = ("DeploymentPaused", "Deployment is paused");
            set_condition(written, "Progressing", "Unknown", why, &stamp);
        }
        return;
    }
    if reason == "DeploymentPaused" {
        let why = ("DeploymentResumed", "Deployment is resumed");
        set_condition(written, "Progressing", "Unknown", why, &stamp);
    }
    if is_complete {
        let message = format!("ReplicaSet \"{name}\" has successfully progressed.");
        let why = ("NewReplicaSetAvailable", message.as_str());
        set_condition(written, "Progressing", "True", why, &stamp);
        return;
    }
    // A deployment that was complete and lost a pod is not in a new rollout.
    let is_whole =
        json::count(written, "/status/replicas") == json::count(written, "/status/updatedReplicas");
    if reason == "NewReplicaSetAvailable" && is_whole {
        return;
    }
    let deadline = subject
        .object
        .pointer("/spec/progressDeadlineSeconds")
        .and_then(Value::as_u64)
        .unwrap_or(600);
    let deadline = Duration::from_secs(deadline);
    if has_progressed || reason.is_empty() {
        let message = format!("ReplicaSet \"{name}\" is progressing.");
        let why = ("ReplicaSetUpdated", message.as_str());
        set_condition(written, "Progressing", "True", why, &stamp);
        touch(written, &stamp);
        let at = clock::later(world.now(), deadline + Duration::from_secs(1));
        world
            .agenda
            .plan(at, Deed::look(subject.kind, &subject.stored.key));
        return;
    }
    let since: Option<Timestamp> =
        known.and_then(|known| json::text(known, "/lastUpdateTime").parse().ok());
    let is_late = since.is_some_and(|since| clock::later(since, deadline) < world.now());
    if reason == "ProgressDeadlineExceeded" {
        return;
    }
    if is_late {
        let message = format!("ReplicaSet \"{name}\" has timed out progressing.");
        let why = ("ProgressDeadlineExceeded", message.as_str());
        set_condition(written, "Progressing", "False", why, &stamp);
    } else if let Some(since) = since {
        let at = clock::later(clock::later(since, deadline), Duration::from_secs(1));
        if reason != "ReplicaSetUpdated" {
            world
                .agenda
                .plan(at, Deed::look(subject.kind, &subject.stored.key));
        }
    }
}

/// `Progressing` says when progress was seen last, though nothing else of it changes.
fn touch(deployment: &mut Value, stamp: &str) {
    if let Some(conditions) = deployment
        .pointer_mut("/status/conditions")
        .and_then(Value::as_array_mut)
    {
        for condition in conditions {
            if json::text(condition, "/type") == "Progressing" {
                json::as_object(condition).insert("lastUpdateTime".to_owned(), stamp.into());
            }
        }
    }
}

/// Sets a condition as the controllers of `apps` do, with the time of its last update.
pub(super) fn set_condition(
    deployment: &mut Value,
    kind: &str,
    status: &str,
    why: (&str, &str),
    stamp: &str,
) {
    let known = json::items(deployment, "/status/conditions")
        .iter()
        .find(|known| json::text(known, "/type") == kind)
        .cloned();
    let is_same = known.as_ref().is_some_and(|known| {
        json::text(known, "/status") == status && json::text(known, "/reason") == why.0
    });
    crate::actors::kubelet::set_condition(deployment, kind, status, Some(why), stamp);
    if let Some(conditions) = deployment
        .pointer_mut("/status/conditions")
        .and_then(Value::as_array_mut)
        && let Some(condition) = conditions
            .iter_mut()
            .find(|known| json::text(known, "/type") == kind)
        && !is_same
    {
        json::as_object(condition).insert("lastUpdateTime".to_owned(), stamp.into());
    }
}
