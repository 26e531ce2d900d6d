//! Jobs that are over, kept so that a timeline can tell of them after their objects are gone.

use jiff::Timestamp;
use strata_domain::ids::Uid;

/// How many are kept of a cluster at most; beyond, those that ended first go.
pub const MOST: usize = 20_000;

/// A job as it was when it ended, or when it was seen last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastJob {
    /// The identity of its object.
    pub uid: Uid,
    /// When it ended; where that is not told, when it was missed first.
    pub ended: Timestamp,
    /// What was known of it: the engine's own, not read by the store.
    pub what: String,
}
