//! YAML as it was written: values that know their line.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::{Number, Value};
use serde_saphyr::Spanned;

use crate::error::Flaw;

/// A value of a YAML file.
pub(crate) type Located = Spanned<Yaml>;

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Yaml {
    Null,
    Boolean(bool),
    Number(Number),
    Text(String),
    List(Vec<Located>),
    Map(Vec<(Spanned<String>, Located)>),
}

/// The options under which recipes and manifests are read: words like `no` and `on` stay words, and
/// so does what only looks like a number, as in YAML 1.2.
pub(crate) fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    }
}

/// Reads one document.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Flaw> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| flaw(&error))
}

/// The documents of `text` as JSON, each with the line it starts on. Empty ones are left out.
pub(crate) fn documents(text: &str) -> Result<Vec<(u64, Value)>, Flaw> {
    let read: Vec<Located> =
        serde_saphyr::from_multiple_with_options(text, options()).map_err(|error| flaw(&error))?;
    Ok(read
        .iter()
        .filter(|document| !matches!(document.value, Yaml::Null))
        .map(|document| (line(document), document.value.to_json()))
        .collect())
}

/// The line of a value, counted from 1.
pub(crate) fn line<T>(value: &Spanned<T>) -> u64 {
    value.referenced.line().max(1)
}

fn flaw(error: &serde_saphyr::Error) -> Flaw {
    let place = error.location();
    let said = error.without_snippet().to_string();
    // The parser says the place at the end of its sentence; here it stands in front.
    let message = said
        .split(" at line ")
        .next()
        .unwrap_or(&said)
        .trim_end_matches([' ', ':'])
        .to_owned();
    Flaw::new(place.map_or(1, |place| place.line()), message)
}

impl Yaml {
    /// The value without its lines.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(value.clone()),
            Self::Text(value) => Value::String(value.clone()),
            Self::List(items) => items.iter().map(|item| item.value.to_json()).collect(),
            Self::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, value)| (key.value.clone(), value.value.to_json()))
                    .collect(),
            ),
        }
    }
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(YamlVisitor)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = Yaml;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Null)
    }

    fn visit_none<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<Yaml, D::Error> {
        Yaml::deserialize(reader)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Yaml, E> {
        Ok(Yaml::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Yaml, E> {
        Ok(Yaml::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Yaml, E> {
        Ok(Yaml::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Yaml, E> {
        Ok(Number::from_f64(value).map_or(Yaml::Null, Yaml::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Yaml, E> {
        Ok(Yaml::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Yaml, E> {
        Ok(Yaml::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut reader: A) -> Result<Yaml, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = reader.next_element()? {
            items.push(item);
        }
        Ok(Yaml::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut reader: A) -> Result<Yaml, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = reader.next_key::<Spanned<String>>()? {
            entries.push((key, reader.next_value()?));
        }
        Ok(Yaml::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_keys_know_their_lines() {
        let read: Located = read("a: 1\nb:\n  - x\n  - y: no\n").unwrap();
        let Yaml::Map(entries) = &read.value else {
            panic!("a map");
        };
        let (key, value) = &entries[1];
        assert_eq!((key.value.as_str(), line(key)), ("b", 2));
        let Yaml::List(items) = &value.value else {
            panic!("a list");
        };
        assert_eq!(line(&items[1]), 4);
        assert_eq!(
            read.value.to_json(),
            serde_json::json!({ "a": 1, "b": ["x", { "y": "no" }] })
        );
    }

    #[test]
    fn what_is_no_yaml_names_the_line() {
        let flaw = read::<Located>("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(flaw.line >= 2, "{flaw:?}");
        assert!(!flaw.message.is_empty());
    }

    #[test]
    fn documents_are_told_with_the_line_they_start_on() {
        let read = documents("kind: A\n---\n# nothing\n---\nkind: B\n").unwrap();
        let lines: Vec<u64> = read.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 5]);
    }
}
