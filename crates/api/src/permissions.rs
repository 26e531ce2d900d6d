//! What the user may do, asked before it is tried, so that a button says beforehand what it lacks.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::explanation::ObjectName;

/// Asks which permissions are missing for what a screen offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadPermissions {
    /// The cluster's id.
    pub cluster: String,
    /// What is offered; all of it is about at most [`ReadPermissions::MOST`] objects.
    pub deeds: Vec<MeantDeed>,
}

impl ReadPermissions {
    /// The most objects that one question may name, each as often as it is named.
    pub const MOST: usize = 200;
}

/// Something that might be done to objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MeantDeed {
    /// What.
    pub deed: Deed,
    /// To which objects; their names may be empty: any.
    pub objects: Vec<ObjectName>,
}

/// What might be done: an action of a change, without its particulars, or the writing or deleting of
/// an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`strata_api::change::Action` says it")]
pub enum Deed {
    /// Have an object that is there as a manifest says.
    Apply,
    /// Create an object.
    Create,
    /// Delete one.
    Delete,
    Cordon,
    Uncordon,
    Drain,
    Taint,
    Restart,
    Scale,
    SetImage,
    Label,
    Suspend,
    Resume,
    Cancel,
    SetQueue,
    SetPriority,
}

/// Which permissions are missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Permissions {
    /// For each deed, in the order in which they were asked for: the permissions that are missing, as a
    /// role would name them (`patch deployments.apps in namespace team-a`). None where it is permitted,
    /// and where the API server does not tell: then the preview of the change will.
    pub missing: Vec<Vec<String>>,
}
