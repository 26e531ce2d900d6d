//! MIG: whether it is on, and the instances of a device.

use nvml_wrapper::Device;
use strata_domain::{
    reading::{Figure, Reading, Said, Source},
    workstation::{MigInstance, Remark},
};

use super::{Watched, float};
use crate::nvml::{
    calls::{Caller, absence},
    raw,
};

impl Watched<'_> {
    /// Reads all of it anew.
    pub(super) fn mig(&mut self, caller: &mut Caller<'_>) {
        let id = self.sample.id.clone();
        let mode = caller.call(&id, "nvmlDeviceGetMigMode", || self.device.mig_mode());
        let (is_on, is_pending) = mode.map_or((false, false), |mode| {
            (mode.current == 1, mode.pending != mode.current)
        });
        self.has_mig = is_on;
        self.remark(Remark::MigOn, is_on);
        self.remark(Remark::MigPending, is_pending);
        self.sample.instances.clear();
        if !is_on {
            return;
        }
        let count = caller
            .call(&id, "nvmlDeviceGetMaxMigDeviceCount", || {
                self.device.mig_device_count()
            })
            .unwrap_or(0);
        for number in 0..count {
            let found = caller.call(&id, "nvmlDeviceGetMigDeviceHandleByIndex", || {
                self.device.mig_device_by_index(number)
            });
            if let Ok(found) = found
                && let Some(instance) = mig_instance(&found, caller)
            {
                self.sample.instances.push(instance);
            }
        }
    }
}

fn mig_instance(device: &Device<'_>, caller: &mut Caller<'_>) -> Option<MigInstance> {
    let id = caller
        .call("", "nvmlDeviceGetUUID", || device.uuid())
        .ok()?;
    let (gpu_instance, compute_instance) = caller
        .call(&id, "nvmlDeviceGetGpuInstanceId", || raw::numbers(device))
        .ok()?;
    let name = caller
        .call(&id, "nvmlDeviceGetName", || device.name())
        .unwrap_or_default();
    // `NVIDIA A100-SXM4-40GB MIG 1g.5gb`.
    let profile = name
        .rsplit_once(" MIG ")
        .map_or(name.as_str(), |(_, profile)| profile)
        .to_owned();
    let memory = caller.call(&id, "nvmlDeviceGetMemoryInfo_v2", || device.memory_info());
    let at = caller.now();
    let readings = [
        (
            Figure::MemoryUsed,
            memory.as_ref().map(|memory| memory.used),
        ),
        (
            Figure::MemoryTotal,
            memory.as_ref().map(|memory| memory.total),
        ),
    ]
    .map(|(figure, value)| Reading {
        figure,
        said: value.map_or_else(
            |error| Said::Absent(absence(error)),
            |bytes| figure.judge(float(bytes)),
        ),
        source: Source::Nvml,
        at,
    });
    Some(MigInstance {
        id,
        profile,
        gpu_instance,
        compute_instance,
        readings: readings.to_vec(),
    })
}
