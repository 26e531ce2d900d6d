//! Pods and pod templates.

use serde_json::Value;

use super::{containers, names, scheduling, volumes};
use crate::{admission::causes::Causes, json};

/// Judges the specification of a pod.
pub(super) fn pod(spec: &Value, causes: &mut Causes) {
    specification(spec, "spec", causes);
    let has_gates = !json::items(spec, "/schedulingGates").is_empty();
    if has_gates && !json::text(spec, "/nodeName").is_empty() {
        let detail = "cannot be set until all schedulingGates have been cleared";
        causes.forbidden("spec.nodeName", detail);
    }
}

/// Judges the specification of a pod at `path`.
pub(super) fn specification(spec: &Value, path: &str, causes: &mut Causes) {
    let known = volumes::volumes(spec, path, causes);
    containers::all(spec, path, &known, causes);
    causes.one_of(
        &format!("{path}.restartPolicy"),
        json::text(spec, "/restartPolicy"),
        &["Always", "OnFailure", "Never"],
    );
    causes.one_of(
        &format!("{path}.dnsPolicy"),
        json::text(spec, "/dnsPolicy"),
        &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
    );
    super::objects::labels(
        spec.get("nodeSelector"),
        &format!("{path}.nodeSelector"),
        causes,
    );
    let account = json::text(spec, "/serviceAccountName");
    if !account.is_empty() {
        let path = format!("{path}.serviceAccountName");
        causes.each(&path, account, names::subdomain(account));
    }
    let node = json::text(spec, "/nodeName");
    if !node.is_empty() {
        causes.each(&format!("{path}.nodeName"), node, names::subdomain(node));
    }
    scheduling::affinity(spec, path, causes);
    if let Some(seconds) = spec.get("activeDeadlineSeconds").and_then(Value::as_i64)
        && !(1..=i64::from(i32::MAX)).contains(&seconds)
    {
        causes.invalid(
            &format!("{path}.activeDeadlineSeconds"),
            seconds,
            "must be between 1 and 2147483647, inclusive",
        );
    }
    for field in ["hostname", "subdomain"] {
        let name = json::text(spec, &format!("/{field}"));
        if !name.is_empty() {
            causes.each(&format!("{path}.{field}"), name, names::label(name));
        }
    }
    scheduling::tolerations(spec, path, causes);
    scheduling::spread(spec, path, causes);
}

/// Judges the template of a workload at `path`.
pub(super) fn template(template: &Value, path: &str, causes: &mut Causes) {
    let labels = template.pointer("/metadata/labels");
    super::objects::labels(labels, &format!("{path}.labels"), causes);
    let empty = Value::Null;
    let spec = template.get("spec").unwrap_or(&empty);
    specification(spec, &format!("{path}.spec"), causes);
}
