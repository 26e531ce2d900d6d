//! What the API server says of the fields of a kind: help for who writes manifests.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks what a field is, and which fields it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DescribeField {
    /// The cluster's id.
    pub cluster: String,
    /// `apps/v1`, as a manifest names it.
    pub api_version: String,
    /// The kind.
    pub kind: String,
    /// The field, from the object on; empty for the object itself. An entry of a list has no name of
    /// its own: `spec`, `containers`, `image`.
    pub path: Vec<String>,
}

/// What a field is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DescribedField {
    /// Whether the kind has it.
    pub is_known: bool,
    /// What it is.
    pub about: SchemaField,
    /// The values that it may have; empty where others may be, too.
    pub values: Vec<String>,
    /// The fields in it, by name; of a list, those of an entry.
    pub fields: Vec<SchemaField>,
}

/// A field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SchemaField {
    /// Its name; empty for the object itself.
    pub name: String,
    /// Its type: `string`, `integer`, `object`, `map of string`, `list of object`; empty where any
    /// will do.
    pub type_name: String,
    /// What it is for, in the server's words.
    pub description: String,
    /// Whether it has to be there.
    pub is_required: bool,
}
