//! The schemas of all kinds: what fields there are, how lists merge, what is allowed.
//!
//! Those of the built-in kinds are in the OpenAPI documents of a real server, those of custom kinds
//! in their definitions; both are seen through one [`Schema`].

use std::sync::Arc;

use serde_json::{Number, Value};

use self::{
    custom::Definitions,
    documents::Document,
    node::{Additional, Node},
};
pub(crate) use self::{node::Type, rule::Rule};
use crate::store::Store;

mod custom;
pub(crate) mod documents;
mod node;
mod rule;
#[cfg(test)]
mod tests;

/// The schemas of every kind that a cluster serves.
#[derive(Debug)]
pub(crate) struct Schemas {
    store: Arc<Store>,
    definitions: Definitions,
}

/// The schema of a value. Clones are cheap; references are followed.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    document: Arc<Document>,
    /// The schema where it is used, which may say more than what it refers to.
    used: Arc<Node>,
    /// What it refers to; the same where it refers to nothing.
    meant: Arc<Node>,
    /// The name of what it refers to.
    name: Option<Arc<str>>,
}

/// How the items of a list are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListType<'a> {
    /// They are not: the list is one value.
    Atomic,
    /// By their value.
    Set,
    /// By these fields.
    Map(&'a [Box<str>]),
}

/// What limits a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits<'a> {
    pub(crate) minimum: Option<&'a Number>,
    pub(crate) maximum: Option<&'a Number>,
    pub(crate) exclusive_minimum: bool,
    pub(crate) exclusive_maximum: bool,
    pub(crate) multiple_of: Option<&'a Number>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) pattern: Option<&'a str>,
    pub(crate) min_items: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) min_properties: Option<u64>,
    pub(crate) max_properties: Option<u64>,
}

/// What a strategic merge patch does with a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Merge<'a> {
    /// Items of a list are merged, not replaced.
    pub(crate) merges: bool,
    /// The patch says which fields are kept.
    pub(crate) retains_keys: bool,
    /// The field that tells the items of a list apart; none where they are plain values.
    pub(crate) key: Option<&'a str>,
}

impl Schemas {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            definitions: Definitions::default(),
        }
    }

    /// The schema of the objects of `kind` as `version` of `group` has them.
    pub(crate) fn of(&self, group: &str, version: &str, kind: &str) -> Option<Schema> {
        match documents::of(group, version) {
            Some(document) => document.kind(kind),
            None => self.definitions.of(&self.store, group, version, kind),
        }
    }
}

impl Schema {
    fn new(used: &Arc<Node>, document: &Arc<Document>) -> Self {
        let (meant, name) = follow(used, document);
        Self {
            document: Arc::clone(document),
            used: Arc::clone(used),
            meant: Arc::clone(meant),
            name: name.cloned(),
        }
    }

    /// The last part of the name of the schema, such as `PodSpec`; empty where it has none.
    pub(crate) fn short_name(&self) -> &str {
        let name = self.name.as_deref().unwrap_or_default();
        name.rsplit('.').next().unwrap_or_default()
    }

