//! Stateful sets: pods with numbers, made, replaced and removed in their order.
//!
//! Source: `pkg/controller/statefulset` of Kubernetes 1.36. As there, one look moves the set a step:
//! with the ordered policy it ends at the first pod that has to be waited for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use self::replicas::Versions;
use super::{
    history::{self, NewRevision, Revision},
    replicas_of,
};
use crate::{
    actors::{
        Subject,
        events::Event,
        pods::{self, Phase, Pod},
    },
    json,
    world::{World, agenda::Deed},
};

mod claims;
mod replicas;
mod status;

const REVISION: &str = "controller-revision-hash";
const POD_NAME: &str = "statefulset.kubernetes.io/pod-name";
const POD_INDEX: &str = "apps.kubernetes.io/pod-index";

/// What a stateful set asks for.
struct Plan {
    first: u64,
    replicas: u64,
    min_ready_seconds: u64,
    is_parallel: bool,
    is_rolling: bool,
    /// The lowest ordinal that is updated, counted from the first.
    partition: u64,
}

impl Plan {
    fn of(set: &Value) -> Self {
        Self {
            first: json::count(set, "/spec/ordinals/start"),
            replicas: replicas_of(set),
            min_ready_seconds: json::count(set, "/spec/minReadySeconds"),
            is_parallel: json::text(set, "/spec/podManagementPolicy") == "Parallel",
            is_rolling: json::text(set, "/spec/updateStrategy/type") != "OnDelete",
            partition: json::count(set, "/spec/updateStrategy/rollingUpdate/partition"),
        }
    }

    fn holds(&self, ordinal: u64) -> bool {
        (self.first..self.first + self.replicas).contains(&ordinal)
    }
}

/// The pods of a set by their ordinals: those that it wants, and those that are too many.
struct Pods {
    wanted: BTreeMap<u64, Pod>,
    condemned: BTreeMap<u64, Pod>,
}

impl Pods {
    fn of(world: &World, subject: &Subject<'_>, plan: &Plan) -> Self {
        let name = &subject.stored.key.name;
        let (wanted, condemned) = pods::owned_by(world, &subject.stored.uid)
            .into_iter()
            .filter_map(|pod| Some((ordinal_of(name, &pod.key.name)?, pod)))
            .partition(|(ordinal, _)| plan.holds(*ordinal));
        Self { wanted, condemned }
    }

    fn all(&self) -> impl Iterator<Item = &Pod> {
        self.wanted.values().chain(self.condemned.values())
    }
}

/// The number that the name of a pod of the set `set` ends with.
fn ordinal_of(set: &str, pod: &str) -> Option<u64> {
    pod.strip_prefix(set)?.strip_prefix('-')?.parse().ok()
}

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let plan = Plan::of(subject.object);
    let known = history::of_set(world, &subject.stored.uid);
    let mut collisions = json::count(subject.object, "/status/collisionCount");
    let Some(update) = latest_revision(world, subject, &known, &mut collisions) else {
        return;
    };
    let current = json::text(subject.object, "/status/currentRevision");
    let current = known
        .iter()
        .find(|revision| revision.name() == current)
        .unwrap_or(&update);
    if !subject.stored.is_ending {
        let versions = Versions::of(subject.object, &plan, current, &update);
        step(world, subject, &plan, &versions);
    }
    let pods = Pods::of(world, subject, &plan);
    look_again(world, subject, &plan, &pods);
    status::write(world, subject, &plan, &pods, [current, &update], collisions);
    let mut live: BTreeSet<String> = [current, &update]
        .map(|revision| revision.name().to_owned())
        .into();
    live.extend(
        pods.all()
            .filter_map(|pod| pod.stored.label(REVISION))
            .map(str::to_owned),
    );
    history::truncate(world, subject.object, &known, &live);
}

/// The revision of the set's template as it is now: the one that is there, one that comes back
/// under the next number, or a new one.
fn latest_revision(
    world: &mut World,
    subject: &Subject<'_>,
    known: &[Revision],
    collisions: &mut u64,
) -> Option<Revision> {
    let patch = history::patch_of(subject.object);
    let next = known.last().map_or(1, |revision| revision.number + 1);
    if let Some(latest) = known.last().filter(|revision| revision.is_of(&patch)) {
        return Some(latest.clone());
    }
    if let Some(equal) = known.iter().rfind(|revision| revision.is_of(&patch)) {
        return Some(history::renumber(world, equal.clone(), next));
    }
    let key = &subject.stored.key;
    let mut hash = history::hash(&patch, *collisions);
    while history::is_taken(world, &key.namespace, &format!("{}-{hash}", key.name)) {
        *collisions += 1;
        hash = history::hash(&patch, *collisions);
    }
    let new = NewRevision {
        name: format!("{}-{hash}", key.name),
        number: next,
        patch,
        label: ("controller.kubernetes.io/hash", hash),
    };
    history::make(world, subject, new)
}

