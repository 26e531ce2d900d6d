//! The defaults of the built-in kinds: what a field is when an object does not say it
//! (`k8s.io/kubernetes/pkg/apis/*/v*/defaults.go`).

use serde_json::{Map, Value, json};

use crate::json;

mod network;
mod others;
mod pod;
mod storage;
mod webhooks;
mod workloads;

pub(super) use self::pod::quality_of_service;

type Fields = Map<String, Value>;

/// Fills in what `object` of `kind` of `group` does not say.
pub(super) fn apply(group: &str, kind: &str, object: &mut Value) {
    match (group, kind) {
        ("", "Pod") => pod::pod(object),
        ("", "PodTemplate") => within(object, "template", pod::template),
        ("", "ReplicationController") => workloads::replication_controller(object),
        ("apps", "Deployment") => workloads::deployment(object),
        ("apps", "ReplicaSet") => workloads::replica_set(object),
        ("apps", "StatefulSet") => workloads::stateful_set(object),
        ("apps", "DaemonSet") => workloads::daemon_set(object),
        ("batch", "Job") => within(object, "spec", workloads::job),
        ("batch", "CronJob") => workloads::cron_job(object),
        ("", "Service") => network::service(object),
        ("", "Endpoints") => network::endpoints(object),
        ("discovery.k8s.io", "EndpointSlice") => network::endpoint_slice(object),
        ("networking.k8s.io", "NetworkPolicy") => network::policy(object),
        ("autoscaling", "HorizontalPodAutoscaler") => others::autoscaler(object),
        ("", "PersistentVolumeClaim") => storage::claim(object),
        ("", "PersistentVolume") => storage::volume(object),
        ("storage.k8s.io", "StorageClass") => storage::class(object),
        ("", "Secret") => storage::secret(object),
        ("", "Namespace") => others::namespace(object),
        ("", "LimitRange") => others::limit_range(object),
        ("scheduling.k8s.io", "PriorityClass") => {
            or(
                json::as_object(object),
                "preemptionPolicy",
                "PreemptLowerPriority",
            );
        }
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            others::binding(object);
        }
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration") => {
            webhooks::configuration(object, false);
        }
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration") => {
            webhooks::configuration(object, true);
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            super::definitions::default(object);
        }
        _ => {}
    }
}

/// Sets `field` where it is not said.
fn or(fields: &mut Fields, field: &str, value: impl Into<Value>) {
    fields.entry(field).or_insert_with(|| value.into());
}

/// Sets `field` where it is not said, or is empty.
fn or_if_empty(fields: &mut Fields, field: &str, value: impl Into<Value>) {
    let is_empty = match fields.get(field) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Number(number)) => number.as_i64() == Some(0),
        Some(Value::Array(items)) => items.is_empty(),
        _ => false,
    };
    if is_empty {
        fields.insert(field.to_owned(), value.into());
    }
}

/// Does `change` to the field, if it is there.
fn within(value: &mut Value, field: &str, change: impl FnOnce(&mut Value)) {
    if let Some(inner) = value.get_mut(field).filter(|inner| inner.is_object()) {
        change(inner);
    }
}

/// Does `change` to each item of the list in the field.
fn each(value: &mut Value, field: &str, mut change: impl FnMut(&mut Value)) {
    if let Some(items) = value.get_mut(field).and_then(Value::as_array_mut) {
        items
            .iter_mut()
            .filter(|item| item.is_object())
            .for_each(&mut change);
    }
}

/// Whether the field is said.
fn has(value: &Value, field: &str) -> bool {
    value.get(field).is_some_and(|value| !value.is_null())
}
