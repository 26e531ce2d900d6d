//! The status of pods, as kubelets write it: containers first, phase and conditions from them.
//!
//! Source of phase and conditions: `getPhase` in `pkg/kubelet/kubelet_pods.go` and
//! `pkg/kubelet/status/generate.go` of Kubernetes 1.36.

use serde_json::{Value, json};

use self::phase::phase;
pub(crate) use self::phase::qos;
use self::slot::LISTS;
pub(super) use self::{
    phase::is_restarted,
    slot::{Slot, slots},
};
use crate::{json, random};

mod phase;
mod slot;

/// What a pod shows as soon as its kubelet knows it.
pub(super) fn admit(pod: &mut Value, host: &str, stamp: &str) {
    let has_init = !json::items(pod, "/spec/initContainers").is_empty();
    for (list, statuses) in LISTS {
        let waits_for = if has_init {
            "PodInitializing"
        } else {
            "ContainerCreating"
        };
        let shown: Vec<Value> = json::items(pod, &format!("/spec/{list}"))
            .iter()
            .map(|container| pending(container, waits_for))
            .collect();
        if !shown.is_empty() {
            json::object_at(pod, "status").insert(statuses.to_owned(), shown.into());
        }
    }
    let generation = json::count(pod, "/metadata/generation");
    let class = qos(pod);
    let status = json::object_at(pod, "status");
    status.insert("phase".to_owned(), "Pending".into());
    status.insert("observedGeneration".to_owned(), generation.into());
    status.insert("hostIP".to_owned(), host.into());
    status.insert("hostIPs".to_owned(), json!([{ "ip": host }]));
    status.insert("startTime".to_owned(), stamp.into());
    status.insert("qosClass".to_owned(), class.into());
    set_pod_condition(pod, "PodReadyToStartContainers", "False", None, stamp);
    set_pod_condition(pod, "PodScheduled", "True", None, stamp);
    derive(pod, stamp);
}

/// Shows containers that were added to a running pod.
pub(super) fn admit_ephemeral(pod: &mut Value) {
    let mut known = json::items(pod, "/status/ephemeralContainerStatuses").to_vec();
    let added: Vec<Value> = json::items(pod, "/spec/ephemeralContainers")
        .iter()
        .skip(known.len())
        .map(|container| pending(container, "PodInitializing"))
        .collect();
    known.extend(added);
    json::object_at(pod, "status").insert("ephemeralContainerStatuses".to_owned(), known.into());
}

/// Whether a container runs with other resources than its pod asks for.
pub(super) fn is_resized(pod: &Value) -> bool {
    slots(pod).into_iter().any(|slot| slot.is_resized(pod))
}

/// Shows running containers with the resources that their pod asks for.
pub(super) fn resize(pod: &mut Value) {
    for slot in slots(pod) {
        if slot.is_resized(pod) {
            slot.resize(pod);
        }
    }
}

fn pending(container: &Value, waits_for: &str) -> Value {
    json!({
        "name": json::text(container, "/name"),
        "image": json::text(container, "/image"),
        "imageID": "",
        "ready": false,
        "started": false,
        "restartCount": 0,
        "state": { "waiting": { "reason": waits_for } },
        "lastState": {},
    })
}

pub(super) fn set_address(pod: &mut Value, address: &str) {
    let status = json::object_at(pod, "status");
    status.insert("podIP".to_owned(), address.into());
    status.insert("podIPs".to_owned(), json!([{ "ip": address }]));
}

/// Phase and conditions, from what the containers are.
pub(super) fn derive(pod: &mut Value, stamp: &str) {
    let phase = phase(pod);
    json::object_at(pod, "status").insert("phase".to_owned(), phase.into());
    let slots = slots(pod);
    let incomplete: Vec<&str> = slots
        .iter()
        .filter(|slot| slot.is_init() && !is_initialized(pod, **slot))
        .map(|slot| slot.name(pod))
        .collect();
    let has_begun = slots.iter().any(|slot| {
        let status = slot.status(pod);
        slot.is_main()
            && (status.pointer("/state/running").is_some()
                || status.pointer("/state/terminated").is_some()
                || status.pointer("/lastState/terminated").is_some())
    });
    let unready: Vec<&str> = slots
        .iter()
        .filter(|slot| slot.is_main() || slot.is_sidecar(pod))
        .filter(|slot| !json::flag(slot.status(pod), "/ready"))
        .map(|slot| slot.name(pod))
        .collect();
    let lists = |names: &[&str]| names.join(" ");
    let incomplete_message = format!(
        "containers with incomplete status: [{}]",
        lists(&incomplete)
    );
    let unready_message = format!("containers with unready status: [{}]", lists(&unready));
    let is_ready = unready.is_empty();
    let is_initialized = has_begun || incomplete.is_empty();
    match phase {
        "Succeeded" => {
            let why = Some(("PodCompleted", ""));
            set_pod_condition(pod, "Initialized", "True", why, stamp);
        }
        _ if is_initialized => set_pod_condition(pod, "Initialized", "True", None, stamp),
        _ => {
            let why = Some(("ContainersNotInitialized", incomplete_message.as_str()));
            set_pod_condition(pod, "Initialized", "False", why, stamp);
        }
    }
    let over = match phase {
        "Succeeded" => Some("PodCompleted"),
        "Failed" => Some("PodFailed"),
        _ => None,
    };
    if over.is_some() {
        set_pod_condition(pod, "PodReadyToStartContainers", "False", None, stamp);
    }
    let gate = unmet_gates(pod);
    for kind in ["Ready", "ContainersReady"] {
        match over {
            Some(reason) => set_pod_condition(pod, kind, "False", Some((reason, "")), stamp),
            None if !is_ready => {
                let why = Some(("ContainersNotReady", unready_message.as_str()));
                set_pod_condition(pod, kind, "False", why, stamp);
            }
            None if kind == "Ready" && !gate.is_empty() => {
                let why = Some(("ReadinessGatesNotReady", gate.as_str()));
                set_pod_condition(pod, kind, "False", why, stamp);
            }
            None => set_pod_condition(pod, kind, "True", None, stamp),
        }
    }
    order_conditions(pod);
}

