//! Kueue in short: jobs wait for quota, in order, and are told why.
//!
//! Source of conditions, reasons and messages: kubernetes-sigs/kueue, `apis/kueue/v1beta2` and
//! `pkg/scheduler/flavorassigner`.

use std::sync::Arc;

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use self::{
    pod_sets::PodSet,
    quota::{Assignment, Ledger},
};
use super::{Subject, kubelet::set_condition};
use crate::{
    json,
    manifest::QUEUE_LABEL,
    random,
    store::Stored,
    world::{World, owner_reference},
};

mod counting;
mod pod_sets;
mod quota;

fn kind(name: &str) -> GroupKind {
    GroupKind::new("kueue.x-k8s.io", name)
}

/// Kueue's own objects changed: what waits is looked at, and queues count anew.
pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    match subject.kind.kind.as_str() {
        "Workload" => {
            consider(world, subject);
            counting::count(world);
        }
        "ClusterQueue" | "LocalQueue" => counting::count(world),
        _ => {}
    }
}

/// Tries again what waits for quota, the oldest first.
pub(crate) fn retry(world: &mut World) {
    let mut waiting: Vec<(String, ObjectKey)> = world
        .store
        .list(&kind("Workload"), "")
        .into_iter()
        .filter_map(|stored| {
            let workload = stored.value();
            let is_waiting = !holds(&workload, "QuotaReserved") && !holds(&workload, "Finished");
            let created = json::text(&workload, "/metadata/creationTimestamp").to_owned();
            is_waiting.then(|| (created, stored.key.clone()))
        })
        .collect();
    waiting.sort();
    for (_, key) in waiting {
        world.enqueue(kind("Workload"), key);
    }
}

/// Keeps the Workload of a job that carries a queue's label: makes it, starts the job when it is
/// admitted, and finishes it with the job.
pub(super) fn manage(world: &mut World, subject: &Subject<'_>) {
    let Some(queue) = subject.stored.label(QUEUE_LABEL) else {
        return;
    };
    // What another job controls is counted with that.
    if subject.stored.controller().is_some() {
        return;
    }
    let Some(workload) = workload_of(world, subject) else {
        create(world, subject, queue);
        return;
    };
    let object = workload.value();
    if let Some(is_good) = pod_sets::outcome(subject) {
        finish(world, &workload, is_good);
        return;
    }
    let is_admitted = holds(&object, "Admitted");
    let pointer = pod_sets::suspend_pointer(subject.kind);
    if subject.object.pointer(pointer).and_then(Value::as_bool) == Some(is_admitted) {
        world
            .store
            .update(subject.kind, &subject.stored.key, |job| {
                if let Some(suspend) = job.pointer_mut(pointer) {
                    *suspend = (!is_admitted).into();
                }
            });
    }
    if is_admitted && pod_sets::is_running(world, subject) && !holds(&object, "PodsReady") {
        let stamp = world.stamp();
        world
            .store
            .update(&kind("Workload"), &workload.key, |workload| {
                let why = (
                    "Started",
                    "All pods reached readiness and the workload is running",
                );
                set_condition(workload, "PodsReady", "True", Some(why), &stamp);
            });
    }
}

/// A pod with a queue's label that nothing queued controls is a workload of its own.
pub(super) fn reconcile_pod(world: &mut World, subject: &Subject<'_>) {
    if subject.stored.label(QUEUE_LABEL).is_none() {
        return;
    }
    let is_of_a_deployment = subject
        .stored
        .controller()
        .is_some_and(|owner| owner.kind == GroupKind::new("apps", "ReplicaSet"));
    if !is_of_a_deployment {
        return;
    }
    match workload_of(world, subject) {
        None => create(
            world,
            subject,
            subject.stored.label(QUEUE_LABEL).unwrap_or_default(),
        ),
        Some(workload) if holds(&workload.value(), "Admitted") => {
            label_pod(world, subject, &workload);
        }
        Some(_) => {}
    }
}

/// `template` with what admission adds to a job's pods: the flavor's nodes, and the queues' labels.
pub(super) fn injected(world: &World, subject: &Subject<'_>, template: &Value) -> Value {
    let mut template = template.clone();
    let Some(workload) = workload_of(world, subject) else {
        return template;
    };
    let object = workload.value();
    let labels = queue_labels(&object);
    let Value::Object(labels) = labels else {
        return template;
    };
    let mut known = template
        .pointer("/metadata/labels")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    known.extend(labels);
    json::object_at(&mut template, "metadata").insert("labels".to_owned(), known.into());
    let flavor = object
        .pointer("/status/admission/podSetAssignments")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .find_map(|assignment| assignment.pointer("/flavors/nvidia.com~1gpu")?.as_str());
    let flavor = flavor.and_then(|name| {
        world
            .store
            .get(&kind("ResourceFlavor"), &ObjectKey::new("", name))
    });
    let needs_gpu = template.to_string().contains("\"nvidia.com/gpu\":");
    if let Some(flavor) = flavor.filter(|_| needs_gpu)
        && let Some(Value::Object(selected)) = flavor.value().pointer("/spec/nodeLabels")
    {
        let spec = json::object_at(&mut template, "spec");
        let selector = spec.entry("nodeSelector").or_insert_with(|| json!({}));
        json::as_object(selector).extend(selected.clone());
    }
    template
}

