//! The fields of one entry, taken out one by one.
//!
//! An error names the field and what kind of value stands there, never the value: it may be a
//! secret.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde_json::{Map, Value};

/// The fields that were not taken yet.
#[derive(Default)]
pub(super) struct Fields {
    rest: Map<String, Value>,
    /// What stands before a field's name in a message: empty, or `exec.`.
    prefix: &'static str,
}

impl Fields {
    /// The fields of a mapping; none for `null`.
    pub(super) fn of(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(Self::default()),
            Value::Object(rest) => Ok(Self { rest, prefix: "" }),
            other => Err(format!("it is {}, not a mapping", kind_of(&other))),
        }
    }

    /// A text that is not empty: an empty one means the same as none, as it does to kubectl.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        match self.rest.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            Some(other) => Err(self.wrong(name, &other, "a text: put it in quotes")),
        }
    }

    /// A text that is never shown.
    pub(super) fn secret(&mut self, name: &str) -> Result<Option<SecretString>, String> {
        Ok(self.text(name)?.map(SecretString::from))
    }

    /// A path, made absolute against `folder`.
    pub(super) fn path(&mut self, name: &str, folder: &Path) -> Result<Option<PathBuf>, String> {
        Ok(self.text(name)?.map(|path| folder.join(path)))
    }

    /// Anything.
    pub(super) fn value(&mut self, name: &str) -> Option<Value> {
        self.rest.remove(name)
    }

    /// A truth value; none means false.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, String> {
        match self.rest.remove(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(self.wrong(name, &other, "true or false")),
        }
    }

    /// A list of texts; none means empty.
    pub(super) fn texts(&mut self, name: &str) -> Result<Vec<String>, String> {
        let list = match self.rest.remove(name) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(list)) => list,
            Some(other) => return Err(self.wrong(name, &other, "a list of texts")),
        };
        list.into_iter()
            .map(|item| match item {
                Value::String(text) => Ok(text),
                other => Err(self.wrong(name, &other, "a list of texts: put them in quotes")),
            })
            .collect()
    }

    /// A mapping from texts to lists of texts; none means empty.
    pub(super) fn text_lists(
        &mut self,
        name: &str,
    ) -> Result<BTreeMap<String, Vec<String>>, String> {
        let Some(mut lists) = self.mapping(name, self.prefix)? else {
            return Ok(BTreeMap::new());
        };
        let keys: Vec<String> = lists.rest.keys().cloned().collect();
        keys.into_iter()
            .map(|key| Ok((key.clone(), lists.texts(&key)?)))
            .collect()
    }

    /// A list of mappings; none means empty.
    pub(super) fn mappings(
        &mut self,
        name: &str,
        prefix: &'static str,
    ) -> Result<Vec<Self>, String> {
        let list = match self.rest.remove(name) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(list)) => list,
            Some(other) => return Err(self.wrong(name, &other, "a list of mappings")),
        };
        list.into_iter()
            .map(|item| match item {
                Value::Object(rest) => Ok(Self { rest, prefix }),
                other => Err(self.wrong(name, &other, "a list of mappings")),
            })
            .collect()
    }

    /// A mapping within, whose fields are called `prefix` and their name in messages.
    pub(super) fn mapping(
        &mut self,
        name: &str,
        prefix: &'static str,
    ) -> Result<Option<Self>, String> {
        match self.rest.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(rest)) => Ok(Some(Self { rest, prefix })),
            Some(other) => Err(self.wrong(name, &other, "a mapping")),
        }
    }

    fn wrong(&self, name: &str, found: &Value, expected: &str) -> String {
        format!(
            "{}{name} is {}, not {expected}",
            self.prefix,
            kind_of(found)
        )
    }
}

/// What kind of value it is, for people.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}
