//! The scopes of a quota: which pods it is about.

use serde_json::Value;

use super::Counted;
use crate::{admission::defaults, json};

/// A scope, and for priority classes which.
#[derive(Debug)]
pub(super) struct Scope {
    name: String,
    operator: String,
    values: Vec<String>,
}

/// The scopes of `quota`; an object must be in all of them.
pub(super) fn read(quota: &Value) -> Vec<Scope> {
    let plain = json::items(quota, "/spec/scopes")
        .iter()
        .filter_map(Value::as_str)
        .map(|name| Scope {
            name: name.to_owned(),
            operator: "Exists".to_owned(),
            values: Vec::new(),
        });
    let selected = json::items(quota, "/spec/scopeSelector/matchExpressions")
        .iter()
        .map(|expression| Scope {
            name: json::text(expression, "/scopeName").to_owned(),
            operator: json::text(expression, "/operator").to_owned(),
            values: json::items(expression, "/values")
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        });
    plain.chain(selected).collect()
}

impl Scope {
    /// Whether `object` is in it; of other things than pods and claims none ever is.
    pub(super) fn holds(&self, counted: &Counted, object: &Value) -> bool {
        if counted.is_claim() {
            return self.name == "VolumeAttributesClass"
                && self.selects(json::text(object, "/spec/volumeAttributesClassName"));
        }
        if !counted.is_pod() {
            return false;
        }
        let spec = object.get("spec").unwrap_or(&Value::Null);
        let is_best_effort = || defaults::quality_of_service(spec) == "BestEffort";
        match self.name.as_str() {
            "Terminating" => is_terminating(object),
            "NotTerminating" => !is_terminating(object),
            "BestEffort" => is_best_effort(),
            "NotBestEffort" => !is_best_effort(),
            "PriorityClass" => self.selects(json::text(object, "/spec/priorityClassName")),
            "CrossNamespacePodAffinity" => is_near_other_namespaces(spec),
            _ => false,
        }
    }

    fn selects(&self, class: &str) -> bool {
        let is_among = self.values.iter().any(|value| value == class);
        match self.operator.as_str() {
            "In" => !class.is_empty() && is_among,
            "NotIn" => class.is_empty() || !is_among,
            "DoesNotExist" => class.is_empty(),
            _ => !class.is_empty(),
        }
    }
}

/// Whether the pod ends by itself at a time.
pub(super) fn is_terminating(pod: &Value) -> bool {
    pod.pointer("/spec/activeDeadlineSeconds")
        .and_then(Value::as_i64)
        .is_some_and(|seconds| seconds >= 0)
}

/// Whether the pod's affinity looks at pods of other namespaces.
fn is_near_other_namespaces(spec: &Value) -> bool {
    let crosses = |term: &Value| {
        !json::items(term, "/namespaces").is_empty() || term.get("namespaceSelector").is_some()
    };
    ["podAffinity", "podAntiAffinity"].into_iter().any(|side| {
        let terms = |when: &str| {
            let pointer = format!("/affinity/{side}/{when}DuringSchedulingIgnoredDuringExecution");
            json::items(spec, &pointer).to_vec()
        };
        terms("required").iter().any(crosses)
            || terms("preferred")
                .iter()
                .filter_map(|weighted| weighted.get("podAffinityTerm"))
                .any(crosses)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_scope_of_priority_classes_selects_pods_by_the_name_of_theirs() {
        let quota = json!({ "spec": { "scopeSelector": { "matchExpressions": [
            { "scopeName": "PriorityClass", "operator": "In", "values": ["high"] }] } } });
        let scopes = read(&quota);
        let holds = |class: &str| {
            let pod = json!({ "spec": { "priorityClassName": class } });
            scopes
                .iter()
                .all(|scope| scope.holds(&Counted::pods(), &pod))
        };
        assert!(holds("high") && !holds("low") && !holds(""));
    }
}
