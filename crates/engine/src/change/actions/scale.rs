//! How many replicas a workload or a job has.

use serde_json::{Value, json};
use strata_api::{
    change::Obstacle,
    phrases::{Phrase, PhraseCode},
};
use strata_domain::{field_path::FieldPath, ids::GroupKind};
use strata_ports::control::Verb;

use super::{Found, Ground, Steps, cannot, not_of_kind};
use crate::{change::plan::Planned, why::read};

pub(super) async fn scale(ground: &Ground<'_>, found: &Found, replicas: u32) -> Steps {
    let step = if is_by_subresource(&found.address.kind) {
        let after = format!(" --replicas {replicas}");
        let command = ground.kubectl.command("scale", &found.address, &after);
        Planned::new(found.address.clone(), Verb::Scale { replicas }, command)
    } else {
        let path = field(found)?;
        let now = path.get(&found.object).and_then(Value::as_u64);
        let mut step = ground.set(&found.address, vec![(path, Some(json!(replicas)))]);
        if now.is_some_and(|now| u64::from(replicas) < now) {
            // The workers that stay begin from the last checkpoint, too.
            let owned = ground.owned_objects(found).await;
            step.consequences
                .extend(ground.checkpoints.at_stake(&owned).await);
        }
        step
    };
    Ok(vec![step])
}

/// Whether the kind has a scale of its own, the `scale` subresource.
pub(super) fn is_by_subresource(kind: &GroupKind) -> bool {
    matches!(
        (kind.group.as_str(), kind.kind.as_str()),
        ("apps", "Deployment" | "StatefulSet" | "ReplicaSet")
            | ("leaderworkerset.x-k8s.io", "LeaderWorkerSet")
            | ("serving.kserve.io", "LLMInferenceService")
    )
}

/// Where the number stands for kinds without a scale of their own.
fn field(found: &Found) -> Result<FieldPath, Box<Obstacle>> {
    let object = &found.object;
    let kind = found.address.kind.kind.as_str();
    match (found.address.kind.group.as_str(), kind) {
        ("batch", "Job") => Ok(FieldPath::of(["spec", "parallelism"])),
        ("trainer.kubeflow.org", "TrainJob") => {
            Err(cannot(Phrase::new(PhraseCode::ScaleFixedByTrainJob)))
        }
        ("kubeflow.org", "PyTorchJob" | "MPIJob") => {
            let specs = if kind == "MPIJob" {
                "mpiReplicaSpecs"
            } else {
                "pytorchReplicaSpecs"
            };
            let worker = FieldPath::of(["spec", specs, "Worker"]);
            match worker.get(object) {
                Some(_) => Ok(worker.field("replicas")),
                None => Err(not_of_kind(found)),
            }
        }
        ("ray.io", "RayCluster") => {
            let groups = FieldPath::of(["spec", "workerGroupSpecs"]);
            one_of(object, &groups, "groupName")
        }
        ("batch.volcano.sh", "Job") => one_of(object, &FieldPath::of(["spec", "tasks"]), "name"),
        ("serving.kserve.io", "InferenceService") => {
            Ok(FieldPath::of(["spec", "predictor", "minReplicas"]))
        }
        ("sparkoperator.k8s.io", "SparkApplication") => {
            Ok(FieldPath::of(["spec", "executor", "instances"]))
        }
        ("apps.nvidia.com", "NIMService") => Ok(FieldPath::of(["spec", "replicas"])),
        _ => Err(not_of_kind(found)),
    }
}

/// The replicas of the only item of a list; where there are several, which one is meant is not ours
/// to say.
fn one_of(object: &Value, list: &FieldPath, key: &str) -> Result<FieldPath, Box<Obstacle>> {
    let items = list.get(object).and_then(Value::as_array);
    let names: Vec<&str> = items
        .into_iter()
        .flatten()
        .map(|item| read::text(item, &format!("/{key}")))
        .collect();
    match names.as_slice() {
        [one] => Ok(list.keyed(key, *one).field("replicas")),
        several => Err(cannot(
            Phrase::new(PhraseCode::ScaleOfSeveral).with("groups", several.join(", ")),
        )),
    }
}
