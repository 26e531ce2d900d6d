//! `batch.volcano.sh/v1alpha1 Job`. Its conditions are no conditions, but the phases that it went
//! through, each with its time.

use std::collections::BTreeMap;

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState, Progress, Role},
    text::{Interner, Text},
};

use super::{
    Kind,
    parts::{Asks, Template, count, first_of},
};
use crate::slim::values::{Time, moment, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct VolcanoJob {
    spec: Spec,
    status: VolcanoStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    queue: String,
    priority_class_name: String,
    #[serde(deserialize_with = "nullable")]
    tasks: Vec<Task>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Task {
    name: String,
    replicas: Option<i64>,
    template: Template,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VolcanoStatus {
    state: Stage,
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<Passed>,
    succeeded: i64,
    retry_count: i64,
    #[serde(deserialize_with = "nullable")]
    task_status_count: BTreeMap<String, TaskCounts>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Stage {
    phase: String,
    reason: String,
    message: String,
    last_transition_time: Option<Time>,
}

/// A phase that the job came to.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Passed {
    status: String,
    last_transition_time: Option<Time>,
}

/// How many pods of a task are in which phase.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TaskCounts {
    #[serde(deserialize_with = "nullable")]
    phase: BTreeMap<String, i64>,
}

impl TaskCounts {
    fn of(&self, phase: &str) -> u32 {
        self.phase.get(phase).copied().map_or(0, count)
    }
}

impl Kind for VolcanoJob {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let phase = status.state.phase.as_str();
        let state = match phase {
            "" | "Pending" | "Restarting" => JobState::Starting,
            "Running" | "Completing" | "Aborting" | "Terminating" => JobState::Running,
            "Completed" => JobState::Succeeded,
            "Aborted" => JobState::Suspended,
            "Failed" | "Terminated" => JobState::Failed,
            _ => JobState::Unknown,
        };
        let mut asks = Asks::default();
        let mut wanted = 0_u32;
        for task in &spec.tasks {
            let pods = task.replicas.map_or(1, count);
            wanted = wanted.saturating_add(pods);
            asks.pods(pods, &task.template.spec);
        }
        let roles: Box<[Role]> = spec
            .tasks
            .iter()
            .map(|task| {
                let counted = status.task_status_count.get(&task.name);
                let of = |phase| counted.map_or(0, |counted| counted.of(phase));
                Role {
                    name: names.intern(&task.name),
                    wanted: task.replicas.map_or(1, count),
                    active: of("Running"),
                    succeeded: of("Succeeded"),
                    failed: of("Failed"),
                }
            })
            .collect();
        let since = moment(status.state.last_transition_time);
        let began = status
            .conditions
            .iter()
            .find(|passed| passed.status == "Running");
        JobObject {
            is_suspended: state == JobState::Suspended,
            message: Text::from(status.state.message.as_str()),
            since,
            wanted: Some(wanted),
            progress: Some(Progress::Parts {
                done: count(status.succeeded),
                of: wanted,
            }),
            asks: asks.sum(names),
            queue: names.intern(&spec.queue),
            priority: names.intern(&spec.priority_class_name),
            started: began.and_then(|passed| moment(passed.last_transition_time)),
            finished: since.filter(|_| state.is_over()),
            retries: Some(count(status.retry_count)),
            roles,
            ..JobObject::of(state, first_of(&[&status.state.reason, phase]))
        }
    }
}
