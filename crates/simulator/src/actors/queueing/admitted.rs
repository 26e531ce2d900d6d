//! A workload that has its quota, and how much of it.

use std::collections::BTreeMap;

use serde_json::Value;
use strata_domain::ids::ObjectKey;

use super::{
    holds,
    tree::{Slot, Tree},
};
use crate::{actors::capacity, json, store::Stored};

/// A workload that has its quota.
pub(super) struct Admitted {
    pub(super) key: ObjectKey,
    pub(super) queue: String,
    pub(super) priority: i64,
    pub(super) created: String,
    /// Since when it has it.
    pub(super) reserved: String,
    pub(super) is_evicted: bool,
    usage: Vec<(Slot, i64)>,
}

impl Admitted {
    /// Reads a workload that holds quota; none for one that does not.
    pub(super) fn read(stored: &Stored) -> Option<Self> {
        let workload = stored.value();
        if !holds(&workload, "QuotaReserved") || holds(&workload, "Finished") {
            return None;
        }
        let reserved = json::items(&workload, "/status/conditions")
            .iter()
            .find(|known| json::text(known, "/type") == "QuotaReserved")
            .map_or("", |known| json::text(known, "/lastTransitionTime"));
        Some(Self {
            key: stored.key.clone(),
            queue: json::text(&workload, "/status/admission/clusterQueue").to_owned(),
            priority: priority(&workload),
            created: json::text(&workload, "/metadata/creationTimestamp").to_owned(),
            reserved: reserved.to_owned(),
            is_evicted: holds(&workload, "Evicted"),
            usage: usage_of(&workload).into_iter().collect(),
        })
    }

    pub(super) fn uses_any(&self, slots: &[Slot]) -> bool {
        self.usage
            .iter()
            .any(|(slot, amount)| *amount > 0 && slots.contains(slot))
    }

    /// Counts what it uses `times` over.
    pub(super) fn charge(&self, tree: &mut Tree, times: i64) {
        for (slot, amount) in &self.usage {
            tree.charge(&self.queue, slot, amount * times);
        }
    }
}

/// What a workload has been given.
pub(super) fn usage_of(workload: &Value) -> BTreeMap<Slot, i64> {
    let mut usage: BTreeMap<Slot, i64> = BTreeMap::new();
    for assignment in json::items(workload, "/status/admission/podSetAssignments") {
        let amounts = assignment
            .get("resourceUsage")
            .map(capacity::amounts)
            .unwrap_or_default();
        for (resource, amount) in amounts {
            let flavors = assignment.get("flavors");
            let flavor = flavors.and_then(|all| all.get(&resource)?.as_str());
            if let Some(flavor) = flavor {
                let slot = (flavor.to_owned(), resource);
                *usage.entry(slot).or_default() += i64::try_from(amount).unwrap_or(i64::MAX);
            }
        }
    }
    usage
}

/// The priority of a workload.
pub(super) fn priority(workload: &Value) -> i64 {
    workload
        .pointer("/spec/priority")
        .and_then(Value::as_i64)
        .unwrap_or(0)
}
