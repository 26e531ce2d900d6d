//! HAMi's monitor on each node, which tells of devices that containers share by memory and cores.
//!
//! Names: Project-HAMi/HAMi `cmd/vGPUmonitor/metrics.go`, and those of releases up to 2.8
//! (`HostGPUMemoryUsage` and its kin). What a container uses of a device is told under names of its
//! own and is no figure of the device; it names the container.

use std::borrow::Cow;

use strata_domain::reading::{Figure, Source};

use super::{Identity, Speech};

const PERCENT: f64 = 0.01;

pub(super) const HAMI: Speech = Speech {
    source: Source::Hami,
    figure,
    label,
    always_shared: true,
};

fn figure(name: &str) -> Option<(Figure, f64)> {
    Some(match name {
        "hami_host_gpu_memory_used_bytes" | "HostGPUMemoryUsage" => (Figure::MemoryUsed, 1.0),
        "hami_host_gpu_utilization_ratio" | "HostCoreUtilization" => (Figure::Utilization, PERCENT),
        "hami_host_gpu_memory_controller_utilization_ratio" => (Figure::MemoryUtilization, PERCENT),
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
