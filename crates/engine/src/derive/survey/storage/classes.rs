//! Storage classes and CSI drivers.

use std::collections::BTreeMap;

use strata_api::rows::{
    storage::{StorageClassRow, StorageDriverRow, StorageUse},
    survey::Evidence,
};
use strata_domain::{
    ids::GroupKind,
    plain::{Plain, PlainKind},
    text::Text,
};

use super::{Look, bytes, claims::of_claim};
use crate::derive::survey::facts;

/// As many claims as a class's row names.
const SHOWN: usize = 4;

/// The classes, by name, and what has none.
pub(super) fn classes(look: &Look<'_>) -> Vec<StorageClassRow> {
    let catalog = look.ground.catalog;
    let mut rows: BTreeMap<Text, StorageClassRow> = class_objects(look)
        .map(|(plain, provisioner)| {
            let name = plain.metadata.key.name.clone();
            let known = catalog.map().storage_of(provisioner);
            let component = catalog.recognise_provisioner(provisioner);
            let row = StorageClassRow {
                provisioner: provisioner.to_string(),
                kind: known
                    .map_or("", strata_catalog::StorageKind::as_str)
                    .to_owned(),
                component: component
                    .map(|one| one.name.to_string())
                    .unwrap_or_default(),
                evidence: vec![facts::of_object(
                    &GroupKind::new("storage.k8s.io", "StorageClass"),
                    &plain.metadata,
                    "provisioner",
                    provisioner.as_str(),
                    None,
                )],
                ..unknown(&name)
            };
            (name, row)
        })
        .collect();
    let mut named: BTreeMap<&Text, Vec<(f64, Evidence)>> = BTreeMap::new();
    for (plain, claim) in &look.claims {
        let row = rows
            .entry(claim.class.clone())
            .or_insert_with(|| unknown(&claim.class));
        look.count(&mut row.claimed, &plain.metadata.key, claim);
        for mode in &claim.access_modes {
            if !row.access_modes.iter().any(|known| known == mode.as_str()) {
                row.access_modes.push(mode.to_string());
            }
        }
        row.access_modes.sort();
        let line = (bytes(claim.requested_bytes), of_claim(plain, claim));
        named.entry(&claim.class).or_default().push(line);
    }
    for (class, mut lines) in named {
        lines.sort_by(|left, right| right.0.total_cmp(&left.0));
        if let Some(row) = rows.get_mut(class) {
            let largest = lines.into_iter().take(SHOWN);
            row.evidence.extend(largest.map(|(_, line)| line));
        }
    }
    rows.into_values().collect()
}

/// The drivers that are registered, by name.
pub(super) fn drivers(look: &Look<'_>) -> Vec<StorageDriverRow> {
    let kind = GroupKind::new("storage.k8s.io", "CSIDriver");
    let mut rows: BTreeMap<Text, StorageDriverRow> = look
        .ground
        .cluster
        .plain_of(&kind)
        .map(|plain| {
            let name = plain.metadata.key.name.clone();
            let component = look.ground.catalog.recognise_csi_driver(&name);
            let row = StorageDriverRow {
                name: name.to_string(),
                component: component
                    .map(|one| one.name.to_string())
                    .unwrap_or_default(),
                volumes: 0,
                attached: look.are_attachments_known.then_some(0),
                capacity_bytes: 0.0,
                classes: Vec::new(),
                evidence: vec![facts::of_object(
                    &kind,
                    &plain.metadata,
                    "metadata.name",
                    name.as_str(),
                    None,
                )],
            };
            (name, row)
        })
        .collect();
    for (plain, provisioner) in class_objects(look) {
        if let Some(row) = rows.get_mut(provisioner) {
            row.classes.push(plain.metadata.key.name.to_string());
            row.classes.sort();
        }
    }
    let volumes = GroupKind::new("", "PersistentVolume");
    for (plain, volume) in &look.volumes {
        let Some(row) = rows.get_mut(&volume.driver) else {
            continue;
        };
        row.volumes += 1;
        row.capacity_bytes += bytes(volume.capacity_bytes);
        let is_attached = look.is_attached(&plain.metadata.key.name);
        row.attached = row.attached.map(|count| count + u32::from(is_attached));
        if row.evidence.len() <= SHOWN {
            let driver = volume.driver.as_str();
            let field = "spec.csi.driver";
            let line = facts::of_object(&volumes, &plain.metadata, field, driver, None);
            row.evidence.push(line);
        }
    }
    rows.into_values().collect()
}

fn class_objects<'a>(look: &Look<'a>) -> impl Iterator<Item = (&'a Plain, &'a Text)> {
    let kind = GroupKind::new("storage.k8s.io", "StorageClass");
    let cluster = look.ground.cluster;
    let all: Vec<_> = cluster.plain_of(&kind).collect();
    all.into_iter().filter_map(|plain| match &plain.kind {
        PlainKind::StorageClass { provisioner } => Some((plain, provisioner)),
        _ => None,
    })
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
        evidence: Vec::new(),
    }
}
