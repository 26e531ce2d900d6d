//! The devices of a page while its samples are collected.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use jiff::{SignedDuration, Timestamp};
use strata_domain::{
    ids::ObjectKey,
    reading::{Absence, Figure, Said},
    text::{Interner, Text},
};
use strata_ports::telemetry::{DeviceReport, HolderTold, Instance};

use super::{Column, Identity, Speech};

/// A figure that was measured so long before others of its device is left from an earlier time: an
/// exporter goes on telling what it measured last when it cannot measure any more.
const LEFT_OVER: SignedDuration = SignedDuration::from_secs(60);

/// The devices that a page told of so far, in the order in which it first named them.
#[derive(Default)]
pub(super) struct Page {
    pub(super) devices: Vec<Collected>,
    by_identity: HashMap<(u32, Text, Text), usize>,
}

impl Page {
    /// The place of the device that `identity` names; none where it names none.
    pub(super) fn place(
        &mut self,
        identity: &Identity,
        speech: &Speech,
        names: &mut Interner,
    ) -> Option<usize> {
        let index = identity.index?;
        let key = (
            index,
            names.intern(&identity.uuid),
            names.intern(&identity.instance),
        );
        let known = self.by_identity.get(&key).copied();
        // Some series name a device by its number alone.
        let place = known.or_else(|| {
            self.devices
                .iter()
                .position(|device| device.may_be(index, identity))
        });
        let place = place.unwrap_or_else(|| {
            self.devices
                .push(Collected::begun(identity, index, speech, names));
            self.devices.len() - 1
        });
        self.by_identity.insert(key, place);
        if let Some(collected) = self.devices.get_mut(place) {
            collected.join(identity, names);
        }
        Some(place)
    }
}

/// A device while its samples are collected.
pub(super) struct Collected {
    pub(super) report: DeviceReport,
    figures: Vec<Collecting>,
    is_sliced: bool,
    /// The jobs of another scheduler that run on it.
    jobs: BTreeSet<String>,
}

/// What was said of a figure so far.
struct Collecting {
    figure: Figure,
    said: Said,
    is_lesser: bool,
    at: Option<Timestamp>,
}

impl Collected {
    fn begun(identity: &Identity, index: u32, speech: &Speech, names: &mut Interner) -> Self {
        let instance = (!identity.instance.is_empty()).then(|| Instance {
            profile: names.intern(&identity.profile),
            id: names.intern(&identity.instance),
        });
        Self {
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
            jobs: BTreeSet::new(),
        }
    }

    /// Whether `identity`, of the number `index`, names it as far as both have a name of their own.
    fn may_be(&self, index: u32, identity: &Identity) -> bool {
        let instance = self.report.instance.as_ref();
        self.report.index == index
            && (self.report.uuid.is_empty() || identity.uuid.is_empty())
            && instance.map_or("", |instance| instance.id.as_str()) == identity.instance
    }

    /// Takes in what the labels of one more series say.
    fn join(&mut self, identity: &Identity, names: &mut Interner) {
        self.is_sliced |= identity.replica;
        if self.report.uuid.is_empty() {
            self.report.uuid = names.intern(&identity.uuid);
        }
        if !identity.job.is_empty() {
            self.jobs.insert(identity.job.clone());
        }
        if let Some(holder) = identity.holder(names) {
            self.hold(holder);
        }
    }

    /// Takes in who holds it.
    pub(super) fn hold(&mut self, holder: HolderTold) {
        if !self.report.holders.contains(&holder) {
            self.report.holders.push(holder);
        }
    }

    /// Takes in the value `raw` of `column`. Where a device is told once for each of several pods the
    /// figures are the same, since it is measured once; they are not added up.
    pub(super) fn take(&mut self, column: Column, raw: f64, at: Option<Timestamp>) {
        let told = Collecting {
            figure: column.figure,
            said: column.said(raw),
            is_lesser: column.is_lesser,
            at,
        };
        let known = self
            .figures
            .iter_mut()
            .find(|known| known.figure == told.figure);
        match known {
            Some(known) if told.outranks(known) => *known = told,
            Some(_) => {}
            None => self.figures.push(told),
        }
    }

    pub(super) fn finish(mut self, speech: &Speech) -> DeviceReport {
        self.leave_out_what_is_left_over();
        let value = |figure: Figure| {
            let told = self.figures.iter().find(|known| known.figure == figure)?;
            told.said.value()
        };
        // Total is the sum of its three parts, where all that there are were told.
        let parts = value(Figure::MemoryUsed).zip(value(Figure::MemoryFree));
        let total = match (value(Figure::MemoryTotal), parts) {
            (None, Some((used, free))) => {
                Some(used + free + value(Figure::MemoryReserved).unwrap_or(0.0))
            }
            _ => None,
        };
        let mut figures: Vec<(Figure, Said)> = self
            .figures
            .iter()
            .filter(|known| total.is_none() || known.figure != Figure::MemoryTotal)
            .map(|known| (known.figure, known.said))
            .collect();
        figures.extend(total.map(|total| (Figure::MemoryTotal, Said::Value(total))));
        figures.sort_by_key(|(figure, _)| *figure);
        self.report.figures = figures.into();
        self.report.holders.sort();
        let pods: Vec<&ObjectKey> = self
            .report
            .holders
            .iter()
            .map(|holder| &holder.pod)
            .collect();
        let several = pods.windows(2).any(|pair| pair.first() != pair.last());
        self.report.is_shared = self.is_sliced
            || several
            || self.jobs.len() > 1
            || (speech.always_shared && !pods.is_empty());
        self.report
    }

    /// Says when the device was measured, where all of its figures tell, and takes the figures for not
    /// told that are left from before.
    fn leave_out_what_is_left_over(&mut self) {
        let moments: Option<Vec<Timestamp>> = self.figures.iter().map(|known| known.at).collect();
        self.report.at = moments.and_then(|moments| moments.into_iter().max());
        let newest = self.figures.iter().filter_map(|known| known.at).max();
        for known in &mut self.figures {
            let is_left_over = known
                .at
                .zip(newest)
                .is_some_and(|(at, newest)| newest.duration_since(at) > LEFT_OVER);
            if is_left_over {
                known.said = Said::Absent(Absence::NotTold);
            }
        }
    }
}

impl Collecting {
    /// Whether it holds in the place of `known`: what is told is more than what is not, a better name's
    /// word more than a lesser one's, and a code that is set more than the "none" of another series of
    /// the same device. Of two words on its health the worse holds.
    fn outranks(&self, known: &Self) -> bool {
        match (known.said.value(), self.said.value()) {
            (None, Some(_)) => true,
            (Some(_), Some(_)) if known.is_lesser != self.is_lesser => known.is_lesser,
            (Some(before), Some(now)) if self.figure == Figure::Health => now < before,
            (Some(before), Some(now)) => now > before,
            _ => false,
        }
    }
}
