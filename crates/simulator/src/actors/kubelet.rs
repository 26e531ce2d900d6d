//! Kubelets: bring bound pods to life, keep them going, and stop them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use strata_domain::{ids::ObjectKey, text::Text};

use self::status::ContainerState;
pub(super) use self::status::set_condition;
use super::{Subject, events::Event};
use crate::{
    clock, json, random,
    scenario::TroubleKind,
    store::{Stored, removal::Removal},
    world::{
        Behaviour, World,
        agenda::{Deed, PodStep},
        pod_kind,
    },
};

mod status;

/// The first back-off of a container that ended with an error; it doubles up to [`LONGEST_BACKOFF`].
const FIRST_BACKOFF: Duration = Duration::from_secs(10);
const LONGEST_BACKOFF: Duration = Duration::from_mins(5);

/// Starts a pod that was bound, or stops one that was deleted.
pub(super) fn consider(world: &mut World, subject: &Subject<'_>) {
    let pod = subject.object;
    let node = json::text(pod, "/spec/nodeName");
    if node.is_empty() {
        // Nothing to stop: a pod that no kubelet has is gone as soon as it is deleted.
        if pod.pointer("/metadata/deletionTimestamp").is_some() {
            world.remove(&pod_kind(), &subject.stored.key, &Removal::at_once());
        }
        return;
    }
    if pod.pointer("/metadata/deletionTimestamp").is_some() {
        stop(world, subject, node);
    } else if pod.pointer("/status/containerStatuses").is_none() {
        admit(world, subject.stored, node);
    }
}

/// The next step in the life of the pod `key`, if it is still the one with `uid`.
pub(crate) fn step(world: &mut World, key: &ObjectKey, uid: &Text, step: PodStep) {
    let Some(stored) = world
        .store
        .get(&pod_kind(), key)
        .filter(|pod| pod.uid == *uid)
    else {
        return;
    };
    let pod = stored.value();
    let is_over = ["Succeeded", "Failed"].contains(&json::text(&pod, "/status/phase"));
    let is_stopping = pod.pointer("/metadata/deletionTimestamp").is_some();
    if step == PodStep::Stopped {
        world.remove(&pod_kind(), key, &Removal::at_once());
    } else if !is_over && !is_stopping {
        match step {
            PodStep::Start => start(world, &stored, &pod),
            PodStep::Ready => become_ready(world, &stored),
            PodStep::End => end(world, &stored, &pod),
            PodStep::Restart => restart(world, &stored, &pod),
            PodStep::PullAgain => pull_again(world, &stored, &pod),
            PodStep::Stopped => {}
        }
    }
}

/// Takes a pod in: what it shows until its images are there.
fn admit(world: &mut World, stored: &Stored, node: &str) {
    let stamp = world.stamp();
    let host = crate::manifest::node::address(node);
    let is_host_network = json::flag(&stored.value(), "/spec/hostNetwork");
    let address = if is_host_network {
        host.clone()
    } else {
        pod_address(&stored.uid)
    };
    world.store.update(&pod_kind(), &stored.key, |pod| {
        status::admit(pod, &host, &stamp);
        if world.is_setting_up {
            status::set_address(pod, &address);
        }
    });
    let trouble = trouble_of(world, stored);
    if world.is_setting_up {
        return settle_in(world, stored, trouble);
    }
    let image = status::first_image(&stored.value()).to_owned();
    Event::normal("Pulling", format!("Pulling image \"{image}\""))
        .by_kubelet(node)
        .record(world, &pod_kind(), stored);
    let pull = world.seconds(1, 12);
    if trouble == Some(TroubleKind::ImagePull) {
        plan(world, stored, pull, PodStep::PullAgain);
    } else {
        let message = format!(
            "Successfully pulled image \"{image}\" in {:.3}s ({:.3}s including waiting)",
            pull.as_secs_f64(),
            pull.as_secs_f64()
        );
        Event::normal("Pulled", message)
            .by_kubelet(node)
            .record(world, &pod_kind(), stored);
        plan(world, stored, pull, PodStep::Start);
    }
}

/// While the cluster is set up a pod comes to rest at once: running, or in its trouble.
fn settle_in(world: &mut World, stored: &Stored, trouble: Option<TroubleKind>) {
    let age = world.begins.duration_since(world.now()).unsigned_abs();
    let pod = stored.value();
    match trouble {
        Some(TroubleKind::ImagePull) => pull_again(world, stored, &pod),
        Some(kind @ (TroubleKind::CrashLoop | TroubleKind::OutOfMemory)) => {
            // One start in each back-off, as often as its age allows.
            let restarts = u64::from(age > Duration::from_mins(1)) * 5
                + age.as_secs() / (LONGEST_BACKOFF.as_secs() + 20);
            let ended = clock::earlier(world.begins, world.seconds(20, 200));
            crash(world, stored, kind, restarts.max(1), ended);
        }
        trouble => {
            let later = world.now();
            run(
                world,
                stored,
                later,
                trouble != Some(TroubleKind::NeverReady),
            );
        }
    }
}

