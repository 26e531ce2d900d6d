//! Removing fields from a value by a set.

use serde_json::{Map, Value};

use super::{
    set::{FieldSet, Step},
    shape::{Shape, Unkeyed},
};

/// `value` without the fields in `set`; what becomes empty goes too.
pub(super) fn remove(shape: &Shape, value: &Value, set: &FieldSet) -> Result<Value, Unkeyed> {
    Ok(visit(shape, value, set)?.unwrap_or_else(|| Value::Object(Map::new())))
}

fn visit(shape: &Shape, value: &Value, set: &FieldSet) -> Result<Option<Value>, Unkeyed> {
    match value {
        Value::Object(fields) => {
            if fields.is_empty() || shape.is_atomic_map() {
                return Ok(None);
            }
            let mut kept = Map::new();
            for (name, value) in fields {
                let step = Step::Field(name.clone());
                if set.has(&step) {
                    continue;
                }
                let rest = match set.below(&step) {
                    // A typed value that loses all its fields is null, and so not there.
                    Some(below) => visit(&shape.field(name), value, below)?,
                    None => Some(value.clone()),
                };
                if let Some(rest) = rest {
                    kept.insert(name.clone(), rest);
                }
            }
            Ok((!kept.is_empty()).then_some(Value::Object(kept)))
        }
        Value::Array(items) => {
            if items.is_empty() || shape.is_atomic_list() {
                return Ok(None);
            }
            let mut kept = Vec::new();
            for (step, item) in shape.steps(items)?.iter().zip(items) {
                if set.has(step) {
                    continue;
                }
                match set.below(step) {
                    Some(below) => kept.extend(visit(&shape.items(), item, below)?),
                    None => kept.push(item.clone()),
                }
            }
            Ok((!kept.is_empty()).then_some(Value::Array(kept)))
        }
        scalar => Ok(Some(scalar.clone())),
    }
}
