//! Changing what a device is set to, and reading back what it made of that.

use nvml_wrapper::{Device, Nvml, enums::device::GpuLockedClocksSetting, error::NvmlError};
use strata_domain::workstation::{DeviceChange, Setting, Standing, Trouble};

use super::{
    calls::{Caller, Pending},
    device::limits,
    library,
};
use crate::{
    privileges::Privileges,
    sampler::Places,
    wire::{Refusal, RefusalKind},
};

/// Opens the library, or says why it cannot be.
pub(crate) fn open(places: &Places, pending: &Pending) -> Result<Nvml, Refusal> {
    let refused = |message: String| Refusal {
        kind: RefusalKind::Unavailable,
        message,
    };
    match library::open(places, &mut Caller::new(pending)) {
        None => Err(refused("this machine has no driver of NVIDIA's".to_owned())),
        Some(Err(trouble)) => Err(refused(format!(
            "NVIDIA's driver cannot be asked: {}",
            words(&trouble)
        ))),
        Some(Ok(nvml)) => Ok(nvml),
    }
}

/// The device that a change is about.
pub(crate) struct Target<'n> {
    device: Device<'n>,
    id: String,
    caller: Caller<'n>,
    standing: Standing,
}

impl<'n> Target<'n> {
    /// The device of `change`, once it was looked whether it takes that.
    pub(crate) fn of(
        change: &DeviceChange,
        nvml: &'n Nvml,
        pending: &'n Pending,
    ) -> Result<Self, Refusal> {
        let mut caller = Caller::new(pending);
        let id = change.device.clone();
        let device = caller
            .call(&id, "nvmlDeviceGetHandleByUUID", || {
                nvml.device_by_uuid(id.as_str())
            })
            .map_err(|error| missing(&id, &error))?;
        let name = caller.call(&id, "nvmlDeviceGetName", || device.name());
        let index = caller.call(&id, "nvmlDeviceGetIndex", || device.index());
        let model = name.unwrap_or_else(|_| id.clone());
        let mut target = Self {
            standing: Standing {
                index: index.unwrap_or_default(),
                model,
                now: None,
                is_persistent: limits::is_persistent(&device, &id, &mut caller).unwrap_or(true),
                may_be_set: Privileges::own().may_set_devices(),
            },
            device,
            id,
            caller,
        };
        target.allows(change.setting)?;
        target.standing.now = target.present(change.setting)?;
        Ok(target)
    }

    /// How the device stands.
    pub(crate) fn standing(&self) -> &Standing {
        &self.standing
    }

    /// What takes the change back that is made next.
    pub(crate) fn way_back(&self) -> Setting {
        // The driver does not tell a lock of clocks, so there is none to go back to.
        self.standing.now.unwrap_or(Setting::LockedClocks(None))
    }

    /// Whether the device takes the value at all.
    fn allows(&mut self, setting: Setting) -> Result<(), Refusal> {
        let name = self.standing.model.clone();
        let beyond = |range: String| {
            Err(Refusal {
                kind: RefusalKind::InvalidInput,
                message: format!("{name} takes {range}"),
            })
        };
        match setting {
            Setting::PowerLimit(watts) => {
                let range = limits::power(&self.device, &self.id, &mut self.caller)
                    .map_err(|error| self.refusal(&error))?;
                if (range.least..=range.most).contains(&watts) {
                    return Ok(());
                }
                beyond(format!(
                    "a power limit from {:.0} to {:.0} W, not {watts:.0} W",
                    range.least, range.most
                ))
            }
            Setting::LockedClocks(None) => Ok(()),
            Setting::LockedClocks(Some((least, most))) => {
                let range = limits::clocks(&self.device, &self.id, &mut self.caller)
                    .map_err(|error| self.refusal(&error))?;
                if least <= most && range.least <= least && most <= range.most {
                    return Ok(());
                }
                beyond(format!(
                    "clocks from {} to {} MHz, not {least} to {most} MHz",
                    range.least, range.most
                ))
            }
        }
    }

