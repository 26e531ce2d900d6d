//! KubeRay: a head and workers, and what wraps them.

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::{
    Conditions, ensure_pod,
    services::{self, Reach, Wanted},
    write_status,
};
use crate::{
    actors::{Subject, events::Event, pods, queueing},
    json,
    store::Stored,
    world::World,
};

mod job;
mod status;
mod validation;

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
    if let Some(why) = validation::of_cluster(&spec) {
        let message = format!("The RayCluster spec is invalid {key}: {why}");
        return refuse(world, subject, "InvalidRayClusterSpec", message);
    }
    if json::flag(&spec, "/suspend") {
        for pod in pods::owned_by(world, &subject.stored.uid) {
            world.delete_pod(&pod.key);
        }
    } else {
        let owned = pods::owned_by(world, &subject.stored.uid);
        let count = |label: &str, value: &str| {
            let of = owned
                .iter()
                .filter(|pod| pod.stored.label(label) == Some(value));
            u64::try_from(of.count()).unwrap_or(u64::MAX)
        };
        let mut wanted = Vec::new();
        if count("ray.io/node-type", "head") == 0 {
            let template = spec.pointer("/headGroupSpec/template");
            let labels = pod_labels(subject, "head", "headgroup");
            wanted.push((format!("{}-head-", key.name), template, labels));
        }
        for group in json::items(&spec, "/workerGroupSpecs") {
            let group_name = json::text(group, "/groupName");
            for index in count("ray.io/group", group_name)..json::count(group, "/replicas") {
                let mut labels = pod_labels(subject, "worker", group_name);
                labels.push(("ray.io/worker-group-replica-index", index.to_string()));
                let name = format!("{}-{group_name}-worker-", key.name);
                wanted.push((name, group.get("template"), labels));
            }
        }
        for (name, template, labels) in wanted {
            let template = template.cloned().unwrap_or_default();
            let template = queueing::injected(world, subject, &template);
            ensure_pod(world, subject, API_VERSION, &name, &template, labels);
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
    status::write(world, subject, &spec);
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

/// Says that the operator does not act on what it was given.
fn refuse(world: &mut World, subject: &Subject<'_>, reason: &str, message: String) {
    let component = format!("{}-controller", subject.kind.kind.to_lowercase());
    Event::warning(reason, message)
        .by(&component)
        .record(world, subject.kind, subject.stored);
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
