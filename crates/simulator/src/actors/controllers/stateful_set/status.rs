//! What a stateful set tells of its pods.

use serde_json::Value;

use super::{
    super::{counts, generation, history::Revision},
    Plan, Pods, REVISION,
};
use crate::{
    actors::{
        Subject,
        pods::{Phase, Pod},
    },
    world::World,
};

/// Writes the status; an update that is through makes the latest revision the current one.
pub(super) fn write(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    pods: &Pods,
    [current, update]: [&Revision; 2],
    collisions: u64,
) {
    let now = world.now();
    let count = |is_one: &dyn Fn(&Pod) -> bool| {
        u64::try_from(pods.all().filter(|pod| is_one(pod)).count()).unwrap_or(u64::MAX)
    };
    let is_of = |pod: &Pod, revision: &Revision| {
        !pod.is_stopping && pod.stored.label(REVISION) == Some(revision.name())
    };
    let is_up = |pod: &Pod| pod.phase == Phase::Running && pod.is_ready;
    let replicas = count(&|_| true);
    let ready = count(&is_up);
    let updated = count(&|pod| is_of(pod, update));
    let is_through = plan.is_rolling && [replicas, ready, updated] == [plan.replicas; 3];
    let (current, of_current) = if is_through {
        (update, updated)
    } else {
        (current, count(&|pod| is_of(pod, current)))
    };
    let available = count(&|pod| is_up(pod) && pod.is_available(plan.min_ready_seconds, now));
    let mut status = counts([
        ("observedGeneration", generation(subject)),
        ("readyReplicas", ready),
        ("currentReplicas", of_current),
        ("updatedReplicas", updated),
    ]);
    let always: [(&str, Value); 5] = [
        ("replicas", replicas.into()),
        ("availableReplicas", available.into()),
        ("currentRevision", current.name().into()),
        ("updateRevision", update.name().into()),
        ("collisionCount", collisions.into()),
    ];
    status.extend(always.map(|(field, value)| (field.to_owned(), value)));
    world.set_status(subject.kind, &subject.stored.key, status.into());
}
