//! What queues say of themselves: how many wait, how many run, how much they use.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{admitted, holds, kind, quota::Ledger, tree::Slot};
use crate::{actors::kubelet::set_condition, json, world::World};

#[derive(Clone, Default)]
struct Count {
    pending: u64,
    reserving: u64,
    admitted: u64,
    /// What those that have quota hold, and what those hold of it that may run.
    reserved: BTreeMap<Slot, i64>,
    used: BTreeMap<Slot, i64>,
}

impl Count {
    fn add(&mut self, workload: &Value) {
        let is_reserving = holds(workload, "QuotaReserved");
        let is_admitted = holds(workload, "Admitted");
        self.pending += u64::from(!is_reserving);
        self.reserving += u64::from(is_reserving);
        self.admitted += u64::from(is_admitted);
        for (slot, amount) in admitted::usage_of(workload) {
            if is_admitted {
                *self.used.entry(slot.clone()).or_default() += amount;
            }
            *self.reserved.entry(slot).or_default() += amount;
        }
    }
}

/// Writes the status of every queue.
pub(super) fn count(world: &mut World, ledger: &Ledger) {
    let stamp = world.stamp();
    let mut of_cluster_queues = count_local(world, ledger, &stamp);
    for stored in world.store.list(&kind("ClusterQueue"), "") {
        let name = stored.key.name.as_str();
        let count = of_cluster_queues.remove(name).unwrap_or_default();
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
                write(queue, &count, &why, &stamp);
                let status = json::object_at(queue, "status");
                status.insert("flavorsReservation".to_owned(), usage.clone().into());
                status.insert("flavorsUsage".to_owned(), usage.into());
            });
    }
}

/// Writes the status of every local queue; what those of each cluster queue have together.
fn count_local(world: &mut World, ledger: &Ledger, stamp: &str) -> BTreeMap<String, Count> {
    let mut local: BTreeMap<(String, String), Count> = BTreeMap::new();
    for stored in world.store.list(&kind("Workload"), "") {
        let workload = stored.value();
        if holds(&workload, "Finished") {
            continue;
        }
        let queue = json::text(&workload, "/spec/queueName").to_owned();
        local
            .entry((stored.key.namespace.to_string(), queue))
            .or_default()
            .add(&workload);
    }
    let mut cluster: BTreeMap<String, Count> = BTreeMap::new();
    for stored in world.store.list(&kind("LocalQueue"), "") {
        let key = (
            stored.key.namespace.to_string(),
            stored.key.name.to_string(),
        );
        let mut count = local.remove(&key).unwrap_or_default();
        let queue = stored.value();
        if super::is_stopped(&queue) {
            // Nobody stands in line where nobody is let in.
            count.pending = 0;
        }
        let of = json::text(&queue, "/spec/clusterQueue");
        let parts = [
            ("flavorsReservation", ledger.part(of, &count.reserved)),
            ("flavorsUsage", ledger.part(of, &count.used)),
        ];
        let total = cluster.entry(of.to_owned()).or_default();
        total.pending += count.pending;
        total.reserving += count.reserving;
        total.admitted += count.admitted;
        let why = standing(&queue, ledger);
        world
            .store
            .update(&kind("LocalQueue"), &stored.key, |queue| {
                write(queue, &count, &why, stamp);
                let status = json::object_at(queue, "status");
                for (field, part) in parts {
                    if part.is_empty() {
                        status.remove(field);
                    } else {
                        status.insert(field.to_owned(), part.into());
                    }
                }
            });
    }
    cluster
}

/// Whether workloads may be submitted to the local queue `queue`: its condition, reason and message.
fn standing(queue: &Value, ledger: &Ledger) -> (bool, &'static str, String) {
    let of = json::text(queue, "/spec/clusterQueue");
    if super::is_stopped(queue) {
        return (false, "Stopped", "LocalQueue is stopped".to_owned());
    }
    if ledger.takes_in(of) {
        let message = "Can submit new workloads to localQueue";
        return (true, "Ready", message.to_owned());
    }
    let reason = if ledger.has(of) {
        "ClusterQueueIsInactive"
    } else {
        "ClusterQueueDoesNotExist"
    };
    let message = "Can't submit new workloads to clusterQueue";
    (false, reason, message.to_owned())
}

fn write(queue: &mut Value, count: &Count, why: &(bool, &str, String), stamp: &str) {
    let status = json::object_at(queue, "status");
    status.insert("pendingWorkloads".to_owned(), json!(count.pending));
    status.insert("reservingWorkloads".to_owned(), json!(count.reserving));
    status.insert("admittedWorkloads".to_owned(), json!(count.admitted));
    let (is_active, reason, message) = why;
    let is_active = if *is_active { "True" } else { "False" };
    set_condition(queue, "Active", is_active, Some((reason, message)), stamp);
}
