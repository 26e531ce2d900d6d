//! A device's memory: how much of it is used, and the errors in it.

use jiff::Timestamp;
use nvml_wrapper::{
    enum_wrappers::device::{EccCounter, MemoryError, RetirementCause},
    error::NvmlError,
};
use strata_domain::{
    reading::{Absence, Figure, Said, Source},
    workstation::Remark,
};

use super::{Watched, float};
use crate::nvml::{
    calls::{Caller, absence},
    raw,
};

/// The figures of memory.
const FIGURES: [Figure; 4] = [
    Figure::MemoryUsed,
    Figure::MemoryFree,
    Figure::MemoryReserved,
    Figure::MemoryTotal,
];

impl Watched<'_> {
    /// How much of it is used.
    pub(super) fn memory(&mut self, caller: &mut Caller<'_>) {
        if self.unsupported.contains(&Figure::MemoryTotal) {
            return;
        }
        let outcome = self.memory_told(caller);
        let at = caller.now();
        match outcome {
            // What has no memory of its own tells 0, which is no size.
            Ok([.., Some(0)]) | Err(NvmlError::NotSupported) => self.has_none(at),
            Ok(told) => {
                for (figure, bytes) in FIGURES.into_iter().zip(told) {
                    let said = bytes.map_or(Said::Absent(Absence::NotSupported), |bytes| {
                        figure.judge(float(bytes))
                    });
                    self.keep(figure, said, Source::Nvml, at);
                }
            }
            Err(error) => {
                self.note(&error);
                for figure in FIGURES {
                    self.keep(figure, Said::Absent(absence(&error)), Source::Nvml, at);
                }
            }
        }
    }

    /// The bytes of each of [`FIGURES`]. Drivers before R510 tell what they keep for themselves as used.
    fn memory_told(&self, caller: &mut Caller<'_>) -> Result<[Option<u64>; 4], NvmlError> {
        let id = &self.sample.id;
        let told = caller.call(id, "nvmlDeviceGetMemoryInfo_v2", || {
            self.device.memory_info()
        });
        match told {
            Ok(memory) => Ok([memory.used, memory.free, memory.reserved, memory.total].map(Some)),
            Err(NvmlError::FailedToLoadSymbol(_)) => {
                let older =
                    caller.call(id, "nvmlDeviceGetMemoryInfo", || raw::memory(&self.device));
                older.map(|[total, free, used]| [Some(used), Some(free), None, Some(total)])
            }
            Err(error) => Err(error),
        }
    }

    /// Processor and device share one memory.
    fn has_none(&mut self, at: Timestamp) {
        for figure in FIGURES {
            self.keep(
                figure,
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

    /// The pages that were taken out of use, on GPUs before Ampere: later ones remap rows.
    pub(super) fn retired_pages(&mut self, caller: &mut Caller<'_>) {
        for (figure, cause) in [
            (
                Figure::PagesRetiredCorrected,
                RetirementCause::MultipleSingleBitEccErrors,
            ),
            (
                Figure::PagesRetiredUncorrected,
                RetirementCause::DoubleBitEccError,
            ),
        ] {
            self.ask(
                figure,
                "nvmlDeviceGetRetiredPages_v2",
                caller,
                move |device| {
                    let pages = device.retired_pages(cause)?;
                    Ok(float(u64::try_from(pages.len()).unwrap_or(u64::MAX)))
                },
            );
        }
        self.ask(
            Figure::PageRetirementPending,
            "nvmlDeviceGetRetiredPagesPendingStatus",
            caller,
            |device| device.are_pages_pending_retired().map(f64::from),
        );
    }
}
