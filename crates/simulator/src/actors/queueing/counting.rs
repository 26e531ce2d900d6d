//! What queues say of themselves: how many wait, how many run, how much they use.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{holds, kind, quota::Ledger};
use crate::{actors::kubelet::set_condition, json, world::World};

#[derive(Clone, Copy, Default)]
struct Count {
    pending: u64,
    reserving: u64,
    admitted: u64,
}

/// Writes the status of every queue.
pub(super) fn count(world: &mut World, ledger: &Ledger) {
    let mut local: BTreeMap<(String, String), Count> = BTreeMap::new();
    for stored in world.store.list(&kind("Workload"), "") {
        let workload = stored.value();
        if holds(&workload, "Finished") {
            continue;
        }
        let queue = json::text(&workload, "/spec/queueName").to_owned();
        let count = local
            .entry((stored.key.namespace.to_string(), queue))
            .or_default();
        let is_reserving = holds(&workload, "QuotaReserved");
        count.pending += u64::from(!is_reserving);
        count.reserving += u64::from(is_reserving);
        count.admitted += u64::from(holds(&workload, "Admitted"));
    }
    let stamp = world.stamp();
    let mut cluster: BTreeMap<String, Count> = BTreeMap::new();
    for stored in world.store.list(&kind("LocalQueue"), "") {
        let key = (
            stored.key.namespace.to_string(),
            stored.key.name.to_string(),
        );
        let count = local.get(&key).copied().unwrap_or_default();
        let queue = stored.value();
        let total = cluster
            .entry(json::text(&queue, "/spec/clusterQueue").to_owned())
            .or_default();
        total.pending += count.pending;
        total.reserving += count.reserving;
        total.admitted += count.admitted;
        let why = if super::is_stopped(&queue) {
            (false, "Stopped", "LocalQueue is stopped".to_owned())
        } else if ledger.takes_in(json::text(&queue, "/spec/clusterQueue")) {
            (
                true,
                "Ready",
                "Can submit new workloads to localQueue".to_owned(),
            )
        } else {
            let reason = if ledger.has(json::text(&queue, "/spec/clusterQueue")) {
                "ClusterQueueIsInactive"
            } else {
                "ClusterQueueDoesNotExist"
            };
            let message = "Can't submit new workloads to clusterQueue";
            (false, reason, message.to_owned())
        };
        world
            .store
            .update(&kind("LocalQueue"), &stored.key, |queue| {
                write(queue, count, &why, &stamp);
            });
    }
    for stored in world.store.list(&kind("ClusterQueue"), "") {
        let name = stored.key.name.as_str();
        let count = cluster.get(name).copied().unwrap_or_default();
        let usage = ledger.usage(name);
        let why = match ledger.inactive(name) {
            Some((reason, what)) => (
                false,
                *reason,
                format!("Can't admit new workloads: {what}."),
            ),
            None => (true, "Ready", "Can admit new workloads".to_owned()),
        };
        world
            .store
            .update(&kind("ClusterQueue"), &stored.key, |queue| {
                write(queue, count, &why, &stamp);
                let status = json::object_at(queue, "status");
                status.insert("flavorsReservation".to_owned(), usage.clone().into());
                status.insert("flavorsUsage".to_owned(), usage.into());
            });
    }
}

fn write(queue: &mut Value, count: Count, why: &(bool, &str, String), stamp: &str) {
    let status = json::object_at(queue, "status");
    status.insert("pendingWorkloads".to_owned(), json!(count.pending));
    status.insert("reservingWorkloads".to_owned(), json!(count.reserving));
    status.insert("admittedWorkloads".to_owned(), json!(count.admitted));
    let (is_active, reason, message) = why;
    let is_active = if *is_active { "True" } else { "False" };
    set_condition(queue, "Active", is_active, Some((reason, message)), stamp);
}
