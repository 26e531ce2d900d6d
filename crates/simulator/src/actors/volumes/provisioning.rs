//! Making volumes for claims, as the provisioner of their class does.

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{claim_kind, class_kind, tell, volume_kind};
use crate::{
    actors::events::Event,
    clock, json,
    store::Stored,
    world::{World, agenda::Deed, node_kind},
};

/// The provisioner of classes whose volumes an administrator makes.
pub(super) const NOBODY: &str = "kubernetes.io/no-provisioner";
/// Makes folders of the node that the pod runs on.
const LOCAL_PATH: &str = "rancher.io/local-path";
const ANNOTATIONS: [&str; 2] = [
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/storage-provisioner",
];
/// Held by the provisioner until the storage behind a volume is gone.
pub(super) const FINALIZER: &str = "external-provisioner.volume.kubernetes.io/finalizer";
/// Says who made a volume.
pub(super) const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";

/// Has a volume made for a claim of `class`, or says why that cannot be.
pub(super) fn provision(world: &mut World, stored: &Stored, claim: &Value, class: &str) {
    let found = world.store.get(&class_kind(), &ObjectKey::new("", class));
    let Some(found) = found else {
        let message = format!("storageclass.storage.k8s.io {class:?} not found");
        return tell(world, stored, Event::warning("ProvisioningFailed", message));
    };
    let class = found.value();
    let provisioner = json::text(&class, "/provisioner");
    if provisioner == NOBODY {
        let message = format!("no volume plugin matched name: {NOBODY}");
        return tell(world, stored, Event::warning("ProvisioningFailed", message));
    }
    if !super::claim::has_annotation(claim, ANNOTATIONS[0]) {
        world.store.update(&claim_kind(), &stored.key, |claim| {
            for name in ANNOTATIONS {
                json::annotate(claim, name, provisioner);
            }
        });
        return;
    }
    match world.volumes.under_way.get(&stored.uid).copied() {
        Some(ready) if ready > world.now() => {}
        Some(_) => make(world, stored, claim, &class),
        None => begin(world, stored, claim, &class),
    }
}

fn begin(world: &mut World, stored: &Stored, claim: &Value, class: &Value) {
    let provisioner = json::text(class, "/provisioner");
    let message = format!(
        "Waiting for a volume to be created either by the external provisioner '{provisioner}' or \
         manually by the system administrator. If volume creation is delayed, please verify that \
         the provisioner is running and correctly registered."
    );
    tell(
        world,
        stored,
        Event::normal("ExternalProvisioning", message),
    );
    if !is_running(world, provisioner) {
        return;
    }
    let message = format!(
        "External provisioner is provisioning volume for claim \"{}\"",
        stored.key
    );
    Event::normal("Provisioning", message)
        .by(provisioner)
        .record(world, &claim_kind(), stored);
    if world.is_setting_up {
        return make(world, stored, claim, class);
    }
    let takes = world.seconds(2, 5);
    let ready = clock::later(world.now(), takes);
    world.volumes.under_way.insert(stored.uid.clone(), ready);
    world
        .agenda
        .plan(ready, Deed::look(&claim_kind(), &stored.key));
}

/// Whether a provisioner is there to do its work: its driver is registered, or it is the one that
/// makes folders and its deployment is there.
pub(super) fn is_running(world: &World, provisioner: &str) -> bool {
    let driver = GroupKind::new("storage.k8s.io", "CSIDriver");
    let of_folders = |namespace: &str| {
        let key = ObjectKey::new(namespace, "local-path-provisioner");
        let kind = GroupKind::new("apps", "Deployment");
        world.store.get(&kind, &key).is_some()
    };
    world
        .store
        .get(&driver, &ObjectKey::new("", provisioner))
        .is_some()
        || provisioner == LOCAL_PATH
            && ["kube-system", "local-path-storage"]
                .into_iter()
                .any(of_folders)
}

fn make(world: &mut World, stored: &Stored, claim: &Value, class: &Value) {
    world.volumes.under_way.remove(&stored.uid);
    let provisioner = json::text(class, "/provisioner");
    let name = format!("pvc-{}", stored.uid);
    let policy = match json::text(class, "/reclaimPolicy") {
        "" => "Delete",
        policy => policy,
    };
    let mut spec = json!({
        "capacity": { "storage": json::text(claim, "/spec/resources/requests/storage") },
        "accessModes": claim.pointer("/spec/accessModes").cloned().unwrap_or_default(),
        "claimRef": { "kind": "PersistentVolumeClaim", "apiVersion": "v1",
            "namespace": stored.key.namespace.as_str(), "name": stored.key.name.as_str(),
            "uid": stored.uid.as_str(), "resourceVersion": stored.version.to_string() },
        "persistentVolumeReclaimPolicy": policy,
        "storageClassName": json::text(class, "/metadata/name"),
        "volumeMode": match json::text(claim, "/spec/volumeMode") {
            "" => "Filesystem",
            mode => mode,
        },
    });
    let fields = json::as_object(&mut spec);
    if let Some(options) = class.get("mountOptions") {
        fields.insert("mountOptions".to_owned(), options.clone());
    }
    let pointer = "/metadata/annotations/volume.kubernetes.io~1selected-node";
    let node = json::text(claim, pointer);
    if provisioner == LOCAL_PATH {
        let path = format!(
            "/opt/local-path-provisioner/{name}_{}_{}",
            stored.key.namespace, stored.key.name
        );
        let host = json!({ "path": path, "type": "DirectoryOrCreate" });
        fields.insert("hostPath".to_owned(), host);
        fields.insert(
            "nodeAffinity".to_owned(),
            near("kubernetes.io/hostname", node),
        );
    } else {
        let csi = json!({ "driver": provisioner, "volumeHandle": format!("0001-{}", stored.uid),
            "fsType": "ext4" });
        fields.insert("csi".to_owned(), csi);
        let zone = zone_of(world, node);
        if let Some(zone) = zone {
            fields.insert(
                "nodeAffinity".to_owned(),
                near("topology.kubernetes.io/zone", &zone),
            );
        }
    }
    let volume = json!({
        "metadata": { "name": name, "annotations": { PROVISIONED_BY: provisioner },
            "finalizers": [FINALIZER, "kubernetes.io/pv-protection"] },
        "spec": spec,
        "status": { "phase": "Pending" },
    });
    if world.create(&volume_kind(), volume).is_some() {
        let message = format!("Successfully provisioned volume {name}");
        Event::normal("ProvisioningSucceeded", message)
            .by(provisioner)
            .record(world, &claim_kind(), stored);
    }
}

/// The zone of the node that a volume is made for.
fn zone_of(world: &World, node: &str) -> Option<String> {
    let node = world.store.get(&node_kind(), &ObjectKey::new("", node))?;
    node.label("topology.kubernetes.io/zone").map(str::to_owned)
}

fn near(label: &str, value: &str) -> Value {
    json!({ "required": { "nodeSelectorTerms": [{ "matchExpressions": [
        { "key": label, "operator": "In", "values": [value] }] }] } })
}
