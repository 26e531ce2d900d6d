//! Templates: trees with places for values.
//!
//! A template is ordinary YAML, in which
//!
//! - `${gpus}` as a whole value is the parameter's value, of its own type;
//! - `${gpus}` within a text is the value as text (`$${` stands for `${`); the text stays one text;
//! - `{$if: FORMULA, $then: X, $else: Y}` is one of the two, or nothing without `$else`;
//! - `{$value: FORMULA}` is what the formula comes to;
//! - `{$splice: X}`, as an entry of a list, is the entries of the list `X`;
//! - `{$shared: ID}`, as an entry of a list, is the objects of that id in `shared/manifests.yaml`;
//! - `{$json: X}` is a text: `X` written as JSON.
//!
//! What has no value is left out, and so is what has lost all of its parts by that; a mapping that
//! is written empty stays. Values are put into the tree, never into its text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::{
    error::Flaw,
    formula::{Formula, Settings},
    located::{Located, Yaml, line},
    setting::Setting,
};

/// A part of a template.
#[derive(Debug)]
pub(crate) enum Node {
    Constant(Value),
    /// A parameter's value, as a node of its own type.
    Place(String),
    Text(Vec<Piece>),
    Formula(Formula),
    Choice {
        condition: Formula,
        then: Box<Node>,
        otherwise: Option<Box<Node>>,
    },
    Json(Box<Node>),
    List(Vec<Item>),
    Map(Vec<Entry>),
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Constant(String),
    Place(String),
}

/// An entry of a list.
#[derive(Debug)]
pub(crate) enum Item {
    One(Node),
    /// The entries of a list, and the line for faults.
    Several(Node, u64),
}

/// An entry of a mapping.
#[derive(Debug)]
pub(crate) struct Entry {
    key: Vec<Piece>,
    line: u64,
    node: Node,
}

/// Lists of objects that several recipes have, by id.
pub(crate) type SharedManifests = BTreeMap<String, Located>;

/// What a template may speak of.
pub(crate) struct Known<'a> {
    /// Parameters.
    pub(crate) all: BTreeSet<String>,
    /// Those that can stand within text.
    pub(crate) inline: BTreeSet<String>,
    /// Lists of objects.
    pub(crate) manifests: &'a SharedManifests,
}

impl Node {
    /// Reads a template.
    pub(crate) fn read(source: &Located, known: &Known<'_>) -> Result<Self, Flaw> {
        match &source.value {
            Yaml::Text(text) => Self::of_text(text, line(source), known),
            Yaml::List(items) => {
                let items = items.iter().map(|item| Item::read(item, known));
                Ok(Self::List(items.collect::<Result<_, _>>()?))
            }
            Yaml::Map(entries) if is_directive(entries) => directive(entries, line(source), known),
            Yaml::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    Ok(Entry {
                        key: pieces(&key.value, line(key), known)?,
                        line: line(key),
                        node: Self::read(value, known)?,
                    })
                });
                Ok(Self::Map(entries.collect::<Result<_, Flaw>>()?))
            }
            constant => Ok(Self::Constant(constant.to_json())),
        }
    }

    fn of_text(text: &str, line: u64, known: &Known<'_>) -> Result<Self, Flaw> {
        let whole = text
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'))
            .filter(|name| !name.contains(['$', '{', '}']));
        if let Some(name) = whole {
            return if known.all.contains(name) {
                Ok(Self::Place(name.to_owned()))
            } else {
                Err(no_parameter(name, line))
            };
        }
        Ok(Self::Text(pieces(text, line, known)?))
    }

    /// The tree with `settings` in their places; none where nothing is left of it.
    pub(crate) fn fill(&self, settings: &Settings) -> Result<Option<Value>, Flaw> {
        match self {
            Self::Constant(value) => Ok(Some(value.clone())),
            Self::Place(name) => {
                let setting = settings.get(name).and_then(Option::as_ref);
                Ok(setting.map(Setting::node).filter(is_something))
            }
            Self::Text(pieces) => Ok(filled(pieces, settings).map(Value::String)),
            Self::Formula(formula) => formula.value(settings),
            Self::Choice {
                condition,
                then,
                otherwise,
            } => {
                if condition.holds(settings)? {
                    then.fill(settings)
                } else {
                    otherwise
                        .as_ref()
                        .map_or(Ok(None), |node| node.fill(settings))
                }
            }
            Self::Json(node) => Ok(node
                .fill(settings)?
                .map(|value| Value::String(format!("{value:#}")))),
            Self::List(items) => {
                let mut filled = Vec::with_capacity(items.len());
                for item in items {
                    item.fill(settings, &mut filled)?;
                }
                let is_lost = filled.is_empty() && !items.is_empty();
                Ok((!is_lost).then_some(Value::Array(filled)))
            }
            Self::Map(entries) => fill_map(entries, settings),
        }
    }
}

impl Item {
    fn read(source: &Located, known: &Known<'_>) -> Result<Self, Flaw> {
        if let Yaml::Map(entries) = &source.value
            && let [(key, value)] = entries.as_slice()
            && key.value == "$splice"
        {
            return Ok(Self::Several(Node::read(value, known)?, line(key)));
        }
        if let Yaml::Map(entries) = &source.value
            && let [(key, value)] = entries.as_slice()
            && key.value == "$shared"
        {
            return Ok(Self::Several(shared(value, known)?, line(key)));
        }
        Node::read(source, known).map(Self::One)
    }

