//! Fields of objects, named as the API server names them: `.spec.containers[name="main"].image`.
//!
//! The server writes a path as text, and a field's name may itself contain dots
//! (`.metadata.labels.app.kubernetes.io/name`), so a text is read along an object that has the field.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathStep {
    /// A field of a map.
    Field(String),
    /// The item of a list whose fields have these values.
    Keyed(BTreeMap<String, Value>),
    /// The item of a list that has this value.
    Member(Value),
    /// The item at this place of a list.
    Index(usize),
}

/// A field of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldPath(pub Vec<PathStep>);

/// How far a path's text could be followed along an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The part that is there.
    pub path: FieldPath,
    /// Whether that is all of it.
    pub is_whole: bool,
}

impl FieldPath {
    /// The path through the fields `names`.
    pub fn of<const N: usize>(names: [&str; N]) -> Self {
        let steps = names.map(|name| PathStep::Field(name.to_owned()));
        Self(steps.into())
    }

    /// The same path and the field `name` of what it leads to.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        self.then(PathStep::Field(name.to_owned()))
    }

    /// The same path and the item of the list it leads to whose field `key` is `value`.
    #[must_use]
    pub fn keyed(&self, key: &str, value: impl Into<Value>) -> Self {
        self.then(PathStep::Keyed(BTreeMap::from([(
            key.to_owned(),
            value.into(),
        )])))
    }

    /// The same path and one step more.
    #[must_use]
    pub fn then(&self, step: PathStep) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Whether the path begins with the fields `names`.
    pub fn starts_with(&self, names: &[&str]) -> bool {
        self.0.len() >= names.len()
            && self.0.iter().zip(names).all(
                |(step, name)| matches!(step, PathStep::Field(field) if field.as_str() == *name),
            )
    }

    /// Follows `text` along `object`, as far as that has what it names.
    pub fn follow(object: &Value, text: &str) -> Followed {
        let mut best = Followed {
            path: Self::default(),
            is_whole: false,
        };
        follow(object, text, &mut Vec::new(), &mut best);
        best
    }

    /// What `object` has there.
    pub fn get<'a>(&self, object: &'a Value) -> Option<&'a Value> {
        self.0
            .iter()
            .try_fold(object, |value, step| match (value, step) {
                (Value::Object(fields), PathStep::Field(name)) => fields.get(name),
                (Value::Array(items), step) => items.get(position(items, step)?),
                _ => None,
            })
    }

    /// Takes the field out of `object`; true where it was there.
    pub fn remove(&self, object: &mut Value) -> bool {
        let Some((last, parents)) = self.0.split_last() else {
            return false;
        };
        let parent = parents
            .iter()
            .try_fold(object, |value, step| match (value, step) {
                (Value::Object(fields), PathStep::Field(name)) => fields.get_mut(name),
                (Value::Array(items), step) => {
                    let at = position(items, step)?;
                    items.get_mut(at)
                }
                _ => None,
            });
        match (parent, last) {
            (Some(Value::Object(fields)), PathStep::Field(name)) => fields.remove(name).is_some(),
            (Some(Value::Array(items)), step) => match position(items, step) {
                Some(at) => {
                    items.remove(at);
                    true
                }
                None => false,
            },
            _ => false,
        }
    }

    /// Gives `object` the field with `value`; maps, lists and items on the way are made where they
    /// are missing. False where the way leads through something else.
    pub fn set(&self, object: &mut Value, value: Value) -> bool {
        let mut place = object;
        for step in &self.0 {
            let next = match step {
                PathStep::Field(name) => {
                    if place.is_null() {
                        *place = Value::Object(Map::new());
                    }
                    let Value::Object(fields) = place else {
                        return false;
                    };
                    Some(fields.entry(name.clone()).or_insert(Value::Null))
                }
                step => {
                    if place.is_null() {
                        *place = Value::Array(Vec::new());
                    }
                    let Value::Array(items) = place else {
                        return false;
                    };
                    let at = position(items, step).unwrap_or_else(|| {
                        items.push(fresh(step));
                        items.len() - 1
                    });
                    items.get_mut(at)
                }
            };
            match next {
                Some(next) => place = next,
                None => return false,
            }
        }
        *place = value;
        true
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| step.fmt(formatter))
    }
}

impl fmt::Display for PathStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(formatter, ".{name}"),
            Self::Keyed(keys) => {
                formatter.write_str("[")?;
                for (at, (key, value)) in keys.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    write!(formatter, "{comma}{key}={value}")?;
                }
                formatter.write_str("]")
            }
            Self::Member(value) => write!(formatter, "[={value}]"),
            Self::Index(index) => write!(formatter, "[{index}]"),
        }
    }
}

/// The item that a missing one begins as.
fn fresh(step: &PathStep) -> Value {
    match step {
        PathStep::Keyed(keys) => Value::Object(keys.clone().into_iter().collect()),
        PathStep::Member(value) => value.clone(),
        PathStep::Field(_) | PathStep::Index(_) => Value::Null,
    }
}

/// Where the item of `step` stands in `items`.
fn position(items: &[Value], step: &PathStep) -> Option<usize> {
    match step {
        PathStep::Field(_) => None,
        PathStep::Keyed(keys) => items.iter().position(|item| has_keys(item, keys)),
        PathStep::Member(value) => items.iter().position(|item| item == value),
        PathStep::Index(index) => (*index < items.len()).then_some(*index),
    }
}

