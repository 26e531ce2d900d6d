//! What can be subscribed to.

use serde::{Deserialize, Serialize};
use strata_domain::subject::Subject;
use ts_rs::TS;

/// A subscription's question. Its rows are of the kinds that its variant names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "topic", rename_all = "snake_case", deny_unknown_fields)]
pub enum Topic {
    /// Every context that one can connect to and what could not be read:
    /// [`ClusterRow`](crate::rows::cluster::ClusterRow),
    /// [`ContextProblemRow`](crate::rows::cluster::ContextProblemRow).
    Clusters {},
    /// The five layers of one cluster: layers, tiles, GPU nodes, attention, in this order:
    /// [`LayerRow`](crate::rows::stack::LayerRow), [`TileRow`](crate::rows::stack::TileRow),
    /// [`GpuNodeRow`](crate::rows::stack::GpuNodeRow),
    /// [`AttentionRow`](crate::rows::stack::AttentionRow).
    Stack {
        /// The cluster.
        cluster: String,
        /// Applications and attention of these namespaces alone; empty for all.
        namespaces: Vec<String>,
    },
    /// The path of one thing through the layers: one [`TraceRow`](crate::rows::trace::TraceRow),
    /// or none while the thing is not there.
    Trace {
        /// The cluster.
        cluster: String,
        /// Where the path starts.
        #[ts(as = "String")]
        subject: Subject,
        /// Which way it goes.
        direction: Direction,
    },
    /// Pods, windowed: [`PodRow`](crate::rows::pod::PodRow).
    Pods {
        /// The cluster.
        cluster: String,
        /// Those on this path alone.
        of: Option<TracePath>,
        /// Those of these namespaces alone; empty for all.
        namespaces: Vec<String>,
        /// Those whose name, namespace or node contains this text; empty for all.
        filter: String,
        /// The order.
        sort: PodSort,
        /// The rows wanted.
        window: Window,
    },
    /// The watches of one cluster, one for each kind:
    /// [`WatchRow`](crate::rows::watch::WatchRow).
    Watches {
        /// The cluster.
        cluster: String,
    },
    /// The namespaces of one cluster: [`NamespaceRow`](crate::rows::pod::NamespaceRow).
    Namespaces {
        /// The cluster.
        cluster: String,
    },
}

/// A path through the layers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TracePath {
    /// Where it starts.
    #[ts(as = "String")]
    pub subject: Subject,
    /// Which way it goes.
    pub direction: Direction,
}

/// Which way a path goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// What this runs on.
    DependsOn,
    /// What fails with this.
    WouldFail,
}

/// The orders of pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PodSort {
    /// By what.
    pub by: PodColumn,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// The columns that pods can be sorted by. Equal ones go by namespace and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PodColumn {
    Name,
    Namespace,
    Node,
    Severity,
    Gpus,
    Restarts,
    Age,
}

/// A part of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Window {
    /// The first row, from 0.
    pub first: u32,
    /// How many rows, at most [`Window::MOST`].
    pub count: u32,
}

impl Window {
    /// The most rows that one window may have.
    pub const MOST: u32 = 1000;
}
