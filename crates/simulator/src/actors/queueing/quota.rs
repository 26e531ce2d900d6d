//! Quotas: what each queue may use of each flavor, and what it uses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use strata_domain::ids::ObjectKey;

use super::{holds, kind, pod_sets::PodSet};
use crate::{
    actors::capacity::{self, Amounts},
    json,
    world::World,
};

/// What every queue may use, and uses.
pub(super) struct Ledger {
    queues: BTreeMap<String, Queue>,
}

/// One cluster queue.
#[derive(Default)]
struct Queue {
    cohort: String,
    covered: BTreeSet<String>,
    /// In the order in which they are tried.
    flavors: Vec<Flavor>,
    /// What is used, by flavor and resource.
    used: BTreeMap<(String, String), u64>,
}

struct Flavor {
    name: String,
    nominal: Amounts,
    /// How much more than nominal may be borrowed; without an entry, all that the cohort has.
    borrowing_limit: Amounts,
}

/// The flavors that a workload gets.
pub(super) struct Assignment {
    pub(super) cluster_queue: String,
    pub(super) pod_sets: Vec<Value>,
}

impl Ledger {
    /// Reads the queues and what admitted workloads use.
    pub(super) fn read(world: &World) -> Self {
        let mut queues = BTreeMap::new();
        for stored in world.store.list(&kind("ClusterQueue"), "") {
            queues.insert(stored.key.name.to_string(), Queue::read(&stored.value()));
        }
        let mut ledger = Self { queues };
        for stored in world.store.list(&kind("Workload"), "") {
            let workload = stored.value();
            if holds(&workload, "QuotaReserved") && !holds(&workload, "Finished") {
                ledger.charge(&workload);
            }
        }
        ledger
    }

    fn charge(&mut self, workload: &Value) {
        let name = json::text(workload, "/status/admission/clusterQueue");
        let Some(queue) = self.queues.get_mut(name) else {
            return;
        };
        for assignment in json::items(workload, "/status/admission/podSetAssignments") {
            let usage = assignment
                .get("resourceUsage")
                .map(capacity::amounts)
                .unwrap_or_default();
            for (resource, amount) in usage {
                let Some(flavor) = assignment.get("flavors").and_then(|all| all.get(&resource))
                else {
                    continue;
                };
                let flavor = flavor.as_str().unwrap_or_default().to_owned();
                *queue.used.entry((flavor, resource)).or_default() += amount;
            }
        }
    }

    /// The flavors for every pod set of `workload` in the queue, or Kueue's sentence about why
    /// there are none.
    pub(super) fn assign(
        mut self,
        world: &World,
        cluster_queue: &str,
        workload: &Value,
    ) -> Result<Assignment, String> {
        if !self.queues.contains_key(cluster_queue) {
            return Err(format!("ClusterQueue {cluster_queue} doesn't exist"));
        }
        let mut pod_sets = Vec::new();
        for set in json::items(workload, "/spec/podSets")
            .iter()
            .map(PodSet::read)
        {
            let (flavor, amounts) = self.assign_set(world, cluster_queue, &set)?;
            let Some(queue) = self.queues.get_mut(cluster_queue) else {
                continue;
            };
            let mut flavors = Map::new();
            let mut usage = Map::new();
            for (resource, amount) in &amounts {
                *queue
                    .used
                    .entry((flavor.clone(), resource.clone()))
                    .or_default() += amount;
                flavors.insert(resource.clone(), flavor.as_str().into());
                usage.insert(resource.clone(), quantity(resource, *amount).into());
            }
            pod_sets.push(
                json!({ "name": set.name, "count": set.count, "flavors": flavors,
                "resourceUsage": usage }),
            );
        }
        Ok(Assignment {
            cluster_queue: cluster_queue.to_owned(),
            pod_sets,
        })
    }

    fn assign_set(
        &self,
        world: &World,
        cluster_queue: &str,
        set: &PodSet,
    ) -> Result<(String, Amounts), String> {
        let nothing = Queue::default();
        let queue = self.queues.get(cluster_queue).unwrap_or(&nothing);
        let mut amounts = set.amounts();
        amounts.retain(|resource, _| queue.covered.contains(resource));
        let mut obstacles = Vec::new();
        for flavor in &queue.flavors {
            if !flavor.fits_nodes(world, set) {
                obstacles.push(format!(
                    "flavor {} doesn't match node affinity",
                    flavor.name
                ));
                continue;
            }
            let lacking: Vec<String> = amounts
                .iter()
                .filter_map(|(resource, amount)| {
                    let missing = amount.saturating_sub(self.available(queue, flavor, resource));
                    (missing > 0).then(|| {
                        format!(
                            "insufficient unused quota for {resource} in flavor {}, {} more needed",
                            flavor.name,
                            quantity(resource, missing)
                        )
                    })
                })
                .collect();
            if lacking.is_empty() {
                return Ok((flavor.name.clone(), amounts));
            }
            obstacles.extend(lacking);
        }
        Err(format!(
            "couldn't assign flavors to pod set {}: {}",
            set.name,
            obstacles.join(", ")
        ))
    }

