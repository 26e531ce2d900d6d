//! Writes stored objects in the representation that was asked for.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    Target,
    accept::{Encoding, Form, MetaVersion, Representation, Shape},
    events,
    failure::Failure,
    protobuf::{self, Message},
    query::Query,
    table::Table,
};
use crate::{clock::VirtualClock, store::Stored};

/// A list is written in pieces of at least this size.
const PIECE: usize = 64 * 1024;

/// Writes objects of one kind.
#[derive(Debug)]
pub(super) struct Writer {
    api_version: String,
    kind: String,
    /// Whether items of a list say their kind: those of custom kinds do.
    is_custom: bool,
    /// Whether they are events of `events.k8s.io`, which are kept as those of the core group.
    is_event: bool,
    style: Style,
}

/// How objects are written.
#[derive(Debug)]
enum Style {
    Json(Form),
    Protobuf(Form, &'static Message),
    Table(Box<Table>),
}

impl Writer {
    pub(super) fn new(
        target: &Target<'_>,
        representation: Representation,
        query: &Query,
        clock: &Arc<VirtualClock>,
    ) -> Result<Self, Failure> {
        let api_version = target.api_version();
        let kind = target.resource.response_kind.kind.clone();
        let style = match (representation.encoding, representation.shape) {
            (_, Shape::Table(version)) => {
                Style::Table(Box::new(Table::new(target, version, query, clock)?))
            }
            (Encoding::Json | Encoding::Yaml, Shape::Objects(form)) => Style::Json(form),
            (Encoding::Protobuf, Shape::Objects(form)) => {
                let message = match form {
                    Form::Object => protobuf::message(&api_version, &kind),
                    Form::Metadata(_) => {
                        protobuf::message("meta.k8s.io/v1", "PartialObjectMetadata")
                    }
                };
                Style::Protobuf(form, message.ok_or_else(Failure::not_acceptable)?)
            }
        };
        Ok(Self {
            api_version,
            kind,
            is_custom: target.is_custom(),
            is_event: target.path.group == "events.k8s.io",
            style,
        })
    }

    /// A list of `objects` in pieces, each written when it is asked for where that can be.
    pub(super) fn list(
        self,
        metadata: &Value,
        objects: Vec<Arc<Stored>>,
    ) -> Box<dyn Iterator<Item = Bytes> + Send> {
        let head = match &self.style {
            Style::Json(form) => {
                let (kind, api_version) = self.kind_of_list(*form);
                format!(
                    "{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",\
                     \"metadata\":{metadata},\"items\":["
                )
            }
            Style::Protobuf(form, message) => {
                let (kind, api_version) = self.kind_of_list(*form);
                // Of a core kind these borrow what is stored.
                let items: Vec<_> = objects.iter().map(|stored| self.bytes_of(stored)).collect();
                let items = items.iter().map(|bytes| &**bytes);
                let pieces = protobuf::list(&api_version, &kind, message, metadata, items);
                return Box::new(pieces.into_iter());
            }
            Style::Table(table) => table.head(metadata, true),
        };
        let mut piece = head.into_bytes();
        let mut objects = objects.into_iter();
        let mut is_first = true;
        let mut is_over = false;
        Box::new(std::iter::from_fn(move || {
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
        }))
    }

    fn kind_of_list(&self, form: Form) -> (String, Cow<'_, str>) {
        match form {
            Form::Object => (format!("{}List", self.kind), (&*self.api_version).into()),
            Form::Metadata(version) => (
                "PartialObjectMetadataList".to_owned(),
                version.api_version().into(),
            ),
        }
    }

