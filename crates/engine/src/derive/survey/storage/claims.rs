//! Claims, the fullest first: what they asked for, what they got, what is used of it.

use strata_api::rows::{
    Severity as RowSeverity,
    storage::{StorageClaimRow, StorageFill},
    survey::Evidence,
};
use strata_domain::{ids::GroupKind, plain::Plain, storage::VolumeClaim};

use super::{Look, MOST, bytes};
use crate::{derive::survey::facts, fleet::telemetry::Fill};

/// Less than this is left of a volume that is full, and of one that is nearly so: where the alerts of
/// kubernetes-mixin begin (`KubePersistentVolumeFillingUp`).
const FULL: f64 = 0.03;
const NEARLY_FULL: f64 = 0.15;

/// How bad it is that a volume is as full as `fill` says.
pub(super) fn severity_of(fill: &Fill) -> RowSeverity {
    match fill.available() {
        left if left < FULL => RowSeverity::Critical,
        left if left < NEARLY_FULL => RowSeverity::Warning,
        _ => RowSeverity::Ok,
    }
}

/// The claims, those that are measured first, by how full they are; then the largest.
pub(super) fn claims(look: &Look<'_>) -> Vec<StorageClaimRow> {
    let mut rows: Vec<StorageClaimRow> = look
        .claims
        .iter()
        .map(|(plain, claim)| row(look, plain, claim))
        .collect();
    rows.sort_by(|left, right| {
        let used = |row: &StorageClaimRow| {
            let fill = row.fill.as_ref();
            fill.map_or(-1.0, |fill| fill.used_bytes / fill.capacity_bytes.max(1.0))
        };
        used(right)
            .total_cmp(&used(left))
            .then(right.requested_bytes.total_cmp(&left.requested_bytes))
    });
    rows.truncate(MOST);
    rows
}

fn row(look: &Look<'_>, plain: &Plain, claim: &VolumeClaim) -> StorageClaimRow {
    let key = &plain.metadata.key;
    let fill = look.fill(key);
    let roots = look.mounts.get(key).into_iter().flatten();
    let owners = &look.ground.derived.owners;
    let mounted_by = roots
        .filter_map(|id| owners.root(*id))
        .map(|root| format!("{} {}", root.kind.kind, root.key.name));
    let mut evidence = vec![of_claim(plain, claim)];
    evidence.extend(fill.map(|fill| of_fill(plain, fill)));
    let severity = match (claim.phase.as_str(), fill) {
        ("Lost", _) => RowSeverity::Critical,
        (_, Some(fill)) => severity_of(fill),
        ("Bound", None) => RowSeverity::Ok,
        _ => RowSeverity::Notice,
    };
    StorageClaimRow {
        namespace: key.namespace.to_string(),
        name: key.name.to_string(),
        class: claim.class.to_string(),
        volume: claim.volume.to_string(),
        phase: claim.phase.to_string(),
        access_modes: claim.access_modes.iter().map(ToString::to_string).collect(),
        severity,
        requested_bytes: bytes(claim.requested_bytes),
        capacity_bytes: bytes(claim.capacity_bytes),
        fill: fill.map(|fill| StorageFill {
            capacity_bytes: bytes(fill.capacity_bytes),
            used_bytes: bytes(fill.used_bytes),
            available_bytes: bytes(fill.available_bytes),
            at: fill.at.to_string(),
            node: fill.node.to_string(),
        }),
        mounted_by: mounted_by.collect(),
        evidence,
    }
}

/// What a claim asks for.
pub(super) fn of_claim(plain: &Plain, claim: &VolumeClaim) -> Evidence {
    facts::of_object(
        &GroupKind::new("", "PersistentVolumeClaim"),
        &plain.metadata,
        "spec.resources.requests[storage]",
        format!("{} B, {}", claim.requested_bytes, claim.phase),
        None,
    )
}

/// What a kubelet measured of a claim's volume.
pub(super) fn of_fill(plain: &Plain, fill: &Fill) -> Evidence {
    let mut line = facts::of_object(
        &GroupKind::new("", "PersistentVolumeClaim"),
        &plain.metadata,
        format!("nodes/{}/proxy/stats/summary usedBytes", fill.node),
        format!("{} / {}", fill.used_bytes, fill.capacity_bytes),
        Some(fill.at),
    );
    line.subject = Some(strata_domain::subject::Subject::Node(fill.node.clone()));
    line
}
