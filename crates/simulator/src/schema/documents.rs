//! The documents of the kinds that are built in, as a real server serves them.
//!
//! They are unpacked when the first of them is needed, and each is read when a kind of its version
//! is: a cluster that is only looked at pays for none.

use std::{
    collections::{BTreeMap, HashMap},
    io::Read as _,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Schema, node::Node};

/// The schemas of one version of one group.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// By the name that references use.
    pub(super) schemas: BTreeMap<Arc<str>, Arc<Node>>,
    /// The names of the kinds of this version.
    pub(super) kinds: HashMap<Box<str>, Arc<str>>,
}

impl Document {
    /// The schema of `kind`, if it is of this document.
    pub(super) fn kind(self: &Arc<Self>, kind: &str) -> Option<Schema> {
        let reference = Node {
            reference: self.kinds.get(kind).map(|name| Box::from(&**name)),
            ..Node::default()
        };
        reference.reference.as_ref()?;
        Some(Schema::new(&Arc::new(reference), self))
    }
}

type Texts = BTreeMap<&'static str, &'static RawValue>;

static ARCHIVE: LazyLock<String> = LazyLock::new(unpack);
static TEXTS: LazyLock<Texts> = LazyLock::new(split);
static READ: LazyLock<Mutex<HashMap<String, Option<Arc<Document>>>>> =
    LazyLock::new(Mutex::default);

#[expect(clippy::expect_used, reason = "an embedded file, which a test reads")]
fn unpack() -> String {
    let packed: &[u8] = include_bytes!("documents.json.br");
    let mut text = String::new();
    brotli_decompressor::Decompressor::new(packed, 1 << 16)
        .read_to_string(&mut text)
        .expect("the embedded documents unpack");
    text
}

#[expect(clippy::expect_used, reason = "an embedded file, which a test reads")]
fn split() -> Texts {
    serde_json::from_str(&ARCHIVE).expect("the embedded documents are a JSON object")
}

/// The paths of the documents below `/openapi/v3/`, in order.
pub(crate) fn paths() -> impl Iterator<Item = &'static str> {
    TEXTS.keys().copied()
}

/// The text of the document at `path`.
pub(crate) fn text(path: &str) -> Option<&'static str> {
    TEXTS.get(path).map(|raw| raw.get())
}

/// The schemas of `version` of `group`, if they are built in.
pub(super) fn of(group: &str, version: &str) -> Option<Arc<Document>> {
    let path = if group.is_empty() {
        format!("api/{version}")
    } else {
        format!("apis/{group}/{version}")
    };
    let mut documents = READ.lock().unwrap_or_else(PoisonError::into_inner);
    documents
        .entry(path)
        .or_insert_with_key(|path| Some(Arc::new(parse(text(path)?, group, version))))
        .clone()
}

#[derive(Deserialize)]
struct Text {
    components: Components,
}

#[derive(Deserialize)]
struct Components {
    schemas: BTreeMap<Arc<str>, Arc<Node>>,
}

#[expect(clippy::expect_used, reason = "an embedded file, which a test reads")]
fn parse(text: &str, group: &str, version: &str) -> Document {
    let schemas = serde_json::from_str::<Text>(text)
        .expect("the embedded documents have schemas")
        .components
        .schemas;
    let mut kinds = HashMap::new();
    for (name, node) in &schemas {
        for kind in &node.kinds {
            if &*kind.group == group && &*kind.version == version {
                kinds.insert(kind.kind.clone(), name.clone());
            }
        }
    }
    Document { schemas, kinds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_read() {
        let mut count = 0;
        for path in paths() {
            let parts: Vec<&str> = path.split('/').collect();
            let document = match parts.as_slice() {
                ["api", version] => of("", version),
                ["apis", group, version] => of(group, version),
                _ => continue,
            };
            assert!(!document.unwrap().kinds.is_empty(), "{path}");
            count += 1;
        }
        assert!(count > 20, "{count}");
    }
}
