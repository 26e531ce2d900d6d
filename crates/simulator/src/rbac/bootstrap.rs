//! The roles and bindings that the API server itself creates when a cluster begins.

use serde::Deserialize;
use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::kind;
use crate::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    kind: String,
    name: String,
    namespace: Option<String>,
    #[serde(default)]
    labels: serde_json::Map<String, Value>,
    rules: Option<Value>,
    aggregation_rule: Option<Value>,
    role_ref: Option<Value>,
    subjects: Option<Value>,
}

/// The objects, each with its kind.
#[expect(
    clippy::expect_used,
    reason = "an embedded document, which a test reads"
)]
pub(crate) fn objects() -> Vec<(GroupKind, Value)> {
    let entries: Vec<Entry> =
        serde_json::from_str(include_str!("bootstrap.json")).expect("the embedded roles parse");
    entries.into_iter().map(Entry::object).collect()
}

impl Entry {
    fn object(mut self) -> (GroupKind, Value) {
        self.labels.insert(
            "kubernetes.io/bootstrapping".to_owned(),
            "rbac-defaults".into(),
        );
        let mut object = json!({ "metadata": {
            "name": self.name,
            "labels": self.labels,
            "annotations": { "rbac.authorization.kubernetes.io/autoupdate": "true" },
        } });
        if let Some(namespace) = self.namespace {
            json::object_at(&mut object, "metadata")
                .insert("namespace".to_owned(), namespace.into());
        }
        let parts = [
            ("aggregationRule", self.aggregation_rule),
            ("rules", self.rules),
            ("roleRef", self.role_ref),
            ("subjects", self.subjects),
        ];
        for (field, value) in parts {
            if let Some(value) = value {
                json::as_object(&mut object).insert(field.to_owned(), value);
            }
        }
        (kind(&self.kind), object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_that_every_cluster_has_are_read() {
        let objects = objects();
        for name in [
            "cluster-admin",
            "admin",
            "edit",
            "view",
            "system:basic-user",
        ] {
            assert!(
                objects
                    .iter()
                    .any(|(_, object)| object["metadata"]["name"] == name),
                "{name}"
            );
        }
    }
}