fn workload_of(world: &World, subject: &Subject<'_>) -> Option<Arc<Stored>> {
    world
        .store
        .dependents(&subject.stored.uid, &kind("Workload"))
        .into_iter()
        .next()
}

fn create(world: &mut World, subject: &Subject<'_>, queue: &str) {
    let sets: Vec<Value> = pod_sets::of(subject).iter().map(PodSet::to_json).collect();
    if sets.is_empty() {
        return;
    }
    let key = &subject.stored.key;
    let lower = subject.kind.kind.to_lowercase();
    let hash = format!("{:016x}", random::hash(&subject.stored.uid));
    let name = format!("{lower}-{}-{}", key.name, hash.get(..5).unwrap_or_default());
    let owner = owner_reference(
        &pod_sets::api_version(subject.kind),
        &subject.kind.kind,
        subject.stored,
    );
    let workload = json!({
        "metadata": {
            "name": name,
            "namespace": key.namespace.as_str(),
            "labels": { "kueue.x-k8s.io/job-uid": subject.stored.uid.as_str() },
            "finalizers": ["kueue.x-k8s.io/resource-in-use"],
            "ownerReferences": [owner],
        },
        "spec": { "active": true, "queueName": queue, "priority": 0, "podSets": sets },
    });
    world.create(&kind("Workload"), workload);
}

/// Admits a workload, or says what it waits for.
fn consider(world: &mut World, subject: &Subject<'_>) {
    let workload = subject.object;
    if holds(workload, "QuotaReserved") || holds(workload, "Finished") {
        return;
    }
    let stamp = world.stamp();
    let queue_name = json::text(workload, "/spec/queueName");
    let queue_key = ObjectKey::new(subject.stored.key.namespace.clone(), queue_name);
    let decision = match world.store.get(&kind("LocalQueue"), &queue_key) {
        None => Err(format!("LocalQueue {queue_name} doesn't exist")),
        Some(queue) => {
            let queue = queue.value();
            let cluster_queue = json::text(&queue, "/spec/clusterQueue");
            Ledger::read(world).assign(world, cluster_queue, workload)
        }
    };
    world.store.update(
        subject.kind,
        &subject.stored.key,
        |workload| match &decision {
            Ok(assignment) => admit(workload, assignment, &stamp),
            Err(message) => {
                let why = Some(("Pending", message.as_str()));
                set_condition(workload, "QuotaReserved", "False", why, &stamp);
            }
        },
    );
}

fn admit(workload: &mut Value, assignment: &Assignment, stamp: &str) {
    let queue = &assignment.cluster_queue;
    json::object_at(workload, "status").insert(
        "admission".to_owned(),
        json!({ "clusterQueue": queue, "podSetAssignments": assignment.pod_sets }),
    );
    let reserved = format!("Quota reserved in ClusterQueue {queue}");
    set_condition(
        workload,
        "QuotaReserved",
        "True",
        Some(("QuotaReserved", &reserved)),
        stamp,
    );
    let admitted = format!("The workload is admitted by ClusterQueue {queue}");
    set_condition(
        workload,
        "Admitted",
        "True",
        Some(("Admitted", &admitted)),
        stamp,
    );
    let wait = ("WaitForStart", "Not all pods are ready or succeeded");
    set_condition(workload, "PodsReady", "False", Some(wait), stamp);
}

fn finish(world: &mut World, workload: &Stored, is_good: bool) {
    let stamp = world.stamp();
    let object = workload.value();
    if holds(&object, "Finished") {
        return;
    }
    world.room_was_made = true;
    world
        .store
        .update(&kind("Workload"), &workload.key, |workload| {
            let why = if is_good {
                ("Succeeded", "Job finished successfully")
            } else {
                ("Failed", "Job failed")
            };
            set_condition(workload, "Finished", "True", Some(why), &stamp);
        });
}

fn label_pod(world: &mut World, subject: &Subject<'_>, workload: &Stored) {
    let object = workload.value();
    let Value::Object(labels) = queue_labels(&object) else {
        return;
    };
    world
        .store
        .update(subject.kind, &subject.stored.key, |pod| {
            let metadata = json::object_at(pod, "metadata");
            let known = metadata.entry("labels").or_insert_with(|| json!({}));
            json::as_object(known).extend(labels);
        });
    let is_ready = json::text(subject.object, "/status/phase") == "Running";
    if is_ready && !holds(&object, "PodsReady") {
        let stamp = world.stamp();
        world
            .store
            .update(&kind("Workload"), &workload.key, |workload| {
                let why = (
                    "Started",
                    "All pods reached readiness and the workload is running",
                );
                set_condition(workload, "PodsReady", "True", Some(why), &stamp);
            });
    }
}

/// The labels by which a pod says through which queues it came.
fn queue_labels(workload: &Value) -> Value {
    let cluster_queue = json::text(workload, "/status/admission/clusterQueue");
    if cluster_queue.is_empty() {
        return Value::Null;
    }
    json!({
        "kueue.x-k8s.io/local-queue-name": json::text(workload, "/spec/queueName"),
        "kueue.x-k8s.io/cluster-queue-name": cluster_queue,
    })
}

fn holds(object: &Value, condition: &str) -> bool {
    json::items(object, "/status/conditions")
        .iter()
        .any(|known| {
            json::text(known, "/type") == condition && json::text(known, "/status") == "True"
        })
}
