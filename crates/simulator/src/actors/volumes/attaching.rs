//! Volumes of drivers that attach them to nodes: an object says for each where it is attached, and
//! one that only one node can have is not attached to another while a pod there uses it.
//!
//! Source: `pkg/controller/volume/attachdetach` and `pkg/volume/csi` of Kubernetes 1.36, and the
//! external attacher of `kubernetes-csi`.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{claim_kind, claim_names, remove_finalizer, volume_kind};
use crate::{
    actors::events::Event,
    json,
    store::{Stored, removal::Removal},
    world::{World, node_kind, pod_kind},
};

/// A volume of a pod that its driver attaches.
struct Attached {
    claim: ObjectKey,
    volume: String,
    driver: String,
    /// What the driver calls it.
    handle: String,
    is_for_one_node: bool,
}

impl Attached {
    /// The name of the object that says that it is attached to `node`.
    fn key(&self, node: &str) -> ObjectKey {
        let hash = Sha256::digest(format!("{}{}{node}", self.handle, self.driver));
        let mut name = "csi-".to_owned();
        for byte in hash {
            // Writing to text does not fail.
            write!(name, "{byte:02x}").unwrap_or_default();
        }
        ObjectKey::new("", name)
    }

    /// What nodes call it.
    fn on_nodes(&self) -> String {
        format!("kubernetes.io/csi/{}^{}", self.driver, self.handle)
    }

    /// By what its driver keeps that object until it is detached.
    fn finalizer(&self) -> String {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let driver = self.driver.replace(|letter: char| !plain(letter), "-");
        format!("external-attacher/{driver}")
    }
}

fn attachment_kind() -> GroupKind {
    GroupKind::new("storage.k8s.io", "VolumeAttachment")
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

/// Attaches the pod's volumes to its node.
pub(in crate::actors) fn attach(world: &mut World, stored: &Stored, pod: &Value) {
    let node = json::text(pod, "/spec/nodeName");
    for attached in attached(world, pod) {
        let key = attached.key(node);
        if world.store.get(&attachment_kind(), &key).is_none() {
            let object = json!({
                "metadata": { "name": key.name.as_str(), "finalizers": [attached.finalizer()],
                    "annotations": { "csi.alpha.kubernetes.io/node-id": node } },
                "spec": { "attacher": attached.driver, "nodeName": node,
                    "source": { "persistentVolumeName": attached.volume } },
                "status": { "attached": true },
            });
            world.create(&attachment_kind(), object);
            note(world, node, &attached.on_nodes(), true);
        }
        let message = format!(
            "AttachVolume.Attach succeeded for volume \"{}\" ",
            attached.volume
        );
        Event::normal("SuccessfulAttachVolume", message)
            .by("attachdetach-controller")
            .record(world, &pod_kind(), stored);
    }
}

/// Detaches from its node what a pod that has ended used, unless another one there uses it.
pub(super) fn detach(world: &mut World, pod: &Value) {
    let node = json::text(pod, "/spec/nodeName");
    if node.is_empty() {
        return;
    }
    for attached in attached(world, pod) {
        let key = attached.key(node);
        let is_used = world.volumes.users(&attached.claim).any(|user| {
            let user = world.store.get(&pod_kind(), user);
            user.is_some_and(|user| json::text(&user.value(), "/spec/nodeName") == node)
        });
        if is_used || world.store.get(&attachment_kind(), &key).is_none() {
            continue;
        }
        remove_finalizer(world, &attachment_kind(), &key, &attached.finalizer());
        world.remove(&attachment_kind(), &key, &Removal::background());
        note(world, node, &attached.on_nodes(), false);
    }
}

/// Notes on the node what is attached to it, and in use there.
fn note(world: &mut World, node: &str, volume: &str, is_attached: bool) {
    let key = ObjectKey::new("", node);
    world.store.update(&node_kind(), &key, |node| {
        let status = json::object_at(node, "status");
        let mut change = |field: &str, entry: Value, is_it: &dyn Fn(&Value) -> bool| {
            let list = status.entry(field).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.retain(|known| !is_it(known));
                if is_attached {
                    list.push(entry);
                }
                if list.is_empty() {
                    status.remove(field);
                }
            }
        };
        change(
            "volumesAttached",
            json!({ "name": volume, "devicePath": "" }),
            &|known| json::text(known, "/name") == volume,
        );
        change("volumesInUse", volume.into(), &|known| known == volume);
    });
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
        let driver = json::text(&object, "/spec/csi/driver").to_owned();
        let kind = GroupKind::new("storage.k8s.io", "CSIDriver");
        let known = world
            .store
            .get(&kind, &ObjectKey::new("", driver.as_str()))?;
        let is_attached = known
            .value()
            .pointer("/spec/attachRequired")
            .and_then(Value::as_bool)
            .unwrap_or(true);
        is_attached.then(|| Attached {
            claim: key,
            volume,
            driver,
            handle: json::text(&object, "/spec/csi/volumeHandle").to_owned(),
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
