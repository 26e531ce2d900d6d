//! What the exporters of one cluster told: its devices, each with its last figures and its last hour,
//! and how each exporter does.
//!
//! A device is kept under its node and number, which do not change while the node lives; what was
//! told of it stays with its time, so that it can be called stale instead of being forgotten.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use jiff::{SignedDuration, Timestamp};
use strata_domain::{
    ids::ObjectKey,
    reading::{Absence, Figure, Said, Source},
    text::Text,
};
use strata_ports::telemetry::{
    Answer, DeviceReport, Exporter, Failure, HolderTold, Instance, PastSeries, Told,
};

mod engines;
mod history;
mod volumes;

pub use engines::{Engine, Engines};
pub use history::{History, STEP_SECONDS, STEPS, Series};
pub use volumes::{Asked, Fill, Volumes};

/// What was measured longer ago than this is not how it is now: four times the exporter's interval.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_secs(75);

/// What exporters told.
#[derive(Debug, Default)]
pub struct Telemetry {
    nodes: BTreeMap<Text, BTreeMap<u32, Device>>,
    exporters: BTreeMap<ObjectKey, ExporterState>,
    engines: Engines,
    volumes: Volumes,
    /// What Prometheus remembers of devices that no exporter has told of yet.
    past: HashMap<Text, Vec<PastSeries>>,
    rejected: u32,
    spent: Spent,
}

/// What asking cost, minute by minute.
#[derive(Debug, Default)]
struct Spent {
    answers: Vec<(Timestamp, u64, f64)>,
}

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

    /// Whether it was measured too long ago to be so at `now`.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) > STALE_AFTER
    }
}

/// How asking an exporter went.
#[derive(Clone, Debug, PartialEq)]
pub struct ExporterState {
    /// When it told something last.
    pub told_at: Option<Timestamp>,
    /// Why it told nothing the last time.
    pub failure: Option<Failure>,
    /// How long it took the last time, in seconds.
    pub took_seconds: f64,
    /// Whether it tells of devices, now or in the past.
    pub is_of_gpus: bool,
}

impl ExporterState {
    fn unasked(is_of_gpus: bool) -> Self {
        Self {
            told_at: None,
            failure: None,
            took_seconds: 0.0,
            is_of_gpus,
        }
    }
}

impl Telemetry {
    /// Takes in an answer. True where anything that is shown may be otherwise now.
    pub fn take(&mut self, answer: Answer) -> bool {
        self.spent
            .add(answer.at, answer.bytes, answer.took.as_secs_f64());
        let state = self.exporters.entry(answer.pod.clone()).or_insert_with(|| {
            ExporterState::unasked(matches!(
                answer.outcome,
                Ok(Told::Devices(_) | Told::Past(_))
            ))
        });
        state.took_seconds = answer.took.as_secs_f64();
        match answer.outcome {
            Ok(told) => {
                state.told_at = Some(answer.at);
                state.failure = None;
                self.told(&answer.pod, answer.at, told);
                true
            }
            Err(failure) => {
                if answer.pod.namespace.is_empty() {
                    self.volumes.fail(&answer.pod.name, failure.clone());
                }
                let is_news = state.failure.as_ref() != Some(&failure);
                state.failure = Some(failure);
                is_news
            }
        }
    }

    /// Keeps to `exporters`: forgets the others, and the devices of nodes that are gone.
    pub fn keep(&mut self, exporters: &[Exporter], has_node: impl Fn(&str) -> bool) {
        let mut before = std::mem::take(&mut self.exporters);
        for exporter in exporters {
            let state = before
                .remove(&exporter.pod)
                .unwrap_or_else(|| ExporterState::unasked(exporter.dialect.is_of_gpus()));
            self.exporters.insert(exporter.pod.clone(), state);
        }
        self.engines.keep(exporters);
        self.volumes.keep(exporters);
        self.nodes.retain(|node, _| has_node(node));
    }

    /// The devices of the node `node`, by number.
    pub fn devices_on(&self, node: &str) -> Option<&BTreeMap<u32, Device>> {
        self.nodes.get(node)
    }

    /// Every exporter that was asked.
    pub fn exporters(&self) -> impl Iterator<Item = (&ObjectKey, &ExporterState)> {
        self.exporters.iter()
    }

