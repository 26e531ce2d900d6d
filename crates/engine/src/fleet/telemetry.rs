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
    reading::{Absence, Figure, Said},
    text::Text,
};
use strata_ports::telemetry::{Answer, DeviceReport, Exporter, Failure, PastSeries, Told};

mod device;
mod engines;
mod history;
mod spent;
mod volumes;

pub use device::{Device, DeviceInstance};
pub use engines::{Engine, Engines};
pub use history::{History, STEP_SECONDS, STEPS, Series};
use spent::Spent;
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
            let device = node
                .entry(report.index)
                .or_insert_with(|| Device::begun(&report, exporter, at));
            let is_asked = |other: &ObjectKey| {
                let state = self.exporters.get(other);
                state.is_some_and(|state| state.failure.is_none())
            };
            if device.is_told_better(&report, exporter, at) && is_asked(&device.exporter) {
                device.hear_of_holders(report);
                continue;
            }
            let is_first = begun.insert((report.node.clone(), report.index));
            if device.uuid != report.uuid {
                // Another device stands in the place of the one before.
                *device = Device::begun(&report, exporter, at);
            }
            if is_first {
                device.holders.clear();
                device.instances.clear();
                device.figures = Box::default();
                device.is_shared = false;
                device.at = told_at(&report, at);
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

/// When `report` says that its device was measured; when it was asked for where it says nothing, or a
/// clock goes before ours.
fn told_at(report: &DeviceReport, asked: Timestamp) -> Timestamp {
    report.at.map_or(asked, |told| told.min(asked))
}

#[cfg(test)]
mod tests;
