//! The only ways in: what shells ask, and what clusters say.

use std::sync::Arc;

use hashbrown::HashMap;
use jiff::Timestamp;
use strata_api::{
    error::ApiError,
    phrases::Phrase,
    playground::ModelServer,
    rows::{
        gpu::{GpuBlockRow, GpuCapacityRow, GpuColour, GpuMapRow, GpuShareRow},
        log::LogText,
    },
    topics::{GpuGrouping, JobLog, Topic},
};
use strata_domain::{
    ids::{ClusterId, Uid},
    text::Text,
};
use strata_ports::{cluster::ClusterEvent, prometheus::PrometheusAddress, telemetry::Answer};
use tokio::sync::oneshot;

use crate::{
    derive::jobs::Job,
    local::machine::Machine,
    machine::{KnownProcess, trials::Tried},
    playground::{desk::Plan, servers::FoundServer},
    stream::{FrameSink, SubscriptionId},
};

/// What a shell asks of the task that owns the fleet.
pub(crate) enum Command {
    /// Follow a cluster, or try again at once if that failed.
    Connect {
        cluster: ClusterId,
        /// The Prometheus that was given for it.
        prometheus: Option<PrometheusAddress>,
        /// The namespaces that were named for it.
        namespaces: Vec<Text>,
        reply: oneshot::Sender<Result<(), ApiError>>,
    },
    /// Follow a cluster no longer.
    Disconnect {
        cluster: ClusterId,
        reply: oneshot::Sender<Result<(), ApiError>>,
    },
    /// Ask this Prometheus for a cluster from now on; none: those that are found in it.
    GivePrometheus {
        cluster: ClusterId,
        prometheus: Option<PrometheusAddress>,
    },
    /// Watch these namespaces of a cluster, beside the context's own, where a kind may not be listed in
    /// the whole cluster.
    NameNamespaces {
        cluster: ClusterId,
        namespaces: Vec<Text>,
    },
    /// A credential plugin was approved: those that waited for it go on.
    Approved { digest: String },
    /// Tell the rows of a topic, and whatever changes.
    Subscribe {
        topic: Topic,
        sink: Box<dyn FrameSink>,
        reply: oneshot::Sender<Result<SubscriptionId, ApiError>>,
    },
    /// The frame `seq` and all before it have arrived.
    Acknowledge {
        subscription: SubscriptionId,
        seq: u32,
    },
    /// A trace of the object `uid` found this reason, or none.
    Explained {
        cluster: ClusterId,
        uid: Uid,
        found: Option<Phrase>,
    },
    /// All lines of logs that somebody looks at.
    ReadLogs {
        of: JobLog,
        pod: String,
        filter: String,
        reply: oneshot::Sender<Result<LogText, ApiError>>,
    },
    /// Which pods of this server of models are ready, and how they answer.
    FindServer {
        server: ModelServer,
        reply: oneshot::Sender<Result<FoundServer, ApiError>>,
    },
    /// Begin a trial; its number.
    BeginTrial {
        plan: Box<Plan>,
        reply: oneshot::Sender<Result<u64, ApiError>>,
    },
    /// Stop one.
    StopTrial {
        trial: String,
        reply: oneshot::Sender<Result<(), ApiError>>,
    },
    /// What is known of a process on this machine's accelerators, if it is on one.
    ReadProcess {
        pid: u32,
        started_ticks: u64,
        reply: oneshot::Sender<Result<Option<KnownProcess>, ApiError>>,
    },
    /// This machine as it was sampled last, if somebody looks at it.
    ReadMachine {
        reply: oneshot::Sender<Result<Option<Machine>, ApiError>>,
    },
    /// The map of GPUs of a moment.
    ShowMoment {
        cluster: ClusterId,
        moment: Box<AskedMap>,
        reply: oneshot::Sender<Result<MapOfMoment, ApiError>>,
    },
    /// Where the capacity of GPUs goes now.
    ShowCapacity {
        cluster: ClusterId,
        reply: oneshot::Sender<Result<CapacityNow, ApiError>>,
    },
    /// A device is set to something on trial, or that is over.
    Tried(Box<Tried>),
    /// Tell no more.
    Unsubscribe { subscription: SubscriptionId },
}

/// Of when a map of GPUs is, and how it is to be shown.
pub(crate) struct AskedMap {
    pub(crate) by: GpuGrouping,
    pub(crate) colour: GpuColour,
    pub(crate) filter: String,
    pub(crate) when: MapTime,
}

/// When a map of GPUs is of.
pub(crate) enum MapTime {
    /// So many seconds ago, within the hour that is held; 0 for now.
    Held(u32),
    /// A moment that is kept.
    Kept {
        at: Timestamp,
        /// By the names of the GPUs' series, in the figure's unit.
        values: HashMap<Text, f64>,
    },
}

/// The rows of a map.
pub(crate) struct MapOfMoment {
    pub(crate) head: GpuMapRow,
    pub(crate) blocks: Vec<GpuBlockRow>,
}

/// Where the capacity of the GPUs of a cluster goes.
pub(crate) struct CapacityNow {
    pub(crate) at: Timestamp,
    pub(crate) whole: GpuCapacityRow,
    pub(crate) shares: Vec<GpuShareRow>,
}

/// What a cluster said, and through which of the streams that were opened.
pub(crate) struct Said {
    pub(crate) stream: StreamId,
    pub(crate) events: Vec<ClusterEvent>,
}

/// What exporters of a cluster told, and through which of the streams that were opened.
pub(crate) struct Measured {
    pub(crate) stream: StreamId,
    pub(crate) answers: Vec<Answer>,
}

/// What was kept of the jobs of a cluster, and for which time that it is followed.
pub(crate) struct Remembered {
    pub(crate) stream: StreamId,
    pub(crate) jobs: Vec<Arc<Job>>,
}

/// One opened stream of events. A cluster that is connected again has another one, so that the last
/// words of the stream before are not taken for its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StreamId(pub(crate) u64);
