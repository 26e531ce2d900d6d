//! Volcano: jobs whose pods start together.

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::ensure_pod;
use crate::{
    actors::{
        Subject, capacity,
        pods::{self, Tally},
    },
    json,
    world::World,
};

pub(super) fn job(world: &mut World, subject: &Subject<'_>) {
    let job = subject.object;
    let key = &subject.stored.key;
    let queue = json::text(job, "/spec/queue");
    let group = format!("{}-{}", key.name, subject.stored.uid);
    let api_version = "batch.volcano.sh/v1alpha1";
    let mut needed = capacity::Amounts::new();
    for task in json::items(job, "/spec/tasks") {
        for (resource, amount) in capacity::requests(task.get("template").unwrap_or(&Value::Null)) {
            *needed.entry(resource).or_default() += amount * json::count(task, "/replicas");
        }
    }
    let gpus = needed.get("nvidia.com/gpu").copied().unwrap_or(0);
    let is_over = ["Completed", "Failed"].contains(&json::text(job, "/status/state/phase"));
    if !is_over {
        for task in json::items(job, "/spec/tasks") {
            let name = json::text(task, "/name");
            let template = task.get("template").cloned().unwrap_or_default();
            for index in 0..json::count(task, "/replicas") {
                let labels = vec![
                    ("volcano.sh/job-name", key.name.to_string()),
                    ("volcano.sh/job-namespace", key.namespace.to_string()),
                    ("volcano.sh/queue-name", queue.to_owned()),
                    ("volcano.sh/task-spec", name.to_owned()),
                    ("volcano.sh/task-index", index.to_string()),
                ];
                let pod = format!("{}-{name}-{index}", key.name);
                ensure_pod(world, subject, api_version, &pod, &template, labels);
            }
        }
    }
    let tally = Tally::of(&pods::owned_by(world, &subject.stored.uid));
    let wanted = json::count(job, "/spec/minAvailable");
    let phase = if tally.succeeded >= wanted && wanted > 0 {
        "Completed"
    } else if tally.ready >= wanted {
        "Running"
    } else {
        "Pending"
    };
    let group_phase = match phase {
        "Pending" => "Inqueue",
        phase => phase,
    };
    let child = json!({
        "metadata": { "name": group },
        "spec": { "minMember": wanted, "queue": queue,
            "minResources": { "nvidia.com/gpu": gpus.to_string() } },
        "status": {},
    });
    let kind = GroupKind::new("scheduling.volcano.sh", "PodGroup");
    if let Some(group) = pods::ensure(world, subject, api_version, &kind, child) {
        let status = json!({ "phase": group_phase, "running": tally.ready,
            "succeeded": tally.succeeded, "failed": tally.failed });
        world.set_status(&kind, &group.key, status);
    }
    let stamp = world.stamp();
    let since = if json::text(job, "/status/state/phase") == phase {
        json::text(job, "/status/state/lastTransitionTime").to_owned()
    } else {
        stamp
    };
    let status = json!({
        "state": { "phase": phase, "lastTransitionTime": since },
        "minAvailable": wanted,
        "pending": tally.active - tally.ready,
        "running": tally.ready,
        "succeeded": tally.succeeded,
        "failed": tally.failed,
    });
    world.set_status(subject.kind, &key.clone(), status);
}
