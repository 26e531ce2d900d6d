//! Reading an object of a built-in kind as the server's own types would: the types of its fields,
//! fields that are unknown, and the one form in which the server writes it again.

use base64::Engine as _;
use serde_json::{Map, Number, Value};

use super::{
    quantity::{self, Quantity},
    written::join,
};
use crate::{
    clock, json,
    schema::{Schema, Type},
};

/// Fields whose zero is the same as their absence: numbers and flags that the server's types hold
/// by value and leave out when they are zero (`omitempty` in `k8s.io/api`).
const ZERO_IS_ABSENT: [&str; 27] = [
    "active",
    "availableReplicas",
    "count",
    "failed",
    "fullyLabeledReplicas",
    "globalDefault",
    "healthCheckNodePort",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPort",
    "initialDelaySeconds",
    "minReadySeconds",
    "nodePort",
    "numberAvailable",
    "numberUnavailable",
    "observedGeneration",
    "paused",
    "publishNotReadyAddresses",
    "readOnly",
    "readyReplicas",
    "stdin",
    "stdinOnce",
    "tty",
    "unavailableReplicas",
    "unschedulable",
    "updatedReplicas",
];

/// Texts that may be empty and still be said.
const EMPTY_IS_SAID: [&str; 12] = [
    "apiGroup",
    "appProtocol",
    "hostnameOverride",
    "holderIdentity",
    "ingressClassName",
    "name",
    "namespace",
    "service",
    "storageClassName",
    "type",
    "value",
    "volumeAttributesClassName",
];

/// Fields that are written as null where an object does not say them: the server's types hold them
/// by value, and their schema does not say so.
const NULL_WHEN_ABSENT: [(&str, &str); 6] = [
    ("ClusterRole", "rules"),
    ("Event", "eventTime"),
    ("Event", "firstTimestamp"),
    ("Event", "lastTimestamp"),
    ("HorizontalPodAutoscalerStatus", "currentMetrics"),
    ("Role", "rules"),
];

/// What reading an object found.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Fields that the kind does not have, in the order of their paths.
    pub(super) unknown: Vec<String>,
}

/// Where a value stands, as the server's decoder names it.
struct Place<'a> {
    /// The type that has the field.
    owner: &'a str,
    /// The field, without indexes.
    field: &'a str,
    /// The field, with them.
    path: &'a str,
}

impl Reading {
    /// Reads `object` of the kind that `schema` describes; an error is what the decoder says.
    pub(super) fn read(schema: &Schema, object: &mut Value) -> Result<Self, String> {
        let mut reading = Self::default();
        let place = Place {
            owner: schema.short_name(),
            field: "",
            path: "",
        };
        reading.value(schema, object, &place)?;
        fill(schema, object);
        Ok(reading)
    }

    /// Reads the metadata of a custom object.
    pub(super) fn read_metadata(schema: &Schema, metadata: &mut Value) -> Result<Self, String> {
        let mut reading = Self::default();
        let place = Place {
            owner: schema.short_name(),
            field: "metadata",
            path: "metadata",
        };
        reading.value(schema, metadata, &place)?;
        Ok(reading)
    }

    fn value(
        &mut self,
        schema: &Schema,
        value: &mut Value,
        place: &Place<'_>,
    ) -> Result<(), String> {
        if value.is_null() {
            return Ok(());
        }
        if schema.is_quantity() {
            return read_quantity(value);
        }
        if schema.is_int_or_string() {
            return match value {
                Value::Number(number) if number.is_i64() => Ok(()),
                Value::String(_) => Ok(()),
                other => Err(mismatch(other, "int32", place)),
            };
        }
        match schema.value_type() {
            Some(Type::Object) => self.object(schema, value, place),
            Some(Type::Array) => {
                let Value::Array(items) = value else {
                    return Err(mismatch(value, &go_type(schema), place));
                };
                let Some(inner) = schema.items() else {
                    return Ok(());
                };
                for (index, item) in items.iter_mut().enumerate() {
                    let path = format!("{}[{index}]", place.path);
                    self.value(
                        &inner,
                        item,
                        &Place {
                            path: &path,
                            ..*place
                        },
                    )?;
                }
                Ok(())
            }
            Some(Type::String) => read_text(schema, value, place),
            Some(Type::Integer) => read_integer(schema, value, place),
            Some(Type::Number) if value.is_number() => Ok(()),
            Some(Type::Boolean) if value.is_boolean() => Ok(()),
            Some(Type::Number | Type::Boolean) => Err(mismatch(value, &go_type(schema), place)),
            None => Ok(()),
        }
    }

    fn object(
        &mut self,
        schema: &Schema,
        value: &mut Value,
        place: &Place<'_>,
    ) -> Result<(), String> {
        let Value::Object(fields) = value else {
            return Err(mismatch(value, &go_type(schema), place));
        };
        if let Some(values) = schema.values() {
            for (name, value) in fields.iter_mut() {
                let path = join(place.path, name);
                self.value(
                    &values,
                    value,
                    &Place {
                        path: &path,
                        ..*place
                    },
                )?;
            }
            return Ok(());
        }
        if !schema.has_fields() {
            return Ok(());
        }
        let owner = schema.short_name();
        let mut unknown = Vec::new();
        for (name, value) in fields.iter_mut() {
            let path = join(place.path, name);
            if let Some(inner) = schema.field(name) {
                let field = join(place.field, name);
                let place = Place {
                    owner,
                    field: &field,
                    path: &path,
                };
                self.value(&inner, value, &place)?;
            } else {
                self.unknown.push(path);
                unknown.push(name.clone());
            }
        }
        for name in unknown {
            fields.remove(&name);
        }
        fields.retain(|name, value| is_said(schema, name, value));
        Ok(())
    }
}

