//! Kubernetes' protobuf: the envelope, lists and watch events around objects.
//!
//! An object goes out as `k8s\0` and a `runtime.Unknown` that holds its kind and its bytes
//! (`k8s.io/apimachinery/pkg/runtime/serializer/protobuf`).

use bytes::Bytes;
use serde_json::Value;

pub(super) use self::messages::Message;
use self::wire::{field_bytes, field_text, nested};

mod decode;
mod encode;
mod messages;
mod wire;

const MAGIC: &[u8] = b"k8s\0";

/// Pieces of a list are at least this long.
const PIECE: usize = 64 * 1024;

/// The message of `kind` in `api_version`, if it has one.
pub(super) fn message(api_version: &str, kind: &str) -> Option<&'static Message> {
    messages::of_kind(api_version, kind)
}

/// One object, of which `json` is the text, in its envelope.
pub(super) fn object(api_version: &str, kind: &str, message: &Message, json: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(json.len());
    bytes.extend_from_slice(MAGIC);
    type_meta(api_version, kind, &mut bytes);
    nested(&mut bytes, 2, |bytes| encode::message(message, json, bytes));
    end_of_envelope(&mut bytes);
    bytes
}

/// A list in pieces. Its length stands at its head, so every item is encoded before the first piece
/// leaves; but none is ever more than its bytes.
pub(super) fn list<'j>(
    api_version: &str,
    kind: &str,
    message: &Message,
    metadata: &Value,
    items: impl Iterator<Item = &'j [u8]>,
) -> Vec<Bytes> {
    let mut pieces = vec![Bytes::new()];
    let mut piece = Vec::with_capacity(PIECE);
    if let Some(list_meta) = messages::named("meta.v1.ListMeta") {
        let metadata = metadata.to_string();
        nested(&mut piece, 1, |bytes| {
            encode::message(list_meta, metadata.as_bytes(), bytes);
        });
    }
    for json in items {
        nested(&mut piece, 2, |bytes| encode::message(message, json, bytes));
        if piece.len() >= PIECE {
            pieces.push(std::mem::replace(&mut piece, Vec::with_capacity(PIECE)).into());
        }
    }
    pieces.push(piece.into());
    let length: usize = pieces.iter().map(Bytes::len).sum();
    let mut head = MAGIC.to_vec();
    type_meta(api_version, kind, &mut head);
    wire::length_of(2, length, &mut head);
    if let Some(first) = pieces.first_mut() {
        *first = head.into();
    }
    let mut tail = Vec::new();
    end_of_envelope(&mut tail);
    pieces.push(tail.into());
    pieces
}

/// Appends an event of a watch: its length in four bytes, its word, and `object` in its envelope.
pub(super) fn event(word: &str, object: &[u8], bytes: &mut Vec<u8>) {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    field_text(1, word, bytes);
    nested(bytes, 2, |bytes| field_bytes(1, object, bytes));
    let length = u32::try_from(bytes.len() - start - 4).unwrap_or(u32::MAX);
    if let Some(prefix) = bytes.get_mut(start..start + 4) {
        prefix.copy_from_slice(&length.to_be_bytes());
    }
}

/// The object in an envelope, with its kind.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    let envelope = wire::fields(bytes.strip_prefix(MAGIC)?);
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    for (number, value) in envelope {
        match (number, value) {
            (1, wire::Value::Bytes(meta)) => {
                for (number, value) in wire::fields(meta) {
                    let text = value.text();
                    match number {
                        1 => api_version = text,
                        2 => kind = text,
                        _ => {}
                    }
                }
            }
            (2, wire::Value::Bytes(bytes)) => raw = bytes,
            _ => {}
        }
    }
    let message = match kind.as_str() {
        // Options are encoded as of the group that they are sent to.
        "DeleteOptions" => messages::named("meta.v1.DeleteOptions"),
        _ => message(&api_version, &kind),
    }?;
    let mut object = decode::message(message, raw);
    object.insert("kind".to_owned(), kind.into());
    object.insert("apiVersion".to_owned(), api_version.into());
    Some(object.into())
}

fn type_meta(api_version: &str, kind: &str, bytes: &mut Vec<u8>) {
    nested(bytes, 1, |bytes| {
        field_text(1, api_version, bytes);
        field_text(2, kind, bytes);
    });
}

/// Encoding and type of the content, which are empty where they are as expected.
fn end_of_envelope(bytes: &mut Vec<u8>) {
    field_text(3, "", bytes);
    field_text(4, "", bytes);
}

#[cfg(test)]
mod tests;
