//! The DCGM exporter: what DCGM reads of the GPUs of its node, with the pods that have them.
//!
//! Names, help texts, order and labels: NVIDIA/dcgm-exporter `etc/default-counters.csv`,
//! `etc/dcp-metrics-included.csv`, `internal/pkg/rendermetrics`, `internal/pkg/transformation`. A GPU
//! that fell off the bus has blank fields, which the exporter leaves out; its last XID stays.

use std::{borrow::Cow, sync::Arc};

use super::{
    exposition::{Kind, Labels, Page, Series, Style, labels},
    gpu::Gpu,
};

/// A field of the counters file.
struct Field {
    name: &'static str,
    kind: Kind,
    style: Style,
    help: &'static str,
    read: fn(&Gpu, f64) -> f64,
}

macro_rules! fields {
    ($($name:literal $kind:ident $style:ident $help:literal $read:expr;)*) => {
        &[$(Field { name: $name, kind: Kind::$kind, style: Style::$style, help: $help, read: $read }),*]
    };
}

/// In the order of the fields' numbers, as the exporter writes them.
#[rustfmt::skip]
const FIELDS: &[Field] = fields![
    "DCGM_FI_DEV_SM_CLOCK" Gauge Whole "SM clock frequency (in MHz)." Gpu::sm_clock;
    "DCGM_FI_DEV_MEM_CLOCK" Gauge Whole "Memory clock frequency (in MHz)." |gpu, _| gpu.memory_clock();
    "DCGM_FI_DEV_CLOCKS_EVENT_REASONS" Gauge Whole "Current clock event reasons (bitmask of DCGM_CLOCKS_EVENT_REASON_*)" Gpu::clocks_event_reasons;
    "DCGM_FI_DEV_MEMORY_TEMP" Gauge Whole "Memory temperature (in C)." Gpu::memory_temperature;
    "DCGM_FI_DEV_GPU_TEMP" Gauge Whole "GPU temperature (in C)." Gpu::temperature;
    "DCGM_FI_DEV_POWER_USAGE" Gauge Fixed "Power draw (in W)." Gpu::power;
    "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION" Counter Whole "Total energy consumption since boot (in mJ)." Gpu::energy;
    "DCGM_FI_DEV_PCIE_REPLAY_COUNTER" Counter Whole "Total number of PCIe retries." |_, _| 0.0;
    "DCGM_FI_DEV_GPU_UTIL" Gauge Whole "GPU utilization (in %)." Gpu::utilization;
    "DCGM_FI_DEV_MEM_COPY_UTIL" Gauge Whole "Memory utilization (in %)." |gpu, at| gpu.dram_active(at) * 100.0;
    "DCGM_FI_DEV_ENC_UTIL" Gauge Whole "Encoder utilization (in %)." |_, _| 0.0;
    "DCGM_FI_DEV_DEC_UTIL" Gauge Whole "Decoder utilization (in %)." |_, _| 0.0;
    "DCGM_FI_DEV_XID_ERRORS" Gauge Whole "Value of the last XID error encountered." |gpu, at| f64::from(gpu.last_xid(at));
    "DCGM_FI_DEV_THERMAL_VIOLATION" Counter Whole "Throttling duration due to thermal constraints (in ns)." Gpu::thermal_violation;
    "DCGM_FI_DEV_FB_FREE" Gauge Whole "Framebuffer memory free (in MiB)." Gpu::memory_free;
    "DCGM_FI_DEV_FB_USED" Gauge Whole "Framebuffer memory used (in MiB)." Gpu::memory_used;
    "DCGM_FI_DEV_FB_RESERVED" Gauge Whole "Framebuffer memory reserved (in MiB)." |gpu, _| gpu.memory_reserved();
    "DCGM_FI_DEV_ECC_SBE_VOL_TOTAL" Counter Whole "Total number of single-bit volatile ECC errors." Gpu::corrected_errors;
    "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL" Counter Whole "Total number of double-bit volatile ECC errors." |_, _| 0.0;
    "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS" Counter Whole "Number of remapped rows for uncorrectable errors" |_, _| 0.0;
    "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS" Counter Whole "Number of remapped rows for correctable errors" |gpu, _| gpu.remapped_rows();
    "DCGM_FI_DEV_ROW_REMAP_FAILURE" Gauge Whole "Whether remapping of rows has failed" |_, _| 0.0;
    "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL" Counter Whole "Total number of NVLink bandwidth counters for all lanes." Gpu::nvlink_total;
    "DCGM_FI_DEV_VGPU_LICENSE_STATUS" Gauge Whole "vGPU License status" |_, _| 0.0;
    "DCGM_FI_PROF_GR_ENGINE_ACTIVE" Gauge Fixed "Ratio of time the graphics engine is active." Gpu::busy;
    "DCGM_FI_PROF_SM_ACTIVE" Gauge Fixed "The ratio of cycles an SM has at least 1 warp assigned." Gpu::sm_active;
    "DCGM_FI_PROF_SM_OCCUPANCY" Gauge Fixed "The ratio of number of warps resident on an SM." Gpu::sm_occupancy;
    "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE" Gauge Fixed "Ratio of cycles the tensor (HMMA) pipe is active." Gpu::tensor_active;
    "DCGM_FI_PROF_DRAM_ACTIVE" Gauge Fixed "Ratio of cycles the device memory interface is active sending or receiving data." Gpu::dram_active;
    "DCGM_FI_PROF_PCIE_TX_BYTES" Gauge Whole "The rate of data transmitted over the PCIe bus - including both protocol headers and data payloads - in bytes per second." |gpu, at| gpu.pcie_rate(at, true);
    "DCGM_FI_PROF_PCIE_RX_BYTES" Gauge Whole "The rate of data received over the PCIe bus - including both protocol headers and data payloads - in bytes per second." |gpu, at| gpu.pcie_rate(at, false);
    "DCGM_FI_PROF_NVLINK_TX_BYTES" Gauge Whole "The rate of data transmitted over NVLink, not including protocol headers, in bytes per second." |gpu, at| gpu.nvlink_rate(at) / 2.0;
    "DCGM_FI_PROF_NVLINK_RX_BYTES" Gauge Whole "The rate of data received over NVLink, not including protocol headers, in bytes per second." |gpu, at| gpu.nvlink_rate(at) / 2.0;
];

