//! The rows of the machine that Strata runs on: the machine, its accelerators, the processes on them.

use jiff::Timestamp;
use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        gpu::ReadingRow,
        workstation::{
            AcceleratorRow, MigInstanceRow, NvlinkRow, RecentChart, Sampling, SamplingCost,
            WorkstationPart, WorkstationRow, XidRow,
        },
    },
};
use strata_domain::{
    ids::Uid,
    reading::{Absence, Figure, Reading, Said},
    workstation::{AcceleratorSample, Device, DeviceProcess, Part, Trouble},
};

use crate::{
    derive::gpus::{fault::clock_reasons, xid},
    fleet::workstation::{MACHINE_CHARTS, STEP_SECONDS, Workstation},
    machine::trials::Tried,
};

mod past_xids;
pub(crate) mod process;
mod settings;
pub(crate) mod words;

/// A pod of a connected cluster, as the rows name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownPod {
    pub(crate) cluster: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
}

/// The rows, with what was `tried` of its devices, and pods named by `pod`, which knows those of the
/// connected clusters by their uid.
pub(crate) fn rows(
    workstation: &Workstation,
    tried: &[Tried],
    pod: impl Fn(&Uid) -> Option<KnownPod>,
) -> Vec<KeyedRow> {
    let mut rows = vec![KeyedRow {
        id: "machine".to_owned(),
        row: Row::Workstation(Box::new(machine(workstation))),
    }];
    let Some(sample) = &workstation.accelerators else {
        return rows;
    };
    rows.extend(sample.devices.iter().map(|one| KeyedRow {
        id: format!("device/{}", one.id),
        row: Row::Accelerator(Box::new(device(workstation, sample, one, tried))),
    }));
    for one in &sample.devices {
        let mut processes: Vec<&DeviceProcess> = one.processes.iter().collect();
        processes.sort_by(|one, other| {
            let memory = |process: &DeviceProcess| value(&process.readings, Figure::MemoryUsed);
            memory(other)
                .partial_cmp(&memory(one))
                .unwrap_or(std::cmp::Ordering::Equal)
                .then(one.pid.cmp(&other.pid))
        });
        rows.extend(processes.into_iter().map(|process| KeyedRow {
            id: format!(
                "process/{}/{}/{}",
                one.id,
                process.pid,
                process.instance.map_or(-1, i64::from)
            ),
            row: Row::Process(Box::new(process::row(one, process, &pod))),
        }));
    }
    rows
}

fn machine(workstation: &Workstation) -> WorkstationRow {
    let mut row = WorkstationRow::default();
    if let Some(machine) = &workstation.machine {
        machine.name.clone_into(&mut row.name);
        machine.system.clone_into(&mut row.system);
        machine.kernel.clone_into(&mut row.kernel);
        machine.processor.clone_into(&mut row.processor);
        row.threads = machine.threads;
        row.readings = machine.readings.iter().map(reading).collect();
        row.disks = machine.disks.iter().map(part).collect();
        row.networks = machine.networks.iter().map(part).collect();
        let total = value(&machine.readings, Figure::HostMemoryTotal);
        row.charts = MACHINE_CHARTS
            .into_iter()
            .filter_map(|figure| {
                let most = match figure {
                    Figure::HostMemoryUsed => total?,
                    _ => 1.0,
                };
                Some(chart(figure, most, workstation.machine_past(figure)))
            })
            .collect();
    }
    row.sampling = sampling(workstation);
    row.sampled_at = workstation.sampled_at.map(|at| at.to_string());
    row.faults.extend(
        workstation
            .trouble
            .as_ref()
            .map(|one| words::trouble(&named(one, workstation.accelerators.as_ref()))),
    );
    if let Some(sample) = &workstation.accelerators {
        sample.driver.clone_into(&mut row.driver);
        sample.cuda.clone_into(&mut row.cuda);
        row.faults
            .extend(sample.troubles.iter().map(words::trouble));
        row.remarks = sample.remarks.iter().copied().map(words::remark).collect();
        row.cost = cost(sample);
    }
    row
}

/// The trouble, with the device that it is about called as its line is: `GPU 1`.
fn named(trouble: &Trouble, sample: Option<&AcceleratorSample>) -> Trouble {
    let mut named = trouble.clone();
    if let Trouble::Hung { device, .. } = &mut named
        && let Some(known) = sample.and_then(|sample| {
            let mut devices = sample.devices.iter();
            devices.find(|one| one.id == *device)
        })
    {
        *device = format!("GPU {}", known.index);
    }
    named
}

fn sampling(workstation: &Workstation) -> Sampling {
    if workstation.trouble.is_some() {
        return Sampling::Interrupted;
    }
    match &workstation.accelerators {
        None => Sampling::Starting,
        Some(sample) if sample.devices.is_empty() && sample.troubles.is_empty() => {
            Sampling::NoAccelerator
        }
        Some(sample) if sample.devices.is_empty() => Sampling::Interrupted,
        Some(_) => Sampling::Live,
    }
}

fn cost(sample: &AcceleratorSample) -> SamplingCost {
    SamplingCost {
        calls: sample.cost.calls,
        seconds: sample.cost.seconds,
        slowest: sample.cost.slowest.clone(),
        slowest_seconds: sample.cost.slowest_seconds,
    }
}

