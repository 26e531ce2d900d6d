//! What was judged of every pod, and how many fare how in each namespace.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use strata_domain::{severity::Severity, text::Text};

use crate::{
    derive::pods::judge,
    fleet::{cluster::Cluster, table::Slot},
    fold::{Changed, Dirty},
};

/// The severity of every pod.
#[derive(Debug, Default)]
pub struct PodHealths {
    by_slot: Vec<Option<Judged>>,
    tallies: Vec<Tally>,
    namespaces: HashMap<Text, u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Judged {
    severity: Severity,
    /// Which of the tallies counts it.
    tally: u32,
}

#[derive(Clone, Debug, Default)]
struct Tally {
    by_severity: BTreeMap<Severity, u32>,
}

impl PodHealths {
    /// How bad the pod in `slot` was when it was judged last.
    pub fn of(&self, slot: Slot) -> Severity {
        let judged = self.by_slot.get(slot.position()).copied().flatten();
        judged.map_or(Severity::Unknown, |judged| judged.severity)
    }

    /// The worst severity of the pods in `namespace`; well if there are none.
    pub fn worst_in(&self, namespace: &str) -> Severity {
        let tally = self
            .namespaces
            .get(namespace)
            .and_then(|at| self.tallies.get(*at as usize));
        tally
            .and_then(|tally| tally.by_severity.last_key_value())
            .map_or(Severity::Ok, |(severity, _)| *severity)
    }

    /// Judges what `dirty` concerns. Returns the pods that are new, changed or gone, or that fare
    /// otherwise than before because their node does.
    pub(super) fn note(
        &mut self,
        dirty: &Dirty,
        cluster: &Cluster,
        now: Timestamp,
    ) -> Changed<Slot> {
        let Changed::Some(slots) = &dirty.pods.slots else {
            *self = Self::default();
            self.note_time(cluster, now);
            return Changed::All;
        };
        for slot in slots {
            self.judge(*slot, cluster, now);
        }
        let mut changed = slots.clone();
        match &dirty.nodes {
            Changed::Some(nodes) => {
                for node in nodes {
                    for slot in cluster.pod_table().slots_on_node(node) {
                        if self.judge(slot, cluster, now) {
                            changed.insert(slot);
                        }
                    }
                }
            }
            Changed::All => {
                if let Changed::Some(others) = self.note_time(cluster, now) {
                    changed.extend(others);
                }
            }
        }
        Changed::Some(changed)
    }

    /// Judges every pod. Returns those that fare otherwise than before.
    pub(super) fn note_time(&mut self, cluster: &Cluster, now: Timestamp) -> Changed<Slot> {
        let slots = cluster.pod_table().slots().map(|(slot, _)| slot);
        Changed::Some(
            slots
                .filter(|slot| self.judge(*slot, cluster, now))
                .collect(),
        )
    }

    /// Judges the pod in `slot`, or forgets it if it is gone. Returns whether it fares otherwise
    /// than before.
    fn judge(&mut self, slot: Slot, cluster: &Cluster, now: Timestamp) -> bool {
        let judged = cluster.pod_table().at(slot).map(|pod| {
            let node = if pod.node.is_empty() {
                None
            } else {
                cluster.node(&pod.node)
            };
            let severity = judge(pod, node, now).severity;
            Judged {
                severity,
                tally: self.tally_of(&pod.metadata.key.namespace),
            }
        });
        if self.by_slot.len() <= slot.position() {
            self.by_slot.resize(slot.position() + 1, None);
        }
        let Some(place) = self.by_slot.get_mut(slot.position()) else {
            return false;
        };
        let before = std::mem::replace(place, judged);
        if before == judged {
            return false;
        }
        if let Some(before) = before {
            self.count(before, |count| count - 1);
        }
        if let Some(judged) = judged {
            self.count(judged, |count| count + 1);
        }
        true
    }

    fn tally_of(&mut self, namespace: &Text) -> u32 {
        if let Some(tally) = self.namespaces.get(namespace) {
            return *tally;
        }
        let tally = u32::try_from(self.tallies.len()).unwrap_or(u32::MAX);
        self.tallies.push(Tally::default());
        self.namespaces.insert(namespace.clone(), tally);
        tally
    }

    fn count(&mut self, judged: Judged, change: impl Fn(u32) -> u32) {
        let Some(tally) = self.tallies.get_mut(judged.tally as usize) else {
            return;
        };
        let count = tally.by_severity.entry(judged.severity).or_default();
        *count = change(*count);
        if *count == 0 {
            tally.by_severity.remove(&judged.severity);
        }
    }
}
