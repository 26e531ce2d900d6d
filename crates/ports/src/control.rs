//! Changing clusters: one object, one verb at a time.
//!
//! What a change would come to is asked of the API server itself, by a dry run of the very same
//! request. Nobody but the engine's gate (`change::gate`) calls this: what is allowed, in which order
//! objects are written and what is noted down about it is decided there.

use futures::future::BoxFuture;
use serde_json::Value;
use strata_domain::{field_path::FieldPath, ids::ClusterId};

use crate::{error::PortError, objects::ObjectAddress};

/// Writes objects of clusters.
pub trait Control: Send + Sync {
    /// Writes one object, or says what would come of it.
    fn write(
        &self,
        cluster: &ClusterId,
        write: Write,
    ) -> BoxFuture<'static, Result<Written, Refusal>>;

    /// Whether the user may do this, as the API server sees it.
    fn is_permitted(
        &self,
        cluster: &ClusterId,
        permission: Permission,
    ) -> BoxFuture<'static, Result<Permit, PortError>>;

    /// The user as whom the API server knows us; empty where it does not tell.
    fn user(&self, cluster: &ClusterId) -> BoxFuture<'static, Result<String, PortError>>;
}

/// What to do to one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// Which object. Its name is empty where a new one gets a generated name.
    pub object: ObjectAddress,
    /// The version of its kind, such as `v1`; empty: the server's preferred one.
    pub version: String,
    /// What to do.
    pub verb: Verb,
    /// Whether the server is only asked what would come of it.
    pub is_dry_run: bool,
}

/// What to do to an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// Have it as `object` says (server-side apply), whether it is there or not. A field that
    /// another owns with another value is a conflict, and is written only as `choices` say.
    Apply {
        /// The object: the fields that we want to have a say in.
        object: Value,
        /// What to do about conflicts.
        choices: Vec<Choice>,
    },
    /// Create it.
    Create {
        /// The object.
        object: Value,
    },
    /// Give fields of it these values. Nothing else is touched: what changed meanwhile stays.
    Set {
        /// The fields; one without a value is taken out.
        fields: Vec<(FieldPath, Option<Value>)>,
    },
    /// Have so many replicas, by its scale subresource.
    Scale {
        /// How many.
        replicas: u32,
    },
    /// Evict it: a pod, as far as its disruption budgets let it go.
    Evict {
        /// The pod that is meant, and no later one of the same name; empty: any.
        uid: String,
    },
    /// Delete it.
    Delete {
        /// What becomes of what it owns.
        propagation: Propagation,
        /// The object that is meant, and no later one of the same name; empty: any.
        uid: String,
    },
}

/// What to do about a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The field, as the server names it.
    pub path: String,
    /// Whether we take it over; else it stays its owner's, and we have no say in it.
    pub take: bool,
}

/// What becomes of what an object owns when it is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Propagation {
    /// It goes, after the object.
    Background,
    /// It goes, before the object.
    Foreground,
    /// It stays.
    Orphan,
}

/// What came of writing an object, or what would come of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// What happened.
    pub effect: Effect,
    /// The fields that are others than before, without those that the server keeps for itself.
    pub fields: Vec<FieldChange>,
    /// The fields that others own: nothing is written while a choice is missing.
    pub conflicts: Vec<Conflict>,
    /// Whether the choices took fields from their owners.
    pub is_forced: bool,
    /// The object before, pruned as [`crate::objects`] says; none where it was not there.
    pub before: Option<Value>,
    /// The object after; none where it is not there.
    pub after: Option<Value>,
    /// What the server warned of, in its words; for [`Effect::Held`] why it is held.
    pub warnings: Vec<String>,
}

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It was not there before.
    Created,
    /// It is another than before.
    Changed,
    /// It was so before.
    Unchanged,
    /// It is deleted, or on its way to be.
    Deleted,
    /// Nothing: a disruption budget does not let it go now.
    Held,
    /// Nothing: choices about conflicts are missing.
    Undecided,
}

/// A field that is another than before.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Which field.
    pub path: FieldPath,
    /// What it was; none where it was not there.
    pub before: Option<Value>,
    /// What it is; none where it is not there.
    pub after: Option<Value>,
    /// Whether the values are secret and left out, though they differ.
    pub is_secret: bool,
}

/// A field that another owns with another value than ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The field, as the server names it.
    pub path: String,
    /// Its owner's name, such as `kubectl-edit`.
    pub manager: String,
    /// What the server says of the owner.
    pub message: String,
    /// The owner's value; none where the field is not to be found.
    pub theirs: Option<Value>,
    /// Our value.
    pub ours: Option<Value>,
    /// Whether the values are secret and left out.
    pub is_secret: bool,
    /// The choice that was made for it.
    pub taken: Option<bool>,
}

/// A failure to write.
#[derive(Debug)]
pub struct Refusal {
    /// What happened.
    pub error: PortError,
    /// The fields that the server complains of, as it names them.
    pub fields: Vec<String>,
    /// Whether what was asked can be had by deleting and creating anew.
    pub is_immutable: bool,
}

impl From<PortError> for Refusal {
    fn from(error: PortError) -> Self {
        Self {
            error,
            fields: Vec::new(),
            is_immutable: false,
        }
    }
}

/// Something that one may or may not do.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission {
    /// The API's verb, such as `patch`.
    pub verb: String,
    /// The object; its name and namespace may be empty: any.
    pub object: ObjectAddress,
    /// The subresource, such as `eviction`; empty: the object itself.
    pub subresource: String,
}

/// Whether one may do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    /// Whether one may.
    pub is_allowed: bool,
    /// The permission, as a role would name it: `patch deployments.apps in namespace team-a`.
    pub name: String,
    /// What the server says of it; mostly empty.
    pub reason: String,
}
