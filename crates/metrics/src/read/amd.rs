//! AMD's device metrics exporter.
//!
//! Names and units: `docs/configuration/metricslist.md` of ROCm/device-metrics-exporter. Names are
//! written in lower case, in capitals by releases before 1.3, and with a prefix where one is
//! configured (`amd_` in its examples). MI200 have names of their own for power and temperature.
//!
//! Its `gpu_prof_sm_active` is left out: that is the share of time in which vector instructions were
//! processed, where NVIDIA's SM active is that in which a multiprocessor had a warp at all. The two
//! would stand on one scale.

use std::borrow::Cow;

use strata_domain::reading::{Absence, Figure, Source};

use super::{Identity, Meaning, Speech, no_holder};

const MEBIBYTE: f64 = 1_048_576.0;
const PERCENT: f64 = 0.01;

pub(super) const AMD: Speech = Speech {
    source: Source::AmdExporter,
    figure,
    lesser,
    is_of_holder: no_holder,
    blank,
    label,
    always_shared: false,
};

/// The agent has all bits set, in 32 or 64 bits, where the card tells nothing.
fn blank(raw: f64) -> Option<Absence> {
    if (raw - f64::from(u32::MAX)).abs() < 0.5 {
        return Some(Absence::NotTold);
    }
    strata_domain::reading::blank(raw)
}

/// `name` in lower case, without a prefix that is configured.
fn bare(name: &str) -> Option<String> {
    let mut lower = name.to_ascii_lowercase();
    let start = lower.find("gpu_").or_else(|| lower.find("pcie_"))?;
    Some(lower.split_off(start))
}

fn lesser(name: &str) -> Option<Meaning> {
    Some(match bare(name)?.as_str() {
        "gpu_average_package_power" => (Figure::Power, 1.0),
        "gpu_edge_temperature" => (Figure::Temperature, 1.0),
        _ => return None,
    })
}

fn figure(name: &str) -> Option<Meaning> {
    Some(match bare(name)?.as_str() {
        "gpu_gfx_activity" => (Figure::Utilization, PERCENT),
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
