//! By which fields the items of a list are told apart.
//!
//! The server knows it from its schemas, and writes it down in `metadata.managedFields`: an owned item
//! of a list is `k:{"name":"main"}` there, a member of a set `v:"x"`. A list of which no item is owned
//! by itself is one value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use strata_domain::field_path::PathStep;

/// What is known of a field and the fields under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    /// The names of the fields that tell items apart; empty where it is no such list.
    pub(super) names: BTreeSet<String>,
    /// Whether it is a set of plain values.
    pub(super) is_set: bool,
    fields: BTreeMap<String, Keys>,
    /// What is known of the items, whichever.
    items: Option<Box<Keys>>,
}

impl Keys {
    /// What the owners of `objects` tell.
    pub(super) fn of<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut keys = Self::default();
        for object in objects {
            let entries = object.pointer("/metadata/managedFields");
            for entry in entries.and_then(Value::as_array).into_iter().flatten() {
                if let Some(owned) = entry.get("fieldsV1") {
                    keys.learn(owned);
                }
            }
        }
        keys
    }

    fn learn(&mut self, owned: &Value) {
        let Some(owned) = owned.as_object() else {
            return;
        };
        for (name, below) in owned {
            if let Some(field) = name.strip_prefix("f:") {
                self.fields
                    .entry(field.to_owned())
                    .or_default()
                    .learn(below);
            } else if let Some(key) = name.strip_prefix("k:") {
                if let Ok(Value::Object(key)) = serde_json::from_str(key) {
                    self.names.extend(key.into_iter().map(|(name, _)| name));
                }
                self.items.get_or_insert_default().learn(below);
            } else if name.starts_with("v:") {
                self.is_set = true;
            }
        }
    }

    /// What is known of the field `name`.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        self.fields.get(name)
    }

    /// What is known of the list's items.
    pub(super) fn items(&self) -> Option<&Self> {
        self.items.as_deref()
    }

    /// The step to an item of the list; none where its keys are not all said.
    pub(super) fn step(&self, item: &Value) -> Option<PathStep> {
        let keys: BTreeMap<String, Value> = self
            .names
            .iter()
            .filter_map(|name| Some((name.clone(), item.get(name)?.clone())))
            .collect();
        (!keys.is_empty() && keys.len() == self.names.len()).then_some(PathStep::Keyed(keys))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_known_from_their_owners() {
        let object = json!({ "metadata": { "managedFields": [
            { "fieldsV1": { "f:spec": { "f:containers": { "k:{\"name\":\"main\"}": {
                ".": {}, "f:ports": { "k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {} } } } } } },
            { "fieldsV1": { "f:metadata": { "f:finalizers": { "v:\"x\"": {} } } } },
        ] } });
        let keys = Keys::of([&object]);
        let containers = keys.field("spec").unwrap().field("containers").unwrap();
        assert_eq!(
            containers
                .step(&json!({ "name": "side" }))
                .unwrap()
                .to_string(),
            "[name=\"side\"]"
        );
        let ports = containers.items().unwrap().field("ports").unwrap();
        let port = json!({ "containerPort": 1, "protocol": "UDP" });
        assert_eq!(
            ports.step(&port).unwrap().to_string(),
            "[containerPort=1,protocol=\"UDP\"]"
        );
        assert_eq!(ports.step(&json!({ "containerPort": 1 })), None);
        assert!(
            keys.field("metadata")
                .unwrap()
                .field("finalizers")
                .unwrap()
                .is_set
        );
        assert_eq!(keys.field("status"), None);
    }
}
