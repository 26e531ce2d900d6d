//! The set of all fields of a value.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    set::{FieldSet, Step},
    shape::{Shape, Unkeyed},
};

/// Every field that `value` sets.
pub(super) fn extract(shape: &Shape, value: &Value) -> Result<FieldSet, Unkeyed> {
    let mut set = FieldSet::default();
    visit(shape, value, &mut Vec::new(), &mut set)?;
    Ok(set)
}

fn visit(
    shape: &Shape,
    value: &Value,
    path: &mut Vec<Step>,
    set: &mut FieldSet,
) -> Result<(), Unkeyed> {
    match value {
        Value::Object(_) if shape.is_atomic_map() => set.insert(path),
        Value::Array(_) if shape.is_atomic_list() => set.insert(path),
        Value::Object(fields) => {
            for (name, value) in fields {
                path.push(Step::Field(name.clone()));
                visit(&shape.field(name), value, path, set)?;
                let is_empty =
                    value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
                if is_empty || !shape.names(name) {
                    set.insert(path);
                }
                path.pop();
            }
        }
        Value::Array(items) => {
            let steps = shape.steps(items)?;
            let mut seen = BTreeSet::new();
            let repeated: BTreeSet<&Step> =
                steps.iter().filter(|step| !seen.insert(*step)).collect();
            for (step, item) in steps.iter().zip(items) {
                path.push(step.clone());
                // Items that cannot be told apart are owned as one, without their fields.
                if !repeated.contains(step) {
                    visit(&shape.items(), item, path, set)?;
                }
                set.insert(path);
                path.pop();
            }
        }
        _ => set.insert(path),
    }
    Ok(())
}
