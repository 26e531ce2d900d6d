//! One device, and how often each of its figures is asked for.
//!
//! What a call costs decides (measured by others on an RTX 4090: utilization 2.5 µs, memory 12 µs, fan
//! 137 µs, the list of processes 4.5 ms; PCIe throughput measures for 20 ms in each direction): the
//! cheap ones every beat, the list of processes every third, the fan every fifth, counters every tenth,
//! what hardly changes once a minute, and PCIe throughput of one device at a time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nvml_wrapper::{
    Device,
    enum_wrappers::device::{Clock, EccCounter, MemoryError, PcieUtilCounter, TemperatureSensor},
    enums::device::SampleValue,
    error::NvmlError,
    gpm::GpmSample,
    structs::device::FieldId,
    sys_exports::field_id,
};
use strata_domain::{
    reading::{Absence, Figure, Reading, Said, Source},
    workstation::{
        ClockRange, Device as DeviceSample, DeviceProcess, DeviceState, LinkSample, MigInstance,
        PowerRange, Remark, Vendor, XidEvent,
    },
};

use super::{
    calls::{Caller, absence, fate, is_stale, said},
    instance,
    processes::{Busy, joined},
};
use crate::process::Processes;

mod monitoring;

pub(crate) use crate::machine::float;

/// Beats between two asks of each sort.
const PROCESSES: u64 = 3;
const REASONS: u64 = 2;
const SLOW: u64 = 5;
const COUNTERS: u64 = 10;
const RARE: u64 = 60;
/// NVLinks that a device may have.
const LINKS: u32 = 18;
/// XIDs that are kept.
const XIDS: usize = 20;

/// A device that is watched.
pub(super) struct Watched<'n> {
    pub(super) device: Device<'n>,
    pub(super) sample: DeviceSample,
    readings: BTreeMap<Figure, Reading>,
    /// Figures that the device said it does not have: they are not asked for until the next rare ask.
    unsupported: BTreeSet<Figure>,
    busy: Busy,
    /// What NVLink had carried, and when.
    carried: BTreeMap<Figure, (Timestamp, f64)>,
    gpm: Option<GpmSample<'n>>,
    pub(super) has_mig: bool,
    /// Whether the driver said that it must be opened anew.
    pub(super) is_stale: bool,
}

impl<'n> Watched<'n> {
    /// The device with the number `index`.
    pub(super) fn open(
        device: Device<'n>,
        index: u32,
        caller: &mut Caller<'_>,
    ) -> Result<Self, NvmlError> {
        let id = caller.call("", "nvmlDeviceGetUUID", || device.uuid())?;
        let model = caller.call(&id, "nvmlDeviceGetName", || device.name());
        let pci = caller.call(&id, "nvmlDeviceGetPciInfo", || device.pci_info());
        let sample = DeviceSample {
            id,
            index,
            vendor: Vendor::Nvidia,
            model: model.unwrap_or_default(),
            pci: pci.map(|pci| short(&pci.bus_id)).unwrap_or_default(),
            state: DeviceState::Answers,
            readings: Vec::new(),
            instances: Vec::new(),
            links: Vec::new(),
            processes: Vec::new(),
            processes_at: None,
            xids: Vec::new(),
            power: None,
            clocks: None,
            remarks: Vec::new(),
        };
        Ok(Self {
            device,
            sample,
            readings: BTreeMap::new(),
            unsupported: BTreeSet::new(),
            busy: Busy::default(),
            carried: BTreeMap::new(),
            gpm: None,
            has_mig: false,
            is_stale: false,
        })
    }

    /// Asks what is due at `beat`; `measures_pcie` where it is this device's turn for that.
    pub(super) fn read(
        &mut self,
        beat: u64,
        measures_pcie: bool,
        known: &mut Processes,
        caller: &mut Caller<'_>,
    ) {
        if self.sample.state == DeviceState::Lost {
            return;
        }
        // Devices take turns, so that no beat asks for everything.
        let is_due =
            |every: u64| beat == 0 || (beat + u64::from(self.sample.index)).is_multiple_of(every);
        let (rare, counters, slow) = (is_due(RARE), is_due(COUNTERS), is_due(SLOW));
        let (reasons, processes) = (is_due(REASONS), is_due(PROCESSES));
        if rare {
            self.unsupported.clear();
            self.rare(caller);
        }
        self.quick(caller);
        if reasons {
            self.ask(
                Figure::ClocksEventReasons,
                "nvmlDeviceGetCurrentClocksThrottleReasons",
                caller,
                |device| {
                    device
                        .current_throttle_reasons()
                        .map(|reasons| float(reasons.bits()))
                },
            );
        }
        if slow {
            self.slow(caller);
        }
        if counters {
            self.counters(caller);
        }
        if processes {
            self.processes(known, caller);
        }
        if measures_pcie {
            self.pcie(caller);
        }
        self.sample.readings = self.readings.values().copied().collect();
    }

