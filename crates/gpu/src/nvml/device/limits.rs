//! What a device may be set to, by its driver's account.

use nvml_wrapper::{Device, enum_wrappers::device::Clock, error::NvmlError};
use strata_domain::workstation::{ClockRange, PowerRange, Remark};

use super::Watched;
use crate::nvml::calls::Caller;

impl Watched<'_> {
    /// Reads all of it anew.
    pub(super) fn limits(&mut self, caller: &mut Caller<'_>) {
        let id = self.sample.id.clone();
        self.sample.power = power(&self.device, &id, caller).ok();
        self.sample.clocks = clocks(&self.device, &id, caller).ok();
        let persists = is_persistent(&self.device, &id, caller);
        self.remark(Remark::NoPersistence, matches!(persists, Ok(false)));
    }
}

/// The power limits that may be set.
pub(in crate::nvml) fn power(
    device: &Device<'_>,
    id: &str,
    caller: &mut Caller<'_>,
) -> Result<PowerRange, NvmlError> {
    let limits = caller.call(id, "nvmlDeviceGetPowerManagementLimitConstraints", || {
        device.power_management_limit_constraints()
    })?;
    let default = caller.call(id, "nvmlDeviceGetPowerManagementDefaultLimit", || {
        device.power_management_limit_default()
    });
    let watts = |milliwatts: u32| f64::from(milliwatts) / 1e3;
    Ok(PowerRange {
        least: watts(limits.min_limit),
        most: watts(limits.max_limit),
        default: default.map_or(watts(limits.max_limit), watts),
    })
}

/// The clocks that the multiprocessors may be locked to: those that the driver lists beside the
/// fastest memory.
pub(in crate::nvml) fn clocks(
    device: &Device<'_>,
    id: &str,
    caller: &mut Caller<'_>,
) -> Result<ClockRange, NvmlError> {
    let memory = caller.call(id, "nvmlDeviceGetSupportedMemoryClocks", || {
        device.supported_memory_clocks()
    })?;
    let fastest = memory.into_iter().max().ok_or(NvmlError::NotSupported)?;
    let listed = caller.call(id, "nvmlDeviceGetSupportedGraphicsClocks", || {
        device.supported_graphics_clocks(fastest)
    })?;
    let least = listed.iter().min().ok_or(NvmlError::NotSupported)?;
    // A card may go faster than what is listed.
    let most = caller.call(id, "nvmlDeviceGetMaxClockInfo", || {
        device.max_clock_info(Clock::SM)
    })?;
    Ok(ClockRange {
        least: *least,
        most: most.max(*least),
    })
}

/// Whether the device keeps what is set while nobody uses it.
pub(in crate::nvml) fn is_persistent(
    device: &Device<'_>,
    id: &str,
    caller: &mut Caller<'_>,
) -> Result<bool, NvmlError> {
    caller.call(id, "nvmlDeviceGetPersistenceMode", || {
        device.is_in_persistent_mode()
    })
}
