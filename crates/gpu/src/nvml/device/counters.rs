//! What a device counts: energy, replays on PCIe, and what the driver tells as numbered fields, remapped
//! rows and what NVLink carried among them.

use jiff::Timestamp;
use nvml_wrapper::{enums::device::SampleValue, structs::device::FieldId, sys_exports::field_id};
use strata_domain::reading::{Absence, Figure, Said, Source};

use super::{Watched, float};
use crate::nvml::calls::{Caller, said};

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
        let fields = [
            (Figure::MemoryTemperature, field_id::NVML_FI_DEV_MEMORY_TEMP),
            (
                Figure::RowsRemappedCorrected,
                field_id::NVML_FI_DEV_REMAPPED_COR,
            ),
            (
                Figure::RowsRemappedUncorrected,
                field_id::NVML_FI_DEV_REMAPPED_UNC,
            ),
            (
                Figure::RowRemapPending,
                field_id::NVML_FI_DEV_REMAPPED_PENDING,
            ),
            (
                Figure::RowRemapFailure,
                field_id::NVML_FI_DEV_REMAPPED_FAILURE,
            ),
            (
                Figure::NvlinkTx,
                field_id::NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX,
            ),
            (
                Figure::NvlinkRx,
                field_id::NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX,
            ),
        ];
        let ids = fields.map(|(_, id)| FieldId(id));
        let outcome = caller.call(&self.sample.id, "nvmlDeviceGetFieldValues", || {
            self.device.field_values_for(&ids)
        });
        let at = caller.now();
        let values = match outcome {
            Ok(values) => values,
            Err(error) => return self.note(&error),
        };
        for ((figure, _), value) in fields.into_iter().zip(values) {
            let value = value
                .and_then(|sample| sample.value)
                .map(|value| match value {
                    SampleValue::F64(value) => value,
                    SampleValue::U32(value) => f64::from(value),
                    SampleValue::U64(value) => float(value),
                    SampleValue::I64(value) => float(u64::try_from(value).unwrap_or(0)),
                });
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
