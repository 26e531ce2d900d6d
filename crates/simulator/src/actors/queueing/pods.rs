//! Single pods in queues, and those of deployments: each is a workload of its own, held by a gate
//! until it is admitted.

use serde_json::{Value, json};
use strata_domain::ids::ObjectKey;

use super::{
    holds,
    jobs::{create, queue_labels, tell_ready, workload_of},
    kind,
};
use crate::{actors::Subject, json, manifest::QUEUE_LABEL, store::Stored, world::World};

/// The gate that holds a pod until its workload is admitted.
const GATE: &str = "kueue.x-k8s.io/admission";

/// Keeps the workload of a pod with a queue's label that no queued job controls.
pub(in crate::actors) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let Some(queue) = subject.stored.label(QUEUE_LABEL) else {
        return;
    };
    let is_single = subject
        .stored
        .controller()
        .is_none_or(|owner| owner.kind.group == "apps" && owner.kind.kind == "ReplicaSet");
    if !is_single || subject.stored.is_ending {
        return;
    }
    let Some(workload) = workload_of(world, subject) else {
        create(world, subject, queue);
        return;
    };
    let object = workload.value();
    if holds(&object, "Evicted") {
        // A pod cannot be started again; its controller makes another, which waits.
        world.delete_pod(&subject.stored.key);
        return;
    }
    if ["Succeeded", "Failed"].contains(&json::text(subject.object, "/status/phase")) {
        let is_good = json::text(subject.object, "/status/phase") == "Succeeded";
        super::jobs::finish(world, &workload, is_good);
        return;
    }
    if holds(&object, "Admitted") {
        release(world, subject, &object);
        if json::text(subject.object, "/status/phase") == "Running" {
            tell_ready(world, &workload, &object);
        }
    }
}

/// Takes the gate from a pod that is admitted, and says through which queues it came.
fn release(world: &mut World, subject: &Subject<'_>, workload: &Value) {
    let Value::Object(labels) = queue_labels(workload) else {
        return;
    };
    let selector = node_labels(world, workload);
    world
        .store
        .update(subject.kind, &subject.stored.key, |pod| {
            let metadata = json::object_at(pod, "metadata");
            let known = metadata.entry("labels").or_insert_with(|| json!({}));
            json::as_object(known).extend(labels);
            let spec = json::object_at(pod, "spec");
            let Some(Value::Array(gates)) = spec.get_mut("schedulingGates") else {
                return;
            };
            let before = gates.len();
            gates.retain(|gate| json::text(gate, "/name") != GATE);
            let was_held = gates.len() < before;
            if gates.is_empty() {
                spec.remove("schedulingGates");
            }
            if was_held && let Value::Object(selector) = selector {
                let known = spec.entry("nodeSelector").or_insert_with(|| json!({}));
                json::as_object(known).extend(selector);
            }
        });
}

/// The labels of the nodes that the workload's flavors are.
fn node_labels(world: &World, workload: &Value) -> Value {
    let mut labels = serde_json::Map::new();
    for assignment in json::items(workload, "/status/admission/podSetAssignments") {
        let flavors = assignment.get("flavors").and_then(Value::as_object);
        for flavor in flavors
            .into_iter()
            .flatten()
            .filter_map(|(_, name)| name.as_str())
        {
            let key = ObjectKey::new("", flavor);
            let stored = world.store.get(&kind("ResourceFlavor"), &key);
            let nodes = stored.and_then(|stored: std::sync::Arc<Stored>| {
                stored.value().pointer("/spec/nodeLabels").cloned()
            });
            if let Some(Value::Object(nodes)) = nodes {
                labels.extend(nodes);
            }
        }
    }
    labels.into()
}
