//! HAMi's monitor on each node, which tells of devices that containers share by memory and cores.
//!
//! Names: Project-HAMi/HAMi `cmd/vGPUmonitor/metrics.go`, and those of releases up to 2.8
//! (`HostGPUMemoryUsage` and its kin). What a container uses of a device is told under names of its
//! own and is no figure of the device; its labels say who has the device. Errors of memory are left
//! out: they are counted over the life of the device, and not since the driver was loaded.

use std::borrow::Cow;

use strata_domain::reading::{Figure, Source, blank};

use super::{Identity, Meaning, Speech, no_lesser};

const PERCENT: f64 = 0.01;

pub(super) const HAMI: Speech = Speech {
    source: Source::Hami,
    figure,
    lesser: no_lesser,
    is_of_holder,
    blank,
    label,
    always_shared: true,
};

fn is_of_holder(name: &str) -> bool {
    matches!(
        name,
        "hami_vgpu_memory_used_bytes" | "vGPU_device_memory_usage_in_bytes"
    )
}

fn figure(name: &str) -> Option<Meaning> {
    Some(match name {
        "hami_host_gpu_memory_used_bytes" | "HostGPUMemoryUsage" => (Figure::MemoryUsed, 1.0),
        "hami_host_gpu_utilization_ratio" | "HostCoreUtilization" => (Figure::Utilization, PERCENT),
        "hami_host_gpu_memory_controller_utilization_ratio" => (Figure::MemoryUtilization, PERCENT),
        "hami_host_gpu_temperature_celsius" => (Figure::Temperature, 1.0),
        "hami_host_gpu_power_usage_watts" => (Figure::Power, 1.0),
        _ => return None,
    })
}

fn label(identity: &mut Identity, name: &str, value: Cow<'_, str>) {
    match name {
        "device_index" | "deviceidx" => identity.index = value.parse().ok(),
        "device_uuid" | "deviceuuid" => identity.uuid = value.into_owned(),
        "device_type" | "devicetype" => identity.model = value.into_owned(),
        "node" | "nodeid" => identity.node = value.into_owned(),
        _ => {
            identity.pod_label(name, value);
        }
    }
}