    fn fill(&self, settings: &Settings, into: &mut Vec<Value>) -> Result<(), Flaw> {
        match self {
            Self::One(node) => into.extend(node.fill(settings)?),
            Self::Several(node, line) => match node.fill(settings)? {
                None => {}
                Some(Value::Array(items)) => into.extend(items),
                Some(_) => return Err(Flaw::new(*line, "`$splice` needs a list")),
            },
        }
        Ok(())
    }
}

/// The shared objects that `name` names. Their flaws are told where they are taken: it is the recipe
/// that lacks what they speak of.
fn shared(name: &Located, known: &Known<'_>) -> Result<Node, Flaw> {
    let at = line(name);
    let found = match &name.value {
        Yaml::Text(name) => known.manifests.get(name).map(|found| (name, found)),
        _ => None,
    };
    let (name, found) = found.ok_or_else(|| {
        let ids: Vec<&str> = known.manifests.keys().map(String::as_str).collect();
        let message = format!("`$shared` takes one of `{}`", ids.join("`, `"));
        Flaw::new(at, message)
    })?;
    Node::read(found, known)
        .map_err(|flaw| Flaw::new(at, format!("`{name}` cannot be taken: {}", flaw.message)))
}

fn fill_map(entries: &[Entry], settings: &Settings) -> Result<Option<Value>, Flaw> {
    let mut map = Map::new();
    for entry in entries {
        let (Some(key), Some(value)) = (filled(&entry.key, settings), entry.node.fill(settings)?)
        else {
            continue;
        };
        if map.contains_key(&key) {
            let message = format!("the key `{key}` is there twice with these values");
            return Err(Flaw::new(entry.line, message));
        }
        map.insert(key, value);
    }
    let is_lost = map.is_empty() && !entries.is_empty();
    Ok((!is_lost).then_some(Value::Object(map)))
}

/// An empty list or mapping of a parameter is no value.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => true,
    }
}

fn filled(pieces: &[Piece], settings: &Settings) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Constant(constant) => text.push_str(constant),
            Piece::Place(name) => {
                text.push_str(&settings.get(name)?.as_ref()?.inline()?);
            }
        }
    }
    Some(text)
}

fn is_directive(entries: &[(serde_saphyr::Spanned<String>, Located)]) -> bool {
    entries
        .iter()
        .any(|(key, _)| key.value.starts_with('$') && !key.value.starts_with("${"))
}

fn directive(
    entries: &[(serde_saphyr::Spanned<String>, Located)],
    at: u64,
    known: &Known<'_>,
) -> Result<Node, Flaw> {
    let find = |name: &str| {
        let found = entries.iter().find(|(key, _)| key.value == name);
        found.map(|(_, value)| value)
    };
    let formula = |source: &Located| match &source.value {
        Yaml::Text(text) => Formula::read(text, line(source), &known.all),
        Yaml::Boolean(value) => Formula::read(&value.to_string(), line(source), &known.all),
        _ => Err(Flaw::new(line(source), "a formula is a text")),
    };
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.value.as_str()).collect();
    keys.sort_unstable();
    match (keys.as_slice(), find("$if"), find("$then")) {
        (["$if", "$then"] | ["$else", "$if", "$then"], Some(condition), Some(then)) => {
            Ok(Node::Choice {
                condition: formula(condition)?,
                then: Box::new(Node::read(then, known)?),
                otherwise: find("$else")
                    .map(|node| Node::read(node, known).map(Box::new))
                    .transpose()?,
            })
        }
        (["$value"], ..) => find("$value").map_or_else(
            || Err(Flaw::new(at, "`$value` has no formula")),
            |source| formula(source).map(Node::Formula),
        ),
        (["$json"], ..) => find("$json").map_or_else(
            || Err(Flaw::new(at, "`$json` has no value")),
            |source| Node::read(source, known).map(|node| Node::Json(Box::new(node))),
        ),
        (["$splice"], ..) => Err(Flaw::new(
            at,
            "`$splice` stands alone as an entry of a list",
        )),
        _ => Err(Flaw::new(
            at,
            format!(
                "`{}` is no instruction; there are `$if` with `$then` and `$else`, `$value`, \
                 `$splice`, `$shared`, `$json`",
                keys.join("`, `")
            ),
        )),
    }
}

/// The pieces of a text.
fn pieces(text: &str, line: u64, known: &Known<'_>) -> Result<Vec<Piece>, Flaw> {
    let mut pieces = Vec::new();
    let mut constant = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            constant.push_str(before);
            constant.push_str("${");
            rest = after;
            continue;
        }
        constant.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return Err(Flaw::new(
                line,
                format!("`{text}` has a `${{` without its `}}`"),
            ));
        };
        if !known.all.contains(name) {
            return Err(no_parameter(name, line));
        }
        if !known.inline.contains(name) {
            let message = format!("`{name}` is more than one value and cannot stand within text");
            return Err(Flaw::new(line, message));
        }
        if !constant.is_empty() {
            pieces.push(Piece::Constant(std::mem::take(&mut constant)));
        }
        pieces.push(Piece::Place(name.to_owned()));
        rest = after;
    }
    constant.push_str(rest);
    if !constant.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Constant(constant));
    }
    Ok(pieces)
}

fn no_parameter(name: &str, line: u64) -> Flaw {
    Flaw::new(line, format!("`{name}` is no parameter of this recipe"))
}

#[cfg(test)]
mod tests;
