//! A device's memory: how much of it is used, and the errors in it.

use jiff::Timestamp;
use nvml_wrapper::{
    enum_wrappers::device::{EccCounter, MemoryError},
    error::NvmlError,
};
use strata_domain::{
    reading::{Absence, Figure, Said, Source},
    workstation::Remark,
};

use super::{Watched, float};
use crate::nvml::calls::{Caller, absence};

impl Watched<'_> {
    /// How much of it is used.
    pub(super) fn memory(&mut self, caller: &mut Caller<'_>) {
        if self.unsupported.contains(&Figure::MemoryTotal) {
            return;
        }
        let outcome = caller.call(&self.sample.id, "nvmlDeviceGetMemoryInfo_v2", || {
            self.device.memory_info()
        });
        let at = caller.now();
        let figures = [
            Figure::MemoryUsed,
            Figure::MemoryFree,
            Figure::MemoryReserved,
            Figure::MemoryTotal,
        ];
        match outcome {
            // What has no memory of its own tells 0, which is no size.
            Ok(memory) if memory.total == 0 => self.has_none(&figures, at),
            Ok(memory) => {
                let values = [memory.used, memory.free, memory.reserved, memory.total];
                for (figure, value) in figures.into_iter().zip(values) {
                    self.keep(figure, figure.judge(float(value)), Source::Nvml, at);
                }
            }
            Err(NvmlError::NotSupported) => self.has_none(&figures, at),
            Err(error) => {
                self.note(&error);
                for figure in figures {
                    self.keep(figure, Said::Absent(absence(&error)), Source::Nvml, at);
                }
            }
        }
    }

    /// Processor and device share one memory.
    fn has_none(&mut self, figures: &[Figure], at: Timestamp) {
        for figure in figures {
            self.keep(
                *figure,
                Said::Absent(Absence::NotSupported),
                Source::Nvml,
                at,
            );
        }
        self.remark(Remark::UnifiedMemory, true);
    }

    /// The errors that were corrected and that were not, since the driver was loaded.
    pub(super) fn ecc(&mut self, caller: &mut Caller<'_>) {
        for (figure, error) in [
            (Figure::EccCorrected, MemoryError::Corrected),
            (Figure::EccUncorrected, MemoryError::Uncorrected),
        ] {
            self.ask(
                figure,
                "nvmlDeviceGetTotalEccErrors",
                caller,
                move |device| {
                    device
                        .total_ecc_errors(error, EccCounter::Volatile)
                        .map(float)
                },
            );
        }
    }
}
