//! Judging a value by a structural schema, in the words of the server
//! (`k8s.io/kube-openapi/pkg/validation/validate`).

use std::collections::HashSet;

use regex::Regex;
use serde_json::{Number, Value, json};

use super::rules;
use crate::{
    admission::{causes::Causes, written::join},
    schema::{ListType, Schema, Type},
    server::failure::Cause,
};

/// Said beside other causes where a schema has rules that were not looked at.
const UNCHECKED: &str = "some validation rules were not checked because the object was invalid; \
                         correct the existing errors to complete validation";
/// Causes after which a server does not look at rules.
const BLOCKING: [&str; 5] = [
    "FieldValueNotSupported",
    "FieldValueRequired",
    "FieldValueTooLong",
    "FieldValueTooMany",
    "FieldValueTypeInvalid",
];

/// Judges `object`, which was `before`; where `subresource` is written, that part of it alone.
pub(in crate::admission) fn validate(
    schema: &Schema,
    before: Option<&Value>,
    object: &Value,
    subresource: Option<&str>,
    causes: &mut Causes,
) {
    if let Some("status") = subresource {
        if let (Some(schema), Some(status)) = (schema.field("status"), object.get("status")) {
            judge(&schema, status, "status", causes);
            lists(&schema, status, "status", causes);
        }
    } else {
        judge(schema, object, "", causes);
        lists(schema, object, "", causes);
    }
    let is_blocked = causes
        .all
        .iter()
        .any(|cause| BLOCKING.contains(&cause.reason()));
    if !schema.has_rules() {
        return;
    }
    if is_blocked {
        causes.invalid("<nil>", Value::Null, UNCHECKED);
    } else {
        rules::judge(schema, before, object, "", causes);
    }
}

fn judge(schema: &Schema, value: &Value, path: &str, causes: &mut Causes) {
    if value.is_null() {
        return;
    }
    let fits = fits(schema, value);
    if !fits {
        let found = type_of(value);
        let expected = if schema.is_int_or_string() {
            "integer,string"
        } else {
            schema.value_type().map_or("", name_of)
        };
        let detail = format!("{path} in body must be of type {expected}: \"{found}\"");
        causes.type_invalid(path, found, &detail);
        if expected == "integer" && found == "number" {
            let detail =
                format!("Checked value must be of type integer (default format) in {path}");
            causes.invalid("<nil>", "", &detail);
        }
    }
    if fits {
        match value {
            Value::String(text) => judge_text(schema, text, path, causes),
            Value::Number(number) => judge_number(schema, number, path, causes),
            Value::Array(items) => judge_items(schema, items, path, causes),
            Value::Object(_) => judge_fields(schema, value, path, causes),
            _ => {}
        }
        let allowed = schema.allowed();
        if !allowed.is_empty() && !allowed.contains(value) {
            let supported: Vec<String> = allowed
                .iter()
                .map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned))
                .collect();
            let supported: Vec<&str> = supported.iter().map(String::as_str).collect();
            causes.unsupported(path, value.clone(), &supported);
        }
    }
    judge_alternatives(schema, value, path, causes);
}

fn fits(schema: &Schema, value: &Value) -> bool {
    if schema.is_int_or_string() {
        return value.is_string() || value.as_i64().is_some() || value.as_u64().is_some();
    }
    match schema.value_type() {
        None => true,
        Some(Type::Array) => value.is_array(),
        Some(Type::Boolean) => value.is_boolean(),
        Some(Type::Integer) => is_whole(value),
        Some(Type::Number) => value.is_number(),
        Some(Type::Object) => value.is_object(),
        Some(Type::String) => value.is_string(),
    }
}

fn is_whole(value: &Value) -> bool {
    value.as_number().is_some_and(|number| {
        number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|n| n.fract() == 0.0)
    })
}

pub(super) fn name_of(kind: Type) -> &'static str {
    match kind {
        Type::Array => "array",
        Type::Boolean => "boolean",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Object => "object",
        Type::String => "string",
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Says the first thing that is wrong with a text.
fn judge_text(schema: &Schema, text: &str, path: &str, causes: &mut Causes) {
    let limits = schema.limits();
    let length = text.chars().count() as u64;
    if let Some(most) = limits.max_length.filter(|most| length > *most) {
        causes.too_long(path, most);
    } else if let Some(least) = limits.min_length.filter(|least| length < *least) {
        let detail = format!("{path} in body should be at least {least} chars long");
        causes.invalid(path, text, &detail);
    } else if let Some(pattern) = limits.pattern
        && Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text))
    {
        causes.invalid(
            path,
            text,
            &format!("{path} in body should match '{pattern}'"),
        );
    }
    let is_wrong = match schema.format() {
        "date-time" => text.parse::<jiff::Timestamp>().is_err(),
        "date" => text.parse::<jiff::civil::Date>().is_err(),
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_err(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_err(),
        _ => false,
    };
    if is_wrong {
        let detail = format!(
            "{path} in body must be of type {}: {text:?}",
            schema.format()
        );
        causes.type_invalid(path, text, &detail);
    }
}

