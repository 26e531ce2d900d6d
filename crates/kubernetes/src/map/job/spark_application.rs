//! `sparkoperator.k8s.io/v1beta2 SparkApplication`.

use std::collections::BTreeMap;

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState, Progress, Role},
    node::Resources,
    text::{Interner, Text},
};

use super::{
    Kind,
    parts::{count, first_of},
};
use crate::slim::values::{Time, moment, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SparkApplication {
    spec: Spec,
    status: SparkStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    suspend: Option<bool>,
    driver: Part,
    executor: Part,
    #[serde(deserialize_with = "nullable")]
    batch_scheduler_options: SchedulerOptions,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part {
    instances: Option<i64>,
    cores: Option<i64>,
    gpu: Option<Gpu>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Gpu {
    name: String,
    quantity: i64,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SchedulerOptions {
    queue: Option<String>,
    priority_class_name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SparkStatus {
    application_state: ApplicationState,
    #[serde(deserialize_with = "nullable")]
    executor_state: BTreeMap<String, String>,
    last_submission_attempt_time: Option<Time>,
    termination_time: Option<Time>,
    execution_attempts: i64,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ApplicationState {
    state: String,
    error_message: String,
}

impl Kind for SparkApplication {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let word = status.application_state.state.as_str();
        let is_suspended = spec.suspend.unwrap_or_default();
        let state = match word {
            "COMPLETED" => JobState::Succeeded,
            "FAILED" => JobState::Failed,
            "SUSPENDED" | "SUSPENDING" => JobState::Suspended,
            "RUNNING" | "SUCCEEDING" | "FAILING" => JobState::Running,
            "" if is_suspended => JobState::Suspended,
            "" | "SUBMITTED" | "SUBMISSION_FAILED" | "PENDING_RERUN" | "INVALIDATING"
            | "RESUMING" => JobState::Starting,
            _ => JobState::Unknown,
        };
        let executors = spec.executor.instances.map_or(1, count);
        let of = |word: &str| {
            let states = status.executor_state.values();
            let count = states.filter(|state| *state == word).count();
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        let roles = [
            Role {
                name: names.intern("driver"),
                wanted: 1,
                active: u32::from(state == JobState::Running),
                succeeded: u32::from(state == JobState::Succeeded),
                failed: u32::from(state == JobState::Failed),
            },
            Role {
                name: names.intern("executor"),
                wanted: executors,
                active: of("RUNNING"),
                succeeded: of("COMPLETED"),
                failed: of("FAILED"),
            },
        ];
        let options = &spec.batch_scheduler_options;
        let terminated = moment(status.termination_time);
        JobObject {
            is_suspended,
            message: Text::from(status.application_state.error_message.as_str()),
            since: terminated,
            wanted: Some(executors.saturating_add(1)),
            progress: (!status.executor_state.is_empty()).then(|| Progress::Parts {
                done: of("COMPLETED"),
                of: executors,
            }),
            asks: Some(asks(&spec, executors, names)),
            queue: first_of(&[options.queue.as_deref().unwrap_or_default()]),
            priority: first_of(&[options.priority_class_name.as_deref().unwrap_or_default()]),
            started: moment(status.last_submission_attempt_time),
            finished: terminated.filter(|_| state.is_over()),
            retries: Some(count(status.execution_attempts).saturating_sub(1)),
            roles: roles.into(),
            ..JobObject::of(state, word)
        }
    }
}

/// Cores and GPUs; memory is told in Java's words with an overhead that Spark adds, and left out.
fn asks(spec: &Spec, executors: u32, names: &mut Interner) -> Resources {
    let mut extended: BTreeMap<Text, u64> = BTreeMap::new();
    let mut cores = 0;
    for (part, instances) in [(&spec.driver, 1), (&spec.executor, executors)] {
        cores += u64::from(count(part.cores.unwrap_or(1))) * u64::from(instances);
        if let Some(gpu) = &part.gpu {
            let name = names.intern(&gpu.name);
            *extended.entry(name).or_default() +=
                u64::from(count(gpu.quantity)) * u64::from(instances);
        }
    }
    Resources {
        cpu_millicores: cores * 1000,
        memory_bytes: 0,
        pods: u64::from(executors) + 1,
        extended: extended.into_iter().collect(),
    }
}
