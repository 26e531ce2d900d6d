//! Deployments and other sets.

use serde_json::{Value, json};

use super::{pods, selectors};
use crate::{admission::causes::Causes, json};

const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending '%' \
                       (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/// Judges a number or a percentage.
pub(super) fn number_or_percent(value: &Value, path: &str, most: Option<u64>, causes: &mut Causes) {
    match value {
        Value::Number(_) => causes.not_negative(path, Some(value)),
        Value::String(text) => {
            let digits = text.strip_suffix('%').unwrap_or_default();
            match digits.parse::<u64>() {
                Err(_) => causes.invalid(path, text.as_str(), PERCENT),
                Ok(percent) if most.is_some_and(|most| percent > most) => {
                    causes.invalid(path, text.as_str(), "must not be greater than 100%");
                }
                Ok(_) => {}
            }
        }
        _ => {}
    }
}

fn not_negative(spec: &Value, fields: &[&str], causes: &mut Causes) {
    for field in fields {
        causes.not_negative(&format!("spec.{field}"), spec.get(field));
    }
}

/// Judges the template of a set whose pods run until they are stopped.
fn template(spec: &Value, causes: &mut Causes) {
    let empty = Value::Null;
    let template = spec.get("template").unwrap_or(&empty);
    pods::template(template, "spec.template", causes);
    let policy = json::text(template, "/spec/restartPolicy");
    if ["OnFailure", "Never"].contains(&policy) {
        causes.unsupported("spec.template.spec.restartPolicy", policy, &["Always"]);
    }
    if template.pointer("/spec/activeDeadlineSeconds").is_some() {
        let path = "spec.template.spec.activeDeadlineSeconds";
        causes.forbidden(path, "activeDeadlineSeconds in ReplicaSet is not Supported");
    }
}

/// The strategy as the server's own type shows it in a message.
fn internal(strategy: &Value) -> String {
    let update = strategy.get("rollingUpdate").cloned().unwrap_or_default();
    format!(
        "{{\"Type\":{},\"RollingUpdate\":{update}}}",
        json!(json::text(strategy, "/type"))
    )
}

pub(super) fn deployment(spec: &Value, causes: &mut Causes) {
    not_negative(spec, &["replicas"], causes);
    selectors::of_template(spec, "deployment", causes);
    template(spec, causes);
    deployment_strategy(spec.get("strategy").unwrap_or(&Value::Null), causes);
    not_negative(
        spec,
        &[
            "minReadySeconds",
            "revisionHistoryLimit",
            "progressDeadlineSeconds",
        ],
        causes,
    );
    let number = |field: &str| spec.get(field).and_then(Value::as_i64);
    let (ready, deadline) = (number("minReadySeconds"), number("progressDeadlineSeconds"));
    if let Some(deadline) = deadline.filter(|deadline| *deadline <= ready.unwrap_or(0))
        && ready.unwrap_or(0) >= 0
    {
        let detail = "must be greater than minReadySeconds";
        causes.invalid("spec.progressDeadlineSeconds", deadline, detail);
    }
}

fn deployment_strategy(strategy: &Value, causes: &mut Causes) {
    let path = "spec.strategy";
    let update = strategy.get("rollingUpdate");
    match json::text(strategy, "/type") {
        "Recreate" if update.is_some() => {
            let detail = "may not be specified when strategy `type` is 'Recreate'";
            causes.forbidden(&format!("{path}.rollingUpdate"), detail);
        }
        "Recreate" => {}
        "RollingUpdate" => {
            let field = |name: &str| update.and_then(|update| update.get(name));
            for name in ["maxUnavailable", "maxSurge"] {
                if let Some(value) = field(name) {
                    number_or_percent(value, &format!("{path}.rollingUpdate.{name}"), None, causes);
                }
            }
            let is_zero =
                |value: Option<&Value>| value.is_some_and(|value| *value == 0 || *value == "0%");
            if is_zero(field("maxUnavailable")) && is_zero(field("maxSurge")) {
                let path = format!("{path}.rollingUpdate.maxUnavailable");
                let value = field("maxUnavailable").cloned().unwrap_or_default();
                causes.invalid(&path, value, "may not be 0 when `maxSurge` is 0");
            }
        }
        _ => causes.unsupported_shown(path, &internal(strategy), &["Recreate", "RollingUpdate"]),
    }
}

pub(super) fn replica_set(spec: &Value, causes: &mut Causes) {
    not_negative(spec, &["replicas", "minReadySeconds"], causes);
    selectors::of_template(spec, "deployment", causes);
    template(spec, causes);
}

pub(super) fn stateful_set(spec: &Value, causes: &mut Causes) {
    let policy = json::text(spec, "/podManagementPolicy");
    if !["OrderedReady", "Parallel"].contains(&policy) {
        let detail = "must be 'OrderedReady' or 'Parallel'";
        causes.invalid("spec.podManagementPolicy", policy, detail);
    }
    let empty = Value::Null;
    let strategy = spec.get("updateStrategy").unwrap_or(&empty);
    match json::text(strategy, "/type") {
        "OnDelete" | "RollingUpdate" => {
            let path = "spec.updateStrategy.rollingUpdate.partition";
            causes.not_negative(path, strategy.pointer("/rollingUpdate/partition"));
        }
        _ => {
            let detail = "must be 'RollingUpdate' or 'OnDelete'";
            causes.invalid_shown("spec.updateStrategy", &internal(strategy), detail);
        }
    }
    not_negative(spec, &["replicas", "minReadySeconds"], causes);
    selectors::of_template(spec, "statefulset", causes);
    template(&with_claims(spec), causes);
}

/// A stateful set whose template has a volume for each of its claims: containers mount them by name.
fn with_claims(spec: &Value) -> Value {
    let mut spec = spec.clone();
    let claims: Vec<Value> = json::items(&spec, "/volumeClaimTemplates")
        .iter()
        .map(|claim| json::text(claim, "/metadata/name"))
        .map(|name| json!({ "name": name, "persistentVolumeClaim": { "claimName": name } }))
        .collect();
    let pod = spec
        .pointer_mut("/template/spec")
        .and_then(Value::as_object_mut);
    if let Some(pod) = pod {
        let volumes = pod.entry("volumes").or_insert_with(|| json!([]));
        if let Some(volumes) = volumes.as_array_mut() {
            let is_free =
                |claim: &Value| volumes.iter().all(|known| known["name"] != claim["name"]);
            let claims: Vec<Value> = claims.into_iter().filter(is_free).collect();
            volumes.extend(claims);
        }
    }
    spec
}

pub(super) fn daemon_set(spec: &Value, causes: &mut Causes) {
    selectors::of_template(spec, "daemonset", causes);
    template(spec, causes);
    not_negative(spec, &["minReadySeconds", "revisionHistoryLimit"], causes);
    let empty = Value::Null;
    let strategy = spec.get("updateStrategy").unwrap_or(&empty);
    if !["RollingUpdate", "OnDelete"].contains(&json::text(strategy, "/type")) {
        let supported = ["RollingUpdate", "OnDelete"];
        causes.unsupported_shown("spec.updateStrategy", &internal(strategy), &supported);
    }
}
