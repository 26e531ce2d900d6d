//! Writes stored objects in the representation that was asked for.

use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    Target,
    accept::{Form, MetaVersion, Representation, Shape},
    events,
};
use crate::store::Stored;

/// A list is written in pieces of at least this size.
const PIECE: usize = 64 * 1024;

/// Writes objects of one kind.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pub(super) representation: Representation,
    api_version: String,
    kind: String,
    /// Whether items of a list say their kind: those of custom kinds do.
    is_custom: bool,
    /// Whether they are events of `events.k8s.io`, which are kept as those of the core group.
    is_event: bool,
}

impl Writer {
    pub(super) fn new(target: &Target<'_>, representation: Representation) -> Self {
        Self {
            representation,
            api_version: target.api_version(),
            kind: target.resource.response_kind.kind.clone(),
            is_custom: target.is_custom(),
            is_event: target.path.group == "events.k8s.io",
        }
    }

    /// A list of `objects` in pieces.
    pub(super) fn list(
        self,
        metadata: &Value,
        objects: Vec<Arc<Stored>>,
    ) -> impl Iterator<Item = Bytes> + Send + use<> {
        let (kind, api_version) = self.kind_of_list();
        let head = format!(
            "{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",\"metadata\":{metadata},\
             \"items\":["
        );
        let mut piece = head.into_bytes();
        let mut objects = objects.into_iter();
        let mut is_first = true;
        let mut is_over = false;
        std::iter::from_fn(move || {
            while !is_over && piece.len() < PIECE {
                let Some(stored) = objects.next() else {
                    piece.extend_from_slice(b"]}\n");
                    is_over = true;
                    break;
                };
                if !is_first {
                    piece.push(b',');
                }
                is_first = false;
                self.write_item(&stored, &mut piece);
            }
            let piece = std::mem::take(&mut piece);
            (!piece.is_empty()).then(|| Bytes::from(piece))
        })
    }

    fn kind_of_list(&self) -> (String, String) {
        match self.representation.shape {
            Shape::Objects(Form::Object) => {
                (format!("{}List", self.kind), self.api_version.clone())
            }
            Shape::Objects(Form::Metadata(version)) => (
                "PartialObjectMetadataList".to_owned(),
                version.api_version().to_owned(),
            ),
        }
    }

    fn write_item(&self, stored: &Stored, bytes: &mut Vec<u8>) {
        match self.representation.shape {
            Shape::Objects(Form::Object) if self.is_event => events::write(stored, false, bytes),
            Shape::Objects(Form::Object) if !self.is_custom => {
                bytes.extend_from_slice(&stored.json);
            }
            Shape::Objects(_) => self.write(stored, bytes),
        }
    }

    /// Appends one object.
    pub(super) fn write(&self, stored: &Stored, bytes: &mut Vec<u8>) {
        match self.representation.shape {
            Shape::Objects(Form::Metadata(version)) => write_metadata(stored, version, bytes),
            Shape::Objects(Form::Object) if self.is_event => events::write(stored, true, bytes),
            Shape::Objects(Form::Object) => {
                stored.write_typed(&self.api_version, &self.kind, bytes);
            }
        }
    }

    /// Appends an event of a watch.
    pub(super) fn write_event(&self, word: &str, stored: &Stored, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(b"{\"type\":\"");
        bytes.extend_from_slice(word.as_bytes());
        bytes.extend_from_slice(b"\",\"object\":");
        self.write(stored, bytes);
        bytes.extend_from_slice(b"}\n");
    }

    /// Appends a bookmark: everything up to `version` has been sent.
    pub(super) fn write_bookmark(&self, version: u64, ends_initial: bool, bytes: &mut Vec<u8>) {
        let mut metadata = json!({ "resourceVersion": version.to_string() });
        if ends_initial && let Some(fields) = metadata.as_object_mut() {
            fields.insert(
                "annotations".to_owned(),
                json!({ "k8s.io/initial-events-end": "true" }),
            );
        }
        let (kind, api_version) = match self.representation.shape {
            Shape::Objects(Form::Metadata(version)) => {
                ("PartialObjectMetadata", version.api_version())
            }
            Shape::Objects(Form::Object) => (self.kind.as_str(), self.api_version.as_str()),
        };
        let line = json!({
            "type": "BOOKMARK",
            "object": { "kind": kind, "apiVersion": api_version, "metadata": metadata },
        });
        bytes.extend_from_slice(format!("{line}\n").as_bytes());
    }

    /// Appends the error that ends a watch.
    pub(super) fn write_error(status: &Value, bytes: &mut Vec<u8>) {
        let line = json!({ "type": "ERROR", "object": status });
        bytes.extend_from_slice(format!("{line}\n").as_bytes());
    }
}

/// Appends the object as `PartialObjectMetadata`.
pub(super) fn write_metadata(stored: &Stored, version: MetaVersion, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(b"{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"");
    bytes.extend_from_slice(version.api_version().as_bytes());
    bytes.extend_from_slice(b"\",\"metadata\":");
    bytes.extend_from_slice(metadata_of(stored).as_bytes());
    bytes.push(b'}');
}

/// The JSON text of the object's metadata.
fn metadata_of(stored: &Stored) -> &str {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        metadata: &'a RawValue,
    }
    let head: Option<Head<'_>> = serde_json::from_slice(&stored.json).ok();
    head.map_or("{}", |head| head.metadata.get())
}
