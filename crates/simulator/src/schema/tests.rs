use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::{clock::VirtualClock, kinds};

fn schemas() -> Schemas {
    let clock = Arc::new(VirtualClock::starting_at(
        "2026-11-27T08:00:00Z".parse().unwrap(),
    ));
    Schemas::new(Arc::new(Store::new(clock, 1)))
}

fn at(schema: &Schema, path: &[&str]) -> Schema {
    path.iter()
        .fold(schema.clone(), |schema, step| match *step {
            "[]" => schema.items().unwrap(),
            "*" => schema.values().unwrap(),
            name => schema.field(name).unwrap(),
        })
}

#[test]
fn lists_are_told_apart_as_the_kind_says() {
    let pod = schemas().of("", "v1", "Pod").unwrap();
    let ports = at(&pod, &["spec", "containers", "[]", "ports"]);
    let keys = ["containerPort".into(), "protocol".into()];
    assert_eq!(ports.list_type(), ListType::Map(&keys));
    assert_eq!(ports.merge().key, Some("containerPort"));
    let command = at(&pod, &["spec", "containers", "[]", "command"]);
    assert_eq!(command.list_type(), ListType::Atomic);
    let finalizers = at(&pod, &["metadata", "finalizers"]);
    assert_eq!(finalizers.list_type(), ListType::Set);
    assert!(at(&pod, &["spec", "nodeSelector"]).is_atomic_map());
    let volumes = at(&pod, &["spec", "volumes"]);
    assert!(volumes.merge().merges && volumes.merge().retains_keys);
}

#[test]
fn a_schema_that_contains_itself_is_followed() {
    let definition = schemas()
        .of("apiextensions.k8s.io", "v1", "CustomResourceDefinition")
        .unwrap();
    let schema = at(
        &definition,
        &["spec", "versions", "[]", "schema", "openAPIV3Schema"],
    );
    let inner = at(&schema, &["properties", "*", "properties", "*", "items"]);
    assert!(inner.fields().next().is_none());
    assert!(schema.field("pattern").is_some());
}

#[test]
fn a_definition_in_the_store_has_a_schema_until_it_is_gone() {
    let schemas = schemas();
    let definition = json!({
        "metadata": { "name": "widgets.example.com" },
        "spec": { "group": "example.com", "names": { "kind": "Widget" },
            "versions": [{ "name": "v1", "schema": { "openAPIV3Schema": { "type": "object",
                "properties": { "spec": { "type": "object", "properties": {
                    "parts": { "type": "array", "x-kubernetes-list-type": "map",
                        "x-kubernetes-list-map-keys": ["name"], "items": { "type": "object",
                        "properties": { "name": { "type": "string" } } } } } } } } } }] },
    });
    assert!(schemas.of("example.com", "v1", "Widget").is_none());
    let stored = schemas
        .store
        .create(&kinds::definition(), definition)
        .unwrap();
    let widget = schemas.of("example.com", "v1", "Widget").unwrap();
    let keys = ["name".into()];
    assert_eq!(
        at(&widget, &["spec", "parts"]).list_type(),
        ListType::Map(&keys)
    );
    assert!(at(&widget, &["metadata"]).field("labels").is_some());
    schemas.store.delete(&kinds::definition(), &stored.key);
    assert!(schemas.of("example.com", "v1", "Widget").is_none());
}
