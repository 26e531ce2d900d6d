//! What scales, and what limits disruption.

use serde_json::Value;

use super::cells::{NONE, Row, UNSET, int_or_text};
use crate::json;

/// Metrics shown of an autoscaler.
const METRICS: usize = 2;

pub(super) fn scale(row: Row<'_>) -> Vec<Value> {
    vec![
        row.name(),
        row.count("/spec/replicas").into(),
        row.count("/status/replicas").into(),
        row.age(),
    ]
}

pub(super) fn pod_disruption_budget(row: Row<'_>) -> Vec<Value> {
    let bound = |pointer: &str| -> Value {
        row.object
            .pointer(pointer)
            .map_or("N/A".to_owned(), int_or_text)
            .into()
    };
    vec![
        row.name(),
        bound("/spec/minAvailable"),
        bound("/spec/maxUnavailable"),
        row.count("/status/disruptionsAllowed").into(),
        row.age(),
    ]
}

pub(super) fn horizontal_pod_autoscaler(row: Row<'_>) -> Vec<Value> {
    let reference = format!(
        "{}/{}",
        row.text("/spec/scaleTargetRef/kind"),
        row.text("/spec/scaleTargetRef/name")
    );
    let minimum = if row.has("/spec/minReplicas") {
        row.count("/spec/minReplicas").to_string()
    } else {
        UNSET.to_owned()
    };
    vec![
        row.name(),
        reference.into(),
        metrics(row).into(),
        minimum.into(),
        row.count("/spec/maxReplicas").into(),
        row.count("/status/currentReplicas").into(),
        row.age(),
    ]
}

fn metrics(row: Row<'_>) -> String {
    let specs = row.items("/spec/metrics");
    let statuses = row.items("/status/currentMetrics");
    if specs.is_empty() {
        return NONE.to_owned();
    }
    let shown: Vec<String> = specs
        .iter()
        .enumerate()
        .take(METRICS)
        .map(|(at, spec)| metric(spec, statuses.get(at)))
        .collect();
    let shown = shown.join(", ");
    if specs.len() > METRICS {
        format!("{shown} + {} more...", specs.len() - METRICS)
    } else {
        shown
    }
}

/// One metric as `current/target`.
fn metric(spec: &Value, status: Option<&Value>) -> String {
    let field = match json::text(spec, "/type") {
        "External" => "external",
        "Pods" => "pods",
        "Object" => "object",
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        _ => return "<unknown type>".to_owned(),
    };
    let (Some(spec), current) = (spec.get(field), status.and_then(|status| status.get(field)))
    else {
        return "<unknown type>".to_owned();
    };
    let unknown = || "<unknown>".to_owned();
    let current_at = |name: &str| {
        current
            .and_then(|current| current.pointer(&format!("/current/{name}")))
            .map_or_else(unknown, int_or_text)
    };
    let target_at = |name: &str| spec.pointer(&format!("/target/{name}")).map(int_or_text);
    let name = json::text(spec, "/name");
    match (field, target_at("averageValue")) {
        ("external" | "object", Some(target)) => {
            format!("{}/{target} (avg)", current_at("averageValue"))
        }
        ("external" | "object", None) => {
            let target = target_at("value").unwrap_or_else(|| "0".to_owned());
            format!("{}/{target}", current_at("value"))
        }
        ("pods", target) => {
            let target = target.unwrap_or_else(|| "0".to_owned());
            format!("{}/{target}", current_at("averageValue"))
        }
        (_, Some(target)) => format!("{name}: {}/{target}", current_at("averageValue")),
        (_, None) => {
            let percent = |text: String| {
                if text.starts_with('<') {
                    text
                } else {
                    format!("{text}%")
                }
            };
            let target = target_at("averageUtilization").map_or("<auto>".to_owned(), percent);
            let current = percent(current_at("averageUtilization"));
            format!("{name}: {current}/{target}")
        }
    }
}
