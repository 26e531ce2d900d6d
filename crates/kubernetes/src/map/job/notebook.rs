//! `kubeflow.org` `Notebook` (`v1`, `v1beta1`): one pod that someone works in.

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState},
    text::{Interner, Text},
};

use super::{
    Kind,
    parts::{Annotated, Asks, Template, count},
};
use crate::slim::pod::ContainerState;

/// Set by the culler or the user while the notebook is stopped.
const STOPPED: &str = "kubeflow-resource-stopped";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Notebook {
    metadata: Annotated,
    spec: Spec,
    status: NotebookStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Spec {
    template: Template,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NotebookStatus {
    ready_replicas: i64,
    container_state: ContainerState,
}

impl Kind for Notebook {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self {
            metadata,
            spec,
            status,
        } = self;
        let stopped = metadata.annotations.get(STOPPED);
        let container = &status.container_state;
        let (word, message) = if let Some(ended) = &container.terminated {
            (ended.reason.as_str(), "")
        } else if let Some(waiting) = &container.waiting {
            (waiting.reason.as_str(), waiting.message.as_str())
        } else {
            ("", "")
        };
        let said = if let Some(at) = stopped {
            JobObject {
                since: at.parse().ok(),
                ..JobObject::of(JobState::Suspended, "Stopped")
            }
        } else {
            let state = if status.ready_replicas > 0 {
                JobState::Running
            } else {
                JobState::Starting
            };
            JobObject {
                message: Text::from(message),
                ..JobObject::of(state, word)
            }
        };
        let mut asks = Asks::default();
        asks.pods(1, &spec.template.spec);
        JobObject {
            is_lasting: true,
            is_suspended: stopped.is_some(),
            wanted: Some(u32::from(stopped.is_none())),
            ready: Some(count(status.ready_replicas)),
            priority: names.intern(&spec.template.spec.priority_class_name),
            asks: asks.sum(names),
            started: container
                .running
                .as_ref()
                .and_then(|running| crate::slim::values::moment(running.started_at)),
            ..said
        }
    }
}
