//! Objects of custom kinds: pruned, filled in and judged by the schema of their definition
//! (`k8s.io/apiextensions-apiserver/pkg/apiserver/schema`). [`judge`] is the schema's, [`rules`] what it says in CEL.

use serde_json::Value;

use super::{decode::Reading, written::join};
use crate::schema::Schema;

mod judge;
mod rules;

pub(super) use self::judge::validate;

/// Removes what the schema does not know from `object`, fills in its defaults, and says which
/// fields were removed.
pub(super) fn decode(schema: &Schema, object: &mut Value) -> Result<Vec<String>, String> {
    let mut unknown = Vec::new();
    if let (Some(metadata), Some(inner)) = (object.get_mut("metadata"), schema.field("metadata")) {
        unknown = Reading::read_metadata(&inner, metadata)?.unknown;
    }
    prune(schema, object, "", &mut unknown);
    fill(schema, object);
    Ok(unknown)
}

fn prune(schema: &Schema, value: &mut Value, path: &str, unknown: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let values = schema.values();
            let keeps =
                schema.preserves_unknown_fields() || values.is_some() || schema.allows_any();
            let names: Vec<String> = fields.keys().cloned().collect();
            for name in names {
                let of_every_object = ["apiVersion", "kind", "metadata"].contains(&name.as_str());
                if of_every_object && (path.is_empty() || schema.is_embedded_resource()) {
                    continue;
                }
                let inner = schema.field(&name).or_else(|| values.clone());
                let path = join(path, &name);
                match (inner, fields.get_mut(&name)) {
                    (Some(inner), Some(value)) => prune(&inner, value, &path, unknown),
                    (None, Some(_)) if !keeps => {
                        fields.remove(&name);
                        unknown.push(path);
                    }
                    _ => {}
                }
            }
        }
        Value::Array(items) => {
            if let Some(inner) = schema.items() {
                for (index, item) in items.iter_mut().enumerate() {
                    prune(&inner, item, &format!("{path}[{index}]"), unknown);
                }
            }
        }
        _ => {}
    }
}

/// Fills in defaults; a null that the schema does not allow counts as absent.
fn fill(schema: &Schema, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in schema.fields() {
                let is_absent = match fields.get(name) {
                    None => true,
                    Some(Value::Null) => !inner.is_nullable(),
                    Some(_) => false,
                };
                if is_absent {
                    match inner.default() {
                        Some(default) => fields.insert(name.to_owned(), default.clone()),
                        None => fields.remove(name),
                    };
                }
                if let Some(value) = fields.get_mut(name) {
                    fill(&inner, value);
                }
            }
            if let Some(inner) = schema.values() {
                fields.values_mut().for_each(|value| fill(&inner, value));
            }
        }
        Value::Array(items) => {
            if let Some(inner) = schema.items() {
                for item in items {
                    fill(&inner, item);
                }
            }
        }
        _ => {}
    }
}
