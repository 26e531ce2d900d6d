//! Which flavors a workload gets, what it waits for, or whom it drives out.
//!
//! Source: `pkg/scheduler/flavorassigner` of Kueue 0.19, with its defaults: a flavor whose quota has
//! to be borrowed is taken, one that others have to be driven out of only if there is no better.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    admitted::{Admitted, priority},
    flavors::{Mode, Search, quantity},
    kind,
    pod_sets::PodSet,
    preemption::{self, Needy, Target},
    queue::{Group, Queue},
    tree::{Slot, Tree},
};
use crate::{actors::capacity::Amounts, json, store::Stored, world::World};

/// What every queue may use, and who uses it.
pub(super) struct Ledger {
    tree: Tree,
    queues: BTreeMap<String, Queue>,
    admitted: Vec<Admitted>,
}

/// The flavors that a workload gets.
pub(super) struct Assignment {
    pub(super) cluster_queue: String,
    pub(super) pod_sets: Vec<Value>,
}

/// What the pod sets of a workload were given so far.
#[derive(Default)]
struct Tried {
    taken: BTreeMap<Slot, i64>,
    /// Of what there was too little.
    lacking: Vec<Slot>,
    /// Whether driving others out would not help.
    is_hopeless: bool,
}

/// What becomes of a workload.
pub(super) enum Verdict {
    Admitted(Assignment),
    /// It waits for those to go.
    Preempts(String, Vec<Target>),
    /// It waits, for a reason of the queue or of what there is.
    Waits(&'static str, String),
}

impl Ledger {
    /// Reads the queues and what admitted workloads use.
    pub(super) fn read(world: &World) -> Self {
        let mut ledger = Self {
            tree: Tree::read(world),
            queues: BTreeMap::new(),
            admitted: Vec::new(),
        };
        for stored in world.store.list(&kind("ClusterQueue"), "") {
            let queue = Queue::read(world, stored.value());
            ledger.queues.insert(stored.key.name.to_string(), queue);
        }
        for stored in world.store.list(&kind("Workload"), "") {
            if let Some(admitted) = Admitted::read(&stored) {
                admitted.charge(&mut ledger.tree, 1);
                ledger.admitted.push(admitted);
            }
        }
        ledger
    }

    /// Why the queue `name` takes nothing in: reason and message; none where it does.
    pub(super) fn inactive(&self, name: &str) -> Option<&(&'static str, String)> {
        self.queues.get(name)?.inactive.as_ref()
    }

    /// The admission checks that the queue `name` wants.
    pub(super) fn checks(&self, name: &str) -> &[String] {
        self.queues.get(name).map_or(&[], |queue| &queue.checks)
    }

    /// What becomes of a workload in the queue `cluster_queue`.
    pub(super) fn judge(&self, world: &World, cluster_queue: &str, workload: &Value) -> Verdict {
        let blocked = |message: String| Verdict::Waits("Inadmissible", message);
        let Some(queue) = self.queues.get(cluster_queue) else {
            return blocked(format!("ClusterQueue {cluster_queue} doesn't exist"));
        };
        if queue.inactive.is_some() {
            return blocked(format!("ClusterQueue {cluster_queue} is inactive"));
        }
        if !queue.selects(world, json::text(workload, "/metadata/namespace")) {
            let message = "workload namespace doesn't match ClusterQueue selector";
            return Verdict::Waits("Pending", message.to_owned());
        }
        self.assign(world, cluster_queue, queue, workload)
    }

