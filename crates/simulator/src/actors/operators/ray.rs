//! KubeRay: a head and workers, and what wraps them.

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::{
    Conditions, ensure_pod,
    services::{self, Reach, Wanted},
    write_status,
};
use crate::{
    actors::{
        Subject, capacity,
        pods::{self, Phase, Tally},
        queueing,
    },
    json,
    store::Stored,
    world::World,
};

mod job;

pub(super) use job::reconcile as job;

const API_VERSION: &str = "ray.io/v1";
/// What the head of a cluster listens on.
const HEAD_PORTS: [(&str, u64); 5] = [
    ("client", 10001),
    ("dashboard", 8265),
    ("gcs-server", 6379),
    ("metrics", 8080),
    ("serve", 8000),
];

fn cluster_kind() -> GroupKind {
    GroupKind::new("ray.io", "RayCluster")
}

pub(super) fn cluster(world: &mut World, subject: &Subject<'_>) {
    queueing::manage(world, subject);
    let key = &subject.stored.key;
    let spec = subject.object.get("spec").cloned().unwrap_or_default();
    if json::flag(&spec, "/suspend") {
        for pod in pods::owned_by(world, &subject.stored.uid) {
            world.delete_pod(&pod.key);
        }
    } else {
        let head = spec
            .pointer("/headGroupSpec/template")
            .cloned()
            .unwrap_or_default();
        let head = queueing::injected(world, subject, &head);
        let labels = pod_labels(subject, "head", "headgroup");
        ensure_pod(
            world,
            subject,
            API_VERSION,
            &format!("{}-head", key.name),
            &head,
            labels,
        );
        for group in json::items(&spec, "/workerGroupSpecs") {
            let group_name = json::text(group, "/groupName");
            let template = group.get("template").cloned().unwrap_or_default();
            let template = queueing::injected(world, subject, &template);
            for index in 0..json::count(group, "/replicas") {
                let mut labels = pod_labels(subject, "worker", group_name);
                labels.push(("ray.io/worker-group-replica-index", index.to_string()));
                let name = format!("{}-{group_name}-worker-{index}", key.name);
                ensure_pod(world, subject, API_VERSION, &name, &template, labels);
            }
        }
    }
    let name = format!("{}-head-svc", key.name);
    let ports = HEAD_PORTS.map(|(name, number)| services::port(name, number, number));
    let wanted = Wanted {
        name: &name,
        selector: json!({ "ray.io/cluster": key.name.as_str(), "ray.io/node-type": "head",
            "ray.io/identifier": format!("{}-head", key.name),
            "app.kubernetes.io/name": "kuberay",
            "app.kubernetes.io/created-by": "kuberay-operator" }),
        ports: json!(ports),
        reach: Reach::Ready,
    };
    services::ensure(world, subject, API_VERSION, &wanted);
    write_cluster_status(world, subject, &spec);
}

fn pod_labels<'a>(subject: &Subject<'_>, node_type: &str, group: &str) -> Vec<(&'a str, String)> {
    let name = subject.stored.key.name.to_string();
    vec![
        ("ray.io/cluster", name.clone()),
        ("ray.io/node-type", node_type.to_owned()),
        ("ray.io/group", group.to_owned()),
        ("ray.io/is-ray-node", "yes".to_owned()),
        ("ray.io/identifier", format!("{name}-{node_type}")),
        ("app.kubernetes.io/name", "kuberay".to_owned()),
        (
            "app.kubernetes.io/created-by",
            "kuberay-operator".to_owned(),
        ),
    ]
}

