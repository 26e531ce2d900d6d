//! From the JSON text of an object to its protobuf bytes, without anything in between: a list of
//! 100,000 pods goes this way.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde::{
    Deserialize as _, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    messages::{self, Field, Kind, Message},
    wire::{field_bytes, field_double, field_number, field_text, nested},
};

/// Appends the fields of the object whose text is `json`. What the message does not know is left
/// out, as is what does not fit.
pub(super) fn message(message: &Message, json: &[u8], bytes: &mut Vec<u8>) {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    // The text is one that the server itself wrote.
    if let Err(error) = deserializer.deserialize_map(Fields { message, bytes }) {
        tracing::error!(%error, "an object cannot be written as protobuf");
    }
}

/// The fields of a message.
struct Fields<'a> {
    message: &'a Message,
    bytes: &'a mut Vec<u8>,
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(field) = map.next_key_seed(Name(self.message))? {
            match field {
                Some(field) => within(&field.within, self.bytes, |bytes| {
                    map.next_value_seed(Slot {
                        number: field.number,
                        kind: &field.kind,
                        bytes,
                    })
                })?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The name of a field: gives the field, if the message has it.
struct Name<'a>(&'a Message);

impl<'de, 'a> DeserializeSeed<'de> for Name<'a> {
    type Value = Option<&'a Field>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Name<'a> {
    type Value = Option<&'a Field>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.field(name))
    }
}

/// Writes inside the embedded messages `numbers`. Each field opens them anew: readers merge them.
fn within<R>(numbers: &[u32], bytes: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> R) -> R {
    match numbers {
        [] => write(bytes),
        [outer] => nested(bytes, *outer, write),
        [outer, inner, ..] => nested(bytes, *outer, |bytes| nested(bytes, *inner, write)),
    }
}

/// A place for one value: the field that it is written to.
struct Slot<'a> {
    number: u32,
    kind: &'a Kind,
    bytes: &'a mut Vec<u8>,
}

impl Slot<'_> {
    fn misfit<E: Error>(&self, what: &str) -> E {
        E::custom(format!("{what} does not fit {:?}", self.kind))
    }
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if *self.kind == Kind::Raw {
            let raw = <&RawValue>::deserialize(deserializer)?;
            nested(self.bytes, self.number, |bytes| {
                field_text(1, raw.get(), bytes);
            });
            return Ok(());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Slot<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.kind)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<(), E> {
        match self.kind {
            Kind::Flag => field_number(self.number, u64::from(flag), self.bytes),
            Kind::SchemaOrFlag => nested(self.bytes, self.number, |bytes| {
                field_number(1, u64::from(flag), bytes);
            }),
            _ => return Err(self.misfit("a flag")),
        }
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        match self.kind {
            Kind::Integer => field_number(self.number, number, self.bytes),
            #[expect(
                clippy::cast_precision_loss,
                reason = "numbers of this kind are small: they came as a double"
            )]
            Kind::Double => field_double(self.number, number as f64, self.bytes),
            Kind::IntOrText => nested(self.bytes, self.number, |bytes| {
                field_number(1, 0, bytes);
                field_number(2, number, bytes);
            }),
            Kind::Quantity => nested(self.bytes, self.number, |bytes| {
                field_text(1, &number.to_string(), bytes);
            }),
            _ => return Err(self.misfit("a number")),
        }
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        // Negative numbers are written in two's complement, in ten bytes.
        self.visit_u64(number.cast_unsigned())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        match self.kind {
            Kind::Double => field_double(self.number, number, self.bytes),
            Kind::Quantity => nested(self.bytes, self.number, |bytes| {
                field_text(1, &number.to_string(), bytes);
            }),
            _ => return Err(self.misfit("a fraction")),
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.kind {
            Kind::Text => field_text(self.number, text, self.bytes),
            Kind::Quantity => nested(self.bytes, self.number, |bytes| field_text(1, text, bytes)),
            Kind::IntOrText => nested(self.bytes, self.number, |bytes| {
                field_number(1, 1, bytes);
                field_text(3, text, bytes);
            }),
            Kind::Bytes => {
                let value = STANDARD.decode(text).map_err(E::custom)?;
                field_bytes(self.number, &value, self.bytes);
            }
            Kind::Time | Kind::MicroTime => {
                let time: Timestamp = text.parse().map_err(E::custom)?;
                let nanoseconds = time.subsec_nanosecond();
                nested(self.bytes, self.number, |bytes| {
                    field_number(1, time.as_second().cast_unsigned(), bytes);
                    field_number(2, i64::from(nanoseconds).cast_unsigned(), bytes);
                });
            }
            _ => return Err(self.misfit("a text")),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut each = |number: u32, kind: &Kind, bytes: &mut Vec<u8>| {
            while items
                .next_element_seed(Slot {
                    number,
                    kind,
                    bytes,
                })?
                .is_some()
            {}
            Ok(())
        };
        match self.kind {
            Kind::List(kind) => each(self.number, kind, self.bytes),
            Kind::TextList => nested(self.bytes, self.number, |bytes| each(1, &Kind::Text, bytes)),
            Kind::SchemaOrTexts => {
                nested(self.bytes, self.number, |bytes| each(2, &Kind::Text, bytes))
            }
            Kind::SchemaOrSchemas => {
                let schema = messages::schema_kind();
                nested(self.bytes, self.number, |bytes| each(2, &schema, bytes))
            }
            _ => Err(self.misfit("a list")),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self.kind {
            Kind::Message(index) => {
                let Some(message) = messages::at(*index) else {
                    return Err(self.misfit("an object"));
                };
                nested(self.bytes, self.number, |bytes| {
                    Fields { message, bytes }.visit_map(map)
                })
            }
            Kind::Map(kind) => {
                while let Some(key) = map.next_key::<std::borrow::Cow<'_, str>>()? {
                    nested(self.bytes, self.number, |bytes| {
                        field_text(1, &key, bytes);
                        map.next_value_seed(Slot {
                            number: 2,
                            kind,
                            bytes,
                        })
                    })?;
                }
                Ok(())
            }
            Kind::SchemaOrFlag | Kind::SchemaOrSchemas | Kind::SchemaOrTexts => {
                let Some(message) = messages::schema() else {
                    return Err(self.misfit("an object"));
                };
                let is_flag = *self.kind == Kind::SchemaOrFlag;
                nested(self.bytes, self.number, |bytes| {
                    // A schema allows what it describes.
                    if is_flag {
                        field_number(1, 1, bytes);
                    }
                    nested(bytes, 1 + u32::from(is_flag), |bytes| {
                        Fields { message, bytes }.visit_map(map)
                    })
                })
            }
            _ => Err(self.misfit("an object")),
        }
    }
}