fn unmet_gates(pod: &Value) -> String {
    let unmet: Vec<String> = json::items(pod, "/spec/readinessGates")
        .iter()
        .filter_map(|gate| {
            let wanted = json::text(gate, "/conditionType");
            let known = json::items(pod, "/status/conditions")
                .iter()
                .find(|known| json::text(known, "/type") == wanted);
            match known.map(|known| json::text(known, "/status")) {
                None => Some(format!(
                    "corresponding condition of pod readiness gate \"{wanted}\" does not exist."
                )),
                Some("True") => None,
                Some(status) => Some(format!(
                    "the status of pod readiness gate \"{wanted}\" is not \"True\", but {status}"
                )),
            }
        })
        .collect();
    unmet.join(", ")
}

fn is_initialized(pod: &Value, slot: Slot) -> bool {
    let status = slot.status(pod);
    if slot.is_sidecar(pod) {
        json::flag(status, "/started")
    } else {
        status
            .pointer("/state/terminated/exitCode")
            .and_then(Value::as_i64)
            == Some(0)
    }
}

/// Sets a condition of a pod, with the generation that it is about.
pub(super) fn set_pod_condition(
    pod: &mut Value,
    kind: &str,
    status: &str,
    why: Option<(&str, &str)>,
    stamp: &str,
) {
    set_condition(pod, kind, status, why, stamp);
    let generation = json::count(pod, "/metadata/generation");
    let condition = json::object_at(pod, "status")
        .get_mut("conditions")
        .and_then(Value::as_array_mut)
        .and_then(|all| {
            all.iter_mut()
                .find(|known| json::text(known, "/type") == kind)
        });
    if let Some(condition) = condition {
        let fields = json::as_object(condition);
        fields.entry("lastProbeTime").or_insert(Value::Null);
        fields.insert("observedGeneration".to_owned(), generation.into());
    }
}

/// The order in which kubelets write conditions.
fn order_conditions(pod: &mut Value) {
    const ORDER: [&str; 5] = [
        "PodReadyToStartContainers",
        "Initialized",
        "Ready",
        "ContainersReady",
        "PodScheduled",
    ];
    if let Some(conditions) = json::object_at(pod, "status")
        .get_mut("conditions")
        .and_then(Value::as_array_mut)
    {
        conditions.sort_by_key(|condition| {
            let kind = json::text(condition, "/type");
            ORDER
                .iter()
                .position(|known| *known == kind)
                .map_or(0, |at| at + 1)
        });
    }
}

/// Sets a condition; its time changes only when its status does.
pub(in crate::actors) fn set_condition(
    object: &mut Value,
    kind: &str,
    status: &str,
    why: Option<(&str, &str)>,
    stamp: &str,
) {
    let conditions = json::object_at(object, "status")
        .entry("conditions")
        .or_insert_with(|| Value::Array(Vec::new()));
    let Some(conditions) = conditions.as_array_mut() else {
        return;
    };
    let at = conditions
        .iter()
        .position(|known| json::text(known, "/type") == kind);
    let at = at.unwrap_or_else(|| {
        conditions.push(json!({ "type": kind }));
        conditions.len() - 1
    });
    let Some(condition) = conditions.get_mut(at) else {
        return;
    };
    let is_news = json::text(condition, "/status") != status;
    let fields = json::as_object(condition);
    fields.insert("status".to_owned(), status.into());
    if is_news {
        fields.insert("lastTransitionTime".to_owned(), stamp.into());
    }
    for (field, text) in [
        ("reason", why.map(|why| why.0)),
        ("message", why.map(|why| why.1)),
    ] {
        match text.filter(|text| !text.is_empty()) {
            Some(text) => fields.insert(field.to_owned(), text.into()),
            None => fields.remove(field),
        };
    }
}

/// `NAME_NAMESPACE(UID)`, as kubelets name a pod in messages.
pub(super) fn pod_in_messages(pod: &Value) -> String {
    format!(
        "{}_{}({})",
        json::text(pod, "/metadata/name"),
        json::text(pod, "/metadata/namespace"),
        json::text(pod, "/metadata/uid")
    )
}

/// 64 digits of hexadecimal that depend on `text` alone.
pub(super) fn digest(text: &str) -> String {
    let [a, b, c, d] = [0, 1, 2, 3].map(|part| random::hash(&format!("{part}{text}")));
    format!("{a:016x}{b:016x}{c:016x}{d:016x}")
}
