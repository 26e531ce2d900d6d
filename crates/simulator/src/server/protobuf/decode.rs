//! From protobuf bytes to the object that they stand for: what typed clients send.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    messages::{self, Kind, Message, Numbered},
    wire::{self, Value as Wire},
};
use crate::clock;

/// The fields of a message by their names in JSON. Fields that JSON leaves out when they are zero
/// are left out: the Go types write them always.
pub(super) fn message(message: &Message, bytes: &[u8]) -> Map<String, Value> {
    let mut fields = Map::new();
    for (number, value) in wire::fields(bytes) {
        if let Some(field) = message.numbered(number) {
            add(field, value, &mut fields);
        }
    }
    fields
}

fn add(field: &Numbered, value: Wire<'_>, fields: &mut Map<String, Value>) {
    let Some(name) = field.name else {
        if let (Kind::Message(index), Wire::Bytes(bytes)) = (&field.kind, value)
            && let Some(embedded) = messages::at(*index)
        {
            fields.extend(message(embedded, bytes));
        }
        return;
    };
    match &field.kind {
        Kind::List(kind) => {
            let items = fields.entry(name).or_insert_with(|| json!([]));
            if let (Some(items), Some(item)) = (items.as_array_mut(), read(kind, value)) {
                items.push(item);
            }
        }
        Kind::Map(kind) => {
            let Wire::Bytes(entry) = value else { return };
            let (mut key, mut value) = (String::new(), None);
            for (number, part) in wire::fields(entry) {
                match number {
                    1 => key = part.text(),
                    _ => value = read(kind, part),
                }
            }
            let entries = fields.entry(name).or_insert_with(|| json!({}));
            if let Some(entries) = entries.as_object_mut() {
                entries.insert(key, value.unwrap_or_else(|| "".into()));
            }
        }
        kind => {
            if let Some(value) = read(kind, value)
                && !(field.omits_zero && is_zero(kind, &value))
            {
                fields.insert(name.to_owned(), value);
            }
        }
    }
}

fn is_zero(kind: &Kind, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => *kind != Kind::IntOrText && number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        // An empty struct is written by Go, whatever its tag says.
        Value::Array(_) | Value::Object(_) => false,
    }
}

fn read(kind: &Kind, value: Wire<'_>) -> Option<Value> {
    match (kind, value) {
        (Kind::Text, value) => Some(value.text().into()),
        (Kind::Flag, Wire::Number(number)) => Some((number != 0).into()),
        (Kind::Integer, Wire::Number(number)) => Some(number.cast_signed().into()),
        (Kind::Double, Wire::Double(number)) => Some(double(number)),
        (Kind::Bytes, Wire::Bytes(bytes)) => Some(STANDARD.encode(bytes).into()),
        (Kind::Time | Kind::MicroTime, Wire::Bytes(bytes)) => time(kind, bytes),
        (Kind::Quantity, Wire::Bytes(bytes)) => Some(first(bytes, 1)?.text().into()),
        (Kind::IntOrText, Wire::Bytes(bytes)) => {
            let is_text = matches!(first(bytes, 1), Some(Wire::Number(1)));
            let number = if is_text { 3 } else { 2 };
            match first(bytes, number) {
                Some(Wire::Number(number)) => Some(number.cast_signed().into()),
                Some(text) => Some(text.text().into()),
                None => Some(0.into()),
            }
        }
        (Kind::Raw, Wire::Bytes(bytes)) => match first(bytes, 1)? {
            Wire::Bytes(json) => serde_json::from_slice(json).ok(),
            Wire::Number(_) | Wire::Double(_) => None,
        },
        (Kind::TextList, Wire::Bytes(bytes)) => Some(texts(bytes, 1)),
        (Kind::Message(index), Wire::Bytes(bytes)) => {
            Some(message(messages::at(*index)?, bytes).into())
        }
        (Kind::SchemaOrFlag, Wire::Bytes(bytes)) => match first(bytes, 2) {
            Some(Wire::Bytes(schema)) => Some(message(messages::schema()?, schema).into()),
            _ => Some(matches!(first(bytes, 1), Some(Wire::Number(1))).into()),
        },
        (Kind::SchemaOrSchemas | Kind::SchemaOrTexts, Wire::Bytes(bytes)) => {
            match first(bytes, 1) {
                Some(Wire::Bytes(schema)) => Some(message(messages::schema()?, schema).into()),
                _ if *kind == Kind::SchemaOrTexts => Some(texts(bytes, 2)),
                _ => wire::fields(bytes)
                    .map(|(_, schema)| read(&messages::schema_kind(), schema))
                    .collect(),
            }
        }
        _ => None,
    }
}

/// A number as Go writes it: without a point where it is whole.
fn double(number: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what was cut off is noticed by comparing"
    )]
    let whole = number as i64;
    #[expect(clippy::cast_precision_loss, reason = "it came from such a number")]
    let is_whole = (whole as f64 - number).abs() < f64::EPSILON;
    if is_whole {
        whole.into()
    } else {
        number.into()
    }
}

fn first(bytes: &[u8], number: u32) -> Option<Wire<'_>> {
    wire::fields(bytes)
        .find(|(known, _)| *known == number)
        .map(|(_, value)| value)
}

fn texts(bytes: &[u8], number: u32) -> Value {
    wire::fields(bytes)
        .filter(|(known, _)| *known == number)
        .map(|(_, text)| Value::from(text.text()))
        .collect()
}

/// A time; none where it is empty, which stands for no time.
fn time(kind: &Kind, bytes: &[u8]) -> Option<Value> {
    let number = |field: u32| match first(bytes, field) {
        Some(Wire::Number(number)) => number.cast_signed(),
        _ => 0,
    };
    if bytes.is_empty() {
        return None;
    }
    let time = Timestamp::new(number(1), i32::try_from(number(2)).ok()?).ok()?;
    let text = if *kind == Kind::MicroTime {
        clock::micro_stamp(time)
    } else {
        clock::stamp(time)
    };
    Some(text.into())
}
