//! Small words for building and reading JSON.

use serde_json::{Map, Value};

/// The object at `field` of `value`, made where there is none.
pub(crate) fn object_at<'a>(value: &'a mut Value, field: &str) -> &'a mut Map<String, Value> {
    let slot = as_object(value)
        .entry(field)
        .or_insert_with(|| Value::Object(Map::new()));
    as_object(slot)
}

/// `value` as an object; what is none becomes an empty one.
pub(crate) fn as_object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(fields) => fields,
        _ => unreachable!("made an object above"),
    }
}

/// The text at `pointer`; empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The count at `pointer`; 0 where there is none.
pub(crate) fn count(value: &Value, pointer: &str) -> u64 {
    value.pointer(pointer).and_then(Value::as_u64).unwrap_or(0)
}

/// The count at `pointer`; `default` where there is none.
pub(crate) fn count_or(value: &Value, pointer: &str, default: u64) -> u64 {
    value
        .pointer(pointer)
        .and_then(Value::as_u64)
        .unwrap_or(default)
}

/// Whether the flag at `pointer` is there and true.
pub(crate) fn flag(value: &Value, pointer: &str) -> bool {
    value
        .pointer(pointer)
        .and_then(Value::as_bool)
        .unwrap_or(false)
}

/// The items at `pointer`; none where there is no list.
pub(crate) fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The name that Go's decoder has for the type of a value.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Sets the annotation `name` of an object.
pub(crate) fn annotate(object: &mut Value, name: &str, value: &str) {
    let metadata = object_at(object, "metadata");
    let annotations = metadata
        .entry("annotations")
        .or_insert_with(|| Value::Object(Map::new()));
    as_object(annotations).insert(name.to_owned(), value.into());
}

/// Applies a JSON merge patch (RFC 7386).
pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    let fields = as_object(target);
    for (name, change) in changes {
        if change.is_null() {
            fields.remove(name);
        } else {
            merge(fields.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_merge_patch_sets_changes_and_removes() {
        let mut target = json!({ "a": { "b": 1, "c": 2 }, "d": [1] });
        merge(
            &mut target,
            &json!({ "a": { "b": null, "e": 3 }, "d": [2, 3] }),
        );
        assert_eq!(target, json!({ "a": { "c": 2, "e": 3 }, "d": [2, 3] }));
    }
}
