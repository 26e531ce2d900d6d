//! Kueue: jobs wait for quota, in order, are told why, and make room for what matters more.
//!
//! Source of conditions, reasons and messages: kubernetes-sigs/kueue 0.19, `apis/kueue/v1beta2` and
//! `pkg/scheduler`. Read in this order: what a job asks for ([`pod_sets`]), what queues have and may
//! take of each other ([`tree`], [`queue`]), what a workload gets of it ([`flavors`], [`quota`], [`admitted`]),
//! has to pass before it starts ([`checks`]) or drives others out of ([`preemption`], [`eviction`]);
//! then what is done with jobs ([`jobs`]) and single pods ([`pods`]).

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use self::quota::{Assignment, Ledger, Verdict};
pub(super) use self::{
    flavors::quantity,
    jobs::{injected, manage},
    pods::reconcile as reconcile_pod,
};
use super::{Subject, events::Event, kubelet::set_condition};
use crate::{json, store::Stored, world::World};

mod admitted;
mod checks;
mod counting;
mod eviction;
mod flavors;
mod jobs;
mod pod_sets;
mod pods;
mod preemption;
mod queue;
mod quota;
mod tree;

const COMPONENT: &str = "kueue-admission";

fn kind(name: &str) -> GroupKind {
    GroupKind::new("kueue.x-k8s.io", name)
}

/// Kueue's own objects changed: what waits is looked at, and queues count anew.
pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let is_waited_for = [
        "Workload",
        "ClusterQueue",
        "LocalQueue",
        "Cohort",
        "ResourceFlavor",
        "AdmissionCheck",
    ];
    if is_waited_for.contains(&subject.kind.kind.as_str()) {
        world.queues_changed = true;
    }
    // A workload whose job has gone gives its quota back.
    if subject.kind.kind == "Workload" && subject.stored.is_ending {
        world
            .store
            .update(subject.kind, &subject.stored.key, |workload| {
                json::object_at(workload, "metadata").remove("finalizers");
            });
    }
}

/// Looks at everything that waits for quota. Each queue has its order: what matters most, then the
/// oldest. Of those at the heads, one that its queue has room for of its own goes before one that
/// has to borrow. So nobody is let in whom the next one would drive out.
pub(crate) fn settle(world: &mut World) {
    let mut ledger = Ledger::read(world);
    let mut lines: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
    for stored in world.store.list(&kind("Workload"), "") {
        let workload = stored.value();
        if holds(&workload, "Finished") {
            continue;
        }
        if holds(&workload, "QuotaReserved") {
            let is_held = !holds(&workload, "Admitted") && !holds(&workload, "Evicted");
            if is_held && checks::are_passed(&workload) {
                let_go(world, &stored);
            }
            continue;
        }
        let queue = cluster_queue_of(world, &workload);
        let waiting = Waiting {
            borrows: ledger.would_borrow(&queue, &workload),
            priority: admitted::priority(&workload),
            created: json::text(&workload, "/metadata/creationTimestamp").to_owned(),
            stored,
        };
        lines.entry(queue).or_default().push(waiting);
    }
    for line in lines.values_mut() {
        line.sort_by_cached_key(|waiting| Reverse(waiting.rank()));
    }
    let mut held: Vec<String> = Vec::new();
    while let Some(line) = lines
        .values_mut()
        .filter(|line| !line.is_empty())
        .min_by(|a, b| {
            let key = |line: &[Waiting]| line.last().map(|head| (head.borrows, head.rank()));
            key(a).cmp(&key(b))
        })
    {
        if let Some(next) = line.pop() {
            consider(world, &mut ledger, &mut held, &next.stored);
        }
    }
    eviction::of_stopped(world, &ledger);
    counting::count(world, &ledger);
}

/// A workload that waits for quota.
struct Waiting {
    /// Whether it needs more than its queue has of its own.
    borrows: bool,
    priority: i64,
    created: String,
    stored: Arc<Stored>,
}

impl Waiting {
    /// Its place in line: what matters most, then the oldest.
    fn rank(&self) -> (Reverse<i64>, String, ObjectKey) {
        let key = self.stored.key.clone();
        (Reverse(self.priority), self.created.clone(), key)
    }
}

/// Admits a workload, or says what it waits for. The queues `held` let nobody pass whom they hold.
fn consider(world: &mut World, ledger: &mut Ledger, held: &mut Vec<String>, stored: &Stored) {
    let workload = stored.value();
    if workload.pointer("/spec/active") == Some(&Value::Bool(false)) {
        return;
    }
    let name = json::text(&workload, "/spec/queueName");
    let key = ObjectKey::new(stored.key.namespace.clone(), name);
    let queue = world.store.get(&kind("LocalQueue"), &key);
    let queue = queue.map(|queue| queue.value());
    let cluster_queue = match &queue {
        None => {
            let why = format!("LocalQueue {name} doesn't exist");
            return wait(world, stored, ("Inadmissible", &why));
        }
        Some(queue) if is_stopped(queue) => {
            let why = format!("LocalQueue {name} is inactive");
            return wait(world, stored, ("Inadmissible", &why));
        }
        Some(queue) => json::text(queue, "/spec/clusterQueue"),
    };
    if held.iter().any(|known| known == cluster_queue) {
        return;
    }
    match ledger.judge(world, cluster_queue, &workload) {
        Verdict::Admitted(assignment) => {
            let checks = ledger.checks(cluster_queue).to_vec();
            if let Some(stored) = reserve(world, stored, &workload, &assignment, &checks) {
                ledger.take_in(&stored);
            }
            return;
        }
        Verdict::Waits(reason, why) => wait(world, stored, (reason, &why)),
        Verdict::Preempts(why, targets) => {
            wait(world, stored, ("Pending", &why));
            for target in targets {
                eviction::preempt(world, ledger, stored, cluster_queue, &target);
            }
        }
    }
    if ledger.is_strict(cluster_queue) {
        held.push(cluster_queue.to_owned());
    }
}

