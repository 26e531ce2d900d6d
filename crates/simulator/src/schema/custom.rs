//! The schemas of custom kinds, read from the definitions in the store when one has changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use strata_domain::text::Text;

use super::{Schema, documents, documents::Document, node::Node};
use crate::{json, kinds, store::Store};

/// The name of the schema of the metadata in every built-in document.
const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// The schemas of the definitions in a store.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    latest: Mutex<Latest>,
}

#[derive(Debug, Default)]
struct Latest {
    /// The version of the definitions that `by_name` was read from.
    of: u64,
    by_name: HashMap<Text, Arc<Definition>>,
}

#[derive(Debug)]
struct Definition {
    version: u64,
    group: String,
    kind: String,
    /// By the name of the version.
    schemas: HashMap<String, Schema>,
}

impl Definitions {
    /// The schema of `kind` of `group` at `version`, if a definition in `store` has one.
    pub(super) fn of(
        &self,
        store: &Store,
        group: &str,
        version: &str,
        kind: &str,
    ) -> Option<Schema> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let now = store.version_of_kind(&kinds::definition());
        if latest.of != now {
            latest.refresh(store);
            latest.of = now;
        }
        let definition = latest
            .by_name
            .values()
            .find(|known| known.group == group && known.kind == kind)?;
        definition.schemas.get(version).cloned()
    }
}

impl Latest {
    /// Reads the definitions that are new or have changed, and forgets those that are gone.
    fn refresh(&mut self, store: &Store) {
        let mut before = std::mem::take(&mut self.by_name);
        for stored in store.list(&kinds::definition(), "") {
            let name = stored.key.name.clone();
            let definition = match before.remove(&name) {
                Some(known) if known.version == stored.version => known,
                _ => Arc::new(Definition::read(stored.version, &stored.value())),
            };
            self.by_name.insert(name, definition);
        }
    }
}

impl Definition {
    fn read(version: u64, definition: &Value) -> Self {
        let schemas = json::items(definition, "/spec/versions")
            .iter()
            .filter_map(|version| {
                let written = version.pointer("/schema/openAPIV3Schema")?;
                let name = json::text(version, "/name").to_owned();
                Some((name, whole(written)?))
            })
            .collect();
        Self {
            version,
            group: json::text(definition, "/spec/group").to_owned(),
            kind: json::text(definition, "/spec/names/kind").to_owned(),
            schemas,
        }
    }
}

/// The schema of an object: what is `written`, with the fields that every object has.
fn whole(written: &Value) -> Option<Schema> {
    let mut node: Node = serde_json::from_value(written.clone()).ok()?;
    let document = documents::of("", "v1")?;
    let text = || {
        Arc::new(Node {
            kind: Some(super::Type::String),
            ..Node::default()
        })
    };
    for field in ["apiVersion", "kind"] {
        node.properties.insert(field.into(), text());
    }
    // What a definition says of the metadata restricts names; the fields are those of every object.
    let metadata = Node {
        kind: Some(super::Type::Object),
        reference: Some(format!("#/components/schemas/{OBJECT_META}").into()),
        ..Node::default()
    };
    node.properties
        .insert("metadata".into(), Arc::new(metadata));
    Some(Schema::new(&Arc::new(node), &metadata_alone(&document)))
}

/// A document for the references that custom kinds make.
fn metadata_alone(core: &Document) -> Arc<Document> {
    let schemas = core
        .schemas
        .iter()
        .filter(|(name, _)| name.starts_with("io.k8s.apimachinery.pkg.apis.meta.v1."))
        .map(|(name, node)| (name.clone(), Arc::clone(node)))
        .collect();
    Arc::new(Document {
        schemas,
        ..Document::default()
    })
}
