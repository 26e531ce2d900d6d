//! Autoscalers, namespaces, limits, role bindings.

use super::{Value, each, json, or, or_if_empty, within};
use crate::json as read;

const RBAC: &str = "rbac.authorization.k8s.io";

pub(super) fn autoscaler(object: &mut Value) {
    let spec = read::object_at(object, "spec");
    or(spec, "minReplicas", 1);
    or_if_empty(
        spec,
        "metrics",
        json!([{ "type": "Resource", "resource": { "name": "cpu",
            "target": { "type": "Utilization", "averageUtilization": 80 } } }]),
    );
    within(object, "spec", |spec| {
        within(spec, "behavior", |behavior| {
            let percent = json!({ "type": "Percent", "value": 100, "periodSeconds": 15 });
            let pods = json!({ "type": "Pods", "value": 4, "periodSeconds": 15 });
            let up = read::object_at(behavior, "scaleUp");
            or(up, "stabilizationWindowSeconds", 0);
            or(up, "selectPolicy", "Max");
            or_if_empty(up, "policies", json!([pods, percent]));
            let down = read::object_at(behavior, "scaleDown");
            or(down, "selectPolicy", "Max");
            or_if_empty(down, "policies", json!([percent]));
        });
    });
}

pub(super) fn namespace(object: &mut Value) {
    let name = read::text(object, "/metadata/name").to_owned();
    if !name.is_empty() {
        let metadata = read::object_at(object, "metadata");
        let labels = metadata.entry("labels").or_insert_with(|| json!({}));
        read::as_object(labels).insert("kubernetes.io/metadata.name".to_owned(), name.into());
    }
}

/// What a limit of containers allows at most is what they get.
pub(super) fn limit_range(object: &mut Value) {
    within(object, "spec", |spec| {
        each(spec, "limits", |limit| {
            if read::text(limit, "/type") != "Container" {
                return;
            }
            let amounts = |limit: &Value, field: &str| {
                limit
                    .get(field)
                    .and_then(Value::as_object)
                    .cloned()
                    .unwrap_or_default()
            };
            let copies = [
                ("max", "default"),
                ("default", "defaultRequest"),
                ("min", "defaultRequest"),
            ];
            for (from, to) in copies {
                let amounts = amounts(limit, from);
                if amounts.is_empty() {
                    continue;
                }
                let target = read::object_at(limit, to);
                for (name, amount) in amounts {
                    target.entry(name).or_insert(amount);
                }
            }
        });
    });
}

pub(super) fn binding(object: &mut Value) {
    within(object, "roleRef", |role| {
        or_if_empty(read::as_object(role), "apiGroup", RBAC);
    });
    each(object, "subjects", |subject| {
        let is_account = read::text(subject, "/kind") == "ServiceAccount";
        if !is_account {
            or_if_empty(read::as_object(subject), "apiGroup", RBAC);
        }
    });
}
