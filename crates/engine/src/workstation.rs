//! Sampling the machine that Strata runs on, for as long as somebody looks at it.

use std::sync::Arc;

use jiff::Timestamp;
use strata_domain::ids::Uid;
use strata_ports::workstation::{WorkstationEvent, WorkstationProbe};
use tokio::sync::mpsc;

use crate::{
    fleet::workstation::Workstation,
    project::{
        Rows,
        workstation::{self, KnownPod},
    },
    supervise::{OpenWorkstation, TaskScope},
};

/// The workstation as the one writer keeps it.
pub(crate) struct WorkstationDesk {
    probe: Arc<dyn WorkstationProbe>,
    scope: TaskScope,
    samples: mpsc::Sender<WorkstationEvent>,
    kept: Workstation,
    /// Held while somebody looks.
    sampling: Option<OpenWorkstation>,
}

impl WorkstationDesk {
    pub(crate) fn new(
        probe: Arc<dyn WorkstationProbe>,
        scope: TaskScope,
        samples: mpsc::Sender<WorkstationEvent>,
    ) -> Self {
        Self {
            probe,
            scope,
            samples,
            kept: Workstation::default(),
            sampling: None,
        }
    }

    /// Samples as long as `is_looked_at`, and no longer: a device that nobody looks at can sleep.
    pub(crate) fn sample_while(&mut self, is_looked_at: bool) {
        if is_looked_at && self.sampling.is_none() {
            let samples = self.samples.clone();
            self.sampling = Some(OpenWorkstation::open(&self.probe, &self.scope, samples));
        } else if !is_looked_at && self.sampling.take().is_some() {
            self.kept = Workstation::default();
        }
    }

    /// Takes in what was told. The last words of a stream that was closed concern nobody.
    pub(crate) fn take(&mut self, event: WorkstationEvent, now: Timestamp) {
        if self.sampling.is_some() {
            self.kept.take(event, now);
        }
    }

    pub(crate) fn rows(&self, pod: impl Fn(&Uid) -> Option<KnownPod>) -> Rows {
        Rows::all(workstation::rows(&self.kept, pod))
    }
}
