//! What is to be done, and when.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use crate::actors::kubelet::{End, ProbeKind};

/// Something to do at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A kubelet takes the next step with a pod.
    Pod {
        key: ObjectKey,
        uid: Text,
        step: PodStep,
    },
    /// Kubelets renew their leases.
    Heartbeat,
    /// A kubelet that was away posts its status again.
    NodeBack(String),
    /// A node that pods are on may still be missing.
    NodeMissing(Text),
    /// A story goes on.
    Tell(usize),
    /// What has ended is cleaned away, with what it owns.
    Remove { kind: GroupKind, key: ObjectKey },
    /// A controller looks at an object again.
    Look { kind: GroupKind, key: ObjectKey },
    /// Old events are removed.
    SweepEvents,
}

impl Deed {
    /// A controller looks at the object `key` again.
    pub(crate) fn look(kind: &GroupKind, key: &ObjectKey) -> Self {
        Self::Look {
            kind: kind.clone(),
            key: key.clone(),
        }
    }
}

/// A step of a pod's life. Containers are numbered through, init containers first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PodStep {
    /// Its volumes are mounted and its sandbox is made.
    Sync,
    /// A container's turn has come.
    Begin(usize),
    /// The pull of its image has ended, well or not.
    Pulled(usize),
    /// The pull has failed, and the kubelet waits before it tries again.
    PullBackOff(usize),
    /// Its image is there: it is created and started.
    Start(usize),
    /// It is ready, without a probe that says so.
    Ready { container: usize, run: u64 },
    /// A probe asks.
    Probe(Probe),
    /// Its program ends.
    Exit {
        container: usize,
        run: u64,
        end: End,
    },
    /// It has ended, and the kubelet waits before it starts it again.
    BackOff(usize),
    /// It is started again.
    Restart(usize),
    /// The pod's own deadline has passed.
    Deadline,
    /// It has stopped after its deletion.
    Stopped,
}

/// A probe of a container's run that has failed so often in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    pub(crate) container: usize,
    pub(crate) run: u64,
    pub(crate) kind: ProbeKind,
    pub(crate) failures: u64,
}

/// Deeds by time; those of the same time in the order of planning.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    deeds: BTreeMap<(Timestamp, u64), Deed>,
    planned: u64,
    /// When what is to be looked at: once is enough.
    looks: HashSet<(Timestamp, GroupKind, ObjectKey)>,
}

impl Agenda {
    /// Plans `deed` for `at`.
    pub(crate) fn plan(&mut self, at: Timestamp, deed: Deed) {
        if let Deed::Look { kind, key } = &deed
            && !self.looks.insert((at, kind.clone(), key.clone()))
        {
            return;
        }
        self.planned += 1;
        self.deeds.insert((at, self.planned), deed);
    }

    /// Takes the next deed that is due until `until`.
    pub(crate) fn next_until(&mut self, until: Timestamp) -> Option<(Timestamp, Deed)> {
        let entry = self.deeds.first_entry()?;
        let at = entry.key().0;
        if at > until {
            return None;
        }
        let deed = entry.remove();
        if let Deed::Look { kind, key } = &deed {
            self.looks.remove(&(at, kind.clone(), key.clone()));
        }
        Some((at, deed))
    }
}