    /// How asking the exporter in `pod` went.
    pub fn exporter(&self, pod: &ObjectKey) -> Option<&ExporterState> {
        self.exporters.get(pod)
    }

    /// The serving engines.
    pub fn engines(&self) -> &Engines {
        &self.engines
    }

    /// How full volumes are.
    pub fn volumes(&self) -> &Volumes {
        &self.volumes
    }

    /// How many values were no possible readings.
    pub fn rejected(&self) -> u32 {
        self.rejected
    }

    /// Bytes that came and seconds that answers took in the minute before `now`.
    pub fn spent_in_a_minute(&self, now: Timestamp) -> (f64, f64) {
        self.spent.in_a_minute(now)
    }

    fn told(&mut self, exporter: &ObjectKey, at: Timestamp, told: Told) {
        match told {
            Told::Devices(reports) => self.devices(exporter, at, reports),
            Told::Engine(report) => self.engines.take(exporter, at, report),
            // A kubelet goes by the name of its node.
            Told::Volumes(reports) => self.volumes.take(&exporter.name, at, reports),
            Told::Past(series) => {
                for series in series {
                    self.past
                        .entry(series.uuid.clone())
                        .or_default()
                        .push(series);
                }
                for device in self.nodes.values_mut().flat_map(BTreeMap::values_mut) {
                    if let Some(past) = self.past.remove(&device.uuid) {
                        device.remember(&past);
                    }
                }
            }
        }
    }

    /// Takes in the devices that one page tells of. MIG instances are told like devices, with the
    /// number of their parent.
    fn devices(&mut self, exporter: &ObjectKey, at: Timestamp, reports: Vec<DeviceReport>) {
        let rejections = |figures: &[(Figure, Said)]| {
            let is_one = |(_, said): &&(Figure, Said)| {
                matches!(said, Said::Absent(Absence::Rejected { .. }))
            };
            u32::try_from(figures.iter().filter(is_one).count()).unwrap_or(u32::MAX)
        };
        let mut begun: BTreeSet<(Text, u32)> = BTreeSet::new();
        for report in reports {
            self.rejected = self.rejected.saturating_add(rejections(&report.figures));
            let node = self.nodes.entry(report.node.clone()).or_default();
            let is_first = begun.insert((report.node.clone(), report.index));
            let device = node
                .entry(report.index)
                .or_insert_with(|| Device::begun(&report, exporter, at));
            if device.uuid != report.uuid {
                // Another device stands in the place of the one before.
                *device = Device::begun(&report, exporter, at);
            }
            if is_first {
                device.holders.clear();
                device.instances.clear();
                device.figures = Box::default();
                device.is_shared = false;
                device.at = report.at.unwrap_or(at);
                device.source = report.source;
                device.exporter = exporter.clone();
            }
            device.join(report);
            if let Some(past) = self.past.remove(&device.uuid) {
                device.remember(&past);
            }
        }
        for (node, index) in begun {
            let device = self
                .nodes
                .get_mut(&node)
                .and_then(|node| node.get_mut(&index));
            if let Some(device) = device {
                device.note();
            }
        }
    }
}

impl Device {
    fn begun(report: &DeviceReport, exporter: &ObjectKey, at: Timestamp) -> Self {
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
            at: report.at.unwrap_or(at),
            figures: Box::default(),
            history: History::default(),
        }
    }

    fn join(&mut self, report: DeviceReport) {
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
    fn note(&mut self) {
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
    fn remember(&mut self, past: &[PastSeries]) {
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

impl Spent {
    fn add(&mut self, at: Timestamp, bytes: u64, seconds: f64) {
        self.answers.push((at, bytes, seconds));
        if self.answers.len() > 4096 {
            self.answers
                .retain(|(asked, ..)| is_within_a_minute(*asked, at));
        }
    }

    fn in_a_minute(&self, now: Timestamp) -> (f64, f64) {
        let lately = self
            .answers
            .iter()
            .filter(|(at, ..)| is_within_a_minute(*at, now));
        lately.fold((0.0, 0.0), |(bytes, seconds), (_, more, took)| {
            #[expect(clippy::cast_precision_loss, reason = "bytes of a minute")]
            let more = *more as f64;
            (bytes + more, seconds + took)
        })
    }
}

fn is_within_a_minute(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) <= SignedDuration::from_mins(1)
}

#[cfg(test)]
mod tests;
