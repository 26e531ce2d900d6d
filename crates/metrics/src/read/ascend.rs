//! Huawei's npu-exporter.
//!
//! Names and units: the MindCluster documentation of NPU-Exporter. The device's number is `id`
//! (`npuID` in older releases), its own name `vdie_id` (`uuid`), its pod `pod_name` (`podName`).
//! AI Core utilization is the share of time in which the matrix cores worked.

use std::borrow::Cow;

use strata_domain::reading::{Figure, Source};

use super::{Identity, Speech};

const MEBIBYTE: f64 = 1_048_576.0;
const PERCENT: f64 = 0.01;

pub(super) const ASCEND: Speech = Speech {
    source: Source::NpuExporter,
    figure,
    label,
    always_shared: false,
};

fn figure(name: &str) -> Option<(Figure, f64)> {
    Some(match name.strip_prefix("npu_chip_info_")? {
        "utilization" => (Figure::Utilization, PERCENT),
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
