//! Nodes: their leases, and what the node lifecycle controller does when one falls silent.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{Subject, capacity::Taint, events::Event, kubelet::set_condition};
use crate::{
    clock, json,
    store::Stored,
    world::{World, agenda::Deed, node_kind, pod_kind},
};

/// How often a kubelet renews its lease (`nodeLeaseDurationSeconds` / 4).
const RENEWED_EVERY: Duration = Duration::from_secs(10);

/// The taints that keep pods from a node that is silent.
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

/// The taint of a node that is cordoned.
pub(super) const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// How long pods that say nothing of it stay on a node that is not ready (the admission plugin
/// `DefaultTolerationSeconds`).
const TOLERATED_FOR: u64 = 300;

/// Taints a node that was cordoned, and lets pods go that do not tolerate a node's taints.
pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let node = subject.object;
    let is_cordoned = json::flag(node, "/spec/unschedulable");
    let taints = json::items(node, "/spec/taints");
    let is_tainted = taints
        .iter()
        .any(|taint| json::text(taint, "/key") == UNSCHEDULABLE);
    if is_cordoned != is_tainted {
        let stamp = world.stamp();
        world
            .store
            .update(subject.kind, &subject.stored.key, |node| {
                let spec = json::object_at(node, "spec");
                let taints = spec.entry("taints").or_insert_with(|| json!([]));
                if let Some(taints) = taints.as_array_mut() {
                    taints.retain(|taint| json::text(taint, "/key") != UNSCHEDULABLE);
                    if is_cordoned {
                        taints.push(json!({ "key": UNSCHEDULABLE, "effect": "NoSchedule",
                        "timeAdded": stamp }));
                    }
                    if taints.is_empty() {
                        spec.remove("taints");
                    }
                }
            });
        return;
    }
    let evicting: Vec<&Value> = taints
        .iter()
        .filter(|taint| json::text(taint, "/effect") == "NoExecute")
        .collect();
    let is_here = |key: &str| {
        evicting
            .iter()
            .any(|taint| json::text(taint, "/key") == key)
    };
    let node = &subject.stored.key.name;
    world
        .taints_since
        .retain(|(tainted, key), _| tainted != node || is_here(key));
    for taint in evicting {
        evict_from(world, subject, taint);
    }
}

/// The taint manager: deletes the node's pods that do not tolerate `taint`, or not any longer.
fn evict_from(world: &mut World, subject: &Subject<'_>, taint: &Value) {
    let read = Taint::read(taint);
    let now = world.now();
    // Who taints by hand says no time: it counts from when the taint was seen.
    let seen = (subject.stored.key.name.clone(), read.key.clone());
    let seen = *world.taints_since.entry(seen).or_insert(now);
    let added: Timestamp = json::text(taint, "/timeAdded").parse().unwrap_or(seen);
    let mut next: Option<Timestamp> = None;
    for stored in world.store.list(&pod_kind(), "") {
        if stored.is_ending || !world.capacity.is_on(&stored.uid, &subject.stored.key.name) {
            continue;
        }
        // A pod that its kubelet reads from a file only goes with the file.
        if stored
            .controller()
            .is_some_and(|owner| owner.kind == node_kind())
        {
            continue;
        }
        let pod = stored.value();
        let mut tolerated = read.tolerated_for(&pod);
        let is_default = read.key == UNREACHABLE || read.key == "node.kubernetes.io/not-ready";
        if tolerated == Some(0) && is_default {
            tolerated = Some(TOLERATED_FOR);
        }
        // Without a bound it stays.
        let Some(seconds) = tolerated else { continue };
        let at = clock::later(added, Duration::from_secs(seconds));
        if at > now {
            next = Some(next.map_or(at, |known| known.min(at)));
            continue;
        }
        let stamp = world.stamp();
        world.store.update(&pod_kind(), &stored.key, |pod| {
            let message = "Taint manager: deleting due to NoExecute taint";
            let why = Some(("DeletionByTaintManager", message));
            set_condition(pod, "DisruptionTarget", "True", why, &stamp);
        });
        Event::normal(
            "TaintManagerEviction",
            format!("Marking for deletion Pod {}", stored.key),
        )
        .by("taint-eviction-controller")
        .record(world, &pod_kind(), &stored);
        world.delete_pod(&stored.key);
    }
    if let Some(next) = next {
        world
            .agenda
            .plan(next, Deed::look(subject.kind, &subject.stored.key));
    }
}

fn lease_kind() -> GroupKind {
    GroupKind::new("coordination.k8s.io", "Lease")
}

