//! Preemption: pods of lower priority make room for one of higher.
//!
//! Source: `pkg/scheduler/framework/preemption` and its default plugin of Kubernetes 1.36. Of the
//! nodes that would do without some of their pods, the one is taken whose victims matter least.

use std::{cmp::Reverse, collections::HashSet};

use serde_json::{Value, json};
use strata_domain::{ids::ObjectKey, text::Text};

use super::{
    Search,
    misfit::{Misfit, Reasons},
};
use crate::{
    actors::{
        capacity::{self, Amounts},
        events::Event,
        kubelet::set_condition,
    },
    disruption, json,
    store::Stored,
    world::{World, pod_kind},
};

const NOT_HELPFUL: &str = "Preemption is not helpful for scheduling";
const NO_VICTIMS: &str = "No preemption victims found for incoming pod";

/// What came of looking for pods to preempt.
pub(super) enum Outcome {
    /// Room is being made on this node.
    Nominated(Text),
    /// There is none to be made, for this reason.
    Refused(String),
}

/// A pod that would have to go.
struct Victim {
    uid: Text,
    key: ObjectKey,
    priority: i64,
    started: String,
    amounts: Amounts,
}

/// A node that would do without `victims`, the most important first.
struct Candidate {
    node: Text,
    victims: Vec<Victim>,
    violations: usize,
}

/// Makes room for a pod by preempting others, if that helps.
pub(super) fn attempt(world: &mut World, search: &Search<'_>, misfit: &Misfit) -> Outcome {
    if json::text(search.pod, "/spec/preemptionPolicy") == "Never" {
        return Outcome::Refused("not eligible due to preemptionPolicy=Never.".to_owned());
    }
    let mut reasons = Reasons::default();
    let for_good = misfit.nodes().saturating_sub(misfit.hopeful.len());
    for _ in 0..for_good {
        reasons.add(&[NOT_HELPFUL.to_owned()]);
    }
    let mut candidates = Vec::new();
    for node in &misfit.hopeful {
        match candidate(world, search, node) {
            Ok(candidate) => candidates.push(candidate),
            Err(why) => reasons.add(&why),
        }
    }
    let best = candidates.into_iter().min_by_key(Candidate::cost);
    let Some(best) = best else {
        return Outcome::Refused(reasons.sentence(misfit.nodes()));
    };
    for victim in &best.victims {
        evict(world, search.stored, &best.node, victim);
    }
    Outcome::Nominated(best.node)
}

impl Candidate {
    /// How bad it would be, in the scheduler's order: budgets, priorities, numbers, age.
    fn cost(&self) -> (usize, i64, i64, usize, Reverse<String>) {
        let highest = self.victims.iter().map(|victim| victim.priority).max();
        // So that a pod of negative priority costs more than none.
        let weighed = |victim: &Victim| victim.priority + i64::from(i32::MAX) + 1;
        let oldest = self
            .victims
            .iter()
            .filter(|victim| Some(victim.priority) == highest)
            .map(|victim| victim.started.clone())
            .min();
        (
            self.violations,
            highest.unwrap_or(i64::MIN),
            self.victims.iter().map(weighed).sum(),
            self.victims.len(),
            Reverse(oldest.unwrap_or_default()),
        )
    }
}

/// The fewest and least important pods whose end makes room on `node`, or why there are none.
fn candidate(world: &World, search: &Search<'_>, node: &Text) -> Result<Candidate, Vec<String>> {
    let mut victims: Vec<Victim> = if world.capacity.has_below(search.priority) {
        let lower = world.capacity.pods_below(node, search.priority);
        lower
            .filter_map(|held| Victim::read(world, &held))
            .collect()
    } else {
        Vec::new()
    };
    if victims.is_empty() {
        return Err(vec![NO_VICTIMS.to_owned()]);
    }
    victims.sort_by(|a, b| (b.priority, &a.started, &a.key).cmp(&(a.priority, &b.started, &b.key)));
    let mut gone: HashSet<Text> = victims.iter().map(|victim| victim.uid.clone()).collect();
    if let Some(obstacle) = search.obstacle_without(world, node, &gone, &freed(&victims, &gone)) {
        return Err(obstacle.reasons);
    }
    let violating = violating(world, &victims);
    let mut violations = 0;
    // Those that a budget protects are spared first, and of each kind the most important.
    for is_protected in [true, false] {
        for victim in &victims {
            if violating.contains(&victim.uid) != is_protected {
                continue;
            }
            gone.remove(&victim.uid);
            let freed = freed(&victims, &gone);
            if search
                .obstacle_without(world, node, &gone, &freed)
                .is_some()
            {
                gone.insert(victim.uid.clone());
                violations += usize::from(is_protected);
            }
        }
    }
    victims.retain(|victim| gone.contains(&victim.uid));
    Ok(Candidate {
        node: node.clone(),
        victims,
        violations,
    })
}

