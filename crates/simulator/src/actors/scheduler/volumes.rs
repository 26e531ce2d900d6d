//! Claims of volumes, before any node is looked at.

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{json, world::World};

/// Why the pod's claims keep it from every node.
pub(super) fn obstacle(world: &World, pod: &Value) -> Option<String> {
    let namespace = json::text(pod, "/metadata/namespace");
    json::items(pod, "/spec/volumes").iter().find_map(|volume| {
        let name = json::text(volume, "/persistentVolumeClaim/claimName");
        if name.is_empty() {
            return None;
        }
        let key = ObjectKey::new(namespace, name);
        let kind = GroupKind::new("", "PersistentVolumeClaim");
        let Some(claim) = world.store.get(&kind, &key) else {
            return Some(format!("persistentvolumeclaim \"{name}\" not found"));
        };
        if claim.is_ending {
            return Some(format!("persistentvolumeclaim \"{name}\" is being deleted"));
        }
        let claim = claim.value();
        let is_bound = json::text(&claim, "/status/phase") == "Bound"
            || !json::text(&claim, "/spec/volumeName").is_empty();
        (!is_bound && !waits_for_a_pod(world, &claim))
            .then(|| "pod has unbound immediate PersistentVolumeClaims".to_owned())
    })
}

/// Whether the claim's class binds volumes when a pod needs them.
fn waits_for_a_pod(world: &World, claim: &Value) -> bool {
    let class = ObjectKey::new("", json::text(claim, "/spec/storageClassName"));
    let kind = GroupKind::new("storage.k8s.io", "StorageClass");
    world.store.get(&kind, &class).is_some_and(|class| {
        json::text(&class.value(), "/volumeBindingMode") == "WaitForFirstConsumer"
    })
}