/// What the exporter says of a field that the GPU survives the loss of.
const XID: &str = "DCGM_FI_DEV_XID_ERRORS";

/// Tells the fields of `gpus`; in the names of the exporter's first version where `is_old`.
pub(super) fn tell(page: &mut Page<'_>, gpus: &[Arc<Gpu>], is_old: bool) {
    for field in FIELDS {
        page.tell((field.kind, field.style), field.name, field.help, || {
            gpus.iter()
                .filter(|gpu| has_field(gpu, field))
                .flat_map(|gpu| series(gpu, field, is_old))
                .collect()
        });
    }
}

fn has_field(gpu: &Gpu, field: &Field) -> bool {
    let has_links = gpu.product.nvlink_bytes > 0.0 || !field.name.contains("NVLINK");
    let has_sensor = gpu.product.has_memory_sensor || field.name != "DCGM_FI_DEV_MEMORY_TEMP";
    has_links && has_sensor
}

/// One series for each pod that has or had the GPU, and one for when none has it: who has it is
/// part of the labels.
fn series(gpu: &Arc<Gpu>, field: &'static Field, is_old: bool) -> Vec<Series> {
    let mut all = vec![(labels_of(gpu, is_old), None)];
    for held in &gpu.holdings {
        let mut labels = labels_of(gpu, is_old);
        let names = if is_old {
            ["container_name", "pod_namespace", "pod_name"]
        } else {
            ["container", "namespace", "pod"]
        };
        let holder = &held.holder;
        labels.push((names[0].into(), holder.container.clone()));
        if let Some(claim) = &holder.claim {
            labels.push(("dra_claim_name".into(), claim.to_string()));
            labels.push((
                "dra_claim_namespace".into(),
                holder.key.namespace.to_string(),
            ));
            labels.push(("dra_device_name".into(), format!("gpu-{}", gpu.index)));
            labels.push(("dra_driver_name".into(), "gpu.nvidia.com".to_owned()));
            labels.push(("dra_pool_name".into(), gpu.node.to_string()));
        }
        labels.push((names[1].into(), holder.key.namespace.to_string()));
        labels.push((names[2].into(), holder.key.name.to_string()));
        all.push((labels, Some(held.since)));
    }
    all.into_iter()
        .flat_map(|(labels, since)| series_while_held(gpu, field, &labels, since))
        .collect()
}

/// The series with `labels`, which is there while the GPU is held since `since`; none: by nobody.
fn series_while_held(
    gpu: &Arc<Gpu>,
    field: &'static Field,
    labels: &Labels,
    since: Option<f64>,
) -> Vec<Series> {
    let is_held = move |gpu: &Gpu, time: f64| gpu.held_at(time).map(|held| held.since) == since;
    let known = Arc::clone(gpu);
    if field.name != XID {
        let read = field.read;
        return vec![Series::new(labels.clone(), move |time| {
            (known.is_present(time) && is_held(&known, time)).then(|| read(&known, time))
        })];
    }
    let mut both = vec![Series::new(
        with_error(labels, "0", "No Error"),
        move |time| {
            let is_well = time >= known.since && known.last_xid(time) == 0;
            (is_well && is_held(&known, time)).then_some(0.0)
        },
    )];
    if gpu.lost_at.is_some() {
        let known = Arc::clone(gpu);
        let labels = with_error(labels, "79", "GPU has fallen off the bus");
        both.push(Series::new(labels, move |time| {
            let xid = known.last_xid(time);
            (xid != 0 && is_held(&known, time)).then(|| f64::from(xid))
        }));
    }
    both
}

fn labels_of(gpu: &Gpu, is_old: bool) -> Labels {
    let mut labels = labels([("gpu", &gpu.index.to_string())]);
    let uuid = if is_old { "uuid" } else { "UUID" };
    labels.push((Cow::Borrowed(uuid), gpu.uuid.clone()));
    labels.push(("pci_bus_id".into(), gpu.product.pci_bus_id(gpu.index)));
    labels.push(("device".into(), format!("nvidia{}", gpu.index)));
    labels.push(("modelName".into(), gpu.product.name.to_owned()));
    labels.push(("Hostname".into(), gpu.node.to_string()));
    labels.push(("DCGM_FI_DRIVER_VERSION".into(), gpu.driver.clone()));
    labels
}

/// The labels that an XID has besides, at their place in the order of names.
fn with_error(labels: &Labels, code: &str, message: &str) -> Labels {
    let mut labels = labels.clone();
    let at = labels
        .iter()
        .position(|(name, _)| name == "DCGM_FI_DRIVER_VERSION")
        .map_or(labels.len(), |at| at + 1);
    labels.insert(at, ("err_code".into(), code.to_owned()));
    labels.insert(at + 1, ("err_msg".into(), message.to_owned()));
    labels
}
