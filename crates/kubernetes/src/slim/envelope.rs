//! How Kubernetes packs protobuf: an envelope around each object, a length before each watch event.
//!
//! Source: `k8s.io/apimachinery/pkg/runtime/serializer/protobuf` (the four magic bytes, then a
//! `runtime.Unknown`), `.../serializer/streaming` and `k8s.io/apimachinery/pkg/util/framer` (four
//! bytes of length, big endian, then a bare `meta.v1.WatchEvent`).

use bytes::Bytes;
use prost::{
    Message as _,
    encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field},
};

use super::{DecodeError, meta::ListMeta};

/// What stands before each object.
const MAGIC: &[u8] = b"k8s\0";

/// `runtime.Unknown`, of which the object's bytes are kept.
#[derive(Clone, PartialEq, prost::Message)]
struct Unknown {
    #[prost(bytes = "bytes", tag = "2")]
    raw: Bytes,
}

/// `meta.v1.WatchEvent`.
#[derive(Clone, PartialEq, prost::Message)]
struct WatchEvent {
    #[prost(string, tag = "1")]
    kind: String,
    #[prost(message, required, tag = "2")]
    object: RawExtension,
}

/// `runtime.RawExtension`.
#[derive(Clone, PartialEq, prost::Message)]
struct RawExtension {
    #[prost(bytes = "bytes", tag = "1")]
    raw: Bytes,
}

/// The object's bytes in its envelope; nothing is copied.
pub(crate) fn unwrap(body: &Bytes) -> Result<Bytes, DecodeError> {
    if !body.starts_with(MAGIC) {
        return Err(DecodeError::NoMagic);
    }
    Ok(Unknown::decode(body.slice(MAGIC.len()..))?.raw)
}

/// The object in its envelope.
pub(crate) fn object<T: prost::Message + Default>(body: &Bytes) -> Result<T, DecodeError> {
    Ok(T::decode(unwrap(body)?)?)
}

/// The word and the object (still in its envelope) of a watch event.
pub(crate) fn watch_event(frame: Bytes) -> Result<(String, Bytes), DecodeError> {
    let event = WatchEvent::decode(frame)?;
    Ok((event.kind, event.object.raw))
}

/// Walks over a list in its envelope, hands each item to `each` as soon as it is decoded, and
/// gives the list's own metadata. Every `XList` has its metadata in field 1 and its items in 2.
pub(crate) fn list<T: prost::Message + Default>(
    body: &Bytes,
    mut each: impl FnMut(T),
) -> Result<ListMeta, DecodeError> {
    let mut rest = unwrap(body)?;
    let mut meta = ListMeta::default();
    while !rest.is_empty() {
        let (tag, wire_type) = decode_key(&mut rest)?;
        match (tag, wire_type) {
            (1, WireType::LengthDelimited) => meta = ListMeta::decode(delimited(&mut rest)?)?,
            (2, WireType::LengthDelimited) => each(T::decode(delimited(&mut rest)?)?),
            _ => skip_field(wire_type, tag, &mut rest, DecodeContext::default())?,
        }
    }
    Ok(meta)
}

/// Takes a field's bytes off the front of `rest`.
fn delimited(rest: &mut Bytes) -> Result<Bytes, DecodeError> {
    let length = decode_varint(rest)?;
    match usize::try_from(length) {
        Ok(length) if length <= rest.len() => Ok(rest.split_to(length)),
        // The decoder names the fault: a message that is shorter than it says.
        _ => Err(ListMeta::decode_length_delimited(Bytes::from_static(&[1]))
            .map_or_else(DecodeError::Protobuf, |_| DecodeError::NoMagic)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slim::meta::ObjectMeta;

    fn in_envelope(message: &impl prost::Message) -> Bytes {
        let unknown = Unknown {
            raw: message.encode_to_vec().into(),
        };
        [MAGIC, &unknown.encode_to_vec()].concat().into()
    }

    #[test]
    fn an_object_comes_out_of_its_envelope() {
        let meta = ObjectMeta {
            name: "gpu-a".to_owned(),
            ..ObjectMeta::default()
        };
        assert_eq!(object::<ObjectMeta>(&in_envelope(&meta)).unwrap(), meta);
    }

    #[test]
    fn bytes_without_the_magic_are_refused() {
        let answer = object::<ObjectMeta>(&Bytes::from_static(b"{\"kind\":\"Pod\"}"));
        assert!(matches!(answer, Err(DecodeError::NoMagic)));
    }

    #[test]
    fn a_list_that_breaks_off_is_refused() {
        // Field 2 announces 100 bytes and has one.
        let unknown = Unknown {
            raw: Bytes::from_static(&[0x12, 100, 0]),
        };
        let body: Bytes = [MAGIC, &unknown.encode_to_vec()].concat().into();
        assert!(matches!(
            list::<ObjectMeta>(&body, drop),
            Err(DecodeError::Protobuf(_))
        ));
    }
}
