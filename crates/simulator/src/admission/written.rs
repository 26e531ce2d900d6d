//! The body of a request, read so that a field which is written twice is noticed.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// An object as a client wrote it.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) object: Value,
    /// The fields that are written twice; the later one holds.
    pub(crate) duplicates: Vec<String>,
}

impl Written {
    /// Reads JSON.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, serde_json::Error> {
        let mut duplicates = Vec::new();
        let mut reader = serde_json::Deserializer::from_slice(text);
        let object = At {
            path: String::new(),
            duplicates: &mut duplicates,
        }
        .deserialize(&mut reader)?;
        reader.end()?;
        Ok(Self { object, duplicates })
    }
}

/// A value at a path.
struct At<'a> {
    path: String,
    duplicates: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let path = format!("{}[{}]", self.path, list.len());
            let at = At {
                path,
                duplicates: self.duplicates,
            };
            match items.next_element_seed(at)? {
                Some(item) => list.push(item),
                None => return Ok(list.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let path = join(&self.path, &name);
            if path.len() > 1 << 16 {
                return Err(A::Error::custom("exceeded max depth"));
            }
            if fields.contains_key(&name) {
                self.duplicates.push(path.clone());
            }
            let at = At {
                path,
                duplicates: self.duplicates,
            };
            let value = entries.next_value_seed(at)?;
            fields.insert(name, value);
        }
        Ok(fields.into())
    }
}

/// The path of the field `name` of what is at `path`.
pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_is_written_twice_is_noticed() {
        let text = br#"{"a":1,"b":[{"c":1,"c":2}],"a":null}"#;
        let written = Written::parse(text).unwrap();
        assert_eq!(written.object, json!({ "a": null, "b": [{ "c": 2 }] }));
        assert_eq!(written.duplicates, ["b[0].c", "a"]);
    }
}
