//! Whom a workload may drive out: those of lower priority in its own queue, and those that use what
//! its queue has lent.
//!
//! Source: `pkg/scheduler/preemption` of Kueue 0.19, without fair sharing.

use std::cmp::Reverse;

use serde_json::Value;
use strata_domain::ids::ObjectKey;

use super::{
    admitted::Admitted,
    tree::{Slot, Tree},
};
use crate::json;

/// What a queue lets its workloads do to others.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy {
    within_queue: String,
    within_cohort: String,
    while_borrowing: String,
    highest_while_borrowing: Option<i64>,
}

/// A workload that needs room.
pub(super) struct Needy<'a> {
    pub(super) queue: &'a str,
    pub(super) priority: i64,
    pub(super) created: &'a str,
    /// What it takes in all.
    pub(super) usage: &'a [(Slot, i64)],
    /// Of what there is too little.
    pub(super) lacking: &'a [Slot],
}

/// A workload that has to go.
pub(super) struct Target {
    pub(super) key: ObjectKey,
    pub(super) queue: String,
    pub(super) reason: &'static str,
}

/// Why one goes, in the words of the message.
pub(super) fn explained(reason: &str) -> &'static str {
    match reason {
        IN_QUEUE => "prioritization in the ClusterQueue",
        RECLAIMED => "reclamation within the cohort",
        RECLAIMED_WHILE_BORROWING => "reclamation within the cohort while borrowing",
        _ => "UNKNOWN",
    }
}

const IN_QUEUE: &str = "InClusterQueue";
const RECLAIMED: &str = "InCohortReclamation";
const RECLAIMED_WHILE_BORROWING: &str = "InCohortReclaimWhileBorrowing";

impl Policy {
    pub(super) fn read(queue: &Value) -> Self {
        let text = |pointer: &str| json::text(queue, pointer).to_owned();
        Self {
            within_queue: text("/spec/preemption/withinClusterQueue"),
            within_cohort: text("/spec/preemption/reclaimWithinCohort"),
            while_borrowing: text("/spec/preemption/borrowWithinCohort/policy"),
            highest_while_borrowing: queue
                .pointer("/spec/preemption/borrowWithinCohort/maxPriorityThreshold")
                .and_then(Value::as_i64),
        }
    }

    /// Whether others may be driven out of what has to be borrowed.
    pub(super) fn borrows(&self) -> bool {
        self.while_borrowing == "LowerPriority"
    }

    fn allows_own(&self, needy: &Needy<'_>, other: &Admitted) -> bool {
        let is_lower = other.priority < needy.priority;
        match self.within_queue.as_str() {
            "LowerPriority" => is_lower,
            "LowerOrNewerEqualPriority" => {
                is_lower
                    || other.priority == needy.priority && other.created.as_str() > needy.created
            }
            _ => false,
        }
    }

    /// Why a workload of another queue may go, if it may.
    fn reclaims(
        &self,
        needy: &Needy<'_>,
        other: &Admitted,
        is_within_nominal: bool,
    ) -> Option<&'static str> {
        let is_lower = other.priority < needy.priority;
        if is_within_nominal {
            return match self.within_cohort.as_str() {
                "Any" => Some(RECLAIMED),
                "LowerPriority" if is_lower => Some(RECLAIMED),
                _ => None,
            };
        }
        let is_low_enough = self
            .highest_while_borrowing
            .is_none_or(|highest| other.priority <= highest);
        let may_reclaim = ["Any", "LowerPriority"].contains(&self.within_cohort.as_str());
        (may_reclaim && self.while_borrowing == "LowerPriority" && is_lower && is_low_enough)
            .then_some(RECLAIMED_WHILE_BORROWING)
    }
}

/// The fewest workloads whose end makes room; none where that cannot be.
pub(super) fn targets(
    tree: &Tree,
    admitted: &[Admitted],
    policy: &Policy,
    needy: &Needy<'_>,
) -> Vec<Target> {
    let mut tree = tree.clone();
    let is_within_nominal = needy.usage.iter().all(|(slot, amount)| {
        !needy.lacking.contains(slot)
            || tree.usage(needy.queue, slot) + amount <= tree.nominal(needy.queue, slot)
    });
    let root = tree.root(needy.queue);
    let mut candidates: Vec<(&Admitted, &'static str)> = admitted
        .iter()
        .filter(|other| other.uses_any(needy.lacking))
        .filter_map(|other| {
            let reason = if other.queue == needy.queue {
                policy.allows_own(needy, other).then_some(IN_QUEUE)
            } else if tree.root(&other.queue) == root {
                policy.reclaims(needy, other, is_within_nominal)
            } else {
                None
            };
            Some((other, reason?))
        })
        .collect();
    // Who goes already first, then others' before one's own, the lowest, and the latest to come.
    candidates.sort_by_cached_key(|(other, reason)| {
        let is_own = *reason == IN_QUEUE;
        let since = Reverse(other.reserved.clone());
        (
            !other.is_evicted,
            is_own,
            other.priority,
            since,
            other.key.clone(),
        )
    });
    let mut chosen: Vec<(&Admitted, &'static str)> = Vec::new();
    let fits = |tree: &Tree| {
        let mut usage = needy.usage.iter();
        usage.all(|(slot, amount)| tree.available(needy.queue, slot) >= *amount)
    };
    for (other, reason) in candidates {
        let still_borrows = || {
            needy
                .lacking
                .iter()
                .any(|slot| tree.borrows(&other.queue, slot))
        };
        if reason != IN_QUEUE && !still_borrows() {
            continue;
        }
        other.charge(&mut tree, -1);
        chosen.push((other, reason));
        if fits(&tree) {
            return spare(&mut tree, chosen, &fits);
        }
    }
    Vec::new()
}

/// Of those `chosen`, the ones that cannot be spared.
fn spare(
    tree: &mut Tree,
    mut chosen: Vec<(&Admitted, &'static str)>,
    fits: &impl Fn(&Tree) -> bool,
) -> Vec<Target> {
    for at in (0..chosen.len().saturating_sub(1)).rev() {
        let Some((other, _)) = chosen.get(at).copied() else {
            continue;
        };
        other.charge(tree, 1);
        if fits(tree) {
            chosen.swap_remove(at);
        } else {
            other.charge(tree, -1);
        }
    }
    chosen
        .into_iter()
        .map(|(other, reason)| Target {
            key: other.key.clone(),
            queue: other.queue.clone(),
            reason,
        })
        .collect()
}
