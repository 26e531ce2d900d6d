//! The built-in controllers that keep pods: deployments and their siblings.

use serde::{Deserialize, Serialize};

use crate::{condition::Condition, job::JobObject, metadata::Metadata, text::Text};

/// A Deployment, StatefulSet, DaemonSet, ReplicaSet or Job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// Which of them.
    pub kind: WorkloadKind,
    /// Name, labels, owner, times.
    pub metadata: Metadata,
    /// The images of its pod template, init containers left out.
    pub images: Box<[Text]>,
    /// How many pods it should have: `spec.replicas`, `status.desiredNumberScheduled`, or for a Job
    /// the pods that may run at once and are still needed.
    pub desired: u32,
    /// How many of them are ready.
    pub ready: u32,
    /// Jobs alone: pods that succeeded.
    pub succeeded: u32,
    /// Jobs alone: pods that failed.
    pub failed: u32,
    /// Jobs alone: `spec.suspend`.
    pub suspended: bool,
    /// `status.conditions`.
    pub conditions: Vec<Condition>,
    /// What it says as a job; the kinds that only keep pods for another, or one on every node, say
    /// nothing.
    pub job: Option<Box<JobObject>>,
}

/// The kinds of [`Workload`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WorkloadKind {
    /// `apps/v1 Deployment`.
    Deployment,
    /// `apps/v1 StatefulSet`.
    StatefulSet,
    /// `apps/v1 DaemonSet`.
    DaemonSet,
    /// `apps/v1 ReplicaSet`.
    ReplicaSet,
    /// `batch/v1 Job`.
    Job,
}

impl WorkloadKind {
    /// The kind in the API's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::ReplicaSet => "ReplicaSet",
            Self::Job => "Job",
        }
    }

    /// The kind's API group.
    pub fn group(self) -> &'static str {
        match self {
            Self::Job => "batch",
            _ => "apps",
        }
    }
}
