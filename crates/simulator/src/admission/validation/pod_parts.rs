//! Containers added to a pod that runs, and other resources for those that it has.

use std::collections::HashSet;

use serde_json::Value;

use super::containers;
use crate::{
    admission::{causes::Causes, defaults::quality_of_service},
    json,
};

/// What the kubelet reads from a file is changed there.
const MIRROR: &str = "/metadata/annotations/kubernetes.io~1config.mirror";
/// Fields that a container must not have that is there to look at the others.
const NOT_EPHEMERAL: [&str; 8] = [
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
];

/// Judges the change of the ephemeral containers of a pod.
pub(in crate::admission) fn ephemeral(before: &Value, pod: &Value, causes: &mut Causes) {
    if before.pointer(MIRROR).is_some() {
        return causes.forbidden("", "static pods do not support ephemeral containers");
    }
    let field = "spec.ephemeralContainers";
    let now = json::items(pod, "/spec/ephemeralContainers");
    let others: Vec<&Value> = ["/spec/containers", "/spec/initContainers"]
        .into_iter()
        .flat_map(|list| json::items(pod, list))
        .collect();
    let others: HashSet<&str> = others.iter().map(|one| json::text(one, "/name")).collect();
    let volumes = json::items(pod, "/spec/volumes");
    let volumes = volumes
        .iter()
        .map(|one| json::text(one, "/name").to_owned());
    let volumes: HashSet<String> = volumes.collect();
    let mut seen = others.clone();
    for (index, one) in now.iter().enumerate() {
        let path = format!("{field}[{index}]");
        containers::container(one, &path, &volumes, &mut seen, causes);
        let target = json::text(one, "/targetContainerName");
        if !target.is_empty() && !others.contains(target) {
            causes.not_found(&format!("{path}.targetContainerName"), target);
        }
        let is_set = |name: &str| match one.get(name) {
            Some(Value::Object(fields)) => !fields.is_empty(),
            Some(_) => true,
            None => false,
        };
        for name in NOT_EPHEMERAL.into_iter().filter(|name| is_set(name)) {
            let path = format!("{path}.{name}");
            causes.forbidden(&path, "cannot be set for an Ephemeral Container");
        }
    }
    for old in json::items(before, "/spec/ephemeralContainers") {
        let name = json::text(old, "/name");
        let kept = now.iter().find(|one| json::text(one, "/name") == name);
        let what = format!("existing ephemeral containers \"{name}\" may not be");
        match kept {
            None => causes.forbidden(field, &format!("{what} removed\n")),
            Some(kept) if kept != old => causes.forbidden(field, &format!("{what} changed\n")),
            Some(_) => {}
        }
    }
}

/// Judges the change of the resources of a pod's containers.
pub(in crate::admission) fn resized(before: &Value, pod: &Value, causes: &mut Causes) {
    if before.pointer(MIRROR).is_some() {
        return causes.forbidden("", "static pods cannot be resized");
    }
    let class = |pod: &Value| quality_of_service(pod.get("spec").unwrap_or(&Value::Null));
    if class(before) != class(pod) {
        let why = "Pod QOS Class may not change as a result of resizing";
        causes.invalid("spec", json::text(before, "/status/qosClass"), why);
    }
    let known = causes.all.len();
    for list in ["containers", "initContainers"] {
        same_containers(before, pod, list, causes);
    }
    if causes.all.len() > known {
        return;
    }
    for list in ["initContainers", "containers"] {
        let pointer = format!("/spec/{list}");
        let pairs = json::items(before, &pointer)
            .iter()
            .zip(json::items(pod, &pointer));
        for (index, (old, new)) in pairs.enumerate() {
            let path = format!("spec.{list}[{index}].resources");
            for (field, what) in [
                ("requests", "resource requests"),
                ("limits", "resource limits"),
            ] {
                if has_lost(old, new, field) {
                    causes.forbidden(
                        &format!("{path}.{field}"),
                        &format!("{what} cannot be removed"),
                    );
                }
            }
            if unresizable(old) != unresizable(new) {
                causes.forbidden("spec", "only cpu and memory resources are mutable");
            }
        }
    }
}

fn same_containers(before: &Value, pod: &Value, list: &str, causes: &mut Causes) {
    let pointer = format!("/spec/{list}");
    let (old, new) = (json::items(before, &pointer), json::items(pod, &pointer));
    if old.len() != new.len() {
        let why = format!("{list} may not be added or removed on resize");
        return causes.forbidden(&format!("spec.{list}"), &why);
    }
    for (index, (old, new)) in old.iter().zip(new).enumerate() {
        if json::text(old, "/name") != json::text(new, "/name") {
            let why = format!("{list} may not be renamed or reordered on resize");
            causes.forbidden(&format!("spec.{list}[{index}].name"), &why);
        }
    }
}

/// Whether a container asks for less kinds of resources than it did.
fn has_lost(old: &Value, new: &Value, field: &str) -> bool {
    let quantities = |one: &Value| one.pointer(&format!("/resources/{field}")).cloned();
    let kept = quantities(new).unwrap_or_default();
    let had = quantities(old).unwrap_or_default();
    let mut had = had.as_object().into_iter().flatten();
    had.any(|(name, _)| kept.get(name).is_none())
}

/// The resources of a container that cannot be changed while it runs.
fn unresizable(container: &Value) -> Value {
    let mut resources = container.get("resources").cloned().unwrap_or_default();
    for field in ["requests", "limits"] {
        if let Some(list) = resources.get_mut(field) {
            let list = json::as_object(list);
            list.remove("cpu");
            list.remove("memory");
        }
    }
    let fields = json::as_object(&mut resources);
    fields.retain(|_, value| value.as_object().is_none_or(|list| !list.is_empty()));
    resources
}
