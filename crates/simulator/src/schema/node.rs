//! One schema as it is written, in a document or in a custom resource definition.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use serde_json::Value;

use super::rule::Rule;

/// A schema, with references to others not followed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the keywords of a schema"
)]
pub(super) struct Node {
    #[serde(rename = "$ref")]
    pub(super) reference: Option<Box<str>>,
    #[serde(rename = "type")]
    pub(super) kind: Option<Type>,
    pub(super) format: Option<Box<str>>,
    pub(super) nullable: bool,
    pub(super) default: Option<Value>,

    pub(super) properties: BTreeMap<Box<str>, Arc<Node>>,
    pub(super) additional_properties: Option<Additional>,
    pub(super) items: Option<Arc<Node>>,
    pub(super) required: Vec<Box<str>>,

    pub(super) all_of: Vec<Arc<Node>>,
    pub(super) any_of: Vec<Arc<Node>>,
    pub(super) one_of: Vec<Arc<Node>>,
    pub(super) not: Option<Arc<Node>>,

    #[serde(rename = "enum")]
    pub(super) allowed: Vec<Value>,
    pub(super) minimum: Option<serde_json::Number>,
    pub(super) maximum: Option<serde_json::Number>,
    pub(super) exclusive_minimum: bool,
    pub(super) exclusive_maximum: bool,
    pub(super) multiple_of: Option<serde_json::Number>,
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) pattern: Option<Box<str>>,
    pub(super) min_items: Option<u64>,
    pub(super) max_items: Option<u64>,
    pub(super) unique_items: bool,
    pub(super) min_properties: Option<u64>,
    pub(super) max_properties: Option<u64>,

    #[serde(rename = "x-kubernetes-group-version-kind")]
    pub(super) kinds: Vec<GroupVersionKind>,
    #[serde(rename = "x-kubernetes-preserve-unknown-fields")]
    pub(super) preserves_unknown_fields: bool,
    #[serde(rename = "x-kubernetes-int-or-string")]
    pub(super) is_int_or_string: bool,
    #[serde(rename = "x-kubernetes-embedded-resource")]
    pub(super) is_embedded_resource: bool,
    #[serde(rename = "x-kubernetes-list-type")]
    pub(super) list_type: Option<Box<str>>,
    #[serde(rename = "x-kubernetes-list-map-keys")]
    pub(super) list_map_keys: Vec<Box<str>>,
    #[serde(rename = "x-kubernetes-map-type")]
    pub(super) map_type: Option<Box<str>>,
    #[serde(rename = "x-kubernetes-patch-strategy")]
    pub(super) patch_strategy: Option<Box<str>>,
    #[serde(rename = "x-kubernetes-patch-merge-key")]
    pub(super) patch_merge_key: Option<Box<str>>,
    #[serde(rename = "x-kubernetes-validations")]
    pub(super) rules: Vec<Rule>,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Type {
    Array,
    Boolean,
    Integer,
    Number,
    Object,
    String,
}

/// What fields an object has beside its properties.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Additional {
    /// Any, or none.
    Any(bool),
    /// Any of this schema.
    Of(Arc<Node>),
}

/// The kind that a schema is the schema of.
#[derive(Debug, Deserialize)]
pub(super) struct GroupVersionKind {
    pub(super) group: Box<str>,
    pub(super) version: Box<str>,
    pub(super) kind: Box<str>,
}
