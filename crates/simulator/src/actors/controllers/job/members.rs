//! The pods of a job: made, deleted, and let go once they are counted.

use serde_json::{Value, json};

use super::{INDEX, indexes, say, status::Progress};
use crate::{
    actors::{
        Subject,
        events::Event,
        pods::{self, NewPod, Pod},
    },
    json,
    world::{World, owner_reference, pod_kind},
};

const INDEX_FAILURES: &str = "batch.kubernetes.io/job-index-failure-count";
const TRACKING: &str = "batch.kubernetes.io/job-tracking";

pub(super) fn create(
    world: &mut World,
    subject: &Subject<'_>,
    template: &Value,
    index: Option<u64>,
    progress: &Progress,
) -> bool {
    let key = &subject.stored.key;
    let uid = subject.stored.uid.to_string();
    let mut labels = vec![
        ("batch.kubernetes.io/job-name", key.name.to_string()),
        ("batch.kubernetes.io/controller-uid", uid.clone()),
        ("job-name", key.name.to_string()),
        ("controller-uid", uid),
    ];
    let mut annotations = Vec::new();
    let mut template = template.clone();
    let name = match index {
        Some(index) => {
            labels.push((INDEX, index.to_string()));
            annotations.push((INDEX, index.to_string()));
            if subject
                .object
                .pointer("/spec/backoffLimitPerIndex")
                .is_some()
            {
                let failures = progress.index_failures.get(&index).copied().unwrap_or(0);
                annotations.push((INDEX_FAILURES, failures.to_string()));
            }
            indexes::inject(&mut template, &key.name, index);
            format!("{}-{index}-", key.name)
        }
        None => format!("{}-", key.name),
    };
    let new = NewPod {
        name,
        namespace: &key.namespace,
        template: &template,
        labels,
        annotations,
        owner: owner_reference("batch/v1", "Job", subject.stored),
    };
    let Some(pod) = pods::make(world, new) else {
        return false;
    };
    world.store.update(&pod_kind(), &pod.key, |pod| {
        json::object_at(pod, "metadata").insert("finalizers".to_owned(), json!([TRACKING]));
    });
    say(
        world,
        subject,
        Event::normal("SuccessfulCreate", format!("Created pod: {}", pod.key.name)),
    );
    true
}

pub(super) fn delete(world: &mut World, subject: &Subject<'_>, pod: &Pod) {
    world.delete_pod(&pod.key);
    say(
        world,
        subject,
        Event::normal("SuccessfulDelete", format!("Deleted pod: {}", pod.key.name)),
    );
}

/// Takes the tracking finalizer from a pod.
pub(super) fn release(world: &mut World, pod: &Pod) {
    if is_tracked(&pod.stored.value()) {
        world.store.update(&pod_kind(), &pod.key, |pod| {
            let metadata = json::object_at(pod, "metadata");
            if let Some(finalizers) = metadata.get_mut("finalizers").and_then(Value::as_array_mut) {
                finalizers.retain(|finalizer| finalizer != TRACKING);
                if finalizers.is_empty() {
                    metadata.remove("finalizers");
                }
            }
        });
    }
}

pub(super) fn is_tracked(pod: &Value) -> bool {
    json::items(pod, "/metadata/finalizers")
        .iter()
        .any(|finalizer| finalizer == TRACKING)
}

pub(super) fn index_failures(pod: &Value) -> u64 {
    pod.pointer("/metadata/annotations")
        .and_then(|annotations| annotations.get(INDEX_FAILURES)?.as_str()?.parse().ok())
        .unwrap_or(0)
}
