//! Storage that is amiss: without a volume, unused, nearly full, not attached, not to be restored.

use strata_api::{
    phrases::{Phrase, PhraseCode, PhraseValue},
    rows::{Severity as RowSeverity, storage::StorageFindingRow},
};
use strata_domain::{ids::GroupKind, plain::Plain, storage::VolumeClaim};

use super::{Look, MOST, bytes, claims, snapshots::snapshots};
use crate::derive::survey::facts;

/// What is amiss, the worst first, then the largest.
pub(super) fn findings(look: &Look<'_>) -> Vec<StorageFindingRow> {
    let mut found: Vec<StorageFindingRow> = look
        .claims
        .iter()
        .filter_map(|(plain, claim)| of_claim(look, plain, claim))
        .collect();
    found.extend(
        look.claims
            .iter()
            .filter_map(|(plain, _)| full(look, plain)),
    );
    found.extend(of_volumes(look));
    found.extend(unattached(look));
    found.extend(of_snapshots(look));
    found.sort_by(|left, right| {
        let larger = right.bytes.total_cmp(&left.bytes);
        right.severity.cmp(&left.severity).then(larger)
    });
    found.truncate(MOST);
    found
}

fn of_claim(look: &Look<'_>, plain: &Plain, claim: &VolumeClaim) -> Option<StorageFindingRow> {
    let is_mounted = look.mounts.contains_key(&plain.metadata.key);
    let (severity, code) = match (claim.phase.as_str(), is_mounted) {
        ("Lost", _) => (RowSeverity::Critical, PhraseCode::ClaimLost),
        ("Pending", true) => (RowSeverity::Warning, PhraseCode::ClaimUnbound),
        // Such as wait for their first pod do so on purpose.
        ("Pending", false) => (RowSeverity::Notice, PhraseCode::ClaimWaits),
        ("Bound", false) => (RowSeverity::Notice, PhraseCode::ClaimUnused),
        _ => return None,
    };
    let kind = GroupKind::new("", "PersistentVolumeClaim");
    let phase = claim.phase.as_str();
    Some(StorageFindingRow {
        severity,
        reason: Phrase::new(code),
        bytes: bytes(claim.requested_bytes.max(claim.capacity_bytes)),
        evidence: facts::of_object(&kind, &plain.metadata, "status.phase", phase, None),
    })
}

fn full(look: &Look<'_>, plain: &Plain) -> Option<StorageFindingRow> {
    let fill = look.fill(&plain.metadata.key)?;
    let severity = claims::severity_of(fill);
    let code = match severity {
        RowSeverity::Critical => PhraseCode::VolumeFull,
        RowSeverity::Warning => PhraseCode::VolumeNearlyFull,
        _ => return None,
    };
    let reason = Phrase::new(code)
        .with("available", PhraseValue::Bytes(bytes(fill.available_bytes)))
        .with("capacity", PhraseValue::Bytes(bytes(fill.capacity_bytes)));
    Some(StorageFindingRow {
        severity,
        reason,
        bytes: bytes(fill.capacity_bytes),
        evidence: claims::of_fill(plain, fill),
    })
}

fn of_volumes(look: &Look<'_>) -> impl Iterator<Item = StorageFindingRow> {
    let kind = GroupKind::new("", "PersistentVolume");
    look.volumes.iter().filter_map(move |(plain, volume)| {
        let (severity, code) = match volume.phase.as_str() {
            "Failed" => (RowSeverity::Warning, PhraseCode::VolumeFailed),
            "Released" => (RowSeverity::Notice, PhraseCode::VolumeReleased),
            "Available" => (RowSeverity::Notice, PhraseCode::VolumeAvailable),
            _ => return None,
        };
        let phase = volume.phase.as_str();
        Some(StorageFindingRow {
            severity,
            reason: Phrase::new(code),
            bytes: bytes(volume.capacity_bytes),
            evidence: facts::of_object(&kind, &plain.metadata, "status.phase", phase, None),
        })
    })
}

/// Volumes that a node wants and does not have.
fn unattached(look: &Look<'_>) -> impl Iterator<Item = StorageFindingRow> {
    look.attachments
        .iter()
        .filter(|attachment| attachment.field("status.attached") != Some("true"))
        .map(|attachment| {
            let of = |path: &str| attachment.field(path).unwrap_or_default();
            let message = of("status.attachError.message");
            let (severity, code, field) = if message.is_empty() {
                let attaching = PhraseCode::VolumeAttaching;
                (RowSeverity::Notice, attaching, "status.attached")
            } else {
                let failed = PhraseCode::VolumeUnattached;
                (RowSeverity::Warning, failed, "status.attachError.message")
            };
            let size = look.size_of(of("spec.source.persistentVolumeName"));
            let mut reason = Phrase::new(code).with("node", of("spec.nodeName"));
            if !message.is_empty() {
                reason = reason.with("message", message);
            }
            StorageFindingRow {
                severity,
                reason,
                bytes: bytes(size),
                evidence: facts::of_object(
                    &attachment.kind,
                    &attachment.metadata,
                    field,
                    of(field),
                    None,
                ),
            }
        })
}

fn of_snapshots(look: &Look<'_>) -> impl Iterator<Item = StorageFindingRow> {
    let failed = snapshots(look)
        .into_iter()
        .filter(|snapshot| !snapshot.error.is_empty());
    failed.map(|snapshot| StorageFindingRow {
        severity: snapshot.severity,
        reason: Phrase::new(PhraseCode::SnapshotFailed).with("message", snapshot.error),
        bytes: 0.0,
        evidence: snapshot.evidence,
    })
}
