//! `trainer.kubeflow.org/v1alpha1 TrainJob`. Its pods come of a runtime that is another object, so
//! that it tells what it asks for only where it says so itself; what it adds to them (volumes, above
//! all) stands in patches of that runtime.

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState, Progress, Role},
    text::Interner,
};

use super::{
    Kind,
    job_set::{JobSet, JobsStatus},
    parts::{Asks, Template, conditions, count, each_once, held},
};
use crate::slim::{
    pod::Requirements,
    values::{ProbedCondition, nullable},
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TrainJob {
    spec: Spec,
    status: TrainStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    suspend: bool,
    #[serde(deserialize_with = "nullable")]
    trainer: Trainer,
    #[serde(deserialize_with = "nullable")]
    runtime_patches: Vec<RuntimePatch>,
    /// What these were before Trainer 2.2.
    #[serde(deserialize_with = "nullable")]
    pod_template_overrides: Vec<Template>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RuntimePatch {
    training_runtime_spec: RuntimeSpec,
}

/// The template of a runtime is that of a JobSet.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RuntimeSpec {
    template: JobSet,
}

impl Spec {
    /// The volume claims that it adds to what its runtime mounts, by name.
    fn volume_claims(&self) -> impl Iterator<Item = &str> {
        let patches = self.runtime_patches.iter();
        let patched =
            patches.flat_map(|patch| patch.training_runtime_spec.template.volume_claims());
        let overrides = self.pod_template_overrides.iter();
        patched.chain(overrides.flat_map(Template::volume_claims))
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Trainer {
    num_nodes: Option<i64>,
    resources_per_node: Option<Requirements>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct TrainStatus {
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    #[serde(deserialize_with = "nullable")]
    jobs_status: Vec<JobsStatus>,
    #[serde(deserialize_with = "nullable")]
    trainer_status: TrainerStatus,
}

/// Posted by the job itself, where the gate `TrainJobStatus` is on.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct TrainerStatus {
    progress_percentage: Option<u8>,
}

impl Kind for TrainJob {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let told = conditions(status.conditions, names);
        let of = |kind: &str, state| held(&told, kind).map(|found| JobObject::by(state, found));
        let sum = |of: fn(&JobsStatus) -> i64| status.jobs_status.iter().map(of).sum::<i64>();
        let said = of("Failed", JobState::Failed)
            .or_else(|| of("Complete", JobState::Succeeded))
            .or_else(|| of("Suspended", JobState::Suspended))
            .unwrap_or_else(|| {
                let state = if spec.suspend {
                    JobState::Suspended
                } else if sum(|jobs| jobs.ready) > 0 {
                    JobState::Running
                } else {
                    JobState::Starting
                };
                JobObject::of(state, "")
            });
        let nodes = spec.trainer.num_nodes.map(count);
        let mut asks = Asks::default();
        if let Some(each) = &spec.trainer.resources_per_node {
            asks.each(nodes.unwrap_or(1), each);
        }
        let roles: Box<[Role]> = status
            .jobs_status
            .iter()
            .map(|jobs| Role {
                name: names.intern(&jobs.name),
                wanted: count(
                    jobs.ready.max(jobs.active) + jobs.succeeded + jobs.failed + jobs.suspended,
                ),
                active: count(jobs.active),
                succeeded: count(jobs.succeeded),
                failed: count(jobs.failed),
            })
            .collect();
        JobObject {
            is_suspended: spec.suspend,
            wanted: nodes,
            progress: status
                .trainer_status
                .progress_percentage
                .map(|percent| Progress::Percent(percent.min(100))),
            asks: asks.sum(names),
            roles,
            volume_claims: each_once(spec.volume_claims(), names),
            ..said
        }
    }
}