    /// What the queue can still take of a flavor: its own quota, and what the cohort lends.
    fn available(&self, queue: &Queue, flavor: &Flavor, resource: &str) -> u64 {
        let key = (flavor.name.clone(), resource.to_owned());
        let used = queue.used.get(&key).copied().unwrap_or(0);
        let nominal = flavor.nominal.get(resource).copied().unwrap_or(0);
        if queue.cohort.is_empty() {
            return nominal.saturating_sub(used);
        }
        let (mut lendable, mut lent) = (0_u64, 0_u64);
        for other in self
            .queues
            .values()
            .filter(|other| other.cohort == queue.cohort)
        {
            let theirs = other.flavors.iter().find(|known| known.name == flavor.name);
            lendable += theirs
                .and_then(|known| known.nominal.get(resource))
                .copied()
                .unwrap_or(0);
            lent += other.used.get(&key).copied().unwrap_or(0);
        }
        let in_cohort = lendable.saturating_sub(lent);
        match flavor.borrowing_limit.get(resource) {
            Some(limit) => in_cohort.min((nominal + limit).saturating_sub(used)),
            None => in_cohort,
        }
    }

    /// What the queue uses of each flavor it has, as its status tells: name, resource, total and
    /// how much of it is borrowed.
    pub(super) fn usage(&self, cluster_queue: &str) -> Vec<Value> {
        let Some(queue) = self.queues.get(cluster_queue) else {
            return Vec::new();
        };
        queue
            .flavors
            .iter()
            .map(|flavor| {
                let resources: Vec<Value> = queue
                    .covered
                    .iter()
                    .map(|resource| {
                        let key = (flavor.name.clone(), resource.clone());
                        let total = queue.used.get(&key).copied().unwrap_or(0);
                        let nominal = flavor.nominal.get(resource).copied().unwrap_or(0);
                        json!({ "name": resource, "total": quantity(resource, total),
                            "borrowed": quantity(resource, total.saturating_sub(nominal)) })
                    })
                    .collect();
                json!({ "name": flavor.name, "resources": resources })
            })
            .collect()
    }
}

impl Queue {
    fn read(queue: &Value) -> Self {
        let mut read = Self {
            cohort: json::text(queue, "/spec/cohortName").to_owned(),
            ..Self::default()
        };
        for group in json::items(queue, "/spec/resourceGroups") {
            let covered = json::items(group, "/coveredResources");
            read.covered
                .extend(covered.iter().filter_map(Value::as_str).map(str::to_owned));
            for flavor in json::items(group, "/flavors") {
                let quotas = |field: &str| -> Amounts {
                    json::items(flavor, "/resources")
                        .iter()
                        .filter_map(|resource| {
                            let quantity = json!({ json::text(resource, "/name"):
                                resource.get(field)?.clone() });
                            capacity::amounts(&quantity).into_iter().next()
                        })
                        .collect()
                };
                read.flavors.push(Flavor {
                    name: json::text(flavor, "/name").to_owned(),
                    nominal: quotas("nominalQuota"),
                    borrowing_limit: quotas("borrowingLimit"),
                });
            }
        }
        read
    }
}

impl Flavor {
    /// Whether the pods' node selector allows the flavor's nodes.
    fn fits_nodes(&self, world: &World, set: &PodSet) -> bool {
        let key = ObjectKey::new("", self.name.as_str());
        let Some(flavor) = world.store.get(&kind("ResourceFlavor"), &key) else {
            return false;
        };
        let flavor = flavor.value();
        let labels = flavor.pointer("/spec/nodeLabels");
        let selector = set
            .template
            .pointer("/spec/nodeSelector")
            .and_then(Value::as_object);
        selector.into_iter().flatten().all(|(label, wanted)| {
            labels
                .and_then(|labels| labels.get(label))
                .is_none_or(|known| known == wanted)
        })
    }
}

/// An amount as a quantity: CPU in cores where it is whole, memory in the largest whole unit.
pub(super) fn quantity(resource: &str, amount: u64) -> String {
    match resource {
        "cpu" if amount.is_multiple_of(1000) => (amount / 1000).to_string(),
        "cpu" => format!("{amount}m"),
        "memory" if amount > 0 => {
            let units = [
                (1_u64 << 40, "Ti"),
                (1 << 30, "Gi"),
                (1 << 20, "Mi"),
                (1 << 10, "Ki"),
            ];
            units
                .iter()
                .find(|(unit, _)| amount.is_multiple_of(*unit))
                .map_or_else(
                    || amount.to_string(),
                    |(unit, word)| format!("{}{word}", amount / unit),
                )
        }
        _ => amount.to_string(),
    }
}
