//! Changing what a device is set to, and reading back what it made of that.

use nvml_wrapper::{enums::device::GpuLockedClocksSetting, error::NvmlError};
use strata_domain::workstation::Setting;

use super::{calls::Caller, device::Watched};
use crate::wire::{Refusal, RefusalKind, ToSampler};

/// Answers a request that concerns `device`: looks whether the change can be made, and makes it where
/// it shall be.
pub(super) fn answer(
    device: &mut Watched<'_>,
    request: &ToSampler,
    caller: &mut Caller<'_>,
) -> Result<Setting, Refusal> {
    let setting = request.change.setting;
    allowed(device, setting)?;
    if !request.is_made {
        return if may_change() {
            Ok(setting)
        } else {
            Err(forbidden(device))
        };
    }
    let id = device.sample.id.clone();
    match setting {
        Setting::PowerLimit(watts) => {
            let milliwatts = milli(watts);
            caller
                .call(&id, "nvmlDeviceSetPowerManagementLimit", || {
                    device.device.set_power_management_limit(milliwatts)
                })
                .map_err(|error| refusal(device, &error))?;
            let now = caller
                .call(&id, "nvmlDeviceGetPowerManagementLimit", || {
                    device.device.power_management_limit()
                })
                .map_err(|error| refusal(device, &error))?;
            Ok(Setting::PowerLimit(f64::from(now) / 1e3))
        }
        Setting::LockedClocks(Some((least, most))) => {
            caller
                .call(&id, "nvmlDeviceSetGpuLockedClocks", || {
                    device
                        .device
                        .set_gpu_locked_clocks(GpuLockedClocksSetting::Numeric {
                            min_clock_mhz: least,
                            max_clock_mhz: most,
                        })
                })
                .map_err(|error| refusal(device, &error))?;
            // The driver does not tell the lock: the clock itself is seen with the next readings.
            Ok(setting)
        }
        Setting::LockedClocks(None) => {
            caller
                .call(&id, "nvmlDeviceResetGpuLockedClocks", || {
                    device.device.reset_gpu_locked_clocks()
                })
                .map_err(|error| refusal(device, &error))?;
            Ok(setting)
        }
    }
}

/// Whether the device takes the value at all.
fn allowed(device: &Watched<'_>, setting: Setting) -> Result<(), Refusal> {
    let name = &device.sample.model;
    let refused = |kind, message| Err(Refusal { kind, message });
    match setting {
        Setting::PowerLimit(watts) => match device.sample.power {
            None => refused(
                RefusalKind::Unsupported,
                format!("{name} does not let its power limit be set"),
            ),
            Some(range) if !(range.least..=range.most).contains(&watts) => refused(
                RefusalKind::InvalidInput,
                format!(
                    "{name} takes a power limit from {:.0} to {:.0} W, not {watts:.0} W",
                    range.least, range.most
                ),
            ),
            Some(_) => Ok(()),
        },
        Setting::LockedClocks(None) => Ok(()),
        Setting::LockedClocks(Some((least, most))) => match device.sample.clocks {
            None => refused(
                RefusalKind::Unsupported,
                format!("{name} does not let its clocks be locked"),
            ),
            Some(range) if least > most || most > range.most || least < range.least => refused(
                RefusalKind::InvalidInput,
                format!(
                    "{name} takes clocks from {} to {} MHz, not {least} to {most} MHz",
                    range.least, range.most
                ),
            ),
            Some(_) => Ok(()),
        },
    }
}

/// Whether this process may change devices: that takes an administrator.
#[cfg(target_os = "linux")]
fn may_change() -> bool {
    rustix::process::geteuid().is_root()
}

/// Elsewhere the driver says so when it is tried.
#[cfg(not(target_os = "linux"))]
fn may_change() -> bool {
    true
}

fn forbidden(device: &Watched<'_>) -> Refusal {
    Refusal {
        kind: RefusalKind::Forbidden,
        message: format!(
            "changing {} takes an administrator: NVIDIA's driver lets root alone set limits and clocks",
            device.sample.model
        ),
    }
}

fn refusal(device: &Watched<'_>, error: &NvmlError) -> Refusal {
    let name = &device.sample.model;
    match error {
        NvmlError::NoPermission => forbidden(device),
        NvmlError::InvalidArg => Refusal {
            kind: RefusalKind::InvalidInput,
            message: format!("{name} does not take this value"),
        },
        NvmlError::NotSupported | NvmlError::FailedToLoadSymbol(_) => Refusal {
            kind: RefusalKind::Unsupported,
            message: format!("{name} cannot be changed in this way"),
        },
        other => Refusal {
            kind: RefusalKind::Unavailable,
            message: format!("{name} was not changed: {other}"),
        },
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a limit is within what the device allows: some hundred watts"
)]
fn milli(watts: f64) -> u32 {
    (watts * 1e3).round() as u32
}