    fn quick(&mut self, caller: &mut Caller<'_>) {
        if self.has_mig {
            let at = caller.now();
            for figure in [Figure::Utilization, Figure::MemoryUtilization] {
                self.keep(
                    figure,
                    Said::Absent(Absence::NotSupported),
                    Source::Nvml,
                    at,
                );
            }
        } else {
            self.utilization(caller);
        }
        self.memory(caller);
        self.ask(
            Figure::Temperature,
            "nvmlDeviceGetTemperature",
            caller,
            |device| device.temperature(TemperatureSensor::Gpu).map(f64::from),
        );
        self.ask(Figure::Power, "nvmlDeviceGetPowerUsage", caller, |device| {
            device
                .power_usage()
                .map(|milliwatts| f64::from(milliwatts) / 1e3)
        });
        self.ask(
            Figure::SmClock,
            "nvmlDeviceGetClockInfo",
            caller,
            |device| device.clock_info(Clock::SM).map(f64::from),
        );
        self.monitoring(caller);
    }

    fn utilization(&mut self, caller: &mut Caller<'_>) {
        if self.unsupported.contains(&Figure::Utilization) {
            return;
        }
        let outcome = caller.call(&self.sample.id, "nvmlDeviceGetUtilizationRates", || {
            self.device.utilization_rates()
        });
        let at = caller.now();
        let (device, memory) = match outcome {
            Ok(rates) => (Ok(rates.gpu), Ok(rates.memory)),
            Err(error) => {
                self.note(&error);
                let absence = absence(&error);
                (Err(absence), Err(absence))
            }
        };
        for (figure, outcome) in [
            (Figure::Utilization, device),
            (Figure::MemoryUtilization, memory),
        ] {
            let said = outcome.map_or_else(Said::Absent, |percent| {
                figure.judge(f64::from(percent) / 100.0)
            });
            self.keep(figure, said, Source::Nvml, at);
        }
    }

    fn memory(&mut self, caller: &mut Caller<'_>) {
        if self.unsupported.contains(&Figure::MemoryTotal) {
            return;
        }
        let outcome = caller.call(&self.sample.id, "nvmlDeviceGetMemoryInfo_v2", || {
            self.device.memory_info()
        });
        let at = caller.now();
        let figures = [
            Figure::MemoryUsed,
            Figure::MemoryFree,
            Figure::MemoryReserved,
            Figure::MemoryTotal,
        ];
        match outcome {
            // What has no memory of its own tells 0, which is no size.
            Ok(memory) if memory.total == 0 => self.has_none(&figures, at),
            Ok(memory) => {
                let values = [memory.used, memory.free, memory.reserved, memory.total];
                for (figure, value) in figures.into_iter().zip(values) {
                    self.keep(figure, figure.judge(float(value)), Source::Nvml, at);
                }
            }
            Err(NvmlError::NotSupported) => self.has_none(&figures, at),
            Err(error) => {
                self.note(&error);
                for figure in figures {
                    self.keep(figure, Said::Absent(absence(&error)), Source::Nvml, at);
                }
            }
        }
    }

    /// Processor and device share one memory.
    fn has_none(&mut self, figures: &[Figure], at: Timestamp) {
        for figure in figures {
            self.keep(
                *figure,
                Said::Absent(Absence::NotSupported),
                Source::Nvml,
                at,
            );
        }
        self.remark(Remark::UnifiedMemory, true);
    }

    fn slow(&mut self, caller: &mut Caller<'_>) {
        self.ask(
            Figure::FanSpeed,
            "nvmlDeviceGetFanSpeed",
            caller,
            |device| {
                device
                    .fan_speed(0)
                    .map(|percent| f64::from(percent) / 100.0)
            },
        );
        self.ask(
            Figure::MemoryClock,
            "nvmlDeviceGetClockInfo",
            caller,
            |device| device.clock_info(Clock::Memory).map(f64::from),
        );
        self.ask(
            Figure::EncoderUtilization,
            "nvmlDeviceGetEncoderUtilization",
            caller,
            |device| {
                let told = device.encoder_utilization()?;
                Ok(f64::from(told.utilization) / 100.0)
            },
        );
        self.ask(
            Figure::DecoderUtilization,
            "nvmlDeviceGetDecoderUtilization",
            caller,
            |device| {
                let told = device.decoder_utilization()?;
                Ok(f64::from(told.utilization) / 100.0)
            },
        );
        self.ask(
            Figure::PowerLimit,
            "nvmlDeviceGetEnforcedPowerLimit",
            caller,
            |device| {
                device
                    .enforced_power_limit()
                    .map(|milliwatts| f64::from(milliwatts) / 1e3)
            },
        );
    }

