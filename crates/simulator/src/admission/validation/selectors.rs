//! Label selectors, and whether they match.

use serde_json::{Value, json};

use super::objects;
use crate::{admission::causes::Causes, json};

/// Judges a selector at `path`.
pub(super) fn selector(selector: &Value, path: &str, causes: &mut Causes) {
    objects::labels(
        selector.get("matchLabels"),
        &format!("{path}.matchLabels"),
        causes,
    );
    for (index, expression) in json::items(selector, "/matchExpressions")
        .iter()
        .enumerate()
    {
        let path = format!("{path}.matchExpressions[{index}]");
        requirement(
            expression,
            &path,
            &["In", "NotIn", "Exists", "DoesNotExist"],
            causes,
        );
    }
}

/// Judges one requirement of a selector.
pub(super) fn requirement(expression: &Value, path: &str, operators: &[&str], causes: &mut Causes) {
    let operator = json::text(expression, "/operator");
    let values = json::items(expression, "/values");
    match operator {
        _ if !operators.contains(&operator) => {
            causes.invalid(
                &format!("{path}.operator"),
                operator,
                "not a valid selector operator",
            );
        }
        "In" | "NotIn" if values.is_empty() => {
            let detail = "must be specified when `operator` is 'In' or 'NotIn'";
            causes.required(&format!("{path}.values"), detail);
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
            causes.forbidden(&format!("{path}.values"), detail);
        }
        "Gt" | "Lt" if values.len() != 1 => {
            let detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
            causes.required(&format!("{path}.values"), detail);
        }
        _ => {}
    }
}

/// Whether `selector` selects what has `labels`; one that is missing selects nothing.
pub(super) fn matches(selector: Option<&Value>, labels: &Value) -> bool {
    let Some(selector) = selector.filter(|selector| selector.is_object()) else {
        return false;
    };
    let label = |key: &str| labels.get(key).and_then(Value::as_str);
    let equal = selector
        .get("matchLabels")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .all(|(key, value)| label(key) == value.as_str());
    equal
        && json::items(selector, "/matchExpressions")
            .iter()
            .all(|expression| {
                let value = label(json::text(expression, "/key"));
                let is_listed = value.is_some_and(|value| {
                    json::items(expression, "/values")
                        .iter()
                        .any(|known| known == value)
                });
                match json::text(expression, "/operator") {
                    "In" => is_listed,
                    "NotIn" => !is_listed,
                    "Exists" => value.is_some(),
                    "DoesNotExist" => value.is_none(),
                    _ => false,
                }
            })
}

/// Judges the selector of a workload and whether it selects what its template makes.
pub(super) fn of_template(spec: &Value, kind: &str, causes: &mut Causes) {
    let selector = spec.get("selector").filter(|selector| selector.is_object());
    let is_empty = |selector: &Value| {
        selector.get("matchLabels").is_none() && selector.get("matchExpressions").is_none()
    };
    let mut is_valid = true;
    match selector {
        None if kind == "daemonset" => {}
        None => causes.required("spec.selector", ""),
        Some(selector) => {
            let before = causes.all.len();
            self::selector(selector, "spec.selector", causes);
            is_valid = causes.all.len() == before;
            if is_empty(selector) {
                let detail = format!("empty selector is invalid for {kind}");
                causes.invalid("spec.selector", selector.clone(), &detail);
                is_valid = false;
            } else if !is_valid {
                causes.invalid("spec.selector", selector.clone(), "invalid label selector");
            }
        }
    }
    let none = json!(null);
    let labels = spec.pointer("/template/metadata/labels").unwrap_or(&none);
    if is_valid && !matches(selector, labels) {
        causes.invalid(
            "spec.template.metadata.labels",
            labels.clone(),
            "`selector` does not match template `labels`",
        );
    }
}
