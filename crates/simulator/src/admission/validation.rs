//! The rules of the built-in kinds, with the server's own messages
//! (`k8s.io/kubernetes/pkg/apis/*/validation`).

use serde_json::Value;

use super::{Subject, causes::Causes, definitions};
use crate::json;

mod access;
mod batch;
mod config;
mod containers;
pub(super) mod names;
mod network;
mod objects;
mod pod_parts;
mod pods;
mod resources;
mod scaling;
mod scheduling;
mod selectors;
mod updates;
mod volumes;
mod workloads;

pub(super) use self::objects::metadata;

/// Judges a new object.
pub(super) fn create(subject: &Subject<'_>, object: &Value, causes: &mut Causes) {
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    match (subject.group(), subject.kind()) {
        ("", "Pod") => pods::pod(spec, causes),
        ("apps", "Deployment") => workloads::deployment(spec, causes),
        ("apps", "ReplicaSet") => workloads::replica_set(spec, causes),
        ("apps", "StatefulSet") => workloads::stateful_set(spec, causes),
        ("apps", "DaemonSet") => workloads::daemon_set(spec, causes),
        ("batch", "Job") => batch::job(object, spec, causes),
        ("batch", "CronJob") => batch::cron_job(object, spec, causes),
        ("", "Service") => network::service(spec, causes),
        ("networking.k8s.io", "Ingress") => network::ingress(spec, causes),
        ("networking.k8s.io", "NetworkPolicy") => network::policy(spec, causes),
        ("", "ConfigMap") => config::config_map(object, causes),
        ("", "Secret") => config::secret(object, causes),
        ("", "PersistentVolumeClaim") => config::claim(spec, causes),
        ("", "ResourceQuota") => config::quota(spec, causes),
        ("storage.k8s.io", "StorageClass") if json::text(object, "/provisioner").is_empty() => {
            causes.required("provisioner", "");
        }
        ("", "Node") => scheduling::node(spec, causes),
        ("autoscaling", "HorizontalPodAutoscaler") => scaling::autoscaler(spec, causes),
        ("policy", "PodDisruptionBudget") => scaling::budget(spec, causes),
        ("scheduling.k8s.io", "PriorityClass") => scaling::priority_class(object, causes),
        ("rbac.authorization.k8s.io", "Role") => access::role(object, true, causes),
        ("rbac.authorization.k8s.io", "ClusterRole") => access::role(object, false, causes),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            access::binding(object, subject.kind() == "RoleBinding", causes);
        }
        ("", "Event") => {
            let namespace = json::text(object, "/involvedObject/namespace");
            let is_of_cluster = namespace.is_empty() && subject.path.namespace == "default";
            if namespace != subject.path.namespace && !is_of_cluster {
                let detail = "does not match event.namespace";
                causes.invalid("involvedObject.namespace", namespace, detail);
            }
        }
        ("coordination.k8s.io", "Lease") => {
            let seconds = spec.get("leaseDurationSeconds").and_then(Value::as_i64);
            if let Some(seconds) = seconds.filter(|seconds| *seconds <= 0) {
                causes.invalid(
                    "spec.leaseDurationSeconds",
                    seconds,
                    "must be greater than 0",
                );
            }
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            definitions::validate(object, causes);
        }
        _ => {}
    }
}

/// Judges the change of an object from `before`.
pub(super) fn update(subject: &Subject<'_>, before: &Value, object: &Value, causes: &mut Causes) {
    // A pod that runs was judged when it was made; what its controllers wrote is theirs.
    if subject.kind() == "Pod" {
        updates::pod(before, object, causes);
        return;
    }
    create(subject, object, causes);
    updates::immutable(subject, before, object, causes);
}

/// Judges the change of what the subresource `part` writes.
pub(super) fn part(part: &str, before: &Value, object: &Value, causes: &mut Causes) {
    match part {
        "ephemeralcontainers" => pod_parts::ephemeral(before, object, causes),
        "resize" => pod_parts::resized(before, object, causes),
        _ => {}
    }
}