impl Victim {
    fn read(world: &World, held: &capacity::Held<'_>) -> Option<Self> {
        let stored = world.store.get(&pod_kind(), held.key)?;
        let pod = stored.value();
        Some(Self {
            uid: stored.uid.clone(),
            key: held.key.clone(),
            priority: held.priority,
            started: json::text(&pod, "/status/startTime").to_owned(),
            amounts: held.amounts.clone(),
        })
    }
}

fn freed(victims: &[Victim], gone: &HashSet<Text>) -> Amounts {
    let mut freed = Amounts::new();
    for victim in victims.iter().filter(|victim| gone.contains(&victim.uid)) {
        for (resource, amount) in &victim.amounts {
            *freed.entry(resource.clone()).or_default() += amount;
        }
    }
    freed
}

/// The pods whose end would go beyond what their budgets allow.
fn violating(world: &World, victims: &[Victim]) -> HashSet<Text> {
    let mut allowed: std::collections::BTreeMap<ObjectKey, i64> = std::collections::BTreeMap::new();
    let mut violating = HashSet::new();
    for victim in victims {
        let Some(stored) = world.store.get(&pod_kind(), &victim.key) else {
            continue;
        };
        for budget in disruption::budgets_of(&world.store, &stored) {
            let object = budget.value();
            let is_counted = object
                .pointer("/status/disruptedPods")
                .is_some_and(|pods| pods.get(victim.key.name.as_str()).is_some());
            if is_counted {
                continue;
            }
            let left = allowed.entry(budget.key.clone()).or_insert_with(|| {
                i64::try_from(json::count(&object, "/status/disruptionsAllowed")).unwrap_or(0)
            });
            *left -= 1;
            if *left < 0 {
                violating.insert(victim.uid.clone());
            }
        }
    }
    violating
}

/// Ends a pod for `preemptor`, and says why.
fn evict(world: &mut World, preemptor: &Stored, node: &str, victim: &Victim) {
    let Some(stored) = world.store.get(&pod_kind(), &victim.key) else {
        return;
    };
    if stored.is_ending {
        return;
    }
    let stamp = world.stamp();
    world.store.update(&pod_kind(), &victim.key, |pod| {
        let message = "default-scheduler: preempting to accommodate a higher priority pod";
        let why = Some((BY_SCHEDULER, message));
        set_condition(pod, "DisruptionTarget", "True", why, &stamp);
    });
    world.delete_pod(&victim.key);
    let message = format!("Preempted by pod {} on node {node}", preemptor.uid);
    Event::normal("Preempted", message)
        .by(super::NAME)
        .doing("Preempting")
        .record(world, &pod_kind(), &stored);
}

/// The reason of a pod that was preempted.
const BY_SCHEDULER: &str = "PreemptionByScheduler";

/// Whether a pod that was preempted for one of `priority` is still going on `node`.
pub(super) fn is_under_way(world: &World, node: &str, priority: i64) -> bool {
    world.capacity.pods_below(node, priority).any(|held| {
        let stored = world.store.get(&pod_kind(), held.key);
        stored.is_some_and(|stored| {
            stored.is_ending
                && json::items(&stored.value(), "/status/conditions")
                    .iter()
                    .any(|known| json::text(known, "/reason") == BY_SCHEDULER)
        })
    })
}

/// Writes for which node a pod waits, or that it waits for none.
pub(super) fn nominate(world: &mut World, stored: &Stored, node: Option<&str>) {
    world.store.update(&pod_kind(), &stored.key, |pod| {
        let status = json::object_at(pod, "status");
        match node {
            Some(node) => status.insert("nominatedNodeName".to_owned(), json!(node)),
            None => status.remove("nominatedNodeName"),
        };
    });
}

/// The node that a pod waits for.
pub(super) fn nomination(pod: &Value) -> Option<&str> {
    pod.pointer("/status/nominatedNodeName")
        .and_then(Value::as_str)
        .filter(|node| !node.is_empty())
}
