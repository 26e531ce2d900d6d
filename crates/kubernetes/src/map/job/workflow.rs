//! `argoproj.io/v1alpha1 Workflow`.

use std::collections::BTreeMap;

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState, Progress, Role},
    text::{Interner, Text},
};

use super::{Kind, parts::first_of};
use crate::slim::values::{Time, moment, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Workflow {
    spec: Spec,
    status: WorkflowStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    suspend: Option<bool>,
    shutdown: String,
    pod_priority_class_name: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct WorkflowStatus {
    phase: String,
    message: String,
    progress: String,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    #[serde(deserialize_with = "nullable")]
    nodes: BTreeMap<String, Node>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Node {
    #[serde(rename = "type")]
    kind: String,
    phase: String,
    message: String,
    template_name: String,
    started_at: Option<Time>,
}

impl Node {
    fn is_pod(&self) -> bool {
        self.kind == "Pod"
    }

    fn has_failed(&self) -> bool {
        matches!(self.phase.as_str(), "Failed" | "Error")
    }
}

impl Kind for Workflow {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let is_suspended = spec.suspend.unwrap_or_default();
        let waits_for_lock = status.message.starts_with("Waiting for");
        let state = match status.phase.as_str() {
            "Succeeded" => JobState::Succeeded,
            "Failed" | "Error" => JobState::Failed,
            // The phase stays at Running while a workflow is on hold.
            _ if is_suspended => JobState::Suspended,
            "Running" => JobState::Running,
            "Pending" if waits_for_lock => JobState::Queued,
            "" | "Pending" => JobState::Starting,
            _ => JobState::Unknown,
        };
        let failed = status
            .nodes
            .values()
            .filter(|node| node.is_pod() && node.has_failed())
            .min_by_key(|node| moment(node.started_at));
        let message = failed
            .map(|node| node.message.as_str())
            .filter(|message| state == JobState::Failed && !message.is_empty())
            .unwrap_or(&status.message);
        let finished = moment(status.finished_at);
        JobObject {
            is_suspended,
            message: Text::from(message),
            since: finished,
            progress: progress(&status.progress),
            priority: names.intern(&spec.pod_priority_class_name),
            started: moment(status.started_at),
            finished: finished.filter(|_| state.is_over()),
            roles: roles(&status.nodes, names),
            ..JobObject::of(state, first_of(&[&spec.shutdown, &status.phase]))
        }
    }
}

/// Reads `3/5`.
fn progress(text: &str) -> Option<Progress> {
    let (done, of) = text.split_once('/')?;
    Some(Progress::Parts {
        done: done.parse().ok()?,
        of: of.parse().ok()?,
    })
}

/// The pods by the template that they come of; none where the nodes are compressed or offloaded.
fn roles(nodes: &BTreeMap<String, Node>, names: &mut Interner) -> Box<[Role]> {
    let mut roles: BTreeMap<&str, Role> = BTreeMap::new();
    for node in nodes.values().filter(|node| node.is_pod()) {
        let role = roles.entry(&node.template_name).or_insert_with(|| Role {
            name: names.intern(&node.template_name),
            ..Role::default()
        });
        role.wanted += 1;
        match node.phase.as_str() {
            "Running" => role.active += 1,
            "Succeeded" => role.succeeded += 1,
            "Failed" | "Error" => role.failed += 1,
            _ => {}
        }
    }
    roles.into_values().collect()
}
