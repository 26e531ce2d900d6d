//! Claims, volumes, storage classes, secrets.

use base64::Engine as _;

use super::{Value, json, or, or_if_empty, within};
use crate::json as read;

pub(super) fn claim(object: &mut Value) {
    let status = read::object_at(object, "status");
    or_if_empty(status, "phase", "Pending");
    within(object, "spec", claim_specification);
}

pub(super) fn claim_specification(spec: &mut Value) {
    or(read::as_object(spec), "volumeMode", "Filesystem");
}

pub(super) fn volume(object: &mut Value) {
    let status = read::object_at(object, "status");
    or_if_empty(status, "phase", "Pending");
    within(object, "spec", |spec| {
        let fields = read::as_object(spec);
        or_if_empty(fields, "persistentVolumeReclaimPolicy", "Retain");
        or(fields, "volumeMode", "Filesystem");
        within(spec, "hostPath", |path| {
            or(read::as_object(path), "type", "");
        });
    });
}

pub(super) fn class(object: &mut Value) {
    let fields = read::as_object(object);
    or(fields, "reclaimPolicy", "Delete");
    or(fields, "volumeBindingMode", "Immediate");
}

/// A secret; what is written as text becomes data.
pub(super) fn secret(object: &mut Value) {
    let fields = read::as_object(object);
    or_if_empty(fields, "type", "Opaque");
    let Some(Value::Object(texts)) = fields.remove("stringData") else {
        return;
    };
    let data = fields.entry("data").or_insert_with(|| json!({}));
    let data = read::as_object(data);
    for (name, text) in texts {
        let text = text.as_str().unwrap_or_default();
        let encoded = base64::engine::general_purpose::STANDARD.encode(text);
        data.insert(name, encoded.into());
    }
}