fn write_cluster_status(world: &mut World, subject: &Subject<'_>, spec: &Value) {
    let key = &subject.stored.key;
    let owned = pods::owned_by(world, &subject.stored.uid);
    let is_head = |pod: &pods::Pod| pod.stored.label("ray.io/node-type") == Some("head");
    let head_ready = owned.iter().any(|pod| is_head(pod) && pod.is_ready);
    let (heads, workers): (Vec<_>, Vec<_>) = owned.into_iter().partition(is_head);
    let tally = Tally::of(&workers);
    let desired: u64 = json::items(spec, "/workerGroupSpecs")
        .iter()
        .map(|group| json::count(group, "/replicas"))
        .sum();
    let gpus: u64 = json::items(spec, "/workerGroupSpecs")
        .iter()
        .filter_map(|group| {
            let amounts = capacity::requests(group.get("template")?);
            Some(amounts.get("nvidia.com/gpu")? * json::count(group, "/replicas"))
        })
        .sum();
    let is_provisioned = head_ready && tally.ready >= desired;
    let mut status = json!({
        "desiredWorkerReplicas": desired,
        "readyWorkerReplicas": tally.ready,
        "availableWorkerReplicas": tally.active,
        "desiredGPU": gpus.to_string(),
        "head": { "podName": format!("{}-head", key.name),
            "serviceName": format!("{}-head-svc", key.name) },
        "endpoints": { "client": "10001", "dashboard": "8265", "metrics": "8080",
            "gcs-server": "6379" },
    });
    if is_provisioned {
        json::as_object(&mut status).insert("state".to_owned(), "ready".into());
    }
    let failed = workers.iter().find(|pod| pod.phase == Phase::Failed);
    let why = failed
        .map(|pod| format!("pod {} failed", pod.key.name))
        .unwrap_or_default();
    let head_reason = if head_ready {
        "HeadPodRunningAndReady"
    } else {
        "HeadPodNotFound"
    };
    let conditions = Conditions::new()
        .and(
            "HeadPodReady",
            head_ready && !heads.is_empty(),
            head_reason,
            "",
        )
        .and(
            "RayClusterProvisioned",
            is_provisioned,
            "AllPodRunningAndReadyFirstTime",
            "",
        )
        .and("ReplicaFailure", failed.is_some(), "FailedPod", &why);
    write_status(world, subject, &status, conditions);
}

/// The cluster of a RayJob or a RayService.
fn child_cluster(
    world: &mut World,
    subject: &Subject<'_>,
    spec: &Value,
) -> Option<std::sync::Arc<Stored>> {
    let name = format!(
        "{}-{}",
        subject.stored.key.name,
        short_hash(&subject.stored.uid)
    );
    let child = json!({
        "metadata": { "name": name, "labels": {
            "ray.io/originated-from-cr-name": subject.stored.key.name.as_str(),
            "ray.io/originated-from-crd": subject.kind.kind.as_str(),
        } },
        "spec": spec,
        "status": {},
    });
    pods::ensure(world, subject, API_VERSION, &cluster_kind(), child)
}

fn short_hash(uid: &str) -> String {
    pods::template_hash(&Value::from(uid))
        .chars()
        .take(5)
        .collect()
}

pub(super) fn service(world: &mut World, subject: &Subject<'_>) {
    let spec = subject
        .object
        .pointer("/spec/rayClusterConfig")
        .cloned()
        .unwrap_or_default();
    let Some(cluster) = child_cluster(world, subject, &spec) else {
        return;
    };
    let ready = json::count(&cluster.value(), "/status/readyWorkerReplicas");
    if ready > 0 {
        let name = format!("{}-serve-svc", subject.stored.key.name);
        let wanted = Wanted {
            name: &name,
            selector: json!({ "ray.io/cluster": cluster.key.name.as_str(),
                "ray.io/is-ray-node": "yes" }),
            ports: json!([services::port("serve", 8000, 8000)]),
            reach: Reach::Address,
        };
        services::ensure(world, subject, API_VERSION, &wanted);
    }
    let status = json!({
        "numServeEndpoints": ready,
        "activeServiceStatus": { "rayClusterName": cluster.key.name.as_str() },
    });
    let reason = if ready > 0 {
        "NonZeroServeEndpoints"
    } else {
        "ZeroServeEndpoints"
    };
    let conditions = Conditions::new().and("Ready", ready > 0, reason, "").and(
        "UpgradeInProgress",
        false,
        "NoPendingCluster",
        "",
    );
    write_status(world, subject, &status, conditions);
}
