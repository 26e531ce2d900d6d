//! Nodes: their leases, and what the node lifecycle controller does when one falls silent.

use std::time::Duration;

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{events::Event, kubelet::set_condition};
use crate::{
    clock, json,
    store::Stored,
    world::{World, agenda::Deed, node_kind, pod_kind},
};

/// How often a kubelet renews its lease (`nodeLeaseDurationSeconds` / 4).
const RENEWED_EVERY: Duration = Duration::from_secs(10);

/// The taints that keep pods from a node that is silent.
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

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
