//! A set of fields, and its JSON form `FieldsV1`.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

/// One step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The field of that name.
    Field(String),
    /// The item of a list whose keys are these, as a JSON object with sorted names.
    Key(String),
    /// The item of a set that is this, as JSON.
    Value(String),
    /// The item at a place.
    Index(usize),
}

/// A set of fields: a tree of steps, each of which may be a member itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldSet {
    nodes: BTreeMap<Step, Node>,
}

/// What the set knows at and below one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Node {
    is_member: bool,
    below: FieldSet,
}

impl Node {
    fn is_empty(&self) -> bool {
        !self.is_member && self.below.is_empty()
    }
}

impl FieldSet {
    /// The set of these paths, each a chain of field names.
    pub(crate) fn of(paths: &[&[&str]]) -> Self {
        let mut set = Self::default();
        for path in paths {
            let steps: Vec<Step> = path
                .iter()
                .map(|name| Step::Field((*name).to_owned()))
                .collect();
            set.insert(&steps);
        }
        set
    }

    /// Whether it has no member.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Makes `path` a member; the whole value is none.
    pub(super) fn insert(&mut self, path: &[Step]) {
        let Some((step, rest)) = path.split_first() else {
            return;
        };
        let node = self.nodes.entry(step.clone()).or_default();
        if rest.is_empty() {
            node.is_member = true;
        } else {
            node.below.insert(rest);
        }
    }

    /// Whether `step` itself is a member.
    pub(super) fn has(&self, step: &Step) -> bool {
        self.nodes.get(step).is_some_and(|node| node.is_member)
    }

    /// Whether `path` is a member.
    pub(super) fn contains(&self, path: &[Step]) -> bool {
        match path {
            [] => false,
            [step] => self.has(step),
            [step, rest @ ..] => self.below(step).is_some_and(|below| below.contains(rest)),
        }
    }

    /// The members below `step`, if there are any.
    pub(super) fn below(&self, step: &Step) -> Option<&Self> {
        self.nodes
            .get(step)
            .map(|node| &node.below)
            .filter(|below| !below.is_empty())
    }

    /// What is in one of both.
    pub(crate) fn union(&self, other: &Self) -> Self {
        let mut nodes = self.nodes.clone();
        for (step, node) in &other.nodes {
            let merged = nodes.entry(step.clone()).or_default();
            merged.is_member |= node.is_member;
            merged.below = merged.below.union(&node.below);
        }
        Self { nodes }
    }

    /// What is in both.
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        self.combine(other, |own, other| own && other, |_| None)
    }

    /// What is not in `other`; what lies below a member of `other` stays.
    pub(crate) fn difference(&self, other: &Self) -> Self {
        self.combine(other, |own, other| own && !other, |node| Some(node.clone()))
    }

    fn combine(
        &self,
        other: &Self,
        is_member: impl Fn(bool, bool) -> bool + Copy,
        alone: impl Fn(&Node) -> Option<Node> + Copy,
    ) -> Self {
        let nodes = self
            .nodes
            .iter()
            .filter_map(|(step, node)| {
                let combined = match other.nodes.get(step) {
                    Some(known) => Node {
                        is_member: is_member(node.is_member, known.is_member),
                        below: node.below.combine(&known.below, is_member, alone),
                    },
                    None => alone(node)?,
                };
                (!combined.is_empty()).then(|| (step.clone(), combined))
            })
            .collect();
        Self { nodes }
    }

    /// What is neither in `other` nor below a member of it.
    pub(crate) fn without(&self, other: &Self) -> Self {
        let nodes = self
            .nodes
            .iter()
            .filter_map(|(step, node)| match other.nodes.get(step) {
                Some(known) if known.is_member => None,
                Some(known) => {
                    let rest = Node {
                        is_member: node.is_member,
                        below: node.below.without(&known.below),
                    };
                    (!rest.is_empty()).then(|| (step.clone(), rest))
                }
                None => Some((step.clone(), node.clone())),
            })
            .collect();
        Self { nodes }
    }

    /// Every member, as a path.
    pub(super) fn paths(&self) -> Vec<Vec<Step>> {
        let mut paths = Vec::new();
        self.collect(&mut Vec::new(), &mut paths);
        paths
    }

    fn collect(&self, path: &mut Vec<Step>, paths: &mut Vec<Vec<Step>>) {
        // Members first, then what lies below each: the order that messages list them in.
        for (step, _) in self.nodes.iter().filter(|(_, node)| node.is_member) {
            path.push(step.clone());
            paths.push(path.clone());
            path.pop();
        }
        for (step, node) in &self.nodes {
            path.push(step.clone());
            node.below.collect(path, paths);
            path.pop();
        }
    }

    /// The set with every step a member for which `is_named` says so, given the path to it.
    pub(super) fn with_members(&self, is_named: &mut impl FnMut(&[Step]) -> bool) -> Self {
        self.marked(&mut Vec::new(), is_named)
    }

    fn marked(&self, path: &mut Vec<Step>, is_named: &mut impl FnMut(&[Step]) -> bool) -> Self {
        let mut nodes = BTreeMap::new();
        for (step, node) in &self.nodes {
            path.push(step.clone());
            let has_below = !node.below.is_empty();
            let marked = Node {
                is_member: node.is_member || (has_below && is_named(path)),
                below: node.below.marked(path, is_named),
            };
            path.pop();
            nodes.insert(step.clone(), marked);
        }
        Self { nodes }
    }

    /// The form `FieldsV1`.
    pub(crate) fn to_json(&self) -> Value {
        let fields: Map<String, Value> = self
            .nodes
            .iter()
            .map(|(step, node)| {
                let mut below = match node.below.to_json() {
                    Value::Object(fields) => fields,
                    _ => Map::new(),
                };
                // A member without members below it is an empty object; else a dot says it.
                if node.is_member && !below.is_empty() {
                    below.insert(".".to_owned(), Value::Object(Map::new()));
                }
                (step.to_json(), Value::Object(below))
            })
            .collect();
        Value::Object(fields)
    }

    /// Reads the form `FieldsV1`; none where it is not of that form.
    pub(crate) fn from_json(fields: &Value) -> Option<Self> {
        let mut set = Self::default();
        for (name, below) in fields.as_object()? {
            if name == "." {
                continue;
            }
            let step = Step::from_json(name)?;
            let has_dot = below.get(".").is_some();
            let below = Self::from_json(below)?;
            let node = Node {
                is_member: has_dot || below.is_empty(),
                below,
            };
            set.nodes.insert(step, node);
        }
        Some(set)
    }
}

