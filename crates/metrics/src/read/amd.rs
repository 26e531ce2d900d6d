//! AMD's device metrics exporter.
//!
//! Names and units: `docs/configuration/metricslist.md` of ROCm/device-metrics-exporter. Names are
//! written in lower case, in capitals by releases before 1.3, and with a prefix where one is
//! configured (`amd_` in its examples).

use std::borrow::Cow;

use strata_domain::reading::{Figure, Source};

use super::{Identity, Speech};

const MEBIBYTE: f64 = 1_048_576.0;
const PERCENT: f64 = 0.01;

pub(super) const AMD: Speech = Speech {
    source: Source::AmdExporter,
    figure,
    label,
    always_shared: false,
};

fn figure(name: &str) -> Option<(Figure, f64)> {
    let lower = name.to_ascii_lowercase();
    let start = lower.find("gpu_").or_else(|| lower.find("pcie_"))?;
    Some(match lower.get(start..)? {
        "gpu_gfx_activity" => (Figure::Utilization, PERCENT),
        "gpu_prof_sm_active" => (Figure::SmActive, PERCENT),
        "gpu_prof_occupancy_percent" => (Figure::SmOccupancy, PERCENT),
        "gpu_prof_tensor_active_percent" => (Figure::TensorActive, PERCENT),
        "gpu_umc_activity" => (Figure::MemoryUtilization, PERCENT),
        "gpu_used_vram" => (Figure::MemoryUsed, MEBIBYTE),
        "gpu_free_vram" => (Figure::MemoryFree, MEBIBYTE),
        "gpu_total_vram" => (Figure::MemoryTotal, MEBIBYTE),
        "gpu_junction_temperature" => (Figure::Temperature, 1.0),
        "gpu_memory_temperature" => (Figure::MemoryTemperature, 1.0),
        "gpu_package_power" | "gpu_power_usage" => (Figure::Power, 1.0),
        "gpu_energy_consumed" => (Figure::Energy, 1e-6),
        "gpu_ecc_correct_total" => (Figure::EccCorrected, 1.0),
        "gpu_ecc_uncorrect_total" => (Figure::EccUncorrected, 1.0),
        "gpu_health" => (Figure::Health, 1.0),
        "gpu_afid_errors" => (Figure::ErrorCode, 1.0),
        "pcie_replay_count" => (Figure::PcieReplays, 1.0),
        _ => return None,
    })
}

fn label(identity: &mut Identity, name: &str, value: Cow<'_, str>) {
    match name {
        "gpu_id" => identity.index = value.parse().ok(),
        "gpu_uuid" => identity.uuid = value.into_owned(),
        // Where no UUID is told, the serial number is what stays with the card.
        "serial_number" if identity.uuid.is_empty() => identity.uuid = value.into_owned(),
        "hostname" => identity.node = value.into_owned(),
        "card_series" => identity.model = value.into_owned(),
        "card_model" if identity.model.is_empty() => identity.model = value.into_owned(),
        "driver_version" => identity.driver = value.into_owned(),
        "pcie_bus_id" => identity.pci = value.into_owned(),
        _ => {
            identity.pod_label(name, value);
        }
    }
}