/// The cluster queue that a workload waits in; empty where its local queue is not there.
fn cluster_queue_of(world: &World, workload: &Value) -> String {
    let key = ObjectKey::new(
        json::text(workload, "/metadata/namespace"),
        json::text(workload, "/spec/queueName"),
    );
    let queue = world.store.get(&kind("LocalQueue"), &key);
    queue.map_or_else(String::new, |queue| {
        json::text(&queue.value(), "/spec/clusterQueue").to_owned()
    })
}

/// Whether a queue is stopped by its administrator.
fn is_stopped(queue: &Value) -> bool {
    !["", "None"].contains(&json::text(queue, "/spec/stopPolicy"))
}

/// Says what a workload waits for.
fn wait(world: &mut World, stored: &Stored, (reason, message): (&str, &str)) {
    let stamp = world.stamp();
    let before = stored.value();
    let is_news = !json::items(&before, "/status/conditions")
        .iter()
        .any(|known| {
            json::text(known, "/type") == "QuotaReserved"
                && json::text(known, "/message") == message
        });
    world
        .store
        .update(&kind("Workload"), &stored.key, |workload| {
            set_condition(
                workload,
                "QuotaReserved",
                "False",
                Some((reason, message)),
                &stamp,
            );
            // Whom the queue has looked at says what it would take.
            if reason == "Pending" {
                let asked = pod_sets::asked(workload);
                json::object_at(workload, "status").insert("resourceRequests".to_owned(), asked);
            }
        });
    // What is wrong with a queue is told by the queue.
    if is_news && reason == "Pending" {
        Event::warning(reason, message)
            .by(COMPONENT)
            .doing(reason)
            .record(world, &kind("Workload"), stored);
    }
}

/// Gives a workload its quota, and lets it start unless it has to pass checks before.
fn reserve(
    world: &mut World,
    stored: &Stored,
    workload: &Value,
    assignment: &Assignment,
    checks: &[String],
) -> Option<Arc<Stored>> {
    let stamp = world.stamp();
    let queue = &assignment.cluster_queue;
    let admission = json!({ "clusterQueue": queue, "podSetAssignments": assignment.pod_sets });
    let reserved = format!("Quota reserved in ClusterQueue {queue}");
    let states = checks::states(workload, checks, &stamp);
    let after = world
        .store
        .update(&kind("Workload"), &stored.key, |workload| {
            let status = json::object_at(workload, "status");
            status.insert("admission".to_owned(), admission);
            status.remove("resourceRequests");
            if !states.is_empty() {
                status.insert("admissionChecks".to_owned(), states.into());
            }
            let why = Some(("QuotaReserved", reserved.as_str()));
            set_condition(workload, "QuotaReserved", "True", why, &stamp);
            eviction::forget(workload, &stamp);
        });
    let waited = seconds_queued(world, workload);
    let message = format!("{reserved}, wait time since queued was {waited}s");
    Event::normal("QuotaReserved", message)
        .by(COMPONENT)
        .doing("QuotaReserved")
        .record(world, &kind("Workload"), stored);
    let is_free = after
        .as_ref()
        .is_some_and(|after| checks::are_passed(&after.value()));
    if is_free {
        let_go(world, stored)
    } else {
        after
    }
}

/// Lets a workload that has its quota start.
fn let_go(world: &mut World, stored: &Stored) -> Option<Arc<Stored>> {
    let stamp = world.stamp();
    let after = world
        .store
        .update(&kind("Workload"), &stored.key, |workload| {
            let why = Some(("Admitted", "The workload is admitted"));
            set_condition(workload, "Admitted", "True", why, &stamp);
            set_condition(workload, "PodsReady", "False", jobs::NOT_READY, &stamp);
        });
    let workload = after.as_ref()?.value();
    let queue = json::text(&workload, "/status/admission/clusterQueue");
    let waited = seconds_since(world, &workload, "QuotaReserved");
    let waited = waited.unwrap_or(0);
    let message =
        format!("Admitted by ClusterQueue {queue}, wait time since reservation was {waited}s");
    Event::normal("Admitted", message)
        .by(COMPONENT)
        .doing("Admitted")
        .record(world, &kind("Workload"), stored);
    after
}

/// For how many seconds a workload has waited, since it was made or came back.
fn seconds_queued(world: &World, workload: &Value) -> u64 {
    seconds_since(world, workload, "Requeued").unwrap_or_else(|| {
        seconds_after(world, json::text(workload, "/metadata/creationTimestamp")).unwrap_or(0)
    })
}

/// For how many seconds a condition of a workload has stood as it does.
fn seconds_since(world: &World, workload: &Value, condition: &str) -> Option<u64> {
    let known = json::items(workload, "/status/conditions")
        .iter()
        .find(|known| json::text(known, "/type") == condition)?;
    seconds_after(world, json::text(known, "/lastTransitionTime"))
}

fn seconds_after(world: &World, moment: &str) -> Option<u64> {
    let moment: jiff::Timestamp = moment.parse().ok()?;
    Some(world.now().duration_since(moment).unsigned_abs().as_secs())
}

fn holds(object: &Value, condition: &str) -> bool {
    json::items(object, "/status/conditions")
        .iter()
        .any(|known| {
            json::text(known, "/type") == condition && json::text(known, "/status") == "True"
        })
}
