//! Affinity, tolerations, topology spread; taints of nodes.

use serde_json::Value;

use super::{names, selectors};
use crate::{admission::causes::Causes, json};

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const OPERATORS: [&str; 6] = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];

pub(super) fn affinity(spec: &Value, path: &str, causes: &mut Causes) {
    let pointer = "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    let Some(required) = spec.pointer(pointer) else {
        return;
    };
    let path = format!("{path}{}.nodeSelectorTerms", pointer.replace('/', "."));
    let terms = json::items(required, "/nodeSelectorTerms");
    if terms.is_empty() {
        causes.required(&path, "must have at least one node selector term");
    }
    for (index, term) in terms.iter().enumerate() {
        for field in ["matchExpressions", "matchFields"] {
            let expressions = json::items(term, &format!("/{field}"));
            for (at, expression) in expressions.iter().enumerate() {
                let path = format!("{path}[{index}].{field}[{at}]");
                selectors::requirement(expression, &path, &OPERATORS, causes);
            }
        }
    }
}

pub(super) fn tolerations(spec: &Value, path: &str, causes: &mut Causes) {
    for (index, toleration) in json::items(spec, "/tolerations").iter().enumerate() {
        let path = format!("{path}.tolerations[{index}]");
        let key = json::text(toleration, "/key");
        let operator = json::text(toleration, "/operator");
        let value = json::text(toleration, "/value");
        let effect = json::text(toleration, "/effect");
        if !key.is_empty() {
            causes.each(&format!("{path}.key"), key, names::qualified(key));
        } else if operator != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all \
                          values and all keys\"";
            causes.invalid(&format!("{path}.operator"), operator, detail);
        }
        if toleration.get("tolerationSeconds").is_some() && effect != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            causes.invalid(&format!("{path}.effect"), effect, detail);
        }
        match operator {
            "" | "Equal" => {
                causes.each(
                    &format!("{path}.operator"),
                    value,
                    names::label_value(value),
                );
            }
            "Exists" if !value.is_empty() => {
                let detail = "value must be empty when `operator` is 'Exists'";
                causes.invalid(&format!("{path}.operator"), value, detail);
            }
            "Exists" => {}
            _ => causes.unsupported(&format!("{path}.operator"), operator, &["Equal", "Exists"]),
        }
        if !effect.is_empty() {
            causes.one_of(&format!("{path}.effect"), effect, &EFFECTS);
        }
    }
}

pub(super) fn spread(spec: &Value, path: &str, causes: &mut Causes) {
    let constraints = json::items(spec, "/topologySpreadConstraints");
    for (index, constraint) in constraints.iter().enumerate() {
        let path = format!("{path}.topologySpreadConstraints[{index}]");
        let skew = constraint
            .get("maxSkew")
            .and_then(Value::as_i64)
            .unwrap_or(0);
        if skew <= 0 {
            causes.invalid(
                &format!("{path}.maxSkew"),
                skew,
                "must be greater than zero",
            );
        }
        let key = json::text(constraint, "/topologyKey");
        if key.is_empty() {
            causes.required(&format!("{path}.topologyKey"), "can not be empty");
        } else {
            causes.each(&format!("{path}.topologyKey"), key, names::qualified(key));
        }
        causes.one_of(
            &format!("{path}.whenUnsatisfiable"),
            json::text(constraint, "/whenUnsatisfiable"),
            &["DoNotSchedule", "ScheduleAnyway"],
        );
    }
}

pub(super) fn node(spec: &Value, causes: &mut Causes) {
    for (index, taint) in json::items(spec, "/taints").iter().enumerate() {
        // The server's own words name the metadata here.
        let path = format!("metadata.taints[{index}]");
        let key = json::text(taint, "/key");
        causes.each(&format!("{path}.key"), key, names::qualified(key));
        let value = json::text(taint, "/value");
        causes.each(&format!("{path}.value"), value, names::label_value(value));
        match json::text(taint, "/effect") {
            "" => causes.required(&format!("{path}.effect"), ""),
            effect => causes.one_of(&format!("{path}.effect"), effect, &EFFECTS),
        }
    }
}
