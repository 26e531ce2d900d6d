//! What Kueue's webhooks do to a job with a queue's label: it is held back until it is admitted
//! (`pkg/controller/jobs` of Kueue 0.19).

use serde_json::{Value, json};
use strata_domain::ids::ObjectKey;

use crate::{json, kinds, manifest::QUEUE_LABEL, store::Store};

/// The gate that holds a pod until its workload is admitted.
const GATE: &str = "kueue.x-k8s.io/admission";

/// Whether Kueue is installed.
fn is_installed(store: &Store) -> bool {
    let key = ObjectKey::new("", "clusterqueues.kueue.x-k8s.io");
    store.get(&kinds::definition(), &key).is_some()
}

/// Holds a new object of `group` and `kind` back, if it is one that waits for quota.
pub(super) fn hold(store: &Store, group: &str, kind: &str, object: &mut Value) {
    let queue = queue_of(object).to_owned();
    let is_controlled = json::items(object, "/metadata/ownerReferences")
        .iter()
        .any(|owner| json::flag(owner, "/controller"));
    if queue.is_empty() || is_controlled || !is_installed(store) {
        return;
    }
    match (group, kind) {
        ("batch", "Job")
        | ("jobset.x-k8s.io", "JobSet")
        | ("trainer.kubeflow.org", "TrainJob")
        | ("ray.io", "RayJob" | "RayCluster") => {
            json::object_at(object, "spec").insert("suspend".to_owned(), true.into());
        }
        ("kubeflow.org", "PyTorchJob") => {
            let policy = json::object_at(object, "spec").entry("runPolicy");
            let policy = json::as_object(policy.or_insert_with(|| json!({})));
            policy.insert("suspend".to_owned(), true.into());
        }
        ("apps", "Deployment") => {
            let template = json::object_at(object, "spec").entry("template");
            let template = template.or_insert_with(|| json!({}));
            label(template, QUEUE_LABEL, &queue);
        }
        ("", "Pod") => gate(object),
        _ => {}
    }
}

/// Holds a pod that a controller makes back, if it is a workload of its own.
pub(super) fn hold_made(store: &Store, pod: &mut Value) {
    let is_of_a_deployment = json::items(pod, "/metadata/ownerReferences")
        .iter()
        .any(|owner| json::text(owner, "/kind") == "ReplicaSet");
    if is_of_a_deployment && !queue_of(pod).is_empty() && is_installed(store) {
        gate(pod);
    }
}

fn queue_of(object: &Value) -> &str {
    let labels = object.pointer("/metadata/labels");
    labels
        .and_then(|labels| labels.get(QUEUE_LABEL)?.as_str())
        .unwrap_or_default()
}

fn label(object: &mut Value, name: &str, value: &str) {
    let metadata = json::object_at(object, "metadata");
    let labels = metadata.entry("labels").or_insert_with(|| json!({}));
    json::as_object(labels).insert(name.to_owned(), value.into());
}

fn gate(pod: &mut Value) {
    label(pod, "kueue.x-k8s.io/managed", "true");
    let gates = json::object_at(pod, "spec").entry("schedulingGates");
    if let Value::Array(gates) = gates.or_insert_with(|| json!([]))
        && !gates.iter().any(|gate| json::text(gate, "/name") == GATE)
    {
        gates.push(json!({ "name": GATE }));
    }
}
