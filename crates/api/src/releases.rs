//! Releases: what Strata deployed, as the cluster itself keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{
    change::{ChangeAction, FieldChoice, FieldDifference, Intent},
    explanation::ObjectName,
    recipes::RenderRecipe,
};

/// The releases of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadReleases {
    /// The cluster's id.
    pub cluster: String,
    /// The namespace; empty: all of them.
    pub namespace: String,
}

/// The releases that were found, by namespace and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Releases {
    /// Each release.
    pub releases: Vec<Release>,
}

/// A release, by its newest revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The recipe that it was made from.
    pub recipe: String,
    /// The number of its newest revision.
    pub revision: u32,
    /// How many revisions are kept.
    pub revisions: u32,
    /// When the newest was applied, in RFC 3339; empty where that is not told.
    pub applied_at: String,
    /// Who applied it; empty where that is not told.
    pub applied_by: String,
}

/// One release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OneRelease {
    /// The cluster's id.
    pub cluster: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// A release with all that is kept of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReleaseDetail {
    /// The release.
    pub release: Release,
    /// Its revisions, the newest first.
    pub revisions: Vec<ReleaseRevision>,
    /// The objects of the newest revision.
    pub objects: Vec<ObjectName>,
}

/// A revision of a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReleaseRevision {
    /// Its number, counted from 1.
    pub number: u32,
    /// The recipe.
    pub recipe: String,
    /// The values that were given: the form is filled with them to change them.
    #[ts(type = "{ [key in string]: unknown }")]
    pub values: Map<String, Value>,
    /// The manifests that they came to, as YAML.
    pub manifests: String,
    /// Whether somebody edited the manifests, so that the values no longer say all of them.
    pub is_edited: bool,
    /// When it was applied, in RFC 3339; empty where that is not told.
    pub applied_at: String,
    /// Who applied it; empty where that is not told.
    pub applied_by: String,
}

/// What is different between two revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CompareRevisions {
    /// The cluster's id.
    pub cluster: String,
    /// The release's namespace.
    pub namespace: String,
    /// The release's name.
    pub name: String,
    /// The revision that is changed.
    pub from: u32,
    /// The revision that it is changed to.
    pub to: u32,
}

/// What is different between two revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RevisionDifference {
    /// The objects that are different; the same ones are left out.
    pub objects: Vec<ObjectDifference>,
}

/// An object that is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ObjectDifference {
    /// The object.
    pub object: ObjectName,
    /// Whether it comes, changes or goes.
    pub action: ChangeAction,
    /// The fields that become others; none for an object that comes or goes.
    pub fields: Vec<FieldDifference>,
    /// The object as it was, as YAML; empty where it comes.
    pub before: String,
    /// The object as it becomes, likewise; empty where it goes.
    pub after: String,
}

/// Has a release as a recipe with values says: a new one, or a new revision of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeployRecipe {
    /// The recipe, filled in; its cluster and namespace are where it goes.
    pub recipe: RenderRecipe,
    /// What the recipe came to and somebody edited, as YAML: it is applied and kept instead. Absent:
    /// what the recipe comes to.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifests: Option<String>,
    /// Whether it is to be done.
    pub intent: Intent,
    /// What to do about fields that others own.
    #[serde(default)]
    pub choices: Vec<FieldChoice>,
}

/// Changes some values of a release, which becomes a new revision: how many replicas it has, how it
/// grows with its load, which part of the requests its canary gets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeRelease {
    /// The cluster's id.
    pub cluster: String,
    /// The release's namespace.
    pub namespace: String,
    /// The release's name.
    pub name: String,
    /// The values that become others, by parameter; null takes one away. The rest stays as it is.
    #[serde(default)]
    #[ts(type = "{ [key in string]: unknown }")]
    pub values: Map<String, Value>,
    /// The same as somebody types them on a command line; they come before `values`.
    #[serde(default)]
    pub typed: BTreeMap<String, String>,
    /// Whether it is to be done.
    pub intent: Intent,
    /// What to do about fields that others own.
    #[serde(default)]
    pub choices: Vec<FieldChoice>,
}

/// Has a release as one of its revisions was, which becomes a new revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RollBackRelease {
    /// The cluster's id.
    pub cluster: String,
    /// The release's namespace.
    pub namespace: String,
    /// The release's name.
    pub name: String,
    /// The revision; none: the one before the newest.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u32>,
    /// Whether it is to be done.
    pub intent: Intent,
    /// What to do about fields that others own.
    #[serde(default)]
    pub choices: Vec<FieldChoice>,
}

/// Deletes a release: its objects, what they take along, and its revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeleteRelease {
    /// The cluster's id.
    pub cluster: String,
    /// The release's namespace.
    pub namespace: String,
    /// The release's name.
    pub name: String,
    /// Whether it is to be done.
    pub intent: Intent,
}
