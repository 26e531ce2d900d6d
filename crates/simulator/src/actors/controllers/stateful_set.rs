//! Stateful sets: pods with numbers.

use serde_json::Value;
use strata_domain::ids::ObjectKey;

use super::{counts, generation};
use crate::{
    actors::{
        Subject,
        pods::{self, NewPod, Phase, Tally},
    },
    json,
    world::{World, owner_reference, pod_kind},
};

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let key = &subject.stored.key;
    let first = json::count(subject.object, "/spec/ordinals/start");
    let end = first + json::count(subject.object, "/spec/replicas");
    let template = subject
        .object
        .pointer("/spec/template")
        .unwrap_or(&Value::Null);
    let revision = format!("{}-{}", key.name, pods::template_hash(template));
    for pod in pods::owned_by(world, &subject.stored.uid) {
        let ordinal = pod
            .key
            .name
            .rsplit_once('-')
            .and_then(|(_, number)| number.parse().ok());
        let is_wanted = ordinal.is_some_and(|ordinal: u64| (first..end).contains(&ordinal));
        // One that ended is replaced under its own name.
        if !is_wanted || matches!(pod.phase, Phase::Succeeded | Phase::Failed) {
            world.delete_pod(&pod.key);
        }
    }
    for ordinal in first..end {
        let name = format!("{}-{ordinal}", key.name);
        if world
            .store
            .get(&pod_kind(), &ObjectKey::new(key.namespace.clone(), &*name))
            .is_some()
        {
            continue;
        }
        let new = NewPod {
            name: name.clone(),
            namespace: &key.namespace,
            template,
            labels: vec![
                ("statefulset.kubernetes.io/pod-name", name),
                ("apps.kubernetes.io/pod-index", ordinal.to_string()),
                ("controller-revision-hash", revision.clone()),
            ],
            annotations: Vec::new(),
            owner: owner_reference("apps/v1", "StatefulSet", subject.stored),
        };
        pods::make(world, new);
    }
    let tally = Tally::of(&pods::owned_by(world, &subject.stored.uid));
    let mut status = counts([
        ("observedGeneration", generation(subject)),
        ("readyReplicas", tally.ready),
        ("currentReplicas", tally.active),
        ("updatedReplicas", tally.active),
    ]);
    status.insert("replicas".to_owned(), tally.active.into());
    status.insert("availableReplicas".to_owned(), tally.ready.into());
    status.insert("currentRevision".to_owned(), revision.as_str().into());
    status.insert("updateRevision".to_owned(), revision.into());
    world.set_status(subject.kind, key, status.into());
}