fn start(world: &mut World, stored: &Stored, pod: &Value) {
    let node = json::text(pod, "/spec/nodeName");
    for container in json::items(pod, "/spec/containers") {
        let name = json::text(container, "/name");
        Event::normal("Created", format!("Container created: {name}"))
            .by_kubelet(node)
            .record(world, &pod_kind(), stored);
        Event::normal("Started", format!("Container started: {name}"))
            .by_kubelet(node)
            .record(world, &pod_kind(), stored);
    }
    let now = world.now();
    run(world, stored, now, false);
}

/// Containers run since `started`; what comes next is planned.
fn run(world: &mut World, stored: &Stored, started: Timestamp, is_ready: bool) {
    let stamp = world.stamp();
    let is_host_network = json::flag(&stored.value(), "/spec/hostNetwork");
    let address = (!is_host_network).then(|| pod_address(&stored.uid));
    let ids = stored.uid.clone();
    world.store.update(&pod_kind(), &stored.key, |pod| {
        if let Some(address) = &address {
            status::set_address(pod, address);
        } else {
            let host = json::text(pod, "/status/hostIP").to_owned();
            status::set_address(pod, &host);
        }
        status::set_phase(pod, "Running");
        status::set_containers(
            pod,
            &ids,
            &ContainerState::Running {
                since: started,
                is_ready,
            },
        );
        status::set_readiness(pod, is_ready, &stamp);
    });
    let behaviour = world.behaviour_of(stored).map(|(_, behaviour)| behaviour);
    let trouble = world.troubled.get(&stored.uid).map(|(_, kind)| *kind);
    match trouble {
        Some(TroubleKind::CrashLoop | TroubleKind::OutOfMemory) => {
            let until = world.seconds(4, 18);
            plan(world, stored, until, PodStep::End);
        }
        Some(TroubleKind::NeverReady) => {}
        Some(TroubleKind::ImagePull) | None => {
            if !is_ready {
                let startup = behaviour
                    .as_ref()
                    .map_or(FIRST_BACKOFF, |known| known.startup);
                let jitter = world.seconds(0, 2);
                plan(world, stored, startup + jitter, PodStep::Ready);
            }
            if let Some(Behaviour {
                run_for: Some(run_for),
                ..
            }) = behaviour
            {
                let jitter = world.seconds(0, 5);
                plan(world, stored, run_for + jitter, PodStep::End);
            }
        }
    }
}

fn become_ready(world: &mut World, stored: &Stored) {
    let stamp = world.stamp();
    world.store.update(&pod_kind(), &stored.key, |pod| {
        status::mark_containers_ready(pod);
        status::set_readiness(pod, true, &stamp);
    });
}

/// The containers end: in trouble with an error, else because their work is done.
fn end(world: &mut World, stored: &Stored, pod: &Value) {
    let now = world.now();
    if let Some((_, kind)) = world.troubled.get(&stored.uid).cloned() {
        let restarts = status::restarts(pod);
        crash(world, stored, kind, restarts + 1, now);
        return;
    }
    let stamp = world.stamp();
    world.store.update(&pod_kind(), &stored.key, |pod| {
        status::set_phase(pod, "Succeeded");
        status::end_containers(pod, 0, "Completed", now);
        status::set_readiness_because(pod, "PodCompleted", &stamp);
    });
}

/// A container has ended with an error for the time `restarts`, and waits to be started again.
fn crash(world: &mut World, stored: &Stored, kind: TroubleKind, restarts: u64, ended: Timestamp) {
    let stamp = world.stamp();
    let (exit_code, reason) = match kind {
        TroubleKind::OutOfMemory => (137, "OOMKilled"),
        _ => (1, "Error"),
    };
    let backoff = FIRST_BACKOFF
        .saturating_mul(1 << restarts.saturating_sub(1).min(5))
        .min(LONGEST_BACKOFF);
    let state = ContainerState::BackOff {
        restarts,
        backoff,
        ended,
        exit_code,
        reason,
    };
    let uid = stored.uid.clone();
    let pod = world.store.update(&pod_kind(), &stored.key, |pod| {
        status::set_phase(pod, "Running");
        status::set_containers(pod, &uid, &state);
        status::set_readiness(pod, false, &stamp);
    });
    if let Some(pod) = pod {
        let pod = pod.value();
        let message = format!(
            "Back-off restarting failed container {} in pod {}",
            json::text(&pod, "/spec/containers/0/name"),
            status::pod_in_messages(&pod),
        );
        Event::warning("BackOff", message)
            .by_kubelet(json::text(&pod, "/spec/nodeName"))
            .record(world, &pod_kind(), stored);
    }
    let next = clock::later(ended, backoff).max(world.begins);
    let jitter = world.seconds(1, 6);
    let deed = Deed::Pod {
        key: stored.key.clone(),
        uid: stored.uid.clone(),
        step: PodStep::Restart,
    };
    world.agenda.plan(clock::later(next, jitter), deed);
}

