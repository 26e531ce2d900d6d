//! The built-in controllers: what keeps pods for deployments, sets and jobs.

use serde_json::{Map, Value, json};

use super::Subject;
use crate::world::World;

mod daemon_set;
mod deployment;
mod job;
mod replica_set;
mod stateful_set;

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    match (subject.kind.group.as_str(), subject.kind.kind.as_str()) {
        ("apps", "Deployment") => deployment::reconcile(world, subject),
        ("apps", "ReplicaSet") => replica_set::reconcile(world, subject),
        ("apps", "StatefulSet") => stateful_set::reconcile(world, subject),
        ("apps", "DaemonSet") => daemon_set::reconcile(world, subject),
        ("batch", "Job") => job::reconcile(world, subject),
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

/// The generation that a status is about.
fn generation(subject: &Subject<'_>) -> u64 {
    crate::json::count(subject.object, "/metadata/generation")
}

/// A condition as the `apps` and `batch` controllers write it, with the time at which it got its
/// status kept.
fn condition(
    subject: &Subject<'_>,
    kind: &str,
    holds: bool,
    why: (&str, &str),
    stamp: &str,
) -> Value {
    let status = if holds { "True" } else { "False" };
    let known = crate::json::items(subject.object, "/status/conditions")
        .iter()
        .find(|known| {
            crate::json::text(known, "/type") == kind
                && crate::json::text(known, "/status") == status
        });
    let since = known.map_or(stamp, |known| {
        crate::json::text(known, "/lastTransitionTime")
    });
    json!({ "type": kind, "status": status, "reason": why.0, "message": why.1,
        "lastTransitionTime": since })
}
