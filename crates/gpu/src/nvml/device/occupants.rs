//! The processes on a device.

use nvml_wrapper::error::NvmlError;
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
    /// Lists them anew, and how busy each keeps the device.
    pub(super) fn processes(&mut self, known: &mut Processes, caller: &mut Caller<'_>) {
        let id = self.sample.id.clone();
        let compute = caller.call(&id, "nvmlDeviceGetComputeRunningProcesses_v3", || {
            self.device.running_compute_processes()
        });
        let graphics = caller.call(&id, "nvmlDeviceGetGraphicsRunningProcesses_v3", || {
            self.device.running_graphics_processes()
        });
        let at = caller.now();
        if let (Err(error), Err(_)) = (&compute, &graphics) {
            self.note(error);
            self.sample.processes.clear();
            self.sample.processes_at = None;
            return;
        }
        let busy = if self.has_mig {
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