fn restart(world: &mut World, stored: &Stored, pod: &Value) {
    let node = json::text(pod, "/spec/nodeName");
    let name = json::text(pod, "/spec/containers/0/name");
    Event::normal("Started", format!("Container started: {name}"))
        .by_kubelet(node)
        .record(world, &pod_kind(), stored);
    let now = world.now();
    run(world, stored, now, false);
}

fn pull_again(world: &mut World, stored: &Stored, pod: &Value) {
    let image = status::first_image(pod).to_owned();
    let node = json::text(pod, "/spec/nodeName");
    let why = format!(
        "Back-off pulling image \"{image}\": ErrImagePull: failed to pull and unpack image \
         \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
    );
    let uid = stored.uid.clone();
    let stamp = world.stamp();
    world.store.update(&pod_kind(), &stored.key, |pod| {
        status::set_containers(pod, &uid, &ContainerState::PullFailed { message: &why });
        status::set_readiness(pod, false, &stamp);
    });
    Event::warning("Failed", "Error: ImagePullBackOff")
        .by_kubelet(node)
        .record(world, &pod_kind(), stored);
    Event::warning("BackOff", format!("Back-off pulling image \"{image}\""))
        .by_kubelet(node)
        .record(world, &pod_kind(), stored);
    let wait = world.seconds(120, 300);
    let at = clock::later(world.now().max(world.begins), wait);
    let deed = Deed::Pod {
        key: stored.key.clone(),
        uid: stored.uid.clone(),
        step: PodStep::PullAgain,
    };
    world.agenda.plan(at, deed);
}

fn stop(world: &mut World, subject: &Subject<'_>, node: &str) {
    let stored = subject.stored;
    if !world.stopping.insert(stored.uid.clone()) {
        return;
    }
    for container in json::items(subject.object, "/spec/containers") {
        let name = json::text(container, "/name");
        Event::normal("Killing", format!("Stopping container {name}"))
            .by_kubelet(node)
            .record(world, &pod_kind(), stored);
    }
    let until = world.seconds(1, 6);
    plan(world, stored, until, PodStep::Stopped);
}

/// The trouble that a new pod has: as many pods of its workload have it as the scenario says.
fn trouble_of(world: &mut World, stored: &Stored) -> Option<TroubleKind> {
    let (root, behaviour) = world.behaviour_of(stored)?;
    let trouble = behaviour.trouble?;
    let known = world
        .troubled
        .values()
        .filter(|(workload, _)| *workload == root)
        .count();
    if u64::try_from(known).unwrap_or(u64::MAX) >= trouble.pods {
        return None;
    }
    world
        .troubled
        .insert(stored.uid.clone(), (root, trouble.kind));
    Some(trouble.kind)
}

fn plan(world: &mut World, stored: &Stored, delay: Duration, step: PodStep) {
    world.after(
        delay,
        Deed::Pod {
            key: stored.key.clone(),
            uid: stored.uid.clone(),
            step,
        },
    );
}

/// Marks a pod as failed: its container ended with `exit_code`.
pub(super) fn fail(world: &mut World, key: &ObjectKey, exit_code: i64, message: &str) {
    let now = world.now();
    let stamp = world.stamp();
    world.store.update(&pod_kind(), key, |pod| {
        status::set_phase(pod, "Failed");
        status::end_containers(pod, exit_code, "Error", now);
        status::set_readiness_because(pod, "PodFailed", &stamp);
        json::object_at(pod, "status").insert("message".to_owned(), message.into());
    });
}

/// An address of the pod network that depends on the pod alone.
/// The address of the pod that `uid` names.
pub(crate) fn pod_address(uid: &str) -> String {
    let hash = random::hash(uid);
    format!(
        "10.{}.{}.{}",
        192 + hash % 32,
        (hash >> 8) % 256,
        1 + (hash >> 16) % 254
    )
}
