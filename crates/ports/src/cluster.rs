//! A cluster as a stream of events.

use futures::{future::BoxFuture, stream::BoxStream};
use jiff::Timestamp;
use strata_domain::{
    ids::{ClusterId, GroupKind, Uid},
    object::Object,
    text::Text,
};

use crate::{
    connection::{ConnectionState, StepReport},
    error::PortError,
};

/// Yields what happens in clusters.
pub trait ClusterSource: Send + Sync {
    /// Connects and watches. The stream never ends by itself: it reports failures as states and
    /// tries again; dropping it closes every watch. Back-off, resuming, liveness and falling back
    /// from one way of asking to another are the source's.
    fn watch(&self, cluster: &ClusterId, plan: WatchPlan) -> BoxStream<'static, Vec<ClusterEvent>>;

    /// Tries each step of a connection once and says how it went.
    fn diagnose(
        &self,
        cluster: &ClusterId,
    ) -> BoxFuture<'static, Result<Vec<StepReport>, PortError>>;
}

/// What to watch besides the built-in kinds that Strata always watches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchPlan {
    /// The custom kinds that the catalogue knows; those that the cluster does not serve are not
    /// asked for.
    pub kinds: Vec<PlannedKind>,
    /// Where a namespaced kind is watched that may not be listed in the whole cluster, each once;
    /// empty: nowhere.
    pub namespaces: Vec<Text>,
}

/// A custom kind to watch, where it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedKind {
    /// The kind.
    pub kind: GroupKind,
    /// The dotted paths of the scalar fields to keep (`status.state`); a path may go through a list
    /// by position (`status.flavorsUsage.0.name`).
    pub fields: Vec<String>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum ClusterEvent {
    /// The connection came to another state.
    Connection(ConnectionState),
    /// What the server serves, after each discovery.
    Served(Vec<ServedKind>),
    /// The watch of a kind came to another state.
    Watch {
        /// The kind.
        kind: GroupKind,
        /// Its state.
        state: WatchState,
    },
    /// A list is complete: these are all objects of the kind, and what else was known is gone.
    Replaced {
        /// The kind.
        kind: GroupKind,
        /// All of its objects.
        objects: Vec<Object>,
    },
    /// A list of one namespace is complete: these are all objects of the kind in it, and what else
    /// was known of that namespace is gone; what is in others stays.
    ReplacedIn {
        /// The kind.
        kind: GroupKind,
        /// The namespace.
        namespace: Text,
        /// All of its objects there.
        objects: Vec<Object>,
    },
    /// An object is new or changed.
    Applied(Object),
    /// An object is gone.
    Deleted {
        /// Its kind.
        kind: GroupKind,
        /// Its identity.
        uid: Uid,
    },
    /// Something was heard of a kind: an event, a bookmark, an answer to a probe. Sent at most once
    /// a second for each kind, and for each namespace where it is watched in some.
    Heard {
        /// The kind.
        kind: GroupKind,
        /// When.
        at: Timestamp,
        /// Bytes read for it since the last such event.
        bytes: u64,
    },
}

/// A kind that the server serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedKind {
    /// Group and kind.
    pub kind: GroupKind,
    /// The versions, the preferred one first.
    pub versions: Vec<String>,
    /// The plural name in paths, such as `pods`.
    pub resource: String,
    /// Whether its objects lie in namespaces.
    pub is_namespaced: bool,
    /// Whether it can be listed and watched.
    pub is_watchable: bool,
}

/// Where the watch of a kind stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchState {
    /// The first list is on its way.
    Loading {
        /// Objects read so far.
        so_far: u64,
        /// Objects in all, where the server told (`remainingItemCount`).
        expected: Option<u64>,
    },
    /// Listed and followed.
    Live,
    /// Followed before, not now.
    Stale {
        /// The last time anything was heard of it.
        since: Timestamp,
        /// Why, for people.
        reason: String,
    },
    /// It may not be listed or watched, in no namespace that was tried either.
    Forbidden {
        /// The missing permission: `list pods`, `watch workloads.kueue.x-k8s.io`.
        permission: String,
    },
    /// It may not be listed or watched in the whole cluster, and is watched in some namespaces. What
    /// lies in others is not known.
    Partial {
        /// What is missing for the whole cluster, as in [`WatchState::Forbidden`].
        permission: String,
        /// The namespaces that were tried, by name; not all of them refused.
        namespaces: Vec<NamespaceWatch>,
    },
    /// It failed in a way that is tried again.
    Failed {
        /// Why, for people.
        reason: String,
        /// When it is tried again.
        retry_at: Timestamp,
    },
    /// The server does not serve it.
    NotServed,
}

/// Where the watch of a kind stands in one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceWatch {
    /// The namespace.
    pub namespace: Text,
    /// Its state, which is never [`WatchState::Partial`].
    pub state: WatchState,
}
