//! Daemon sets: a pod on every node that its template may run on.
//!
//! Source: `pkg/controller/daemon` of Kubernetes 1.36 (`daemon_controller.go`, `update.go`).

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use jiff::Timestamp;
use serde_json::{Value, json};
use strata_domain::{ids::GroupKind, text::Text};

use self::{nodes::Fit, rolling::Limits, status::write_status};
use super::history::{self, NewRevision, Revision};
use crate::{
    actors::{
        Subject,
        capacity::{NodeRoom, Taint},
        events::Event,
        pods::{self, NewPod, Phase, Pod},
    },
    clock, json,
    store::Stored,
    world::{World, agenda::Deed, owner_reference},
};

mod nodes;
mod rolling;
mod status;

const REVISION: &str = "controller-revision-hash";
const TEMPLATE_GENERATION: &str = "pod-template-generation";
/// A pod that failed is replaced at once, the next on its node after this, and twice that each time.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_mins(15);

/// When a pod of a set (its UID) was last replaced on a node, and how long the next waits.
pub(super) type Replaced = HashMap<(Text, Text), (Timestamp, Duration)>;

/// A daemon set, and what is there of it.
struct Daemons<'a> {
    subject: &'a Subject<'a>,
    /// The template with the tolerations that every daemon pod has.
    template: Value,
    hash: String,
    generation: String,
    min_ready_seconds: u64,
    limits: Limits,
    /// How each node suits it.
    fits: BTreeMap<Text, Fit>,
    /// Its pods by node, the oldest first.
    pods: BTreeMap<Text, Vec<Pod>>,
    now: Timestamp,
}

/// What is to be done.
#[derive(Default)]
struct Steps {
    /// Nodes that get a pod.
    create: Vec<Text>,
    delete: Vec<Pod>,
}

impl Daemons<'_> {
    /// Whether the pod is of the template as it is now.
    fn is_updated(&self, pod: &Pod) -> bool {
        pod.stored.label(REVISION) == Some(&self.hash)
            || pod.stored.label(TEMPLATE_GENERATION) == Some(&self.generation)
    }

    fn is_available(&self, pod: &Pod) -> bool {
        pod.is_available(self.min_ready_seconds, self.now)
    }
}

/// Looks at every daemon set again where a node is not as it was.
pub(super) fn observe(world: &mut World, kind: &GroupKind, stored: &Stored) {
    if !kind.group.is_empty() || kind.kind != "Node" {
        return;
    }
    let labels = stored.labels.iter();
    let is_same = world.capacity.room(&stored.key.name).is_some_and(|room| {
        let has = |(label, value): &(Text, Text)| {
            room.labels.get(&**label).map(String::as_str) == Some(value)
        };
        let taints = stored.value();
        let taints = json::items(&taints, "/spec/taints").iter().map(Taint::read);
        room.labels.len() == stored.labels.len()
            && labels.clone().all(has)
            && room.taints.iter().cloned().eq(taints)
    });
    if !is_same {
        look_at_all(world);
    }
}

/// Looks at every daemon set again where a node is gone.
pub(super) fn forget(world: &mut World, kind: &GroupKind) {
    if kind.group.is_empty() && kind.kind == "Node" {
        look_at_all(world);
    }
}

fn look_at_all(world: &mut World) {
    let kind = GroupKind::new("apps", "DaemonSet");
    for set in world.store.list(&kind, "") {
        world.enqueue(kind.clone(), set.key.clone());
    }
}

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    // What is there of a set that is being deleted cannot be told.
    if subject.stored.is_ending {
        return;
    }
    let revisions = history::of_set(world, &subject.stored.uid);
    let Some(current) = current_revision(world, subject, &revisions) else {
        return;
    };
    let daemons = gather(world, subject, &current);
    let steps = manage(world, &daemons);
    let steps = if steps.create.is_empty() && steps.delete.is_empty() && daemons.limits.is_rolling {
        rolling::roll(&daemons)
    } else {
        steps
    };
    for node in &steps.create {
        create(world, &daemons, node);
    }
    for pod in &steps.delete {
        world.delete_pod(&pod.key);
        let message = format!("Deleted pod: {}", pod.key.name);
        say(world, subject, Event::normal("SuccessfulDelete", message));
    }
    let daemons = gather(world, subject, &current);
    write_status(world, &daemons);
    let hashes = daemons.pods.values().flatten();
    let mut live: std::collections::BTreeSet<String> = hashes
        .filter_map(|pod| pod.stored.label(REVISION))
        .map(|hash| format!("{}-{hash}", subject.stored.key.name))
        .collect();
    live.insert(current.name().to_owned());
    history::truncate(world, subject.object, &revisions, &live);
}