/// Whether an item is the one with these keys. A key that it does not say has its default, which is
/// what the keys say: one of them must be said.
fn has_keys(item: &Value, keys: &BTreeMap<String, Value>) -> bool {
    let mut said = false;
    for (key, value) in keys {
        match item.get(key) {
            Some(there) if there == value => said = true,
            Some(_) => return false,
            None => {}
        }
    }
    said
}

/// Follows `rest` from `value` on; true where all of it was followed.
fn follow(value: &Value, rest: &str, steps: &mut Vec<PathStep>, best: &mut Followed) -> bool {
    if steps.len() > best.path.0.len() || rest.is_empty() {
        best.path = FieldPath(steps.clone());
    }
    if rest.is_empty() {
        best.is_whole = true;
        return true;
    }
    let mut go = |next: &Value, step: PathStep, rest: &str, best: &mut Followed| {
        steps.push(step);
        let whole = follow(next, rest, steps, best);
        steps.pop();
        whole
    };
    match value {
        Value::Object(fields) => {
            // `metadata.labels[app]` is how messages write a key of a map.
            if let Some((inner, rest)) = bracketed(rest)
                && let name = inner.trim_matches('"')
                && let Some(next) = fields.get(name)
            {
                return go(next, PathStep::Field(name.to_owned()), rest, best);
            }
            let named = rest.strip_prefix('.').unwrap_or(rest);
            fields.iter().any(|(name, next)| {
                named.strip_prefix(name.as_str()).is_some_and(|rest| {
                    (rest.is_empty() || rest.starts_with(['.', '[']))
                        && go(next, PathStep::Field(name.clone()), rest, best)
                })
            })
        }
        Value::Array(items) => {
            let Some((inner, rest)) = bracketed(rest) else {
                return false;
            };
            let Some(step) = item_step(inner) else {
                return false;
            };
            match position(items, &step).and_then(|at| items.get(at)) {
                Some(next) => go(next, step, rest, best),
                None => false,
            }
        }
        _ => false,
    }
}

/// What stands in the brackets that `text` begins with, and what comes after them.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('[')?;
    let (mut quoted, mut escaped) = (false, false);
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return Some((inside.get(..at)?, inside.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

/// `0`, `="value"`, `name="main"`, `containerPort=80,protocol="TCP"`.
fn item_step(inner: &str) -> Option<PathStep> {
    if let Ok(index) = inner.parse() {
        return Some(PathStep::Index(index));
    }
    if let Some(value) = inner.strip_prefix('=') {
        return serde_json::from_str(value).ok().map(PathStep::Member);
    }
    let mut keys = BTreeMap::new();
    let mut rest = inner;
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=')?;
        let mut values = serde_json::Deserializer::from_str(after).into_iter::<Value>();
        let value = values.next()?.ok()?;
        keys.insert(key.to_owned(), value);
        let after = after.get(values.byte_offset()..)?;
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    Some(PathStep::Keyed(keys))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn web() -> Value {
        json!({
            "metadata": { "labels": { "app": "web", "app.kubernetes.io/name": "web" } },
            "spec": { "containers": [
                { "name": "main", "image": "a", "ports": [{ "containerPort": 80 }] },
                { "name": "side", "image": "b" },
            ], "finalizers": ["x", "y"] },
        })
    }

    #[test]
    fn a_text_is_followed_as_the_server_writes_it() {
        for text in [
            ".spec.containers[name=\"main\"].image",
            ".spec.containers[name=\"main\"].ports[containerPort=80,protocol=\"TCP\"]",
            ".metadata.labels.app.kubernetes.io/name",
            ".spec.finalizers[=\"y\"]",
        ] {
            let followed = FieldPath::follow(&web(), text);
            assert!(followed.is_whole, "{text}");
            assert_eq!(followed.path.to_string(), text);
        }
    }

    #[test]
    fn messages_write_lists_by_place_and_maps_in_brackets() {
        let place = FieldPath::follow(&web(), "spec.containers[1].image");
        assert_eq!(place.path.get(&web()), Some(&json!("b")));
        let label = FieldPath::follow(&web(), "metadata.labels[app.kubernetes.io/name]");
        assert_eq!(label.path.get(&web()), Some(&json!("web")));
    }

    #[test]
    fn what_is_not_there_is_followed_to_its_nearest_parent() {
        let followed = FieldPath::follow(&web(), ".spec.containers[name=\"main\"].imagee");
        assert!(!followed.is_whole);
        assert_eq!(followed.path.to_string(), ".spec.containers[name=\"main\"]");
    }

    #[test]
    fn a_field_is_taken_out_and_given_back() {
        let mut object = web();
        let path = FieldPath::of(["spec", "containers"]).keyed("name", "side");
        let side = path.get(&object).cloned().unwrap();
        assert!(path.remove(&mut object));
        assert!(!path.remove(&mut object));
        assert!(path.set(&mut object, side));
        assert_eq!(object, web());
    }

    #[test]
    fn what_is_missing_on_the_way_is_made() {
        let mut object = json!({});
        let taints = FieldPath::of(["spec", "taints"]).keyed("key", "gpu");
        assert!(taints.field("effect").set(&mut object, json!("NoSchedule")));
        assert_eq!(
            object,
            json!({ "spec": { "taints": [{ "key": "gpu", "effect": "NoSchedule" }] } })
        );
        assert!(
            !FieldPath::of(["spec", "taints", "x"]).set(&mut object, json!(1)),
            "a list has no fields"
        );
    }
}
