//! A device as its exporter told it last, with its last hour.

use jiff::Timestamp;
use strata_domain::{
    ids::ObjectKey,
    reading::{Absence, Figure, Said, Source},
    text::Text,
};
use strata_ports::telemetry::{DeviceReport, HolderTold, Instance, PastSeries};

use super::{History, STALE_AFTER, Series, told_at};

/// A device, as its exporter told it last.
#[derive(Debug)]
pub struct Device {
    /// Its own name; may be empty.
    pub uuid: Text,
    /// The model, as the exporter writes it; may be empty.
    pub model: Text,
    /// Its address on the PCI bus; may be empty.
    pub pci: Text,
    /// The driver's version; may be empty.
    pub driver: Text,
    /// Who the exporter says holds it or an instance of it.
    pub holders: Vec<(HolderTold, Option<Instance>)>,
    /// Its MIG instances.
    pub instances: Vec<DeviceInstance>,
    /// Whether several use it at once without parting it.
    pub is_shared: bool,
    /// Who measured.
    pub source: Source,
    /// The exporter's pod.
    pub exporter: ObjectKey,
    /// When.
    pub at: Timestamp,
    /// The figures.
    pub figures: Box<[(Figure, Said)]>,
    /// Who holds it by the words of an exporter beside this one.
    heard_of: Vec<HolderTold>,
    /// How it went over the last hour.
    pub history: History,
}

/// A MIG instance of a device.
#[derive(Debug)]
pub struct DeviceInstance {
    /// Its profile and number.
    pub instance: Instance,
    /// Its figures.
    pub figures: Box<[(Figure, Said)]>,
    /// Who holds it.
    pub holder: Option<HolderTold>,
}

impl Device {
    /// What was said of `figure`; that it was not told, where nothing was.
    pub fn said(&self, figure: Figure) -> Said {
        self.figures
            .iter()
            .find(|(known, _)| *known == figure)
            .map_or(Said::Absent(Absence::NotTold), |(_, said)| *said)
    }

    /// The value of `figure`, if there is one.
    pub fn value(&self, figure: Figure) -> Option<f64> {
        self.said(figure).value()
    }

    /// The figure by which it is told how busy the device is, and the value.
    pub fn activity(&self) -> Option<(Figure, f64)> {
        let told = |figure: &Figure| Some((*figure, self.value(*figure)?));
        Figure::ACTIVITY.iter().find_map(told)
    }

    /// Who is said to hold it or an instance of it: by its exporter, or else by another.
    pub fn told_holders(&self) -> impl Iterator<Item = (&HolderTold, Option<&Instance>)> {
        let own = self.holders.iter();
        let other = self.heard_of.iter().filter(|_| self.holders.is_empty());
        own.map(|(holder, instance)| (holder, instance.as_ref()))
            .chain(other.map(|holder| (holder, None)))
    }

    /// Whether it was measured too long ago to be so at `now`.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) > STALE_AFTER
    }
}

impl Device {
    pub(super) fn begun(report: &DeviceReport, exporter: &ObjectKey, at: Timestamp) -> Self {
        Self {
            uuid: report.uuid.clone(),
            model: report.model.clone(),
            pci: report.pci.clone(),
            driver: report.driver.clone(),
            holders: Vec::new(),
            instances: Vec::new(),
            is_shared: false,
            source: report.source,
            exporter: exporter.clone(),
            at: told_at(report, at),
            figures: Box::default(),
            heard_of: Vec::new(),
            history: History::default(),
        }
    }

    /// Whether another exporter than `exporter`, which told `report` at `at`, tells more of the same
    /// device and did so lately: DCGM's more than HAMi's monitor. Of two of a kind the one that is
    /// known goes on. Were each to replace the other's word, a device would be at what one calls busy
    /// now and at what the other does then, and its history would begin anew each time.
    pub(super) fn is_told_better(
        &self,
        report: &DeviceReport,
        exporter: &ObjectKey,
        at: Timestamp,
    ) -> bool {
        let is_same = self.uuid == report.uuid || self.uuid.is_empty() || report.uuid.is_empty();
        self.exporter != *exporter && is_same && self.source <= report.source && !self.is_stale(at)
    }

    /// Takes note of who holds it by the words of an exporter that is told better.
    pub(super) fn hear_of_holders(&mut self, report: DeviceReport) {
        self.heard_of = report.holders;
    }

    pub(super) fn join(&mut self, report: DeviceReport) {
        for holder in &report.holders {
            self.holders.push((holder.clone(), report.instance.clone()));
        }
        if let Some(instance) = report.instance {
            self.instances.push(DeviceInstance {
                instance,
                figures: report.figures,
                holder: report.holders.into_iter().next(),
            });
        } else {
            self.is_shared |= report.is_shared;
            self.figures = report.figures;
        }
    }

    /// Enters the figures into the history.
    pub(super) fn note(&mut self) {
        if let Some((figure, value)) = self.activity() {
            self.history.begin(figure);
            self.history.put(Series::Activity, self.at, value);
        }
        let share = self
            .value(Figure::MemoryUsed)
            .zip(self.value(Figure::MemoryTotal));
        if let Some((used, total)) = share
            && total > 0.0
        {
            self.history.put(Series::Memory, self.at, used / total);
        }
        for (series, figure) in [
            (Series::Temperature, Figure::Temperature),
            (Series::Power, Figure::Power),
        ] {
            if let Some(value) = self.value(figure) {
                self.history.put(series, self.at, value);
            }
        }
    }

    /// Enters what Prometheus remembers.
    pub(super) fn remember(&mut self, past: &[PastSeries]) {
        let total = self.value(Figure::MemoryTotal);
        let activity = self.activity().map(|(figure, _)| figure);
        if let Some(figure) = activity {
            self.history.begin(figure);
        }
        for series in past {
            let of = match series.figure {
                Figure::MemoryUsed => Series::Memory,
                Figure::Temperature => Series::Temperature,
                Figure::Power => Series::Power,
                // One definition a chart, never two.
                figure if Some(figure) == activity => Series::Activity,
                _ => continue,
            };
            for (at, value) in &series.values {
                let value = match (of, total) {
                    (Series::Memory, Some(total)) if total > 0.0 => value / total,
                    (Series::Memory, _) => continue,
                    _ => *value,
                };
                self.history.put(of, *at, value);
            }
        }
    }
}
