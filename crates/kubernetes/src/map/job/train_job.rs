//! `trainer.kubeflow.org/v1alpha1 TrainJob`. Its pods come of a runtime that is another object, so
//! that it tells what it asks for only where it says so itself.

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState, Progress, Role},
    text::Interner,
};

use super::{
    Kind,
    job_set::JobsStatus,
    parts::{Asks, conditions, count, held},
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
#[serde(default)]
struct Spec {
    suspend: bool,
    #[serde(deserialize_with = "nullable")]
    trainer: Trainer,
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
            ..said
        }
    }
}