/// The revision of the template as it is now, which is the latest.
fn current_revision(
    world: &mut World,
    subject: &Subject<'_>,
    revisions: &[Revision],
) -> Option<Revision> {
    let patch = history::patch_of(subject.object);
    let (same, others): (Vec<&Revision>, Vec<&Revision>) = revisions
        .iter()
        .partition(|revision| revision.is_of(&patch));
    let next = others.last().map_or(1, |revision| revision.number + 1);
    if let Some(same) = same.last() {
        let number = same.number.max(next);
        return Some(history::renumber(world, (*same).clone(), number));
    }
    let template = subject.object.pointer("/spec/template");
    let hash = pods::template_hash(template.unwrap_or(&Value::Null));
    let new = NewRevision {
        name: format!("{}-{hash}", subject.stored.key.name),
        number: next,
        patch,
        label: (REVISION, hash),
    };
    history::make(world, subject, new)
}

fn gather<'a>(world: &World, subject: &'a Subject<'a>, current: &Revision) -> Daemons<'a> {
    let template = nodes::daemon_template(subject.object);
    let fits: BTreeMap<Text, Fit> = world
        .capacity
        .nodes()
        .map(|(name, room): (&Text, &NodeRoom)| (name.clone(), Fit::of(&template, name, room)))
        .collect();
    let desired = fits.values().filter(|fit| fit.should_run).count();
    let mut pods: BTreeMap<Text, Vec<Pod>> = BTreeMap::new();
    for pod in pods::owned_by(world, &subject.stored.uid) {
        let has_ended = matches!(pod.phase, Phase::Succeeded | Phase::Failed);
        if !(pod.is_stopping && has_ended)
            && let Some(node) = nodes::node_of(&pod)
        {
            pods.entry(node).or_default().push(pod);
        }
    }
    for pods in pods.values_mut().filter(|pods| pods.len() > 1) {
        pods.sort_by_cached_key(|pod| {
            let object = pod.stored.value();
            let created = json::text(&object, "/metadata/creationTimestamp").to_owned();
            (pod.node.is_empty(), created, pod.key.name.clone())
        });
    }
    let annotations = subject.object.pointer("/metadata/annotations");
    let generation = annotations
        .and_then(|all| {
            all.get("deprecated.daemonset.template.generation")?
                .as_str()
        })
        .unwrap_or_default();
    Daemons {
        template,
        hash: current
            .stored
            .label(REVISION)
            .unwrap_or_default()
            .to_owned(),
        generation: generation.to_owned(),
        min_ready_seconds: json::count(subject.object, "/spec/minReadySeconds"),
        limits: Limits::of(subject.object, desired),
        fits,
        pods,
        now: world.now(),
        subject,
    }
}

/// Which nodes lack a pod, and which pods nobody wants.
fn manage(world: &mut World, daemons: &Daemons<'_>) -> Steps {
    let mut steps = Steps::default();
    for (node, fit) in &daemons.fits {
        let pods = daemons.pods.get(node).map_or(&[][..], Vec::as_slice);
        if pods.is_empty() {
            if fit.should_run {
                steps.create.push(node.clone());
            }
        } else if fit.should_stay {
            keep_one(world, daemons, node, *fit, pods, &mut steps);
        } else {
            let active = pods.iter().filter(|pod| !pod.is_stopping);
            steps.delete.extend(active.cloned());
        }
    }
    // A pod that waits for a node that is gone waits for ever.
    for (node, pods) in &daemons.pods {
        if !daemons.fits.contains_key(node) {
            let waiting = pods
                .iter()
                .filter(|pod| pod.node.is_empty() && !pod.is_stopping);
            steps.delete.extend(waiting.cloned());
        }
    }
    steps
}

