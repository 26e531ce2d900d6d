//! The runtime class of a pod: what running it costs beside its containers, and where it runs
//! (`plugin/pkg/admission/runtimeclass` of Kubernetes 1.36).

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{json, store::Store};

/// Fills in what the pod's runtime class says, or says why the pod cannot have it.
pub(super) fn admit(store: &Store, pod: &mut Value) -> Result<(), String> {
    let own = pod.pointer("/spec/overhead").cloned();
    let own = own.filter(|own| own.as_object().is_some_and(|own| !own.is_empty()));
    let name = json::text(pod, "/spec/runtimeClassName").to_owned();
    let mut class = Value::Null;
    if !name.is_empty() {
        let kind = GroupKind::new("node.k8s.io", "RuntimeClass");
        let stored = store.get(&kind, &ObjectKey::new("", name.as_str()));
        let stored =
            stored.ok_or_else(|| format!("pod rejected: RuntimeClass {name:?} not found"))?;
        class = stored.value();
    }
    match (class.pointer("/overhead/podFixed"), own) {
        (Some(fixed), Some(own)) if *fixed != own => {
            let why = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
            return Err(why.to_owned());
        }
        (Some(fixed), _) => {
            json::object_at(pod, "spec").insert("overhead".to_owned(), fixed.clone());
        }
        (None, Some(_)) => {
            let why = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined \
                       Overhead";
            return Err(why.to_owned());
        }
        (None, None) => {}
    }
    place(pod, &class)
}

/// Where pods of the class run.
fn place(pod: &mut Value, class: &Value) -> Result<(), String> {
    let spec = json::object_at(pod, "spec");
    let wanted = class.pointer("/scheduling/nodeSelector");
    if let Some(wanted) = wanted.and_then(Value::as_object) {
        let selector = spec.entry("nodeSelector").or_insert_with(|| json!({}));
        let selector = json::as_object(selector);
        for (label, value) in wanted {
            if let Some(own) = selector.get(label).filter(|own| *own != value) {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                return Err(format!(
                    "conflict: runtimeClass.scheduling.nodeSelector[{label}] = {}; \
                     pod.spec.nodeSelector[{label}] = {}",
                    text(value),
                    text(own)
                ));
            }
            selector.insert(label.clone(), value.clone());
        }
    }
    let more = json::items(class, "/scheduling/tolerations");
    if !more.is_empty()
        && let Value::Array(tolerations) = spec.entry("tolerations").or_insert_with(|| json!([]))
    {
        for toleration in more {
            if !tolerations.contains(toleration) {
                tolerations.push(toleration.clone());
            }
        }
    }
    Ok(())
}
