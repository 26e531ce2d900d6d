//! Where data and models lie: by class, namespace and workload; caches; what is unbound or unused.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::{
        Severity as RowSeverity,
        storage::{
            StorageCacheRow, StorageClassRow, StorageFindingRow, StorageUse, StorageUserRow,
        },
    },
};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    plain::{Plain, PlainKind},
    pod::Phase,
    storage::{Volume, VolumeClaim},
    text::Text,
};

use super::{Ground, facts};
use crate::derive::owners::RootId;

/// As many findings, and as many users, as are told; the largest first.
const MOST: usize = 200;

/// All of it.
pub struct Storage {
    /// The classes, by name, and what has none.
    pub classes: Vec<StorageClassRow>,
    /// The namespaces, then the workloads, those that ask for the most first.
    pub users: Vec<StorageUserRow>,
    /// Caches of data sets and models.
    pub caches: Vec<StorageCacheRow>,
    /// What is amiss.
    pub findings: Vec<StorageFindingRow>,
}

/// Looks at all storage of the cluster.
pub fn storage(ground: Ground<'_>) -> Storage {
    let mounts = mounts(ground);
    let claims = claims(ground);
    Storage {
        classes: classes(ground, &claims, &mounts),
        users: users(ground, &claims, &mounts),
        caches: caches(ground),
        findings: findings(ground, &claims, &mounts),
    }
}

/// Who mounts which claim: by namespace and name, the topmost owners of the pods.
type Mounts = HashMap<ObjectKey, BTreeSet<RootId>>;

