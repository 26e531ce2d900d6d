//! Objects that do a piece of work and end.

use serde_json::{Value, json};

use super::pod;
use crate::scenario::Workload;

pub(super) fn job(workload: &Workload) -> Value {
    json!({
        "parallelism": workload.replicas,
        "completions": workload.replicas,
        "completionMode": "Indexed",
        "backoffLimit": 3,
        "suspend": workload.queue.is_some(),
        "template": pod::template(workload, "Never"),
    })
}

pub(super) fn cron_job(workload: &Workload) -> Value {
    json!({
        "schedule": workload.schedule,
        "concurrencyPolicy": "Forbid",
        "jobTemplate": {
            "spec": {
                "backoffLimit": 2,
                "template": pod::template(workload, "Never"),
            },
        },
    })
}

pub(super) fn train_job(workload: &Workload) -> Value {
    let mut spec = json!({
        "runtimeRef": { "apiGroup": "trainer.kubeflow.org", "kind": "ClusterTrainingRuntime",
            "name": "torch-distributed" },
        "suspend": workload.queue.is_some(),
        "trainer": {
            "image": workload.image(),
            "args": workload.args,
            "numNodes": workload.replicas,
            "numProcPerNode": workload.gpus.max(1),
            "resourcesPerNode": pod::resources(workload),
        },
    });
    if !workload.mounts.is_empty() {
        // The runtime knows nothing of the job's volumes: they are patched into it.
        let container = json!({ "name": "node", "volumeMounts": pod::volume_mounts(workload) });
        let pods = json!({ "volumes": pod::volumes(workload), "containers": [container] });
        let jobs =
            json!([{ "name": "node", "template": { "spec": { "template": { "spec": pods } } } }]);
        let patch = json!({
            "manager": "trainer.kubeflow.org/kubeflow-sdk",
            "trainingRuntimeSpec": { "template": { "spec": { "replicatedJobs": jobs } } },
        });
        crate::json::as_object(&mut spec).insert("runtimePatches".to_owned(), json!([patch]));
    }
    spec
}

pub(super) fn job_set(workload: &Workload) -> Value {
    json!({
        "suspend": workload.queue.is_some(),
        "replicatedJobs": [{
            "name": "node",
            "replicas": 1,
            "template": { "spec": {
                "parallelism": workload.replicas,
                "completions": workload.replicas,
                "completionMode": "Indexed",
                "backoffLimit": 0,
                "template": pod::template(workload, "Never"),
            } },
        }],
    })
}

pub(super) fn pytorch_job(workload: &Workload) -> Value {
    let template = pod::template(workload, "OnFailure");
    let mut replicas = json!({
        "Master": { "replicas": 1, "restartPolicy": "OnFailure", "template": template },
    });
    if workload.replicas > 1 {
        crate::json::as_object(&mut replicas).insert(
            "Worker".to_owned(),
            json!({ "replicas": workload.replicas - 1, "restartPolicy": "OnFailure",
                "template": template }),
        );
    }
    json!({
        "nprocPerNode": workload.gpus.max(1).to_string(),
        "runPolicy": { "cleanPodPolicy": "None", "suspend": workload.queue.is_some() },
        "pytorchReplicaSpecs": replicas,
    })
}

pub(super) fn volcano_job(workload: &Workload) -> Value {
    json!({
        "schedulerName": "volcano",
        "queue": workload.queue.as_deref().unwrap_or("default"),
        "minAvailable": workload.replicas,
        "maxRetry": 3,
        "tasks": [{ "name": "worker", "replicas": workload.replicas,
            "template": pod::template(workload, "OnFailure") }],
    })
}

pub(super) fn spark_application(workload: &Workload) -> Value {
    json!({
        "type": "Python",
        "mode": "cluster",
        "sparkVersion": "4.0.1",
        "image": workload.image(),
        "mainApplicationFile": "s3a://pipelines/features.py",
        "arguments": workload.args,
        "driver": { "cores": 1, "memory": "2g" },
        "executor": { "instances": workload.replicas, "cores": 2, "memory": "8g" },
        "restartPolicy": { "type": "Never" },
    })
}

pub(super) fn workflow(workload: &Workload) -> Value {
    json!({
        "entrypoint": "main",
        "arguments": {},
        "templates": [{
            "name": "main",
            "container": pod::spec(workload, "Never").pointer("/containers/0"),
        }],
    })
}