/// Whether a server that has read the field writes it again.
fn is_said(schema: &Schema, name: &str, value: &Value) -> bool {
    if schema.requires(name) {
        return true;
    }
    let Some(inner) = schema.field(name) else {
        return true;
    };
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !(fields.is_empty() && inner.values().is_some()),
        Value::String(text) => {
            !text.is_empty() || EMPTY_IS_SAID.contains(&name) || inner.default().is_some()
        }
        Value::Bool(false) => !ZERO_IS_ABSENT.contains(&name),
        Value::Number(number) if number.as_i64() == Some(0) => !ZERO_IS_ABSENT.contains(&name),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Adds the fields that the server's types always write: those that they hold by value and do not
/// leave out, which the schema gives an empty default.
pub(super) fn fill(schema: &Schema, value: &mut Value) {
    match value {
        Value::Object(fields) if schema.has_fields() => {
            for (name, inner) in schema.fields() {
                if fields.get(name).is_none_or(Value::is_null) {
                    match absent(schema, name, &inner) {
                        Some(empty) => fields.insert(name.to_owned(), empty),
                        None => fields.remove(name),
                    };
                }
                if let Some(value) = fields.get_mut(name) {
                    if value.as_array().is_some_and(Vec::is_empty) {
                        *value = Value::Null;
                    }
                    fill(&inner, value);
                }
            }
        }
        Value::Object(fields) => {
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

/// What stands in a field that an object does not say, if anything does.
fn absent(schema: &Schema, name: &str, inner: &Schema) -> Option<Value> {
    if NULL_WHEN_ABSENT.contains(&(schema.short_name(), name)) {
        return Some(Value::Null);
    }
    // Its default is said, and it is left out all the same.
    if name == "minReadySeconds" {
        return None;
    }
    match inner.default() {
        Some(Value::Object(empty)) if empty.is_empty() => {
            (inner.value_type() == Some(Type::Object) && inner.has_fields())
                .then(|| Value::Object(Map::new()))
        }
        Some(zero @ (Value::String(_) | Value::Number(_) | Value::Bool(_))) => Some(zero.clone()),
        _ if inner.value_type() == Some(Type::Array) && schema.requires(name) => Some(Value::Null),
        _ => None,
    }
}

fn read_quantity(value: &mut Value) -> Result<(), String> {
    let text = match &*value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(quantity::FORMAT.to_owned()),
    };
    *value = Quantity::parse(text.trim())?.to_string().into();
    Ok(())
}

fn read_text(schema: &Schema, value: &mut Value, place: &Place<'_>) -> Result<(), String> {
    let Value::String(text) = &*value else {
        return Err(mismatch(value, &go_type(schema), place));
    };
    match schema.format() {
        "byte" => {
            let engine = &base64::engine::general_purpose::STANDARD;
            if let Err(error) = engine.decode(text.replace(['\r', '\n'], "")) {
                return Err(format!(
                    "illegal base64 data at input byte {}",
                    offset(&error)
                ));
            }
        }
        "date-time" => {
            let time: jiff::Timestamp = text.parse().map_err(|_| {
                format!(
                    "parsing time {text:?} as \"2006-01-02T15:04:05Z07:00\": cannot parse \
                     {text:?} as \"2006\""
                )
            })?;
            if schema.short_name() != "MicroTime" {
                *value = clock::stamp(time).into();
            }
        }
        _ => {}
    }
    Ok(())
}

fn offset(error: &base64::DecodeError) -> usize {
    match error {
        base64::DecodeError::InvalidByte(at, _)
        | base64::DecodeError::InvalidLastSymbol(at, _)
        | base64::DecodeError::InvalidLength(at) => *at,
        base64::DecodeError::InvalidPadding => 0,
    }
}

fn read_integer(schema: &Schema, value: &mut Value, place: &Place<'_>) -> Result<(), String> {
    let kind = go_type(schema);
    let Value::Number(number) = &*value else {
        return Err(mismatch(value, &kind, place));
    };
    let fits = |number: &Number| {
        number
            .as_i64()
            .is_some_and(|number| kind != "int32" || i32::try_from(number).is_ok())
    };
    if fits(number) {
        return Ok(());
    }
    Err(format!(
        "json: cannot unmarshal number {number} into Go struct field {}.{} of type {kind}",
        place.owner, place.field
    ))
}

fn mismatch(value: &Value, expected: &str, place: &Place<'_>) -> String {
    let found = json::type_name(value);
    format!(
        "json: cannot unmarshal {found} into Go struct field {}.{} of type {expected}",
        place.owner, place.field
    )
}

/// The type of a value, as the server's language names it.
fn go_type(schema: &Schema) -> String {
    let inner = |schema: Option<Schema>| schema.map_or_else(String::new, |inner| go_type(&inner));
    match schema.value_type() {
        Some(Type::Array) => format!("[]{}", inner(schema.items())),
        Some(Type::Object) if schema.values().is_some() => {
            format!("map[string]{}", inner(schema.values()))
        }
        Some(Type::Object) => schema.qualified_name(),
        Some(Type::Integer) if schema.format() == "int32" => "int32".to_owned(),
        Some(Type::Integer) => "int64".to_owned(),
        Some(Type::Number) => "float64".to_owned(),
        Some(Type::Boolean) => "bool".to_owned(),
        Some(Type::String) | None => "string".to_owned(),
    }
}
