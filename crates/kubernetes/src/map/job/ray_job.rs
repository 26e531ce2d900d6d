//! `ray.io/v1 RayJob` (and `v1alpha1`): two words, one for the program that runs inside Ray and one
//! for what the operator does about it.

use serde::Deserialize;
use strata_domain::{
    job::{JobObject, JobState},
    text::{Interner, Text},
};

use super::{
    Kind,
    parts::{count, first_of},
    ray_cluster::ClusterSpec,
};
use crate::slim::values::{Time, moment, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RayJob {
    spec: Spec,
    status: RayJobStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    suspend: bool,
    #[serde(deserialize_with = "nullable")]
    ray_cluster_spec: Option<ClusterSpec>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RayJobStatus {
    job_status: String,
    job_deployment_status: String,
    reason: String,
    message: String,
    start_time: Option<Time>,
    end_time: Option<Time>,
    failed: Option<i64>,
}

impl Kind for RayJob {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let state = state(&status, spec.suspend);
        let raw = if status.job_deployment_status == "Complete" {
            &status.job_status
        } else {
            &status.job_deployment_status
        };
        let said = JobObject {
            is_suspended: spec.suspend,
            message: Text::from(status.message.as_str()),
            started: moment(status.start_time),
            finished: moment(status.end_time).filter(|_| state.is_over()),
            retries: status.failed.map(|failed| {
                // The attempt that ended it is no retry.
                count(failed).saturating_sub(u32::from(state == JobState::Failed))
            }),
            ..JobObject::of(state, first_of(&[&status.reason, raw]))
        };
        match &spec.ray_cluster_spec {
            Some(cluster) => cluster.describe(said, names),
            // It runs on a cluster that is chosen by a selector, and asks for nothing itself.
            None => said,
        }
    }
}

fn state(status: &RayJobStatus, is_suspended: bool) -> JobState {
    match (
        status.job_deployment_status.as_str(),
        status.job_status.as_str(),
    ) {
        // The last three of the words are of v1alpha1 and early v1.
        ("Complete", "FAILED" | "STOPPED")
        | (
            "Failed"
            | "ValidationFailed"
            | "FailedToGetOrCreateRayCluster"
            | "FailedJobDeploy"
            | "FailedToGetJobStatus",
            _,
        ) => JobState::Failed,
        ("Complete", _) => JobState::Succeeded,
        ("Suspended" | "Suspending", _) => JobState::Suspended,
        ("", _) if is_suspended => JobState::Suspended,
        ("Running", "SUCCEEDED" | "RUNNING" | "" | "FAILED" | "STOPPED") => JobState::Running,
        (
            "" | "Running" | "Initializing" | "Waiting" | "Retrying" | "WaitForDashboard"
            | "WaitForK8sJob",
            _,
        ) => JobState::Starting,
        _ => JobState::Unknown,
    }
}
