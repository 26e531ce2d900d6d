//! The built-in controllers of pods: `apps.v1` and `batch.v1.Job`.

use serde::Deserialize;

use super::{
    meta::ObjectMeta,
    pod::PodSpec,
    values::{DeploymentCondition, ProbedCondition, SetCondition, Time, nullable},
};

/// `core.v1.PodTemplateSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Template {
    #[prost(message, required, tag = "2")]
    pub(crate) spec: PodSpec,
}

/// `apps.v1.Deployment`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Deployment {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ReplicatedSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: DeploymentStatus,
}

/// The spec of a deployment, a stateful set or a replica set, which number these fields alike.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ReplicatedSpec {
    #[prost(int32, optional, tag = "1")]
    pub(crate) replicas: Option<i32>,
    #[prost(message, required, tag = "3")]
    pub(crate) template: Template,
}

/// `apps.v1.DeploymentStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct DeploymentStatus {
    #[prost(int32, tag = "7")]
    pub(crate) ready_replicas: i32,
    #[prost(message, repeated, tag = "6")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) conditions: Vec<DeploymentCondition>,
}

/// `apps.v1.StatefulSet`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct StatefulSet {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ReplicatedSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: StatefulSetStatus,
}

/// `apps.v1.StatefulSetStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct StatefulSetStatus {
    #[prost(int32, tag = "3")]
    pub(crate) ready_replicas: i32,
    #[prost(message, repeated, tag = "10")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) conditions: Vec<SetCondition>,
}

/// `apps.v1.ReplicaSet`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ReplicaSet {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: ReplicatedSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: ReplicaSetStatus,
}

/// `apps.v1.ReplicaSetStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ReplicaSetStatus {
    #[prost(int32, tag = "4")]
    pub(crate) ready_replicas: i32,
    #[prost(message, repeated, tag = "6")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) conditions: Vec<SetCondition>,
}

/// `apps.v1.DaemonSet`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct DaemonSet {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: DaemonSetSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: DaemonSetStatus,
}

/// `apps.v1.DaemonSetSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct DaemonSetSpec {
    #[prost(message, required, tag = "2")]
    pub(crate) template: Template,
}

/// `apps.v1.DaemonSetStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct DaemonSetStatus {
    #[prost(int32, tag = "3")]
    pub(crate) desired_number_scheduled: i32,
    #[prost(int32, tag = "4")]
    pub(crate) number_ready: i32,
    #[prost(message, repeated, tag = "10")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) conditions: Vec<SetCondition>,
}

/// `batch.v1.Job`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Job {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: JobSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: JobStatus,
}

/// `batch.v1.JobSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct JobSpec {
    #[prost(int32, optional, tag = "1")]
    pub(crate) parallelism: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) completions: Option<i32>,
    #[prost(message, required, tag = "6")]
    pub(crate) template: Template,
    #[prost(bool, tag = "10")]
    pub(crate) suspend: bool,
}

/// `batch.v1.JobStatus`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct JobStatus {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) conditions: Vec<ProbedCondition>,
    #[prost(message, optional, tag = "2")]
    pub(crate) start_time: Option<Time>,
    #[prost(message, optional, tag = "3")]
    pub(crate) completion_time: Option<Time>,
    #[prost(int32, tag = "4")]
    pub(crate) active: i32,
    #[prost(int32, tag = "5")]
    pub(crate) succeeded: i32,
    #[prost(int32, tag = "6")]
    pub(crate) failed: i32,
    #[prost(int32, optional, tag = "9")]
    pub(crate) ready: Option<i32>,
}
