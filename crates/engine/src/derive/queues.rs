//! What waits in queues, in which, since when, and what the queue says about it.
//!
//! An admission object (Kueue's `Workload`, a `PodGroup`) waits on behalf of its owner. Kueue names
//! the cluster's queue on it only once quota is reserved; until then the way leads through the
//! namespace's queue.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jiff::Timestamp;
use strata_catalog::{AdmissionRule, Catalog, KindRule, Phase, Role};
use strata_domain::{
    condition::{Condition, Status, find},
    custom::Custom,
    ids::{GroupKind, ObjectKey},
    metadata::Labels,
    severity::Severity,
    text::Text,
};

use super::owners::{Owners, RootId};
use crate::fleet::cluster::{Cluster, Watch};

/// The labels that admitted pods carry, or that name a pod's queue to its scheduler.
const QUEUE_LABELS: [&str; 4] = [
    "kueue.x-k8s.io/cluster-queue-name",
    "kai.scheduler/queue",
    "volcano.sh/queue-name",
    "runai/queue",
];

/// Conditions that say why something waits, the plainest first, and the status in which they do.
const WHY_WAITING: [(&str, Status); 6] = [
    ("QuotaReserved", Status::False),
    ("Unschedulable", Status::True),
    ("UnschedulableOnNodePool", Status::True),
    ("PodGroupInitiallyScheduled", Status::False),
    ("Evicted", Status::True),
    ("Admitted", Status::False),
];

/// How far a thing came in its queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Admission {
    /// The cluster's queue; empty where it cannot be told.
    pub queue: Text,
    /// The kind of that queue.
    pub queue_kind: Text,
    /// Whether it waits.
    pub is_waiting: bool,
    /// The admission object.
    pub object: (GroupKind, ObjectKey),
    /// When it began to wait, or was let in.
    pub since: Option<Timestamp>,
    /// What the queue says; may be empty.
    pub message: Text,
    /// What it is short of, where the message tells.
    pub shortage: Option<Shortage>,
}

/// By how much something is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// How much more is needed, as the queue writes it (`3`, `2Gi`).
    pub amount: String,
    /// Of which resource.
    pub resource: String,
    /// Of which flavor.
    pub flavor: String,
}

/// A queue of the whole cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// Its kind, such as `ClusterQueue`.
    pub kind: GroupKind,
    /// The component that defines the kind.
    pub component: Text,
    /// How many wait in it, where that is told.
    pub pending: Option<u64>,
    /// How it does by its own words.
    pub severity: Severity,
}

/// Every queue, and what is in it.
#[derive(Clone, Debug, Default)]
pub struct Queues {
    /// By name. Queues of two kinds may share one; the first in the catalogue's order is kept.
    pub queues: BTreeMap<Text, Queue>,
    /// What is known of the things in them, by topmost owner.
    admissions: HashMap<RootId, Admission>,
    /// How many admission objects wait; absent where no such kind is followed.
    pub waiting: Option<u32>,
    /// When the one that has waited longest began.
    pub oldest: Option<Timestamp>,
}

impl Queues {
    /// Reads every queue of `cluster`.
    pub fn read(cluster: &Cluster, catalog: &Catalog, owners: &Owners) -> Self {
        let mut read = Self::default();
        for rule in catalog.watch_kinds() {
            match &rule.role {
                Role::Queue(queue) => {
                    let state = |custom: &Custom| Queue {
                        kind: rule.kind.clone(),
                        component: rule.component.clone(),
                        pending: queue.pending.as_ref().and_then(|path| custom.count(path)),
                        severity: rule
                            .health_of(custom)
                            .map(|said| said.verdict)
                            .unwrap_or_default(),
                    };
                    for custom in cluster.custom(&rule.kind) {
                        let name = custom.metadata.key.name.clone();
                        read.queues.entry(name).or_insert_with(|| state(custom));
                    }
                }
                Role::Admission(admission) => {
                    read.read_admissions(cluster, catalog, owners, rule, admission);
                }
                _ => {}
            }
        }
        read
    }

    /// How far the thing `root` came in its queue, if it is in one.
    pub fn admission(&self, root: RootId) -> Option<&Admission> {
        self.admissions.get(&root)
    }

    /// The queue that the labels of a pod name.
    pub fn of_labels(&self, labels: &Labels) -> Option<&Text> {
        let named = QUEUE_LABELS.iter().find_map(|key| labels.get(key))?;
        self.queues.get_key_value(named).map(|(name, _)| name)
    }

    /// The queue behind the namespace's queue that the labels of an object name.
    pub fn of_local(
        &self,
        cluster: &Cluster,
        catalog: &Catalog,
        namespace: &str,
        labels: &Labels,
    ) -> Option<Text> {
        let local = labels.get("kueue.x-k8s.io/queue-name")?;
        cluster_queue(cluster, catalog, "kueue", namespace, local)
    }