fn device(
    workstation: &Workstation,
    sample: &AcceleratorSample,
    device: &Device,
    tried: &[Tried],
) -> AcceleratorRow {
    let tried = tried.iter().filter(|one| one.device == device.id);
    let mut faults: Vec<_> = tried.clone().filter_map(|one| one.fault.clone()).collect();
    faults.extend(words::faults(device, workstation.watched_since));
    AcceleratorRow {
        device: device.id.clone(),
        index: device.index,
        vendor: device.vendor.into(),
        model: device.model.clone(),
        pci: device.pci.clone(),
        state: device.state.into(),
        severity: faults
            .iter()
            .map(|fault| fault.severity)
            .max()
            .unwrap_or_default(),
        faults,
        remarks: device.remarks.iter().copied().map(words::remark).collect(),
        clock_reasons: device
            .value(Figure::ClocksEventReasons)
            .map(clock_reasons)
            .unwrap_or_default(),
        readings: device.readings.iter().map(reading).collect(),
        charts: workstation
            .device_past(device)
            .into_iter()
            .filter_map(|(figure, values)| {
                let most = match figure {
                    Figure::MemoryUsed => device.value(Figure::MemoryTotal)?,
                    Figure::Power => device
                        .value(Figure::PowerLimit)
                        .or_else(|| values.iter().flatten().copied().reduce(f64::max))?,
                    Figure::Temperature => 100.0,
                    _ => 1.0,
                };
                Some(chart(figure, most, values))
            })
            .filter(|chart| chart.values.iter().any(Option::is_some))
            .collect(),
        instances: instances(device),
        links: links(device),
        xids: xids(device, workstation.watched_since),
        xids_since: past_xids::since(device, sample).map(|at| at.to_string()),
        xids_unknown: past_xids::unknown(device, sample),
        processes_at: device.processes_at.map(|at| at.to_string()),
        processes: u32::try_from(device.processes.len()).unwrap_or(u32::MAX),
        settings: settings::rows(device, sample.may_be_set),
        trials: tried.map(|one| one.row.clone()).collect(),
    }
}

fn instances(device: &Device) -> Vec<MigInstanceRow> {
    device
        .instances
        .iter()
        .map(|one| MigInstanceRow {
            id: one.id.clone(),
            profile: one.profile.clone(),
            gpu_instance: one.gpu_instance,
            compute_instance: one.compute_instance,
            readings: one.readings.iter().map(reading).collect(),
        })
        .collect()
}

fn links(device: &Device) -> Vec<NvlinkRow> {
    device
        .links
        .iter()
        .map(|one| NvlinkRow {
            number: one.number,
            is_active: one.is_active,
            version: one.version,
            peer: one.peer.clone(),
            readings: one.readings.iter().map(reading).collect(),
        })
        .collect()
}

fn xids(device: &Device, watched_since: Option<Timestamp>) -> Vec<XidRow> {
    device
        .xids
        .iter()
        .map(|event| XidRow {
            at: event.at.to_string(),
            is_past: past_xids::is_past(*event, watched_since),
            earlier_by_seconds: event.earlier_by_seconds,
            title: xid::title(event.xid),
            meaning: xid::meaning(event.xid),
            action: xid::local_action(event.xid, device.index),
        })
        .collect()
}

fn part(part: &Part) -> WorkstationPart {
    WorkstationPart {
        name: part.name.clone(),
        detail: part.detail.clone(),
        readings: part.readings.iter().map(reading).collect(),
    }
}

fn chart(figure: Figure, most: f64, values: Vec<Option<f64>>) -> RecentChart {
    RecentChart {
        figure: figure.into(),
        unit: figure.unit().into(),
        most,
        step_seconds: STEP_SECONDS,
        values,
    }
}

fn reading(reading: &Reading) -> ReadingRow {
    let (absence, rejected) = match reading.said {
        Said::Value(_) => (None, None),
        Said::Absent(absence) => (
            Some(absence.into()),
            match absence {
                Absence::Rejected { raw } => Some(raw).filter(|raw| raw.is_finite()),
                _ => None,
            },
        ),
    };
    ReadingRow {
        figure: reading.figure.into(),
        unit: reading.figure.unit().into(),
        value: reading.said.value(),
        absence,
        rejected,
        source: reading.source.into(),
        at: reading.at.to_string(),
    }
}

fn value(readings: &[Reading], figure: Figure) -> Option<f64> {
    let found = readings.iter().find(|one| one.figure == figure)?;
    found.said.value()
}

#[cfg(test)]
mod tests {
    use strata_domain::workstation::{DeviceState, Vendor};

    use super::*;

    fn hung(device: &str) -> Trouble {
        Trouble::Hung {
            device: device.to_owned(),
            call: "nvmlDeviceGetPowerUsage".to_owned(),
            seconds: 9,
        }
    }

    #[test]
    fn a_call_that_hangs_names_the_device_as_its_line_does() {
        let sample = AcceleratorSample {
            devices: vec![Device {
                id: "GPU-5f0c".to_owned(),
                index: 1,
                vendor: Vendor::Nvidia,
                model: String::new(),
                pci: String::new(),
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
            }],
            ..AcceleratorSample::default()
        };
        assert_eq!(named(&hung("GPU-5f0c"), Some(&sample)), hung("GPU 1"));
        // One that was never read is known by its id alone.
        assert_eq!(named(&hung("GPU-77e2"), Some(&sample)), hung("GPU-77e2"));
        assert_eq!(named(&hung("GPU-5f0c"), None), hung("GPU-5f0c"));
    }
}
