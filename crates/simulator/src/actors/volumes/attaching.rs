//! Volumes of drivers that attach them to nodes: one that only one node can have is not attached to
//! another while a pod there uses it (`pkg/controller/volume/attachdetach` of Kubernetes 1.36).

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{claim_kind, claim_names, volume_kind};
use crate::{
    actors::events::Event,
    json,
    store::Stored,
    world::{World, pod_kind},
};

/// A volume of a pod that its driver attaches.
struct Attached {
    claim: ObjectKey,
    volume: String,
    is_for_one_node: bool,
}

/// Why a volume of the pod cannot be attached to its node.
pub(in crate::actors) fn unattachable(
    world: &World,
    stored: &Stored,
    pod: &Value,
) -> Option<String> {
    let node = json::text(pod, "/spec/nodeName");
    attached(world, pod).iter().find_map(|attached| {
        if !attached.is_for_one_node {
            return None;
        }
        let elsewhere: Vec<&str> = world
            .volumes
            .users(&attached.claim)
            .filter(|key| **key != stored.key)
            .filter(|key| {
                let other = world.store.get(&pod_kind(), key);
                other.is_some_and(|other| {
                    let other = other.value();
                    let theirs = json::text(&other, "/spec/nodeName");
                    let has_begun = other.pointer("/status/startTime").is_some();
                    has_begun && !theirs.is_empty() && theirs != node
                })
            })
            .map(|key| key.name.as_str())
            .collect();
        (!elsewhere.is_empty()).then(|| {
            format!(
                "Multi-Attach error for volume \"{}\" Volume is already used by pod(s) {}",
                attached.volume,
                elsewhere.join(", ")
            )
        })
    })
}

/// Says that the pod's volumes are attached.
pub(in crate::actors) fn tell_attached(world: &mut World, stored: &Stored, pod: &Value) {
    for attached in attached(world, pod) {
        let message = format!(
            "AttachVolume.Attach succeeded for volume \"{}\" ",
            attached.volume
        );
        Event::normal("SuccessfulAttachVolume", message)
            .by("attachdetach-controller")
            .record(world, &pod_kind(), stored);
    }
}

fn attached(world: &World, pod: &Value) -> Vec<Attached> {
    let namespace = json::text(pod, "/metadata/namespace");
    let of = |name: &str| {
        let key = ObjectKey::new(namespace, name);
        let claim = world.store.get(&claim_kind(), &key)?.value();
        let volume = json::text(&claim, "/spec/volumeName").to_owned();
        let object = world
            .store
            .get(&volume_kind(), &ObjectKey::new("", volume.as_str()))?
            .value();
        let driver = ObjectKey::new("", json::text(&object, "/spec/csi/driver"));
        let kind = GroupKind::new("storage.k8s.io", "CSIDriver");
        let driver = world.store.get(&kind, &driver)?.value();
        let is_attached = driver
            .pointer("/spec/attachRequired")
            .and_then(Value::as_bool)
            .unwrap_or(true);
        is_attached.then(|| Attached {
            claim: key,
            volume,
            is_for_one_node: json::items(&object, "/spec/accessModes")
                .iter()
                .all(|mode| {
                    ["ReadWriteOnce", "ReadWriteOncePod"]
                        .iter()
                        .any(|one| mode == one)
                }),
        })
    };
    claim_names(pod).filter_map(of).collect()
}
