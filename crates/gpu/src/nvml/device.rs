//! One device, and how often each of its figures is asked for.
//!
//! What a call costs decides (measured by others on an RTX 4090: utilization 2.5 µs, memory 12 µs, fan
//! 137 µs, the list of processes 4.5 ms; PCIe throughput measures for 20 ms in each direction): the
//! cheap ones every second, the list of processes every third, the fan every fifth, counters every tenth,
//! what hardly changes once a minute, and PCIe throughput of one device at a time. Where samples lie
//! further apart, what became due meanwhile is asked with the next one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nvml_wrapper::{Device, error::NvmlError, gpm::GpmSample};
use strata_domain::{
    reading::{Absence, Figure, Reading, Said, Source},
    workstation::{Device as DeviceSample, DeviceState, Remark, Vendor, XidEvent},
};

use super::{
    calls::{Caller, fate, is_stale, said},
    processes::Busy,
};
use crate::process::Processes;

mod counters;
mod instances;
pub(super) mod limits;
mod link_counters;
mod links;
mod memory;
mod monitoring;
mod occupants;
mod readings;

pub(crate) use crate::machine::float;

/// Seconds between two asks of each sort.
const PROCESSES: u64 = 3;
const REASONS: u64 = 2;
const SLOW: u64 = 5;
const COUNTERS: u64 = 10;
const RARE: u64 = 60;
/// XIDs that are kept.
pub(super) const XIDS: usize = 20;

/// When a sample is taken.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// In seconds since the first, which is 0.
    pub(super) second: u64,
    /// How many seconds after the one before; at least 1.
    pub(super) passed: u64,
}

impl Moment {
    /// Whether what is asked for `every` so many seconds became due since the sample before. Devices
    /// take turns by their number, so that no sample asks for everything.
    fn is_due(self, every: u64, number: u32) -> bool {
        let now = self.second + u64::from(number);
        self.second == 0 || now / every > now.saturating_sub(self.passed) / every
    }
}

/// What came back at a beat.
#[derive(Clone, Copy, Default)]
struct CameBack {
    /// Whether a value did.
    value: bool,
    /// Whether an error did of which the driver does not know what it is.
    unknown: bool,
}

/// A device that is watched.
pub(super) struct Watched<'n> {
    pub(super) device: Device<'n>,
    pub(super) sample: DeviceSample,
    readings: BTreeMap<Figure, Reading>,
    /// Figures that the device said it does not have: they are not asked for until the next rare ask.
    unsupported: BTreeSet<Figure>,
    busy: Busy,
    /// What NVLink had carried, and when.
    carried: BTreeMap<Figure, (Timestamp, f64)>,
    gpm: Option<GpmSample<'n>>,
    /// The same of each GPU instance.
    gpm_of_instances: BTreeMap<u32, GpmSample<'n>>,
    pub(super) has_mig: bool,
    /// Whether programs share the device by MPS.
    is_shared: bool,
    /// What came back at this beat.
    came_back: CameBack,
    /// Whether the driver said that it must be opened anew.
    pub(super) is_stale: bool,
}

impl<'n> Watched<'n> {
    /// The device with the number `index`.
    pub(super) fn open(
        device: Device<'n>,
        index: u32,
        caller: &mut Caller<'_>,
    ) -> Result<Self, NvmlError> {
        let id = caller.call("", "nvmlDeviceGetUUID", || device.uuid())?;
        let model = caller.call(&id, "nvmlDeviceGetName", || device.name());
        let pci = caller.call(&id, "nvmlDeviceGetPciInfo", || device.pci_info());
        let sample = DeviceSample {
            id,
            index,
            vendor: Vendor::Nvidia,
            model: model.unwrap_or_default(),
            pci: pci.map(|pci| short(&pci.bus_id)).unwrap_or_default(),
            state: DeviceState::Answers,
            readings: Vec::new(),
            instances: Vec::new(),
            links: Vec::new(),
            processes: Vec::new(),
            processes_at: None,
            xids: Vec::new(),
            power: None,
            clocks: None,
            remarks: Vec::new(),
        };
        Ok(Self {
            device,
            sample,
            readings: BTreeMap::new(),
            unsupported: BTreeSet::new(),
            busy: Busy::default(),
            carried: BTreeMap::new(),
            gpm: None,
            gpm_of_instances: BTreeMap::new(),
            has_mig: false,
            is_shared: false,
            came_back: CameBack::default(),
            is_stale: false,
        })
    }

