//! What can be subscribed to.

use serde::{Deserialize, Serialize};
use strata_domain::subject::Subject;
use ts_rs::TS;

use crate::rows::{gpu::GpuColour, job::JobState};

mod gpus;
mod jobs;

pub use gpus::{GpuColumn, GpuGrouping, GpuNodeColumn, GpuNodeSort, GpuSort};
pub use jobs::{JobColumn, JobGroup, JobLog, JobPast, JobSort};

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
    /// Jobs of every kind, windowed: [`JobRow`](crate::rows::job::JobRow), with
    /// [`JobGroupRow`](crate::rows::job::JobGroupRow) between them where they are grouped, and
    /// [`JobRoomRow`](crate::rows::job::JobRoomRow) where their groups are lanes.
    Jobs {
        /// The cluster.
        cluster: String,
        /// Those of these namespaces alone; empty for all.
        namespaces: Vec<String>,
        /// Those in these states alone; empty for all.
        states: Vec<JobState>,
        /// Those of whose name, namespace, kind, queue, owner, state or reason each word of this
        /// text is a part; empty for all.
        filter: String,
        /// What they are grouped by.
        group: Option<JobGroup>,
        /// The states whose lists stand beside this one: every group of any of them is here too, and
        /// is as long in each of the lists; empty for none.
        lanes: Vec<JobState>,
        /// The order.
        sort: JobSort,
        /// Those too that are no longer in the cluster and that this time knew; none without it.
        past: Option<JobPast>,
        /// The rows wanted.
        window: Window,
    },
    /// How many jobs are in which state: one [`JobSummaryRow`](crate::rows::job::JobSummaryRow).
    JobSummary {
        /// The cluster.
        cluster: String,
        /// Those of these namespaces alone; empty for all.
        namespaces: Vec<String>,
        /// Those that this text is found in, as for [`Topic::Jobs`]; empty for all.
        filter: String,
    },
    /// One job with all that is known of it: one
    /// [`JobDetailRow`](crate::rows::job::JobDetailRow), or none while it is not there.
    Job {
        /// The cluster.
        cluster: String,
        /// The kind's API group; empty for the core group.
        group: String,
        /// The kind.
        kind: String,
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The identity of one that is no longer in the cluster; none for the one that is.
        past: Option<String>,
    },
    /// What the pods of one job write, merged by time, windowed:
    /// [`LogLineRow`](crate::rows::log::LogLineRow).
    JobLogs {
        /// Whose logs.
        of: JobLog,
        /// Those of this pod alone; empty for all.
        pod: String,
        /// Those that this text is a part of, whatever the case of its letters; empty for all.
        filter: String,
        /// The rows wanted.
        window: Window,
        /// Whether the window is counted from the end: its first row is the last of all then.
        from_end: bool,
    },
    /// Where these lines come from, and the first error in them: one
    /// [`LogSummaryRow`](crate::rows::log::LogSummaryRow).
    JobLogSummary {
        /// Whose logs.
        of: JobLog,
    },
    /// The queues of one cluster, by kind, cohort and name:
    /// [`QueueRow`](crate::rows::queue::QueueRow).
    Queues {
        /// The cluster.
        cluster: String,
    },
    /// What runs of the releases of one cluster, by namespace and name:
    /// [`ReleaseRow`](crate::rows::release::ReleaseRow). What is kept of them is asked for with
    /// `read_releases`.
    Releases {
        /// The cluster.
        cluster: String,
        /// Those of these namespaces alone; empty for all.
        namespaces: Vec<String>,
    },
    /// The watches of one cluster, one for each kind:
    /// [`WatchRow`](crate::rows::watch::WatchRow).
    Watches {
        /// The cluster.
        cluster: String,
    },
    /// What one cluster can do for AI: the capabilities, then the relations between them:
    /// [`CapabilityRow`](crate::rows::map::CapabilityRow),
    /// [`RelationRow`](crate::rows::map::RelationRow).
    Map {
        /// The cluster.
        cluster: String,
    },
    /// The needs of AI, and whether one cluster meets them:
    /// [`NeedRow`](crate::rows::map::NeedRow).
    Needs {
        /// The cluster.
        cluster: String,
    },
    /// The stages of a model's life and what stands at each, then the way of each model:
    /// [`StageRow`](crate::rows::lifecycle::StageRow),
    /// [`LifecycleModelRow`](crate::rows::lifecycle::LifecycleModelRow).
    Lifecycle {
        /// The cluster.
        cluster: String,
    },
    /// Where data and models lie in one cluster: who measures, classes, drivers, what is amiss, caches,
    /// claims, snapshots, object stores, then namespaces and workloads:
    /// [`StorageSourceRow`](crate::rows::storage::StorageSourceRow),
    /// [`StorageClassRow`](crate::rows::storage::StorageClassRow),
    /// [`StorageDriverRow`](crate::rows::storage::StorageDriverRow),
    /// [`StorageFindingRow`](crate::rows::storage::StorageFindingRow),
    /// [`StorageCacheRow`](crate::rows::storage::StorageCacheRow),
    /// [`StorageClaimRow`](crate::rows::storage::StorageClaimRow),
    /// [`StorageSnapshotRow`](crate::rows::storage::StorageSnapshotRow),
    /// [`StoragePlaceRow`](crate::rows::storage::StoragePlaceRow),
    /// [`StorageUserRow`](crate::rows::storage::StorageUserRow).
    Storage {
        /// The cluster.
        cluster: String,
    },
    /// The conformance checklist of one cluster's version, then its requirements with their answers:
    /// [`ChecklistRow`](crate::rows::conformance::ChecklistRow),
    /// [`RequirementRow`](crate::rows::conformance::RequirementRow).
    Conformance {
        /// The cluster.
        cluster: String,
    },
    /// The namespaces of one cluster: [`NamespaceRow`](crate::rows::pod::NamespaceRow).
    Namespaces {
        /// The cluster.
        cluster: String,
    },
    /// All GPUs of one cluster as compact cells: one [`GpuMapRow`](crate::rows::gpu::GpuMapRow),
    /// then [`GpuBlockRow`](crate::rows::gpu::GpuBlockRow)s.
    GpuMap {
        /// The cluster.
        cluster: String,
        /// What stands together.
        by: GpuGrouping,
        /// What the cells are coloured by.
        colour: GpuColour,
        /// How long ago the moment is that is shown, in seconds, at most an hour; 0 for now.
        seconds_ago: u32,
        /// Those that the filter lets through alone; the words are those of [`Topic::Gpus`].
        filter: String,
    },
    /// GPUs, windowed: [`GpuRow`](crate::rows::gpu::GpuRow).
    Gpus {
        /// The cluster.
        cluster: String,
        /// Those that it lets through: words that the node, model, namespace, pod, workload or queue
        /// contains, states (`idle`), and comparisons (`sm<5`, `mem>80`, `power>600`, `temp>=85`,
        /// `xid>0`), all of which must hold.
        filter: String,
        /// The order.
        sort: GpuSort,
        /// The rows wanted.
        window: Window,
    },
    /// One GPU in detail: one [`GpuDetailRow`](crate::rows::gpu::GpuDetailRow), or none while it is
    /// not there.
    Gpu {
        /// The cluster.
        cluster: String,
        /// The node.
        node: String,
        /// The GPU's number there.
        index: u32,
    },
    /// The machine that Strata runs on, its accelerators, then the processes on them:
    /// [`WorkstationRow`](crate::rows::workstation::WorkstationRow),
    /// [`AcceleratorRow`](crate::rows::workstation::AcceleratorRow),
    /// [`ProcessRow`](crate::rows::workstation::ProcessRow). Drivers are asked for as long as somebody
    /// subscribes, and no longer.
    Workstation {},
    /// Where the GPUs of one cluster go: one [`GpuCapacityRow`](crate::rows::gpu::GpuCapacityRow),
    /// then [`GpuShareRow`](crate::rows::gpu::GpuShareRow)s and
    /// [`GpuFitRow`](crate::rows::gpu::GpuFitRow)s,
    /// [`GpuOfferRow`](crate::rows::gpu::GpuOfferRow)s; where devices are published for claims, a
    /// [`DeviceSupplyRow`](crate::rows::gpu::DeviceSupplyRow) and
    /// [`DeviceOfferRow`](crate::rows::gpu::DeviceOfferRow)s.
    GpuCapacity {
        /// The cluster.
        cluster: String,
    },
    /// What each node of one cluster has of GPUs and where that goes, windowed:
    /// [`GpuNodeCapacityRow`](crate::rows::gpu::GpuNodeCapacityRow).
    GpuNodes {
        /// The cluster.
        cluster: String,
        /// The order.
        sort: GpuNodeSort,
        /// The rows wanted.
        window: Window,
    },
    /// The claims of one cluster for devices that are given out dynamically (DRA), those that wait first,
    /// windowed: [`DeviceClaimRow`](crate::rows::gpu::DeviceClaimRow).
    DeviceClaims {
        /// The cluster.
        cluster: String,
        /// The rows wanted.
        window: Window,
    },
    /// The applications of one cluster that serve models by OpenAI's interface, by namespace and name,
    /// windowed: [`ModelServerRow`](crate::rows::playground::ModelServerRow).
    ModelServers {
        /// The cluster.
        cluster: String,
        /// Those of these namespaces alone; empty for all.
        namespaces: Vec<String>,
        /// Those of whose name, namespace, kind, engine or models each word of this text is a part;
        /// empty for all.
        filter: String,
        /// The rows wanted.
        window: Window,
    },
    /// What a model answers: one [`AnswerRow`](crate::rows::playground::AnswerRow), then its
    /// [`AnswerPieceRow`](crate::rows::playground::AnswerPieceRow)s; none where the trial is forgotten.
    Answer {
        /// The trial's number.
        trial: String,
    },
    /// A load test: one [`LoadTestRow`](crate::rows::playground::LoadTestRow), or none where it is
    /// forgotten.
    LoadTest {
        /// The trial's number.
        trial: String,
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
