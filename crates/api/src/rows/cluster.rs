//! Contexts, and how far their connections came.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A context that one can connect to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClusterRow {
    /// Its id: what every topic and operation calls `cluster`.
    pub cluster: String,
    /// The context's name. Not unique: [`file`](Self::file) tells equal names apart.
    pub name: String,
    /// The API server's address; empty for the demo cluster.
    pub server: String,
    /// The user entry's name; may be empty.
    pub user: String,
    /// The context's own namespace; empty where none is set.
    pub namespace: String,
    /// The kubeconfig file; empty for the demo cluster.
    pub file: String,
    /// Whether the file was added by hand, so that it can be forgotten.
    pub added_by_hand: bool,
    /// Whether its file calls it the current context.
    pub is_current: bool,
    /// Whether it is the embedded demo cluster.
    pub is_demo: bool,
    /// Which of the cluster hues is its own, from 0, stable for an id.
    pub hue: u8,
    /// Where its connection stands.
    pub connection: Connection,
    /// When anything was last heard of it, in RFC 3339; absent before the first time.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<String>,
    /// Counts, while it is connected or stale.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<ClusterCounts>,
}

/// Counts over a connected cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ClusterCounts {
    /// Watches that are listed and followed.
    pub watches_live: u32,
    /// Watches in all, those of kinds that the server does not serve left out.
    pub watches: u32,
    /// Watches that the user may have in some namespaces alone, and has there.
    pub watches_partial: u32,
    /// Watches that the user may not have.
    pub watches_forbidden: u32,
    /// Objects held.
    pub objects: u32,
    /// Bytes read in each of the last seconds, on the mean of the last ten.
    pub bytes_per_second: f64,
    /// Lines of the attention list that are critical.
    pub criticals: u32,
}

/// Where a connection stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Connection {
    /// Listed, not asked for yet.
    Idle,
    /// On its way.
    Connecting {
        /// The step it is at.
        step: Step,
    },
    /// Connected; lists may still be loading.
    Live {
        /// The server's version.
        version: String,
        /// Whether every list has been read once.
        complete: bool,
    },
    /// It answered before, and does not now.
    Stale {
        /// The last time anything was heard, in RFC 3339.
        since: String,
        /// Why.
        reason: String,
        /// When it is tried again, in RFC 3339.
        #[ts(optional)]
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_at: Option<String>,
    },
    /// It never came so far.
    Failed {
        /// The step that failed.
        step: Step,
        /// What happened.
        message: String,
        /// The next thing to do.
        advice: String,
        /// When it is tried again, in RFC 3339; absent where only the user can help.
        #[ts(optional)]
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_at: Option<String>,
    },
    /// A credential plugin must be approved before it is run.
    NeedsApproval {
        /// The command line.
        command: String,
        /// The digest to approve.
        digest: String,
    },
}

/// The steps of a connection, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`strata_ports::connection::Step` says it")]
pub enum Step {
    Configuration,
    Credentials,
    Name,
    Tcp,
    Tls,
    Authentication,
    Permission,
    Version,
}

/// A kubeconfig file or an entry of one that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContextProblemRow {
    /// The file.
    pub file: String,
    /// The context it concerns; empty for the whole file.
    pub context: String,
    /// What is wrong with it.
    pub message: String,
}
