//! The machine that Strata runs on, as it was told last, and its last minutes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use strata_domain::{
    reading::Figure,
    workstation::{AcceleratorSample, Device, MachineSample, Trouble},
};
use strata_ports::workstation::WorkstationEvent;

use super::ring::Ring;

/// Seconds between two values of a chart.
pub const STEP_SECONDS: u32 = 1;
/// Values of a chart: two and a half minutes.
const STEPS: usize = 150;

/// Figures of the machine that have a chart.
pub const MACHINE_CHARTS: [Figure; 2] = [Figure::CpuUtilization, Figure::HostMemoryUsed];
/// Figures of a device that have a chart, besides how busy it is.
const DEVICE_CHARTS: [Figure; 3] = [Figure::MemoryUsed, Figure::Power, Figure::Temperature];

/// The machine and its accelerators.
#[derive(Debug, Default)]
pub struct Workstation {
    /// The machine.
    pub machine: Option<MachineSample>,
    /// Its accelerators.
    pub accelerators: Option<AcceleratorSample>,
    /// When the accelerators were told last.
    pub sampled_at: Option<Timestamp>,
    /// What is wrong with the process that asks the drivers.
    pub trouble: Option<Trouble>,
    /// Since when the machine is watched, looked at or not.
    pub watched_since: Option<Timestamp>,
    machine_past: BTreeMap<Figure, Ring>,
    device_past: BTreeMap<(String, Figure), Ring>,
}

impl Workstation {
    /// Forgets all but what is wrong with the process that asks the drivers, which is told once, and since when
    /// the machine is watched.
    pub fn forget(&mut self) {
        *self = Self {
            trouble: self.trouble.take(),
            watched_since: self.watched_since,
            ..Self::default()
        };
    }

    /// Takes in what was told.
    pub fn take(&mut self, event: WorkstationEvent, now: Timestamp) {
        match event {
            WorkstationEvent::Machine(sample) => {
                for figure in MACHINE_CHARTS {
                    let value = sample
                        .readings
                        .iter()
                        .find(|one| one.figure == figure)
                        .and_then(|one| one.said.value());
                    push(self.machine_past.entry(figure), value);
                }
                self.machine = Some(*sample);
            }
            WorkstationEvent::Accelerators(sample) => {
                for device in &sample.devices {
                    for figure in charted(device) {
                        let key = (device.id.clone(), figure);
                        push(self.device_past.entry(key), device.value(figure));
                    }
                }
                self.device_past
                    .retain(|(id, _), _| sample.devices.iter().any(|device| device.id == *id));
                self.accelerators = Some(*sample);
                self.sampled_at = Some(now);
            }
            WorkstationEvent::Sampler(trouble) => {
                // While nothing is told, the charts have a gap.
                if trouble.is_some() {
                    for past in self.device_past.values_mut() {
                        past.push(None);
                    }
                }
                self.trouble = trouble;
            }
        }
    }

    /// How `figure` of the machine went, oldest first.
    pub fn machine_past(&self, figure: Figure) -> Vec<Option<f64>> {
        self.machine_past
            .get(&figure)
            .map_or_else(Vec::new, Ring::values)
    }

    /// How the charted figures of `device` went, oldest first.
    pub fn device_past(&self, device: &Device) -> Vec<(Figure, Vec<Option<f64>>)> {
        charted(device)
            .into_iter()
            .filter_map(|figure| {
                let past = self.device_past.get(&(device.id.clone(), figure))?;
                Some((figure, past.values()))
            })
            .collect()
    }
}

/// The figures of `device` that have a chart: how busy it is by the most telling definition that it
/// has, then the rest.
fn charted(device: &Device) -> Vec<Figure> {
    let activity = Figure::ACTIVITY
        .into_iter()
        .find(|figure| device.value(*figure).is_some());
    activity.into_iter().chain(DEVICE_CHARTS).collect()
}

fn push<K: Ord>(entry: std::collections::btree_map::Entry<'_, K, Ring>, value: Option<f64>) {
    entry.or_insert_with(|| Ring::new(STEPS)).push(value);
}
