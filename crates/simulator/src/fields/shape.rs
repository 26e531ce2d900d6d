//! What merging and ownership need to know of a value's type.

use std::collections::BTreeMap;

use serde_json::Value;

use super::set::Step;
use crate::schema::{ListType, Schema, Type};

/// The type of a value; where no schema says it, the value itself does: objects are merged field
/// by field, lists are one value.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    schema: Option<Schema>,
}

/// A list whose items cannot be told apart, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unkeyed(pub(super) String);

impl Shape {
    /// The shape that `schema` says.
    pub(crate) fn of(schema: Option<Schema>) -> Self {
        Self { schema }
    }

    /// The schema, where there is one.
    pub(crate) fn schema(&self) -> Option<&Schema> {
        self.schema.as_ref()
    }

    /// The shape of the field `name` of an object.
    pub(super) fn field(&self, name: &str) -> Self {
        let schema = self.schema.as_ref();
        Self {
            schema: schema.and_then(|schema| schema.field(name).or_else(|| schema.values())),
        }
    }

    /// Whether the schema names the field.
    pub(super) fn names(&self, name: &str) -> bool {
        self.schema
            .as_ref()
            .is_some_and(|schema| schema.field(name).is_some())
    }

    /// The shape of the items of a list.
    pub(super) fn items(&self) -> Self {
        Self {
            schema: self.schema.as_ref().and_then(Schema::items),
        }
    }

    /// The shape at the end of `step`.
    pub(super) fn at(&self, step: &Step) -> Self {
        match step {
            Step::Field(name) => self.field(name),
            Step::Key(_) | Step::Value(_) | Step::Index(_) => self.items(),
        }
    }

    /// Whether a list is one value.
    pub(super) fn is_atomic_list(&self) -> bool {
        self.schema
            .as_ref()
            .is_none_or(|schema| schema.list_type() == ListType::Atomic)
    }

    /// Whether an object is one value.
    pub(super) fn is_atomic_map(&self) -> bool {
        self.schema.as_ref().is_some_and(Schema::is_atomic_map)
    }

    /// The steps to the items of a list, in its order.
    pub(super) fn steps(&self, items: &[Value]) -> Result<Vec<Step>, Unkeyed> {
        items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                self.step(item)
                    .map_err(|problem| Unkeyed(format!("element {index}: {problem}")))
            })
            .collect()
    }

    fn step(&self, item: &Value) -> Result<Step, String> {
        let Some(ListType::Map(names)) = self.schema.as_ref().map(Schema::list_type) else {
            return match item {
                Value::Object(_) => {
                    Err("associative list without keys has an element that's a map type".into())
                }
                Value::Array(_) => {
                    Err("not supported: associative list with lists as elements".into())
                }
                Value::Null => Err(
                    "associative list without keys has an element that's an explicit null".into(),
                ),
                _ => Ok(Step::Value(item.to_string())),
            };
        };
        let fields = match item {
            Value::Object(fields) => fields,
            Value::Null => {
                return Err("associative list with keys may not have a null element".to_owned());
            }
            _ => {
                return Err("associative list with keys may not have non-map elements".to_owned());
            }
        };
        let items = self.items();
        let keys: BTreeMap<String, Value> = names
            .iter()
            .filter_map(|name| {
                let value = fields.get(&**name).cloned().or_else(|| {
                    let field = items.schema()?.field(name)?;
                    // A default of nothing is what documents say of a field that must be given.
                    field.default().filter(|value| *value != "").cloned()
                })?;
                Some((name.to_string(), value))
            })
            .collect();
        if keys.is_empty() {
            let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
            return Err(format!(
                "associative list with keys has an element that omits all key fields [{}] (and \
                 doesn't have default values for any key fields)",
                names.join(" ")
            ));
        }
        Ok(Step::key(&keys))
    }

    /// What the server's own type holds before anything is set: objects that are always there, and
    /// lists that are never missing. Custom kinds hold nothing.
    pub(crate) fn zero(&self) -> Value {
        let fields = self.schema.iter().flat_map(Schema::fields);
        fields
            .filter_map(|(name, schema)| {
                let has_empty_default = schema.default().is_some_and(|default| {
                    default.as_object().is_some_and(serde_json::Map::is_empty)
                });
                let is_object = schema.value_type() == Some(Type::Object);
                let is_list = schema.value_type() == Some(Type::Array);
                if is_object && has_empty_default {
                    Some((name.to_owned(), Self::of(Some(schema)).zero()))
                } else if is_list && self.requires(name) {
                    Some((name.to_owned(), Value::Null))
                } else {
                    None
                }
            })
            .collect()
    }

    fn requires(&self, name: &str) -> bool {
        self.schema
            .as_ref()
            .is_some_and(|schema| schema.requires(name))
    }
}

/// The names of the fields of `value`; none where it is no object.
pub(super) fn names_of(value: Option<&Value>) -> impl Iterator<Item = &String> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(serde_json::Map::keys)
}

/// The field `name` of `value`, if it is there.
pub(super) fn field_of<'a>(value: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    value?.as_object()?.get(name)
}

/// The items of `value`; none where it is no list.
pub(super) fn items_of(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
