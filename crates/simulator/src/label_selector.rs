//! Label selectors as objects hold them (`metav1.LabelSelector`): `matchLabels` and
//! `matchExpressions`.

use std::fmt;

use serde_json::Value;

use crate::{json, store::Stored};

/// What labels an object has to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelSelector {
    /// By label.
    rules: Vec<(String, Rule)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    Is(String),
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists,
    Absent,
}

impl LabelSelector {
    /// The selector that `value` holds; none where there is none, or it makes no sense. An empty
    /// one selects everything.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        let mut rules = Self::of_map(fields.get("matchLabels").unwrap_or(&Value::Null)).rules;
        for expression in json::items(value, "/matchExpressions") {
            let mut values: Vec<String> = json::items(expression, "/values")
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
            values.sort();
            let rule = match json::text(expression, "/operator") {
                "In" => Rule::In(values),
                "NotIn" => Rule::NotIn(values),
                "Exists" => Rule::Exists,
                "DoesNotExist" => Rule::Absent,
                _ => return None,
            };
            rules.push((json::text(expression, "/key").to_owned(), rule));
        }
        rules.sort_by(|(a, _), (b, _)| a.cmp(b));
        Some(Self { rules })
    }

    /// The selector that a plain map of labels is, as replication controllers have it.
    pub(crate) fn of_map(map: &Value) -> Self {
        let rules = map
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(label, value)| Some((label.clone(), Rule::Is(value.as_str()?.into()))))
            .collect();
        Self { rules }
    }

    /// The selector that a query writes so; none where it makes no sense.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rules = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            // A comma within parentheses is one between values.
            let comma = rest
                .find(',')
                .filter(|comma| rest.find('(').is_none_or(|open| open > *comma));
            let end = comma
                .or_else(|| Some(rest.find(')')? + 1))
                .unwrap_or(rest.len());
            let (part, more) = rest.split_at(end);
            rules.push(Rule::parse(part.trim())?);
            rest = more.trim_start_matches(',').trim();
        }
        rules.sort_by(|(a, _), (b, _)| a.cmp(b));
        Some(Self { rules })
    }

    /// This, and the values that `stored` has for `labels`, as `matchLabelKeys` asks.
    pub(crate) fn and_labels_of(mut self, stored: &Stored, labels: &[Value]) -> Self {
        let known = labels.iter().filter_map(Value::as_str);
        let rules = known.filter_map(|label| {
            let value = stored.label(label)?;
            Some((label.to_owned(), Rule::Is(value.to_owned())))
        });
        self.rules.extend(rules);
        self
    }

    /// Whether the labels of `stored` are as asked for.
    pub(crate) fn matches(&self, stored: &Stored) -> bool {
        self.holds(|label| stored.label(label))
    }

    /// Whether `labels`, as an object has them, are as asked for.
    pub(crate) fn matches_labels(&self, labels: Option<&Value>) -> bool {
        self.holds(|label| labels?.get(label)?.as_str())
    }

    fn holds<'a>(&self, label_of: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.rules.iter().all(|(label, rule)| {
            let found = label_of(label);
            let is_among =
                |values: &[String]| found.is_some_and(|it| values.iter().any(|v| v == it));
            match rule {
                Rule::Is(value) => found == Some(value),
                Rule::In(values) => is_among(values),
                Rule::NotIn(values) => !is_among(values),
                Rule::Exists => found.is_some(),
                Rule::Absent => found.is_none(),
            }
        })
    }
}

impl Rule {
    /// A label, and what its value has to be.
    fn parse(text: &str) -> Option<(String, Self)> {
        let values = |listed: &str| -> Option<Vec<String>> {
            let listed = listed.trim().strip_prefix('(')?.strip_suffix(')')?;
            Some(
                listed
                    .split(',')
                    .map(|value| value.trim().to_owned())
                    .collect(),
            )
        };
        if let Some((label, listed)) = text.split_once(" notin ") {
            return Some((label.trim().to_owned(), Self::NotIn(values(listed)?)));
        }
        if let Some((label, listed)) = text.split_once(" in ") {
            return Some((label.trim().to_owned(), Self::In(values(listed)?)));
        }
        if let Some((label, value)) = text.split_once("!=") {
            let value = value.trim().to_owned();
            return Some((label.trim().to_owned(), Self::NotIn(vec![value])));
        }
        if let Some((label, value)) = text.split_once('=') {
            let value = value.trim_start_matches('=').trim().to_owned();
            return Some((label.trim().to_owned(), Self::Is(value)));
        }
        match text.strip_prefix('!') {
            Some(label) => Some((label.trim().to_owned(), Self::Absent)),
            None if text.is_empty() => None,
            None => Some((text.to_owned(), Self::Exists)),
        }
    }
}

/// As a query writes it.
impl fmt::Display for LabelSelector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (label, rule)) in self.rules.iter().enumerate() {
            if at > 0 {
                formatter.write_str(",")?;
            }
            match rule {
                Rule::Is(value) => write!(formatter, "{label}={value}")?,
                Rule::In(values) => write!(formatter, "{label} in ({})", values.join(","))?,
                Rule::NotIn(values) => write!(formatter, "{label} notin ({})", values.join(","))?,
                Rule::Exists => formatter.write_str(label)?,
                Rule::Absent => write!(formatter, "!{label}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_selector_is_written_as_a_query_in_the_order_of_its_labels() {
        let selector = LabelSelector::read(&json!({
            "matchLabels": { "tier": "web", "app": "front" },
            "matchExpressions": [
                { "key": "env", "operator": "NotIn", "values": ["b", "a"] },
                { "key": "beta", "operator": "DoesNotExist" },
            ],
        }));
        assert_eq!(
            selector.unwrap().to_string(),
            "app=front,!beta,env notin (a,b),tier=web"
        );
    }

    #[test]
    fn a_selector_is_read_as_a_query_writes_it() {
        for written in ["app=front,!beta,env notin (a,b),tier=web", "a in (b),c", ""] {
            assert_eq!(LabelSelector::parse(written).unwrap().to_string(), written);
        }
        let double = LabelSelector::parse("app == front").unwrap();
        assert_eq!(double.to_string(), "app=front");
    }

    #[test]
    fn what_makes_no_sense_selects_nothing() {
        let nonsense = json!({ "matchExpressions": [{ "key": "a", "operator": "Of" }] });
        assert_eq!(LabelSelector::read(&nonsense), None);
        assert_eq!(LabelSelector::read(&Value::Null), None);
        assert_eq!(
            LabelSelector::read(&json!({})),
            Some(LabelSelector::default())
        );
    }
}
