//! What must not change.

use serde_json::{Value, json};

use crate::{
    admission::{Subject, causes::Causes},
    json,
};

const IMMUTABLE: &str = "field is immutable";
const IMMUTABLE_DATA: &str = "field is immutable when `immutable` is set";
const POD: &str = "pod updates may not change fields other than `spec.containers[*].image`,\
    `spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions \
    to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it \
    was previously negative)";
const STATEFUL_SET: &str = "updates to statefulset spec for fields other than 'replicas', \
    'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', \
    'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
const CLAIM: &str = "spec is immutable after creation except resources.requests and \
    volumeAttributesClassName for bound claims";

/// Judges the change of a pod.
pub(super) fn pod(before: &Value, pod: &Value, causes: &mut Causes) {
    for field in ["containers", "initContainers"] {
        for (index, one) in json::items(pod, &format!("/spec/{field}"))
            .iter()
            .enumerate()
        {
            if json::text(one, "/image").is_empty() {
                causes.required(&format!("spec.{field}[{index}].image"), "");
            }
        }
    }
    if causes.all.is_empty() && changeable_aside(before) != changeable_aside(pod) {
        causes.forbidden("spec", POD);
        return;
    }
    let kept = |tolerations: &[Value]| {
        json::items(before, "/spec/tolerations")
            .iter()
            .all(|one| tolerations.contains(one))
    };
    if before.pointer("/spec/nodeName").is_some() && !kept(json::items(pod, "/spec/tolerations")) {
        let detail = "existing toleration can not be modified except its tolerationSeconds";
        causes.forbidden("spec.tolerations", detail);
    }
}

/// The specification of a pod without what may change.
fn changeable_aside(pod: &Value) -> Value {
    let mut spec = pod.get("spec").cloned().unwrap_or_default();
    let fields = json::as_object(&mut spec);
    for field in ["activeDeadlineSeconds", "tolerations", "schedulingGates"] {
        fields.remove(field);
    }
    for field in ["containers", "initContainers"] {
        let containers = fields.get_mut(field).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            json::as_object(container).remove("image");
        }
    }
    spec
}

/// Judges what has to stay as it is in other kinds.
pub(super) fn immutable(
    subject: &Subject<'_>,
    before: &Value,
    object: &Value,
    causes: &mut Causes,
) {
    let mut fixed = |pointers: &[&str]| {
        for pointer in pointers {
            let now = object.pointer(pointer).cloned().unwrap_or_default();
            if now != before.pointer(pointer).cloned().unwrap_or_default() {
                let path = pointer.trim_start_matches('/').replace('/', ".");
                causes.invalid(&path, now, IMMUTABLE);
            }
        }
    };
    match (subject.group(), subject.kind()) {
        ("apps", "Deployment" | "ReplicaSet" | "DaemonSet") => fixed(&["/spec/selector"]),
        ("batch", "Job") => {
            fixed(&["/spec/selector", "/spec/completionMode"]);
            if json::text(before, "/spec/completionMode") != "Indexed" {
                fixed(&["/spec/completions"]);
            }
            if !json::flag(before, "/spec/suspend") {
                fixed(&["/spec/template"]);
            }
        }
        ("scheduling.k8s.io", "PriorityClass") => {
            fixed(&["/preemptionPolicy"]);
            if before.get("value") != object.get("value") {
                causes.forbidden("value", "may not be changed in an update.");
            }
        }
        ("storage.k8s.io", "StorageClass") => {
            fixed(&[
                "/provisioner",
                "/parameters",
                "/reclaimPolicy",
                "/volumeBindingMode",
            ]);
        }
        ("", "ResourceQuota") => fixed(&["/spec/scopes"]),
        ("apiextensions.k8s.io", _) => fixed(&["/spec/group", "/spec/scope"]),
        ("", "ConfigMap") => immutable_data(before, object, &["data", "binaryData"], causes),
        ("", "Secret") => {
            fixed(&["/type"]);
            immutable_data(before, object, &["data"], causes);
        }
        ("apps", "StatefulSet") => stateful_set(before, object, causes),
        ("", "PersistentVolumeClaim") => claim(before, object, causes),
        ("", "Service") => service(before, object, causes),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            binding(before, object, causes);
        }
        ("", "Node") => {
            let ranges = |node: &Value| json::text(node, "/spec/podCIDR").to_owned();
            if !ranges(before).is_empty() && ranges(before) != ranges(object) {
                let detail = "node updates may not change podCIDR except from \"\" to valid";
                causes.forbidden("spec.podCIDRs", detail);
            }
        }
        _ => {}
    }
}

fn immutable_data(before: &Value, object: &Value, fields: &[&str], causes: &mut Causes) {
    if !json::flag(before, "/immutable") {
        return;
    }
    if !json::flag(object, "/immutable") {
        causes.forbidden("immutable", IMMUTABLE_DATA);
    }
    for field in fields {
        if before.get(field) != object.get(field) {
            causes.forbidden(field, IMMUTABLE_DATA);
        }
    }
}

fn stateful_set(before: &Value, object: &Value, causes: &mut Causes) {
    let rest = |set: &Value| {
        let mut spec = set.get("spec").cloned().unwrap_or_default();
        for field in [
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds",
        ] {
            json::as_object(&mut spec).remove(field);
        }
        spec
    };
    if rest(before) != rest(object) {
        causes.forbidden("spec", STATEFUL_SET);
    }
}

fn claim(before: &Value, object: &Value, causes: &mut Causes) {
    let is_bound = json::text(before, "/status/phase") == "Bound";
    let rest = |claim: &Value| {
        let mut spec = claim.get("spec").cloned().unwrap_or_default();
        let fields = json::as_object(&mut spec);
        fields.remove("volumeAttributesClassName");
        // A claim is bound by its controller through the same path.
        fields.remove("volumeName");
        if is_bound && let Some(resources) = fields.get_mut("resources") {
            json::as_object(resources).remove("requests");
        }
        spec
    };
    if rest(before) != rest(object) {
        causes.forbidden("spec", CLAIM);
    }
}

fn service(before: &Value, object: &Value, causes: &mut Causes) {
    let address = |service: &Value| json::text(service, "/spec/clusterIP").to_owned();
    let is_external = |service: &Value| json::text(service, "/spec/type") == "ExternalName";
    let (was, is) = (address(before), address(object));
    if !was.is_empty() && was != is && !is_external(before) && !is_external(object) {
        causes.invalid("spec.clusterIPs[0]", json!([is]), "may not change once set");
    }
}

fn binding(before: &Value, object: &Value, causes: &mut Causes) {
    if before.get("roleRef") == object.get("roleRef") {
        return;
    }
    let text = |field: &str| json!(json::text(object, &format!("/roleRef/{field}")));
    let shown = format!(
        "{{\"APIGroup\":{},\"Kind\":{},\"Name\":{}}}",
        text("apiGroup"),
        text("kind"),
        text("name")
    );
    causes.invalid_shown("roleRef", &shown, "cannot change roleRef");
}
