//! Cells that several kinds have.

use jiff::Timestamp;
use serde_json::Value;

use super::age;
use crate::json;

pub(super) const NONE: &str = "<none>";
pub(super) const UNSET: &str = "<unset>";

/// The object of a row, and the time that ages are told at.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) object: &'a Value,
    pub(super) now: Timestamp,
}

impl<'a> Row<'a> {
    pub(super) fn name(self) -> Value {
        self.text_cell("/metadata/name")
    }

    pub(super) fn age(self) -> Value {
        self.since("/metadata/creationTimestamp").into()
    }

    /// The text at `pointer`; empty where there is none.
    pub(super) fn text(self, pointer: &str) -> &'a str {
        json::text(self.object, pointer)
    }

    pub(super) fn text_cell(self, pointer: &str) -> Value {
        self.text(pointer).into()
    }

    /// The text at `pointer`, or `otherwise`.
    pub(super) fn text_or(self, pointer: &str, otherwise: &str) -> Value {
        match self.text(pointer) {
            "" => otherwise.into(),
            text => text.into(),
        }
    }

    /// The number at `pointer`; 0 where there is none.
    pub(super) fn count(self, pointer: &str) -> i64 {
        self.object
            .pointer(pointer)
            .and_then(Value::as_i64)
            .unwrap_or(0)
    }

    pub(super) fn items(self, pointer: &str) -> &'a [Value] {
        json::items(self.object, pointer)
    }

    pub(super) fn has(self, pointer: &str) -> bool {
        self.object
            .pointer(pointer)
            .is_some_and(|value| !value.is_null())
    }

    /// How long ago the time at `pointer` was.
    pub(super) fn since(self, pointer: &str) -> String {
        age::since(self.text(pointer), self.now)
    }

    /// The labels at `pointer` as `a=b,c=d`.
    pub(super) fn labels(self, pointer: &str) -> Value {
        let labels = self
            .object
            .pointer(pointer)
            .and_then(Value::as_object)
            .map(|labels| {
                let mut pairs: Vec<String> = labels
                    .iter()
                    .map(|(label, value)| format!("{label}={}", value.as_str().unwrap_or_default()))
                    .collect();
                pairs.sort_unstable();
                pairs.join(",")
            });
        labels
            .filter(|labels| !labels.is_empty())
            .unwrap_or_else(|| NONE.to_owned())
            .into()
    }

    /// The label selector at `pointer` in one line; empty where it selects nothing or everything.
    pub(super) fn selector(self, pointer: &str) -> String {
        self.object
            .pointer(pointer)
            .map(selector)
            .unwrap_or_default()
    }

    pub(super) fn selector_or_none(self, pointer: &str) -> Value {
        let selector = self.selector(pointer);
        if selector.is_empty() {
            NONE.into()
        } else {
            selector.into()
        }
    }

    /// The names and the images of the containers at `pointer`.
    pub(super) fn containers(self, pointer: &str) -> [Value; 2] {
        ["/name", "/image"].map(|field| join(self.items(pointer), field, ",").into())
    }

    /// The status of the condition `kind`, if the object has it.
    pub(super) fn condition(self, kind: &str) -> Option<&'a Value> {
        self.items("/status/conditions")
            .iter()
            .find(|condition| json::text(condition, "/type") == kind)
    }
}

/// A label selector in one line.
pub(super) fn selector(selector: &Value) -> String {
    let mut parts: Vec<(&str, String)> = Vec::new();
    if let Some(labels) = selector.get("matchLabels").and_then(Value::as_object) {
        parts.extend(labels.iter().map(|(key, value)| {
            let value = value.as_str().unwrap_or_default();
            (key.as_str(), format!("{key}={value}"))
        }));
    }
    for rule in json::items(selector, "/matchExpressions") {
        let key = json::text(rule, "/key");
        let mut values: Vec<&str> = json::items(rule, "/values")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        values.sort_unstable();
        let values = values.join(",");
        let text = match json::text(rule, "/operator") {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "DoesNotExist" => format!("!{key}"),
            _ => key.to_owned(),
        };
        parts.push((key, text));
    }
    parts.sort_by(|a, b| a.0.cmp(b.0));
    let texts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
    texts.join(",")
}

/// The texts at `field` of each item.
pub(super) fn join(items: &[Value], field: &str, separator: &str) -> String {
    let texts: Vec<&str> = items.iter().map(|item| json::text(item, field)).collect();
    texts.join(separator)
}

/// The strings of a list.
pub(super) fn join_texts(items: &[Value], separator: &str) -> String {
    let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
    texts.join(separator)
}

/// The first three of `all`, and how many more there are.
pub(super) fn first_three(all: &[String]) -> Option<String> {
    let shown: Vec<&str> = all.iter().take(3).map(String::as_str).collect();
    let shown = shown.join(",");
    match all.len() {
        0 => None,
        1..=3 => Some(shown),
        many => Some(format!("{shown} + {} more...", many - 3)),
    }
}

/// A number or a text, as `IntOrString` prints it.
pub(super) fn int_or_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
