//! Manifests: YAML documents, and the line of each of their fields.
//!
//! Scalars are read as kubectl reads them, but for one: only `true` and `false` are flags, so that a
//! text `no` stays a text.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use serde_saphyr::{Spanned, options::DuplicateKeyPolicy};
use strata_api::{
    change::{Obstacle, ObstacleKind},
    phrases::{Phrase, PhraseCode, PhraseValue},
};
use strata_domain::field_path::{FieldPath, PathStep};

/// A document of the manifests, or an item of one that is a list.
#[derive(Debug)]
pub(crate) struct Document {
    /// The object.
    pub(crate) object: Value,
    /// The lines of its fields.
    pub(crate) lines: Lines,
}

/// The line at which a value begins, and those of what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    /// The line, from 1.
    pub(crate) line: u32,
    fields: BTreeMap<String, Lines>,
    items: Vec<Lines>,
}

/// The most bytes that are read at once: an API server takes no object above 1.5 MiB, and nobody
/// reviews more of them.
const LONGEST: usize = 8 << 20;

/// Reads `text`. Documents without content are left out, lists are taken apart. What is no object of
/// Kubernetes is an obstacle, each with its line; with a fault in the YAML itself nothing is read.
pub(crate) fn read(text: &str) -> (Vec<Document>, Vec<Obstacle>) {
    if let Some(kept) = text.as_bytes().get(..LONGEST)
        && text.len() > LONGEST
    {
        let phrase = Phrase::new(PhraseCode::ManifestTooLong).with("most", bytes(LONGEST));
        return (Vec::new(), vec![broken(phrase, Some(lines_of(kept)))]);
    }
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::Error,
        strict_booleans: true,
        // `defaultMode: 0644` has always been octal.
        legacy_octal_numbers: true,
        with_snippet: false,
    };
    let read: Result<Vec<Located>, _> = serde_saphyr::from_multiple_with_options(text, options);
    let documents = match read {
        Ok(documents) => documents,
        Err(error) => {
            let line = error
                .location()
                .and_then(|place| u32::try_from(place.line()).ok());
            let phrase = Phrase::new(PhraseCode::YamlBroken);
            let mut obstacle = broken(phrase, Some(line.unwrap_or(1).max(1)));
            obstacle.details = vec![error.to_string()];
            return (Vec::new(), vec![obstacle]);
        }
    };
    let (mut found, mut obstacles) = (Vec::new(), Vec::new());
    for Located { value, lines } in documents {
        if value.is_null() {
            continue;
        }
        let is_list = value
            .get("kind")
            .and_then(Value::as_str)
            .is_some_and(|kind| kind.ends_with("List"));
        match value.get("items") {
            Some(Value::Array(items)) if is_list => {
                let item_lines = lines.fields.get("items").map(|items| items.items.clone());
                let mut item_lines = item_lines.unwrap_or_default().into_iter();
                for item in items {
                    let lines = item_lines.next().unwrap_or_default();
                    check(item.clone(), lines, &mut found, &mut obstacles);
                }
            }
            _ => check(value, lines, &mut found, &mut obstacles),
        }
    }
    if found.is_empty() && obstacles.is_empty() {
        obstacles.push(broken(Phrase::new(PhraseCode::ManifestEmpty), Some(1)));
    }
    (found, obstacles)
}

