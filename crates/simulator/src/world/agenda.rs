//! What is to be done, and when.

use std::collections::BTreeMap;

use jiff::Timestamp;
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

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
    /// A story goes on.
    Tell(usize),
    /// What has ended is cleaned away, with what it owns.
    Remove { kind: GroupKind, key: ObjectKey },
    /// Old events are removed.
    SweepEvents,
}

/// A step of a pod's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PodStep {
    /// Its images are there and its containers start.
    Start,
    /// Its containers are ready.
    Ready,
    /// Its containers end by themselves, well or not.
    End,
    /// A container that ended starts again.
    Restart,
    /// The image that could not be pulled is tried again.
    PullAgain,
    /// It has stopped after its deletion.
    Stopped,
}

/// Deeds by time; those of the same time in the order of planning.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    deeds: BTreeMap<(Timestamp, u64), Deed>,
    planned: u64,
}

impl Agenda {
    /// Plans `deed` for `at`.
    pub(crate) fn plan(&mut self, at: Timestamp, deed: Deed) {
        self.planned += 1;
        self.deeds.insert((at, self.planned), deed);
    }

    /// Takes the next deed that is due until `until`.
    pub(crate) fn next_until(&mut self, until: Timestamp) -> Option<(Timestamp, Deed)> {
        let entry = self.deeds.first_entry()?;
        let at = entry.key().0;
        (at <= until).then(|| (at, entry.remove()))
    }
}
