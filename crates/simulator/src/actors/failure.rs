//! Fate: hardware that fails.

use strata_domain::ids::ObjectKey;

use super::{events::Event, kubelet};
use crate::{
    json,
    world::{World, node_kind, pod_kind},
};

/// A GPU of `node` falls off the bus: the device plugin marks it unhealthy, so that one less can be
/// allocated, and the pod whose name starts with `workload` fails.
///
/// Source: NVIDIA/k8s-device-plugin `internal/rm/health.go` (critical XIDs make a device unhealthy).
pub(crate) fn lose_gpu(world: &mut World, node: &str, namespace: &str, workload: &str) {
    let victim = world
        .store
        .list(&pod_kind(), namespace)
        .into_iter()
        .find(|stored| {
            stored.key.name.starts_with(workload)
                && json::text(&stored.value(), "/spec/nodeName") == node
        });
    let address =
        world
            .inventory
            .lose(node, victim.as_ref().map(|victim| &victim.uid), world.now());
    if let Some(victim) = victim {
        kubelet::fail(world, &victim.key, 134, "");
    }
    let key = ObjectKey::new("", node);
    let stored = world.store.update(&node_kind(), &key, |node| {
        let left = json::text(node, "/status/allocatable/nvidia.com~1gpu").parse::<u64>();
        if let (Ok(left), Some(allocatable)) = (left, node.pointer_mut("/status/allocatable")) {
            json::as_object(allocatable).insert(
                "nvidia.com/gpu".to_owned(),
                left.saturating_sub(1).to_string().into(),
            );
        }
    });
    if let Some(stored) = stored {
        let message = format!(
            "NVRM: Xid (PCI:{}): 79, GPU has fallen off the bus.",
            address.unwrap_or_default()
        );
        Event::warning("XidError", message)
            .by("node-problem-detector")
            .record(world, &node_kind(), &stored);
    }
}
