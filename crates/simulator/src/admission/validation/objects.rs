//! The metadata that every object has (`k8s.io/apimachinery/pkg/api/validation`).

use serde_json::Value;

use super::names;
use crate::{
    admission::{Subject, causes::Causes},
    json,
};

/// The most bytes that all annotations of an object may have.
const ANNOTATIONS: usize = 256 << 10;
/// Finalizers that need no domain.
const FINALIZERS: [&str; 3] = ["foregroundDeletion", "kubernetes", "orphan"];

/// Judges the metadata of `object`.
pub(in crate::admission) fn metadata(
    subject: &Subject<'_>,
    before: Option<&Value>,
    object: &Value,
    causes: &mut Causes,
) {
    let name = json::text(object, "/metadata/name");
    if before.is_none() {
        let prefix = json::text(object, "/metadata/generateName");
        if !prefix.is_empty() {
            causes.each(
                "metadata.generateName",
                prefix,
                name_problems(subject, prefix.trim_end_matches('-')),
            );
        }
        if name.is_empty() {
            causes.required("metadata.name", "name or generateName is required");
        } else {
            causes.each("metadata.name", name, name_problems(subject, name));
        }
    }
    labels(
        object.pointer("/metadata/labels"),
        "metadata.labels",
        causes,
    );
    annotations(object.pointer("/metadata/annotations"), causes);
    owners(object.pointer("/metadata/ownerReferences"), causes);
    if before.is_none() {
        finalizers(object, causes);
    }
}

fn name_problems(subject: &Subject<'_>, name: &str) -> names::Problems {
    match (subject.group(), subject.kind()) {
        ("", "Namespace") => names::namespace(name),
        ("", "Service") => names::label(name),
        ("rbac.authorization.k8s.io", _) => names::path_segment(name),
        _ => names::subdomain(name),
    }
}

/// Judges labels.
pub(super) fn labels(labels: Option<&Value>, path: &str, causes: &mut Causes) {
    for (key, value) in labels.and_then(Value::as_object).into_iter().flatten() {
        causes.each(path, key, names::qualified(key));
        let value = value.as_str().unwrap_or_default();
        causes.each(path, value, names::label_value(value));
    }
}

fn annotations(annotations: Option<&Value>, causes: &mut Causes) {
    let mut bytes = 0;
    for (key, value) in annotations.and_then(Value::as_object).into_iter().flatten() {
        causes.each(
            "metadata.annotations",
            key,
            names::qualified(&key.to_lowercase()),
        );
        bytes += key.len() + value.as_str().map_or(0, str::len);
    }
    if bytes > ANNOTATIONS {
        causes.too_long("metadata.annotations", ANNOTATIONS as u64);
    }
}

fn owners(owners: Option<&Value>, causes: &mut Causes) {
    let path = "metadata.ownerReferences";
    let mut controllers = Vec::new();
    let owners = owners
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    for owner in owners {
        let api_version = json::text(owner, "/apiVersion");
        if api_version.is_empty() {
            causes.invalid(
                &format!("{path}.apiVersion"),
                "",
                "version must not be empty",
            );
        }
        for field in ["kind", "name", "uid"] {
            if json::text(owner, &format!("/{field}")).is_empty() {
                causes.invalid(&format!("{path}.{field}"), "", "must not be empty");
            }
        }
        if json::flag(owner, "/controller") {
            controllers.push(owner);
        }
    }
    if let [first, second, ..] = controllers.as_slice() {
        let name = |owner: &Value| {
            format!(
                "{}/{}",
                json::text(owner, "/kind"),
                json::text(owner, "/name")
            )
        };
        let detail = format!(
            "Only one reference can have Controller set to true. Found \"true\" in references for \
             {} and {}",
            name(first),
            name(second)
        );
        let shown: Vec<String> = owners.iter().map(shown).collect();
        causes.invalid_shown(path, &format!("[{}]", shown.join(",")), &detail);
    }
}

/// An owner reference with its fields in the order of the server's type.
fn shown(owner: &Value) -> String {
    let fields = [
        "apiVersion",
        "kind",
        "name",
        "uid",
        "controller",
        "blockOwnerDeletion",
    ];
    let said: Vec<String> = fields
        .iter()
        .filter_map(|field| Some(format!("\"{field}\":{}", owner.get(field)?)))
        .collect();
    format!("{{{}}}", said.join(","))
}

fn finalizers(object: &Value, causes: &mut Causes) {
    let path = "metadata.finalizers";
    let all: Vec<&str> = json::items(object, "/metadata/finalizers")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for name in &all {
        causes.each(path, name, names::qualified(name));
    }
    for (index, name) in all.iter().enumerate() {
        if !name.contains('/') && !FINALIZERS.contains(name) {
            causes.invalid(
                &format!("{path}[{index}]"),
                *name,
                "name is neither a standard finalizer name nor is it fully qualified",
            );
        }
    }
}
