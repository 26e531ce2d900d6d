//! The processes on a device.

use nvml_wrapper::{error::NvmlError, struct_wrappers::device::ProcessInfo};
use strata_domain::{
    reading::Absence,
    workstation::{DeviceProcess, Remark},
};

use super::Watched;
use crate::{
    nvml::{
        calls::{Caller, absence},
        processes::joined,
    },
    process::Processes,
};

impl Watched<'_> {
    /// Lists them anew, and how busy each keeps the device. Whether programs share it by MPS is asked
    /// where it is `rare`, and for as long as some do.
    pub(super) fn processes(&mut self, rare: bool, known: &mut Processes, caller: &mut Caller<'_>) {
        let id = self.sample.id.clone();
        let compute = caller.call(&id, "nvmlDeviceGetComputeRunningProcesses_v3", || {
            self.device.running_compute_processes()
        });
        let mut compute = or_older(compute, || {
            caller.call(&id, "nvmlDeviceGetComputeRunningProcesses_v2", || {
                self.device.running_compute_processes_v2()
            })
        });
        let graphics = caller.call(&id, "nvmlDeviceGetGraphicsRunningProcesses_v3", || {
            self.device.running_graphics_processes()
        });
        let graphics = or_older(graphics, || {
            caller.call(&id, "nvmlDeviceGetGraphicsRunningProcesses_v2", || {
                self.device.running_graphics_processes_v2()
            })
        });
        if rare || self.is_shared {
            let clients = caller.call(&id, "nvmlDeviceGetMPSComputeRunningProcesses_v3", || {
                self.device.mps_running_compute_processes()
            });
            let clients = clients.unwrap_or_default();
            self.is_shared = !clients.is_empty();
            self.remark(Remark::SharedByMps, self.is_shared);
            if let Ok(compute) = &mut compute {
                compute.extend(clients);
            }
        }
        let at = caller.now();
        if let (Err(error), Err(_)) = (&compute, &graphics) {
            self.note(error);
            self.sample.processes.clear();
            self.sample.processes_at = None;
            return;
        }
        // What runs side by side in one context of MPS is not told apart.
        let busy = if self.has_mig || self.is_shared {
            Err(Absence::NotSupported)
        } else {
            let since = self.busy.since();
            let samples = caller.call(&id, "nvmlDeviceGetProcessUtilization", || {
                self.device.process_utilization_stats(since)
            });
            match samples {
                Ok(samples) => {
                    self.busy.take(&samples);
                    Ok(&self.busy)
                }
                // Nothing ran since the last time.
                Err(NvmlError::NotFound) => {
                    self.busy.take(&[]);
                    Ok(&self.busy)
                }
                Err(error) => Err(absence(&error)),
            }
        };
        let processes: Vec<DeviceProcess> = joined(
            compute.as_deref().unwrap_or_default(),
            graphics.as_deref().unwrap_or_default(),
            busy,
            known,
            at,
        );
        let are_foreign =
            !processes.is_empty() && processes.iter().all(|process| process.owner.is_none());
        self.sample.processes = processes;
        self.sample.processes_at = Some(at);
        self.remark(Remark::ForeignProcesses, are_foreign);
    }
}

/// A list of processes; by the call of drivers before R510 where this one has no newer one.
fn or_older(
    told: Result<Vec<ProcessInfo>, NvmlError>,
    older: impl FnOnce() -> Result<Vec<ProcessInfo>, NvmlError>,
) -> Result<Vec<ProcessInfo>, NvmlError> {
    match told {
        Err(NvmlError::FailedToLoadSymbol(_)) => older(),
        told => told,
    }
}
