//! Volumes and what provides them.

use serde_json::Value;

use super::cells::{NONE, Row, UNSET, join, join_texts};
use crate::json;

pub(super) fn persistent_volume(row: Row<'_>) -> Vec<Value> {
    let claim = if row.has("/spec/claimRef") {
        let part = |field: &str| row.text(&format!("/spec/claimRef/{field}"));
        format!("{}/{}", part("namespace"), part("name"))
    } else {
        String::new()
    };
    vec![
        row.name(),
        row.text_or("/spec/capacity/storage", "0"),
        access_modes(row.items("/spec/accessModes")).into(),
        row.text_cell("/spec/persistentVolumeReclaimPolicy"),
        phase(row),
        claim.into(),
        class(row),
        row.text_or("/spec/volumeAttributesClassName", UNSET),
        row.text_cell("/status/reason"),
        row.age(),
        row.text_or("/spec/volumeMode", UNSET),
    ]
}

pub(super) fn persistent_volume_claim(row: Row<'_>) -> Vec<Value> {
    let is_bound = !row.text("/spec/volumeName").is_empty();
    let (capacity, modes) = if is_bound {
        (
            row.text_or("/status/capacity/storage", "0"),
            access_modes(row.items("/status/accessModes")),
        )
    } else {
        ("".into(), String::new())
    };
    vec![
        row.name(),
        phase(row),
        row.text_cell("/spec/volumeName"),
        capacity,
        modes.into(),
        class(row),
        row.text_or("/spec/volumeAttributesClassName", UNSET),
        row.age(),
        row.text_or("/spec/volumeMode", UNSET),
    ]
}

fn phase(row: Row<'_>) -> Value {
    if row.has("/metadata/deletionTimestamp") {
        "Terminating".into()
    } else {
        row.text_cell("/status/phase")
    }
}

/// The storage class; an annotation came before the field, and still wins.
fn class(row: Row<'_>) -> Value {
    match row.text("/metadata/annotations/volume.beta.kubernetes.io~1storage-class") {
        "" => row.text_cell("/spec/storageClassName"),
        class => class.into(),
    }
}

fn access_modes(modes: &[Value]) -> String {
    let known = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let short: Vec<&str> = known
        .iter()
        .filter(|(mode, _)| modes.iter().any(|known| known == mode))
        .map(|(_, short)| *short)
        .collect();
    short.join(",")
}

pub(super) fn storage_class(row: Row<'_>) -> Vec<Value> {
    let is_default = ["", "beta."].iter().any(|stage| {
        let annotation =
            format!("/metadata/annotations/storageclass.{stage}kubernetes.io~1is-default-class");
        row.text(&annotation) == "true"
    });
    let mut name = row.text("/metadata/name").to_owned();
    if is_default {
        name.push_str(" (default)");
    }
    vec![
        name.into(),
        row.text_cell("/provisioner"),
        row.text_or("/reclaimPolicy", "Delete"),
        row.text_or("/volumeBindingMode", "Immediate"),
        json::flag(row.object, "/allowVolumeExpansion").into(),
        row.age(),
    ]
}

pub(super) fn volume_attachment(row: Row<'_>) -> Vec<Value> {
    vec![
        row.name(),
        row.text_cell("/spec/attacher"),
        row.text_cell("/spec/source/persistentVolumeName"),
        row.text_cell("/spec/nodeName"),
        json::flag(row.object, "/status/attached").into(),
        row.age(),
    ]
}

pub(super) fn volume_attributes_class(row: Row<'_>) -> Vec<Value> {
    vec![row.name(), row.text_cell("/driverName"), row.age()]
}

pub(super) fn csi_node(row: Row<'_>) -> Vec<Value> {
    let drivers = row.items("/spec/drivers").len();
    vec![row.name(), drivers.into(), row.age()]
}

pub(super) fn csi_driver(row: Row<'_>) -> Vec<Value> {
    let flag = |field: &str, otherwise: bool| -> Value {
        row.object
            .pointer(&format!("/spec/{field}"))
            .and_then(Value::as_bool)
            .unwrap_or(otherwise)
            .into()
    };
    let audiences = if row.has("/spec/tokenRequests") {
        join(row.items("/spec/tokenRequests"), "/audience", ",")
    } else {
        UNSET.to_owned()
    };
    let modes = match row.items("/spec/volumeLifecycleModes") {
        [] => NONE.to_owned(),
        modes => join_texts(modes, ","),
    };
    vec![
        row.name(),
        flag("attachRequired", true),
        flag("podInfoOnMount", false),
        flag("storageCapacity", false),
        audiences.into(),
        flag("requiresRepublish", false),
        modes.into(),
        row.age(),
    ]
}
