//! What a subscription speaks of: one file for each thing the shells show.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub mod cluster;
pub mod conformance;
pub mod gpu;
pub mod job;
pub mod lifecycle;
pub mod log;
pub mod map;
pub mod playground;
pub mod pod;
pub mod queue;
pub mod release;
pub mod stack;
pub mod storage;
pub mod survey;
pub mod trace;
pub mod watch;
pub mod workstation;

/// Any row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "row", rename_all = "snake_case")]
pub enum Row {
    /// A context that one can connect to.
    Cluster(cluster::ClusterRow),
    /// A kubeconfig file or entry that could not be read.
    ContextProblem(cluster::ContextProblemRow),
    /// A layer.
    Layer(stack::LayerRow),
    /// A tile of a layer.
    Tile(stack::TileRow),
    /// A node's GPUs in the base.
    GpuNode(stack::GpuNodeRow),
    /// A line of the attention list.
    Attention(stack::AttentionRow),
    /// A lit path.
    Trace(trace::TraceRow),
    /// A pod.
    Pod(pod::PodRow),
    /// A namespace.
    Namespace(pod::NamespaceRow),
    /// The watch of a kind.
    Watch(watch::WatchRow),
    /// What the map of GPUs shows.
    GpuMap(gpu::GpuMapRow),
    /// GPUs that stand together in the map.
    GpuBlock(gpu::GpuBlockRow),
    /// A GPU.
    Gpu(Box<gpu::GpuRow>),
    /// A GPU in detail.
    GpuDetail(Box<gpu::GpuDetailRow>),
    /// Where the capacity goes.
    GpuCapacity(gpu::GpuCapacityRow),
    /// A part of the capacity.
    GpuShare(gpu::GpuShareRow),
    /// What fits on the free GPUs of a model.
    GpuFit(gpu::GpuFitRow),
    /// A resource by which pods ask for accelerators.
    GpuOffer(gpu::GpuOfferRow),
    /// How far it is known what devices there are for claims.
    DeviceSupply(gpu::DeviceSupplyRow),
    /// Devices that may be given to claims.
    DeviceOffer(gpu::DeviceOfferRow),
    /// What one node has of GPUs.
    GpuNodeCapacity(gpu::GpuNodeCapacityRow),
    /// A claim of devices.
    DeviceClaim(gpu::DeviceClaimRow),
    /// A capability of the map.
    Capability(map::CapabilityRow),
    /// A relation between two capabilities.
    Relation(map::RelationRow),
    /// A need of AI.
    Need(map::NeedRow),
    /// A stage of a model's life.
    Stage(lifecycle::StageRow),
    /// A model's way through the stages.
    LifecycleModel(lifecycle::LifecycleModelRow),
    /// Who tells how full volumes are.
    StorageSource(storage::StorageSourceRow),
    /// A storage class.
    StorageClass(storage::StorageClassRow),
    /// A CSI driver.
    StorageDriver(storage::StorageDriverRow),
    /// A claim of a volume.
    StorageClaim(storage::StorageClaimRow),
    /// A snapshot of a volume.
    StorageSnapshot(storage::StorageSnapshotRow),
    /// An object store or registry that something is read from or written to.
    StoragePlace(storage::StoragePlaceRow),
    /// A namespace or workload that claims storage.
    StorageUser(storage::StorageUserRow),
    /// A cache of data or models.
    StorageCache(storage::StorageCacheRow),
    /// Storage that is amiss.
    StorageFinding(storage::StorageFindingRow),
    /// The checklist that a cluster is held against.
    Checklist(conformance::ChecklistRow),
    /// A requirement of the checklist.
    Requirement(conformance::RequirementRow),
    /// A job.
    Job(job::JobRow),
    /// The head of a group of jobs.
    JobGroup(job::JobGroupRow),
    /// Room that a lane leaves in one list of jobs, where another has a job.
    JobRoom(job::JobRoomRow),
    /// How many jobs are in which state.
    JobSummary(job::JobSummaryRow),
    /// One job with all that is known of it.
    JobDetail(Box<job::JobDetailRow>),
    /// A queue.
    Queue(queue::QueueRow),
    /// What runs of a release.
    Release(release::ReleaseRow),
    /// A line of a log.
    LogLine(log::LogLineRow),
    /// Where the lines of a log come from, and the first error in them.
    LogSummary(log::LogSummaryRow),
    /// The machine that Strata runs on.
    Workstation(Box<workstation::WorkstationRow>),
    /// An accelerator of that machine.
    Accelerator(Box<workstation::AcceleratorRow>),
    /// A process on one of them.
    Process(Box<workstation::ProcessRow>),
    /// An application that serves models.
    ModelServer(playground::ModelServerRow),
    /// An answer of a model.
    Answer(Box<playground::AnswerRow>),
    /// Some text of it.
    AnswerPiece(playground::AnswerPieceRow),
    /// A load test.
    LoadTest(Box<playground::LoadTestRow>),
}

/// The severities as they cross the wire, from best to worst.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`strata_domain::severity::Severity` says it")]
pub enum Severity {
    #[default]
    Ok,
    Paused,
    Unknown,
    Notice,
    Warning,
    Critical,
}

impl From<strata_domain::severity::Severity> for Severity {
    fn from(severity: strata_domain::severity::Severity) -> Self {
        use strata_domain::severity::Severity as Domain;
        match severity {
            Domain::Ok => Self::Ok,
            Domain::Paused => Self::Paused,
            Domain::Unknown => Self::Unknown,
            Domain::Notice => Self::Notice,
            Domain::Warning => Self::Warning,
            Domain::Critical => Self::Critical,
        }
    }
}

/// The layers as they cross the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`strata_domain::layer::Layer` says it")]
pub enum Layer {
    Workloads,
    Lifecycle,
    Platform,
    Infrastructure,
    Hardware,
}

impl From<strata_domain::layer::Layer> for Layer {
    fn from(layer: strata_domain::layer::Layer) -> Self {
        use strata_domain::layer::Layer as Domain;
        match layer {
            Domain::Workloads => Self::Workloads,
            Domain::Lifecycle => Self::Lifecycle,
            Domain::Platform => Self::Platform,
            Domain::Infrastructure => Self::Infrastructure,
            Domain::Hardware => Self::Hardware,
        }
    }
}

/// So many are ready, of so many wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ready {
    /// How many are ready.
    pub ready: u32,
    /// How many are wanted.
    pub desired: u32,
}
