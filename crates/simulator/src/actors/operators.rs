//! Operators: what turns custom resources into pods, and says how they are.
//!
//! Each follows the real project as far as its objects show: who owns what, under which names and
//! labels, and which status. Sources: the API types of each project, as collected in the reference
//! that the catalogue is built from.

use serde_json::{Map, Value, json};

use self::conditions::Conditions;
use super::{
    Subject,
    events::Event,
    pods::{self, NewPod, Phase},
};
use crate::{
    json,
    store::Stored,
    world::{World, owner_reference, pod_kind},
};

mod conditions;
mod job_set;
mod leader_worker_set;
mod notebook;
mod pipelines;
mod ray;
mod services;
mod serving;
mod training;
mod volcano;

pub(super) use training::trainer_template;

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    match (subject.kind.group.as_str(), subject.kind.kind.as_str()) {
        ("serving.kserve.io", "InferenceService") => serving::inference_service(world, subject),
        ("apps.nvidia.com", "NIMService") => serving::nim_service(world, subject),
        ("milvus.io", "Milvus") => serving::milvus(world, subject),
        ("leaderworkerset.x-k8s.io", "LeaderWorkerSet") => {
            leader_worker_set::reconcile(world, subject);
        }
        ("ray.io", "RayCluster") => ray::cluster(world, subject),
        ("ray.io", "RayJob") => ray::job(world, subject),
        ("ray.io", "RayService") => ray::service(world, subject),
        ("trainer.kubeflow.org", "TrainJob") => training::train_job(world, subject),
        ("kubeflow.org", "PyTorchJob") => training::pytorch_job(world, subject),
        ("kubeflow.org", "Notebook") => notebook::reconcile(world, subject),
        ("jobset.x-k8s.io", "JobSet") => job_set::reconcile(world, subject),
        ("batch.volcano.sh", "Job") => volcano::job(world, subject),
        ("sparkoperator.k8s.io", "SparkApplication") => pipelines::spark(world, subject),
        ("argoproj.io", "Workflow") => pipelines::workflow(world, subject),
        _ => {}
    }
}

/// How many pods under the object with `uid`, at any depth, run ready or have succeeded.
pub(super) fn running_pods(world: &World, uid: &str) -> u64 {
    let direct = pods::owned_by(world, uid)
        .iter()
        .filter(|pod| pod.is_ready || pod.phase == Phase::Succeeded)
        .count();
    let deeper: u64 = world
        .store
        .all_dependents(uid)
        .into_iter()
        .filter_map(|(kind, key)| world.store.get(&kind, &key))
        .filter(|stored| stored.uid != uid)
        .map(|stored| running_pods(world, &stored.uid))
        .sum();
    u64::try_from(direct).unwrap_or(u64::MAX) + deeper
}

/// Makes the pod `name` of the subject from `template`, unless it is there. A name with a trailing `-`
/// is the beginning of one that is made up.
fn ensure_pod(
    world: &mut World,
    subject: &Subject<'_>,
    api_version: &str,
    name: &str,
    template: &Value,
    labels: Vec<(&str, String)>,
) {
    let key = strata_domain::ids::ObjectKey::new(subject.stored.key.namespace.clone(), name);
    if world.store.get(&pod_kind(), &key).is_some() {
        return;
    }
    let new = NewPod {
        name: name.to_owned(),
        namespace: &subject.stored.key.namespace,
        template,
        labels,
        annotations: Vec::new(),
        owner: owner_reference(api_version, &subject.kind.kind, subject.stored),
    };
    if let Some(pod) = pods::make(world, new) {
        tell_created(world, subject, &pod);
    }
}

/// Tells of a pod that was made, as far as the real project does.
fn tell_created(world: &mut World, subject: &Subject<'_>, pod: &Stored) {
    let event = match subject.kind.kind.as_str() {
        "PyTorchJob" => {
            let message = format!("Created pod: {}", pod.key.name);
            Event::normal("SuccessfulCreatePod", message).by("pytorchjob-controller")
        }
        "RayCluster" if pod.label("ray.io/node-type") == Some("head") => {
            let message = format!("Created head Pod {}", pod.key);
            Event::normal("CreatedHeadPod", message).by("raycluster-controller")
        }
        "RayCluster" => {
            let message = format!("Created worker Pod {}", pod.key);
            Event::normal("CreatedWorkerPod", message).by("raycluster-controller")
        }
        _ => return,
    };
    event.record(world, subject.kind, subject.stored);
}

/// The labels that an object hands down to its children: its own.
fn inherited_labels(subject: &Subject<'_>) -> Map<String, Value> {
    subject
        .stored
        .labels
        .iter()
        .filter(|(label, _)| label != crate::manifest::QUEUE_LABEL)
        .map(|(label, value)| (label.to_string(), Value::from(value.as_str())))
        .collect()
}

/// A deployment's spec for pods of `template` that are found by `selector`.
fn deployment_spec(replicas: u64, selector: &Value, template: &Value) -> Value {
    json!({
        "replicas": replicas,
        "selector": { "matchLabels": selector },
        "template": template,
        "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 10,
        "strategy": { "type": "RollingUpdate",
            "rollingUpdate": { "maxUnavailable": "25%", "maxSurge": "25%" } },
    })
}

/// Writes a status that has `conditions`; what stood there before and is not written stays.
fn write_status(world: &mut World, subject: &Subject<'_>, status: &Value, conditions: Conditions) {
    let mut merged = subject
        .object
        .get("status")
        .cloned()
        .unwrap_or_else(|| json!({}));
    json::merge(&mut merged, status);
    let stamp = world.stamp();
    let known = json::items(subject.object, "/status/conditions");
    let conditions = conditions.since(known, &stamp);
    json::as_object(&mut merged).insert("conditions".to_owned(), conditions);
    world.set_status(subject.kind, &subject.stored.key, merged);
}