/// Makes the lease of a node.
pub(crate) fn create_lease(world: &mut World, node: &Stored) {
    let lease = json!({
        "metadata": {
            "name": node.key.name.as_str(),
            "namespace": "kube-node-lease",
            "ownerReferences": [{ "apiVersion": "v1", "kind": "Node",
                "name": node.key.name.as_str(), "uid": node.uid.as_str() }],
        },
        "spec": {
            "holderIdentity": node.key.name.as_str(),
            "leaseDurationSeconds": 40,
            "renewTime": clock::micro_stamp(world.now()),
        },
    });
    world.create(&lease_kind(), lease);
}

/// Every kubelet that is not away renews its lease.
pub(crate) fn heartbeat(world: &mut World) {
    let renewed = clock::micro_stamp(world.now());
    for node in world.store.list(&node_kind(), "") {
        if is_silent(&node.value()) {
            continue;
        }
        let key = ObjectKey::new("kube-node-lease", node.key.name.clone());
        world.store.update(&lease_kind(), &key, |lease| {
            json::object_at(lease, "spec").insert("renewTime".to_owned(), renewed.as_str().into());
        });
    }
    world.after(RENEWED_EVERY, Deed::Heartbeat);
}

/// The node's kubelet falls silent: the controller marks node and pods, and the kubelet comes back
/// after `lasts`.
pub(super) fn fall_silent(world: &mut World, name: &str, lasts: Duration) {
    let key = ObjectKey::new("", name);
    let stamp = world.stamp();
    let stored = world.store.update(&node_kind(), &key, |node| {
        for kind in ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"] {
            let why = ("NodeStatusUnknown", "Kubelet stopped posting node status.");
            set_condition(node, kind, "Unknown", Some(why), &stamp);
        }
        let taints = json::object_at(node, "spec")
            .entry("taints")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Some(taints) = taints.as_array_mut() {
            for effect in ["NoSchedule", "NoExecute"] {
                taints.push(json!({ "key": UNREACHABLE, "effect": effect, "timeAdded": stamp }));
            }
        }
    });
    let Some(stored) = stored else { return };
    Event::normal(
        "NodeNotReady",
        format!("Node {name} status is now: NodeNotReady"),
    )
    .by("node-controller")
    .record(world, &node_kind(), &stored);
    set_pods_ready(world, name, false);
    world.after(lasts, Deed::NodeBack(name.to_owned()));
}

/// The kubelet of a silent node posts its status again.
pub(crate) fn come_back(world: &mut World, name: &str) {
    let key = ObjectKey::new("", name);
    let stamp = world.stamp();
    let stored = world.store.update(&node_kind(), &key, |node| {
        let healthy = [
            (
                "MemoryPressure",
                "False",
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available",
            ),
            (
                "DiskPressure",
                "False",
                "KubeletHasNoDiskPressure",
                "kubelet has no disk pressure",
            ),
            (
                "PIDPressure",
                "False",
                "KubeletHasSufficientPID",
                "kubelet has sufficient PID available",
            ),
            (
                "Ready",
                "True",
                "KubeletReady",
                "kubelet is posting ready status",
            ),
        ];
        for (kind, status, reason, message) in healthy {
            set_condition(node, kind, status, Some((reason, message)), &stamp);
        }
        let spec = json::object_at(node, "spec");
        if let Some(taints) = spec.get_mut("taints").and_then(Value::as_array_mut) {
            taints.retain(|taint| json::text(taint, "/key") != UNREACHABLE);
            if taints.is_empty() {
                spec.remove("taints");
            }
        }
    });
    let Some(stored) = stored else { return };
    Event::normal("NodeReady", format!("Node {name} status is now: NodeReady"))
        .by_kubelet(name)
        .record(world, &node_kind(), &stored);
    set_pods_ready(world, name, true);
}

/// Marks the running pods of a node as ready or not, as far as their containers allow.
fn set_pods_ready(world: &mut World, node: &str, is_ready: bool) {
    let stamp = world.stamp();
    for stored in world.store.list(&pod_kind(), "") {
        let pod = stored.value();
        let is_here = json::text(&pod, "/spec/nodeName") == node
            && json::text(&pod, "/status/phase") == "Running";
        let containers_are_ready = json::items(&pod, "/status/containerStatuses")
            .iter()
            .all(|container| json::flag(container, "/ready"));
        if is_here && containers_are_ready {
            let status = if is_ready { "True" } else { "False" };
            world.store.update(&pod_kind(), &stored.key, |pod| {
                set_condition(pod, "Ready", status, None, &stamp);
            });
        }
    }
}

fn is_silent(node: &Value) -> bool {
    json::items(node, "/spec/taints")
        .iter()
        .any(|taint| json::text(taint, "/key") == UNREACHABLE)
}
