//! `serving.kserve.io/v1beta1 InferenceService`.

use serde::Deserialize;
use strata_domain::{
    condition::find,
    job::{JobObject, JobState},
    text::Interner,
};

use super::{
    Kind,
    parts::{Annotated, Asks, conditions, count, held},
};
use crate::slim::{
    pod::{Container, PodSpec, Requirements},
    values::{ProbedCondition, nullable},
};

/// Stops a service of either kind of KServe's.
pub(super) const STOP: &str = "serving.kserve.io/stop";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct InferenceService {
    metadata: Annotated,
    spec: Spec,
    status: ServiceStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Spec {
    predictor: Predictor,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Predictor {
    min_replicas: Option<i64>,
    model: Option<Model>,
    #[serde(deserialize_with = "nullable")]
    containers: Vec<Container>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Model {
    resources: Requirements,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ServiceStatus {
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    #[serde(deserialize_with = "nullable")]
    model_status: ModelStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ModelStatus {
    transition_status: String,
    #[serde(deserialize_with = "nullable")]
    states: ModelStates,
    #[serde(deserialize_with = "nullable")]
    last_failure_info: Failure,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ModelStates {
    active_model_state: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    reason: String,
    message: String,
}

impl Kind for InferenceService {
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
        let model = &status.model_status;
        let blocked = matches!(
            model.transition_status.as_str(),
            "BlockedByFailedLoad" | "InvalidSpec"
        );
        let is_loaded = matches!(
            model.states.active_model_state.as_str(),
            "Loaded" | "Standby"
        );
        let failure = &model.last_failure_info;
        let said = if let Some(found) = held(&told, "Stopped") {
            JobObject::by(JobState::Suspended, found)
        } else if is_stopped {
            JobObject::of(JobState::Suspended, "Stopped")
        } else if let Some(found) = held(&told, "Ready") {
            JobObject::by(JobState::Running, found)
        } else if blocked {
            // The revision before it goes on serving, if there was one.
            let state = if is_loaded {
                JobState::Running
            } else {
                JobState::Failed
            };
            let reason = if failure.reason.is_empty() {
                &model.transition_status
            } else {
                &failure.reason
            };
            JobObject {
                message: failure.message.as_str().into(),
                ..JobObject::of(state, reason.as_str())
            }
        } else {
            let state = if is_loaded {
                JobState::Running
            } else {
                JobState::Starting
            };
            // The part that is not ready says more than the whole.
            let parts = ["PredictorReady", "IngressReady", "Ready"];
            let why = parts
                .iter()
                .find_map(|kind| {
                    find(&told, kind)
                        .filter(|found| held(&told, kind).is_none() && !found.message.is_empty())
                })
                .or_else(|| find(&told, "Ready"));
            why.map_or_else(
                || JobObject::of(state, ""),
                |found| JobObject::by(state, found),
            )
        };
        let replicas = spec.predictor.min_replicas.map_or(1, count);
        let pod = PodSpec {
            containers: spec.predictor.containers,
            ..PodSpec::default()
        };
        let mut asks = Asks::default();
        if let Some(model) = &spec.predictor.model {
            asks.each(replicas, &model.resources);
        } else {
            asks.pods(replicas, &pod);
        }
        JobObject {
            is_lasting: true,
            is_suspended: is_stopped,
            finished: None,
            asks: asks.sum(names),
            ..said
        }
    }
}
