//! How pods move from old replica sets to the one of the current template.

use super::{DESIRED, LIMIT, Plan, Set, annotation, scale_set};
use crate::{actors::Subject, world::World};

/// Follows a change of `replicas`: all sets in proportion while a rollout is under way. True where
/// that is all for now.
pub(super) fn scale(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    sets: &[Set],
    current: Option<usize>,
) -> bool {
    let active: Vec<&Set> = sets.iter().filter(|set| set.replicas > 0).collect();
    let desired = plan.desired.to_string();
    let is_scaling = active.iter().any(|set| {
        let known = annotation(&set.object, DESIRED);
        !known.is_empty() && known != desired
    });
    if !is_scaling {
        return false;
    }
    if let [only] = active.as_slice() {
        return scale_set(world, subject, plan, only, plan.desired);
    }
    if current
        .and_then(|at| sets.get(at))
        .is_some_and(|set| set.available == plan.desired && set.replicas == plan.desired)
    {
        for (at, set) in sets.iter().enumerate() {
            if Some(at) != current {
                scale_set(world, subject, plan, set, 0);
            }
        }
        return true;
    }
    let allowed = plan.desired + plan.surge;
    let total: u64 = active.iter().map(|set| set.replicas).sum();
    let is_growing = allowed >= total;
    let mut left = allowed.abs_diff(total);
    let mut order = active;
    // The largest first; among equals the newest where pods come, the oldest where they go.
    order.sort_by_key(|set| {
        let age = if is_growing {
            u64::MAX - set.revision
        } else {
            set.revision
        };
        (u64::MAX - set.replicas, age)
    });
    let mut targets: Vec<u64> = order
        .iter()
        .map(|set| {
            let limit: u64 = annotation(&set.object, LIMIT).parse().unwrap_or(allowed);
            let ideal = (set.replicas * allowed * 2 + limit) / (limit * 2).max(1);
            let change = ideal.abs_diff(set.replicas).min(left);
            left -= change;
            if is_growing {
                set.replicas + change
            } else {
                set.replicas.saturating_sub(change)
            }
        })
        .collect();
    if let Some(first) = targets.first_mut() {
        *first = if is_growing {
            *first + left
        } else {
            first.saturating_sub(left)
        };
    }
    let mut has_changed = false;
    for (set, to) in order.iter().zip(targets) {
        has_changed |= scale_set(world, subject, plan, set, to);
    }
    has_changed
}

/// One step of a rolling update.
pub(super) fn roll(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    sets: &[Set],
    current: Option<usize>,
) {
    let Some(new) = current.and_then(|at| sets.get(at)) else {
        return;
    };
    let total: u64 = sets.iter().map(|set| set.replicas).sum();
    let room = (plan.desired + plan.surge).saturating_sub(total);
    let to = if new.replicas > plan.desired {
        plan.desired
    } else {
        plan.desired.min(new.replicas + room)
    };
    if scale_set(world, subject, plan, new, to) {
        return;
    }
    let old: Vec<&Set> = sets
        .iter()
        .filter(|set| set.stored.uid != new.stored.uid && set.replicas > 0)
        .collect();
    if old.is_empty() {
        return;
    }
    let least = plan.desired.saturating_sub(plan.unavailable);
    let new_unavailable = new.replicas.saturating_sub(new.available);
    let removable = total.saturating_sub(least + new_unavailable);
    if removable == 0 {
        return;
    }
    // Old pods that are not available go first, then as many as availability allows.
    let mut left = removable;
    let mut targets: Vec<u64> = old.iter().map(|set| set.replicas).collect();
    for (set, target) in old.iter().zip(&mut targets) {
        let unhealthy = set.replicas.saturating_sub(set.available).min(left);
        *target -= unhealthy;
        left -= unhealthy;
    }
    let available: u64 = sets.iter().map(|set| set.available).sum();
    let mut spare = available.saturating_sub(least).min(left);
    for target in &mut targets {
        let removed = spare.min(*target);
        *target -= removed;
        spare -= removed;
    }
    for (set, to) in old.iter().zip(targets) {
        scale_set(world, subject, plan, set, to);
    }
}

/// One step of a strategy that ends the old pods before it starts new ones.
pub(super) fn recreate(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    sets: &[Set],
    current: Option<usize>,
) {
    let (mut has_scaled, mut is_running) = (false, false);
    for (at, set) in sets.iter().enumerate() {
        if Some(at) != current {
            has_scaled |= set.replicas > 0 && scale_set(world, subject, plan, set, 0);
            is_running |=
                set.actual > 0 || !crate::actors::pods::owned_by(world, &set.stored.uid).is_empty();
        }
    }
    if let Some(new) = current
        .and_then(|at| sets.get(at))
        .filter(|_| !has_scaled && !is_running)
    {
        scale_set(world, subject, plan, new, plan.desired);
    }
}
