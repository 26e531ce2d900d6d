//! A process on an accelerator: as a row, and as whoever ends it has to know it.

use strata_api::rows::{gpu::ReadingRow, workstation::ProcessRow};
use strata_domain::{
    ids::Uid,
    reading::{Absence, Figure, Reading, Said},
    text::Text,
    workstation::{Device, DeviceProcess, DeviceUse, PodOf, ProcessOwner},
};

use super::{KnownPod, reading};
use crate::{
    fleet::workstation::Workstation,
    machine::{KnownProcess, words::guard},
};

/// A process on `device`.
pub(super) fn row(
    device: &Device,
    process: &DeviceProcess,
    pod: impl Fn(&Uid) -> Option<KnownPod>,
) -> ProcessRow {
    let find = |figure| process.readings.iter().find(|one| one.figure == figure);
    let memory = find(Figure::MemoryUsed).map(reading);
    let activity = find(Figure::Utilization).or_else(|| find(Figure::EngineActive));
    let is_known = process.owner.is_some();
    let guard = guard(process.pid, process.owner.as_ref());
    let owner = process.owner.clone().unwrap_or_default();
    let ProcessOwner {
        user,
        command,
        started_ticks,
        started_at,
        unit,
        container,
        ..
    } = owner;
    let told = container.as_ref().and_then(|one| one.pod.clone());
    let known = told.as_ref().and_then(|told| pod(&uid(told)));
    let (cluster, namespace, name) = match (known, &told) {
        (Some(known), _) => (known.cluster, known.namespace, known.name),
        (None, Some(told)) => (String::new(), told.namespace.clone(), told.name.clone()),
        (None, None) => (String::new(), String::new(), String::new()),
    };
    ProcessRow {
        device: device.id.clone(),
        device_index: device.index,
        pid: process.pid,
        uses: process.uses.into(),
        instance: process
            .instance
            .map(|number| {
                device
                    .instances
                    .iter()
                    .find(|one| one.gpu_instance == number)
                    .map_or_else(|| number.to_string(), |one| one.profile.clone())
            })
            .unwrap_or_default(),
        memory: memory.unwrap_or_else(|| untold(device, Figure::MemoryUsed)),
        activity: activity.map(reading),
        is_known,
        user,
        command,
        started_ticks: started_ticks.to_string(),
        started_at: started_at.map(|at| at.to_string()),
        unit,
        runtime: container.as_ref().map(|one| one.runtime.into()),
        container_id: container
            .as_ref()
            .map(|one| one.id.clone())
            .unwrap_or_default(),
        container: container.map(|one| one.name).unwrap_or_default(),
        pod_uid: told.map(|told| told.uid).unwrap_or_default(),
        namespace,
        pod: name,
        cluster,
        guard,
    }
}

/// A figure that nobody told.
fn untold(device: &Device, figure: Figure) -> ReadingRow {
    reading(&Reading {
        figure,
        said: Said::Absent(Absence::NotTold),
        source: strata_domain::reading::Source::System,
        at: device.processes_at.unwrap_or_default(),
    })
}

/// The process `pid` that began at `started_ticks`, over all devices that it is on. One whose owner is
/// not known has no start.
pub(crate) fn known(
    workstation: &Workstation,
    pid: u32,
    started_ticks: u64,
    pod: impl Fn(&Uid) -> Option<KnownPod>,
) -> Option<KnownProcess> {
    let sample = workstation.accelerators.as_ref()?;
    let mut known: Option<KnownProcess> = None;
    for device in &sample.devices {
        for process in &device.processes {
            let owner = process.owner.as_ref();
            let began = owner.map_or(0, |owner| owner.started_ticks);
            if process.pid != pid || began != started_ticks {
                continue;
            }
            let known = known.get_or_insert_default();
            add(&mut known.on, device.index, memory(process));
            known.uses = Some(match known.uses {
                Some(uses) if uses != process.uses => DeviceUse::Both,
                _ => process.uses,
            });
            known.owner = owner.cloned();
            let told = owner.and_then(|owner| owner.container.as_ref()?.pod.as_ref());
            known.pod = told.and_then(|told| pod(&uid(told)));
        }
    }
    known
}

/// How much device memory it has, in bytes.
fn memory(process: &DeviceProcess) -> Option<f64> {
    let mut readings = process.readings.iter();
    let found = readings.find(|one| one.figure == Figure::MemoryUsed)?;
    found.said.value()
}

/// Adds what it has of a device; unknown and known together are unknown.
fn add(on: &mut Vec<(u32, Option<f64>)>, index: u32, memory: Option<f64>) {
    match on.iter_mut().find(|(other, _)| *other == index) {
        Some((_, sum)) => *sum = sum.zip(memory).map(|(sum, more)| sum + more),
        None => on.push((index, memory)),
    }
}

fn uid(told: &PodOf) -> Uid {
    Uid(Text::from(told.uid.as_str()))
}
