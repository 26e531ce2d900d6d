//! What never leaves the adapter: the values of Secrets, and what nobody reads.

use serde_json::{Map, Value};
use strata_ports::cluster::ServedKind;

/// `kubectl apply` leaves the whole object in it, a Secret's values too.
pub(crate) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Takes out `managedFields`, and blanks what a Secret holds: its keys stay.
pub(crate) fn object(object: &mut Value) {
    let is_secret = is_secret(object);
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    if let Some(Value::Object(metadata)) = fields.get_mut("metadata") {
        metadata.remove("managedFields");
        if is_secret && let Some(Value::Object(annotations)) = metadata.get_mut("annotations") {
            annotations.remove(LAST_APPLIED);
        }
    }
    if is_secret {
        for part in ["data", "stringData"] {
            if let Some(Value::Object(values)) = fields.get_mut(part) {
                blank(values);
            }
        }
    }
}

/// Whether the object is a Secret.
pub(crate) fn is_secret(object: &Value) -> bool {
    object.get("kind").and_then(Value::as_str) == Some("Secret")
        && object.get("apiVersion").and_then(Value::as_str) == Some("v1")
}

fn blank(values: &mut Map<String, Value>) {
    for value in values.values_mut() {
        *value = Value::Null;
    }
}

/// Gives an object of a list the kind and version that only the list names.
pub(super) fn name_kind(object: &mut Value, served: &ServedKind) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    if !fields.contains_key("kind") {
        let version = served.versions.first().map_or("v1", String::as_str);
        let group = &served.kind.group;
        let api_version = if group.is_empty() {
            version.to_owned()
        } else {
            format!("{group}/{version}")
        };
        fields.insert("apiVersion".to_owned(), Value::String(api_version));
        fields.insert(
            "kind".to_owned(),
            Value::String(served.kind.kind.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_keeps_its_keys_and_none_of_its_values() {
        let mut secret = json!({
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
            "metadata": {
                "name": "token",
                "managedFields": [{ "manager": "kubectl" }],
                "annotations": { LAST_APPLIED: "{\"data\":{\"password\":\"aHVudGVyMg==\"}}" },
            },
            "data": { "password": "aHVudGVyMg==" },
            "stringData": { "plain": "hunter2" },
        });
        object(&mut secret);
        assert_eq!(
            secret,
            json!({
                "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                "metadata": { "name": "token", "annotations": {} },
                "data": { "password": null },
                "stringData": { "plain": null },
            })
        );
    }

    #[test]
    fn a_config_map_keeps_what_it_holds() {
        let mut map =
            json!({ "apiVersion": "v1", "kind": "ConfigMap", "data": { "key": "value" } });
        let before = map.clone();
        object(&mut map);
        assert_eq!(map, before);
    }
}