fn mounts(ground: Ground<'_>) -> Mounts {
    let mut mounts = Mounts::new();
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

fn claims(ground: Ground<'_>) -> Vec<(&Plain, &VolumeClaim)> {
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

fn volumes(ground: Ground<'_>) -> Vec<(&Plain, &Volume)> {
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

fn count(sum: &mut StorageUse, key: &ObjectKey, claim: &VolumeClaim, mounts: &Mounts) {
    sum.claims += 1;
    sum.bound += u32::from(claim.is_bound());
    sum.mounted += u32::from(mounts.contains_key(key));
    sum.requested_bytes += bytes(claim.requested_bytes);
}

fn classes(
    ground: Ground<'_>,
    claims: &[(&Plain, &VolumeClaim)],
    mounts: &Mounts,
) -> Vec<StorageClassRow> {
    let kind = GroupKind::new("storage.k8s.io", "StorageClass");
    let mut rows: BTreeMap<Text, StorageClassRow> = ground
        .cluster
        .plain_of(&kind)
        .map(|plain| {
            let name = plain.metadata.key.name.clone();
            let provisioner = match &plain.kind {
                PlainKind::StorageClass { provisioner } => provisioner.as_str(),
                _ => "",
            };
            let known = ground.catalog.map().storage_of(provisioner);
            let component = ground.catalog.recognise_provisioner(provisioner);
            let row = StorageClassRow {
                name: name.to_string(),
                provisioner: provisioner.to_owned(),
                kind: known
                    .map_or("", strata_catalog::StorageKind::as_str)
                    .to_owned(),
                component: component
                    .map(|one| one.name.to_string())
                    .unwrap_or_default(),
                ..unknown("")
            };
            (name, row)
        })
        .collect();
    for (plain, claim) in claims {
        let row = rows
            .entry(claim.class.clone())
            .or_insert_with(|| unknown(&claim.class));
        count(&mut row.claimed, &plain.metadata.key, claim, mounts);
        for mode in &claim.access_modes {
            if !row.access_modes.iter().any(|known| known == mode.as_str()) {
                row.access_modes.push(mode.to_string());
            }
        }
        row.access_modes.sort();
    }
    rows.into_values().collect()
}

/// A class of which only the name is known.
fn unknown(name: &str) -> StorageClassRow {
    StorageClassRow {
        name: name.to_owned(),
        provisioner: String::new(),
        kind: String::new(),
        component: String::new(),
        claimed: StorageUse::default(),
        access_modes: Vec::new(),
    }
}

fn users(
    ground: Ground<'_>,
    claims: &[(&Plain, &VolumeClaim)],
    mounts: &Mounts,
) -> Vec<StorageUserRow> {
    let mut namespaces: BTreeMap<&Text, StorageUse> = BTreeMap::new();
    let mut workloads: BTreeMap<RootId, StorageUse> = BTreeMap::new();
    for (plain, claim) in claims {
        let key = &plain.metadata.key;
        count(
            namespaces.entry(&key.namespace).or_default(),
            key,
            claim,
            mounts,
        );
        for root in mounts.get(key).into_iter().flatten() {
            count(workloads.entry(*root).or_default(), key, claim, mounts);
        }
    }
    let mut rows: Vec<StorageUserRow> = namespaces
        .into_iter()
        .map(|(namespace, claimed)| StorageUserRow {
            namespace: namespace.to_string(),
            kind: String::new(),
            name: String::new(),
            claimed,
            subject: None,
        })
        .collect();
    rows.extend(workloads.into_iter().filter_map(|(id, claimed)| {
        let root = ground.derived.owners.root(id)?;
        let application = ground.derived.applications.of_root(id);
        Some(StorageUserRow {
            namespace: root.key.namespace.to_string(),
            kind: root.kind.kind.to_string(),
            name: root.key.name.to_string(),
            claimed,
            subject: application.map(|application| application.subject.clone()),
        })
    }));
    rows.sort_by(|left, right| {
        let asked = right
            .claimed
            .requested_bytes
            .total_cmp(&left.claimed.requested_bytes);
        (!left.kind.is_empty())
            .cmp(&!right.kind.is_empty())
            .then(asked)
    });
    rows.truncate(MOST);
    rows
}

/// The kinds that cache data or models, and the paths of how full they are and of how much there is.
const CACHES: [(&str, &str, &str, &str); 3] = [
    (
        "data.fluid.io",
        "Dataset",
        "status.cacheStates.cachedPercentage",
        "status.ufsTotal",
    ),
    (
        "serving.kserve.io",
        "LocalModelCache",
        "status.copies.available",
        "status.copies.total",
    ),
    ("apps.nvidia.com", "NIMCache", "status.state", ""),
];

fn caches(ground: Ground<'_>) -> Vec<StorageCacheRow> {
    let mut rows = Vec::new();
    for (group, word, fill, size) in CACHES {
        let kind = GroupKind::new(group, word);
        let Some(rule) = ground.catalog.kind_rule(&kind) else {
            continue;
        };
        for custom in ground.cluster.custom(&kind) {
            let said = rule.health_of(custom).map(|reading| reading.verdict);
            let of = |path: &str| custom.field(path).unwrap_or_default().to_owned();
            rows.push(StorageCacheRow {
                kind: word.to_owned(),
                namespace: custom.metadata.key.namespace.to_string(),
                name: custom.metadata.key.name.to_string(),
                severity: said.unwrap_or_default().into(),
                fill: of(fill),
                size: of(size),
                evidence: facts::of_object(&kind, &custom.metadata, fill, of(fill), None),
            });
        }
    }
    rows.sort_by(|left, right| {
        (&left.kind, &left.namespace, &left.name).cmp(&(&right.kind, &right.namespace, &right.name))
    });
    rows
}

/// Claims without a volume, claims that nobody mounts, volumes that nobody claims.
fn findings(
    ground: Ground<'_>,
    claims: &[(&Plain, &VolumeClaim)],
    mounts: &Mounts,
) -> Vec<StorageFindingRow> {
    let mut found = Vec::new();
    for (plain, claim) in claims {
        let key = &plain.metadata.key;
        let is_mounted = mounts.contains_key(key);
        let (severity, code) = match (claim.phase.as_str(), is_mounted) {
            ("Lost", _) => (RowSeverity::Critical, PhraseCode::ClaimLost),
            ("Pending", true) => (RowSeverity::Warning, PhraseCode::ClaimUnbound),
            // Such as wait for their first pod do so on purpose.
            ("Pending", false) => (RowSeverity::Notice, PhraseCode::ClaimWaits),
            ("Bound", false) => (RowSeverity::Notice, PhraseCode::ClaimUnused),
            _ => continue,
        };
        let kind = GroupKind::new("", "PersistentVolumeClaim");
        let phase = claim.phase.as_str();
        found.push(StorageFindingRow {
            severity,
            reason: Phrase::new(code),
            bytes: bytes(claim.requested_bytes.max(claim.capacity_bytes)),
            evidence: facts::of_object(&kind, &plain.metadata, "status.phase", phase, None),
        });
    }
    for (plain, volume) in volumes(ground) {
        let (severity, code) = match volume.phase.as_str() {
            "Failed" => (RowSeverity::Warning, PhraseCode::VolumeFailed),
            "Released" => (RowSeverity::Notice, PhraseCode::VolumeReleased),
            "Available" => (RowSeverity::Notice, PhraseCode::VolumeAvailable),
            _ => continue,
        };
        let kind = GroupKind::new("", "PersistentVolume");
        let phase = volume.phase.as_str();
        found.push(StorageFindingRow {
            severity,
            reason: Phrase::new(code),
            bytes: bytes(volume.capacity_bytes),
            evidence: facts::of_object(&kind, &plain.metadata, "status.phase", phase, None),
        });
    }
    found.sort_by(|left, right| {
        let larger = right.bytes.total_cmp(&left.bytes);
        right.severity.cmp(&left.severity).then(larger)
    });
    found.truncate(MOST);
    found
}
