//! Custom resource definitions: their defaults, their rules, and the status that they get.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{causes::Causes, validation::names};
use crate::{clock, json};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Fills in the names that follow from others.
pub(super) fn default(definition: &mut Value) {
    let kind = json::text(definition, "/spec/names/kind").to_owned();
    let spec = json::object_at(definition, "spec");
    spec.entry("conversion")
        .or_insert_with(|| json!({ "strategy": "None" }));
    if kind.is_empty() {
        return;
    }
    if let Some(Value::Object(names)) = spec.get_mut("names") {
        for (field, name) in [
            ("singular", kind.to_lowercase()),
            ("listKind", format!("{kind}List")),
        ] {
            if names
                .get(field)
                .and_then(Value::as_str)
                .is_none_or(str::is_empty)
            {
                names.insert(field.to_owned(), name.into());
            }
        }
    }
}

/// The status of a definition whose names are free: it is served at once.
pub(super) fn first_status(definition: &Value, now: Timestamp) -> Value {
    let stored: Vec<&str> = json::items(definition, "/spec/versions")
        .iter()
        .filter(|version| json::flag(version, "/storage"))
        .map(|version| json::text(version, "/name"))
        .collect();
    let stamp = clock::stamp(now);
    let condition = |kind: &str, reason: &str, message: &str| {
        json!({ "type": kind, "status": "True", "lastTransitionTime": stamp, "reason": reason,
            "message": message })
    };
    json!({
        "acceptedNames": definition.pointer("/spec/names").cloned().unwrap_or_default(),
        "conditions": [
            condition("NamesAccepted", "NoConflicts", "no conflicts found"),
            condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ],
        "storedVersions": stored,
    })
}

/// Judges a definition.
pub(super) fn validate(definition: &Value, causes: &mut Causes) {
    let group = json::text(definition, "/spec/group");
    let plural = json::text(definition, "/spec/names/plural");
    let name = json::text(definition, "/metadata/name");
    if name != format!("{plural}.{group}") || plural.is_empty() || group.is_empty() {
        causes.invalid(
            "metadata.name",
            name,
            "must be spec.names.plural+\".\"+spec.group",
        );
    }
    if group.is_empty() {
        causes.required("spec.group", "");
    } else {
        causes.each("spec.group", group, names::subdomain(group));
        if !group.contains('.') {
            causes.invalid(
                "spec.group",
                group,
                "should be a domain with at least one dot",
            );
        }
    }
    match json::text(definition, "/spec/scope") {
        "" => causes.required("spec.scope", ""),
        scope => causes.one_of("spec.scope", scope, &["Cluster", "Namespaced"]),
    }
    for (index, version) in json::items(definition, "/spec/versions").iter().enumerate() {
        validate_version(version, &format!("spec.versions[{index}]"), causes);
    }
    let versions = json::items(definition, "/spec/versions");
    let storing = versions
        .iter()
        .filter(|version| json::flag(version, "/storage"))
        .count();
    if storing != 1 {
        let detail = "must have exactly one version marked as storage version";
        let versions = definition
            .pointer("/spec/versions")
            .cloned()
            .unwrap_or_default();
        causes.invalid("spec.versions", versions, detail);
    }
    for field in ["plural", "singular", "kind", "listKind"] {
        let path = format!("spec.names.{field}");
        match json::text(definition, &format!("/spec/names/{field}")) {
            "" => causes.required(&path, ""),
            name => causes.each(&path, name, names::label_1035(&name.to_lowercase())),
        }
    }
    if storing == 0 {
        let detail = "must have at least one stored version";
        causes.invalid("status.storedVersions", Value::Null, detail);
    }
}

fn validate_version(version: &Value, path: &str, causes: &mut Causes) {
    let name = json::text(version, "/name");
    if name.is_empty() {
        causes.required(&format!("{path}.name"), "");
    } else {
        causes.each(&format!("{path}.name"), name, names::label_1035(name));
    }
    let path = format!("{path}.schema.openAPIV3Schema");
    let Some(schema) = version.pointer("/schema/openAPIV3Schema") else {
        causes.required(&path, "");
        return;
    };
    require_types(schema, &path, true, causes);
}

/// A structural schema says the type of everything.
fn require_types(schema: &Value, path: &str, is_root: bool, causes: &mut Causes) {
    let kind = json::text(schema, "/type");
    let is_free = json::flag(schema, "/x-kubernetes-preserve-unknown-fields")
        || json::flag(schema, "/x-kubernetes-int-or-string");
    if let Some(Value::Object(properties)) = schema.get("properties") {
        for (name, inner) in properties {
            require_types(inner, &format!("{path}.properties[{name}]"), false, causes);
        }
    }
    if let Some(inner) = schema
        .get("additionalProperties")
        .filter(|inner| inner.is_object())
    {
        require_types(
            inner,
            &format!("{path}.additionalProperties"),
            false,
            causes,
        );
    }
    if let Some(inner) = schema.get("items") {
        require_types(inner, &format!("{path}.items"), false, causes);
    }
    let path = format!("{path}.type");
    match kind {
        "" if is_root => causes.required(&path, "must not be empty at the root"),
        "" if !is_free => causes.required(&path, "must not be empty for specified object fields"),
        "" | "object" => {}
        _ if is_root => causes.invalid(&path, kind, "must be object at the root"),
        _ => causes.one_of(&path, kind, &TYPES),
    }
}
