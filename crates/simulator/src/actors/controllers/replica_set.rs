//! Replica sets: as many pods as asked for.

use super::{counts, generation};
use crate::{
    actors::{
        Subject,
        events::Event,
        pods::{self, NewPod, Pod, Tally},
    },
    json,
    world::{World, owner_reference},
};

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let desired = json::count(subject.object, "/spec/replicas");
    let mut owned = pods::owned_by(world, &subject.stored.uid);
    let active = Tally::of(&owned).active;
    if active < desired {
        for _ in active..desired {
            create(world, subject);
        }
    } else if active > desired {
        // Those that are not ready go first.
        owned.retain(Pod::is_active);
        owned.sort_by_key(|pod| pod.is_ready);
        let excess = usize::try_from(active - desired).unwrap_or(usize::MAX);
        for pod in owned.iter().take(excess) {
            world.delete_pod(&pod.key);
        }
    }
    let tally = Tally::of(&pods::owned_by(world, &subject.stored.uid));
    let mut status = counts([
        ("observedGeneration", generation(subject)),
        ("fullyLabeledReplicas", tally.active),
        ("readyReplicas", tally.ready),
        ("availableReplicas", tally.ready),
    ]);
    status.insert("replicas".to_owned(), tally.active.into());
    world.set_status(subject.kind, &subject.stored.key, status.into());
}

fn create(world: &mut World, subject: &Subject<'_>) {
    let new = NewPod {
        name: format!("{}-", subject.stored.key.name),
        namespace: &subject.stored.key.namespace,
        template: subject
            .object
            .pointer("/spec/template")
            .unwrap_or(&serde_json::Value::Null),
        labels: Vec::new(),
        annotations: Vec::new(),
        owner: owner_reference("apps/v1", "ReplicaSet", subject.stored),
    };
    if let Some(pod) = pods::make(world, new) {
        Event::normal("SuccessfulCreate", format!("Created pod: {}", pod.key.name))
            .by("replicaset-controller")
            .record(world, subject.kind, subject.stored);
    }
}
