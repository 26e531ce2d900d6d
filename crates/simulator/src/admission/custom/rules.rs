//! The rules of definitions in CEL (`x-kubernetes-validations`), in the server's words
//! (`k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel`).
//!
//! The language is that of the crate `cel`, with its libraries of strings, lists and math, and what
//! of Kubernetes' own libraries stands in [`library`]. A rule that uses others is not judged, as one
//! whose budget the real server would count is not counted.

use std::{collections::HashMap, sync::Arc};

use cel::{Context, ExecutionError, Value as Cel};
use serde_json::Value;

use super::judge::name_of;
use crate::{
    admission::{causes::Causes, written::join},
    schema::{ListType, Rule, Schema, Type},
};

mod library;

/// Judges `value` at `path`; `before` is what it was, where that can be told.
pub(super) fn judge(
    schema: &Schema,
    before: Option<&Value>,
    value: &Value,
    path: &str,
    causes: &mut Causes,
) {
    if value.is_null() || !schema.has_rules() {
        return;
    }
    for rule in schema.rules() {
        self::rule(rule, schema, before, value, path, causes);
    }
    match value {
        Value::Object(fields) => {
            let values = schema.values();
            for (name, value) in fields {
                let (inner, path) = match (schema.field(name), &values) {
                    (Some(inner), _) => (inner, join(path, name)),
                    (None, Some(inner)) => (inner.clone(), format!("{path}[{name}]")),
                    (None, None) => continue,
                };
                let before = before.and_then(|before| before.get(name));
                judge(&inner, before, value, &path, causes);
            }
        }
        Value::Array(items) => {
            let Some(inner) = schema.items() else { return };
            for (index, item) in items.iter().enumerate() {
                let before = before.and_then(|before| same_item(schema, before, item));
                judge(&inner, before, item, &format!("{path}[{index}]"), causes);
            }
        }
        _ => {}
    }
}

/// The item of `before` with the keys of `item`; only those of a map can be told apart.
fn same_item<'a>(schema: &Schema, before: &'a Value, item: &Value) -> Option<&'a Value> {
    let ListType::Map(keys) = schema.list_type() else {
        return None;
    };
    let is_same = |other: &&Value| keys.iter().all(|key| other.get(&**key) == item.get(&**key));
    before.as_array()?.iter().find(is_same)
}

fn rule(
    rule: &Rule,
    schema: &Schema,
    before: Option<&Value>,
    value: &Value,
    path: &str,
    causes: &mut Causes,
) {
    let Some(program) = rule.program(library::compile) else {
        return;
    };
    let is_transition = program.references().has_variable("oldSelf");
    if is_transition && before.is_none() && !rule.optional_old_self {
        return;
    }
    let mut context = library::context();
    context.add_variable_from_value("self", converted(Some(schema), value));
    let old = before.map(|before| converted(Some(schema), before));
    if rule.optional_old_self {
        let old = old.map_or_else(
            cel::objects::OptionalValue::none,
            cel::objects::OptionalValue::of,
        );
        context.add_variable_from_value("oldSelf", Cel::Opaque(Arc::new(old)));
    } else if let Some(old) = old {
        context.add_variable_from_value("oldSelf", old);
    }
    match program.execute(&context) {
        Ok(Cel::Bool(true)) => {}
        Ok(_) => {
            // What was wrong before may stay wrong.
            if is_transition || before != Some(value) {
                broken(rule, &context, value, path, causes);
            }
        }
        Err(error) => {
            if let Some(problem) = problem(&error) {
                let detail = format!("{problem} evaluating rule: {}", rule.told());
                let kind = schema.value_type().map_or("", name_of);
                causes.invalid(path_of(path), kind, &detail);
            }
        }
    }
}

/// Says what `rule` says of a value that breaks it.
fn broken(rule: &Rule, context: &Context<'_, '_>, value: &Value, path: &str, causes: &mut Causes) {
    let said = || match rule
        .message_program(library::compile)?
        .execute(context)
        .ok()?
    {
        Cel::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    };
    let detail = said().unwrap_or_else(|| match rule.message.trim() {
        "" => format!("failed rule: {}", rule.expression.trim()),
        message => message.to_owned(),
    });
    let place = match rule.field_path.as_str() {
        "" => path.to_owned(),
        field => join(path, field.trim_start_matches('.')),
    };
    let place = path_of(&place);
    match rule.reason.as_str() {
        "FieldValueForbidden" => causes.forbidden(place, &detail),
        "FieldValueRequired" => causes.required(place, &detail),
        "FieldValueDuplicate" => causes.duplicate(place, value.clone()),
        // Of an object or a list the value is not shown.
        _ if value.is_object() || value.is_array() => causes.invalid_unshown(place, &detail),
        _ => causes.invalid(place, value.clone(), &detail),
    }
}

/// A path as causes name it; the object itself has none.
fn path_of(path: &str) -> &str {
    if path.is_empty() { "<nil>" } else { path }
}

/// What stopped a rule, in the words of the real server's library; none where this one lacks what
/// the rule uses.
fn problem(error: &ExecutionError) -> Option<String> {
    match error {
        ExecutionError::NoSuchKey(key) => Some(format!("no such key: {key}")),
        ExecutionError::IndexOutOfBounds(Cel::Int(index)) => {
            Some(format!("index out of bounds: {index}"))
        }
        ExecutionError::DivisionByZero(_) => Some("division by zero".to_owned()),
        ExecutionError::RemainderByZero(_) => Some("modulus by zero".to_owned()),
        ExecutionError::Overflow(..) => Some("integer overflow".to_owned()),
        other => {
            tracing::debug!(%other, "a rule of a definition is not judged");
            None
        }
    }
}

/// A value as rules see it: numbers by their type, fields under names that are words of CEL.
fn converted(schema: Option<&Schema>, value: &Value) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(flag) => Cel::Bool(*flag),
        Value::Number(number) => {
            let is_whole = schema.is_none_or(|schema| schema.value_type() != Some(Type::Number));
            match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) if is_whole => Cel::Int(whole),
                (_, Some(float)) => Cel::Float(float),
                _ => Cel::Null,
            }
        }
        Value::String(text) => text_of(schema, text),
        Value::Array(items) => {
            let inner = schema.and_then(Schema::items);
            let items = items.iter().map(|item| converted(inner.as_ref(), item));
            Cel::List(Arc::new(items.collect()))
        }
        Value::Object(fields) => {
            let values = schema.and_then(Schema::values);
            let fields: HashMap<String, Cel> = fields
                .iter()
                .map(|(name, value)| {
                    let field = schema.and_then(|schema| schema.field(name));
                    let inner = field.as_ref().or(values.as_ref());
                    let word = match values {
                        Some(_) => name.clone(),
                        None => library::word(name),
                    };
                    (word, converted(inner, value))
                })
                .collect();
            Cel::Map(fields.into())
        }
    }
}

fn text_of(schema: Option<&Schema>, text: &str) -> Cel {
    let format = schema.map_or("", Schema::format);
    let special = match format {
        "date-time" | "date" | "datetime" => library::timestamp(text),
        "duration" => library::duration(text),
        _ => None,
    };
    special.unwrap_or_else(|| Cel::String(Arc::new(text.to_owned())))
}
