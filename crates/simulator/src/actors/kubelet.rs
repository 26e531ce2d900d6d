//! Kubelets: bring bound pods to life, keep them going, and stop them.
//!
//! A pod's status is all that they know of it, beside what is planned. Read in this order: what
//! containers do ([`program`]), which images there are ([`image`]), what must be there before a start
//! ([`mounts`]), the steps of a container ([`containers`]) and its probes, and the status.

use std::time::Duration;

use serde_json::Value;
use strata_domain::{ids::ObjectKey, text::Text};

pub(super) use self::status::set_condition;
use self::{containers::Container, status::Slot};
pub(crate) use self::{memory::Kubelets, probes::Kind as ProbeKind, program::End, status::qos};
use super::{Subject, capacity, events::Event, volumes};
use crate::{
    clock, json, random,
    scenario::TroubleKind,
    store::{Stored, removal::Removal},
    world::{
        World,
        agenda::{Deed, PodStep},
        node_kind, pod_kind,
    },
};

mod containers;
mod image;
mod memory;
mod mounts;
mod probes;
mod probing;
mod program;
mod pulling;
mod settling;
mod status;

/// How long a pod is kept waiting whose kubelet does not answer.
const AWAY: Duration = Duration::from_secs(10);
/// The longest time between two attempts to mount a volume.
const LONGEST_MOUNT_WAIT: Duration = Duration::from_secs(122);

/// Starts a pod that was bound, goes on with it, or stops one that was deleted.
pub(super) fn consider(world: &mut World, subject: &Subject<'_>) {
    let pod = subject.object;
    let node = json::text(pod, "/spec/nodeName");
    if node.is_empty() || is_over(pod) {
        // Nothing to stop: a pod that no kubelet has is gone as soon as it is deleted.
        if pod.pointer("/metadata/deletionTimestamp").is_some() {
            world.remove(&pod_kind(), &subject.stored.key, &Removal::at_once());
        }
        return;
    }
    if pod.pointer("/metadata/deletionTimestamp").is_some() {
        stop(world, subject);
    } else if pod.pointer("/status/startTime").is_none() {
        // A pod can name a node that is not there; then nobody takes it in.
        let is_there = world.store.get(&node_kind(), &ObjectKey::new("", node));
        if is_there.is_some() {
            admit(world, subject.stored, node);
        }
    } else if has_sandbox(pod) {
        let added = json::items(pod, "/spec/ephemeralContainers").len();
        if added > json::items(pod, "/status/ephemeralContainerStatuses").len() {
            let key = &subject.stored.key;
            world
                .store
                .update(&pod_kind(), key, status::admit_ephemeral);
        } else if status::is_resized(pod) {
            resize(world, subject);
        } else {
            containers::advance(world, subject.stored, pod);
        }
    }
}

/// Gives running containers the resources that their pod asks for now.
fn resize(world: &mut World, subject: &Subject<'_>) {
    let amounts = capacity::requests(subject.object);
    world.capacity.resize(&subject.stored.uid, amounts);
    world.room_was_made = true;
    let key = &subject.stored.key;
    world.store.update(&pod_kind(), key, status::resize);
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
    if world.capacity.is_silent(json::text(&pod, "/spec/nodeName")) {
        return plan(world, &stored, AWAY, step);
    }
    let is_stopping = pod.pointer("/metadata/deletionTimestamp").is_some();
    match step {
        PodStep::Stopped => stopped(world, &stored),
        _ if is_over(&pod) || is_stopping => {}
        PodStep::Sync => sync(world, &stored, &pod),
        PodStep::Deadline => {
            let message = "Pod was active on the node longer than the specified deadline";
            end_all(world, key, 137, ("DeadlineExceeded", message));
        }
        PodStep::Begin(number)
        | PodStep::Pulled(number)
        | PodStep::PullBackOff(number)
        | PodStep::Start(number)
        | PodStep::BackOff(number)
        | PodStep::Restart(number)
        | PodStep::Ready {
            container: number, ..
        }
        | PodStep::Exit {
            container: number, ..
        } => {
            step_container(world, &stored, &pod, number, step);
        }
        PodStep::Probe(probe) => step_container(world, &stored, &pod, probe.container, step),
    }
}

