//! What each exporter means by its names and labels.
//!
//! A reader is a table from the exporter's names to our figures, with the factor to our unit, and
//! knows which labels name the device and who holds it. What it does not know it leaves out.

use std::borrow::Cow;

use hashbrown::HashMap;
use strata_domain::{
    ids::ObjectKey,
    reading::{Absence, Figure, Said, Source},
    text::Interner,
};
use strata_ports::telemetry::{DeviceReport, Dialect, HolderTold, Told};

use self::collected::Page;
use crate::exposition::{Labels, samples};

mod amd;
mod ascend;
mod collected;
mod dcgm;
mod engines;
mod hami;
mod kubelet;

pub(crate) use kubelet::volumes as kubelet_volumes;

/// What `text`, which an exporter that speaks `dialect` told, says.
pub fn page(dialect: Dialect, text: &str) -> Told {
    match dialect {
        Dialect::Dcgm => Told::Devices(devices(text, &dcgm::DCGM)),
        Dialect::Amd => Told::Devices(devices(text, &amd::AMD)),
        Dialect::Ascend => Told::Devices(devices(text, &ascend::ASCEND)),
        Dialect::Hami => Told::Devices(devices(text, &hami::HAMI)),
        Dialect::Vllm
        | Dialect::Sglang
        | Dialect::TextGeneration
        | Dialect::Triton
        | Dialect::Ray => Told::Engine(engines::read(dialect, text)),
        // Asked in words of their own; what their pages tell of themselves concerns nobody here.
        Dialect::Prometheus | Dialect::Kubelet => Told::Past(Vec::new()),
    }
}

/// How an exporter of devices that speaks `dialect` means the values of `name`.
pub(crate) fn column_of(dialect: Dialect, name: &str) -> Option<Column> {
    let speech = match dialect {
        Dialect::Dcgm => &dcgm::DCGM,
        Dialect::Amd => &amd::AMD,
        Dialect::Ascend => &ascend::ASCEND,
        Dialect::Hami => &hami::HAMI,
        _ => return None,
    };
    speech.column(name)
}

/// What the values of one name are.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) figure: Figure,
    /// What makes a value one in the figure's unit.
    factor: f64,
    /// Whether it counts only where nothing better is told of the device.
    is_lesser: bool,
    blank: fn(f64) -> Option<Absence>,
}

impl Column {
    /// What the value `raw`, as it stands in the exporter's text, says.
    pub(crate) fn said(self, raw: f64) -> Said {
        (self.blank)(raw).map_or_else(|| self.figure.judge(raw * self.factor), Said::Absent)
    }
}

/// A figure, and what its values are multiplied by.
type Meaning = (Figure, f64);

/// How an exporter of devices speaks.
struct Speech {
    source: Source,
    /// The figure that a name means.
    figure: fn(&str) -> Option<Meaning>,
    /// The figure that a name means for devices of which it is not told by a better one.
    lesser: fn(&str) -> Option<Meaning>,
    /// Whether the labels of a name say who holds a device; its value is no figure of the device.
    is_of_holder: fn(&str) -> bool,
    /// Which values stand for none.
    blank: fn(f64) -> Option<Absence>,
    /// Takes in one label.
    label: fn(&mut Identity, &str, Cow<'_, str>),
    /// Whether a device that nobody shares by this exporter's words may yet be shared.
    always_shared: bool,
}

impl Speech {
    fn column(&self, name: &str) -> Option<Column> {
        let (meaning, is_lesser) = match (self.figure)(name) {
            Some(meaning) => (meaning, false),
            None => ((self.lesser)(name)?, true),
        };
        let (figure, factor) = meaning;
        Some(Column {
            figure,
            factor,
            is_lesser,
            blank: self.blank,
        })
    }
}

/// No name: of an exporter that has one for each figure, or that tells of whole devices alone.
fn no_lesser(_: &str) -> Option<Meaning> {
    None
}

fn no_holder(_: &str) -> bool {
    false
}

/// What the labels of a sample say of its device.
#[derive(Default)]
struct Identity {
    uuid: String,
    index: Option<u32>,
    node: String,
    model: String,
    pci: String,
    driver: String,
    profile: String,
    instance: String,
    namespace: String,
    pod: String,
    container: String,
    /// The labels of the pod in the words of a Prometheus that kept its own for the exporter.
    exported: (String, String, String),
    /// Which slice of time this is, where the exporter tells slices apart.
    replica: bool,
    /// The job of another scheduler that runs on it; may be empty.
    job: String,
}

impl Identity {
    fn of(labels: Labels<'_>, speech: &Speech) -> Self {
        let mut identity = Self::default();
        for (name, value) in labels.pairs() {
            (speech.label)(&mut identity, name, value);
        }
        identity
    }

    /// Takes in a label that names the pod, in any of the spellings that are in use: DCGM's own and
    /// its old one, and the `exported_` that Prometheus puts before labels that clash with its own.
    fn pod_label(&mut self, name: &str, value: Cow<'_, str>) -> bool {
        let place = match name {
            "exported_namespace" => &mut self.exported.0,
            "exported_pod" => &mut self.exported.1,
            "exported_container" => &mut self.exported.2,
            "namespace" | "pod_namespace" | "podnamespace" => &mut self.namespace,
            "pod" | "pod_name" | "podname" => &mut self.pod,
            "container" | "container_name" | "ctrname" => &mut self.container,
            _ => return false,
        };
        *place = value.into_owned();
        true
    }

    /// Who holds the device, as far as the labels say.
    fn holder(&self, names: &mut Interner) -> Option<HolderTold> {
        let exported = (&self.exported.0, &self.exported.1, &self.exported.2);
        let own = (&self.namespace, &self.pod, &self.container);
        let (namespace, pod, container) = if exported.1.is_empty() { own } else { exported };
        (!pod.is_empty()).then(|| HolderTold {
            pod: ObjectKey::new(names.intern(namespace), names.intern(pod)),
            container: names.intern(container),
        })
    }
}

/// The devices that `text` tells of, in the order in which it first names them.
fn devices(text: &str, speech: &Speech) -> Vec<DeviceReport> {
    let mut names = Interner::default();
    let mut page = Page::default();
    // The labels of a device repeat letter for letter from metric to metric.
    let mut by_labels: HashMap<&str, Option<usize>> = HashMap::new();
    let mut holders: Vec<(String, HolderTold)> = Vec::new();
    for sample in samples(text) {
        let Some(column) = speech.column(sample.name) else {
            if (speech.is_of_holder)(sample.name) {
                let identity = Identity::of(sample.labels, speech);
                if let Some(holder) = identity.holder(&mut names) {
                    holders.push((identity.uuid, holder));
                }
            }
            continue;
        };
        let place = *by_labels.entry(sample.labels.0).or_insert_with(|| {
            let identity = Identity::of(sample.labels, speech);
            page.place(&identity, speech, &mut names)
        });
        if let Some(collected) = place.and_then(|place| page.devices.get_mut(place)) {
            collected.take(column, sample.value, sample.at);
        }
    }
    for (uuid, holder) in holders {
        let held = page.devices.iter_mut();
        for collected in held.filter(|known| !uuid.is_empty() && known.report.uuid == *uuid) {
            collected.hold(holder.clone());
        }
    }
    let all = page.devices.into_iter();
    all.map(|collected| collected.finish(speech)).collect()
}

#[cfg(test)]
mod tests;