    fn read_admissions(
        &mut self,
        cluster: &Cluster,
        catalog: &Catalog,
        owners: &Owners,
        rule: &KindRule,
        admission: &AdmissionRule,
    ) {
        if cluster.watch(&rule.kind).is_some_and(Watch::is_read) {
            self.waiting.get_or_insert(0);
        }
        for custom in cluster.custom(&rule.kind) {
            let Some(state) = read_one(cluster, catalog, rule, admission, custom) else {
                continue;
            };
            if state.is_waiting {
                *self.waiting.get_or_insert(0) += 1;
                self.oldest = match (self.oldest, state.since) {
                    (Some(known), Some(since)) => Some(known.min(since)),
                    (known, since) => known.or(since),
                };
            }
            let Some(root) = owners.of_object(&custom.metadata.uid) else {
                continue;
            };
            // Of several, one that waits says more than one that was let in; then the oldest.
            let rank = |known: &Admission| (!known.is_waiting, known.since, known.object.1.clone());
            match self.admissions.get(&root) {
                Some(known) if rank(known) <= rank(&state) => {}
                _ => {
                    self.admissions.insert(root, state);
                }
            }
        }
    }
}

fn read_one(
    cluster: &Cluster,
    catalog: &Catalog,
    rule: &KindRule,
    admission: &AdmissionRule,
    custom: &Custom,
) -> Option<Admission> {
    let reading = admission.phase_of(custom);
    let has_quota = find(&custom.conditions, "QuotaReserved").map(|found| found.status);
    let is_waiting = match reading.verdict {
        Phase::Queued => true,
        // Put out and waiting again.
        Phase::Stopping => has_quota.is_some_and(|status| status != Status::True),
        Phase::Succeeded | Phase::Failed | Phase::Suspended => return None,
        _ => false,
    };
    let namespace = &custom.metadata.key.namespace;
    let (queue, local_only) = match custom
        .field(&admission.queue)
        .filter(|name| !name.is_empty())
    {
        Some(queue) => (Some(Text::from(queue)), false),
        None => (None, true),
    };
    let queue = queue.or_else(|| {
        let local = custom
            .field(admission.local_queue.as_ref()?)
            .filter(|_| local_only)?;
        cluster_queue(cluster, catalog, &rule.component, namespace, local)
    });
    let why = WHY_WAITING.iter().find_map(|(kind, status)| {
        find(&custom.conditions, kind).filter(|found| found.status == *status)
    });
    let let_in = find(&custom.conditions, "Admitted").filter(|found| found.status == Status::True);
    let since = |condition: Option<&Condition>| condition.and_then(|found| found.since);
    let message = why
        .filter(|_| is_waiting)
        .map(|found| found.message.clone())
        .unwrap_or_default();
    Some(Admission {
        queue: queue.unwrap_or_default(),
        queue_kind: queue_kind(catalog, &rule.component),
        is_waiting,
        object: (custom.kind.clone(), custom.metadata.key.clone()),
        since: if is_waiting {
            // Put out later than it came: the wait began with that.
            since(why).max(custom.metadata.created)
        } else {
            since(let_in)
        },
        shortage: shortage(&message),
        message,
    })
}

/// The kind of the cluster's queues of `component`.
fn queue_kind(catalog: &Catalog, component: &str) -> Text {
    catalog
        .component(component)
        .and_then(|component| {
            component
                .kinds
                .iter()
                .find(|rule| matches!(rule.role, Role::Queue(_)))
        })
        .map(|rule| rule.kind.kind.clone())
        .unwrap_or_default()
}

/// The cluster's queue behind the queue `local` of `namespace`.
fn cluster_queue(
    cluster: &Cluster,
    catalog: &Catalog,
    component: &str,
    namespace: &str,
    local: &str,
) -> Option<Text> {
    catalog
        .component(component)?
        .kinds
        .iter()
        .find_map(|rule| match &rule.role {
            Role::LocalQueue { queue } => cluster
                .custom_named(&rule.kind, namespace, local)?
                .field(queue)
                .map(Text::from),
            _ => None,
        })
}

/// Reads Kueue's sentence `insufficient unused quota for RESOURCE in flavor FLAVOR, AMOUNT more
/// needed` (kubernetes-sigs/kueue, `pkg/scheduler/flavorassigner`). An accelerator is told before
/// CPU and memory, which are rarely what is scarce.
fn shortage(message: &str) -> Option<Shortage> {
    let all = message
        .split("insufficient unused quota for ")
        .skip(1)
        .filter_map(|rest| {
            let (resource, rest) = rest.split_once(" in flavor ")?;
            let (flavor, rest) = rest.split_once(", ")?;
            let (amount, _) = rest.split_once(" more needed")?;
            Some(Shortage {
                amount: amount.to_owned(),
                resource: resource.to_owned(),
                flavor: flavor.to_owned(),
            })
        });
    all.min_by_key(|shortage| !shortage.resource.contains('/'))
}

#[cfg(test)]
mod tests;
