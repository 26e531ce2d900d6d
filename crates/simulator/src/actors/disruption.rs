//! The disruption controller: keeps count of how many pods each budget lets go.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{
    clock, disruption, json,
    store::Stored,
    world::{World, pod_kind},
};

/// How long an eviction counts as under way.
const DELETION_TAKES: Duration = Duration::from_mins(2);

/// Notes the budgets that a change of `stored` may matter to.
pub(super) fn observe(world: &mut World, kind: &GroupKind, stored: &Stored) {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("policy", "PodDisruptionBudget") => {
            world.disturbed.insert(stored.key.clone());
        }
        ("", "Pod") => {
            let budgets = disruption::budgets_of(&world.store, stored);
            let keys = budgets.iter().map(|budget| budget.key.clone());
            world.disturbed.extend(keys);
        }
        ("apps", "ReplicaSet" | "StatefulSet" | "Deployment") => {
            let kind = disruption::budget_kind();
            let budgets = world.store.list(&kind, &stored.key.namespace);
            let keys = budgets.iter().map(|budget| budget.key.clone());
            world.disturbed.extend(keys);
        }
        _ => {}
    }
}

/// Counts anew for every budget that something happened to.
pub(crate) fn settle(world: &mut World) {
    for key in std::mem::take(&mut world.disturbed) {
        count(world, &key);
    }
}

fn count(world: &mut World, key: &ObjectKey) {
    let kind = disruption::budget_kind();
    let Some(stored) = world.store.get(&kind, key) else {
        return;
    };
    let budget = stored.value();
    let Some(selector) = disruption::selector_of(&budget) else {
        return;
    };
    let mut pods = world.store.list(&pod_kind(), &key.namespace);
    pods.retain(|pod| selector.matches(pod));
    let now = world.now();
    let disrupted = under_way(&budget, &pods, now);
    let healthy = pods
        .iter()
        .filter(|pod| !pod.is_ending && !disrupted.contains_key(pod.key.name.as_str()))
        .filter(|pod| disruption::is_ready(&pod.value()))
        .count();
    let healthy = u64::try_from(healthy).unwrap_or(u64::MAX);
    let (expected, desired) = expectation(world, &budget, &pods);
    let allowed = if expected == 0 {
        0
    } else {
        healthy.saturating_sub(desired)
    };
    let mut status = json!({
        "observedGeneration": json::count(&budget, "/metadata/generation"),
        "disruptionsAllowed": allowed,
        "currentHealthy": healthy,
        "desiredHealthy": desired,
        "expectedPods": expected,
        "conditions": [disruption::condition(&budget, allowed, &world.stamp())],
    });
    if !disrupted.is_empty() {
        json::as_object(&mut status).insert("disruptedPods".to_owned(), json!(disrupted));
    }
    world.set_status(&kind, key, status);
}

/// The pods that were evicted and are still there, with the time of it.
fn under_way(
    budget: &Value,
    pods: &[std::sync::Arc<Stored>],
    now: Timestamp,
) -> BTreeMap<String, Value> {
    let Some(disrupted) = budget
        .pointer("/status/disruptedPods")
        .and_then(Value::as_object)
    else {
        return BTreeMap::new();
    };
    pods.iter()
        .filter(|pod| !pod.is_ending)
        .filter_map(|pod| {
            let since = disrupted.get(pod.key.name.as_str())?;
            let at: Timestamp = since.as_str()?.parse().ok()?;
            let is_under_way = clock::later(at, DELETION_TAKES) >= now;
            is_under_way.then(|| (pod.key.name.to_string(), since.clone()))
        })
        .collect()
}

/// How many pods a budget expects, and how many of them it wants healthy.
fn expectation(world: &World, budget: &Value, pods: &[std::sync::Arc<Stored>]) -> (u64, u64) {
    if let Some(most) = budget.pointer("/spec/maxUnavailable") {
        let expected = controlled(world, pods);
        return (expected, expected.saturating_sub(scaled(most, expected)));
    }
    match budget.pointer("/spec/minAvailable") {
        Some(least @ Value::String(_)) => {
            let expected = controlled(world, pods);
            (expected, scaled(least, expected))
        }
        Some(least) => (
            u64::try_from(pods.len()).unwrap_or(u64::MAX),
            least.as_u64().unwrap_or(0),
        ),
        None => (0, 0),
    }
}

/// How many pods those that control `pods` are to have together.
fn controlled(world: &World, pods: &[std::sync::Arc<Stored>]) -> u64 {
    let mut scales: BTreeMap<(GroupKind, ObjectKey), u64> = BTreeMap::new();
    for pod in pods {
        let Some(controller) = pod.controller_key() else {
            continue;
        };
        if scales.contains_key(&controller) {
            continue;
        }
        let Some(stored) = world.store.get(&controller.0, &controller.1) else {
            continue;
        };
        // A replica set of a deployment stands for the whole deployment.
        let root = stored
            .controller_key()
            .filter(|(kind, _)| kind.group == "apps" && kind.kind == "Deployment");
        let stored = match &root {
            Some((kind, key)) => world.store.get(kind, key).unwrap_or(stored),
            None => stored,
        };
        let replicas = json::count(&stored.value(), "/spec/replicas");
        scales.insert(root.unwrap_or(controller), replicas);
    }
    scales.values().sum()
}

/// A count, or a percentage of `whole`, rounded up.
fn scaled(value: &Value, whole: u64) -> u64 {
    match value {
        Value::String(text) => {
            let percent: u64 = text.trim_end_matches('%').parse().unwrap_or(0);
            (whole * percent).div_ceil(100)
        }
        other => other.as_u64().unwrap_or(0),
    }
}
