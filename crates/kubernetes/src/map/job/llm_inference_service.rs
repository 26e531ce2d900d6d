//! `serving.kserve.io` `LLMInferenceService` (`v1alpha1` and `v1alpha2`).

use serde::Deserialize;
use strata_domain::{
    condition::{Status, find},
    job::{JobObject, JobState, Role},
    text::Interner,
};

use super::{
    Kind,
    inference_service::STOP,
    parts::{Annotated, Asks, conditions, count, held},
};
use crate::slim::{
    pod::PodSpec,
    values::{ProbedCondition, nullable},
};

/// The parts whose conditions say why the whole is not ready, the plainest first.
const PARTS: [&str; 9] = [
    "PresetsCombined",
    "MainWorkloadReady",
    "WorkerWorkloadReady",
    "PrefillWorkloadReady",
    "PrefillWorkerWorkloadReady",
    "SchedulerWorkloadReady",
    "RouterReady",
    "WorkloadsReady",
    "Ready",
];

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LlmInferenceService {
    metadata: Annotated,
    spec: Spec,
    status: ServiceStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Spec {
    #[serde(flatten)]
    main: Part,
    prefill: Option<Part>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part {
    replicas: Option<i64>,
    template: Option<PodSpec>,
    /// More than one pod makes a replica then; how many, the parallelism and its defaults tell.
    worker: Option<PodSpec>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ServiceStatus {
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    #[serde(deserialize_with = "nullable")]
    workloads: Workloads,
}

/// Of `v1alpha2`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Workloads {
    primary: Option<Observed>,
    prefill: Option<Observed>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Observed {
    ready_replicas: Option<i64>,
}

impl Kind for LlmInferenceService {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self {
            metadata,
            spec,
            status,
        } = self;
        let told = conditions(status.conditions, names);
        let is_stopped = metadata
            .annotations
            .get(STOP)
            .is_some_and(|on| on == "true");
        let serves = held(&told, "WorkloadsReady").is_some();
        let said = if is_stopped {
            let found = find(&told, "Ready").filter(|found| found.reason == "Stopped");
            found.map_or_else(
                || JobObject::of(JobState::Suspended, "Stopped"),
                |found| JobObject::by(JobState::Suspended, found),
            )
        } else if let Some(found) = held(&told, "Ready") {
            JobObject::by(JobState::Running, found)
        } else {
            let state = if serves {
                JobState::Running
            } else {
                JobState::Starting
            };
            let why = PARTS
                .iter()
                .find_map(|kind| find(&told, kind).filter(|found| found.status == Status::False));
            let why = why.or_else(|| find(&told, "Ready"));
            why.map_or_else(
                || JobObject::of(state, ""),
                |found| JobObject::by(state, found),
            )
        };
        let parts = [
            ("decode", Some(&spec.main), &status.workloads.primary),
            ("prefill", spec.prefill.as_ref(), &status.workloads.prefill),
        ];
        let mut asks = Asks::default();
        let mut roles = Vec::new();
        let mut is_by_one_pod = true;
        for (name, part, observed) in &parts {
            let Some(part) = part else { continue };
            let replicas = part.replicas.map_or(1, count);
            is_by_one_pod &= part.worker.is_none();
            if let Some(template) = &part.template {
                asks.pods(replicas, template);
            }
            roles.push(Role {
                name: names.intern(name),
                wanted: replicas,
                active: observed
                    .as_ref()
                    .and_then(|observed| observed.ready_replicas)
                    .map_or(0, count),
                ..Role::default()
            });
        }
        JobObject {
            is_lasting: true,
            is_suspended: is_stopped,
            finished: None,
            wanted: is_by_one_pod.then(|| roles.iter().map(|role| role.wanted).sum()),
            asks: asks.sum(names).filter(|_| is_by_one_pod),
            roles: roles.into(),
            ..said
        }
    }
}