    /// What the device has of what `setting` is about; none where the driver does not tell it.
    fn present(&mut self, setting: Setting) -> Result<Option<Setting>, Refusal> {
        match setting {
            Setting::PowerLimit(_) => self
                .caller
                .call(&self.id, "nvmlDeviceGetPowerManagementLimit", || {
                    self.device.power_management_limit()
                })
                .map(|milliwatts| Some(Setting::PowerLimit(f64::from(milliwatts) / 1e3)))
                .map_err(|error| self.refusal(&error)),
            Setting::LockedClocks(_) => Ok(None),
        }
    }

    /// Sets it, and tells what the device has then by its own account. The driver does not tell a
    /// lock of clocks: the clock itself is seen with the next readings.
    pub(crate) fn set(&mut self, setting: Setting) -> Result<Setting, Refusal> {
        let (device, caller) = (&mut self.device, &mut self.caller);
        match setting {
            Setting::PowerLimit(watts) => {
                caller.call(&self.id, "nvmlDeviceSetPowerManagementLimit", || {
                    device.set_power_management_limit(milli(watts))
                })
            }
            Setting::LockedClocks(Some((least, most))) => {
                caller.call(&self.id, "nvmlDeviceSetGpuLockedClocks", || {
                    device.set_gpu_locked_clocks(GpuLockedClocksSetting::Numeric {
                        min_clock_mhz: least,
                        max_clock_mhz: most,
                    })
                })
            }
            Setting::LockedClocks(None) => {
                caller.call(&self.id, "nvmlDeviceResetGpuLockedClocks", || {
                    device.reset_gpu_locked_clocks()
                })
            }
        }
        .map_err(|error| self.refusal(&error))?;
        Ok(self.present(setting)?.unwrap_or(setting))
    }

    fn forbidden(&self) -> Refusal {
        Refusal {
            kind: RefusalKind::Forbidden,
            message: format!(
                "changing {} takes an administrator: NVIDIA's driver lets CAP_SYS_ADMIN alone set limits and clocks",
                self.standing.model
            ),
        }
    }

    fn refusal(&self, error: &NvmlError) -> Refusal {
        let name = &self.standing.model;
        match error {
            NvmlError::NoPermission => self.forbidden(),
            NvmlError::InvalidArg => Refusal {
                kind: RefusalKind::InvalidInput,
                message: format!("{name} does not take this value"),
            },
            NvmlError::NotSupported | NvmlError::FailedToLoadSymbol(_) => Refusal {
                kind: RefusalKind::Unsupported,
                message: format!("{name} cannot be set in this way"),
            },
            other => Refusal {
                kind: RefusalKind::Unavailable,
                message: format!("{name} was not set: {other}"),
            },
        }
    }
}

/// What keeps the driver from being asked, in short: the view tells it at length.
fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::LibraryMissing { .. } => "its library is not where it should be".to_owned(),
        Trouble::LibraryUnusable { path, message } => format!("{path}: {message}"),
        Trouble::VersionMismatch { library, module } => {
            format!("library {library} and kernel module {module} are of different versions")
        }
        Trouble::DriverNotLoaded => "its kernel module is not loaded".to_owned(),
        Trouble::NoPermission { path } => format!("{path} may not be opened"),
        Trouble::WslWithoutDriver => "WSL 2 has no library of it".to_owned(),
        Trouble::Hung { .. } | Trouble::Stuck { .. } => "it hangs".to_owned(),
        Trouble::FellOff { pci, .. } => format!("the device at {pci} fell off the bus"),
        Trouble::Ended { how: message, .. } | Trouble::Other { message } => message.clone(),
    }
}

fn missing(id: &str, error: &NvmlError) -> Refusal {
    match error {
        NvmlError::NotFound | NvmlError::InvalidArg => Refusal {
            kind: RefusalKind::NotFound,
            message: format!("this machine has no device {id} that can be set"),
        },
        other => Refusal {
            kind: RefusalKind::Unavailable,
            message: format!("the device {id} does not answer: {other}"),
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
