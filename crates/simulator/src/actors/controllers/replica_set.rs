//! Replica sets: as many pods as asked for.

use serde_json::{Value, json};

use super::{counts, generation, replicas_of};
use crate::{
    actors::{
        Subject,
        events::Event,
        kubelet::set_condition,
        pods::{self, NewPod, Phase, Pod, Tally},
    },
    json,
    world::{World, agenda::Deed, owner_reference},
};

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let desired = replicas_of(subject.object);
    let owned = pods::owned_by(world, &subject.stored.uid);
    let active = Tally::of(&owned).active;
    if subject.stored.is_ending {
        return write_status(world, subject, None);
    }
    let mut failure = None;
    if active < desired {
        // The first that is refused ends the attempt: the others would be too.
        failure = (active..desired).find_map(|_| create(world, subject).err());
    } else if active > desired {
        let mut owned: Vec<Pod> = owned.into_iter().filter(Pod::is_active).collect();
        // What has no node goes first, then what does not run, is not ready, or came last.
        owned.sort_by_cached_key(|pod| {
            let object = pod.stored.value();
            let cost = object
                .pointer("/metadata/annotations/controller.kubernetes.io~1pod-deletion-cost")
                .and_then(Value::as_str)
                .and_then(|cost| cost.parse::<i64>().ok())
                .unwrap_or(0);
            let created = json::text(&object, "/metadata/creationTimestamp").to_owned();
            (
                !json::text(&object, "/spec/nodeName").is_empty(),
                pod.phase == Phase::Running,
                pod.is_ready,
                cost,
                std::cmp::Reverse(created),
            )
        });
        let excess = usize::try_from(active - desired).unwrap_or(usize::MAX);
        for pod in owned.iter().take(excess) {
            world.delete_pod(&pod.key);
            Event::normal("SuccessfulDelete", format!("Deleted pod: {}", pod.key.name))
                .by("replicaset-controller")
                .record(world, subject.kind, subject.stored);
        }
    }
    write_status(world, subject, failure);
}

fn write_status(world: &mut World, subject: &Subject<'_>, failure: Option<String>) {
    let owned = pods::owned_by(world, &subject.stored.uid);
    let tally = Tally::of(&owned);
    let available = available(world, subject, &owned);
    let terminating = owned.iter().filter(|pod| pod.is_stopping).count();
    let mut status = counts([
        ("observedGeneration", generation(subject)),
        ("fullyLabeledReplicas", tally.active),
        ("readyReplicas", tally.ready),
        ("availableReplicas", available),
    ]);
    status.insert("replicas".to_owned(), tally.active.into());
    status.insert("terminatingReplicas".to_owned(), terminating.into());
    if let Some(message) = failure {
        let stamp = world.stamp();
        let conditions = json::items(subject.object, "/status/conditions");
        let mut known = json!({ "status": { "conditions": conditions } });
        let is_known = json::items(&known, "/status/conditions")
            .iter()
            .any(|condition| json::text(condition, "/type") == "ReplicaFailure");
        // The first refusal is what it tells of until pods can be made again.
        if !is_known {
            let why = Some(("FailedCreate", message.as_str()));
            set_condition(&mut known, "ReplicaFailure", "True", why, &stamp);
        }
        let conditions = known.pointer("/status/conditions").cloned();
        status.insert("conditions".to_owned(), conditions.unwrap_or_default());
    }
    world.set_status(subject.kind, &subject.stored.key, status.into());
}

/// How many pods have been ready for as long as the set asks for.
fn available(world: &mut World, subject: &Subject<'_>, owned: &[Pod]) -> u64 {
    let least = json::count(subject.object, "/spec/minReadySeconds");
    let now = world.now();
    let mut available = 0;
    for pod in owned.iter().filter(|pod| pod.is_active()) {
        if pod.is_available(least, now) {
            available += 1;
        } else if let Some(at) = pod.available_at(least) {
            let deed = Deed::look(subject.kind, &subject.stored.key);
            world.agenda.plan(at, deed);
        }
    }
    available
}

fn create(world: &mut World, subject: &Subject<'_>) -> Result<(), String> {
    let new = NewPod {
        name: format!("{}-", subject.stored.key.name),
        namespace: &subject.stored.key.namespace,
        template: subject
            .object
            .pointer("/spec/template")
            .unwrap_or(&Value::Null),
        labels: Vec::new(),
        annotations: Vec::new(),
        owner: owner_reference("apps/v1", "ReplicaSet", subject.stored),
    };
    let pod = pods::try_make(world, new)?;
    Event::normal("SuccessfulCreate", format!("Created pod: {}", pod.key.name))
        .by("replicaset-controller")
        .record(world, subject.kind, subject.stored);
    Ok(())
}
