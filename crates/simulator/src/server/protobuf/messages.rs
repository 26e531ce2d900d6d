//! The messages of all kinds, read from a table that is made from the types of Kubernetes (see the
//! README beside it).

use std::{collections::HashMap, sync::LazyLock};

/// A message: its fields by the names that they have in JSON, and by their numbers.
#[derive(Debug, Default)]
pub(in crate::server) struct Message {
    /// Sorted by name. A field of an embedded struct is here too, with the way to it.
    by_name: Vec<(&'static str, Field)>,
    /// Sorted by number.
    by_number: Vec<Numbered>,
}

/// A field as it is found by name.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The numbers of the embedded messages around it, which JSON does not show.
    pub(super) within: Vec<u32>,
    pub(super) number: u32,
    pub(super) kind: Kind,
}

/// A field as it is found by number.
#[derive(Debug)]
pub(super) struct Numbered {
    number: u32,
    /// None for an embedded struct, whose fields are those of the outer one in JSON.
    pub(super) name: Option<&'static str>,
    pub(super) kind: Kind,
    /// Whether JSON leaves the field out where it is the zero of its type.
    pub(super) omits_zero: bool,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    Integer,
    Double,
    /// In JSON in base 64.
    Bytes,
    /// In JSON a text, here seconds and nanoseconds.
    Time,
    MicroTime,
    /// In JSON a text, here a message with it.
    Quantity,
    IntOrText,
    /// JSON itself, as bytes.
    Raw,
    /// A list of texts that is a message of its own.
    TextList,
    /// A schema or a flag, a schema or several, a schema or names: of definitions.
    SchemaOrFlag,
    SchemaOrSchemas,
    SchemaOrTexts,
    /// The index of a message.
    Message(usize),
    List(Box<Kind>),
    Map(Box<Kind>),
}

struct Table {
    messages: Vec<Message>,
    by_name: HashMap<&'static str, usize>,
    kinds: HashMap<(&'static str, &'static str), usize>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("messages.txt")));

/// The message of `kind` in `api_version`.
pub(super) fn of_kind(api_version: &str, kind: &str) -> Option<&'static Message> {
    let index = TABLE.kinds.get(&(api_version, kind))?;
    TABLE.messages.get(*index)
}

/// The message `name` of the table.
pub(super) fn named(name: &str) -> Option<&'static Message> {
    TABLE.messages.get(*TABLE.by_name.get(name)?)
}

/// The schema of definitions, which contains itself.
pub(super) fn schema() -> Option<&'static Message> {
    named("apiextensions.v1.JSONSchemaProps")
}

/// The schema of definitions as the kind of a field.
pub(super) fn schema_kind() -> Kind {
    let index = TABLE.by_name.get("apiextensions.v1.JSONSchemaProps");
    Kind::Message(index.copied().unwrap_or(usize::MAX))
}

/// The message at `index`, as [`Kind::Message`] names it.
pub(super) fn at(index: usize) -> Option<&'static Message> {
    TABLE.messages.get(index)
}

impl Message {
    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        let at = self
            .by_name
            .binary_search_by(|(known, _)| (*known).cmp(name))
            .ok()?;
        self.by_name.get(at).map(|(_, field)| field)
    }

    pub(super) fn numbered(&self, number: u32) -> Option<&Numbered> {
        let at = self
            .by_number
            .binary_search_by_key(&number, |field| field.number)
            .ok()?;
        self.by_number.get(at)
    }
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Self {
            messages: Vec::new(),
            by_name: HashMap::new(),
            kinds: HashMap::new(),
        };
        let mut lines = Vec::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("message ") {
                let (name, fields) = rest.split_once(' ').unwrap_or((rest, ""));
                table.by_name.insert(name, lines.len());
                lines.push(fields);
            }
        }
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            if let ["kind", api_version, kind, message] = *words.as_slice()
                && let Some(index) = table.by_name.get(message)
            {
                table.kinds.insert((api_version, kind), *index);
            }
        }
        for fields in &lines {
            let mut by_number: Vec<Numbered> = fields
                .split_whitespace()
                .filter_map(|field| table.field(field))
                .collect();
            by_number.sort_by_key(|field| field.number);
            table.messages.push(Message {
                by_name: Vec::new(),
                by_number,
            });
        }
        for index in 0..table.messages.len() {
            let mut named = Vec::new();
            table.flatten(index, &[], &mut named);
            named.sort_by_key(|(name, _)| *name);
            if let Some(message) = table.messages.get_mut(index) {
                message.by_name = named;
            }
        }
        table
    }

    /// Reads `NAME=NUMBER[?]:KIND`.
    fn field(&self, text: &'static str) -> Option<Numbered> {
        let (name, rest) = text.split_once('=')?;
        let (number, kind) = rest.split_once(':')?;
        Some(Numbered {
            number: number.trim_end_matches('?').parse().ok()?,
            name: (name != "^").then_some(name),
            kind: self.kind(kind)?,
            omits_zero: number.ends_with('?'),
        })
    }

    fn kind(&self, text: &'static str) -> Option<Kind> {
        Some(match text {
            "s" => Kind::Text,
            "b" => Kind::Flag,
            "i" => Kind::Integer,
            "d" => Kind::Double,
            "y" => Kind::Bytes,
            "T" => Kind::Time,
            "U" => Kind::MicroTime,
            "Q" => Kind::Quantity,
            "I" => Kind::IntOrText,
            "R" => Kind::Raw,
            "W" => Kind::TextList,
            "O" => Kind::SchemaOrFlag,
            "A" => Kind::SchemaOrSchemas,
            "L" => Kind::SchemaOrTexts,
            _ => {
                if let Some(item) = text.strip_prefix('*') {
                    Kind::List(Box::new(self.kind(item)?))
                } else if let Some(value) = text.strip_prefix('%') {
                    Kind::Map(Box::new(self.kind(value)?))
                } else {
                    Kind::Message(*self.by_name.get(text)?)
                }
            }
        })
    }

    /// The fields of a message, and those of the structs that it embeds, by name.
    fn flatten(&self, index: usize, within: &[u32], named: &mut Vec<(&'static str, Field)>) {
        let Some(message) = self.messages.get(index) else {
            return;
        };
        for field in &message.by_number {
            match (field.name, &field.kind) {
                (Some(name), kind) => named.push((
                    name,
                    Field {
                        within: within.to_vec(),
                        number: field.number,
                        kind: kind.clone(),
                    },
                )),
                (None, Kind::Message(inner)) => {
                    let within: Vec<u32> = within.iter().copied().chain([field.number]).collect();
                    self.flatten(*inner, &within, named);
                }
                (None, _) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let text = include_str!("messages.txt");
        let fields: usize = text
            .lines()
            .filter_map(|line| line.strip_prefix("message "))
            .map(|line| line.split(' ').count() - 1)
            .sum();
        let read: usize = TABLE
            .messages
            .iter()
            .map(|message| message.by_number.len())
            .sum();
        assert_eq!(read, fields);
        assert!(of_kind("v1", "Pod").is_some());
        assert!(of_kind("resource.k8s.io/v1", "ResourceSlice").is_some());
    }

    #[test]
    fn fields_of_embedded_structs_are_found_by_name() {
        let volume = named("core.v1.Volume").unwrap();
        let config_map = volume.field("configMap").unwrap();
        assert_eq!(
            (config_map.within.as_slice(), config_map.number),
            (&[2][..], 19)
        );
    }
}