impl Step {
    fn to_json(&self) -> String {
        match self {
            Self::Field(name) => format!("f:{name}"),
            Self::Key(keys) => format!("k:{keys}"),
            Self::Value(value) => format!("v:{value}"),
            Self::Index(index) => format!("i:{index}"),
        }
    }

    fn from_json(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        match kind {
            "f" => Some(Self::Field(rest.to_owned())),
            "k" => Some(Self::key(&serde_json::from_str(rest).ok()?)),
            "v" => {
                let value: Value = serde_json::from_str(rest).ok()?;
                Some(Self::Value(value.to_string()))
            }
            "i" => rest.parse().ok().map(Self::Index),
            _ => None,
        }
    }

    /// The step to the item with `keys`.
    pub(super) fn key(keys: &BTreeMap<String, Value>) -> Self {
        Self::Key(serde_json::to_string(keys).unwrap_or_default())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(formatter, ".{name}"),
            Self::Key(keys) => {
                let keys: BTreeMap<String, Value> = serde_json::from_str(keys).unwrap_or_default();
                let keys: Vec<String> = keys
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                write!(formatter, "[{}]", keys.join(","))
            }
            Self::Value(value) => write!(formatter, "[={value}]"),
            Self::Index(index) => write!(formatter, "[{index}]"),
        }
    }
}

/// A path as messages write it, such as `.spec.containers[name="a"].image`.
pub(super) fn written(path: &[Step]) -> String {
    path.iter().map(Step::to_string).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(fields: &Value) -> FieldSet {
        FieldSet::from_json(fields).unwrap()
    }

    #[test]
    fn a_set_reads_what_it_writes() {
        let fields = json!({
            "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
            "f:spec": {
                "f:ports": { "k:{\"port\":80,\"protocol\":\"TCP\"}": { ".": {}, "f:port": {} } },
                "f:finalizers": { "v:\"a\"": {} },
            },
        });
        assert_eq!(set(&fields).to_json(), fields);
    }

    #[test]
    fn keys_are_the_same_in_whatever_order_they_are_written() {
        let one = set(&json!({ "k:{\"port\":80,\"protocol\":\"TCP\"}": {} }));
        let other = set(&json!({ "k:{\"protocol\":\"TCP\",\"port\":80}": {} }));
        assert_eq!(one, other);
    }

    #[test]
    fn a_difference_leaves_what_lies_below_a_member() {
        let own = set(&json!({ "f:a": { ".": {}, "f:b": {} }, "f:c": {} }));
        let other = set(&json!({ "f:a": {}, "f:c": {} }));
        assert_eq!(
            own.difference(&other).to_json(),
            json!({ "f:a": { "f:b": {} } })
        );
        assert_eq!(own.without(&other).to_json(), json!({}));
        assert_eq!(
            own.intersection(&other).to_json(),
            json!({ "f:a": {}, "f:c": {} })
        );
    }

    #[test]
    fn a_path_is_written_as_messages_write_it() {
        let fields = set(&json!({
            "f:spec": { "f:ports": { "k:{\"port\":80,\"protocol\":\"TCP\"}": { "f:name": {} } } },
        }));
        assert_eq!(
            written(&fields.paths()[0]),
            ".spec.ports[port=80,protocol=\"TCP\"].name"
        );
    }
}
