//! One kubeconfig file, read tolerantly.
//!
//! What can be read is kept and what cannot is named: an unknown field is nothing, a wrong field
//! costs its entry, and only a text that is no YAML costs the file. Each entry is taken apart by
//! hand (see [`fields`]) and not by a derived deserializer, since those stop at the first wrong
//! field and quote its value, which may be a secret.
//!
//! Format: <https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/>.

use std::{fmt::Write as _, path::Path, sync::Arc};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

mod cluster;
mod fields;
mod user;

pub(crate) use cluster::{ClusterEntry, Pem};
use fields::Fields;
pub(crate) use user::{AuthProvider, ExecPlugin, InteractiveMode, SecretPem, UserEntry};

/// The entries of one file.
#[derive(Debug, Default)]
pub(crate) struct Kubeconfig {
    /// The context that `kubectl` uses where none is named; empty where none is set.
    pub(crate) current_context: String,
    /// The contexts, in the order of the file.
    pub(crate) contexts: Vec<Entry<ContextEntry>>,
    /// The clusters that contexts name.
    pub(crate) clusters: Vec<Entry<ClusterEntry>>,
    /// The users that contexts name.
    pub(crate) users: Vec<Entry<UserEntry>>,
    /// What is wrong with it.
    pub(crate) problems: Vec<Problem>,
}

/// Something wrong in a file of which the rest can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The context it concerns; empty where it isn't a context.
    pub(crate) context: String,
    /// What is wrong, for people.
    pub(crate) message: String,
}

/// A named entry, or why it cannot be used.
#[derive(Debug)]
pub(crate) struct Entry<T> {
    /// Its name.
    pub(crate) name: String,
    /// What it says; else what is wrong with it, for people.
    pub(crate) value: Result<Arc<T>, String>,
    /// SHA-256 of what it says: tells whether it changed, without keeping the secrets in it.
    pub(crate) fingerprint: [u8; 32],
}

/// What a context says.
#[derive(Debug, Default)]
pub(crate) struct ContextEntry {
    /// The name of its cluster entry.
    pub(crate) cluster: String,
    /// The name of its user entry; empty for none.
    pub(crate) user: String,
    /// Its namespace; empty where none is set.
    pub(crate) namespace: String,
}

impl Kubeconfig {
    /// Reads the text `bytes` of the file at `path`, against whose folder relative paths are meant.
    /// Fails with a sentence for people where there is nothing to be read at all.
    pub(crate) fn parse(bytes: &[u8], path: &Path) -> Result<Self, String> {
        let text = decode(bytes)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut config = Self::default();
        for document in documents(&text)? {
            config.add_document(document, folder)?;
        }
        Ok(config)
    }

    /// Adds what one YAML document says; what an earlier one said wins.
    fn add_document(&mut self, document: Value, folder: &Path) -> Result<(), String> {
        let mut fields = match document {
            Value::Null => return Ok(()),
            Value::Object(fields) => fields,
            other => {
                return Err(format!(
                    "it is {}, not a kubeconfig",
                    fields::kind_of(&other)
                ));
            }
        };
        if let Some(Value::String(kind)) = fields.get("kind")
            && !kind.is_empty()
            && kind != "Config"
        {
            return Err(format!("it is a Kubernetes {kind}, not a kubeconfig"));
        }
        if self.current_context.is_empty() {
            match fields.remove("current-context") {
                None | Some(Value::Null) => {}
                Some(Value::String(name)) => self.current_context = name,
                Some(other) => self.problems.push(Problem {
                    context: String::new(),
                    message: format!(
                        "current-context is {}, not a name: put it in quotes",
                        fields::kind_of(&other)
                    ),
                }),
            }
        }
        let problems = &mut self.problems;
        read_entries(
            &mut fields,
            &CONTEXTS,
            &mut self.contexts,
            problems,
            read_context,
        );
        read_entries(
            &mut fields,
            &CLUSTERS,
            &mut self.clusters,
            problems,
            |entry| cluster::read(entry, folder),
        );
        read_entries(&mut fields, &USERS, &mut self.users, problems, |entry| {
            user::read(entry, folder)
        });
        Ok(())
    }
}

/// Finds the entry `name`.
pub(crate) fn find<'a, T>(entries: &'a [Entry<T>], name: &str) -> Option<&'a Entry<T>> {
    entries.iter().find(|entry| entry.name == name)
}