    fn assign(&self, world: &World, name: &str, queue: &Queue, workload: &Value) -> Verdict {
        let mut tried = Tried::default();
        let mut problems: Vec<String> = Vec::new();
        let mut pod_sets = Vec::new();
        let sets = json::items(workload, "/spec/podSets");
        for set in sets.iter().map(PodSet::read) {
            let (assigned, reasons) = self.try_set(world, name, queue, &set, &mut tried);
            if !reasons.is_empty() {
                let reasons: Vec<String> = reasons.into_iter().collect();
                problems.push(format!(
                    "couldn't assign flavors to pod set {}: {}",
                    set.name,
                    reasons.join(", ")
                ));
            }
            pod_sets.push(assigned);
        }
        if problems.is_empty() {
            return Verdict::Admitted(Assignment {
                cluster_queue: name.to_owned(),
                pod_sets,
            });
        }
        let message = problems.join("; ");
        if tried.is_hopeless {
            return Verdict::Waits("Pending", message);
        }
        let usage: Vec<(Slot, i64)> = tried.taken.into_iter().collect();
        let needy = Needy {
            queue: name,
            priority: priority(workload),
            created: json::text(workload, "/metadata/creationTimestamp"),
            usage: &usage,
            lacking: &tried.lacking,
        };
        let targets = preemption::targets(&self.tree, &self.admitted, &queue.policy, &needy);
        if targets.is_empty() {
            return Verdict::Waits("Pending", message);
        }
        let pending = format!(
            "{message}. Pending the preemption of {} workload(s)",
            targets.len()
        );
        Verdict::Preempts(pending, targets)
    }

    /// Chooses flavors for a pod set: what is assigned to it, and what speaks against that.
    fn try_set(
        &self,
        world: &World,
        name: &str,
        queue: &Queue,
        set: &PodSet,
        tried: &mut Tried,
    ) -> (Value, BTreeSet<String>) {
        let mut reasons = BTreeSet::new();
        let mut flavors = Map::new();
        let mut usage = Map::new();
        let amounts = set.amounts();
        let is_covered = |resource: &String| {
            let mut groups = queue.groups.iter();
            groups.any(|group| group.covered.contains(resource))
        };
        for (resource, amount) in &amounts {
            if *amount > 0 && !is_covered(resource) {
                reasons.insert(format!("resource {resource} unavailable in ClusterQueue"));
                tried.is_hopeless = true;
            }
        }
        for group in &queue.groups {
            let mut wanted = amounts.clone();
            wanted.retain(|resource, _| group.covered.contains(resource));
            if wanted.is_empty() {
                continue;
            }
            let search = Search {
                tree: &self.tree,
                world,
                name,
                queue,
                taken: &tried.taken,
            };
            let (flavor, mode, why) = search.choose(group, set, &wanted);
            match mode {
                Mode::Fits => {}
                Mode::Preempts => reasons.extend(why),
                Mode::Never => {
                    reasons.extend(why);
                    tried.is_hopeless = true;
                }
            }
            for (resource, amount) in &wanted {
                let slot = (flavor.clone(), resource.clone());
                let amount_taken = i64::try_from(*amount).unwrap_or(i64::MAX);
                let after = tried.taken.get(&slot).copied().unwrap_or(0) + amount_taken;
                if self.tree.available(name, &slot) < after {
                    tried.lacking.push(slot.clone());
                }
                tried.taken.insert(slot, after);
                flavors.insert(resource.clone(), flavor.as_str().into());
                usage.insert(resource.clone(), quantity(resource, *amount).into());
            }
        }
        let mut assigned = json!({ "name": set.name, "count": set.count });
        for (field, map) in [("flavors", flavors), ("resourceUsage", usage)] {
            if !map.is_empty() {
                json::as_object(&mut assigned).insert(field.to_owned(), map.into());
            }
        }
        (assigned, reasons)
    }