    /// Energy, and what the driver tells as numbered fields, in one call.
    fn counters(&mut self, caller: &mut Caller<'_>) {
        self.ask(
            Figure::Energy,
            "nvmlDeviceGetTotalEnergyConsumption",
            caller,
            |device| {
                device
                    .total_energy_consumption()
                    .map(|millijoules| float(millijoules) / 1e3)
            },
        );
        self.ask(
            Figure::PcieReplays,
            "nvmlDeviceGetPcieReplayCounter",
            caller,
            |device| device.pcie_replay_counter().map(f64::from),
        );
        let fields = [
            (Figure::MemoryTemperature, field_id::NVML_FI_DEV_MEMORY_TEMP),
            (
                Figure::RowsRemappedCorrected,
                field_id::NVML_FI_DEV_REMAPPED_COR,
            ),
            (
                Figure::RowsRemappedUncorrected,
                field_id::NVML_FI_DEV_REMAPPED_UNC,
            ),
            (
                Figure::RowRemapPending,
                field_id::NVML_FI_DEV_REMAPPED_PENDING,
            ),
            (
                Figure::RowRemapFailure,
                field_id::NVML_FI_DEV_REMAPPED_FAILURE,
            ),
            (
                Figure::NvlinkTx,
                field_id::NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX,
            ),
            (
                Figure::NvlinkRx,
                field_id::NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX,
            ),
        ];
        let ids = fields.map(|(_, id)| FieldId(id));
        let outcome = caller.call(&self.sample.id, "nvmlDeviceGetFieldValues", || {
            self.device.field_values_for(&ids)
        });
        let at = caller.now();
        let values = match outcome {
            Ok(values) => values,
            Err(error) => return self.note(&error),
        };
        for ((figure, _), value) in fields.into_iter().zip(values) {
            let value = value
                .and_then(|sample| sample.value)
                .map(|value| match value {
                    SampleValue::F64(value) => value,
                    SampleValue::U32(value) => f64::from(value),
                    SampleValue::U64(value) => float(value),
                    SampleValue::I64(value) => float(u64::try_from(value).unwrap_or(0)),
                });
            let told = match (figure, value) {
                // Kibibytes since the driver was loaded.
                (Figure::NvlinkTx | Figure::NvlinkRx, Ok(kibibytes)) => {
                    self.flow(figure, kibibytes * 1024.0, at)
                }
                (_, value) => said(figure, value),
            };
            self.keep(figure, told, Source::Nvml, at);
        }
    }

    /// What flowed since the last time, in each second.
    fn flow(&mut self, figure: Figure, carried: f64, at: Timestamp) -> Said {
        let before = self.carried.insert(figure, (at, carried));
        match before {
            Some((then, before)) if at > then && carried >= before => {
                figure.judge((carried - before) / at.duration_since(then).as_secs_f64())
            }
            // The first time, or the counter began anew.
            _ => Said::Absent(Absence::NotTold),
        }
    }

    fn pcie(&mut self, caller: &mut Caller<'_>) {
        for (figure, counter) in [
            (Figure::PcieTx, PcieUtilCounter::Send),
            (Figure::PcieRx, PcieUtilCounter::Receive),
        ] {
            self.ask(
                figure,
                "nvmlDeviceGetPcieThroughput",
                caller,
                move |device| {
                    device
                        .pcie_throughput(counter)
                        .map(|kilobytes| f64::from(kilobytes) * 1e3)
                },
            );
        }
    }

