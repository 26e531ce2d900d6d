//! Admission checks: what somebody outside Kueue has to agree to before a workload with its quota may
//! start. The demo cluster has nobody who does; a user may write a check's state.
//!
//! Source: `syncAdmissionCheckConditions` of Kueue 0.19. Checks that are refused put nobody out here.

use serde_json::{Value, json};
use strata_domain::ids::ObjectKey;

use super::{holds, kind};
use crate::{json, world::World};

/// The checks that a queue wants, under either version's name, in the order in which workloads list
/// them.
pub(super) fn of(queue: &Value) -> Vec<String> {
    let named = json::items(queue, "/spec/admissionChecksStrategy/admissionChecks");
    let plain = json::items(queue, "/spec/admissionChecks");
    let mut checks: Vec<String> = named
        .iter()
        .map(|check| json::text(check, "/name").to_owned())
        .chain(plain.iter().filter_map(Value::as_str).map(str::to_owned))
        .collect();
    checks.sort_unstable();
    checks.dedup();
    checks
}

/// Which of the queue's checks are not there, and which nobody attends to.
pub(super) fn unusable(world: &World, checks: &[String]) -> (Vec<String>, Vec<String>) {
    let mut missing = Vec::new();
    let mut inactive = Vec::new();
    for name in checks {
        let key = ObjectKey::new("", name.as_str());
        match world.store.get(&kind("AdmissionCheck"), &key) {
            None => missing.push(name.clone()),
            Some(check) if !holds(&check.value(), "Active") => inactive.push(name.clone()),
            Some(_) => {}
        }
    }
    (missing, inactive)
}

/// The states of the checks of a workload that has just got its quota: what was known stays.
pub(super) fn states(workload: &Value, checks: &[String], stamp: &str) -> Vec<Value> {
    let known = json::items(workload, "/status/admissionChecks");
    let state = |name: &String| {
        let known = known
            .iter()
            .find(|state| json::text(state, "/name") == name);
        known.cloned().unwrap_or_else(|| {
            json!({ "name": name, "state": "Pending", "message": "", "lastTransitionTime": stamp })
        })
    };
    checks.iter().map(state).collect()
}

/// Whether all of a workload's checks are passed.
pub(super) fn are_passed(workload: &Value) -> bool {
    json::items(workload, "/status/admissionChecks")
        .iter()
        .all(|check| json::text(check, "/state") == "Ready")
}
