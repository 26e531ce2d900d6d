//! The Training Operator's `kubeflow.org/v1` PyTorchJob, TFJob, XGBoostJob, PaddleJob, JAXJob and
//! MPIJob, and the MPI Operator's `kubeflow.org/v2beta1 MPIJob`, which says the same in the same
//! fields.

use std::collections::BTreeMap;

use serde::Deserialize;
use strata_domain::{
    condition::{Condition, Status},
    job::{JobObject, JobState, Role},
    text::Interner,
};

use super::{
    Kind,
    parts::{Asks, Template, conditions, count, first_of, held},
};
use crate::slim::values::{ProbedCondition, Time, moment, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TrainingJob {
    spec: Spec,
    status: TrainingStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    run_policy: RunPolicy,
    #[serde(
        alias = "pytorchReplicaSpecs",
        alias = "tfReplicaSpecs",
        alias = "xgbReplicaSpecs",
        alias = "paddleReplicaSpecs",
        alias = "jaxReplicaSpecs",
        alias = "mpiReplicaSpecs",
        deserialize_with = "nullable"
    )]
    replica_specs: BTreeMap<String, ReplicaSpec>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RunPolicy {
    suspend: bool,
    #[serde(deserialize_with = "nullable")]
    scheduling_policy: SchedulingPolicy,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SchedulingPolicy {
    queue: String,
    priority_class: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReplicaSpec {
    replicas: Option<i64>,
    template: Template,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct TrainingStatus {
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    #[serde(deserialize_with = "nullable")]
    replica_statuses: BTreeMap<String, ReplicaStatus>,
    start_time: Option<Time>,
    completion_time: Option<Time>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReplicaStatus {
    active: i64,
    succeeded: i64,
    failed: i64,
}

impl Kind for TrainingJob {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let told = conditions(status.conditions, names);
        let policy = &spec.run_policy;
        let said = said(&told, policy.suspend);
        let mut asks = Asks::default();
        let mut wanted = 0_u32;
        let mut priority = policy.scheduling_policy.priority_class.as_str();
        for replicas in spec.replica_specs.values() {
            let pods = replicas.replicas.map_or(1, count);
            wanted = wanted.saturating_add(pods);
            asks.pods(pods, &replicas.template.spec);
            if priority.is_empty() {
                priority = &replicas.template.spec.priority_class_name;
            }
        }
        let roles = spec
            .replica_specs
            .iter()
            .map(|(name, replicas)| {
                let counted = status.replica_statuses.get(name);
                Role {
                    name: names.intern(name),
                    wanted: replicas.replicas.map_or(1, count),
                    active: counted.map_or(0, |counted| count(counted.active)),
                    succeeded: counted.map_or(0, |counted| count(counted.succeeded)),
                    failed: counted.map_or(0, |counted| count(counted.failed)),
                }
            })
            .collect();
        JobObject {
            is_suspended: policy.suspend,
            wanted: Some(wanted),
            queue: first_of(&[&policy.scheduling_policy.queue]),
            priority: names.intern(priority),
            asks: asks.sum(names),
            started: moment(status.start_time),
            finished: moment(status.completion_time).or(said.finished),
            roles,
            ..said
        }
    }
}

/// Of the conditions that hold, one that ends the job counts, else the one that came last.
fn said(told: &[Condition], is_suspended: bool) -> JobObject {
    for (kind, state) in [
        ("Failed", JobState::Failed),
        ("Succeeded", JobState::Succeeded),
    ] {
        if let Some(found) = held(told, kind) {
            return JobObject::by(state, found);
        }
    }
    let state_of = |condition: &Condition| match condition.kind.as_str() {
        "Suspended" => Some(JobState::Suspended),
        "Running" => Some(JobState::Running),
        "Created" | "Restarting" => Some(JobState::Starting),
        _ => None,
    };
    let last = told
        .iter()
        .filter(|condition| condition.status == Status::True)
        .filter_map(|condition| Some((state_of(condition)?, condition)))
        // Of those of one second, the later in the list was written later.
        .max_by_key(|(_, condition)| condition.since);
    match last {
        Some((state, condition)) => JobObject::by(state, condition),
        None if is_suspended => JobObject::of(JobState::Suspended, ""),
        None => JobObject::of(JobState::Starting, ""),
    }
}