    fn rare(&mut self, caller: &mut Caller<'_>) {
        for (figure, error) in [
            (Figure::EccCorrected, MemoryError::Corrected),
            (Figure::EccUncorrected, MemoryError::Uncorrected),
        ] {
            self.ask(
                figure,
                "nvmlDeviceGetTotalEccErrors",
                caller,
                move |device| {
                    device
                        .total_ecc_errors(error, EccCounter::Volatile)
                        .map(float)
                },
            );
        }
        self.ask(
            Figure::PcieGeneration,
            "nvmlDeviceGetCurrPcieLinkGeneration",
            caller,
            |device| device.current_pcie_link_gen().map(f64::from),
        );
        self.ask(
            Figure::PcieWidth,
            "nvmlDeviceGetCurrPcieLinkWidth",
            caller,
            |device| device.current_pcie_link_width().map(f64::from),
        );
        let id = self.sample.id.clone();
        let limits = caller.call(&id, "nvmlDeviceGetPowerManagementLimitConstraints", || {
            self.device.power_management_limit_constraints()
        });
        let default = caller.call(&id, "nvmlDeviceGetPowerManagementDefaultLimit", || {
            self.device.power_management_limit_default()
        });
        self.sample.power = limits.ok().map(|limits| {
            let watts = |milliwatts: u32| f64::from(milliwatts) / 1e3;
            PowerRange {
                least: watts(limits.min_limit),
                most: watts(limits.max_limit),
                default: default.map_or(watts(limits.max_limit), watts),
            }
        });
        let most = caller.call(&id, "nvmlDeviceGetMaxClockInfo", || {
            self.device.max_clock_info(Clock::SM)
        });
        // Every device that can be locked takes 210 MHz; what it makes of a value is read back.
        self.sample.clocks = most.ok().map(|most| ClockRange { least: 210, most });
        let persistence = caller.call(&id, "nvmlDeviceGetPersistenceMode", || {
            self.device.is_in_persistent_mode()
        });
        self.remark(Remark::NoPersistence, matches!(persistence, Ok(false)));
        self.mig(caller);
        self.links(caller);
    }

    fn mig(&mut self, caller: &mut Caller<'_>) {
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

    fn links(&mut self, caller: &mut Caller<'_>) {
        self.sample.links.clear();
        let id = self.sample.id.clone();
        for number in 0..LINKS {
            let link = self.device.link_wrapper_for(number);
            let Ok(is_active) = caller.call(&id, "nvmlDeviceGetNvLinkState", || link.is_active())
            else {
                // Links are numbered without gaps.
                return;
            };
            let version = caller.call(&id, "nvmlDeviceGetNvLinkVersion", || link.version());
            let peer = caller.call(&id, "nvmlDeviceGetNvLinkRemotePciInfo_v2", || {
                link.remote_pci_info()
            });
            self.sample.links.push(LinkSample {
                number,
                is_active,
                version: version.ok(),
                peer: peer.map(|peer| short(&peer.bus_id)).unwrap_or_default(),
            });
        }
    }

    fn processes(&mut self, known: &mut Processes, caller: &mut Caller<'_>) {
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

    /// Keeps an error that the driver reported.
    pub(super) fn heard(&mut self, xid: u32, at: Timestamp) {
        self.sample.xids.insert(0, XidEvent { xid, at });
        self.sample.xids.truncate(XIDS);
        let said = Figure::LastXid.judge(f64::from(xid));
        self.keep(Figure::LastXid, said, Source::Nvml, at);
    }

    /// Asks for one figure, unless the device does not have it.
    fn ask(
        &mut self,
        figure: Figure,
        name: &str,
        caller: &mut Caller<'_>,
        call: impl FnOnce(&Device<'n>) -> Result<f64, NvmlError>,
    ) {
        if self.unsupported.contains(&figure) {
            return;
        }
        let outcome = caller.call(&self.sample.id, name, || call(&self.device));
        if let Err(error) = &outcome {
            self.note(error);
        }
        let at = caller.now();
        self.keep(figure, said(figure, outcome), Source::Nvml, at);
    }

    fn keep(&mut self, figure: Figure, said: Said, source: Source, at: Timestamp) {
        if said == Said::Absent(Absence::NotSupported) {
            self.unsupported.insert(figure);
        }
        // A device that fell silent keeps what it said last, with the time when it did.
        if self.sample.state == DeviceState::Lost {
            return;
        }
        self.readings.insert(
            figure,
            Reading {
                figure,
                said,
                source,
                at,
            },
        );
    }

    /// Takes note of what an error says of the whole device.
    fn note(&mut self, error: &NvmlError) {
        if let Some(state) = fate(error) {
            self.sample.state = state;
        }
        self.is_stale |= is_stale(error);
    }

    fn remark(&mut self, remark: Remark, holds: bool) {
        self.sample.remarks.retain(|known| *known != remark);
        if holds {
            self.sample.remarks.push(remark);
        }
    }
}

fn mig_instance(device: &Device<'_>, caller: &mut Caller<'_>) -> Option<MigInstance> {
    let id = caller
        .call("", "nvmlDeviceGetUUID", || device.uuid())
        .ok()?;
    let (gpu_instance, compute_instance) = caller
        .call(&id, "nvmlDeviceGetGpuInstanceId", || {
            instance::numbers(device)
        })
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

/// `0000:01:00.0` of the driver's `00000000:01:00.0`: as the kernel writes it.
fn short(pci: &str) -> String {
    match pci.split_once(':') {
        Some((domain, rest)) if domain.len() == 8 => {
            format!(
                "{}:{}",
                domain.get(4..).unwrap_or(domain),
                rest.to_lowercase()
            )
        }
        _ => pci.to_lowercase(),
    }
}
