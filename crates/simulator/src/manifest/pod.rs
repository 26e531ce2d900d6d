//! Pods of a scenario's workloads.

use serde_json::{Map, Value, json};

use super::{QUEUE_LABEL, object_labels};
use crate::{json, program::name_of, scenario::Workload};

/// The pod template of `workload`.
pub(crate) fn template(workload: &Workload, restart_policy: &str) -> Value {
    let mut labels = object_labels(workload);
    if let Some(queue) = &workload.queue
        && ["Deployment", "InferenceService"].contains(&workload.kind.as_str())
    {
        labels.insert(QUEUE_LABEL.to_owned(), queue.clone());
    }
    json!({ "metadata": { "labels": labels }, "spec": spec(workload, restart_policy) })
}

/// The pod spec of `workload`.
pub(super) fn spec(workload: &Workload, restart_policy: &str) -> Value {
    let containers: Vec<Value> = if workload.images.is_empty() {
        vec![container(workload, 0, workload.image())]
    } else {
        workload
            .images
            .iter()
            .enumerate()
            .map(|(at, image)| container(workload, at, image))
            .collect()
    };
    let mut spec = json!({
        "containers": containers,
        "restartPolicy": restart_policy,
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler",
        "serviceAccountName": "default",
        "serviceAccount": "default",
        "securityContext": {},
    });
    let fields = json::as_object(&mut spec);
    if !workload.node_selector.is_empty() {
        fields.insert("nodeSelector".to_owned(), json!(workload.node_selector));
    }
    if !workload.mounts.is_empty() {
        fields.insert("volumes".to_owned(), volumes(workload));
    }
    let tolerations = tolerations(workload);
    if !tolerations.is_empty() {
        fields.insert("tolerations".to_owned(), tolerations.into());
    }
    if workload.claims && workload.gpus > 0 {
        fields.insert(
            "resourceClaims".to_owned(),
            json!([{ "name": "gpus", "resourceClaimTemplateName": claim_template_name(workload) }]),
        );
    }
    if workload.tolerates_all || workload.kind == "StaticPod" {
        fields.insert("hostNetwork".to_owned(), true.into());
        fields.insert(
            "priorityClassName".to_owned(),
            "system-node-critical".into(),
        );
        fields.insert("priority".to_owned(), 2_000_001_000.into());
    }
    spec
}

/// The name of the claim template of `workload`.
pub(super) fn claim_template_name(workload: &Workload) -> String {
    format!("{}-gpus", workload.name)
}

fn tolerations(workload: &Workload) -> Vec<Value> {
    if workload.tolerates_all {
        return vec![json!({ "operator": "Exists" })];
    }
    if workload.gpus > 0 {
        let gpu = json!({ "key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule" });
        return vec![gpu];
    }
    Vec::new()
}

fn container(workload: &Workload, at: usize, image: &str) -> Value {
    let name = if at == 0 {
        main_container(workload).to_owned()
    } else {
        name_of(image).to_owned()
    };
    let mut container = json!({
        "name": name,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    });
    let fields = json::as_object(&mut container);
    if at > 0 {
        fields.insert(
            "resources".to_owned(),
            json!({ "requests": { "cpu": "10m", "memory": "32Mi" } }),
        );
        return container;
    }
    if !workload.args.is_empty() {
        fields.insert("args".to_owned(), json!(workload.args));
    }
    if !workload.mounts.is_empty() {
        fields.insert("volumeMounts".to_owned(), volume_mounts(workload));
    }
    fields.insert("resources".to_owned(), resources(workload));
    // Ollama has no model in its image: it is told to fetch one once it answers.
    if let Some(model) = &workload.model
        && name_of(image) == "ollama"
    {
        let script = format!("until ollama list; do sleep 1; done; ollama pull {model}");
        let fetching = json!({ "exec": { "command": ["/bin/sh", "-c", script] } });
        fields.insert("lifecycle".to_owned(), json!({ "postStart": fetching }));
    }
    container
}

/// The volumes that the pods of `workload` mount: each claim under its own name.
pub(super) fn volumes(workload: &Workload) -> Value {
    let claims = workload.mounts.keys();
    claims
        .map(|claim| json!({ "name": claim, "persistentVolumeClaim": { "claimName": claim } }))
        .collect()
}

/// Where the main container mounts them.
pub(super) fn volume_mounts(workload: &Workload) -> Value {
    let mounts = workload.mounts.iter();
    mounts
        .map(|(claim, path)| json!({ "name": claim, "mountPath": path }))
        .collect()
}

/// What the main container asks for.
pub(super) fn resources(workload: &Workload) -> Value {
    let mut requests = Map::new();
    requests.insert("cpu".to_owned(), workload.cpu.as_str().into());
    requests.insert("memory".to_owned(), workload.memory.as_str().into());
    let mut limits = Map::new();
    limits.insert("memory".to_owned(), workload.memory.as_str().into());
    if workload.gpus > 0 && !workload.claims {
        for side in [&mut requests, &mut limits] {
            side.insert(
                "nvidia.com/gpu".to_owned(),
                workload.gpus.to_string().into(),
            );
        }
    }
    let mut resources = json!({ "limits": limits, "requests": requests });
    if workload.gpus > 0 && workload.claims {
        json::as_object(&mut resources).insert("claims".to_owned(), json!([{ "name": "gpus" }]));
    }
    resources
}

fn main_container(workload: &Workload) -> &str {
    match workload.kind.as_str() {
        "InferenceService" => "kserve-container",
        "TrainJob" | "JobSet" => "node",
        "PyTorchJob" => "pytorch",
        "Workflow" => "main",
        _ => name_of(workload.image()),
    }
}
