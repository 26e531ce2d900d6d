//! The code that asks NVIDIA's driver, over a library that behaves well and badly.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::Timestamp;
use nvml_wrapper::Nvml;
use strata_domain::{
    reading::{Absence, Figure, Said, Source},
    workstation::{AcceleratorSample, ClockRange, Device, DeviceState, Remark},
};
use strata_fake_nvml::{Scenario, library};
use strata_gpu::{
    nvml::{calls::Pending, session::Session},
    process::Processes,
    wire::FromSampler,
};
use strata_ports::clock::Clock;

#[path = "nvml/wear.rs"]
mod wear;

/// A clock that goes on by a second with every beat.
struct Beats(AtomicI64);

impl Clock for Beats {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_764_000_000 + self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// What is told at each of the first `beats` beats.
fn samples(scenario: Scenario, beats: usize) -> Vec<AcceleratorSample> {
    let library = library(scenario);
    let nvml = Nvml::builder()
        .lib_path(library.as_os_str())
        .init()
        .unwrap();
    let clock = Arc::new(Beats(AtomicI64::new(0)));
    let pending = Pending::new(Arc::<Beats>::clone(&clock));
    let mut session = Session::open(&nvml, &pending, Processes::at(Path::new("/"))).unwrap();
    let mut told = Vec::new();
    for _ in 0..beats {
        told.push(session.sample());
        clock.0.fetch_add(1, Ordering::Relaxed);
    }
    told
}

fn last(scenario: Scenario, beats: usize) -> AcceleratorSample {
    samples(scenario, beats).pop().unwrap()
}

#[track_caller]
fn said(device: &Device, figure: Figure) -> Said {
    device.reading(figure).unwrap().said
}

#[test]
fn two_gpus_tell_their_figures_with_source_and_time() {
    let sample = last(Scenario::Healthy, 3);
    assert_eq!(sample.driver, "580.95.05");
    assert_eq!(sample.cuda, "13.0");
    let [busy, idle] = sample.devices.as_slice() else {
        panic!("{:?}", sample.devices);
    };
    assert_eq!(busy.model, "NVIDIA H100 80GB HBM3");
    assert_eq!(busy.pci, "0000:17:00.0");
    let utilization = busy.reading(Figure::Utilization).unwrap();
    assert_eq!(utilization.source, Source::Nvml);
    assert!(utilization.said.value().unwrap() > 0.8);
    // An idle device is at 0, and says so.
    assert_eq!(said(idle, Figure::Utilization), Said::Value(0.0));
    assert_eq!(busy.value(Figure::MemoryTotal), Some(85_899_345_920.0));
    assert_eq!(busy.value(Figure::Temperature), Some(64.0));
    assert_eq!(busy.value(Figure::MemoryTemperature), Some(71.0));
    assert_eq!(busy.value(Figure::RowRemapFailure), Some(0.0));
    assert_eq!(busy.value(Figure::PowerLimit), Some(700.0));
    assert_eq!(busy.value(Figure::RowsRemappedCorrected), Some(1.0));
    assert_eq!(busy.value(Figure::EccCorrected), Some(2.0));
    assert_eq!(busy.value(Figure::PcieGeneration), Some(5.0));
    assert_eq!(busy.value(Figure::PcieWidth), Some(16.0));
    // Held to its power limit.
    assert_eq!(busy.value(Figure::ClocksEventReasons), Some(4.0));
    assert!(busy.value(Figure::Energy).unwrap() > 7_000_000.0);
    assert_eq!(
        busy.clocks,
        Some(ClockRange {
            least: 225,
            most: 1980
        })
    );
    // A card without a fan has none at 0 %.
    assert_eq!(
        said(busy, Figure::FanSpeed),
        Said::Absent(Absence::NotSupported)
    );
    let active = busy.reading(Figure::SmActive).unwrap();
    assert_eq!(
        (active.source, active.said),
        (Source::Gpm, Said::Value(0.635))
    );
    assert_eq!(busy.links.len(), 4);
    assert_eq!(busy.links[0].peer, "0000:65:00.0");
    assert!(!busy.links[3].is_active);
}

#[test]
fn processes_have_a_user_and_a_command() {
    let sample = last(Scenario::Healthy, 1);
    let mine = std::process::id();
    let processes = &sample.devices[0].processes;
    let found = processes.iter().find(|one| one.pid == mine).unwrap();
    assert_eq!(found.readings[0].said, Said::Value(62_813_896_704.0));
    assert_eq!(found.readings[1].said, Said::Value(0.84));
    let owner = found.owner.as_ref().unwrap();
    assert!(owner.command.contains("nvml"), "{}", owner.command);
    assert!(!owner.user.is_empty());
    assert!(owner.started_at.is_some());
    assert_eq!(sample.devices[1].processes, []);
}

#[test]
fn slow_calls_are_made_rarely() {
    let samples = samples(Scenario::Healthy, 9);
    let calls: Vec<u32> = samples.iter().map(|sample| sample.cost.calls).collect();
    assert!(
        calls[2..].iter().all(|count| *count < calls[0] / 2),
        "{calls:?}"
    );
    // PCIe throughput is measured for 20 ms in each direction: never at first, and of one device.
    let measured = |beat: usize, device: usize| {
        let device = &samples[beat].devices[device];
        device.reading(Figure::PcieTx).is_some()
    };
    assert!(!measured(0, 0) && measured(1, 0) && !measured(8, 1));
}

#[test]
fn what_all_nvlinks_carry_is_told_from_the_second_look() {
    let samples = samples(Scenario::Healthy, 11);
    let sent = |beat: usize| said(&samples[beat].devices[0], Figure::NvlinkTx);
    assert_eq!(sent(0), Said::Absent(Absence::NotTold));
    // The first link carries nothing: a figure that leaves the others out would be 0.
    assert!(sent(10).value().unwrap() > 0.0, "{:?}", sent(10));
}

#[test]
fn with_mig_on_the_instances_are_told_and_utilization_is_not_supported() {
    let sample = last(Scenario::Mig, 2);
    let [device] = sample.devices.as_slice() else {
        panic!("{:?}", sample.devices);
    };
    assert!(device.remarks.contains(&Remark::MigOn));
    assert_eq!(
        said(device, Figure::Utilization),
        Said::Absent(Absence::NotSupported)
    );
    let instances: Vec<_> = device
        .instances
        .iter()
        .map(|one| (one.profile.as_str(), one.gpu_instance))
        .collect();
    assert_eq!(instances, [("1g.10gb", 9), ("3g.40gb", 2)]);
    assert_eq!(
        device.instances[0].readings[1].said,
        Said::Value(10_737_418_240.0)
    );
    let process = &device.processes[0];
    assert!(process.instance.is_some());
    assert_eq!(
        process.readings[1].said,
        Said::Absent(Absence::NotSupported)
    );
}

#[test]
fn an_instance_of_mig_tells_how_busy_it_is_where_the_driver_measures_it() {
    let sample = last(Scenario::Mig, 6);
    let busy = |place: usize| {
        let readings = &sample.devices[0].instances[place].readings;
        let found = readings
            .iter()
            .find(|one| one.figure == Figure::EngineActive);
        found.map(|one| (one.source, one.said))
    };
    assert_eq!(busy(0), Some((Source::Gpm, Said::Value(0.88))));
    assert_eq!(busy(1), None);
}

#[test]
fn what_a_driver_of_tomorrow_tells_is_neither_lost_nor_made_up() {
    let samples = samples(Scenario::Future, 4);
    let sample = samples.last().unwrap();
    let device = &sample.devices[0];
    // A bit that nobody knows, beside one of today.
    assert_eq!(
        device.value(Figure::ClocksEventReasons),
        Some(549_755_813_892.0)
    );
    // A code that nobody knows, an error that the driver does not know itself, a type of value.
    for figure in [
        Figure::Temperature,
        Figure::Power,
        Figure::MemoryTemperature,
    ] {
        assert_eq!(
            said(device, figure),
            Said::Absent(Absence::NotTold),
            "{figure:?}"
        );
    }
    // What is no number is rejected, and the rest of the line can be read.
    let line = serde_json::to_vec(&FromSampler::Sample(Box::new(sample.clone()))).unwrap();
    let FromSampler::Sample(read) = serde_json::from_slice(&line).unwrap() else {
        panic!("it is no sample");
    };
    for device in [device, &read.devices[0]] {
        let active = said(device, Figure::SmActive);
        assert!(
            matches!(active, Said::Absent(Absence::Rejected { raw }) if raw.is_nan()),
            "{active:?}"
        );
    }
    // An XID that nobody knows, although the other device reports none.
    let xids: Vec<u32> = device.xids.iter().map(|event| event.xid).collect();
    assert_eq!(xids, [4242]);
    assert_eq!(device.value(Figure::Utilization), Some(0.91));
}

#[test]
fn an_older_driver_is_asked_by_its_older_calls() {
    let sample = last(Scenario::Old, 1);
    let device = &sample.devices[0];
    assert_eq!(device.value(Figure::MemoryTotal), Some(85_899_345_920.0));
    assert_eq!(device.value(Figure::MemoryUsed), Some(66_303_557_632.0));
    // It does not tell what it keeps for itself.
    assert_eq!(
        said(device, Figure::MemoryReserved),
        Said::Absent(Absence::NotSupported)
    );
    assert_eq!(device.value(Figure::ClocksEventReasons), Some(4.0));
    let pids: Vec<u32> = device.processes.iter().map(|one| one.pid).collect();
    assert_eq!(pids, [std::process::id()]);
}

#[test]
fn programs_that_share_a_gpu_by_mps_are_listed_and_nothing_is_attributed_to_one() {
    let sample = last(Scenario::Shared, 1);
    let device = &sample.devices[0];
    assert!(device.remarks.contains(&Remark::SharedByMps));
    let mine = std::process::id();
    let found = device.processes.iter().find(|one| one.pid == mine).unwrap();
    assert_eq!(found.readings[0].said, Said::Value(4_294_967_296.0));
    assert_eq!(found.readings[1].said, Said::Absent(Absence::NotSupported));
    assert_eq!(sample.devices[1].remarks, []);
}

#[test]
fn what_a_device_does_not_tell_has_a_reason_and_is_never_zero() {
    let sample = last(Scenario::Gaps, 1);
    let device = &sample.devices[0];
    for (figure, absence) in [
        (Figure::Power, Absence::NotSupported),
        (Figure::EccUncorrected, Absence::NotSupported),
        (Figure::EncoderUtilization, Absence::NoPermission),
        (Figure::Temperature, Absence::Rejected { raw: 511.0 }),
        (Figure::MemoryTotal, Absence::NotSupported),
    ] {
        assert_eq!(said(device, figure), Said::Absent(absence), "{figure:?}");
    }
    assert!(device.remarks.contains(&Remark::UnifiedMemory));
    assert_eq!(device.power, None);
    assert_eq!(device.links, []);
}

#[test]
fn processes_of_another_number_space_are_told_to_be() {
    let sample = last(Scenario::Gaps, 1);
    let device = &sample.devices[0];
    assert!(device.remarks.contains(&Remark::ForeignProcesses));
    assert_eq!(device.processes[0].owner, None);
    assert_eq!(
        device.processes[0].readings[0].said,
        Said::Absent(Absence::NotTold)
    );
}

#[test]
fn an_xid_is_heard_once_with_its_time() {
    let samples = samples(Scenario::Xid, 4);
    assert_eq!(samples[0].devices[0].xids, []);
    let [event] = samples[3].devices[0].xids.as_slice() else {
        panic!("{:?}", samples[3].devices[0].xids);
    };
    assert_eq!(event.xid, 31);
    assert_eq!(samples[3].devices[0].value(Figure::LastXid), Some(31.0));
}

#[test]
fn a_device_that_falls_off_the_bus_keeps_what_it_said_last() {
    let samples = samples(Scenario::Lost, 6);
    assert_eq!(samples[1].devices[1].state, DeviceState::Answers);
    let lost = &samples[5].devices[1];
    assert_eq!(lost.state, DeviceState::Lost);
    let power = lost.reading(Figure::Power).unwrap();
    assert_eq!(power.said, Said::Value(71.0));
    // By its time one sees how old it is.
    let alive = samples[5].devices[0].reading(Figure::Power).unwrap();
    assert!(power.at < alive.at);
    assert_eq!(samples[5].devices[0].state, DeviceState::Answers);
}

#[test]
fn the_fake_libraries_are_all_there() {
    for scenario in [Scenario::Hang, Scenario::Mismatch, Scenario::NoDriver] {
        assert!(fs::exists(library(scenario)).unwrap());
    }
}