fn judge_number(schema: &Schema, number: &Number, path: &str, causes: &mut Causes) {
    let limits = schema.limits();
    let value = number.as_f64().unwrap_or_default();
    let parsed = |limit: Option<&Number>| limit.and_then(Number::as_f64);
    let mut refuse = |detail: &str| {
        causes.invalid(
            path,
            Value::Number(number.clone()),
            &format!("{path} in body {detail}"),
        );
    };
    if let (Some(step), Some(shown)) = (parsed(limits.multiple_of), limits.multiple_of)
        && (value / step).fract() != 0.0
    {
        refuse(&format!("should be a multiple of {shown}"));
    }
    if let (Some(most), Some(shown)) = (parsed(limits.maximum), limits.maximum) {
        if limits.exclusive_maximum && value >= most {
            refuse(&format!("should be less than {shown}"));
        } else if value > most {
            refuse(&format!("should be less than or equal to {shown}"));
        }
    }
    if let (Some(least), Some(shown)) = (parsed(limits.minimum), limits.minimum) {
        if limits.exclusive_minimum && value <= least {
            refuse(&format!("should be greater than {shown}"));
        } else if value < least {
            refuse(&format!("should be greater than or equal to {shown}"));
        }
    }
}

fn judge_items(schema: &Schema, items: &[Value], path: &str, causes: &mut Causes) {
    let limits = schema.limits();
    if let Some(inner) = schema.items() {
        for (index, item) in items.iter().enumerate() {
            judge(&inner, item, &format!("{path}[{index}]"), causes);
        }
    }
    let count = items.len() as u64;
    if let Some(least) = limits.min_items.filter(|least| count < *least) {
        let detail = format!("{path} in body should have at least {least} items");
        causes.invalid(path, count, &detail);
    }
    if let Some(most) = limits.max_items.filter(|most| count > *most) {
        causes.too_many(path, items.len(), most);
    }
}

fn judge_fields(schema: &Schema, value: &Value, path: &str, causes: &mut Causes) {
    let Some(fields) = value.as_object() else {
        return;
    };
    let limits = schema.limits();
    let count = fields.len() as u64;
    if let Some(least) = limits.min_properties.filter(|least| count < *least) {
        let detail = format!("{path} in body should have at least {least} properties");
        causes.invalid(path, count, &detail);
    }
    if let Some(most) = limits.max_properties.filter(|most| count > *most) {
        causes.too_many(path, fields.len(), most);
    }
    let values = schema.values();
    for (name, value) in fields {
        // The metadata is judged as that of every object.
        if path.is_empty() && name == "metadata" {
            continue;
        }
        if let Some(inner) = schema.field(name).or_else(|| values.clone()) {
            judge(&inner, value, &join(path, name), causes);
        }
    }
    for name in schema.required() {
        if !fields.contains_key(&**name) {
            causes.required(&join(path, name), "");
        }
    }
}

fn judge_alternatives(schema: &Schema, value: &Value, path: &str, causes: &mut Causes) {
    let judged = |alternatives: Vec<Schema>| -> Vec<Causes> {
        alternatives
            .iter()
            .map(|alternative| {
                let mut causes = Causes::default();
                judge(alternative, value, path, &mut causes);
                causes
            })
            .collect()
    };
    let valid = |all: &[Causes]| all.iter().filter(|causes| causes.all.is_empty()).count();
    let any = judged(schema.any_of());
    if !any.is_empty() && valid(&any) == 0 {
        let detail = format!("\"{path}\" must validate at least one schema (anyOf)");
        causes.all.push(whole(&detail));
        causes
            .all
            .extend(any.into_iter().take(1).flat_map(|causes| causes.all));
    }
    let one = judged(schema.one_of());
    match valid(&one) {
        _ if one.is_empty() => {}
        1 => {}
        0 => {
            let detail = format!(
                "\"{path}\" must validate one and only one schema (oneOf). Found none valid"
            );
            causes.all.push(whole(&detail));
            causes
                .all
                .extend(one.into_iter().take(1).flat_map(|causes| causes.all));
        }
        count => {
            let detail = format!(
                "\"{path}\" must validate one and only one schema (oneOf). Found {count} valid \
                 alternatives"
            );
            causes.all.push(whole(&detail));
        }
    }
    let all = judged(schema.all_of());
    if valid(&all) < all.len() {
        let detail = format!("\"{path}\" must validate all the schemas (allOf)");
        causes.all.push(whole(&detail));
        causes
            .all
            .extend(all.into_iter().flat_map(|causes| causes.all));
    }
    if let Some(not) = schema.not() {
        let mut inner = Causes::default();
        judge(&not, value, path, &mut inner);
        if inner.all.is_empty() {
            let detail = format!("\"{path}\" must not validate the schema (not)");
            causes.all.push(whole(&detail));
        }
    }
}

/// A cause that is about a value as a whole.
fn whole(detail: &str) -> Cause {
    Cause::invalid("<nil>", "\"\"", detail)
}

/// Items that have to differ and do not.
fn lists(schema: &Schema, value: &Value, path: &str, causes: &mut Causes) {
    match value {
        Value::Array(items) => {
            let mut seen = HashSet::new();
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}[{index}]");
                let identity = match schema.list_type() {
                    ListType::Atomic => None,
                    ListType::Set => Some(item.clone()),
                    ListType::Map(keys) => Some(
                        keys.iter()
                            .filter_map(|key| Some((key.to_string(), item.get(&**key)?.clone())))
                            .collect::<serde_json::Map<_, _>>()
                            .into(),
                    ),
                };
                if let Some(identity) = identity
                    && identity != json!({})
                    && !seen.insert(identity.to_string())
                {
                    causes.duplicate(&path, identity);
                }
                if let Some(inner) = schema.items() {
                    lists(&inner, item, &path, causes);
                }
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                if let Some(inner) = schema.field(name).or_else(|| schema.values()) {
                    lists(&inner, value, &join(path, name), causes);
                }
            }
        }
        _ => {}
    }
}