    /// Asks what is due at `moment`; `measures_pcie` where it is this device's turn for that.
    pub(super) fn read(
        &mut self,
        moment: Moment,
        measures_pcie: bool,
        known: &mut Processes,
        caller: &mut Caller<'_>,
    ) {
        if self.sample.state == DeviceState::Lost {
            return;
        }
        self.came_back = CameBack::default();
        // Devices take turns, so that no beat asks for everything.
        let number = self.sample.index;
        let is_due = |every: u64| moment.is_due(every, number);
        let (rare, counters, slow) = (is_due(RARE), is_due(COUNTERS), is_due(SLOW));
        let (reasons, processes) = (is_due(REASONS), is_due(PROCESSES));
        if rare {
            // One that was reset meanwhile is well again; one that was not says so again.
            self.sample.state = DeviceState::Answers;
            self.unsupported.clear();
            self.ecc(caller);
            self.retired_pages(caller);
            self.pcie_link(caller);
            self.limits(caller);
            self.mig(caller);
            self.links(caller);
        }
        self.quick(caller);
        if reasons {
            self.reasons(caller);
        }
        if slow {
            self.slow(caller);
            self.instance_monitoring(caller);
        }
        if counters {
            self.counters(caller);
        }
        if processes {
            self.processes(rare, known, caller);
        }
        if measures_pcie {
            self.pcie(caller);
        }
        // One figure of an unknown error is common on laptops; a driver that was replaced knows nothing.
        self.is_stale |= self.came_back.unknown && !self.came_back.value;
        self.sample.readings = self.readings.values().copied().collect();
    }

    /// Keeps an error that the driver reported.
    pub(super) fn heard(&mut self, xid: u32, at: Timestamp) {
        let event = XidEvent {
            xid,
            at,
            earlier_by_seconds: 0,
        };
        self.sample.xids.insert(0, event);
        self.sample.xids.truncate(XIDS);
        let said = Figure::LastXid.judge(f64::from(xid));
        self.keep(Figure::LastXid, said, Source::Nvml, at);
    }

    /// Asks for one figure, unless the device does not have it.
    fn ask(
        &mut self,
        figure: Figure,
        name: &str,
        caller: &mut Caller<'_>,
        call: impl FnOnce(&Device<'n>) -> Result<f64, NvmlError>,
    ) {
        if self.unsupported.contains(&figure) {
            return;
        }
        let outcome = caller.call(&self.sample.id, name, || call(&self.device));
        if let Err(error) = &outcome {
            self.note(error);
        }
        let at = caller.now();
        self.keep(figure, said(figure, outcome), Source::Nvml, at);
    }

    fn keep(&mut self, figure: Figure, said: Said, source: Source, at: Timestamp) {
        if said == Said::Absent(Absence::NotSupported) {
            self.unsupported.insert(figure);
        }
        self.came_back.value |= said.value().is_some();
        // A device that fell silent keeps what it said last, with the time when it did.
        if self.sample.state == DeviceState::Lost {
            return;
        }
        self.readings.insert(
            figure,
            Reading {
                figure,
                said,
                source,
                at,
            },
        );
    }

    /// Keeps the reason why `figures` are not told any more, of those that were: what was measured once
    /// is not shown as if it were now, and what a device never had is not worth a line.
    fn silence(&mut self, figures: &[Figure], absence: Absence, source: Source, at: Timestamp) {
        for figure in figures {
            if self.readings.contains_key(figure) {
                self.keep(*figure, Said::Absent(absence), source, at);
            }
        }
    }

    /// Takes note of what an error says of the whole device.
    fn note(&mut self, error: &NvmlError) {
        if let Some(state) = fate(error) {
            self.sample.state = state;
        }
        self.is_stale |= is_stale(error);
        self.came_back.unknown |= matches!(error, NvmlError::Unknown);
    }

    fn remark(&mut self, remark: Remark, holds: bool) {
        self.sample.remarks.retain(|known| *known != remark);
        if holds {
            self.sample.remarks.push(remark);
        }
    }
}

/// `0000:01:00.0` of the driver's `00000000:01:00.0`: as the kernel writes it.
fn short(pci: &str) -> String {
    match pci.split_once(':') {
        Some((domain, rest)) if domain.len() == 8 => {
            format!(
                "{}:{}",
                domain.get(4..).unwrap_or(domain),
                rest.to_lowercase()
            )
        }
        _ => pci.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_seldom_is_asked_for_at_every_pace() {
        let asks = |passed: u64, every: u64, number: u32| {
            let moments = (0..=600 / passed).map(|sample| Moment {
                second: sample * passed,
                passed,
            });
            moments
                .filter(|moment| moment.is_due(every, number))
                .count()
        };
        // In ten minutes: each second, with the first sample, which asks for all.
        assert_eq!(asks(1, RARE, 0), 11);
        assert_eq!(asks(1, COUNTERS, 3), 61);
        // Twice a minute whatever is due more often, whichever number the device has.
        assert_eq!(asks(30, COUNTERS, 3), 21);
        assert_eq!(asks(30, PROCESSES, 1), 21);
        assert_eq!(asks(30, RARE, 0), 11);
    }
}
