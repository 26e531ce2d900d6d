//! Sampling the machine that Strata runs on, for as long as somebody looks at it.

use std::sync::Arc;

use jiff::Timestamp;
use strata_domain::ids::Uid;
use strata_ports::workstation::{WorkstationEvent, WorkstationProbe};
use tokio::sync::mpsc;

use crate::{
    fleet::workstation::Workstation,
    local::machine::Machine,
    machine::{KnownProcess, trials::Tried},
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
    /// What devices are set to on trial, and the last trial of each setting that is over.
    tried: Vec<Tried>,
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
            tried: Vec::new(),
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

    /// Takes in how a trial stands. It takes the place of the one of the same setting before it.
    pub(crate) fn try_out(&mut self, tried: Tried) {
        self.tried.retain(|other| !other.is_about_the_same(&tried));
        self.tried.insert(0, tried);
    }

    /// What is known of the process `pid` that began at `started_ticks`, if it is on a device.
    pub(crate) fn process(
        &self,
        pid: u32,
        started_ticks: u64,
        pod: impl Fn(&Uid) -> Option<KnownPod>,
    ) -> Option<KnownProcess> {
        workstation::process::known(&self.kept, pid, started_ticks, pod)
    }

    /// The machine as it bears on what would run on it; none while nobody looks, or nothing was told.
    pub(crate) fn machine(&self) -> Option<Machine> {
        Machine::of(&self.kept)
    }

    pub(crate) fn rows(&self, pod: impl Fn(&Uid) -> Option<KnownPod>) -> Rows {
        Rows::all(workstation::rows(&self.kept, &self.tried, pod))
    }
}
