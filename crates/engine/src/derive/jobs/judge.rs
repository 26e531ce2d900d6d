//! Where a job is in its life: what its object says, unless its queue or its pods say otherwise.
//!
//! Objects lag behind and speak of themselves: a PyTorchJob is `Running` when its master is, a Job
//! is active while its pods crash. What runs is told by the pods.

use strata_domain::{
    ids::GroupKind,
    job::{JobObject, JobState},
    severity::Severity,
};

use crate::derive::trouble::PodsHealth;

/// What a state is told by.
pub(super) struct Case<'a> {
    pub(super) kind: &'a GroupKind,
    pub(super) said: &'a JobObject,
    /// What its queue says.
    pub(super) admission: Option<&'a JobObject>,
    /// Its pods that are neither done nor failed.
    pub(super) pods: &'a PodsHealth,
}

/// Whether the job stands still when one of its pods does: they compute as one.
pub(super) fn is_gang(kind: &GroupKind) -> bool {
    matches!(
        (kind.group.as_str(), kind.kind.as_str()),
        (
            "kubeflow.org",
            "PyTorchJob" | "TFJob" | "XGBoostJob" | "PaddleJob" | "JAXJob" | "MPIJob"
        ) | ("trainer.kubeflow.org", "TrainJob")
            | ("jobset.x-k8s.io", "JobSet")
            | ("batch.volcano.sh", "Job")
    )
}

/// The state, the first of these that fits: over by its own word; held by its queue; on hold; by its
/// pods; by its own word.
pub(super) fn state(case: &Case<'_>) -> JobState {
    let Case {
        said,
        admission,
        pods,
        ..
    } = case;
    if said.state.is_over() {
        return said.state;
    }
    let by_queue = admission.map(|admission| admission.state);
    if by_queue == Some(JobState::Queued) && pods.ready == 0 {
        return JobState::Queued;
    }
    if by_queue == Some(JobState::Suspended) && pods.current == 0 {
        return JobState::Suspended;
    }
    let is_let_in = matches!(by_queue, Some(JobState::Admitted | JobState::Running));
    if pods.current > 0 {
        return by_pods(case);
    }
    match said.state {
        // Its queue takes the hold away in a moment.
        JobState::Suspended | JobState::Starting | JobState::Unknown if is_let_in => {
            JobState::Admitted
        }
        state => state,
    }
}

fn by_pods(case: &Case<'_>) -> JobState {
    let pods = case.pods;
    if pods.ready == 0 {
        return JobState::Starting;
    }
    let is_struck = pods
        .worst
        .as_ref()
        .is_some_and(|worst| worst.severity == Severity::Critical);
    let is_short = pods.ready < pods.current;
    if is_gang(case.kind) && (is_struck || is_short) {
        return JobState::Starting;
    }
    JobState::Running
}
