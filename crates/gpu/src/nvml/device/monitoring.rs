//! NVML's performance monitoring (GPM): what Hopper and later tell of the time between two samples,
//! MIG or not.

use nvml_wrapper::{
    enums::gpm::GpmMetricId,
    gpm::{GpmSample, gpm_metrics_get},
};
use strata_domain::reading::{Figure, Source};

use super::Watched;
use crate::nvml::calls::Caller;

/// What is asked for, and what it is called here.
const METRICS: [(Figure, GpmMetricId); 5] = [
    (Figure::SmActive, GpmMetricId::SmUtil),
    (Figure::EngineActive, GpmMetricId::GraphicsUtil),
    (Figure::SmOccupancy, GpmMetricId::SmOccupancy),
    (Figure::TensorActive, GpmMetricId::AnyTensorUtil),
    (Figure::DramActive, GpmMetricId::DramBwUtil),
];

impl<'n> Watched<'n> {
    /// Takes a sample and compares it with the one before. A device that cannot is not asked again
    /// until the next rare ask.
    pub(super) fn monitoring(&mut self, caller: &mut Caller<'_>) {
        if self.unsupported.contains(&Figure::SmActive) {
            return;
        }
        let id = self.sample.id.clone();
        let sample = caller.call(&id, "nvmlGpmSampleGet", || self.device.gpm_sample());
        let Ok(sample) = sample else {
            // Older devices are common: that they lack it is not worth a line each.
            self.unsupported.insert(Figure::SmActive);
            return;
        };
        if let Some(before) = self.gpm.take() {
            self.compare(&before, &sample, caller);
        }
        self.gpm = Some(sample);
    }

    fn compare(&mut self, before: &GpmSample<'n>, now: &GpmSample<'n>, caller: &mut Caller<'_>) {
        let ids = METRICS.map(|(_, id)| id);
        let nvml = self.device.nvml();
        let told = caller.call(&self.sample.id, "nvmlGpmMetricsGet", || {
            gpm_metrics_get(nvml, before, now, &ids)
        });
        let at = caller.now();
        let Ok(told) = told else { return };
        for ((figure, _), told) in METRICS.into_iter().zip(told) {
            if let Ok(told) = told {
                self.keep(figure, figure.judge(told.value / 100.0), Source::Gpm, at);
            }
        }
    }
}
