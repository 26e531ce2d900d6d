//! NVML's performance monitoring (GPM): what Hopper and later tell of the time between two samples,
//! MIG or not.

use std::collections::BTreeMap;

use jiff::Timestamp;
use nvml_wrapper::{
    Device,
    enums::gpm::GpmMetricId,
    error::NvmlError,
    gpm::{GpmSample, gpm_metrics_get},
    struct_wrappers::gpm::GpmMetricResult,
};
use strata_domain::reading::{Absence, Figure, Reading, Source};

use super::Watched;
use crate::nvml::calls::{Caller, absence};

/// What is asked for, and what it is called here.
const METRICS: [(Figure, GpmMetricId); 5] = [
    (Figure::SmActive, GpmMetricId::SmUtil),
    (Figure::EngineActive, GpmMetricId::GraphicsUtil),
    (Figure::SmOccupancy, GpmMetricId::SmOccupancy),
    (Figure::TensorActive, GpmMetricId::AnyTensorUtil),
    (Figure::DramActive, GpmMetricId::DramBwUtil),
];

/// What was told of each of [`METRICS`].
type Told = Vec<Result<GpmMetricResult, NvmlError>>;

impl<'n> Watched<'n> {
    /// Takes a sample and compares it with the one before. A device that cannot is not asked again
    /// until the next rare ask.
    pub(super) fn monitoring(&mut self, caller: &mut Caller<'_>) {
        if self.unsupported.contains(&Figure::SmActive) {
            return;
        }
        let id = self.sample.id.clone();
        let sample = caller.call(&id, "nvmlGpmSampleGet", || self.device.gpm_sample());
        let sample = match sample {
            Ok(sample) => sample,
            Err(error) => {
                self.gpm = None;
                // Older devices are common: that they lack it is not worth a line each.
                self.unsupported.insert(Figure::SmActive);
                self.note(&error);
                return self.no_metrics(absence(&error), caller);
            }
        };
        if let Some(before) = self.gpm.take() {
            self.compare(&before, &sample, caller);
        }
        self.gpm = Some(sample);
    }

    /// The same for each GPU instance of MIG, which has no other figure of how busy it is. What several
    /// compute instances share is no one's of them.
    pub(super) fn instance_monitoring(&mut self, caller: &mut Caller<'_>) {
        let mut lying_in: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (place, instance) in self.sample.instances.iter().enumerate() {
            lying_in
                .entry(instance.gpu_instance)
                .or_default()
                .push(place);
        }
        self.gpm_of_instances
            .retain(|number, _| lying_in.contains_key(number));
        if self.unsupported.contains(&Figure::SmActive) {
            return;
        }
        let id = self.sample.id.clone();
        for (number, places) in lying_in {
            let [place] = places.as_slice() else { continue };
            let sample = caller.call(&id, "nvmlGpmMigSampleGet", || {
                self.device.gpm_mig_sample(number)
            });
            let Ok(sample) = sample else { continue };
            if let Some(before) = self.gpm_of_instances.get(&number) {
                let told = metrics(&self.device, &id, before, &sample, caller);
                let at = caller.now();
                if let Some(instance) = self.sample.instances.get_mut(*place) {
                    instance.readings.retain(|one| one.source != Source::Gpm);
                    instance.readings.extend(readings(told, at));
                }
            }
            self.gpm_of_instances.insert(number, sample);
        }
    }

    fn compare(&mut self, before: &GpmSample<'n>, now: &GpmSample<'n>, caller: &mut Caller<'_>) {
        let told = metrics(&self.device, &self.sample.id, before, now, caller);
        let at = caller.now();
        let told = match told {
            Ok(told) => told,
            Err(error) => return self.no_metrics(absence(&error), caller),
        };
        for ((figure, _), told) in METRICS.into_iter().zip(told) {
            match told {
                Ok(told) => self.keep(figure, figure.judge(told.value / 100.0), Source::Gpm, at),
                Err(error) => self.silence(&[figure], absence(&error), Source::Gpm, at),
            }
        }
    }

    fn no_metrics(&mut self, absence: Absence, caller: &Caller<'_>) {
        let figures = METRICS.map(|(figure, _)| figure);
        self.silence(&figures, absence, Source::Gpm, caller.now());
    }
}

/// What the driver tells of the time between two samples.
fn metrics<'n>(
    device: &Device<'n>,
    id: &str,
    before: &GpmSample<'n>,
    now: &GpmSample<'n>,
    caller: &mut Caller<'_>,
) -> Result<Told, NvmlError> {
    let asked = METRICS.map(|(_, metric)| metric);
    let nvml = device.nvml();
    caller.call(id, "nvmlGpmMetricsGet", || {
        gpm_metrics_get(nvml, before, now, &asked)
    })
}

/// The readings of an instance; one that was not told is none.
fn readings(told: Result<Told, NvmlError>, at: Timestamp) -> impl Iterator<Item = Reading> {
    METRICS
        .into_iter()
        .zip(told.unwrap_or_default())
        .filter_map(move |((figure, _), told)| {
            Some(Reading {
                figure,
                said: figure.judge(told.ok()?.value / 100.0),
                source: Source::Gpm,
                at,
            })
        })
}