fn step_container(world: &mut World, stored: &Stored, pod: &Value, number: usize, step: PodStep) {
    let Some(slot) = Slot::of(pod, number) else {
        return;
    };
    let container = Container { stored, pod, slot };
    match step {
        PodStep::Begin(_) => {
            world.kubelets.release(&stored.uid, number);
            pulling::begin(world, &container);
        }
        PodStep::Pulled(_) => pulling::pulled(world, &container),
        PodStep::PullBackOff(_) => pulling::pull_back_off(world, &container),
        PodStep::Start(_) => containers::start(world, &container),
        PodStep::BackOff(_) => containers::back_off(world, &container),
        PodStep::Restart(_) => containers::restart(world, &container),
        PodStep::Ready { run, .. } => containers::become_ready(world, &container, run),
        PodStep::Exit { run, end, .. } => containers::exit(world, &container, run, end),
        PodStep::Probe(probe) => probing::probe(world, &container, probe),
        PodStep::Sync | PodStep::Deadline | PodStep::Stopped => {}
    }
}

fn is_over(pod: &Value) -> bool {
    ["Succeeded", "Failed"].contains(&json::text(pod, "/status/phase"))
}

fn has_sandbox(pod: &Value) -> bool {
    json::items(pod, "/status/conditions")
        .iter()
        .any(|condition| {
            json::text(condition, "/type") == "PodReadyToStartContainers"
                && json::text(condition, "/status") == "True"
        })
}

/// Takes a pod in: what it shows until its sandbox is there.
fn admit(world: &mut World, stored: &Stored, node: &str) {
    let stamp = world.stamp();
    let host = crate::manifest::node::address(node);
    let trouble = trouble_of(world, stored);
    if world.is_setting_up {
        return settling::settle_in(world, stored, &host, trouble);
    }
    world.store.update(&pod_kind(), &stored.key, |pod| {
        status::admit(pod, &host, &stamp);
    });
    let pod = stored.value();
    if let Some(deadline) = pod
        .pointer("/spec/activeDeadlineSeconds")
        .and_then(Value::as_u64)
    {
        plan(
            world,
            stored,
            Duration::from_secs(deadline),
            PodStep::Deadline,
        );
    }
    let soon = random::between(
        &mut world.random,
        Duration::from_millis(200),
        Duration::from_millis(900),
    );
    plan(world, stored, soon, PodStep::Sync);
}

/// Mounts the pod's volumes and makes its sandbox; then its containers can begin.
fn sync(world: &mut World, stored: &Stored, pod: &Value) {
    if has_sandbox(pod) {
        return;
    }
    let node = json::text(pod, "/spec/nodeName");
    let unattached = volumes::unattachable(world, stored, pod);
    if let Some(why) = &unattached {
        Event::warning("FailedAttachVolume", why.as_str())
            .by("attachdetach-controller")
            .record(world, &pod_kind(), stored);
    }
    let unmounted = mounts::obstacle(&world.store, pod).filter(|_| unattached.is_none());
    if let Some(why) = &unmounted {
        Event::warning("FailedMount", why.as_str())
            .by_kubelet(node)
            .record(world, &pod_kind(), stored);
    }
    if unattached.or(unmounted).is_some() {
        // Twice as long each time: as long again as it has taken so far.
        let since = json::text(pod, "/status/startTime").parse();
        let waited = since.map_or(Duration::ZERO, |since: jiff::Timestamp| {
            world.now().duration_since(since).unsigned_abs()
        });
        let wait = waited.clamp(Duration::from_secs(1), LONGEST_MOUNT_WAIT);
        return plan(world, stored, wait, PodStep::Sync);
    }
    volumes::attach(world, stored, pod);
    let stamp = world.stamp();
    let address = address_of(stored, pod);
    world.store.update(&pod_kind(), &stored.key, |pod| {
        status::set_address(pod, &address);
        status::set_pod_condition(pod, "PodReadyToStartContainers", "True", None, &stamp);
        status::derive(pod, &stamp);
    });
}

/// Asks the containers of a deleted pod to stop, and waits until they have.
fn stop(world: &mut World, subject: &Subject<'_>) {
    let (stored, pod) = (subject.stored, subject.object);
    let grace = json::count(pod, "/metadata/deletionGracePeriodSeconds");
    if !world.stopping.insert(stored.uid.clone()) {
        return;
    }
    let node = json::text(pod, "/spec/nodeName");
    let grace = Duration::from_secs(grace);
    let mut takes = Duration::from_millis(200);
    for slot in status::slots(pod) {
        if slot.status(pod).pointer("/state/running").is_none() {
            continue;
        }
        Event::normal("Killing", format!("Stopping container {}", slot.name(pod)))
            .by_kubelet(node)
            .about(slot.field_path(pod))
            .record(world, &pod_kind(), stored);
        let program = containers::program_of(world, &Container { stored, pod, slot });
        let hook = json::count(slot.container(pod), "/lifecycle/preStop/sleep/seconds");
        let own = if program.heeds_signals {
            Duration::from_secs(hook) + world.seconds(1, 4)
        } else {
            grace
        };
        takes = takes.max(own.min(grace));
    }
    plan(world, stored, takes, PodStep::Stopped);
}

