//! KServe, the NIM operator and the Milvus operator: custom resources that become deployments.

use serde_json::{Value, json};
use strata_domain::{ids::GroupKind, model};

use super::{
    Conditions, deployment_spec, inherited_labels,
    services::{self, Reach, Wanted},
    write_status,
};
use crate::{
    actors::{Subject, pods},
    json,
    store::Stored,
    world::World,
};

fn deployment_kind() -> GroupKind {
    GroupKind::new("apps", "Deployment")
}

/// How many pods of a deployment are ready.
fn ready(deployment: &Stored) -> u64 {
    json::count(&deployment.value(), "/status/readyReplicas")
}

/// An InferenceService in Standard mode: the deployment of its predictor.
pub(super) fn inference_service(world: &mut World, subject: &Subject<'_>) {
    let key = &subject.stored.key;
    let name = format!("{}-predictor", key.name);
    let predictor = subject
        .object
        .pointer("/spec/predictor")
        .cloned()
        .unwrap_or_default();
    let replicas = json::count_or(&predictor, "/minReplicas", 1);
    let mut labels = inherited_labels(subject);
    labels.insert("app".to_owned(), format!("isvc.{name}").into());
    labels.insert("component".to_owned(), "predictor".into());
    labels.insert(
        "serving.kserve.io/inferenceservice".to_owned(),
        key.name.as_str().into(),
    );
    if let Some(Value::Object(more)) = predictor.get("labels") {
        labels.extend(more.clone());
    }
    let selector = json!({ "app": format!("isvc.{name}") });
    let template = json!({ "metadata": { "labels": labels }, "spec": predictor_pod(&predictor) });
    let child = json!({
        "metadata": { "name": name, "labels": labels },
        "spec": deployment_spec(replicas, &selector, &template),
        "status": {},
    });
    let api_version = "serving.kserve.io/v1beta1";
    let Some(deployment) = pods::ensure(world, subject, api_version, &deployment_kind(), child)
    else {
        return;
    };
    let wanted = Wanted {
        name: &name,
        selector,
        ports: json!([services::port("http", 80, 8080)]),
        reach: Reach::Ready,
    };
    services::ensure(world, subject, api_version, &wanted);
    let ready = ready(&deployment);
    let is_ready = ready > 0 && ready >= replicas;
    let (reason, message) = if is_ready {
        ("", "")
    } else {
        (
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
        )
    };
    let host = format!("{}-{}.models.example.com", key.name, key.namespace);
    let loaded = if ready > 0 { "Loaded" } else { "Pending" };
    let transition = if is_ready { "UpToDate" } else { "InProgress" };
    let status = json!({
        "observedGeneration": json::count(subject.object, "/metadata/generation"),
        "url": format!("https://{host}"),
        "address": { "url": format!("http://{name}.{}.svc.cluster.local", key.namespace) },
        "components": { "predictor": { "url": format!("http://{name}.{}", key.namespace) } },
        "deploymentMode": "Standard",
        "clusterServingRuntimeName": runtime(&predictor),
        "modelStatus": {
            "transitionStatus": transition,
            "states": { "activeModelState": loaded, "targetModelState": "Loaded" },
            "copies": { "totalCopies": ready, "failedCopies": 0 },
        },
    });
    let conditions = Conditions::new()
        .and("IngressReady", true, "", "")
        .and("PredictorReady", is_ready, reason, message)
        .and("Ready", is_ready, reason, message);
    write_status(world, subject, &status, conditions);
}

/// What a predictor says beside the pod that it is.
const BESIDE_THE_POD: [&str; 12] = [
    "annotations",
    "batcher",
    "canaryTrafficPercent",
    "containerConcurrency",
    "labels",
    "logger",
    "maxReplicas",
    "minReplicas",
    "model",
    "scaleMetric",
    "scaleTarget",
    "timeout",
];

/// The pod of a predictor: its own containers, or what a serving runtime makes of its model.
fn predictor_pod(predictor: &Value) -> Value {
    let mut pod = predictor.clone();
    let fields = json::as_object(&mut pod);
    for field in BESIDE_THE_POD {
        fields.remove(field);
    }
    let Some(model) = predictor.get("model") else {
        return pod;
    };
    let image = match json::text(model, "/image") {
        "" => runtime_image(predictor),
        image => image,
    };
    fields.insert(
        "containers".to_owned(),
        json!([{
            "name": "kserve-container",
            "image": image,
            "args": model.get("args").cloned().unwrap_or_default(),
            "env": [{ "name": "STORAGE_URI", "value": json::text(model, "/storageUri") }],
            "resources": model.get("resources").cloned().unwrap_or_default(),
            "imagePullPolicy": "IfNotPresent",
            "terminationMessagePath": "/dev/termination-log",
            "terminationMessagePolicy": "File",
        }]),
    );
    if let Some(claim) = model::claim_of(json::text(model, "/storageUri")) {
        mount_model(fields, claim);
    }
    pod
}

/// The image of the runtime, as KServe 0.16 ships its `ClusterServingRuntime`s.
fn runtime_image(predictor: &Value) -> &'static str {
    match runtime(predictor).as_str() {
        "kserve-sklearnserver" => "kserve/sklearnserver:v0.16.0",
        "kserve-xgbserver" => "kserve/xgbserver:v0.16.0",
        "kserve-tritonserver" => "nvcr.io/nvidia/tritonserver:23.05-py3",
        _ => "kserve/huggingfaceserver:v0.16.0",
    }
}