    /// Whether a workload would take more than its queue has of its own, whichever flavor it got.
    pub(super) fn would_borrow(&self, name: &str, workload: &Value) -> bool {
        let Some(queue) = self.queues.get(name) else {
            return false;
        };
        let mut wanted = Amounts::new();
        for set in json::items(workload, "/spec/podSets")
            .iter()
            .map(PodSet::read)
        {
            for (resource, amount) in set.amounts() {
                *wanted.entry(resource).or_default() += amount;
            }
        }
        let has_own = |flavor: &String, group: &Group| {
            let mut wanted = wanted.iter();
            wanted.all(|(resource, amount)| {
                let slot = (flavor.clone(), resource.clone());
                let amount = i64::try_from(*amount).unwrap_or(i64::MAX);
                !group.covered.contains(resource)
                    || self.tree.usage(name, &slot) + amount <= self.tree.nominal(name, &slot)
            })
        };
        !queue
            .groups
            .iter()
            .all(|group| group.flavors.iter().any(|flavor| has_own(flavor, group)))
    }

    /// The place of a queue among the cohorts.
    pub(super) fn place(&self, queue: &str) -> String {
        self.tree.place(queue)
    }

    /// Whether the queue is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.queues.contains_key(name)
    }

    /// Whether the queue is there and takes workloads in.
    pub(super) fn takes_in(&self, name: &str) -> bool {
        let queue = self.queues.get(name);
        queue.is_some_and(|queue| queue.inactive.is_none())
    }

    /// Whether nobody passes a workload that the queue cannot admit.
    pub(super) fn is_strict(&self, name: &str) -> bool {
        let queue = self.queues.get(name);
        queue.is_some_and(|queue| {
            json::text(&queue.object, "/spec/queueingStrategy") == "StrictFIFO"
        })
    }

    /// Whether the queue lets nothing run any more.
    pub(super) fn is_drained(&self, name: &str) -> bool {
        let queue = self.queues.get(name);
        queue.is_some_and(|queue| json::text(&queue.object, "/spec/stopPolicy") == "HoldAndDrain")
    }

    /// Counts a workload that has got its quota.
    pub(super) fn take_in(&mut self, stored: &Stored) {
        if let Some(admitted) = Admitted::read(stored) {
            admitted.charge(&mut self.tree, 1);
            self.admitted.push(admitted);
        }
    }

    /// What the queue uses of each flavor it has, as its status tells: name, resource, total and
    /// how much of it is borrowed.
    pub(super) fn usage(&self, cluster_queue: &str) -> Vec<Value> {
        self.each(cluster_queue, |slot| {
            let total = self.tree.usage(cluster_queue, slot);
            let over = total - self.tree.nominal(cluster_queue, slot);
            json!({ "total": shown(slot, total), "borrowed": shown(slot, over) })
        })
    }

    /// The same of what the workloads of one local queue have `taken`, without what is borrowed.
    pub(super) fn part(&self, cluster_queue: &str, taken: &BTreeMap<Slot, i64>) -> Vec<Value> {
        self.each(cluster_queue, |slot| {
            let total = taken.get(slot).copied().unwrap_or(0);
            json!({ "total": shown(slot, total) })
        })
    }

    /// Every flavor of the queue with what is `said` of each of its resources.
    fn each(&self, cluster_queue: &str, said: impl Fn(&Slot) -> Value) -> Vec<Value> {
        let Some(queue) = self.queues.get(cluster_queue) else {
            return Vec::new();
        };
        let of_resource = |flavor: &String, resource: &String| {
            let mut entry = said(&(flavor.clone(), resource.clone()));
            json::as_object(&mut entry).insert("name".to_owned(), resource.as_str().into());
            entry
        };
        let of_group = |group: &Group| -> Vec<Value> {
            let each = group.flavors.iter().map(|flavor| {
                let covered = group.covered.iter();
                let resources: Vec<Value> = covered
                    .map(|resource| of_resource(flavor, resource))
                    .collect();
                json!({ "name": flavor, "resources": resources })
            });
            each.collect()
        };
        queue.groups.iter().flat_map(of_group).collect()
    }
}

/// An amount of a slot as a quantity; nothing where it is negative.
fn shown((_, resource): &Slot, amount: i64) -> String {
    quantity(resource, u64::try_from(amount).unwrap_or(0))
}
