//! The status of a daemon set: on how many nodes a pod of it should run, runs, is ready, is of today.

use jiff::Timestamp;
use serde_json::json;

use super::Daemons;
use crate::{
    actors::controllers::{counts, generation},
    json,
    world::{World, agenda::Deed},
};

/// Writes it, and looks again when the next pod becomes available.
pub(super) fn write_status(world: &mut World, daemons: &Daemons<'_>) {
    let (mut desired, mut scheduled, mut misscheduled) = (0_u64, 0_u64, 0_u64);
    let (mut ready, mut available, mut updated) = (0_u64, 0_u64, 0_u64);
    let mut next: Option<Timestamp> = None;
    for (node, fit) in &daemons.fits {
        let pod = daemons.pods.get(node).and_then(|pods| pods.first());
        desired += u64::from(fit.should_run);
        let Some(pod) = pod else { continue };
        if !fit.should_run {
            misscheduled += 1;
            continue;
        }
        scheduled += 1;
        ready += u64::from(pod.is_ready);
        available += u64::from(daemons.is_available(pod));
        updated += u64::from(daemons.is_updated(pod));
        let at = pod.available_at(daemons.min_ready_seconds);
        next = next
            .into_iter()
            .chain(at.filter(|at| *at > daemons.now))
            .min();
    }
    let subject = daemons.subject;
    let mut status = json!({
        "observedGeneration": generation(subject),
        "currentNumberScheduled": scheduled,
        "desiredNumberScheduled": desired,
        "numberMisscheduled": misscheduled,
        "numberReady": ready,
    });
    let left_out = counts([
        ("updatedNumberScheduled", updated),
        ("numberAvailable", available),
        ("numberUnavailable", desired - available),
    ]);
    json::as_object(&mut status).extend(left_out);
    world.set_status(subject.kind, &subject.stored.key, status);
    if let Some(at) = next {
        let deed = Deed::look(subject.kind, &subject.stored.key);
        world.agenda.plan(at, deed);
    }
}
