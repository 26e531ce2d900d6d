//! Volumes: free, bound, released; and what becomes of them then.

use serde_json::Value;

use super::{claim_kind, claim_of, provisioning, remove_finalizer, volume_kind, wake};
use crate::{
    actors::{Subject, events::Event},
    json,
    store::Stored,
    world::{World, agenda::Deed},
};

const PROTECTION: &str = "kubernetes.io/pv-protection";

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let (stored, volume) = (subject.stored, subject.object);
    if stored.is_ending {
        if json::text(volume, "/status/phase") != "Bound" {
            remove_finalizer(world, &volume_kind(), &stored.key, provisioning::FINALIZER);
            remove_finalizer(world, &volume_kind(), &stored.key, PROTECTION);
        }
        return;
    }
    let class = json::text(volume, "/spec/storageClassName");
    let uid = json::text(volume, "/spec/claimRef/uid");
    if uid.is_empty() {
        if set_phase(world, stored, volume, "Available") {
            wake(world, class);
        }
        return;
    }
    let key = claim_of(volume);
    let claim = world
        .store
        .get(&claim_kind(), &key)
        .filter(|claim| claim.uid == uid);
    let Some(claim) = claim else {
        let phase = json::text(volume, "/status/phase");
        if phase != "Failed" && set_phase(world, stored, volume, "Released") {
            reclaim(world, stored, volume);
        }
        return;
    };
    let claim = claim.value();
    if json::text(&claim, "/spec/volumeName") == stored.key.name.as_str() {
        set_phase(world, stored, volume, "Bound");
    } else {
        // It is set aside for the claim, which takes it.
        world.enqueue(claim_kind(), key);
    }
}

/// Writes the phase; true where it is another than before.
fn set_phase(world: &mut World, stored: &Stored, volume: &Value, phase: &str) -> bool {
    if json::text(volume, "/status/phase") == phase {
        return false;
    }
    let stamp = world.stamp();
    world.store.update(&volume_kind(), &stored.key, |volume| {
        let status = json::object_at(volume, "status");
        status.insert("phase".to_owned(), phase.into());
        status.insert("lastPhaseTransitionTime".to_owned(), stamp.into());
    });
    true
}

/// Does with a volume that nobody claims any more what its policy says.
fn reclaim(world: &mut World, stored: &Stored, volume: &Value) {
    if json::text(volume, "/spec/persistentVolumeReclaimPolicy") != "Delete" {
        return;
    }
    let annotations = volume.pointer("/metadata/annotations");
    let by = annotations
        .and_then(|annotations| annotations.get(provisioning::PROVISIONED_BY)?.as_str())
        .unwrap_or_default();
    if !by.is_empty() {
        if provisioning::is_running(world, by) {
            let takes = world.seconds(2, 6);
            let (kind, key) = (volume_kind(), stored.key.clone());
            world.after(takes, Deed::Remove { kind, key });
        }
        return;
    }
    let path = json::text(volume, "/spec/hostPath/path");
    let why = if path.is_empty() {
        let name = &stored.key.name;
        format!(
            "error getting deleter volume plugin for volume \"{name}\": no volume plugin matched"
        )
    } else if path.starts_with("/tmp/") {
        let (kind, key) = (volume_kind(), stored.key.clone());
        return world.after(
            std::time::Duration::from_secs(1),
            Deed::Remove { kind, key },
        );
    } else {
        format!("host_path deleter only supports /tmp/.+ but received provided {path}")
    };
    set_phase(world, stored, volume, "Failed");
    world.store.update(&volume_kind(), &stored.key, |volume| {
        json::object_at(volume, "status").insert("message".to_owned(), why.as_str().into());
    });
    Event::warning("VolumeFailedDelete", why)
        .by(super::CONTROLLER)
        .record(world, &volume_kind(), stored);
}
