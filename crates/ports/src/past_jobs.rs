//! Jobs of the past, kept so that a timeline can tell of them after their objects are gone: those that
//! are over, and those that went while nobody looked.

use std::sync::Arc;

use jiff::Timestamp;
use strata_domain::ids::Uid;

/// How many are kept of a cluster at most; beyond, those that ended first go.
pub const MOST: usize = 20_000;

/// A job as it was when it ended, or when it was seen last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastJob {
    /// The identity of its object.
    pub uid: Uid,
    /// When it ended; where that is not told, when it was missed first; where it went while nobody
    /// looked, when it was seen last.
    pub ended: Timestamp,
    /// What was known of it: the engine's own, not read by the store.
    pub what: String,
}

/// The jobs of a cluster that are not over, as they are seen now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LivingNow {
    /// When.
    pub at: Timestamp,
    /// Whether they are told for the first time since the cluster is followed: what was told before
    /// that and is not among them went while nobody looked.
    pub is_first: bool,
    /// All of them; `None` where they are as they were told last.
    pub jobs: Option<Vec<LivingJob>>,
}

/// A job that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LivingJob {
    /// The identity of its object.
    pub uid: Uid,
    /// What is known of it, as in [`PastJob::what`].
    pub what: Arc<str>,
}
