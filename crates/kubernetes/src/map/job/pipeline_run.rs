//! `tekton.dev` `PipelineRun` (`v1` and `v1beta1`): one condition, `Succeeded`, whose reason tells
//! the rest.

use serde::{Deserialize, de::IgnoredAny};
use strata_domain::{
    condition::{Status, find},
    job::{JobObject, JobState, Progress},
    text::Interner,
};

use super::{Kind, parts::conditions};
use crate::slim::values::{ProbedCondition, Time, moment, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PipelineRun {
    spec: Spec,
    status: RunStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Spec {
    /// `PipelineRunPending` holds a run back until someone takes the word away.
    status: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RunStatus {
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    start_time: Option<Time>,
    completion_time: Option<Time>,
    #[serde(deserialize_with = "nullable")]
    pipeline_spec: PipelineSpec,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PipelineSpec {
    #[serde(deserialize_with = "nullable")]
    tasks: Vec<IgnoredAny>,
}

impl Kind for PipelineRun {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let told = conditions(status.conditions, names);
        let is_held = spec.status == "PipelineRunPending";
        let said = match find(&told, "Succeeded") {
            Some(found) => {
                let state = match (found.status, found.reason.as_str()) {
                    (Status::True, _) => JobState::Succeeded,
                    (Status::False, _) => JobState::Failed,
                    (Status::Unknown, "PipelineRunPending") => JobState::Suspended,
                    (Status::Unknown, "Started" | "ResolvingPipelineRef" | "ResolvingTaskRef") => {
                        JobState::Starting
                    }
                    (Status::Unknown, _) => JobState::Running,
                };
                JobObject::by(state, found)
            }
            None if is_held => JobObject::of(JobState::Suspended, "PipelineRunPending"),
            None => JobObject::of(JobState::Starting, ""),
        };
        let tasks = status.pipeline_spec.tasks.len();
        JobObject {
            is_suspended: is_held,
            progress: progress(&said.message, tasks),
            started: moment(status.start_time),
            finished: moment(status.completion_time).filter(|_| said.state.is_over()),
            ..said
        }
    }
}

/// Reads `Tasks Completed: 3 (Failed: 0, Cancelled 0), Incomplete: 1, Skipped: 0`
/// (tektoncd/pipeline, `pkg/reconciler/pipelinerun/resources/pipelinerunstate.go`).
fn progress(message: &str, tasks: usize) -> Option<Progress> {
    let number_after = |word: &str| -> Option<u32> {
        let (_, rest) = message.split_once(word)?;
        let digits: String = rest
            .trim_start()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    };
    let done = number_after("Tasks Completed:")?;
    let incomplete = number_after("Incomplete:").unwrap_or(0);
    let of = u32::try_from(tasks)
        .ok()
        .filter(|tasks| *tasks > 0)
        .unwrap_or(done + incomplete);
    Some(Progress::Parts { done, of })
}