/// Where the entries of one kind stand.
struct Section {
    /// The key of the list.
    key: &'static str,
    /// The key within an entry, which is also what one is called.
    noun: &'static str,
}

const CONTEXTS: Section = Section {
    key: "contexts",
    noun: "context",
};
const CLUSTERS: Section = Section {
    key: "clusters",
    noun: "cluster",
};
const USERS: Section = Section {
    key: "users",
    noun: "user",
};

/// Adds the entries of one list, each on its own. Of equal names the first wins.
fn read_entries<T>(
    document: &mut Map<String, Value>,
    section: &Section,
    entries: &mut Vec<Entry<T>>,
    problems: &mut Vec<Problem>,
    read: impl Fn(Fields) -> Result<T, String>,
) {
    let Section { key, noun } = section;
    let mut complain = |context: &str, message: String| {
        problems.push(Problem {
            context: context.to_owned(),
            message,
        });
    };
    let list = match document.remove(*key) {
        None | Some(Value::Null) => return,
        Some(Value::Array(list)) => list,
        Some(other) => {
            complain(
                "",
                format!("{key} is {}, not a list", fields::kind_of(&other)),
            );
            return;
        }
    };
    for (position, item) in list.into_iter().enumerate() {
        let ordinal = position + 1;
        let Value::Object(mut item) = item else {
            complain(
                "",
                format!("entry {ordinal} of {key} is {}", fields::kind_of(&item)),
            );
            continue;
        };
        let name = match name_of(&mut item, &format!("entry {ordinal} of {key}")) {
            Ok(name) => name,
            Err(message) => {
                complain("", message);
                continue;
            }
        };
        if find(entries, &name).is_some() {
            complain(
                "",
                format!("the {noun} \"{name}\" stands twice; the first counts"),
            );
            continue;
        }
        let said = item.remove(*noun).unwrap_or(Value::Null);
        let fingerprint = Sha256::digest(said.to_string()).into();
        let value = Fields::of(said).and_then(&read).map(Arc::new);
        if let Err(message) = &value {
            let context = if *noun == CONTEXTS.noun {
                name.as_str()
            } else {
                ""
            };
            complain(
                context,
                format!("the {noun} \"{name}\" cannot be used: {message}"),
            );
        }
        entries.push(Entry {
            name,
            value,
            fingerprint,
        });
    }
}

/// Takes the name out of an entry that is called `entry` until it has one; else what is wrong with it.
fn name_of(item: &mut Map<String, Value>, entry: &str) -> Result<String, String> {
    match item.remove("name") {
        Some(Value::String(name)) if !name.is_empty() => Ok(name),
        None | Some(Value::Null | Value::String(_)) => Err(format!("{entry} has no name")),
        Some(other) => Err(format!(
            "the name of {entry} is {}: put it in quotes",
            fields::kind_of(&other)
        )),
    }
}

fn read_context(mut entry: Fields) -> Result<ContextEntry, String> {
    Ok(ContextEntry {
        cluster: entry.text("cluster")?.unwrap_or_default(),
        user: entry.text("user")?.unwrap_or_default(),
        namespace: entry.text("namespace")?.unwrap_or_default(),
    })
}

/// The YAML documents of `text`; JSON is YAML.
fn documents(text: &str) -> Result<Vec<Value>, String> {
    use serde_saphyr::options::DuplicateKeyPolicy;
    let options = serde_saphyr::options! {
        // As kubectl does.
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        // A context may be called `no` or `on`.
        strict_booleans: true,
        // A password may be `007`.
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        // A snippet would put secrets into the message.
        with_snippet: false,
    };
    serde_saphyr::from_multiple_with_options(text, options).map_err(|error| {
        let mut sentence = String::from("it is not valid YAML");
        // The parser's own words may quote the text, so only the place is told.
        if let Some(place) = error.location() {
            // Writing to a String does not fail.
            write!(
                sentence,
                " (line {}, column {})",
                place.line(),
                place.column()
            )
            .ok();
        }
        sentence
    })
}

/// The text of a file: UTF-8, or UTF-16 with a byte order mark, which is what PowerShell's `>`
/// writes.
fn decode(bytes: &[u8]) -> Result<String, String> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
            .map(unit)
            .collect();
        String::from_utf16(&units).map_err(|_| "it is not valid UTF-16 text".to_owned())
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => {
            String::from_utf8(rest.to_vec()).map_err(|_| "it is not text".to_owned())
        }
    }
}
