//! Jobs in queues: each has a workload, starts when that is admitted, and stops when it is evicted.

use std::sync::Arc;

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{eviction, holds, kind, pod_sets, pod_sets::PodSet};
use crate::{
    actors::{Subject, events::Event, kubelet::set_condition},
    json,
    manifest::QUEUE_LABEL,
    random,
    store::Stored,
    world::{World, owner_reference},
};

/// What a workload says of its pods until they are ready.
pub(super) const NOT_READY: Option<(&str, &str)> =
    Some(("WaitForStart", "Not all pods are ready or succeeded"));

/// Names the priority class of a workload.
const PRIORITY_LABEL: &str = "kueue.x-k8s.io/priority-class";

/// Keeps the workload of a job that carries a queue's label: makes it, starts the job when it is
/// admitted, stops it when it is evicted, and finishes it with the job.
pub(in crate::actors) fn manage(world: &mut World, subject: &Subject<'_>) {
    let Some(queue) = subject.stored.label(QUEUE_LABEL) else {
        return;
    };
    // What another job controls is counted with that.
    if subject.stored.controller().is_some() || subject.stored.is_ending {
        return;
    }
    let Some(workload) = workload_of(world, subject) else {
        create(world, subject, queue);
        return;
    };
    let object = workload.value();
    if let Some(is_good) = pod_sets::outcome(subject) {
        if finish(world, &workload, is_good) {
            let message = format!("Workload '{}' is declared finished", workload.key);
            tell(world, subject, "FinishedWorkload", &message);
        }
        return;
    }
    let is_evicted = holds(&object, "Evicted");
    let is_admitted = holds(&object, "Admitted") && !is_evicted;
    let pointer = pod_sets::suspend_pointer(subject.kind);
    let is_held = subject.object.pointer(pointer).and_then(Value::as_bool);
    if is_held != Some(!is_admitted) {
        suspend(world, subject, !is_admitted);
        if is_admitted {
            let queue = json::text(&object, "/status/admission/clusterQueue");
            let message = format!("Admitted by clusterQueue {queue}");
            tell(world, subject, "Started", &message);
        } else {
            let evicted = json::items(&object, "/status/conditions")
                .iter()
                .find(|known| json::text(known, "/type") == "Evicted" && is_evicted);
            let message = evicted.map_or("Not admitted by cluster queue", |evicted| {
                json::text(evicted, "/message")
            });
            tell(world, subject, "Stopped", message);
        }
    }
    if is_evicted {
        eviction::clear(world, subject, &workload);
    } else if is_admitted && pod_sets::is_running(world, subject) {
        tell_ready(world, &workload, &object);
    }
}

/// Tells the user of a job what Kueue does with it.
fn tell(world: &mut World, subject: &Subject<'_>, reason: &str, message: &str) {
    let kind = subject.kind.kind.to_lowercase();
    let component = match subject.kind.group.as_str() {
        "" => format!("{kind}-kueue-controller"),
        group => format!("{group}/{kind}-kueue-controller"),
    };
    Event::normal(reason, message)
        .by(&component)
        .doing(reason)
        .record(world, subject.kind, subject.stored);
}

/// Holds a job back, or lets it go.
fn suspend(world: &mut World, subject: &Subject<'_>, is_held: bool) {
    let pointer = pod_sets::suspend_pointer(subject.kind);
    world
        .store
        .update(subject.kind, &subject.stored.key, |job| {
            let within = match pointer.rsplit_once('/') {
                Some(("/spec/runPolicy", _)) => {
                    let policy = json::object_at(job, "spec").entry("runPolicy");
                    policy.or_insert_with(|| json!({}))
                }
                _ => json::as_object(job)
                    .entry("spec")
                    .or_insert_with(|| json!({})),
            };
            json::as_object(within).insert("suspend".to_owned(), is_held.into());
        });
}

/// Says that all pods of a workload are ready.
pub(super) fn tell_ready(world: &mut World, workload: &Stored, object: &Value) {
    if holds(object, "PodsReady") {
        return;
    }
    let stamp = world.stamp();
    world
        .store
        .update(&kind("Workload"), &workload.key, |workload| {
            let message = "All pods reached readiness and the workload is running";
            set_condition(
                workload,
                "PodsReady",
                "True",
                Some(("Started", message)),
                &stamp,
            );
        });
}

/// The priority of a job's workload, and the class that says it: one of workloads, or that of its
/// pods.
fn priority_of(world: &World, subject: &Subject<'_>, sets: &[Value]) -> (i64, Option<Value>) {
    let of_pods = sets
        .iter()
        .map(|set| json::text(set, "/template/spec/priorityClassName"))
        .find(|name| !name.is_empty());
    let (group, class, name) = match (subject.stored.label(PRIORITY_LABEL), of_pods) {
        (Some(name), _) => ("kueue.x-k8s.io", "WorkloadPriorityClass", name),
        (None, Some(name)) => ("scheduling.k8s.io", "PriorityClass", name),
        (None, None) => return (0, None),
    };
    let stored = world
        .store
        .get(&GroupKind::new(group, class), &ObjectKey::new("", name));
    let value = stored.and_then(|stored| stored.value().get("value")?.as_i64());
    let reference = json!({ "group": group, "kind": class, "name": name });
    (value.unwrap_or(0), Some(reference))
}

/// `template` with what admission adds to a job's pods: the flavor's nodes, and the queues' labels.
pub(in crate::actors) fn injected(world: &World, subject: &Subject<'_>, template: &Value) -> Value {
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

/// The workload of a job.
pub(super) fn workload_of(world: &World, subject: &Subject<'_>) -> Option<Arc<Stored>> {
    world
        .store
        .dependents(&subject.stored.uid, &kind("Workload"))
        .into_iter()
        .next()
}

/// Makes the workload of a job.
pub(super) fn create(world: &mut World, subject: &Subject<'_>, queue: &str) {
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
    let (priority, class) = priority_of(world, subject, &sets);
    let mut spec = json!({ "active": true, "queueName": queue, "priority": priority,
        "podSets": sets });
    if let Some(class) = class {
        json::as_object(&mut spec).insert("priorityClassRef".to_owned(), class);
    }
    let mut workload = json!({
        "metadata": {
            "name": name,
            "namespace": key.namespace.as_str(),
            "labels": { "kueue.x-k8s.io/job-uid": subject.stored.uid.as_str() },
            "finalizers": ["kueue.x-k8s.io/resource-in-use"],
            "ownerReferences": [owner],
        },
        "spec": spec,
    });
    let stamp = world.stamp();
    set_condition(&mut workload, "PodsReady", "False", NOT_READY, &stamp);
    if let Some(made) = world.create(&kind("Workload"), workload) {
        let message = format!("Created Workload: {}", made.key);
        tell(world, subject, "CreatedWorkload", &message);
    }
}

/// Finishes the workload of a job that has ended, unless that is done.
pub(super) fn finish(world: &mut World, workload: &Stored, is_good: bool) -> bool {
    let stamp = world.stamp();
    let object = workload.value();
    if holds(&object, "Finished") {
        return false;
    }
    world.queues_changed = true;
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
    true
}

/// The labels by which a pod says through which queues it came.
pub(super) fn queue_labels(workload: &Value) -> Value {
    let cluster_queue = json::text(workload, "/status/admission/clusterQueue");
    if cluster_queue.is_empty() {
        return Value::Null;
    }
    json!({
        "kueue.x-k8s.io/local-queue-name": json::text(workload, "/spec/queueName"),
        "kueue.x-k8s.io/cluster-queue-name": cluster_queue,
    })
}
