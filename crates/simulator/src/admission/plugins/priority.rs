//! The priority of a pod, by its class (`plugin/pkg/admission/priority` of Kubernetes 1.36).

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{json, store::Store};

/// Priorities that every cluster has.
const SYSTEM_PRIORITIES: [(&str, i64); 2] = [
    ("system-cluster-critical", 2_000_000_000),
    ("system-node-critical", 2_000_001_000),
];

fn class_kind() -> GroupKind {
    GroupKind::new("scheduling.k8s.io", "PriorityClass")
}

/// The class of pods that name none.
fn default_class(store: &Store) -> Option<Value> {
    let classes = store.list(&class_kind(), "");
    let mut defaults: Vec<Value> = classes
        .iter()
        .map(|class| class.value())
        .filter(|class| json::flag(class, "/globalDefault"))
        .collect();
    // Where two slipped in at once, the lower goes.
    defaults.sort_by_key(value_of);
    defaults.into_iter().next()
}

fn value_of(class: &Value) -> i64 {
    class.get("value").and_then(Value::as_i64).unwrap_or(0)
}

/// Fills in a pod's priority and whether it may preempt, or says why it cannot have its class.
pub(super) fn admit(store: &Store, pod: &mut Value) -> Result<(), String> {
    let mut name = json::text(pod, "/spec/priorityClassName").to_owned();
    let mut value = 0;
    let mut policy = "PreemptLowerPriority".to_owned();
    let class = if name.is_empty() {
        default_class(store)
    } else {
        let class = store.get(&class_kind(), &ObjectKey::new("", name.as_str()));
        class.map(|class| class.value())
    };
    if let Some(class) = class {
        json::text(&class, "/metadata/name").clone_into(&mut name);
        value = value_of(&class);
        let said = json::text(&class, "/preemptionPolicy");
        if !said.is_empty() {
            said.clone_into(&mut policy);
        }
    } else if let Some((_, known)) = SYSTEM_PRIORITIES.iter().find(|(known, _)| *known == name) {
        value = *known;
    } else if !name.is_empty() {
        return Err(format!("no PriorityClass with name {name} was found"));
    }
    let said = pod.pointer("/spec/priority").and_then(Value::as_i64);
    if let Some(said) = said.filter(|said| *said != value) {
        return Err(format!(
            "the integer value of priority ({said}) must not be provided in pod spec; priority \
             admission controller computed {value} from the given PriorityClass name"
        ));
    }
    let said = json::text(pod, "/spec/preemptionPolicy");
    if !said.is_empty() && said != policy {
        return Err(format!(
            "the string value of PreemptionPolicy ({said}) must not be provided in pod spec; \
             priority admission controller computed {policy} from the given PriorityClass name"
        ));
    }
    let spec = json::object_at(pod, "spec");
    if !name.is_empty() {
        spec.insert("priorityClassName".to_owned(), name.into());
    }
    spec.insert("priority".to_owned(), value.into());
    spec.insert("preemptionPolicy".to_owned(), policy.into());
    Ok(())
}

/// Whether a class may be written: there is one default at most.
pub(super) fn judge_class(store: &Store, class: &Value) -> Result<(), String> {
    if !json::flag(class, "/globalDefault") {
        return Ok(());
    }
    let Some(default) = default_class(store) else {
        return Ok(());
    };
    let name = json::text(&default, "/metadata/name");
    if name == json::text(class, "/metadata/name") {
        return Ok(());
    }
    Err(format!(
        "PriorityClass {name} is already marked as default. Only one default can exist"
    ))
}
