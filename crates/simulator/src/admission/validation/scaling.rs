//! Autoscalers, disruption budgets, priority classes.

use serde_json::{Value, json};

use super::{names, workloads::number_or_percent};
use crate::{admission::causes::Causes, json};

const METRICS: [&str; 5] = [
    "ContainerResource",
    "External",
    "Object",
    "Pods",
    "Resource",
];
/// The highest priority that a user may give.
const HIGHEST: i64 = 1_000_000_000;

pub(super) fn autoscaler(spec: &Value, causes: &mut Causes) {
    let least = spec.get("minReplicas").and_then(Value::as_i64).unwrap_or(1);
    let most = spec.get("maxReplicas").and_then(Value::as_i64).unwrap_or(0);
    if least < 1 {
        causes.invalid(
            "spec.minReplicas",
            least,
            "must be greater than or equal to 1",
        );
    }
    if most < 1 {
        causes.required("spec.maxReplicas", "must be set and greater than 0");
    }
    if most < least {
        let detail = "must be greater than or equal to `minReplicas`";
        causes.invalid("spec.maxReplicas", most, detail);
    }
    for field in ["kind", "name"] {
        let path = format!("spec.scaleTargetRef.{field}");
        match json::text(spec, &format!("/scaleTargetRef/{field}")) {
            "" => causes.required(&path, ""),
            name => causes.each(&path, name, names::path_segment(name)),
        }
    }
    let version = json::text(spec, "/scaleTargetRef/apiVersion");
    if version.is_empty() {
        let path = "spec.scaleTargetRef.apiVersion";
        causes.invalid(path, version, "apiVersion must specify API group");
    }
    for (index, metric) in json::items(spec, "/metrics").iter().enumerate() {
        self::metric(metric, &format!("spec.metrics[{index}]"), causes);
    }
    if least == 0 {
        let detail = "must specify at least one Object or External metric to support scaling to \
                      zero replicas";
        causes.forbidden("spec.metrics", detail);
    }
}

fn metric(metric: &Value, path: &str, causes: &mut Causes) {
    let kind = json::text(metric, "/type");
    if !METRICS.contains(&kind) {
        causes.unsupported(&format!("{path}.type"), kind, &METRICS);
        return;
    }
    let mut letters = kind.chars();
    let field: String = letters
        .next()
        .map(|first| first.to_ascii_lowercase())
        .into_iter()
        .chain(letters)
        .collect();
    let path = format!("{path}.{field}");
    let Some(source) = metric.get(&field) else {
        causes.required(
            &path,
            "must populate information for the given metric source",
        );
        return;
    };
    let target = |name: &str| source.pointer(&format!("/target/{name}")).is_some();
    if kind == "Resource" && !target("averageUtilization") && !target("averageValue") {
        let detail = "must set either a target raw value or a target utilization";
        causes.required(&format!("{path}.target.averageUtilization"), detail);
    }
}

pub(super) fn budget(spec: &Value, causes: &mut Causes) {
    let (least, most) = (spec.get("minAvailable"), spec.get("maxUnavailable"));
    if let (Some(least), Some(most)) = (least, most) {
        let selector = spec.get("selector").cloned().unwrap_or_default();
        let shown = format!(
            "{{\"MinAvailable\":{least},\"Selector\":{selector},\"MaxUnavailable\":{most},\
             \"UnhealthyPodEvictionPolicy\":null}}"
        );
        let detail = "minAvailable and maxUnavailable cannot be both set";
        causes.invalid_shown("spec", &shown, detail);
    }
    for (field, value) in [("minAvailable", least), ("maxUnavailable", most)] {
        if let Some(value) = value {
            number_or_percent(value, &format!("spec.{field}"), Some(100), causes);
        }
    }
    if let Some(selector) = spec.get("selector") {
        super::selectors::selector(selector, "spec.selector", causes);
    }
}

pub(super) fn priority_class(class: &Value, causes: &mut Causes) {
    let name = json::text(class, "/metadata/name");
    let value = class.get("value").and_then(Value::as_i64).unwrap_or(0);
    let is_system = ["system-cluster-critical", "system-node-critical"].contains(&name);
    if name.starts_with("system-") && !is_system {
        let detail = format!(
            "priority class names with 'system-' prefix are reserved for system use only. error: \
             {name} is not a known system priority class"
        );
        causes.forbidden("metadata.name", &detail);
    } else if value > HIGHEST && !is_system {
        let detail = format!("maximum allowed value of a user defined priority is {HIGHEST}");
        causes.forbidden("value", &detail);
    }
    let policy = json!(json::text(class, "/preemptionPolicy"));
    let policies = ["PreemptLowerPriority", "Never"];
    causes.one_of(
        "preemptionPolicy",
        policy.as_str().unwrap_or_default(),
        &policies,
    );
}
