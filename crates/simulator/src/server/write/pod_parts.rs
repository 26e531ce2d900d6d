//! The parts of a pod that are written by paths of their own, `ephemeralcontainers` and `resize`
//! (the strategies of these names in `k8s.io/kubernetes/pkg/registry/core/pod`).

use serde_json::Value;

use crate::json;

/// The subresources of a pod that answer with the whole pod.
pub(in crate::server) const PARTS: [&str; 2] = ["ephemeralcontainers", "resize"];

/// What a writer of these parts may write of the metadata.
const METADATA: [&str; 5] = [
    "managedFields",
    "resourceVersion",
    "annotations",
    "finalizers",
    "labels",
];

/// The pod `current` with what the path `part` writes of `proposed`.
pub(super) fn written(part: &str, current: &Value, mut proposed: Value) -> Value {
    let mut pod = current.clone();
    let metadata = json::object_at(&mut pod, "metadata");
    for field in METADATA {
        match proposed.pointer_mut(&format!("/metadata/{field}")) {
            Some(value) => metadata.insert(field.to_owned(), value.take()),
            None => metadata.remove(field),
        };
    }
    let spec = json::object_at(&mut pod, "spec");
    let proposed = json::object_at(&mut proposed, "spec");
    if part == "ephemeralcontainers" {
        match proposed.remove("ephemeralContainers") {
            Some(containers) => spec.insert("ephemeralContainers".to_owned(), containers),
            None => spec.remove("ephemeralContainers"),
        };
        return pod;
    }
    for list in ["containers", "initContainers"] {
        if let Some(containers) = proposed.remove(list) {
            resize(spec.entry(list).or_insert(Value::Null), containers);
        }
    }
    pod
}

/// Gives `containers` the resources of those that are proposed. Where these are others, they are
/// taken as they are, and refused later.
fn resize(containers: &mut Value, proposed: Value) {
    let names = |list: &Value| -> Vec<String> {
        let items = list.as_array().into_iter().flatten();
        items
            .map(|one| json::text(one, "/name").to_owned())
            .collect()
    };
    if names(containers) != names(&proposed) {
        *containers = proposed;
        return;
    }
    let (Value::Array(containers), Value::Array(proposed)) = (containers, proposed) else {
        return;
    };
    for (container, mut proposed) in containers.iter_mut().zip(proposed) {
        let container = json::as_object(container);
        let proposed = json::as_object(&mut proposed);
        for field in ["resources", "resizePolicy"] {
            match proposed.remove(field) {
                Some(value) => container.insert(field.to_owned(), value),
                None => container.remove(field),
            };
        }
    }
}
