//! Pods of a cluster that is being set up: at rest at once, in the state that their age gives them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use strata_domain::text::Text;

use super::{
    containers::{self, Container, backoff, in_go},
    pulling, status,
};
use crate::{
    actors::events::Event,
    clock, json,
    scenario::TroubleKind,
    store::Stored,
    world::{World, agenda::PodStep, pod_kind},
};

/// While the cluster is set up a pod comes to rest at once: running, or in its trouble.
pub(super) fn settle_in(
    world: &mut World,
    stored: &Stored,
    host: &str,
    trouble: Option<TroubleKind>,
) {
    let stamp = world.stamp();
    let now = world.now();
    let age = world.begins.duration_since(now).unsigned_abs();
    let crashes = trouble
        .filter(|kind| matches!(kind, TroubleKind::CrashLoop | TroubleKind::OutOfMemory))
        .map(|_| {
            // One start in each back-off, as often as its age allows.
            let restarts = u64::from(age > Duration::from_mins(1)) * 5 + age.as_secs() / 320;
            let ended = clock::earlier(world.begins, world.seconds(20, 200));
            (u32::try_from(restarts.max(1)).unwrap_or(u32::MAX), ended)
        });
    let address = super::address_of(stored, &stored.value());
    let is_pulling = trouble == Some(TroubleKind::ImagePull);
    let settled = world.store.update(&pod_kind(), &stored.key, |pod| {
        status::admit(pod, host, &stamp);
        status::set_address(pod, &address);
        status::set_pod_condition(pod, "PodReadyToStartContainers", "True", None, &stamp);
        if !is_pulling {
            at_rest(pod, &stored.uid, trouble, now, crashes);
        }
        status::derive(pod, &stamp);
    });
    let Some(settled) = settled else { return };
    let pod = settled.value();
    let node = json::text(&pod, "/spec/nodeName");
    for slot in status::slots(&pod) {
        let container = Container {
            stored: &settled,
            pod: &pod,
            slot,
        };
        match (trouble.filter(|_| slot.is_first()), crashes) {
            (Some(TroubleKind::ImagePull), _) => back_off_pulling(world, &container),
            (Some(_), Some((restarts, ended))) => {
                back_off_restarting(world, &container, restarts, ended);
            }
            (Some(_), None) => {}
            (None, _) => {
                let reference = json::text(slot.container(&pod), "/image");
                world.kubelets.keep_image(node, reference);
                plan_end(world, &container);
            }
        }
    }
}

/// What a scenario lets end does so after its time.
fn plan_end(world: &mut World, container: &Container<'_>) {
    let Container { stored, slot, .. } = *container;
    if slot.is_main()
        && world.behaviour_of(stored).is_some()
        && let Some(end) = containers::program_of(world, container).end
    {
        let container = slot.number;
        let step = PodStep::Exit {
            container,
            run: 0,
            end,
        };
        super::plan(world, stored, end.after, step);
    }
}

fn back_off_restarting(
    world: &mut World,
    container: &Container<'_>,
    restarts: u32,
    ended: Timestamp,
) {
    let Container { stored, pod, slot } = *container;
    world.kubelets.take(&stored.uid, slot.number);
    world
        .kubelets
        .set_attempts(&stored.uid, slot.number, restarts.saturating_add(1));
    let message = format!(
        "Back-off restarting failed container {} in pod {}",
        slot.name(pod),
        status::pod_in_messages(pod),
    );
    container.say(world, Event::warning("BackOff", message));
    let next = clock::later(ended, backoff(restarts)).max(world.begins);
    let at = clock::later(next, world.seconds(1, 6));
    super::plan_at(world, stored, at, PodStep::Restart(slot.number));
}

fn back_off_pulling(world: &mut World, container: &Container<'_>) {
    let Container { stored, slot, .. } = *container;
    world.kubelets.take(&stored.uid, slot.number);
    world.kubelets.set_attempts(&stored.uid, slot.number, 6);
    pulling::refuse_image(world, container);
    let Some(refused) = world.store.get(&pod_kind(), &stored.key) else {
        return;
    };
    let pod = refused.value();
    let container = Container {
        stored: &refused,
        pod: &pod,
        slot,
    };
    pulling::pull_back_off(world, &container);
}

/// A container as it is while a cluster is set up: at rest, in the state that its age gives it.
fn at_rest(
    pod: &mut Value,
    uid: &Text,
    trouble: Option<TroubleKind>,
    since: Timestamp,
    crashes: Option<(u32, Timestamp)>,
) {
    let in_messages = status::pod_in_messages(pod);
    for slot in status::slots(pod) {
        slot.run(pod, uid, since, 0);
        slot.mark(pod, true, true);
        if slot.is_init() && !slot.is_sidecar(pod) {
            slot.end(pod, 0, ("Completed", ""), since);
            continue;
        }
        let Some(trouble) = trouble.filter(|_| slot.is_first()) else {
            continue;
        };
        match (trouble, crashes) {
            (TroubleKind::NeverReady, _) => slot.mark(pod, true, false),
            (TroubleKind::CrashLoop | TroubleKind::OutOfMemory, Some((restarts, ended))) => {
                let (code, reason) = match trouble {
                    TroubleKind::OutOfMemory => (137, "OOMKilled"),
                    _ => (1, "Error"),
                };
                let started = clock::earlier(ended, Duration::from_secs(9));
                slot.run(pod, uid, started, restarts.into());
                slot.end(pod, code, (reason, ""), ended);
                let message = format!(
                    "back-off {} restarting failed container={} pod={in_messages}",
                    in_go(backoff(restarts)),
                    slot.name(pod)
                );
                slot.wait(pod, "CrashLoopBackOff", &message);
            }
            _ => {}
        }
    }
}
