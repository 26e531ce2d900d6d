//! Snapshots of volumes (`snapshot.storage.k8s.io`).

use strata_api::rows::{Severity as RowSeverity, storage::StorageSnapshotRow};
use strata_domain::ids::GroupKind;

use super::{Look, MOST};
use crate::derive::survey::facts;

/// The snapshots, what went wrong first, then the newest.
pub(super) fn snapshots(look: &Look<'_>) -> Vec<StorageSnapshotRow> {
    let kind = GroupKind::new("snapshot.storage.k8s.io", "VolumeSnapshot");
    let mut rows: Vec<StorageSnapshotRow> = look
        .ground
        .cluster
        .custom(&kind)
        .map(|snapshot| {
            let of = |path: &str| snapshot.field(path).unwrap_or_default().to_owned();
            let ready = snapshot.field("status.readyToUse");
            let error = of("status.error.message");
            StorageSnapshotRow {
                namespace: snapshot.metadata.key.namespace.to_string(),
                name: snapshot.metadata.key.name.to_string(),
                claim: of("spec.source.persistentVolumeClaimName"),
                class: of("spec.volumeSnapshotClassName"),
                is_ready: ready.map(|ready| ready == "true"),
                size: of("status.restoreSize"),
                severity: match (error.is_empty(), ready) {
                    (false, _) => RowSeverity::Warning,
                    (true, Some("true")) => RowSeverity::Ok,
                    (true, Some(_)) => RowSeverity::Notice,
                    (true, None) => RowSeverity::Unknown,
                },
                evidence: if error.is_empty() {
                    let value = ready.unwrap_or_default();
                    let metadata = &snapshot.metadata;
                    facts::of_object(&kind, metadata, "status.readyToUse", value, None)
                } else {
                    let field = "status.error.message";
                    facts::of_object(&kind, &snapshot.metadata, field, error.as_str(), None)
                },
                error,
            }
        })
        .collect();
    rows.sort_by(|left, right| {
        let newest = right.evidence.since.cmp(&left.evidence.since);
        right.severity.cmp(&left.severity).then(newest)
    });
    rows.truncate(MOST);
    rows
}
