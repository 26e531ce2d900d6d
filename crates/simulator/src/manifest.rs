//! From a scenario's lines to objects as people write them: what `kubectl apply` would send.

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use crate::{
    json,
    scenario::{Pairs, Workload},
};

mod batch;
pub(crate) mod node;
mod pod;
mod serving;

pub(crate) use pod::template;

/// The label that puts a job into a local queue.
pub(crate) const QUEUE_LABEL: &str = "kueue.x-k8s.io/queue-name";

/// The kinds that a scenario's workload can be of, with their groups.
const KINDS: [(&str, &str); 21] = [
    ("Deployment", "apps"),
    ("StatefulSet", "apps"),
    ("DaemonSet", "apps"),
    ("Job", "batch"),
    ("CronJob", "batch"),
    ("Pod", ""),
    ("StaticPod", ""),
    ("InferenceService", "serving.kserve.io"),
    ("LeaderWorkerSet", "leaderworkerset.x-k8s.io"),
    ("RayCluster", "ray.io"),
    ("RayJob", "ray.io"),
    ("RayService", "ray.io"),
    ("TrainJob", "trainer.kubeflow.org"),
    ("JobSet", "jobset.x-k8s.io"),
    ("PyTorchJob", "kubeflow.org"),
    ("Notebook", "kubeflow.org"),
    ("VolcanoJob", "batch.volcano.sh"),
    ("SparkApplication", "sparkoperator.k8s.io"),
    ("Workflow", "argoproj.io"),
    ("NIMService", "apps.nvidia.com"),
    ("Milvus", "milvus.io"),
];

/// Whether a workload can be of `kind`.
pub(crate) fn is_known(kind: &str) -> bool {
    KINDS.iter().any(|(known, _)| *known == kind)
}

/// The group and kind of the object that a workload of `kind` is.
pub(crate) fn group_kind(kind: &str) -> GroupKind {
    let group = KINDS
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or("", |(_, group)| group);
    let kind = match kind {
        "StaticPod" => "Pod",
        "VolcanoJob" => "Job",
        kind => kind,
    };
    GroupKind::new(group, kind)
}

/// The object that `workload` is.
pub(crate) fn object(workload: &Workload) -> Value {
    let spec = match workload.kind.as_str() {
        "Deployment" | "StatefulSet" | "DaemonSet" => replicated(workload),
        "InferenceService" => serving::inference_service(workload),
        "LeaderWorkerSet" => serving::leader_worker_set(workload),
        "RayService" | "RayCluster" | "RayJob" => serving::ray(workload),
        "NIMService" => serving::nim_service(workload),
        "Milvus" => serving::milvus(workload),
        "Notebook" => json!({ "template": { "spec": pod::spec(workload, "Always") } }),
        "Job" => batch::job(workload),
        "CronJob" => batch::cron_job(workload),
        "TrainJob" => batch::train_job(workload),
        "JobSet" => batch::job_set(workload),
        "PyTorchJob" => batch::pytorch_job(workload),
        "VolcanoJob" => batch::volcano_job(workload),
        "SparkApplication" => batch::spark_application(workload),
        "Workflow" => batch::workflow(workload),
        _ => pod::spec(
            workload,
            if workload.run_for.is_some() {
                "Never"
            } else {
                "Always"
            },
        ),
    };
    json!({ "metadata": metadata(workload), "spec": spec })
}

/// The template of the claims that the pods of `workload` make, if they claim their accelerators.
pub(crate) fn claim_template(workload: &Workload) -> Option<Value> {
    (workload.claims && workload.gpus > 0).then(|| {
        json!({
            "metadata": { "name": pod::claim_template_name(workload), "namespace": workload.namespace },
            "spec": { "spec": { "devices": { "requests": [{
                "name": "gpu",
                "exactly": {
                    "deviceClassName": "gpu.nvidia.com",
                    "allocationMode": "ExactCount",
                    "count": workload.gpus,
                },
            }] } } },
        })
    })
}

fn metadata(workload: &Workload) -> Value {
    let mut labels = object_labels(workload);
    if let Some(queue) = &workload.queue
        // A serving pod queues by itself, and Volcano has queues of its own.
        && !["Deployment", "InferenceService", "VolcanoJob"].contains(&workload.kind.as_str())
    {
        labels.insert(QUEUE_LABEL.to_owned(), queue.clone());
    }
    let mut metadata =
        json!({ "name": workload.name, "namespace": workload.namespace, "labels": labels });
    if !workload.annotations.is_empty() {
        json::as_object(&mut metadata)
            .insert("annotations".to_owned(), json!(workload.annotations));
    }
    metadata
}

/// The labels of the object and its pods: those of the scenario, and what a chart adds.
fn object_labels(workload: &Workload) -> Pairs {
    let mut labels = workload.labels.clone();
    if !["Pod", "StaticPod"].contains(&workload.kind.as_str()) {
        labels
            .entry("app.kubernetes.io/instance".to_owned())
            .or_insert_with(|| workload.name.clone());
    }
    labels
}

/// The labels by which a controller finds its pods.
fn selector(workload: &Workload) -> Pairs {
    let mut labels = Pairs::new();
    labels.insert(
        "app.kubernetes.io/instance".to_owned(),
        workload.name.clone(),
    );
    labels
}

fn replicated(workload: &Workload) -> Value {
    let mut spec = json!({
        "selector": { "matchLabels": selector(workload) },
        "template": template(workload, "Always"),
        "revisionHistoryLimit": 10,
    });
    let fields = json::as_object(&mut spec);
    match workload.kind.as_str() {
        "Deployment" => {
            fields.insert("replicas".to_owned(), workload.replicas.into());
            fields.insert("progressDeadlineSeconds".to_owned(), 600.into());
            fields.insert(
                "strategy".to_owned(),
                json!({
                    "type": "RollingUpdate",
                    "rollingUpdate": { "maxUnavailable": "25%", "maxSurge": "25%" },
                }),
            );
        }
        "StatefulSet" => {
            fields.insert("replicas".to_owned(), workload.replicas.into());
            fields.insert("serviceName".to_owned(), workload.name.as_str().into());
            fields.insert("podManagementPolicy".to_owned(), "Parallel".into());
            fields.insert(
                "updateStrategy".to_owned(),
                json!({ "type": "RollingUpdate" }),
            );
        }
        _ => {
            fields.insert(
                "updateStrategy".to_owned(),
                json!({
                    "type": "RollingUpdate",
                    "rollingUpdate": { "maxUnavailable": 1, "maxSurge": 0 },
                }),
            );
        }
    }
    spec
}
