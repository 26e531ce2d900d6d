//! What is kept of the machine that Strata runs on: of each half minute the mean of what was told, of
//! the machine and of each of its accelerators.
//!
//! The first value of a step is handed over at once, so that a program that ends has kept it; where more
//! came, their mean takes its place when the step is over. What was not told is a gap: a driver that
//! hangs, a device that sleeps or fell off the bus, a machine that slept, a Strata that was not open.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use strata_domain::{
    reading::{Figure, Reading},
    series::{Measure, SeriesName, SeriesOf},
    text::Text,
    workstation::{Device, DeviceState},
};
use strata_ports::{
    series::{Record, Sample},
    workstation::WorkstationEvent,
};

use crate::fleet::telemetry::STEP_SECONDS;

/// What is kept of an accelerator.
pub(crate) const DEVICE_FIGURES: [Figure; 8] = [
    Figure::SmActive,
    Figure::EngineActive,
    Figure::Utilization,
    Figure::MemoryUsed,
    Figure::Power,
    Figure::Temperature,
    Figure::SmClock,
    Figure::Energy,
];

/// What is kept of the machine.
pub(crate) const MACHINE_FIGURES: [Figure; 7] = [
    Figure::CpuUtilization,
    Figure::HostMemoryUsed,
    Figure::SwapUsed,
    Figure::DiskRead,
    Figure::DiskWritten,
    Figure::NetworkReceived,
    Figure::NetworkSent,
];

/// Makes records of this machine.
#[derive(Debug, Default)]
pub(crate) struct MachineRecorder {
    step: Option<i64>,
    /// What was told in this step, by series; each name is made once.
    told: BTreeMap<SeriesName, Told>,
}

#[derive(Debug)]
struct Told {
    series: Arc<SeriesName>,
    sum: f64,
    count: u32,
    last: f64,
    /// When the last value was handed in.
    at: Timestamp,
    /// When the last value was read, by the clock of whoever read it.
    read_at: Timestamp,
}

impl MachineRecorder {
    /// Takes in what was told, and says what is to be kept, if anything is by now.
    pub(crate) fn take(&mut self, event: &WorkstationEvent, now: Timestamp) -> Option<Record> {
        let mut samples = self.close(now);
        match event {
            WorkstationEvent::Machine(sample) => {
                for reading in &sample.readings {
                    if MACHINE_FIGURES.contains(&reading.figure) {
                        samples.extend(self.add(SeriesOf::Machine, reading, now));
                    }
                }
            }
            WorkstationEvent::Accelerators(sample) => {
                let answering = sample.devices.iter().filter(|device| answers(device));
                for device in answering {
                    for reading in &device.readings {
                        if DEVICE_FIGURES.contains(&reading.figure) {
                            let of = SeriesOf::Gpu(Text::from(device.id.as_str()));
                            samples.extend(self.add(of, reading, now));
                        }
                    }
                }
            }
            WorkstationEvent::Sampler(_) => {}
        }
        (!samples.is_empty()).then(|| Record {
            samples,
            ..Record::default()
        })
    }

    /// Ends the step before the one that `now` is in: its means, where there was more than one value.
    fn close(&mut self, now: Timestamp) -> Vec<Sample> {
        let step = now.as_second().div_euclid(i64::from(STEP_SECONDS));
        if self.step.replace(step) == Some(step) {
            return Vec::new();
        }
        let told = self.told.values_mut();
        let means = told.filter_map(|told| {
            let count = std::mem::take(&mut told.count);
            let sum = std::mem::take(&mut told.sum);
            (count > 1).then(|| Sample {
                series: Arc::clone(&told.series),
                at: told.at,
                value: if told.series.measure == Measure::Of(Figure::Energy) {
                    // It only grows: what it was last is what it was.
                    told.last
                } else {
                    sum / f64::from(count)
                },
            })
        });
        means.collect()
    }

    /// Adds a value to its step; the first is to be kept at once. What was told before already is none.
    fn add(&mut self, of: SeriesOf, reading: &Reading, now: Timestamp) -> Option<Sample> {
        let value = reading.said.value()?;
        let name = SeriesName {
            of,
            measure: Measure::Of(reading.figure),
        };
        let is_known = self.told.contains_key(&name);
        let told = self.told.entry(name).or_insert_with_key(|name| Told {
            series: Arc::new(name.clone()),
            sum: 0.0,
            count: 0,
            last: value,
            at: now,
            read_at: reading.at,
        });
        if is_known && told.read_at == reading.at {
            return None;
        }
        told.sum += value;
        told.count += 1;
        told.last = value;
        told.at = now;
        told.read_at = reading.at;
        (told.count == 1).then(|| Sample {
            series: Arc::clone(&told.series),
            at: now,
            value,
        })
    }
}

/// Whether what a device tells is how it is now.
fn answers(device: &Device) -> bool {
    matches!(device.state, DeviceState::Answers | DeviceState::NeedsReset)
}
