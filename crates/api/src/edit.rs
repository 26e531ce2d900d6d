//! Editing any object that is there, as the YAML that one would write of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{change::Intent, explanation::ObjectName};

/// An object, as one would write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Manifest {
    /// The object, with its kind as the cluster calls it.
    pub object: ObjectName,
    /// It as YAML: without its status, without what the server keeps for itself, and with the values of a
    /// Secret left out.
    pub yaml: String,
}

/// Gives an object what was edited in its YAML: the fields that differ, and no others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EditObject {
    /// The cluster's id.
    pub cluster: String,
    /// The object.
    pub object: ObjectName,
    /// Its YAML before it was edited, as [`Manifest`] has it.
    pub before: String,
    /// Its YAML as edited.
    pub after: String,
    /// Whether it is to be done.
    pub intent: Intent,
}
