//! Label and field selectors.

use serde_json::Value;
use strata_domain::ids::GroupKind;

use super::{failure::Failure, query::Query};
use crate::{json, store::Stored};

/// What a list or a watch selects.
#[derive(Clone, Debug, Default)]
pub(super) struct Selector {
    labels: Vec<LabelRule>,
    fields: Vec<FieldRule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum LabelRule {
    Exists(String),
    Absent(String),
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct FieldRule {
    /// The dotted path, as the client wrote it.
    field: String,
    value: String,
    is_equal: bool,
}

impl Selector {
    /// Reads the selectors of a query about objects of `kind`.
    pub(super) fn read(query: &Query, kind: &GroupKind) -> Result<Self, Failure> {
        let labels = match query.get("labelSelector") {
            Some(text) => parse_labels(text)?,
            None => Vec::new(),
        };
        let fields = match query.get("fieldSelector") {
            Some(text) => parse_fields(text, kind)?,
            None => Vec::new(),
        };
        Ok(Self { labels, fields })
    }

    /// Whether everything is selected.
    pub(super) fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Only the object `name`.
    pub(super) fn and_name(mut self, name: &str) -> Self {
        self.fields.push(FieldRule {
            field: "metadata.name".to_owned(),
            value: name.to_owned(),
            is_equal: true,
        });
        self
    }

    pub(super) fn matches(&self, stored: &Stored) -> bool {
        self.labels.iter().all(|rule| rule.matches(stored)) && self.fields_match(stored)
    }

    fn fields_match(&self, stored: &Stored) -> bool {
        let mut parsed: Option<Value> = None;
        self.fields.iter().all(|rule| {
            let is_equal = match rule.field.as_str() {
                "metadata.name" => stored.key.name == rule.value.as_str(),
                "metadata.namespace" => stored.key.namespace == rule.value.as_str(),
                field => {
                    let object = parsed.get_or_insert_with(|| stored.value());
                    field_text(object, field) == rule.value
                }
            };
            is_equal == rule.is_equal
        })
    }
}

impl LabelRule {
    fn matches(&self, stored: &Stored) -> bool {
        match self {
            Self::Exists(key) => stored.label(key).is_some(),
            Self::Absent(key) => stored.label(key).is_none(),
            Self::In(key, values) => stored
                .label(key)
                .is_some_and(|label| values.iter().any(|value| value == label)),
            Self::NotIn(key, values) => stored
                .label(key)
                .is_none_or(|label| values.iter().all(|value| value != label)),
        }
    }
}

/// The fields that can be selected besides name and namespace
/// (`pkg/apis/*/v1/conversion.go` and the registries' strategies of Kubernetes).
fn selectable(kind: &GroupKind) -> &'static [&'static str] {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName",
        ],
        ("", "Event") => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        ("", "Node") => &["spec.unschedulable"],
        ("", "Namespace") => &["status.phase"],
        ("", "Secret") => &["type"],
        ("batch", "Job") => &["status.successful"],
        ("resource.k8s.io", "ResourceSlice") => &["spec.nodeName", "spec.driver"],
        _ => &[],
    }
}

fn field_text(object: &Value, field: &str) -> String {
    let pointer = match field {
        // Names that are not the path of the field.
        "status.successful" => "/status/succeeded".to_owned(),
        "source" => "/source/component".to_owned(),
        _ => format!("/{}", field.replace('.', "/")),
    };
    match object.pointer(&pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        // An unset flag is false, whatever is selected by it.
        None if field == "spec.unschedulable" || field == "spec.hostNetwork" => "false".to_owned(),
        _ => json::text(object, &pointer).to_owned(),
    }
}

fn parse_labels(text: &str) -> Result<Vec<LabelRule>, Failure> {
    split_outside_parentheses(text)
        .into_iter()
        .map(|part| {
            parse_label_rule(part).ok_or_else(|| {
                Failure::bad_request(format!("unable to parse requirement: {part:?}"))
            })
        })
        .collect()
}

fn parse_label_rule(part: &str) -> Option<LabelRule> {
    let part = part.trim();
    if let Some((key, value)) = part.split_once("!=") {
        return Some(LabelRule::NotIn(
            key.trim().to_owned(),
            vec![value.trim().to_owned()],
        ));
    }
    if let Some((key, value)) = part.split_once('=') {
        let value = value.strip_prefix('=').unwrap_or(value).trim();
        return Some(LabelRule::In(key.trim().to_owned(), vec![value.to_owned()]));
    }
    if let Some(list) = part.strip_suffix(')') {
        let (head, values) = list.split_once('(')?;
        let values: Vec<String> = values
            .split(',')
            .map(|value| value.trim().to_owned())
            .collect();
        let mut words = head.split_whitespace();
        let key = words.next()?.to_owned();
        return match words.next()? {
            "in" => Some(LabelRule::In(key, values)),
            "notin" => Some(LabelRule::NotIn(key, values)),
            _ => None,
        };
    }
    let is_key = |key: &str| !key.is_empty() && !key.contains(char::is_whitespace);
    match part.strip_prefix('!') {
        Some(key) => is_key(key.trim()).then(|| LabelRule::Absent(key.trim().to_owned())),
        None => is_key(part).then(|| LabelRule::Exists(part.to_owned())),
    }
}

fn split_outside_parentheses(text: &str) -> Vec<&str> {
    let mut depth = 0_u32;
    text.split(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    })
    .filter(|part| !part.trim().is_empty())
    .collect()
}

fn parse_fields(text: &str, kind: &GroupKind) -> Result<Vec<FieldRule>, Failure> {
    text.split(',')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (field, value, is_equal) = if let Some((field, value)) = part.split_once("!=") {
                (field, value, false)
            } else {
                let (field, value) = part.split_once('=').ok_or_else(|| {
                    Failure::bad_request(format!(
                        "invalid selector: '{part}'; can't understand '{part}'"
                    ))
                })?;
                (field, value.strip_prefix('=').unwrap_or(value), true)
            };
            let is_known = ["metadata.name", "metadata.namespace"].contains(&field)
                || selectable(kind).contains(&field);
            if !is_known {
                return Err(Failure::bad_request(format!(
                    "field label not supported: {field}"
                )));
            }
            Ok(FieldRule {
                field: field.to_owned(),
                value: value.to_owned(),
                is_equal,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_label_requirement_is_read() {
        let rules = parse_labels("a=1,b==2,c!=3,d in (x, y),e notin (z),f,!g").unwrap();
        assert_eq!(rules.len(), 7);
        assert_eq!(
            rules[3],
            LabelRule::In("d".into(), vec!["x".into(), "y".into()])
        );
        assert_eq!(rules[6], LabelRule::Absent("g".into()));
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(parse_labels("a b").is_err());
        assert!(parse_labels("a of (x)").is_err());
        assert!(parse_fields("spec.color=red", &GroupKind::new("", "Pod")).is_err());
    }
}