/// The containers of a deleted pod have ended: its kubelet says so, and lets it go.
fn stopped(world: &mut World, stored: &Stored) {
    let now = world.now();
    let pod = stored.value();
    let heeds: Vec<(Slot, i64)> = status::slots(&pod)
        .into_iter()
        .filter(|slot| slot.status(&pod).pointer("/state/running").is_some())
        .map(|slot| {
            let program = containers::program_of(
                world,
                &Container {
                    stored,
                    pod: &pod,
                    slot,
                },
            );
            (slot, if program.heeds_signals { 0 } else { 137 })
        })
        .collect();
    let stamp = world.stamp();
    world.store.update(&pod_kind(), &stored.key, |pod| {
        for (slot, code) in heeds {
            let reason = if code == 0 { "Completed" } else { "Error" };
            slot.end(pod, code, (reason, ""), now);
        }
        status::derive(pod, &stamp);
    });
    world.remove(&pod_kind(), &stored.key, &Removal::at_once());
}

/// The trouble that a new pod has: as many pods of its workload have it as the scenario says, until
/// someone changes what they run.
fn trouble_of(world: &mut World, stored: &Stored) -> Option<TroubleKind> {
    let (root, behaviour) = world.behaviour_of(stored)?;
    let trouble = behaviour.trouble?;
    let pod = stored.value();
    let program = random::hash(
        &pod.pointer("/spec/containers/0")
            .unwrap_or(&Value::Null)
            .to_string(),
    );
    if let Some(known) = world.behaviours.get_mut(&root)
        && *known.troubled_program.get_or_insert(program) != program
    {
        return None;
    }
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
    let at = clock::later(world.now(), delay);
    plan_at(world, stored, at, step);
}

fn plan_at(world: &mut World, stored: &Stored, at: jiff::Timestamp, step: PodStep) {
    let deed = Deed::Pod {
        key: stored.key.clone(),
        uid: stored.uid.clone(),
        step,
    };
    world.agenda.plan(at, deed);
}

/// Marks a pod as failed: its containers ended with `exit_code`.
pub(super) fn fail(world: &mut World, key: &ObjectKey, exit_code: i64, message: &str) {
    end_all(world, key, exit_code, ("", message));
}

/// Ends every container of a pod and the pod with them, for a reason of the pod.
pub(super) fn end_all(world: &mut World, key: &ObjectKey, exit_code: i64, why: (&str, &str)) {
    let now = world.now();
    let stamp = world.stamp();
    world.store.update(&pod_kind(), key, |pod| {
        for slot in status::slots(pod) {
            if slot.status(pod).pointer("/state/running").is_some() {
                slot.end(pod, exit_code, ("Error", ""), now);
            }
        }
        let status = json::object_at(pod, "status");
        for (field, text) in [("reason", why.0), ("message", why.1)] {
            if !text.is_empty() {
                status.insert(field.to_owned(), text.into());
            }
        }
        status.insert("phase".to_owned(), "Failed".into());
        for kind in ["Ready", "ContainersReady"] {
            status::set_pod_condition(pod, kind, "False", Some(("PodFailed", "")), &stamp);
        }
        status::set_pod_condition(pod, "PodReadyToStartContainers", "False", None, &stamp);
    });
}

/// The pod's address: its node's, or one of the pod network.
fn address_of(stored: &Stored, pod: &Value) -> String {
    if json::flag(pod, "/spec/hostNetwork") {
        crate::manifest::node::address(json::text(pod, "/spec/nodeName"))
    } else {
        pod_address(&stored.uid)
    }
}

/// An address of the pod network that depends on the pod alone.
pub(crate) fn pod_address(uid: &str) -> String {
    let hash = random::hash(uid);
    format!(
        "10.{}.{}.{}",
        192 + hash % 32,
        (hash >> 8) % 256,
        1 + (hash >> 16) % 254
    )
}