/// Moves the set a step.
fn step(world: &mut World, subject: &Subject<'_>, plan: &Plan, versions: &Versions<'_>) {
    let pods = Pods::of(world, subject, plan);
    for ordinal in plan.first..plan.first + plan.replicas {
        let pod = pods.wanted.get(&ordinal);
        let is_held = keep(world, subject, plan, versions, ordinal, pod);
        if is_held && !plan.is_parallel {
            return;
        }
    }
    for (ordinal, pod) in &pods.condemned {
        claims::own(world, subject, plan, *ordinal, &pod.stored);
    }
    if condemn(world, subject, plan, &pods) && !plan.is_parallel {
        return;
    }
    if plan.is_rolling {
        roll(world, subject, plan, versions, &pods);
    }
}

/// Sees to it that the pod `ordinal` is there; whether those after it have to wait.
fn keep(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    versions: &Versions<'_>,
    ordinal: u64,
    pod: Option<&Pod>,
) -> bool {
    let Some(pod) = pod else {
        replicas::create(world, subject, plan, versions, ordinal);
        return true;
    };
    if matches!(pod.phase, Phase::Failed | Phase::Succeeded) {
        // One that ended is made anew under its own name.
        if !pod.is_stopping {
            delete(world, subject, pod);
        }
        return true;
    }
    if pod.phase == Phase::Pending && claims::make(world, subject, ordinal).is_ok() {
        claims::own(world, subject, plan, ordinal, &pod.stored);
    }
    let is_held = pod.is_stopping || !pod.is_available(plan.min_ready_seconds, world.now());
    if !is_held || plan.is_parallel {
        replicas::identify(world, subject, ordinal, pod);
        claims::own(world, subject, plan, ordinal, &pod.stored);
    }
    is_held
}

/// Deletes the pods that are too many, from the last; whether any still is.
fn condemn(world: &mut World, subject: &Subject<'_>, plan: &Plan, pods: &Pods) -> bool {
    let now = world.now();
    let is_well = |pod: &Pod| !pod.is_stopping && pod.is_available(plan.min_ready_seconds, now);
    let first_unwell = pods.all().find(|pod| !is_well(pod)).map(|pod| &pod.key);
    for pod in pods.condemned.values().rev() {
        if !plan.is_parallel {
            let is_next =
                pod.is_available(plan.min_ready_seconds, now) || first_unwell == Some(&pod.key);
            if !pod.is_stopping && is_next {
                delete(world, subject, pod);
            }
            return true;
        }
        if !pod.is_stopping {
            delete(world, subject, pod);
        }
    }
    false
}

/// Deletes the last pod that is not of the latest revision, once those after it are well.
fn roll(
    world: &mut World,
    subject: &Subject<'_>,
    plan: &Plan,
    versions: &Versions<'_>,
    pods: &Pods,
) {
    let lowest = plan.first + plan.partition;
    for ordinal in (lowest..plan.first + plan.replicas).rev() {
        let Some(pod) = pods.wanted.get(&ordinal) else {
            return;
        };
        let is_latest = pod.stored.label(REVISION) == Some(versions.update.name());
        if !is_latest && !pod.is_stopping {
            return delete(world, subject, pod);
        }
        if pod.is_stopping || !pod.is_available(plan.min_ready_seconds, world.now()) {
            return;
        }
    }
}

/// Looks again when the next pod has been ready for long enough.
fn look_again(world: &mut World, subject: &Subject<'_>, plan: &Plan, pods: &Pods) {
    let now = world.now();
    let next = pods
        .all()
        .filter_map(|pod| pod.available_at(plan.min_ready_seconds))
        .filter(|at| *at > now)
        .min();
    if let Some(at) = next {
        let deed = Deed::look(subject.kind, &subject.stored.key);
        world.agenda.plan(at, deed);
    }
}

fn delete(world: &mut World, subject: &Subject<'_>, pod: &Pod) {
    world.delete_pod(&pod.key);
    let (pod, set) = (&pod.key.name, &subject.stored.key.name);
    let message = format!("Delete Pod {pod} in StatefulSet {set} successful");
    say(world, subject, Event::normal("SuccessfulDelete", message));
}

fn say(world: &mut World, subject: &Subject<'_>, event: Event<'_>) {
    event
        .by("statefulset-controller")
        .record(world, subject.kind, subject.stored);
}