    /// The last two parts of the name of the schema, such as `v1.PodSpec`.
    pub(crate) fn qualified_name(&self) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        let mut parts = name.rsplit('.');
        let (last, version) = (parts.next(), parts.next());
        format!(
            "{}.{}",
            version.unwrap_or_default(),
            last.unwrap_or_default()
        )
    }

    /// Whether the schema names fields.
    pub(crate) fn has_fields(&self) -> bool {
        !self.meant.properties.is_empty()
    }

    /// Whether the field `name` has to be there.
    pub(crate) fn requires(&self, name: &str) -> bool {
        self.meant.required.iter().any(|known| **known == *name)
    }

    /// The fields that have to be there.
    pub(crate) fn required(&self) -> &[Box<str>] {
        &self.meant.required
    }

    /// Whether the value may be null.
    pub(crate) fn is_nullable(&self) -> bool {
        self.meant.nullable
    }

    /// Whether an object may have any field.
    pub(crate) fn allows_any(&self) -> bool {
        matches!(
            self.meant.additional_properties,
            Some(Additional::Any(true))
        )
    }

    /// The values that are allowed; none where all are.
    pub(crate) fn allowed(&self) -> &[Value] {
        &self.meant.allowed
    }

    /// What limits a value.
    pub(crate) fn limits(&self) -> Limits<'_> {
        let node = &*self.meant;
        Limits {
            minimum: node.minimum.as_ref(),
            maximum: node.maximum.as_ref(),
            exclusive_minimum: node.exclusive_minimum,
            exclusive_maximum: node.exclusive_maximum,
            multiple_of: node.multiple_of.as_ref(),
            min_length: node.min_length,
            max_length: node.max_length,
            pattern: node.pattern.as_deref(),
            min_items: node.min_items,
            max_items: node.max_items,
            min_properties: node.min_properties,
            max_properties: node.max_properties,
        }
    }

    fn parts(&self, nodes: &[Arc<Node>]) -> Vec<Self> {
        nodes.iter().map(|node| self.part(node)).collect()
    }

    /// Schemas of which at least one has to hold.
    pub(crate) fn any_of(&self) -> Vec<Self> {
        self.parts(&self.meant.any_of)
    }

    /// Schemas of which exactly one has to hold.
    pub(crate) fn one_of(&self) -> Vec<Self> {
        self.parts(&self.meant.one_of)
    }

    /// Schemas that all have to hold.
    pub(crate) fn all_of(&self) -> Vec<Self> {
        self.parts(&self.meant.all_of)
    }

    /// A schema that must not hold.
    pub(crate) fn not(&self) -> Option<Self> {
        self.meant.not.as_ref().map(|node| self.part(node))
    }

    /// The rules of the value itself.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.meant.rules
    }

    /// Whether there are rules anywhere in it.
    pub(crate) fn has_rules(&self) -> bool {
        has_rules(&self.meant)
    }

    /// Whether the value is a quantity, such as `250m`.
    pub(crate) fn is_quantity(&self) -> bool {
        self.short_name() == "Quantity"
    }

    fn part(&self, node: &Arc<Node>) -> Self {
        Self::new(node, &self.document)
    }

    /// The schema of the field `name` of an object, where the schema names it.
    pub(crate) fn field(&self, name: &str) -> Option<Self> {
        self.meant.properties.get(name).map(|node| self.part(node))
    }

    /// The named fields of an object, by name.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, Self)> {
        self.meant
            .properties
            .iter()
            .map(|(name, node)| (&**name, self.part(node)))
    }

    /// The schema of the values of a map.
    pub(crate) fn values(&self) -> Option<Self> {
        match &self.meant.additional_properties {
            Some(Additional::Of(node)) => Some(self.part(node)),
            _ => None,
        }
    }

    /// The schema of the items of a list.
    pub(crate) fn items(&self) -> Option<Self> {
        self.meant.items.as_ref().map(|node| self.part(node))
    }

    /// How the items of a list are told apart.
    pub(crate) fn list_type(&self) -> ListType<'_> {
        let node = if self.used.list_type.is_some() {
            &self.used
        } else {
            &self.meant
        };
        match node.list_type.as_deref() {
            Some("set") => ListType::Set,
            Some("map") => ListType::Map(&node.list_map_keys),
            _ => ListType::Atomic,
        }
    }

    /// Whether a map or an object is one value.
    pub(crate) fn is_atomic_map(&self) -> bool {
        let map_type = self.used.map_type.as_deref();
        map_type.or(self.meant.map_type.as_deref()) == Some("atomic")
    }

    /// What a strategic merge patch does with the value.
    pub(crate) fn merge(&self) -> Merge<'_> {
        let strategies = self.used.patch_strategy.as_deref().unwrap_or_default();
        let has = |wanted: &str| strategies.split(',').any(|known| known == wanted);
        Merge {
            merges: has("merge"),
            retains_keys: has("retainKeys"),
            key: self.used.patch_merge_key.as_deref(),
        }
    }

    /// The value that a field has where an object does not say it.
    pub(crate) fn default(&self) -> Option<&Value> {
        self.used.default.as_ref().or(self.meant.default.as_ref())
    }

    /// The type, where the schema says one.
    pub(crate) fn value_type(&self) -> Option<Type> {
        self.meant.kind
    }

    /// The format of a text or a number, such as `date-time`; empty where there is none.
    pub(crate) fn format(&self) -> &str {
        self.meant.format.as_deref().unwrap_or_default()
    }

    /// Whether fields that the schema does not name are kept.
    pub(crate) fn preserves_unknown_fields(&self) -> bool {
        self.used.preserves_unknown_fields || self.meant.preserves_unknown_fields
    }

    /// Whether the value is a number or a text.
    pub(crate) fn is_int_or_string(&self) -> bool {
        self.meant.is_int_or_string || self.format() == "int-or-string"
    }

    /// Whether the value is a whole object of some kind.
    pub(crate) fn is_embedded_resource(&self) -> bool {
        self.meant.is_embedded_resource
    }
}

/// What `node` refers to, by a reference or by an `allOf` of a single one, and its name.
fn follow<'a>(
    node: &'a Arc<Node>,
    document: &'a Document,
) -> (&'a Arc<Node>, Option<&'a Arc<str>>) {
    let mut node = node;
    let mut name = None;
    loop {
        let reference = match (&node.reference, node.all_of.as_slice()) {
            (Some(reference), _) => reference,
            (None, [only]) if only.reference.is_some() => {
                node = only;
                continue;
            }
            _ => return (node, name),
        };
        let target = reference.rsplit('/').next().unwrap_or_default();
        let Some((known, next)) = document.schemas.get_key_value(target) else {
            return (node, name);
        };
        name = Some(known);
        node = next;
    }
}

fn has_rules(node: &Node) -> bool {
    let inner = node.properties.values().chain(&node.items);
    let values = match &node.additional_properties {
        Some(Additional::Of(node)) => Some(node),
        _ => None,
    };
    !node.rules.is_empty() || inner.chain(values).any(|node| has_rules(node))
}
