//! `apps.nvidia.com/v1alpha1 NIMService`.

use serde::Deserialize;
use strata_domain::{
    condition::find,
    job::{JobObject, JobState},
    text::Interner,
};

use super::{
    Kind,
    parts::{Asks, conditions, count, held},
};
use crate::slim::{
    pod::Requirements,
    values::{ProbedCondition, nullable},
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NimService {
    spec: Spec,
    status: NimStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Spec {
    replicas: Option<i64>,
    #[serde(deserialize_with = "nullable")]
    resources: Requirements,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NimStatus {
    state: String,
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    available_replicas: i64,
}

impl Kind for NimService {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let told = conditions(status.conditions, names);
        let replicas = spec.replicas.map_or(1, count);
        let available = count(status.available_replicas);
        let state = match status.state.as_str() {
            "Failed" => JobState::Failed,
            _ if replicas == 0 => JobState::Suspended,
            "Ready" => JobState::Running,
            "NotReady" if available > 0 => JobState::Running,
            "" | "Pending" | "NotReady" => JobState::Starting,
            _ => JobState::Unknown,
        };
        let why = held(&told, "Failed")
            .or_else(|| find(&told, "Ready"))
            .filter(|_| state != JobState::Running);
        let mut said = why.map_or_else(
            || JobObject::of(state, status.state.as_str()),
            |found| JobObject::by(state, found),
        );
        said.finished = None;
        let mut asks = Asks::default();
        asks.each(replicas, &spec.resources);
        JobObject {
            is_lasting: true,
            wanted: Some(replicas),
            ready: Some(available),
            asks: asks.sum(names),
            ..said
        }
    }
}
