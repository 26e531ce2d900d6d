//! Workloads that lose their quota: preempted, stopped with their queue, or deactivated. Their jobs
//! stop, and when no pod is left the quota is free and they wait again.

use serde_json::{Value, json};

use super::{
    COMPONENT, admitted, holds, jobs, kind,
    preemption::{self, Target},
    quota::Ledger,
};
use crate::{
    actors::{Subject, events::Event, kubelet::set_condition, pods},
    json,
    store::Stored,
    world::World,
};

/// Evicts what is not preempted.
const CONTROLLER: &str = "kueue-workload-controller";

/// Drives `target` out for the workload `preemptor`.
pub(super) fn preempt(
    world: &mut World,
    ledger: &Ledger,
    preemptor: &Stored,
    queue: &str,
    target: &Target,
) {
    let Some(stored) = world.store.get(&kind("Workload"), &target.key) else {
        return;
    };
    let victim = stored.value();
    if holds(&victim, "Evicted") {
        return;
    }
    let job = preemptor
        .label("kueue.x-k8s.io/job-uid")
        .unwrap_or("UNKNOWN");
    let message = format!(
        "Preempted to accommodate a workload (UID: {}, JobUID: {job}) due to {}; preemptor path: \
         {}; preemptee path: {}",
        preemptor.uid,
        preemption::explained(target.reason),
        ledger.place(queue),
        ledger.place(&target.queue)
    );
    let reason = Some(target.reason);
    evict(world, &stored, "Preempted", &message, COMPONENT, reason);
    let (theirs, ours) = (
        admitted::priority(&victim),
        admitted::priority(&preemptor.value()),
    );
    let priorities = format!(
        "; preemptor effective priority: {ours} (base: {ours}, boost: 0); preemptee effective \
         priority: {theirs} (base: {theirs}, boost: 0)"
    );
    tell(world, &stored, "Preempted", message + &priorities);
    let message = format!(
        "Preempted workload {} (UID: {}) in ClusterQueue {}{priorities}",
        stored.key, stored.uid, target.queue
    );
    tell(world, preemptor, "PreemptedWorkload", message);
}

/// Evicts what a queue that is drained, or its own user, lets run no longer.
pub(super) fn of_stopped(world: &mut World, ledger: &Ledger) {
    for stored in world.store.list(&kind("Workload"), "") {
        let workload = stored.value();
        if !holds(&workload, "QuotaReserved")
            || holds(&workload, "Finished")
            || holds(&workload, "Evicted")
        {
            continue;
        }
        let queue = json::text(&workload, "/status/admission/clusterQueue");
        if workload.pointer("/spec/active") == Some(&Value::Bool(false)) {
            let message = "The workload is deactivated";
            evict(world, &stored, "Deactivated", message, CONTROLLER, None);
        } else if ledger.is_drained(queue) {
            let message = "The ClusterQueue is stopped";
            let reason = "ClusterQueueStopped";
            evict(world, &stored, reason, message, CONTROLLER, None);
        }
    }
}

fn evict(
    world: &mut World,
    stored: &Stored,
    reason: &str,
    message: &str,
    component: &str,
    preempted_for: Option<&str>,
) {
    let stamp = world.stamp();
    world
        .store
        .update(&kind("Workload"), &stored.key, |workload| {
            set_condition(workload, "Evicted", "True", Some((reason, message)), &stamp);
            if let Some(reason) = preempted_for {
                set_condition(
                    workload,
                    "Preempted",
                    "True",
                    Some((reason, message)),
                    &stamp,
                );
            }
            count(workload, reason);
        });
    let told = format!("EvictedDueTo{reason}");
    Event::normal(&told, message)
        .by(component)
        .doing(&told)
        .record(world, &kind("Workload"), stored);
}

/// Counts an eviction among those that a workload has seen.
fn count(workload: &mut Value, reason: &str) {
    let status = json::object_at(workload, "status");
    let stats = status
        .entry("schedulingStats")
        .or_insert_with(|| json!({ "evictions": [] }));
    let known = stats
        .pointer_mut("/evictions")
        .and_then(Value::as_array_mut);
    let Some(known) = known else {
        return;
    };
    let entry = known
        .iter_mut()
        .find(|entry| json::text(entry, "/reason") == reason);
    match entry {
        Some(entry) => {
            let count = json::count(entry, "/count") + 1;
            json::as_object(entry).insert("count".to_owned(), count.into());
        }
        None => known.push(json!({ "reason": reason, "underlyingCause": "", "count": 1 })),
    }
}

fn tell(world: &mut World, stored: &Stored, reason: &str, message: String) {
    Event::normal(reason, message)
        .by(COMPONENT)
        .doing(reason)
        .record(world, &kind("Workload"), stored);
}

/// Takes the quota from an evicted workload whose job has stopped.
pub(super) fn clear(world: &mut World, subject: &Subject<'_>, stored: &Stored) {
    let workload = stored.value();
    if !holds(&workload, "QuotaReserved") || is_active(world, &subject.stored.uid) {
        return;
    }
    let evicted = json::items(&workload, "/status/conditions")
        .iter()
        .find(|known| json::text(known, "/type") == "Evicted")
        .cloned()
        .unwrap_or_default();
    let (reason, message) = (
        json::text(&evicted, "/reason"),
        json::text(&evicted, "/message"),
    );
    let comes_back = if reason == "Preempted" {
        "True"
    } else {
        "False"
    };
    let stamp = world.stamp();
    world
        .store
        .update(&kind("Workload"), &stored.key, |workload| {
            json::object_at(workload, "status").remove("admission");
            set_condition(
                workload,
                "Requeued",
                comes_back,
                Some((reason, message)),
                &stamp,
            );
            set_condition(
                workload,
                "QuotaReserved",
                "False",
                Some(("Pending", message)),
                &stamp,
            );
            let why = Some(("NoReservation", "The workload has no reservation"));
            set_condition(workload, "Admitted", "False", why, &stamp);
            set_condition(workload, "PodsReady", "False", jobs::NOT_READY, &stamp);
        });
    world.queues_changed = true;
}

/// Writes into a workload that has its quota again that what drove it out is over.
pub(super) fn forget(workload: &mut Value, stamp: &str) {
    for kind in ["Evicted", "Preempted"] {
        let known = json::items(workload, "/status/conditions")
            .iter()
            .find(|known| json::text(known, "/type") == kind)
            .filter(|known| json::text(known, "/status") == "True")
            .map(|known| format!("Previously: {}", json::text(known, "/message")));
        if let Some(message) = known {
            let why = Some(("QuotaReserved", message.as_str()));
            set_condition(workload, kind, "False", why, stamp);
        }
    }
}

/// Whether a pod under the object with `uid` still runs, or goes.
fn is_active(world: &World, uid: &str) -> bool {
    let runs = |pod: &pods::Pod| !matches!(pod.phase, pods::Phase::Succeeded | pods::Phase::Failed);
    pods::owned_by(world, uid).iter().any(runs)
        || world
            .store
            .all_dependents(uid)
            .into_iter()
            .filter(|(of, _)| *of != kind("Workload"))
            .filter_map(|(of, key)| world.store.get(&of, &key))
            .filter(|stored| stored.uid != uid)
            .any(|stored| is_active(world, &stored.uid))
}
