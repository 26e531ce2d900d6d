//! What the user may do to an object, asked before anybody tries.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::explanation::ObjectName;

/// Asks which permissions are missing for what can be done to a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ReadPermits {
    /// The cluster's id.
    pub cluster: String,
    /// The job's object.
    pub object: ObjectName,
}

/// Which permissions are missing for what can be done to a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Permits {
    /// What cannot be done; what is not named may be possible, which its preview tells.
    pub missing: Vec<MissingPermit>,
}

/// That something cannot be done for want of a permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MissingPermit {
    /// What cannot be done.
    pub act: JobAct,
    /// The permission, such as `delete jobs.batch in namespace training`.
    pub permission: String,
    /// Why it is not given, as the API server says; may be empty.
    pub reason: String,
}

/// What can be done to a job: [`crate::change::Action`] says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum JobAct {
    Suspend,
    Resume,
    Cancel,
    Restart,
    Scale,
    SetQueue,
    SetPriority,
}

impl JobAct {
    /// Each of them.
    pub const ALL: [Self; 7] = [
        Self::Suspend,
        Self::Resume,
        Self::Cancel,
        Self::Restart,
        Self::Scale,
        Self::SetQueue,
        Self::SetPriority,
    ];
}
