//! Huawei's npu-exporter.
//!
//! Names and units: the MindCluster documentation of NPU-Exporter. The device's number is `id`
//! (`npuID` in older releases), its own name `vdie_id` (`uuid`), its pod `pod_name` (`podName`).
//! `utilization` is that of the AI Cores, a share of cycles: another definition than GPU utilization.
//!
//! Values have the moment at which they were measured. What could not be measured is -1 or has all 32
//! bits set (`ascend-common/devmanager/common`, `RetError` and `UnRetError`); some releases leave it
//! out. A 310P has no HBM: its memory is told without that word, which on a 910 is the other memory.

use std::borrow::Cow;

use strata_domain::reading::{Absence, Figure, Source};

use super::{Identity, Meaning, Speech, no_holder};

const MEBIBYTE: f64 = 1_048_576.0;
const PERCENT: f64 = 0.01;

pub(super) const ASCEND: Speech = Speech {
    source: Source::NpuExporter,
    figure,
    lesser,
    is_of_holder: no_holder,
    blank,
    label,
    always_shared: false,
};

fn blank(raw: f64) -> Option<Absence> {
    let is_failure = [-1.0, f64::from(u32::MAX)]
        .iter()
        .any(|failure| (raw - failure).abs() < 0.5);
    if is_failure {
        return Some(Absence::NotTold);
    }
    strata_domain::reading::blank(raw)
}

fn lesser(name: &str) -> Option<Meaning> {
    Some(match name.strip_prefix("npu_chip_info_")? {
        "used_memory" => (Figure::MemoryUsed, MEBIBYTE),
        "total_memory" => (Figure::MemoryTotal, MEBIBYTE),
        _ => return None,
    })
}

fn figure(name: &str) -> Option<Meaning> {
    Some(match name.strip_prefix("npu_chip_info_")? {
        "utilization" => (Figure::AiCoreUtilization, PERCENT),
        "hbm_used_memory" => (Figure::MemoryUsed, MEBIBYTE),
        "hbm_total_memory" => (Figure::MemoryTotal, MEBIBYTE),
        "hbm_utilization" => (Figure::MemoryUtilization, PERCENT),
        "temperature" => (Figure::Temperature, 1.0),
        "hbm_temperature" => (Figure::MemoryTemperature, 1.0),
        "power" => (Figure::Power, 1.0),
        "aicore_current_freq" => (Figure::SmClock, 1.0),
        "health_status" => (Figure::Health, 1.0),
        "error_code" => (Figure::ErrorCode, 1.0),
        _ => return None,
    })
}

fn label(identity: &mut Identity, name: &str, value: Cow<'_, str>) {
    match name {
        "id" | "npuID" | "npu_id" => identity.index = value.parse().ok(),
        "vdie_id" | "uuid" => identity.uuid = value.into_owned(),
        "model_name" | "modelName" => identity.model = value.into_owned(),
        "pcie_bus_info" | "pcie" => identity.pci = value.into_owned(),
        "node_name" => identity.node = value.into_owned(),
        "podName" => identity.pod = value.into_owned(),
        "containerName" => identity.container = value.into_owned(),
        _ => {
            identity.pod_label(name, value);
        }
    }
}
