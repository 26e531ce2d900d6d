//! Manifests that somebody wrote: read as YAML, each document an object that can be found again.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    fault::{Fault, ManifestFault},
    located,
};

/// The most bytes of a text of manifests; an object of the API has at most 1.5 MiB.
const LONGEST: usize = 1 << 20;
/// The most objects.
const OBJECTS: usize = 100;

/// Reads the documents of `text`.
pub(super) fn read(text: &str) -> Result<Vec<Value>, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::TooLong(LONGEST));
    }
    let documents = located::documents(text)
        .map_err(|flaw| Fault::NotAManifest(flaw.line, ManifestFault::Unreadable(flaw.message)))?;
    if documents.is_empty() {
        return Err(Fault::NotAManifest(1, ManifestFault::Missing));
    }
    if documents.len() > OBJECTS {
        return Err(Fault::NotAManifest(1, ManifestFault::TooMany(OBJECTS)));
    }
    let mut known = BTreeSet::new();
    for (line, document) in &documents {
        let object = check(document).map_err(|fault| Fault::NotAManifest(*line, fault))?;
        if !known.insert(object.clone()) {
            return Err(Fault::NotAManifest(*line, ManifestFault::Repeated(object)));
        }
    }
    Ok(documents
        .into_iter()
        .map(|(_, document)| document)
        .collect())
}

/// What the object is called, with its kind and namespace.
fn check(document: &Value) -> Result<String, ManifestFault> {
    if !document.is_object() {
        return Err(ManifestFault::NotAMapping);
    }
    let version = field(document, "/apiVersion", "apiVersion")?;
    let kind = field(document, "/kind", "kind")?;
    if kind.ends_with("List") && document.get("items").is_some() {
        return Err(ManifestFault::List);
    }
    if kind == "Secret" && version == "v1" {
        return Err(ManifestFault::Secret);
    }
    if document
        .get("metadata")
        .is_some_and(|metadata| !metadata.is_object())
    {
        return Err(ManifestFault::FieldMissing("metadata.name"));
    }
    if document.pointer("/metadata/generateName").is_some() {
        return Err(ManifestFault::GeneratedName);
    }
    let name = field(document, "/metadata/name", "metadata.name")?;
    let namespace = match document.pointer("/metadata/namespace") {
        None | Some(Value::Null) => "",
        Some(Value::String(namespace)) => namespace,
        Some(_) => return Err(ManifestFault::FieldNotText("metadata.namespace")),
    };
    let group = version.split_once('/').map_or("", |(group, _)| group);
    Ok(format!("{kind} {namespace}/{name} {group}")
        .trim_end()
        .to_owned())
}

fn field<'a>(
    document: &'a Value,
    pointer: &str,
    name: &'static str,
) -> Result<&'a str, ManifestFault> {
    match document.pointer(pointer) {
        None | Some(Value::Null) => Err(ManifestFault::FieldMissing(name)),
        Some(Value::String(text)) if text.is_empty() => Err(ManifestFault::FieldMissing(name)),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(ManifestFault::FieldNotText(name)),
    }
}
