//! Protected contexts: read-only until somebody types their name, for a limited time.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Protects a cluster's context, or takes the protection away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProtectCluster {
    /// The cluster's id.
    pub cluster: String,
    /// Whether it is to be protected.
    pub is_protected: bool,
    /// The context's name, as typed: needed to take the protection away.
    pub typed: String,
}

/// Lets a protected context be changed for some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UnlockCluster {
    /// The cluster's id.
    pub cluster: String,
    /// The context's name, as typed.
    pub typed: String,
    /// For how many minutes, at most [`UnlockCluster::LONGEST`]; 0 locks it again at once.
    pub minutes: u32,
}

impl UnlockCluster {
    /// The longest time, in minutes.
    pub const LONGEST: u32 = 480;
}

/// How a cluster's context is protected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Protection {
    /// The cluster's id.
    pub cluster: String,
    /// Whether it is protected.
    pub is_protected: bool,
    /// Until when it can be changed all the same, in RFC 3339; absent where it cannot.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlocked_until: Option<String>,
}
