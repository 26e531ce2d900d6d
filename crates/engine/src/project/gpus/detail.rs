//! One GPU: every reading with its source and age, what is wrong and what to do.

use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        gpu::{GpuDetailRow, GpuEngine, GpuFault, GpuInstance, ReadingRow},
    },
};
use strata_domain::reading::{Absence, Figure, Said, Source};

use super::{Picture, id, row};
use crate::{
    derive::gpus::{Gpu, fault::clock_reasons},
    fleet::telemetry::Device,
};

/// Figures whose absence is worth a line: a device of a data centre has them.
const EXPECTED: &[Figure] = &[
    Figure::SmActive,
    Figure::EngineActive,
    Figure::MemoryUsed,
    Figure::Temperature,
    Figure::Power,
    Figure::LastXid,
];

/// The same of an Ascend NPU, which has neither multiprocessors nor XIDs.
const EXPECTED_OF_NPUS: &[Figure] = &[
    Figure::AiCoreUtilization,
    Figure::MemoryUsed,
    Figure::Temperature,
    Figure::Power,
    Figure::Health,
];

pub(super) fn rows(picture: Picture<'_>, node: &str, index: u32) -> Vec<KeyedRow> {
    let Some(gpu) = picture.gpus.get(node, index) else {
        return Vec::new();
    };
    let device = picture
        .telemetry
        .devices_on(node)
        .and_then(|devices| devices.get(&index));
    let known = picture.derived.accelerators.of(node);
    let exporter = device.and_then(|device| picture.telemetry.exporter(&device.exporter));
    let is_held = gpu.is_held();
    let mut faults: Vec<_> = gpu.faults.clone();
    faults.sort_by_key(|fault| std::cmp::Reverse(fault.severity(is_held)));
    let detail = GpuDetailRow {
        gpu: row(gpu),
        pci: device
            .map(|device| device.pci.to_string())
            .unwrap_or_default(),
        driver: device
            .map(|device| device.driver.to_string())
            .unwrap_or_default(),
        exporter: device
            .map(|device| device.exporter.to_string())
            .unwrap_or_default(),
        exporter_failure: exporter
            .and_then(|state| state.failure.as_ref())
            .map(|failure| failure.message.clone())
            .unwrap_or_default(),
        node_allocatable: known.map_or(0, |known| known.total - known.unhealthy),
        node_capacity: known.map_or(0, |known| known.total),
        faults: faults
            .iter()
            .map(|fault| GpuFault {
                severity: fault.severity(is_held).into(),
                title: fault.title(),
                meaning: fault.meaning(gpu),
                action: fault.action(gpu),
            })
            .collect(),
        clock_reasons: device
            .and_then(|device| device.value(Figure::ClocksEventReasons))
            .map(clock_reasons)
            .unwrap_or_default(),
        readings: device.map(readings).unwrap_or_default(),
        instances: device.map(instances).unwrap_or_default(),
        engines: engines(gpu, picture),
    };
    vec![KeyedRow {
        id: id(gpu),
        row: Row::GpuDetail(Box::new(detail)),
    }]
}

fn readings(device: &Device) -> Vec<ReadingRow> {
    let is_told = |figure: Figure| device.figures.iter().any(|(known, _)| *known == figure);
    let is_npu = device.source == Source::NpuExporter || is_told(Figure::AiCoreUtilization);
    let expected = if is_npu { EXPECTED_OF_NPUS } else { EXPECTED };
    Figure::ALL
        .iter()
        .filter(|figure| is_told(**figure) || expected.contains(figure))
        .map(|figure| {
            let said = device.said(*figure);
            let (absence, rejected) = match said {
                Said::Value(_) => (None, None),
                Said::Absent(Absence::Rejected { raw }) => (
                    Some(Absence::Rejected { raw }),
                    Some(raw).filter(|raw| raw.is_finite()),
                ),
                Said::Absent(absence) => (Some(absence), None),
            };
            ReadingRow {
                figure: (*figure).into(),
                unit: figure.unit().into(),
                value: said.value(),
                absence: absence.map(Into::into),
                rejected,
                source: device.source.into(),
                at: device.at.to_string(),
            }
        })
        .collect()
}

/// How the serving engines do in the pods that hold `gpu`.
fn engines(gpu: &Gpu, picture: Picture<'_>) -> Vec<GpuEngine> {
    let told = gpu.holders.iter().filter_map(|holder| {
        let engine = picture.telemetry.engines().get(&holder.pod)?;
        let (at, report) = (engine.at, &engine.report);
        Some(GpuEngine {
            pod: holder.pod.to_string(),
            models: report.models.iter().map(ToString::to_string).collect(),
            running: report.running,
            waiting: report.waiting,
            cache_used: report.cache_used,
            at: at.to_string(),
        })
    });
    told.collect()
}

fn instances(device: &Device) -> Vec<GpuInstance> {
    device
        .instances
        .iter()
        .map(|one| GpuInstance {
            profile: one.instance.profile.to_string(),
            id: one.instance.id.to_string(),
            activity: one
                .figures
                .iter()
                .find(|(figure, _)| *figure == Figure::EngineActive)
                .and_then(|(_, said)| said.value()),
            holder: one
                .holder
                .as_ref()
                .map(|holder| holder.pod.to_string())
                .unwrap_or_default(),
        })
        .collect()
}
