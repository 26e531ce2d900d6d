//! The tables of custom kinds, whose definitions say what to show
//! (`pkg/registry/customresource/tableconvertor` of the real server).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{age, cells::Row, columns, json_path::JsonPath};
use crate::json;

/// One column besides the name.
#[derive(Debug)]
pub(super) struct CustomColumn {
    definition: Value,
    /// The type of its cells.
    kind: String,
    path: Option<JsonPath>,
}

/// The columns that a definition gives; the age where it gives none.
pub(super) fn columns(definitions: &[Value]) -> Arc<[CustomColumn]> {
    if definitions.is_empty() {
        let age = json!({
            "name": "Age",
            "type": "date",
            "description": columns::description("Age"),
            "jsonPath": ".metadata.creationTimestamp",
        });
        return Arc::new([CustomColumn::read(&age)]);
    }
    definitions.iter().map(CustomColumn::read).collect()
}

impl CustomColumn {
    fn read(column: &Value) -> Self {
        let path = json::text(column, "/jsonPath");
        let description = match json::text(column, "/description") {
            "" => format!("Custom resource definition column (in JSONPath format): {path}"),
            description => description.to_owned(),
        };
        let kind = json::text(column, "/type");
        Self {
            definition: json!({
                "name": json::text(column, "/name"),
                "type": kind,
                "format": json::text(column, "/format"),
                "description": description,
                "priority": json::count(column, "/priority"),
            }),
            kind: kind.to_owned(),
            path: JsonPath::parse(path),
        }
    }

    fn cell(&self, object: &Value, now: Timestamp) -> Value {
        let found = self.path.as_ref().and_then(|path| path.first(object));
        let Some(value) = found else {
            return Value::Null;
        };
        match (self.kind.as_str(), value) {
            ("string", Value::String(text)) => text.as_str().into(),
            ("string", Value::Null) => "".into(),
            ("string", other) => other.to_string().into(),
            ("integer", Value::Number(number)) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "the real server cuts off what follows the point"
                )]
                let whole = number
                    .as_i64()
                    .or_else(|| number.as_f64().map(|number| number as i64));
                whole.map_or(Value::Null, Value::from)
            }
            ("number", Value::Number(number)) => number.clone().into(),
            ("boolean", Value::Bool(flag)) => (*flag).into(),
            ("date", Value::String(time)) => age::since(time, now).into(),
            _ => Value::Null,
        }
    }
}

pub(super) fn definitions(columns: &[CustomColumn]) -> Value {
    let name = json!({
        "name": "Name",
        "type": "string",
        "format": "name",
        "description": columns::description("Name"),
        "priority": 0,
    });
    std::iter::once(name)
        .chain(columns.iter().map(|column| column.definition.clone()))
        .collect()
}

pub(super) fn cells(columns: &[CustomColumn], object: &Value, now: Timestamp) -> Vec<Value> {
    let row = Row { object, now };
    std::iter::once(row.name())
        .chain(columns.iter().map(|column| column.cell(object, now)))
        .collect()
}
