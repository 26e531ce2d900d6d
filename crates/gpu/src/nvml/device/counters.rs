//! What a device counts: energy, replays on PCIe, and what the driver tells as numbered fields, remapped
//! rows and what NVLink carried among them.

use jiff::Timestamp;
use nvml_wrapper::sys_exports::field_id;
use strata_domain::reading::{Absence, Figure, Said, Source};

use super::{Watched, float};
use crate::nvml::{
    calls::{Caller, absence, said},
    raw::{self, ALL_LINKS, WHOLE},
};

/// The numbered fields that are asked for, and over what each is summed up.
const FIELDS: [(Figure, u32, u32); 7] = [
    (
        Figure::MemoryTemperature,
        field_id::NVML_FI_DEV_MEMORY_TEMP,
        WHOLE,
    ),
    (
        Figure::RowsRemappedCorrected,
        field_id::NVML_FI_DEV_REMAPPED_COR,
        WHOLE,
    ),
    (
        Figure::RowsRemappedUncorrected,
        field_id::NVML_FI_DEV_REMAPPED_UNC,
        WHOLE,
    ),
    (
        Figure::RowRemapPending,
        field_id::NVML_FI_DEV_REMAPPED_PENDING,
        WHOLE,
    ),
    (
        Figure::RowRemapFailure,
        field_id::NVML_FI_DEV_REMAPPED_FAILURE,
        WHOLE,
    ),
    (
        Figure::NvlinkTx,
        field_id::NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX,
        ALL_LINKS,
    ),
    (
        Figure::NvlinkRx,
        field_id::NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX,
        ALL_LINKS,
    ),
];

impl Watched<'_> {
    /// Energy, and what the driver tells as numbered fields, in one call.
    pub(super) fn counters(&mut self, caller: &mut Caller<'_>) {
        self.ask(
            Figure::Energy,
            "nvmlDeviceGetTotalEnergyConsumption",
            caller,
            |device| {
                device
                    .total_energy_consumption()
                    .map(|millijoules| float(millijoules) / 1e3)
            },
        );
        self.ask(
            Figure::PcieReplays,
            "nvmlDeviceGetPcieReplayCounter",
            caller,
            |device| device.pcie_replay_counter().map(f64::from),
        );
        let asked = FIELDS.map(|(_, number, scope)| (number, scope));
        let outcome = caller.call(&self.sample.id, "nvmlDeviceGetFieldValues", || {
            raw::fields(&self.device, asked)
        });
        let at = caller.now();
        let values = match outcome {
            Ok(values) => values,
            Err(error) => {
                self.note(&error);
                let figures = FIELDS.map(|(figure, ..)| figure);
                return self.silence(&figures, absence(&error), Source::Nvml, at);
            }
        };
        for ((figure, ..), value) in FIELDS.into_iter().zip(values) {
            let told = match (figure, value) {
                // Kibibytes since the driver was loaded.
                (Figure::NvlinkTx | Figure::NvlinkRx, Ok(kibibytes)) => {
                    self.flow(figure, kibibytes * 1024.0, at)
                }
                (_, value) => said(figure, value),
            };
            self.keep(figure, told, Source::Nvml, at);
        }
    }

    /// What flowed since the last time, in each second.
    fn flow(&mut self, figure: Figure, carried: f64, at: Timestamp) -> Said {
        let before = self.carried.insert(figure, (at, carried));
        match before {
            Some((then, before)) if at > then && carried >= before => {
                figure.judge((carried - before) / at.duration_since(then).as_secs_f64())
            }
            // The first time, or the counter began anew.
            _ => Said::Absent(Absence::NotTold),
        }
    }
}