    /// The object without its kind, in the version asked for.
    fn bytes_of<'a>(&self, stored: &'a Stored) -> Cow<'a, [u8]> {
        if !self.is_event {
            return Cow::Borrowed(&stored.json);
        }
        let mut bytes = Vec::with_capacity(stored.json.len());
        events::write(stored, false, &mut bytes);
        Cow::Owned(bytes)
    }

    fn write_item(&self, stored: &Stored, bytes: &mut Vec<u8>) {
        match &self.style {
            Style::Json(Form::Object) if !self.is_custom => {
                bytes.extend_from_slice(&self.bytes_of(stored));
            }
            Style::Json(form) | Style::Protobuf(form, _) => self.write_json(stored, *form, bytes),
            Style::Table(table) => self.write_row(table, &stored.value(), Some(stored), bytes),
        }
    }

    /// Appends the row of `object`; `stored` is the object where there is one.
    fn write_row(
        &self,
        table: &Table,
        object: &Value,
        stored: Option<&Stored>,
        bytes: &mut Vec<u8>,
    ) {
        let mut written = Vec::new();
        match (table.form(), stored) {
            (None, _) => written.extend_from_slice(b"null"),
            (Some(form), Some(stored)) => self.write_json(stored, form, &mut written),
            (Some(form), None) => {
                let (kind, api_version) = self.kind_of(form);
                let mut whole = object.clone();
                if let Some(fields) = whole.as_object_mut() {
                    fields.insert("kind".to_owned(), kind.into());
                    fields.insert("apiVersion".to_owned(), api_version.into());
                }
                written.extend_from_slice(whole.to_string().as_bytes());
            }
        }
        table.row(object, &written, bytes);
    }

    fn write_json(&self, stored: &Stored, form: Form, bytes: &mut Vec<u8>) {
        match form {
            Form::Object if self.is_event => events::write(stored, true, bytes),
            Form::Object => stored.write_typed(&self.api_version, &self.kind, bytes),
            Form::Metadata(version) => write_metadata(stored, version, bytes),
        }
    }

    fn kind_of(&self, form: Form) -> (&str, &str) {
        match form {
            Form::Object => (&self.kind, &self.api_version),
            Form::Metadata(version) => ("PartialObjectMetadata", version.api_version()),
        }
    }

    /// Appends one object by itself.
    pub(super) fn write(&mut self, stored: &Stored, bytes: &mut Vec<u8>) {
        match &self.style {
            Style::Json(form) => self.write_json(stored, *form, bytes),
            Style::Protobuf(form, message) => {
                let (kind, api_version) = self.kind_of(*form);
                bytes.extend(protobuf::object(
                    api_version,
                    kind,
                    message,
                    &self.bytes_of(stored),
                ));
            }
            Style::Table(table) => {
                let metadata = json!({ "resourceVersion": stored.version.to_string() });
                bytes.extend_from_slice(table.head(&metadata, !table.has_told_columns).as_bytes());
                self.write_row(table, &stored.value(), Some(stored), bytes);
                bytes.extend_from_slice(b"]}");
                self.tell_columns_no_more();
            }
        }
    }

    /// Of the tables of a watch, the first alone says what its columns are.
    fn tell_columns_no_more(&mut self) {
        if let Style::Table(table) = &mut self.style {
            table.has_told_columns = true;
        }
    }

    /// Appends an event of a watch.
    pub(super) fn write_event(&mut self, word: &str, stored: &Stored, bytes: &mut Vec<u8>) {
        if let Style::Protobuf(..) = self.style {
            let mut object = Vec::with_capacity(stored.json.len());
            self.write(stored, &mut object);
            protobuf::event(word, &object, bytes);
            return;
        }
        bytes.extend_from_slice(b"{\"type\":\"");
        bytes.extend_from_slice(word.as_bytes());
        bytes.extend_from_slice(b"\",\"object\":");
        self.write(stored, bytes);
        bytes.extend_from_slice(b"}\n");
    }

    /// Appends a bookmark: everything up to `version` has been sent.
    pub(super) fn write_bookmark(&mut self, version: u64, ends_initial: bool, bytes: &mut Vec<u8>) {
        let mut metadata = json!({ "resourceVersion": version.to_string() });
        if ends_initial && let Some(fields) = metadata.as_object_mut() {
            fields.insert(
                "annotations".to_owned(),
                json!({ "k8s.io/initial-events-end": "true" }),
            );
        }
        let object = json!({ "metadata": metadata });
        match &self.style {
            Style::Json(form) => {
                let (kind, api_version) = self.kind_of(*form);
                let line = json!({
                    "type": "BOOKMARK",
                    "object": { "kind": kind, "apiVersion": api_version, "metadata": metadata },
                });
                bytes.extend_from_slice(format!("{line}\n").as_bytes());
            }
            Style::Protobuf(form, message) => {
                let (kind, api_version) = self.kind_of(*form);
                let json = object.to_string();
                let object = protobuf::object(api_version, kind, message, json.as_bytes());
                protobuf::event("BOOKMARK", &object, bytes);
            }
            Style::Table(table) => {
                let of_table = json!({ "resourceVersion": version.to_string() });
                bytes.extend_from_slice(b"{\"type\":\"BOOKMARK\",\"object\":");
                bytes.extend_from_slice(table.head(&of_table, !table.has_told_columns).as_bytes());
                self.write_row(table, &object, None, bytes);
                bytes.extend_from_slice(b"]}}\n");
                self.tell_columns_no_more();
            }
        }
    }

    /// Appends the error that ends a watch.
    pub(super) fn write_error(&self, status: &Value, bytes: &mut Vec<u8>) {
        if let Style::Protobuf(..) = self.style
            && let Some(message) = protobuf::message("v1", "Status")
        {
            let json = status.to_string();
            let object = protobuf::object("v1", "Status", message, json.as_bytes());
            protobuf::event("ERROR", &object, bytes);
            return;
        }
        let line = json!({ "type": "ERROR", "object": status });
        bytes.extend_from_slice(format!("{line}\n").as_bytes());
    }
}

/// Appends the object as `PartialObjectMetadata`.
pub(super) fn write_metadata(stored: &Stored, version: MetaVersion, bytes: &mut Vec<u8>) {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        metadata: &'a RawValue,
    }
    let head: Option<Head<'_>> = serde_json::from_slice(&stored.json).ok();
    bytes.extend_from_slice(b"{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"");
    bytes.extend_from_slice(version.api_version().as_bytes());
    bytes.extend_from_slice(b"\",\"metadata\":");
    bytes.extend_from_slice(head.map_or("{}", |head| head.metadata.get()).as_bytes());
    bytes.push(b'}');
}
