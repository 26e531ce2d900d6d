//! The processes on a device: how much of its memory each has, and how busy each keeps it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use nvml_wrapper::{
    enums::device::UsedGpuMemory,
    struct_wrappers::device::{ProcessInfo, ProcessUtilizationSample},
};
use strata_domain::{
    reading::{Absence, Figure, Reading, Said, Source},
    workstation::{DeviceProcess, DeviceUse},
};

use super::device::float;
use crate::process::Processes;

/// How far the driver's samples lie back when they come, in microseconds: without asking that much
/// earlier, some are missed.
const LATE: u64 = 2_000_000;

/// How busy each process keeps the device, by the samples since the last time.
#[derive(Debug, Default)]
pub(super) struct Busy {
    seen: u64,
    by_pid: BTreeMap<u32, u32>,
}

impl Busy {
    /// Since when samples are to be asked for.
    pub(super) fn since(&self) -> u64 {
        self.seen.saturating_sub(LATE)
    }

    /// Takes in `samples`. What is stale or impossible, as drivers have told it, is left out.
    pub(super) fn take(&mut self, samples: &[ProcessUtilizationSample]) {
        let since = self.since();
        self.by_pid.clear();
        for sample in samples {
            if sample.timestamp < since || sample.sm_util > 100 || sample.pid == 0 {
                continue;
            }
            let highest = self.by_pid.entry(sample.pid).or_default();
            *highest = (*highest).max(sample.sm_util);
            self.seen = self.seen.max(sample.timestamp);
        }
    }
}

/// Joins the lists of what computes and what draws, and how busy each is: a share, or why there is
/// none.
pub(super) fn joined(
    compute: &[ProcessInfo],
    graphics: &[ProcessInfo],
    busy: Result<&Busy, Absence>,
    known: &mut Processes,
    at: Timestamp,
) -> Vec<DeviceProcess> {
    let mut by_key: BTreeMap<(u32, Option<u32>), DeviceProcess> = BTreeMap::new();
    let lists = [
        (compute, DeviceUse::Compute),
        (graphics, DeviceUse::Graphics),
    ];
    for (list, uses) in lists {
        for process in list {
            let key = (process.pid, process.gpu_instance_id);
            if let Some(other) = by_key.get_mut(&key) {
                if other.uses != uses {
                    other.uses = DeviceUse::Both;
                }
                continue;
            }
            let reading = |figure: Figure, said: Said| Reading {
                figure,
                said,
                source: Source::Nvml,
                at,
            };
            let memory = match process.used_gpu_memory {
                UsedGpuMemory::Used(bytes) => Figure::MemoryUsed.judge(float(bytes)),
                // WDDM on Windows, and containers that may not see it.
                UsedGpuMemory::Unavailable => Said::Absent(Absence::NotTold),
            };
            let share = match busy {
                // A process without a sample since the last time kept nothing busy.
                Ok(busy) => Figure::Utilization
                    .judge(f64::from(busy.by_pid.get(&process.pid).copied().unwrap_or(0)) / 100.0),
                Err(absence) => Said::Absent(absence),
            };
            by_key.insert(
                key,
                DeviceProcess {
                    pid: process.pid,
                    uses,
                    instance: process.gpu_instance_id,
                    readings: vec![
                        reading(Figure::MemoryUsed, memory),
                        reading(Figure::Utilization, share),
                    ],
                    owner: known.owner(process.pid),
                },
            );
        }
    }
    by_key.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(pid: u32, timestamp: u64, sm_util: u32) -> ProcessUtilizationSample {
        ProcessUtilizationSample {
            pid,
            timestamp,
            sm_util,
            mem_util: 0,
            enc_util: 0,
            dec_util: 0,
        }
    }

    #[test]
    fn stale_and_impossible_samples_are_left_out() {
        let mut busy = Busy::default();
        busy.take(&[sample(1, 10_000_000, 40), sample(2, 10_000_000, 4_000)]);
        assert_eq!(busy.by_pid, BTreeMap::from([(1, 40)]));
        // Garbage of the driver's: a time long past, a process without a number.
        busy.take(&[sample(1, 3, 99), sample(0, 11_000_000, 9)]);
        assert_eq!(busy.by_pid, BTreeMap::new());
        assert_eq!(busy.since(), 8_000_000);
    }

    #[test]
    fn a_process_that_computes_and_draws_is_one() {
        let process = |pid| ProcessInfo {
            pid,
            used_gpu_memory: UsedGpuMemory::Unavailable,
            gpu_instance_id: None,
            compute_instance_id: None,
        };
        let mut known = Processes::at(std::path::Path::new("/nowhere"));
        let list = joined(
            &[process(7)],
            &[process(7), process(8)],
            Err(Absence::NotSupported),
            &mut known,
            Timestamp::UNIX_EPOCH,
        );
        let uses: Vec<_> = list.iter().map(|one| (one.pid, one.uses)).collect();
        assert_eq!(uses, [(7, DeviceUse::Both), (8, DeviceUse::Graphics)]);
        // Unknown is never 0.
        let said: Vec<_> = list
            .first()
            .map(|one| one.readings.iter().map(|reading| reading.said).collect())
            .unwrap_or_default();
        assert_eq!(
            said,
            [
                Said::Absent(Absence::NotTold),
                Said::Absent(Absence::NotSupported)
            ]
        );
    }
}
