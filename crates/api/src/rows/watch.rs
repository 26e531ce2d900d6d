//! The watch of a kind, and how current it is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The watch of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct WatchRow {
    /// The API group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// Where it stands.
    pub state: WatchState,
    /// Objects held of it.
    pub objects: u32,
    /// When anything was last heard of it, in RFC 3339.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<String>,
    /// Bytes read for it since the connection was made.
    pub bytes: f64,
}

/// Where a watch stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WatchState {
    /// The first list is on its way.
    Loading {
        /// Objects read so far.
        so_far: u32,
        /// Objects in all, where the server told.
        #[ts(optional)]
        #[serde(skip_serializing_if = "Option::is_none")]
        expected: Option<u32>,
    },
    /// Listed and followed.
    Live,
    /// Followed before, not now.
    Stale {
        /// The last time anything was heard of it, in RFC 3339.
        since: String,
        /// Why.
        reason: String,
    },
    /// It may not be listed.
    Forbidden {
        /// The missing permission, such as `list pods`.
        permission: String,
    },
    /// It may not be listed in the whole cluster, and is followed in some namespaces.
    Partial {
        /// The permission that is missing for the whole cluster.
        permission: String,
        /// The namespaces that were tried.
        namespaces: Vec<NamespaceWatch>,
    },
    /// It failed and is tried again.
    Failed {
        /// Why.
        reason: String,
        /// When, in RFC 3339.
        retry_at: String,
    },
    /// The server does not serve it.
    NotServed,
}

/// Where the watch of a kind stands in one namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NamespaceWatch {
    /// The namespace.
    pub namespace: String,
    /// How it does.
    pub standing: NamespaceStanding,
    /// Why it is not followed: the missing permission, or what happened; empty where it is.
    pub reason: String,
}

/// How the watch of a kind does in one namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NamespaceStanding {
    /// The first list is on its way.
    Loading,
    /// Listed and followed.
    Live,
    /// Followed before, not now.
    Stale,
    /// It may not be listed there either.
    Forbidden,
    /// It failed and is tried again.
    Failed,
}
