//! Pod disruption budgets: which one protects a pod, and how many it lets go.
//!
//! The API server takes from a budget when it evicts; the disruption controller fills it again.

use std::sync::Arc;

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use crate::{
    json,
    label_selector::LabelSelector,
    store::{Store, Stored},
};

/// The kind of pod disruption budgets.
pub(crate) fn budget_kind() -> GroupKind {
    GroupKind::new("policy", "PodDisruptionBudget")
}

/// The budgets that protect a pod.
pub(crate) fn budgets_of(store: &Store, pod: &Stored) -> Vec<Arc<Stored>> {
    let mut budgets = store.list(&budget_kind(), &pod.key.namespace);
    budgets.retain(|budget| selector_of(&budget.value()).is_some_and(|it| it.matches(pod)));
    budgets
}

/// The pods that a budget protects.
pub(crate) fn selector_of(budget: &Value) -> Option<LabelSelector> {
    LabelSelector::read(budget.pointer("/spec/selector")?)
}

/// Whether a pod is ready, which is what a budget calls healthy.
pub(crate) fn is_ready(pod: &Value) -> bool {
    json::items(pod, "/status/conditions").iter().any(|known| {
        json::text(known, "/type") == "Ready" && json::text(known, "/status") == "True"
    })
}

/// Takes the disruption that the eviction of `pod` is from `budget`.
pub(crate) fn take_one(budget: &mut Value, pod: &str, stamp: &str) {
    let allowed = json::count(budget, "/status/disruptionsAllowed").saturating_sub(1);
    let status = json::object_at(budget, "status");
    status.insert("disruptionsAllowed".to_owned(), allowed.into());
    let disrupted = status.entry("disruptedPods").or_insert_with(|| json!({}));
    json::as_object(disrupted).insert(pod.to_owned(), stamp.into());
    if allowed == 0 {
        let condition = condition(budget, 0, stamp);
        json::object_at(budget, "status").insert("conditions".to_owned(), json!([condition]));
    }
}

/// The one condition of a budget that allows `allowed` disruptions.
pub(crate) fn condition(budget: &Value, allowed: u64, stamp: &str) -> Value {
    let (status, reason) = if allowed > 0 {
        ("True", "SufficientPods")
    } else {
        ("False", "InsufficientPods")
    };
    let since = json::items(budget, "/status/conditions")
        .iter()
        .find(|known| json::text(known, "/status") == status)
        .map_or(stamp, |known| json::text(known, "/lastTransitionTime"));
    json!({ "type": "DisruptionAllowed", "status": status, "reason": reason, "message": "",
        "observedGeneration": json::count(budget, "/metadata/generation"),
        "lastTransitionTime": since })
}
