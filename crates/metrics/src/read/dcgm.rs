//! NVIDIA's DCGM exporter.
//!
//! Names and units: `etc/default-counters.csv` and `etc/dcp-metrics-included.csv` of
//! NVIDIA/dcgm-exporter; labels: its `internal/pkg/rendermetrics` and `internal/pkg/transformation`.
//! The node is `Hostname` up to release 4.8 and `hostname` after; the UUID's label is `UUID`, or
//! `uuid` with `--use-old-namespace`, where pods are `pod_name` and `pod_namespace`. Series of links
//! have `gpu_uuid` and `model_name` in their place. With `--hpc-job-mapping-dir` a device is told once
//! for each job of a scheduler that Kubernetes does not know, in `hpc_job`.

use std::borrow::Cow;

use strata_domain::reading::{Figure, Source, blank};

use super::{Identity, Meaning, Speech, no_holder};

const MEBIBYTE: f64 = 1_048_576.0;
const PERCENT: f64 = 0.01;
const NANOSECOND: f64 = 1e-9;

pub(super) const DCGM: Speech = Speech {
    source: Source::Dcgm,
    figure,
    lesser,
    is_of_holder: no_holder,
    blank,
    label,
    always_shared: false,
};

/// Nobody's default, and told in the place of the limit that is set.
fn lesser(name: &str) -> Option<Meaning> {
    (name == "DCGM_FI_DEV_ENFORCED_POWER_LIMIT").then_some((Figure::PowerLimit, 1.0))
}

fn figure(name: &str) -> Option<Meaning> {
    let field = name.strip_prefix("DCGM_FI_")?;
    Some(match field {
        "DEV_GPU_UTIL" => (Figure::Utilization, PERCENT),
        "PROF_GR_ENGINE_ACTIVE" => (Figure::EngineActive, 1.0),
        "PROF_SM_ACTIVE" => (Figure::SmActive, 1.0),
        "PROF_SM_OCCUPANCY" => (Figure::SmOccupancy, 1.0),
        "PROF_PIPE_TENSOR_ACTIVE" => (Figure::TensorActive, 1.0),
        "PROF_DRAM_ACTIVE" => (Figure::DramActive, 1.0),
        "DEV_MEM_COPY_UTIL" => (Figure::MemoryUtilization, PERCENT),
        "DEV_ENC_UTIL" => (Figure::EncoderUtilization, PERCENT),
        "DEV_DEC_UTIL" => (Figure::DecoderUtilization, PERCENT),
        "DEV_FB_USED" => (Figure::MemoryUsed, MEBIBYTE),
        "DEV_FB_FREE" => (Figure::MemoryFree, MEBIBYTE),
        "DEV_FB_RESERVED" => (Figure::MemoryReserved, MEBIBYTE),
        "DEV_FB_TOTAL" => (Figure::MemoryTotal, MEBIBYTE),
        "DEV_GPU_TEMP" => (Figure::Temperature, 1.0),
        "DEV_MEMORY_TEMP" => (Figure::MemoryTemperature, 1.0),
        "DEV_POWER_USAGE" => (Figure::Power, 1.0),
        "DEV_POWER_MGMT_LIMIT" => (Figure::PowerLimit, 1.0),
        "DEV_TOTAL_ENERGY_CONSUMPTION" => (Figure::Energy, 1e-3),
        "DEV_SM_CLOCK" => (Figure::SmClock, 1.0),
        "DEV_MEM_CLOCK" => (Figure::MemoryClock, 1.0),
        // Releases before 4 said "throttle" where they now say "clocks event".
        "DEV_CLOCKS_EVENT_REASONS" | "DEV_CLOCK_THROTTLE_REASONS" => {
            (Figure::ClocksEventReasons, 1.0)
        }
        "DEV_THERMAL_VIOLATION" => (Figure::ThermalViolation, NANOSECOND),
        "DEV_POWER_VIOLATION" => (Figure::PowerViolation, NANOSECOND),
        "DEV_XID_ERRORS" => (Figure::LastXid, 1.0),
        "DEV_ECC_SBE_VOL_TOTAL" => (Figure::EccCorrected, 1.0),
        "DEV_ECC_DBE_VOL_TOTAL" => (Figure::EccUncorrected, 1.0),
        "DEV_CORRECTABLE_REMAPPED_ROWS" => (Figure::RowsRemappedCorrected, 1.0),
        "DEV_UNCORRECTABLE_REMAPPED_ROWS" => (Figure::RowsRemappedUncorrected, 1.0),
        "DEV_ROW_REMAP_FAILURE" => (Figure::RowRemapFailure, 1.0),
        "DEV_ROW_REMAP_PENDING" => (Figure::RowRemapPending, 1.0),
        "DEV_FAN_SPEED" => (Figure::FanSpeed, PERCENT),
        "DEV_PCIE_LINK_GEN" => (Figure::PcieGeneration, 1.0),
        "DEV_PCIE_LINK_WIDTH" => (Figure::PcieWidth, 1.0),
        "PROF_PCIE_TX_BYTES" => (Figure::PcieTx, 1.0),
        "PROF_PCIE_RX_BYTES" => (Figure::PcieRx, 1.0),
        "DEV_PCIE_REPLAY_COUNTER" => (Figure::PcieReplays, 1.0),
        "PROF_NVLINK_TX_BYTES" => (Figure::NvlinkTx, 1.0),
        "PROF_NVLINK_RX_BYTES" => (Figure::NvlinkRx, 1.0),
        _ => return None,
    })
}

fn label(identity: &mut Identity, name: &str, value: Cow<'_, str>) {
    match name {
        "gpu" => identity.index = value.parse().ok(),
        "UUID" | "uuid" | "gpu_uuid" => identity.uuid = value.into_owned(),
        "Hostname" | "hostname" => identity.node = value.into_owned(),
        "modelName" | "model_name" => identity.model = value.into_owned(),
        "pci_bus_id" => identity.pci = value.into_owned(),
        "DCGM_FI_DRIVER_VERSION" => identity.driver = value.into_owned(),
        "GPU_I_PROFILE" => identity.profile = value.into_owned(),
        "GPU_I_ID" => identity.instance = value.into_owned(),
        // A replica of time-slicing, told apart with `KUBERNETES_VIRTUAL_GPUS`.
        "vgpu" => identity.replica = !value.is_empty(),
        "hpc_job" => identity.job = value.into_owned(),
        _ => {
            identity.pod_label(name, value);
        }
    }
}
