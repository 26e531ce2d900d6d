//! What each exporter means by its names and labels.
//!
//! A reader is a table from the exporter's names to our figures, with the factor to our unit, and
//! knows which labels name the device and who holds it. What it does not know it leaves out.

use std::borrow::Cow;

use hashbrown::HashMap;
use strata_domain::{
    ids::ObjectKey,
    reading::{Figure, Said, Source, blank},
    text::{Interner, Text},
};
use strata_ports::telemetry::{DeviceReport, Dialect, HolderTold, Instance, Told};

use crate::exposition::{Labels, samples};

mod amd;
mod ascend;
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

/// The figure that `name` means to an exporter of devices that speaks `dialect`, and what its values are
/// multiplied by.
pub(crate) fn figure_of(dialect: Dialect, name: &str) -> Option<(Figure, f64)> {
    let speech = match dialect {
        Dialect::Dcgm => &dcgm::DCGM,
        Dialect::Amd => &amd::AMD,
        Dialect::Ascend => &ascend::ASCEND,
        Dialect::Hami => &hami::HAMI,
        _ => return None,
    };
    (speech.figure)(name)
}

/// How an exporter of devices speaks.
struct Speech {
    source: Source,
    /// The figure that a name means, and what its values are multiplied by.
    figure: fn(&str) -> Option<(Figure, f64)>,
    /// Takes in one label.
    label: fn(&mut Identity, &str, Cow<'_, str>),
    /// Whether a device that nobody shares by this exporter's words may yet be shared.
    always_shared: bool,
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

/// A device while its samples are collected.
struct Collected {
    report: DeviceReport,
    figures: Vec<(Figure, Said)>,
    is_sliced: bool,
}

/// The devices that `text` tells of, in the order in which it first names them.
fn devices(text: &str, speech: &Speech) -> Vec<DeviceReport> {
    let mut names = Interner::default();
    let mut all: Vec<Collected> = Vec::new();
    // The labels of a device repeat letter for letter from metric to metric.
    let mut by_labels: HashMap<&str, usize> = HashMap::new();
    let mut by_identity: HashMap<(u32, Text, Text), usize> = HashMap::new();
    for sample in samples(text) {
        let Some((figure, factor)) = (speech.figure)(sample.name) else {
            continue;
        };
        let place = if let Some(place) = by_labels.get(sample.labels.0) {
            *place
        } else {
            let identity = Identity::of(sample.labels, speech);
            let Some(index) = identity.index else {
                continue;
            };
            let key = (
                index,
                names.intern(&identity.uuid),
                names.intern(&identity.instance),
            );
            let place = *by_identity.entry(key).or_insert_with(|| {
                all.push(begun(&identity, index, speech, &mut names));
                all.len() - 1
            });
            if let Some(collected) = all.get_mut(place) {
                collected.join(&identity, &mut names);
            }
            by_labels.insert(sample.labels.0, place);
            place
        };
        if let Some(collected) = all.get_mut(place) {
            let said = blank(sample.value)
                .map_or_else(|| figure.judge(sample.value * factor), Said::Absent);
            collected.take(figure, said);
        }
    }
    all.into_iter()
        .map(|collected| collected.finish(speech))
        .collect()
}

fn begun(identity: &Identity, index: u32, speech: &Speech, names: &mut Interner) -> Collected {
    let instance = (!identity.instance.is_empty()).then(|| Instance {
        profile: names.intern(&identity.profile),
        id: names.intern(&identity.instance),
    });
    Collected {
        report: DeviceReport {
            uuid: names.intern(&identity.uuid),
            index,
            node: names.intern(&identity.node),
            model: names.intern(&identity.model),
            pci: names.intern(&identity.pci),
            driver: names.intern(&identity.driver),
            instance,
            holders: Vec::new(),
            is_shared: false,
            source: speech.source,
            at: None,
            figures: Box::default(),
        },
        figures: Vec::with_capacity(32),
        is_sliced: false,
    }
}

impl Collected {
    /// Takes in what the labels of one more series say.
    fn join(&mut self, identity: &Identity, names: &mut Interner) {
        self.is_sliced |= identity.replica;
        if let Some(holder) = identity.holder(names)
            && !self.report.holders.contains(&holder)
        {
            self.report.holders.push(holder);
        }
    }

    /// Takes in a figure. Where a device is told once for each of several pods the figures are the
    /// same, since it is measured once; they are not added up.
    fn take(&mut self, figure: Figure, said: Said) {
        match self.figures.iter_mut().find(|(known, _)| *known == figure) {
            // A code that is set outranks the "none" of another series of the same device.
            Some((_, known)) => {
                let is_news = match (known.value(), said.value()) {
                    (None, Some(_)) => true,
                    (Some(before), Some(now)) => now > before,
                    _ => false,
                };
                if is_news {
                    *known = said;
                }
            }
            None => self.figures.push((figure, said)),
        }
    }

    fn finish(mut self, speech: &Speech) -> DeviceReport {
        let value = |figure: Figure, figures: &[(Figure, Said)]| {
            let told = figures.iter().find(|(known, _)| *known == figure)?;
            told.1.value()
        };
        // Total is the sum of its three parts, where all that there are were told.
        if value(Figure::MemoryTotal, &self.figures).is_none()
            && let (Some(used), Some(free)) = (
                value(Figure::MemoryUsed, &self.figures),
                value(Figure::MemoryFree, &self.figures),
            )
        {
            let reserved = value(Figure::MemoryReserved, &self.figures).unwrap_or(0.0);
            self.figures
                .push((Figure::MemoryTotal, Said::Value(used + free + reserved)));
        }
        self.figures.sort_by_key(|(figure, _)| *figure);
        self.report.figures = self.figures.into();
        self.report.holders.sort();
        let pods: Vec<&ObjectKey> = self
            .report
            .holders
            .iter()
            .map(|holder| &holder.pod)
            .collect();
        let several = pods.windows(2).any(|pair| pair.first() != pair.last());
        self.report.is_shared =
            self.is_sliced || several || (speech.always_shared && !pods.is_empty());
        self.report
    }
}

#[cfg(test)]
mod tests;
