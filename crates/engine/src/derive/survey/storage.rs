//! Where data and models lie: by class, namespace and workload; how full; caches, snapshots, object
//! stores; what is unbound, unused, unattached or nearly full.
//!
//! Read in this order: what is looked at ([`Look`]), [`classes`] with drivers, [`claims`], [`users`],
//! [`caches`], [`snapshots`], [`places`], [`findings`].

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};
use strata_api::rows::storage::{
    StorageCacheRow, StorageClaimRow, StorageClassRow, StorageDriverRow, StorageFindingRow,
    StoragePlaceRow, StorageSnapshotRow, StorageSourceRow, StorageUse, StorageUserRow,
};
use strata_domain::{
    custom::Custom,
    ids::{GroupKind, ObjectKey},
    plain::{Plain, PlainKind},
    pod::Phase,
    storage::{Volume, VolumeClaim},
    text::Text,
};

use super::Ground;
use crate::{derive::owners::RootId, fleet::telemetry::Fill};

pub(super) mod caches;
mod claims;
mod classes;
mod findings;
mod places;
mod snapshots;
mod users;

/// As many rows of one sort as are told; the weightiest first.
const MOST: usize = 200;

/// All of it.
pub struct Storage {
    /// Who tells how full volumes are.
    pub source: StorageSourceRow,
    /// The classes, by name, and what has none.
    pub classes: Vec<StorageClassRow>,
    /// The CSI drivers, by name.
    pub drivers: Vec<StorageDriverRow>,
    /// What is amiss.
    pub findings: Vec<StorageFindingRow>,
    /// Caches of data sets and models.
    pub caches: Vec<StorageCacheRow>,
    /// The claims, the fullest first.
    pub claims: Vec<StorageClaimRow>,
    /// Snapshots of volumes.
    pub snapshots: Vec<StorageSnapshotRow>,
    /// Object stores, registries and file systems outside.
    pub places: Vec<StoragePlaceRow>,
    /// The namespaces, then the workloads, those that ask for the most first.
    pub users: Vec<StorageUserRow>,
}

/// Looks at all storage of the cluster.
pub fn storage(ground: Ground<'_>) -> Storage {
    let look = Look::at(ground);
    Storage {
        source: look.source(),
        classes: classes::classes(&look),
        drivers: classes::drivers(&look),
        findings: findings::findings(&look),
        caches: caches::caches(ground, None),
        claims: claims::claims(&look),
        snapshots: snapshots::snapshots(&look),
        places: places::places(&look),
        users: users::users(&look),
    }
}

/// What is looked at, read once.
struct Look<'a> {
    ground: Ground<'a>,
    /// Who mounts which claim: by namespace and name, the topmost owners of the pods.
    mounts: HashMap<ObjectKey, BTreeSet<RootId>>,
    /// The claims, by namespace and name.
    claims: Vec<(&'a Plain, &'a VolumeClaim)>,
    /// The volumes, by name.
    volumes: Vec<(&'a Plain, &'a Volume)>,
    /// Which volume is to be attached to which node.
    attachments: Vec<&'a Custom>,
    /// The volumes that are attached, by name.
    attached: HashSet<&'a str>,
    /// Whether these were listed.
    are_attachments_known: bool,
}

impl<'a> Look<'a> {
    fn at(ground: Ground<'a>) -> Self {
        let kind = GroupKind::new("storage.k8s.io", "VolumeAttachment");
        let attachments: Vec<&Custom> = ground.cluster.custom(&kind).collect();
        let attached = attachments
            .iter()
            .filter(|attachment| attachment.field("status.attached") == Some("true"))
            .filter_map(|attachment| attachment.field("spec.source.persistentVolumeName"));
        Self {
            ground,
            mounts: mounts(ground),
            claims: claims_of(ground),
            volumes: volumes_of(ground),
            attached: attached.collect(),
            attachments,
            are_attachments_known: ground.is_listed("storage.k8s.io", "VolumeAttachment"),
        }
    }

    /// How full the volume of a claim is, if a kubelet told lately.
    fn fill(&self, claim: &ObjectKey) -> Option<&'a Fill> {
        let volumes = self.ground.telemetry.volumes();
        volumes.of(claim, self.ground.now)
    }

    fn is_attached(&self, volume: &Text) -> bool {
        self.attached.contains(volume.as_str())
    }

    /// How large the volume called `name` is, in bytes; 0 where it is not there.
    fn size_of(&self, name: &str) -> u64 {
        let by_name = |(plain, _): &(&Plain, &Volume)| plain.metadata.key.name.as_str().cmp(name);
        let at = self.volumes.binary_search_by(by_name).ok();
        at.and_then(|at| self.volumes.get(at))
            .map_or(0, |(_, volume)| volume.capacity_bytes)
    }

    fn count(&self, sum: &mut StorageUse, key: &ObjectKey, claim: &VolumeClaim) {
        sum.claims += 1;
        sum.bound += u32::from(claim.is_bound());
        sum.mounted += u32::from(self.mounts.contains_key(key));
        sum.requested_bytes += bytes(claim.requested_bytes);
        if let Some(fill) = self.fill(key) {
            sum.measured += 1;
            *sum.used_bytes.get_or_insert(0.0) += bytes(fill.used_bytes);
        }
    }

    fn source(&self) -> StorageSourceRow {
        let asked = self.ground.telemetry.volumes().asked();
        StorageSourceRow {
            kubelets: asked.kubelets,
            told: asked.told,
            failure: asked.failure.map(|failure| failure.message),
            at: asked.oldest.map(|at| at.to_string()),
        }
    }
}

fn mounts(ground: Ground<'_>) -> HashMap<ObjectKey, BTreeSet<RootId>> {
    let mut mounts: HashMap<ObjectKey, BTreeSet<RootId>> = HashMap::new();
    for (slot, pod) in ground.cluster.pod_table().slots() {
        if pod.volume_claims.is_empty() || matches!(pod.phase, Phase::Succeeded | Phase::Failed) {
            continue;
        }
        let root = ground.derived.owners.of_pod(slot);
        for claim in &pod.volume_claims {
            let key = ObjectKey {
                namespace: pod.metadata.key.namespace.clone(),
                name: claim.clone(),
            };
            mounts.entry(key).or_default().extend(root);
        }
    }
    mounts
}

pub(super) fn claims_of(ground: Ground<'_>) -> Vec<(&Plain, &VolumeClaim)> {
    let kind = GroupKind::new("", "PersistentVolumeClaim");
    let all = ground.cluster.plain_of(&kind);
    let mut claims: Vec<_> = all
        .filter_map(|plain| match &plain.kind {
            PlainKind::VolumeClaim(claim) => Some((plain, claim)),
            _ => None,
        })
        .collect();
    claims.sort_by(|left, right| left.0.metadata.key.cmp(&right.0.metadata.key));
    claims
}

fn volumes_of(ground: Ground<'_>) -> Vec<(&Plain, &Volume)> {
    let kind = GroupKind::new("", "PersistentVolume");
    let all = ground.cluster.plain_of(&kind);
    let mut volumes: Vec<_> = all
        .filter_map(|plain| match &plain.kind {
            PlainKind::Volume(volume) => Some((plain, volume)),
            _ => None,
        })
        .collect();
    volumes.sort_by(|left, right| left.0.metadata.key.cmp(&right.0.metadata.key));
    volumes
}

#[expect(
    clippy::cast_precision_loss,
    reason = "storage of a cluster is below 2^53 bytes by far"
)]
fn bytes(bytes: u64) -> f64 {
    bytes as f64
}
