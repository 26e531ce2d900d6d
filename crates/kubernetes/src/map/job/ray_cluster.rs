//! `ray.io/v1 RayCluster` (and `v1alpha1`): a head and groups of workers.

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState, Role},
    text::Interner,
};

use super::{
    Kind,
    parts::{Asks, Template, conditions, count, denied, held},
};
use crate::slim::values::{ProbedCondition, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RayCluster {
    spec: ClusterSpec,
    status: ClusterStatus,
}

/// The spec of a cluster, which RayJob and RayService embed.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ClusterSpec {
    suspend: bool,
    head_group_spec: HeadGroup,
    #[serde(deserialize_with = "nullable")]
    worker_group_specs: Vec<WorkerGroup>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct HeadGroup {
    template: Template,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct WorkerGroup {
    group_name: String,
    replicas: Option<i64>,
    min_replicas: Option<i64>,
    num_of_hosts: Option<i64>,
    suspend: bool,
    template: Template,
}

impl WorkerGroup {
    /// The pods that it wants: one for each host of each replica.
    fn pods(&self) -> u32 {
        if self.suspend {
            return 0;
        }
        let replicas = self.replicas.or(self.min_replicas).map_or(0, count);
        replicas.saturating_mul(self.num_of_hosts.map_or(1, count).max(1))
    }
}

impl ClusterSpec {
    /// Fills in what the spec of a cluster tells of a job.
    pub(super) fn describe(&self, said: JobObject, names: &mut Interner) -> JobObject {
        let mut asks = Asks::default();
        asks.pods(1, &self.head_group_spec.template.spec);
        let mut wanted = 1_u32;
        let mut roles = vec![Role {
            name: names.intern("head"),
            wanted: 1,
            ..Role::default()
        }];
        for group in &self.worker_group_specs {
            let pods = group.pods();
            wanted = wanted.saturating_add(pods);
            asks.pods(pods, &group.template.spec);
            roles.push(Role {
                name: names.intern(&group.group_name),
                wanted: pods,
                ..Role::default()
            });
        }
        JobObject {
            wanted: Some(wanted),
            priority: names.intern(&self.head_group_spec.template.spec.priority_class_name),
            asks: asks.sum(names),
            roles: roles.into(),
            ..said
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ClusterStatus {
    /// Before the conditions there was one word, now deprecated.
    state: String,
    reason: String,
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    desired_worker_replicas: i64,
    ready_worker_replicas: i64,
}

impl Kind for RayCluster {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let told = conditions(status.conditions, names);
        let of = |kind: &str, state| held(&told, kind).map(|found| JobObject::by(state, found));
        let is_whole = status.ready_worker_replicas >= status.desired_worker_replicas;
        let said = of("RayClusterSuspended", JobState::Suspended)
            .or_else(|| of("RayClusterSuspending", JobState::Suspended))
            .or_else(|| of("ReplicaFailure", JobState::Starting))
            .or_else(|| {
                denied(&told, "HeadPodReady").map(|found| JobObject::by(JobState::Starting, found))
            })
            // It says that all pods were ready once, and is not taken back.
            .or_else(|| of("RayClusterProvisioned", JobState::Running).filter(|_| is_whole))
            .unwrap_or_else(|| {
                let state = match status.state.as_str() {
                    "ready" if is_whole => JobState::Running,
                    "suspended" => JobState::Suspended,
                    "failed" => JobState::Failed,
                    _ if spec.suspend => JobState::Suspended,
                    _ => JobState::Starting,
                };
                JobObject {
                    message: status.reason.as_str().into(),
                    ..JobObject::of(state, status.state.as_str())
                }
            });
        let is_head_ready = held(&told, "HeadPodReady").is_some() || status.state == "ready";
        let ready = count(status.ready_worker_replicas) + u32::from(is_head_ready);
        let said = JobObject {
            is_lasting: true,
            is_suspended: spec.suspend,
            ready: Some(ready),
            ..said
        };
        spec.describe(said, names)
    }
}
