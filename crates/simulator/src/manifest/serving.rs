//! Objects that serve models, and what they stand on.

use serde_json::{Value, json};

use super::pod;
use crate::{json, scenario::Workload};

pub(super) fn inference_service(workload: &Workload) -> Value {
    // With a model format the predictor is run by a serving runtime; the container here is what
    // that runtime makes of it.
    let mut predictor = pod::spec(workload, "Always");
    let fields = json::as_object(&mut predictor);
    let containers = fields.remove("containers").unwrap_or_default();
    let main = containers.get(0).cloned().unwrap_or_default();
    let format = match workload.image() {
        image if image.contains("sklearn") => "sklearn",
        image if image.contains("xgb") => "xgboost",
        image if image.contains("triton") => "onnx",
        _ => "huggingface",
    };
    fields.insert("minReplicas".to_owned(), workload.replicas.into());
    fields.insert(
        "maxReplicas".to_owned(),
        workload.replicas.saturating_mul(2).into(),
    );
    let mut model = json!({
        "modelFormat": { "name": format },
        "resources": main.get("resources").cloned().unwrap_or_default(),
        "image": workload.image(),
        "args": workload.args,
    });
    if let Some(uri) = &workload.model {
        json::as_object(&mut model).insert("storageUri".to_owned(), uri.as_str().into());
    }
    fields.insert("model".to_owned(), model);
    if let Some(queue) = &workload.queue {
        fields.insert("labels".to_owned(), json!({ super::QUEUE_LABEL: queue }));
    }
    json!({ "predictor": predictor })
}

pub(super) fn leader_worker_set(workload: &Workload) -> Value {
    json!({
        "replicas": workload.replicas,
        "leaderWorkerTemplate": {
            "size": workload.size,
            "restartPolicy": "RecreateGroupOnPodRestart",
            "workerTemplate": pod::template(workload, "Always"),
        },
        "rolloutStrategy": { "type": "RollingUpdate" },
        "startupPolicy": "LeaderCreated",
    })
}

/// A RayCluster, or what wraps one: `replicas` workers beside a head without accelerators.
pub(super) fn ray(workload: &Workload) -> Value {
    let mut head = workload.clone();
    head.gpus = 0;
    head.node_selector.clear();
    "4".clone_into(&mut head.cpu);
    "16Gi".clone_into(&mut head.memory);
    let cluster = json!({
        "rayVersion": "2.51.0",
        "headGroupSpec": {
            "rayStartParams": { "dashboard-host": "0.0.0.0" },
            "template": pod::template(&head, "Always"),
        },
        "workerGroupSpecs": [{
            "groupName": "workers",
            "replicas": workload.replicas,
            "minReplicas": 0,
            "maxReplicas": workload.replicas.saturating_mul(2),
            "numOfHosts": 1,
            "rayStartParams": {},
            "template": pod::template(workload, "Never"),
        }],
    });
    match workload.kind.as_str() {
        "RayJob" => json!({
            "entrypoint": workload.args.join(" "),
            "submissionMode": "HTTPMode",
            "shutdownAfterJobFinishes": true,
            "suspend": workload.queue.is_some(),
            "rayClusterSpec": cluster,
        }),
        "RayService" => json!({ "serveConfigV2": "", "rayClusterConfig": cluster }),
        _ => cluster,
    }
}

pub(super) fn nim_service(workload: &Workload) -> Value {
    let (repository, tag) = workload
        .image()
        .rsplit_once(':')
        .unwrap_or((workload.image(), ""));
    json!({
        "image": { "repository": repository, "tag": tag, "pullPolicy": "IfNotPresent" },
        "authSecret": "ngc-api-secret",
        "replicas": workload.replicas,
        "resources": pod::resources(workload),
        "nodeSelector": workload.node_selector,
        "expose": { "service": { "type": "ClusterIP", "port": 8000 } },
    })
}

pub(super) fn milvus(workload: &Workload) -> Value {
    json!({
        "mode": "cluster",
        "components": {
            "image": workload.image(),
            "replicas": workload.replicas,
            "resources": pod::resources(workload),
        },
        "dependencies": { "msgStreamType": "woodpecker" },
    })
}