/// Mounts the claim that `pvc://` names, as KServe's storage initializer does.
fn mount_model(spec: &mut serde_json::Map<String, Value>, claim: &str) {
    let volume = json!({ "name": "kserve-pvc-source",
        "persistentVolumeClaim": { "claimName": claim, "readOnly": true } });
    let volumes = spec.entry("volumes").or_insert_with(|| json!([]));
    if let Some(volumes) = volumes.as_array_mut() {
        volumes.push(volume);
    }
    let mount =
        json!({ "name": "kserve-pvc-source", "mountPath": "/mnt/models", "readOnly": true });
    let container = spec
        .get_mut("containers")
        .and_then(|containers| containers.get_mut(0));
    if let Some(container) = container {
        json::as_object(container).insert("volumeMounts".to_owned(), json!([mount]));
    }
}

fn runtime(predictor: &Value) -> String {
    match json::text(predictor, "/model/modelFormat/name") {
        "sklearn" => "kserve-sklearnserver".to_owned(),
        "xgboost" => "kserve-xgbserver".to_owned(),
        "onnx" => "kserve-tritonserver".to_owned(),
        _ => "kserve-huggingfaceserver".to_owned(),
    }
}

pub(super) fn nim_service(world: &mut World, subject: &Subject<'_>) {
    let key = &subject.stored.key;
    let spec = subject.object.get("spec").cloned().unwrap_or_default();
    let replicas = json::count(&spec, "/replicas");
    let mut labels = inherited_labels(subject);
    labels.insert("app".to_owned(), key.name.as_str().into());
    labels.insert("app.kubernetes.io/part-of".to_owned(), "nim-service".into());
    labels.insert(
        "app.kubernetes.io/managed-by".to_owned(),
        "k8s-nim-operator".into(),
    );
    let image = format!(
        "{}:{}",
        json::text(&spec, "/image/repository"),
        json::text(&spec, "/image/tag")
    );
    let container = json!({ "name": format!("{}-ctr", key.name), "image": image,
        "resources": spec.get("resources").cloned().unwrap_or_default() });
    let template = json!({
        "metadata": { "labels": labels },
        "spec": {
            "containers": [container],
            "nodeSelector": spec.get("nodeSelector").cloned().unwrap_or_default(),
            "tolerations": [{ "key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule" }],
            "restartPolicy": "Always",
            "terminationGracePeriodSeconds": 30,
        },
    });
    let child = json!({
        "metadata": { "name": key.name.as_str(), "labels": labels },
        "spec": deployment_spec(replicas, &json!({ "app": key.name.as_str() }), &template),
        "status": {},
    });
    let api_version = "apps.nvidia.com/v1alpha1";
    let Some(deployment) = pods::ensure(world, subject, api_version, &deployment_kind(), child)
    else {
        return;
    };
    let ready = ready(&deployment);
    let is_ready = ready >= replicas;
    let status = json!({
        "state": if is_ready { "Ready" } else { "NotReady" },
        "availableReplicas": ready,
        "model": { "name": key.name.as_str(),
            "clusterEndpoint": format!("{}.{}:8000", key.name, key.namespace) },
    });
    let conditions = Conditions::new().and("Ready", is_ready, "Ready", "");
    write_status(world, subject, &status, conditions);
}

/// A Milvus cluster: a deployment for each of its components.
pub(super) fn milvus(world: &mut World, subject: &Subject<'_>) {
    const COMPONENTS: [&str; 5] = [
        "proxy",
        "mixcoord",
        "querynode",
        "datanode",
        "streamingnode",
    ];
    let key = &subject.stored.key;
    let components = subject
        .object
        .pointer("/spec/components")
        .cloned()
        .unwrap_or_default();
    let (mut wanted, mut available) = (0, 0);
    for component in COMPONENTS {
        let replicas = match component {
            "querynode" => json::count(&components, "/replicas").max(1),
            "mixcoord" => 1,
            _ => 2,
        };
        let labels = json!({
            "app.kubernetes.io/name": "milvus",
            "app.kubernetes.io/instance": key.name.as_str(),
            "app.kubernetes.io/component": component,
        });
        let container = json!({ "name": component, "image": json::text(&components, "/image"),
            "args": ["/milvus/tools/run.sh", "milvus", "run", component],
            "resources": components.get("resources").cloned().unwrap_or_default() });
        let template = json!({
            "metadata": { "labels": labels },
            "spec": { "containers": [container], "restartPolicy": "Always",
                "terminationGracePeriodSeconds": 30 },
        });
        let child = json!({
            "metadata": { "name": format!("{}-milvus-{component}", key.name), "labels": labels },
            "spec": deployment_spec(replicas, &labels, &template),
            "status": {},
        });
        let deployment = pods::ensure(
            world,
            subject,
            "milvus.io/v1beta1",
            &deployment_kind(),
            child,
        );
        wanted += replicas;
        available += deployment.map_or(0, |deployment| ready(&deployment).min(replicas));
    }
    let is_ready = available >= wanted;
    let image = json::text(&components, "/image");
    let status = json!({
        "status": if is_ready { "Healthy" } else { "Unhealthy" },
        "endpoint": format!("{}-milvus.{}:19530", key.name, key.namespace),
        "currentImage": image,
        "currentVersion": image.rsplit_once(':').map_or("", |(_, tag)| tag),
    });
    let conditions = Conditions::new().and(
        "MilvusReady",
        is_ready,
        "ReasonMilvusHealthy",
        "All Milvus components are healthy",
    );
    write_status(world, subject, &status, conditions);
}
