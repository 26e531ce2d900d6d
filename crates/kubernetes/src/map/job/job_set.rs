//! `jobset.x-k8s.io/v1alpha2 JobSet`.

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState, Progress, Role},
    text::Interner,
};

use super::{
    Kind,
    parts::{Asks, Template, conditions, count, each_once, held},
};
use crate::slim::values::{ProbedCondition, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct JobSet {
    spec: Spec,
    status: SetStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    suspend: bool,
    #[serde(deserialize_with = "nullable")]
    replicated_jobs: Vec<ReplicatedJob>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReplicatedJob {
    name: String,
    replicas: Option<i64>,
    template: JobTemplate,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JobTemplate {
    spec: JobSpec,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JobSpec {
    parallelism: Option<i64>,
    template: Template,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SetStatus {
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    restarts: i64,
    terminal_state: String,
    #[serde(deserialize_with = "nullable")]
    replicated_jobs_status: Vec<JobsStatus>,
}

/// The counts of the Jobs of one name; the TrainJob repeats them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct JobsStatus {
    pub(super) name: String,
    pub(super) ready: i64,
    pub(super) succeeded: i64,
    pub(super) failed: i64,
    pub(super) active: i64,
    pub(super) suspended: i64,
}

impl JobSet {
    /// The volume claims that its pods mount, by name.
    pub(super) fn volume_claims(&self) -> impl Iterator<Item = &str> {
        let jobs = self.spec.replicated_jobs.iter();
        jobs.flat_map(|jobs| jobs.template.spec.template.volume_claims())
    }
}

impl Kind for JobSet {
    fn job(self, names: &mut Interner) -> JobObject {
        let volume_claims = each_once(self.volume_claims(), names);
        let Self { spec, status } = self;
        let told = conditions(status.conditions, names);
        let of = |kind: &str, state| held(&told, kind).map(|found| JobObject::by(state, found));
        let is_any = |test: fn(&JobsStatus) -> bool| status.replicated_jobs_status.iter().any(test);
        let said = of("Failed", JobState::Failed)
            .or_else(|| of("Completed", JobState::Succeeded))
            .or_else(|| match status.terminal_state.as_str() {
                "Failed" => Some(JobObject::of(JobState::Failed, "Failed")),
                "Completed" => Some(JobObject::of(JobState::Succeeded, "Completed")),
                _ => None,
            })
            .or_else(|| of("Suspended", JobState::Suspended))
            .or_else(|| {
                spec.suspend
                    .then(|| JobObject::of(JobState::Suspended, "Suspended"))
            })
            .or_else(|| of("StartupPolicyInProgress", JobState::Starting))
            .or_else(|| is_any(|jobs| jobs.ready > 0).then(|| JobObject::of(JobState::Running, "")))
            .unwrap_or_else(|| JobObject::of(JobState::Starting, ""));
        let roles: Box<[Role]> = spec
            .replicated_jobs
            .iter()
            .map(|jobs| {
                let counted = status
                    .replicated_jobs_status
                    .iter()
                    .find(|counted| counted.name == jobs.name);
                Role {
                    name: names.intern(&jobs.name),
                    wanted: jobs.replicas.map_or(1, count),
                    active: counted.map_or(0, |counted| count(counted.active)),
                    succeeded: counted.map_or(0, |counted| count(counted.succeeded)),
                    failed: counted.map_or(0, |counted| count(counted.failed)),
                }
            })
            .collect();
        let mut asks = Asks::default();
        let mut wanted = 0_u32;
        for jobs in &spec.replicated_jobs {
            let pods = jobs
                .replicas
                .map_or(1, count)
                .saturating_mul(jobs.template.spec.parallelism.map_or(1, count));
            wanted = wanted.saturating_add(pods);
            asks.pods(pods, &jobs.template.spec.template.spec);
        }
        let of_all = roles.iter().map(|role| role.wanted).sum();
        let priority = spec
            .replicated_jobs
            .first()
            .map(|jobs| {
                jobs.template
                    .spec
                    .template
                    .spec
                    .priority_class_name
                    .as_str()
            })
            .unwrap_or_default();
        JobObject {
            is_suspended: spec.suspend,
            wanted: Some(wanted),
            progress: Some(Progress::Parts {
                done: roles.iter().map(|role| role.succeeded).sum(),
                of: of_all,
            }),
            priority: names.intern(priority),
            asks: asks.sum(names),
            retries: Some(count(status.restarts)),
            roles,
            volume_claims,
            ..said
        }
    }
}