/// Replaces what ended on a node, and removes what is more than one pod; while the set surges, one
/// of either template.
fn keep_one(
    world: &mut World,
    daemons: &Daemons<'_>,
    node: &Text,
    fit: Fit,
    pods: &[Pod],
    steps: &mut Steps,
) {
    let mut running = Vec::new();
    for pod in pods.iter().filter(|pod| !pod.is_stopping) {
        match pod.phase {
            Phase::Failed if is_backing_off(world, daemons, node) => {}
            Phase::Failed => {
                let message = format!(
                    "Found failed daemon pod {} on node {node}, will try to kill it",
                    pod.key
                );
                let event = Event::warning("FailedDaemonPod", message);
                say(world, daemons.subject, event);
                steps.delete.push(pod.clone());
            }
            Phase::Succeeded => {
                let message = format!(
                    "Found succeeded daemon pod {} on node {node}, will try to delete it",
                    pod.key
                );
                let event = Event::normal("SucceededDaemonPod", message);
                say(world, daemons.subject, event);
                steps.delete.push(pod.clone());
            }
            Phase::Pending | Phase::Running => running.push(pod),
        }
    }
    if daemons.limits.surge == 0 {
        let excess = running.into_iter().skip(1);
        return steps.delete.extend(excess.cloned());
    }
    if running.is_empty() && fit.should_run {
        steps.create.push(node.clone());
    }
    if running.len() < 2 {
        return;
    }
    let is_latest = |pod: &&&Pod| pod.stored.label(REVISION) == Some(&daemons.hash);
    let latest = running.iter().find(is_latest).copied();
    let old = running.iter().find(|pod| !is_latest(pod)).copied();
    let kept = [latest, old].map(|pod| pod.map(|pod| &pod.key));
    let excess = running.iter().filter(|pod| !kept.contains(&Some(&pod.key)));
    steps.delete.extend(excess.map(|pod| (*pod).clone()));
    if let (Some(latest), Some(old)) = (latest, old)
        && (!old.is_ready || daemons.is_available(latest))
    {
        steps.delete.push(old.clone());
    }
}

/// Whether what failed on a node waits; if it does not, the next there does.
fn is_backing_off(world: &mut World, daemons: &Daemons<'_>, node: &Text) -> bool {
    let now = daemons.now;
    let key = (daemons.subject.stored.uid.clone(), node.clone());
    let known = world.controllers.replaced.get(&key).copied();
    if let Some((last, wait)) = known
        && clock::later(last, wait) > now
    {
        let deed = Deed::look(daemons.subject.kind, &daemons.subject.stored.key);
        world.agenda.plan(clock::later(last, wait), deed);
        return true;
    }
    let wait = match known {
        Some((last, wait)) if clock::later(last, 2 * LONGEST_BACKOFF) > now => {
            (2 * wait).min(LONGEST_BACKOFF)
        }
        _ => FIRST_BACKOFF,
    };
    world.controllers.replaced.insert(key, (now, wait));
    false
}

/// Makes a pod for `node`; the scheduler binds it there.
fn create(world: &mut World, daemons: &Daemons<'_>, node: &str) {
    let mut template = daemons.template.clone();
    let spec = json::object_at(&mut template, "spec");
    let affinity = json::as_object(spec.entry("affinity").or_insert(Value::Null));
    let affinity = json::as_object(affinity.entry("nodeAffinity").or_insert(Value::Null));
    let terms = json!([{ "matchFields": [{ "key": "metadata.name", "operator": "In",
        "values": [node] }] }]);
    affinity.insert(
        "requiredDuringSchedulingIgnoredDuringExecution".to_owned(),
        json!({ "nodeSelectorTerms": terms }),
    );
    let subject = daemons.subject;
    let new = NewPod {
        name: format!("{}-", subject.stored.key.name),
        namespace: &subject.stored.key.namespace,
        template: &template,
        labels: vec![
            (REVISION, daemons.hash.clone()),
            (TEMPLATE_GENERATION, daemons.generation.clone()),
        ],
        annotations: Vec::new(),
        owner: owner_reference("apps/v1", "DaemonSet", subject.stored),
    };
    if let Some(pod) = pods::make(world, new) {
        let message = format!("Created pod: {}", pod.key.name);
        say(world, subject, Event::normal("SuccessfulCreate", message));
    }
}

fn say(world: &mut World, subject: &Subject<'_>, event: Event<'_>) {
    event
        .by("daemonset-controller")
        .record(world, subject.kind, subject.stored);
}
