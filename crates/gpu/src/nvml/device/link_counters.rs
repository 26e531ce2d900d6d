//! The errors that an NVLink counts.
//!
//! Up to Ampere a call tells each counter of a link. Later drivers call that legacy, and tell them as numbered
//! fields with the link as their scope, one of all checksum errors among them; on Blackwell there are neither.
//! Which of the two a device has is asked with its first link.

use nvml_wrapper::{Device, enum_wrappers::nv_link::ErrorCounter, sys_exports::field_id};
use strata_domain::reading::{Absence, Figure, Reading, Said, Source};

use super::float;
use crate::nvml::{
    calls::{Caller, absence, said},
    raw,
};

/// The counters that have a call.
const CALLS: [(Figure, ErrorCounter); 4] = [
    (Figure::NvlinkReplays, ErrorCounter::DlReplay),
    (Figure::NvlinkRecoveries, ErrorCounter::DlRecovery),
    (Figure::NvlinkCrcErrors, ErrorCounter::DlCrcFlit),
    (Figure::NvlinkDataCrcErrors, ErrorCounter::DlCrcData),
];

/// The counters that are numbered fields.
const FIELDS: [(Figure, u32); 3] = [
    (
        Figure::NvlinkReplays,
        field_id::NVML_FI_DEV_NVLINK_ERROR_DL_REPLAY,
    ),
    (
        Figure::NvlinkRecoveries,
        field_id::NVML_FI_DEV_NVLINK_ERROR_DL_RECOVERY,
    ),
    (
        Figure::NvlinkCrcErrors,
        field_id::NVML_FI_DEV_NVLINK_ERROR_DL_CRC,
    ),
];

/// The counters of a device's links.
#[derive(Default)]
pub(super) struct LinkCounters {
    /// Whether the device tells them as fields.
    are_fields: bool,
}

impl LinkCounters {
    /// What the link with this number of `device` counted.
    pub(super) fn read(
        &mut self,
        device: &Device<'_>,
        id: &str,
        number: u32,
        caller: &mut Caller<'_>,
    ) -> Vec<Reading> {
        if !self.are_fields {
            let told = called(device, id, number, caller);
            let has_any = told.iter().any(|(_, said)| said.value().is_some());
            if has_any {
                return readings(told, caller);
            }
            self.are_fields = true;
        }
        readings(fields(device, id, number, caller), caller)
    }
}

/// What the calls say. Where the first is not there, none is.
fn called(
    device: &Device<'_>,
    id: &str,
    number: u32,
    caller: &mut Caller<'_>,
) -> Vec<(Figure, Said)> {
    let link = device.link_wrapper_for(number);
    let mut told = Vec::new();
    for (figure, counter) in CALLS {
        let outcome = caller.call(id, "nvmlDeviceGetNvLinkErrorCounter", || {
            link.error_counter(counter)
        });
        let is_first = told.is_empty();
        let is_there = outcome.is_ok();
        told.push((figure, said(figure, outcome.map(float))));
        if is_first && !is_there {
            break;
        }
    }
    told
}

/// What the fields say; checksum errors of data are not counted apart there.
fn fields(
    device: &Device<'_>,
    id: &str,
    number: u32,
    caller: &mut Caller<'_>,
) -> Vec<(Figure, Said)> {
    let asked = FIELDS.map(|(_, field)| (field, number));
    let outcome = caller.call(id, "nvmlDeviceGetFieldValues", || {
        raw::fields(device, asked)
    });
    let mut told: Vec<(Figure, Said)> = match outcome {
        Ok(values) => FIELDS
            .into_iter()
            .zip(values)
            .map(|((figure, _), value)| (figure, said(figure, value)))
            .collect(),
        Err(error) => FIELDS
            .map(|(figure, _)| (figure, Said::Absent(absence(&error))))
            .to_vec(),
    };
    told.push((
        Figure::NvlinkDataCrcErrors,
        Said::Absent(Absence::NotSupported),
    ));
    told
}

fn readings(told: Vec<(Figure, Said)>, caller: &Caller<'_>) -> Vec<Reading> {
    let at = caller.now();
    told.into_iter()
        .map(|(figure, said)| Reading {
            figure,
            said,
            source: Source::Nvml,
            at,
        })
        .collect()
}
