//! `ray.io/v1 RayService` (and `v1alpha1`): applications that Ray Serve runs on a cluster.

use std::collections::BTreeMap;

use serde::Deserialize;
use strata_domain::{
    condition::find,
    job::{JobObject, JobState},
    text::Interner,
};

use super::{
    Kind,
    parts::{conditions, held},
    ray_cluster::ClusterSpec,
};
use crate::slim::values::{ProbedCondition, nullable};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RayService {
    spec: Spec,
    status: ServiceStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    suspend: bool,
    ray_cluster_config: ClusterSpec,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ServiceStatus {
    #[serde(deserialize_with = "nullable")]
    conditions: Vec<ProbedCondition>,
    /// Before the conditions there was one word.
    #[serde(rename = "serviceStatus")]
    word: String,
    #[serde(rename = "activeServiceStatus")]
    active: Active,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Active {
    #[serde(deserialize_with = "nullable")]
    application_statuses: BTreeMap<String, Application>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Application {
    status: String,
    message: String,
}

impl Kind for RayService {
    fn job(self, names: &mut Interner) -> JobObject {
        let Self { spec, status } = self;
        let told = conditions(status.conditions, names);
        let of = |kind: &str, state| held(&told, kind).map(|found| JobObject::by(state, found));
        let said = of("Suspended", JobState::Suspended)
            .or_else(|| of("Suspending", JobState::Suspended))
            .or_else(|| of("Ready", JobState::Running))
            .or_else(|| {
                let ready = find(&told, "Ready")?;
                let state = match ready.reason.as_str() {
                    "InitializingTimeout" | "ValidationFailed" => JobState::Failed,
                    _ => JobState::Starting,
                };
                Some(JobObject::by(state, ready))
            })
            .unwrap_or_else(|| {
                let state = match status.word.as_str() {
                    "Running" => JobState::Running,
                    _ if spec.suspend => JobState::Suspended,
                    _ => JobState::Starting,
                };
                JobObject::of(state, status.word.as_str())
            });
        let ill = status
            .active
            .application_statuses
            .iter()
            .find(|(_, application)| {
                matches!(application.status.as_str(), "DEPLOY_FAILED" | "UNHEALTHY")
            });
        let said = match ill {
            Some((name, application)) => JobObject {
                reason: application.status.as_str().into(),
                message: format!("{name}: {}", application.message).into(),
                ..said
            },
            None => said,
        };
        let said = JobObject {
            is_lasting: true,
            is_suspended: spec.suspend,
            finished: None,
            ..said
        };
        spec.ray_cluster_config.describe(said, names)
    }
}
