//! `PodGroup` of Volcano (`scheduling.volcano.sh/v1beta1`) and of KAI (`scheduling.run.ai/v2alpha2`):
//! what a gang waits by in their queues.

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState},
    text::{Interner, Text},
};

use super::{
    Kind,
    parts::{conditions, count, first_of},
};
use crate::slim::values::{ProbedCondition, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PodGroup {
    spec: Spec,
    status: GroupStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    queue: String,
    priority_class_name: String,
    min_member: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct GroupStatus {
    phase: String,
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    /// KAI's, one for each pool of nodes.
    #[serde(deserialize_with = "nullable")]
    scheduling_conditions: Vec<ProbedCondition>,
}

impl Kind for PodGroup {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let mut told = conditions(status.conditions, names);
        told.extend(conditions(status.scheduling_conditions, names));
        let state = match status.phase.as_str() {
            "" | "Pending" => JobState::Queued,
            "Inqueue" => JobState::Admitted,
            "Running" => JobState::Running,
            "Completed" | "Succeeded" => JobState::Succeeded,
            "Failed" => JobState::Failed,
            _ => JobState::Unknown,
        };
        // Volcano's last word stands last, and stays after the gang was placed.
        let why = told
            .iter()
            .rev()
            .find(|found| found.kind.starts_with("Unschedulable"))
            .filter(|_| state.is_waiting());
        JobObject {
            message: why.map(|found| found.message.clone()).unwrap_or_default(),
            since: why.and_then(|found| found.since),
            wanted: spec.min_member.map(count),
            queue: names.intern(&spec.queue),
            priority: Text::from(spec.priority_class_name.as_str()),
            ..JobObject::of(
                state,
                first_of(&[
                    why.map(|found| found.reason.as_str()).unwrap_or_default(),
                    &status.phase,
                ]),
            )
        }
    }
}
