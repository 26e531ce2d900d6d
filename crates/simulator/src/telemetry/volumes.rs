//! What the volumes of pods hold, as the kubelet that mounts them measures it
//! (`pkg/kubelet/server/stats/volume_stat_calculator.go`).
//!
//! A volume of a claim is the same wherever it is mounted: how full it is follows from its claim and
//! the time alone. It fills slowly, and stays where the annotation [`FILL`] of its claim puts it.

use serde_json::Value;
use strata_domain::{ids::ObjectKey, quantity};

use super::{
    curve,
    facts::{PodFacts, Volume},
    number,
};
use crate::{json, random, server::Server};

/// How full the volume of a claim is, as a share of 1: what a scenario wants to be seen.
const FILL: &str = "/metadata/annotations/simulator.strata.dev~1fill";

/// Bytes of a file system for each of its inodes, as `mkfs.ext4` lays them out.
const BYTES_AN_INODE: f64 = 16_384.0;

/// What a volume holds.
#[derive(Clone, Debug)]
pub(crate) struct VolumeUsage {
    pub(crate) name: String,
    /// The claim behind it, if there is one.
    pub(crate) claim: Option<ObjectKey>,
    pub(crate) capacity: f64,
    pub(crate) used: f64,
    pub(crate) inodes: f64,
    pub(crate) inodes_used: f64,
}

/// The volumes of the pod `key` that can be measured; `memory` is its node's, which holds those that
/// are kept in memory.
pub(super) fn of_pod(
    server: &Server,
    key: &ObjectKey,
    facts: &PodFacts,
    memory: f64,
    now: f64,
) -> Vec<VolumeUsage> {
    let measured = |volume: &Volume| {
        if let Some(source) = &volume.persistent_volume_claim {
            let claim = ObjectKey::new(key.namespace.clone(), source.claim_name.as_str());
            return of_claim(server, &volume.name, claim, now);
        }
        let is_small =
            volume.projected.is_some() || volume.config_map.is_some() || volume.secret.is_some();
        let is_told = is_small || volume.empty_dir.is_some();
        let seed = random::hash(&format!("{key}/{}", volume.name));
        let used = if is_small {
            12_288.0
        } else {
            curve::between(seed, 4_096.0, 2.0e8).floor()
        };
        is_told.then(|| usage(&volume.name, None, memory, used))
    };
    facts.spec.volumes.iter().filter_map(measured).collect()
}

/// The volume of `claim`; nothing while it is not bound, or where it is no file system.
fn of_claim(server: &Server, name: &str, claim: ObjectKey, now: f64) -> Option<VolumeUsage> {
    let kind = strata_domain::ids::GroupKind::new("", "PersistentVolumeClaim");
    let stored = server.store.get(&kind, &claim)?;
    let object = stored.value();
    if json::text(&object, "/spec/volumeMode") == "Block" {
        return None;
    }
    let capacity = quantity::parse_count(json::text(&object, "/status/capacity/storage"))?;
    let share = share(&object, &stored.uid, now);
    // The file system's own tables take a part of the device.
    let capacity = number(capacity) * 0.984;
    Some(usage(name, Some(claim), capacity, capacity * share))
}

fn share(claim: &Value, uid: &str, now: f64) -> f64 {
    let set: Option<f64> = claim
        .pointer(FILL)
        .and_then(Value::as_str)
        .and_then(|share| share.parse().ok());
    if let Some(share) = set {
        return share.clamp(0.0, 1.0);
    }
    let seed = random::hash(uid);
    let created = json::text(claim, "/metadata/creationTimestamp")
        .parse()
        .map_or(now, super::seconds);
    let days = ((now - created) / 86_400.0).max(0.0);
    let settled = curve::between(seed, 0.18, 0.62);
    // Half of what it settles at is there after ten days.
    settled * (days + 2.0) / (days + 12.0)
}

fn usage(name: &str, claim: Option<ObjectKey>, capacity: f64, used: f64) -> VolumeUsage {
    let inodes = (capacity / BYTES_AN_INODE).floor();
    VolumeUsage {
        name: name.to_owned(),
        claim,
        capacity: capacity.floor(),
        used: used.floor(),
        inodes,
        inodes_used: (used / 1.0e6).ceil().clamp(1.0, inodes.max(1.0)),
    }
}
