//! Values of parameters, checked and typed.

use std::collections::BTreeMap;

use cel::Value as Cel;
use serde_json::{Map, Number, Value, json};

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// Text, a name, a quantity, a choice, a reference: said as it is.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A key of a Secret.
    Secret(SecretKey),
    /// Environment variables, in their order.
    Environment(Vec<Variable>),
    /// Texts, in their order.
    List(Vec<String>),
    /// Labels.
    Labels(BTreeMap<String, String>),
    /// Objects that somebody wrote.
    Manifests(Vec<Value>),
}

/// A key of a Secret in the namespace that is deployed to. Never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey {
    /// The Secret.
    pub name: String,
    /// The key within it.
    pub key: String,
}

/// An environment variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Where its value comes from.
    pub value: VariableValue,
}

/// Where a variable's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableValue {
    /// This text.
    Plain(String),
    /// A key of a Secret.
    Secret(SecretKey),
}

impl Setting {
    /// What stands in a manifest where the parameter is a whole node.
    pub(crate) fn node(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Integer(number) => json!(number),
            Self::Number(number) => number_of(*number),
            Self::Boolean(value) => Value::Bool(*value),
            Self::Secret(secret) => secret.node(),
            Self::Environment(variables) => variables.iter().map(Variable::node).collect(),
            Self::List(items) => json!(items),
            Self::Labels(labels) => json!(labels),
            Self::Manifests(objects) => Value::Array(objects.clone()),
        }
    }

    /// What stands within a text; only single values can.
    pub(crate) fn inline(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Boolean(value) => Some(value.to_string()),
            Self::Secret(_)
            | Self::Environment(_)
            | Self::List(_)
            | Self::Labels(_)
            | Self::Manifests(_) => None,
        }
    }

    /// The value as a formula sees it.
    pub(crate) fn cel(&self) -> Cel {
        match self {
            Self::Text(text) => Cel::from(text.as_str()),
            Self::Integer(number) => Cel::Int(*number),
            Self::Number(number) => Cel::Float(*number),
            Self::Boolean(value) => Cel::Bool(*value),
            Self::Secret(secret) => Cel::from(secret.name.as_str()),
            Self::Environment(variables) => texts(variables.iter().map(|one| &one.name)),
            Self::List(items) => texts(items.iter()),
            Self::Labels(labels) => texts(labels.keys()),
            Self::Manifests(_) => texts(std::iter::empty::<&String>()),
        }
    }

    /// The value in the form in which it is given, stored and shown.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Environment(variables) => variables.iter().map(Variable::to_json).collect(),
            // What somebody wrote comes back as one text of YAML; a Value can always be written.
            Self::Manifests(objects) => {
                Value::String(crate::render::yaml_of(objects).unwrap_or_default())
            }
            other => other.node(),
        }
    }
}

fn number_of(number: f64) -> Value {
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

fn texts<'a>(items: impl Iterator<Item = &'a String>) -> Cel {
    Cel::from(
        items
            .map(|item| Cel::from(item.as_str()))
            .collect::<Vec<_>>(),
    )
}

impl SecretKey {
    fn node(&self) -> Value {
        json!({ "name": self.name, "key": self.key })
    }
}

impl Variable {
    /// An `EnvVar` of the API.
    fn node(&self) -> Value {
        match &self.value {
            VariableValue::Plain(text) => json!({ "name": self.name, "value": text }),
            VariableValue::Secret(secret) => {
                json!({ "name": self.name, "valueFrom": { "secretKeyRef": secret.node() } })
            }
        }
    }

    fn to_json(&self) -> Value {
        let mut said = Map::new();
        said.insert("name".to_owned(), json!(self.name));
        match &self.value {
            VariableValue::Plain(text) => said.insert("value".to_owned(), json!(text)),
            VariableValue::Secret(secret) => said.insert("secret".to_owned(), secret.node()),
        };
        Value::Object(said)
    }
}
