//! Sampling the machine that Strata runs on: each second while somebody looks at it, and seldom beside
//! that where its past is kept.

use std::sync::Arc;

use jiff::Timestamp;
use strata_domain::ids::Uid;
use strata_ports::{
    series::Record,
    workstation::{Pace, WorkstationEvent, WorkstationProbe},
};
use tokio::sync::{mpsc, watch};

use crate::{
    fleet::workstation::Workstation,
    local::machine::Machine,
    machine::{KnownProcess, trials::Tried},
    project::{
        Rows,
        workstation::{self, KnownPod},
    },
    record::machine::MachineRecorder,
    supervise::{OpenWorkstation, TaskScope},
};

/// The workstation as the one writer keeps it.
pub(crate) struct WorkstationDesk {
    probe: Arc<dyn WorkstationProbe>,
    scope: TaskScope,
    samples: mpsc::Sender<WorkstationEvent>,
    /// What is shown: as it was told last, and its last minutes. While nobody looks, only what is wrong
    /// with the process that asks the drivers.
    shown: Workstation,
    is_looked_at: bool,
    /// What is to be kept; none where nothing is.
    recorder: Option<MachineRecorder>,
    pace: watch::Sender<Pace>,
    /// Held while it is sampled.
    sampling: Option<OpenWorkstation>,
    /// What devices are set to on trial, and the last trial of each setting that is over.
    tried: Vec<Tried>,
}

impl WorkstationDesk {
    pub(crate) fn new(
        probe: Arc<dyn WorkstationProbe>,
        is_kept: bool,
        scope: TaskScope,
        samples: mpsc::Sender<WorkstationEvent>,
    ) -> Self {
        Self {
            probe,
            scope,
            samples,
            shown: Workstation::default(),
            is_looked_at: false,
            recorder: is_kept.then(MachineRecorder::default),
            pace: watch::Sender::new(Pace::Slow),
            sampling: None,
            tried: Vec::new(),
        }
    }

    /// Samples each second as long as `is_looked_at`; seldom beside that where the past is kept, and
    /// not at all where it is not.
    pub(crate) fn sample_while(&mut self, is_looked_at: bool) {
        if self.is_looked_at != is_looked_at {
            self.is_looked_at = is_looked_at;
            self.shown.forget();
            self.pace.send_replace(if is_looked_at {
                Pace::Quick
            } else {
                Pace::Slow
            });
        }
        if !is_looked_at && self.recorder.is_none() {
            self.sampling = None;
            self.shown = Workstation::default();
        } else if self.sampling.is_none() {
            self.sampling = Some(OpenWorkstation::open(
                &self.probe,
                self.pace.subscribe(),
                &self.scope,
                self.samples.clone(),
            ));
        }
    }

    /// Takes in what was told; what of it is to be kept. The last words of a stream that was closed
    /// concern nobody.
    pub(crate) fn take(&mut self, event: WorkstationEvent, now: Timestamp) -> Option<Record> {
        self.sampling.as_ref()?;
        self.shown.watched_since.get_or_insert(now);
        let recorder = self.recorder.as_mut();
        let record = recorder.and_then(|recorder| recorder.take(&event, now));
        if self.is_looked_at || matches!(event, WorkstationEvent::Sampler(_)) {
            self.shown.take(event, now);
        }
        record
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
        workstation::process::known(&self.shown, pid, started_ticks, pod)
    }

    /// The machine as it bears on what would run on it; none while nobody looks, or nothing was told.
    pub(crate) fn machine(&self) -> Option<Machine> {
        Machine::of(&self.shown).filter(|_| self.is_looked_at)
    }

    pub(crate) fn rows(&self, pod: impl Fn(&Uid) -> Option<KnownPod>) -> Rows {
        Rows::all(workstation::rows(&self.shown, &self.tried, pod))
    }
}