/// The line on which `text` ends.
fn lines_of(text: &[u8]) -> u32 {
    u32::try_from(text.split(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a few MiB are far below 2^53")]
fn bytes(count: usize) -> PhraseValue {
    PhraseValue::Bytes(count as f64)
}

/// Takes a document that names its kind and itself.
fn check(object: Value, lines: Lines, found: &mut Vec<Document>, obstacles: &mut Vec<Obstacle>) {
    if !object.is_object() {
        let phrase = Phrase::new(PhraseCode::ManifestNoObject);
        obstacles.push(broken(phrase, Some(lines.line)));
        return;
    }
    let faults = obstacles.len();
    for field in ["/apiVersion", "/kind", "/metadata/name"] {
        let code = match object.pointer(field) {
            Some(Value::String(text)) if !text.trim().is_empty() => continue,
            None | Some(Value::Null) => PhraseCode::ManifestLacks,
            Some(_) => PhraseCode::ManifestNoText,
        };
        let path = field.replace('/', ".");
        let phrase = Phrase::new(code).with("field", path.trim_start_matches('.'));
        obstacles.push(broken(phrase, Some(lines.at(&object, &path))));
    }
    match object.pointer("/metadata/namespace") {
        None | Some(Value::Null | Value::String(_)) => {}
        Some(_) => {
            let phrase =
                Phrase::new(PhraseCode::ManifestNoText).with("field", "metadata.namespace");
            let line = lines.at(&object, ".metadata.namespace");
            obstacles.push(broken(phrase, Some(line)));
        }
    }
    if obstacles.len() == faults {
        found.push(Document { object, lines });
    }
}

/// A fault of the manifests.
pub(crate) fn broken(sentence: Phrase, line: Option<u32>) -> Obstacle {
    Obstacle {
        kind: ObstacleKind::Manifest,
        sentence,
        details: Vec::new(),
        line,
    }
}

impl Lines {
    /// The line of the field of `object` that the API server names `path`, or of what is nearest
    /// to it.
    pub(crate) fn at(&self, object: &Value, path: &str) -> u32 {
        let place = FieldPath::follow(object, path).path;
        let (mut lines, mut value) = (self, object);
        for (depth, step) in place.0.iter().enumerate() {
            let below = match (step, value) {
                (PathStep::Field(name), _) => lines.fields.get(name),
                (_, Value::Array(items)) => {
                    let item = FieldPath(place.0.iter().take(depth + 1).cloned().collect());
                    let item = item.get(object);
                    let at = items.iter().position(|there| Some(there) == item);
                    at.and_then(|at| lines.items.get(at))
                }
                _ => None,
            };
            let Some(below) = below else {
                break;
            };
            lines = below;
            let so_far = FieldPath(place.0.iter().take(depth + 1).cloned().collect());
            match so_far.get(object) {
                Some(next) => value = next,
                None => break,
            }
        }
        lines.line
    }
}

/// A value with its lines.
struct Located {
    value: Value,
    lines: Lines,
}

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned {
            value: Inner(mut located),
            referenced,
            ..
        } = Spanned::deserialize(deserializer)?;
        located.lines.line = u32::try_from(referenced.line()).unwrap_or_default();
        Ok(located)
    }
}

/// The same, before its own line is known.
struct Inner(Located);

impl<'de> Deserialize<'de> for Inner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

/// Takes whatever YAML has.
struct AnyValue;

impl AnyValue {
    fn plain(value: impl Into<Value>) -> Located {
        Located {
            value: value.into(),
            lines: Lines::default(),
        }
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Located;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Located, E> {
        Ok(Self::plain(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Located, E> {
        Ok(Self::plain(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Located, E> {
        Ok(Self::plain(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Located, E> {
        let number = Number::from_f64(value)
            .ok_or_else(|| E::custom("not a number that Kubernetes knows"))?;
        Ok(Self::plain(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Located, E> {
        Ok(Self::plain(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Located, E> {
        Ok(Self::plain(value))
    }

    fn visit_unit<E>(self) -> Result<Located, E> {
        Ok(Self::plain(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Located, E> {
        Ok(Self::plain(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Located, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Located, A::Error> {
        let (mut values, mut lines) = (Vec::new(), Lines::default());
        while let Some(item) = seq.next_element::<Located>()? {
            values.push(item.value);
            lines.items.push(item.lines);
        }
        Ok(Located {
            value: Value::Array(values),
            lines,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Located, A::Error> {
        let (mut fields, mut lines) = (Map::new(), Lines::default());
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let mut below = map.next_value::<Located>()?;
            // A map begins a line after the name of the field that holds it.
            let named_at = u32::try_from(key.referenced.line()).unwrap_or_default();
            if named_at > 0 {
                below.lines.line = named_at;
            }
            if fields.insert(key.value.clone(), below.value).is_some() {
                return Err(A::Error::custom(format!(
                    "the field {} stands twice",
                    key.value
                )));
            }
            lines.fields.insert(key.value, below.lines);
        }
        Ok(Located {
            value: Value::Object(fields),
            lines,
        })
    }
}

#[cfg(test)]
mod tests;
