//! Whether a configuration to apply is of its schema, in the words of structured merging.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    set::{Step, written},
    shape::Shape,
};
use crate::schema::Type;

/// What is wrong with `config`, one line for each field; empty where nothing is.
pub(super) fn problems(shape: &Shape, config: &Value) -> Vec<String> {
    let mut check = Check::default();
    check.visit(shape, config);
    check.problems
}

#[derive(Default)]
struct Check {
    path: Vec<Step>,
    problems: Vec<String>,
}

impl Check {
    fn problem(&mut self, problem: &str) {
        self.problems
            .push(format!("{}: {problem}", written(&self.path)));
    }

    fn visit(&mut self, shape: &Shape, value: &Value) {
        let Some(schema) = shape.schema() else {
            return;
        };
        match (schema.value_type(), value) {
            (_, Value::Null) => {}
            (Some(Type::Object) | None, Value::Object(_)) => {
                self.visit_fields(shape, value);
            }
            (Some(Type::Array), Value::Array(items)) => self.visit_items(shape, items),
            (Some(Type::Object), other) => {
                self.problem(&format!("expected map, got {}", go(other)));
            }
            (Some(Type::Array), other) => {
                self.problem(&format!("expected list, got {}", go(other)));
            }
            (None, _)
            | (Some(Type::String), Value::String(_))
            | (Some(Type::Boolean), Value::Bool(_))
            | (Some(Type::Integer | Type::Number), Value::Number(_)) => {}
            _ if schema.is_int_or_string() => {}
            (Some(Type::String), other) => {
                self.problem(&format!("expected string, got {}", go(other)));
            }
            (Some(Type::Boolean), other) => {
                self.problem(&format!("expected boolean, got {}", go(other)));
            }
            (Some(Type::Integer | Type::Number), other) => {
                let kind = match other {
                    Value::String(_) => "string",
                    Value::Bool(_) => "bool",
                    Value::Array(_) => "[]interface {}",
                    _ => "map[string]interface {}",
                };
                self.problem(&format!("expected numeric (int or float), got {kind}"));
            }
        }
    }

    fn visit_fields(&mut self, shape: &Shape, value: &Value) {
        let Some(schema) = shape.schema() else {
            return;
        };
        let is_open = schema.preserves_unknown_fields()
            || schema.values().is_some()
            || schema.fields().next().is_none();
        for (name, value) in value.as_object().into_iter().flatten() {
            self.path.push(Step::Field(name.clone()));
            if !is_open && !shape.names(name) {
                self.problem("field not declared in schema");
            } else {
                self.visit(&shape.field(name), value);
            }
            self.path.pop();
        }
    }

    fn visit_items(&mut self, shape: &Shape, items: &[Value]) {
        let inner = shape.items();
        if shape.is_atomic_list() {
            for (index, item) in items.iter().enumerate() {
                self.path.push(Step::Index(index));
                self.visit(&inner, item);
                self.path.pop();
            }
            return;
        }
        let steps = match shape.steps(items) {
            Ok(steps) => steps,
            Err(unkeyed) => return self.problem(&unkeyed.0),
        };
        let mut seen = BTreeSet::new();
        for (step, item) in steps.iter().zip(items) {
            if !seen.insert(step) {
                self.problem(&format!("duplicate entries for key {step}"));
            }
            self.path.push(step.clone());
            self.visit(&inner, item);
            self.path.pop();
        }
    }
}

/// A value as Go prints the one that structured merging holds.
fn go(value: &Value) -> String {
    format!("&value.valueUnstructured{{Value:{value}}}")
}
