//! Jobs of every kind: what the object of each says, in the one set of words of
//! [`strata_domain::job`].
//!
//! One file a kind, with the few fields of it that are read; what is not declared there is skipped
//! while the JSON is read, and never built. Each follows the kind's own API types, old versions and
//! the current one alike.

mod cron_job;
mod inference_service;
mod job_set;
mod kueue_workload;
mod leader_worker_set;
mod llm_inference_service;
mod nim_service;
mod notebook;
mod parts;
mod pipeline_run;
mod pod_group;
mod ray_cluster;
mod ray_job;
mod ray_service;
mod spark_application;
mod train_job;
mod training_operator;
mod volcano_job;
mod workflow;

use serde::de::DeserializeOwned;
use strata_domain::{ids::GroupKind, job::JobObject, text::Interner};

pub(super) use parts::Asks;

/// A kind whose objects are jobs.
trait Kind: DeserializeOwned {
    /// What the object says.
    fn job(self, names: &mut Interner) -> JobObject;
}

/// Reads an object in JSON.
pub(super) type ReadJob = fn(&str, &mut Interner) -> Result<JobObject, serde_json::Error>;

fn read<T: Kind>(object: &str, names: &mut Interner) -> Result<JobObject, serde_json::Error> {
    Ok(serde_json::from_str::<T>(object)?.job(names))
}

/// What reads the objects of `kind`, if they are jobs of a kind that is described here.
pub(super) fn reader(kind: &GroupKind) -> Option<ReadJob> {
    Some(match (kind.group.as_str(), kind.kind.as_str()) {
        ("batch", "CronJob") => read::<cron_job::CronJob>,
        ("jobset.x-k8s.io", "JobSet") => read::<job_set::JobSet>,
        (
            "kubeflow.org",
            "PyTorchJob" | "TFJob" | "XGBoostJob" | "PaddleJob" | "JAXJob" | "MPIJob",
        ) => read::<training_operator::TrainingJob>,
        ("trainer.kubeflow.org", "TrainJob") => read::<train_job::TrainJob>,
        ("ray.io", "RayJob") => read::<ray_job::RayJob>,
        ("ray.io", "RayCluster") => read::<ray_cluster::RayCluster>,
        ("ray.io", "RayService") => read::<ray_service::RayService>,
        ("batch.volcano.sh", "Job") => read::<volcano_job::VolcanoJob>,
        ("kueue.x-k8s.io", "Workload") => read::<kueue_workload::Workload>,
        ("scheduling.volcano.sh" | "scheduling.run.ai", "PodGroup") => read::<pod_group::PodGroup>,
        ("argoproj.io", "Workflow") => read::<workflow::Workflow>,
        ("tekton.dev", "PipelineRun") => read::<pipeline_run::PipelineRun>,
        ("sparkoperator.k8s.io", "SparkApplication") => read::<spark_application::SparkApplication>,
        ("leaderworkerset.x-k8s.io", "LeaderWorkerSet") => {
            read::<leader_worker_set::LeaderWorkerSet>
        }
        ("serving.kserve.io", "InferenceService") => read::<inference_service::InferenceService>,
        ("serving.kserve.io", "LLMInferenceService") => {
            read::<llm_inference_service::LlmInferenceService>
        }
        ("kubeflow.org", "Notebook") => read::<notebook::Notebook>,
        ("apps.nvidia.com", "NIMService") => read::<nim_service::NimService>,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
