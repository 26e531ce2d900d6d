//! What is wrong with drivers and devices of this machine, in words: what, why, what to do.

use jiff::Timestamp;
use strata_api::{
    phrases::{Phrase, PhraseCode, PhraseValue},
    rows::{Severity, gpu::GpuFault},
};
use strata_domain::{
    reading::Figure,
    workstation::{Device, DeviceState, Remark, Trouble},
};

use super::past_xids::is_past;
use crate::derive::gpus::xid;

/// What keeps a driver from being asked.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each trouble, and nothing but words"
)]
pub(crate) fn trouble(trouble: &Trouble) -> GpuFault {
    use PhraseCode as Code;
    let plain = Phrase::new;
    let (severity, title, meaning, action) = match trouble {
        Trouble::LibraryMissing { tried } => (
            Severity::Warning,
            plain(Code::DriverLibraryMissing),
            plain(Code::DriverLibraryMissingWhy).with("tried", tried.join(", ")),
            plain(Code::DriverLibraryMissingAct),
        ),
        Trouble::LibraryUnusable { path, message } => (
            Severity::Warning,
            plain(Code::DriverLibraryUnusable),
            plain(Code::DriverLibraryUnusableWhy)
                .with("path", path.as_str())
                .with("message", message.as_str()),
            plain(Code::DriverLibraryUnusableAct),
        ),
        Trouble::VersionMismatch { library, module } => (
            Severity::Critical,
            plain(Code::DriverMismatch),
            if library.is_empty() || module.is_empty() {
                plain(Code::DriverMismatchUntold)
            } else {
                plain(Code::DriverMismatchWhy)
                    .with("library", library.as_str())
                    .with("module", module.as_str())
            },
            plain(Code::DriverMismatchAct),
        ),
        Trouble::DriverNotLoaded => (
            Severity::Warning,
            plain(Code::DriverNotLoaded),
            plain(Code::DriverNotLoadedWhy),
            plain(Code::DriverNotLoadedAct),
        ),
        Trouble::NoPermission { path } => (
            Severity::Warning,
            plain(Code::DriverForbidden),
            plain(Code::DriverForbiddenWhy).with("path", path.as_str()),
            plain(Code::DriverForbiddenAct).with("path", path.as_str()),
        ),
        Trouble::WslWithoutDriver => (
            Severity::Warning,
            plain(Code::DriverWsl),
            plain(Code::DriverWslWhy),
            plain(Code::DriverWslAct),
        ),
        Trouble::Hung {
            device,
            call,
            seconds,
        } => (
            Severity::Critical,
            plain(Code::DriverHangs).with("waited", PhraseValue::Seconds(f64::from(*seconds))),
            plain(Code::DriverHangsWhy)
                .with("call", version(call))
                .with("device", version(device)),
            plain(Code::DriverHangsAct),
        ),
        Trouble::Stuck { pid } => (
            Severity::Critical,
            plain(Code::DriverStuck),
            plain(Code::DriverStuckWhy).with("pid", pid.to_string()),
            plain(Code::DriverStuckAct),
        ),
        Trouble::Ended { how, again_seconds } => (
            Severity::Warning,
            plain(Code::SamplerEnded),
            plain(Code::SamplerEndedWhy)
                .with("how", how.as_str())
                .with("waited", PhraseValue::Seconds(f64::from(*again_seconds))),
            plain(Code::SamplerEndedAct),
        ),
        Trouble::FellOff { pci, xid, .. } => (
            Severity::Critical,
            plain(Code::DeviceFellOff).with("pci", pci.as_str()),
            plain(Code::DeviceFellOffWhy).with("xid", xid.to_string()),
            plain(Code::LocalOffBus),
        ),
        Trouble::Other { message } => (
            Severity::Warning,
            plain(Code::DriverSays).with("message", message.as_str()),
            plain(Code::DriverSaysWhy),
            plain(Code::DriverSaysAct),
        ),
    };
    GpuFault {
        severity,
        title,
        meaning,
        action,
    }
}

/// A name that may not be known.
fn version(text: &str) -> &str {
    if text.is_empty() { "?" } else { text }
}

/// What is wrong with a device, the worst first; errors of before `watched_since` are told to be of before.
pub(super) fn faults(device: &Device, watched_since: Option<Timestamp>) -> Vec<GpuFault> {
    use PhraseCode as Code;
    let index = device.index;
    let mut faults = Vec::new();
    match device.state {
        DeviceState::Lost => faults.push(GpuFault {
            severity: Severity::Critical,
            title: Phrase::new(Code::DeviceLost),
            meaning: Phrase::new(Code::XidOffBus),
            action: Phrase::new(Code::LocalOffBus),
        }),
        DeviceState::NeedsReset => faults.push(GpuFault {
            severity: Severity::Critical,
            title: Phrase::new(Code::DeviceNeedsReset),
            meaning: Phrase::new(Code::DeviceNeedsResetWhy),
            action: reset(index),
        }),
        DeviceState::Answers | DeviceState::Suspended => {}
    }
    faults.extend(memory_faults(device));
    faults.extend(link_fault(device));
    // The latest alone: the rest stand in the list of events.
    if let Some(event) = device.xids.first() {
        faults.push(GpuFault {
            severity: Severity::Notice,
            title: if is_past(*event, watched_since) {
                xid::past_title(event.xid)
            } else {
                xid::title(event.xid)
            },
            meaning: xid::meaning(event.xid),
            action: xid::local_action(event.xid, index),
        });
    }
    faults
}

/// The command that resets the device with this number.
fn reset(index: u32) -> Phrase {
    Phrase::new(PhraseCode::LocalReset).with("index", index)
}

/// What is wrong with a device's memory, the worst first.
fn memory_faults(device: &Device) -> Vec<GpuFault> {
    use PhraseCode as Code;
    let index = device.index;
    let mut faults = Vec::new();
    if device.value(Figure::RowRemapFailure) == Some(1.0) {
        faults.push(GpuFault {
            severity: Severity::Critical,
            title: Phrase::new(Code::GpuRowRemapFailed),
            meaning: Phrase::new(Code::XidRemapFailed),
            action: Phrase::new(Code::LocalReplace),
        });
    }
    if device.value(Figure::RowRemapPending) == Some(1.0) {
        faults.push(GpuFault {
            severity: Severity::Warning,
            title: Phrase::new(Code::GpuRowRemapPending),
            meaning: Phrase::new(Code::XidRemap),
            action: reset(index),
        });
    }
    if device.value(Figure::PageRetirementPending) == Some(1.0) {
        faults.push(GpuFault {
            severity: Severity::Warning,
            title: Phrase::new(Code::GpuPagesPending),
            meaning: Phrase::new(Code::GpuPagesPendingWhy),
            action: reset(index),
        });
    }
    if let Some(count) = device.value(Figure::EccUncorrected)
        && count > 0.0
    {
        faults.push(GpuFault {
            severity: Severity::Warning,
            title: Phrase::new(Code::GpuEccUncorrected).with("count", PhraseValue::Number(count)),
            meaning: Phrase::new(Code::XidMemory),
            action: reset(index),
        });
    }
    faults
}

/// The link that had to be trained anew the most often, if one had to.
fn link_fault(device: &Device) -> Option<GpuFault> {
    let recovered = device.links.iter().filter_map(|link| {
        let mut readings = link.readings.iter();
        let found = readings.find(|one| one.figure == Figure::NvlinkRecoveries)?;
        let count = found.said.value().filter(|count| *count > 0.0)?;
        Some((link.number, count))
    });
    let (link, count) =
        recovered.reduce(|worst, other| if other.1 > worst.1 { other } else { worst })?;
    Some(GpuFault {
        severity: Severity::Notice,
        title: Phrase::new(PhraseCode::NvlinkRecovered)
            .with("link", link)
            .with("count", PhraseValue::Number(count)),
        meaning: Phrase::new(PhraseCode::NvlinkRecoveredWhy),
        action: Phrase::new(PhraseCode::NvlinkRecoveredAct).with("index", device.index),
    })
}

/// What one should know to read the figures.
pub(super) fn remark(remark: Remark) -> Phrase {
    Phrase::new(match remark {
        Remark::Wsl => PhraseCode::RemarkWsl,
        Remark::ForeignProcesses => PhraseCode::RemarkForeign,
        Remark::MigOn => PhraseCode::RemarkMigOn,
        Remark::SharedByMps => PhraseCode::RemarkMps,
        Remark::MigPending => PhraseCode::RemarkMigPending,
        Remark::UnifiedMemory => PhraseCode::RemarkUnified,
        Remark::Suspended => PhraseCode::RemarkSuspended,
        Remark::OwnProcessesAlone => PhraseCode::RemarkOwnProcesses,
        Remark::NoPersistence => PhraseCode::RemarkNoPersistence,
    })
}

#[cfg(test)]
mod tests {
    use strata_domain::{
        reading::{Reading, Said, Source},
        workstation::{LinkSample, Vendor, XidEvent},
    };

    use super::*;

    fn device(figures: &[(Figure, f64)]) -> Device {
        let readings = figures.iter().map(|(figure, value)| Reading {
            figure: *figure,
            said: Said::Value(*value),
            source: Source::Nvml,
            at: Timestamp::UNIX_EPOCH,
        });
        Device {
            id: "GPU-1".to_owned(),
            index: 0,
            vendor: Vendor::Nvidia,
            model: String::new(),
            pci: String::new(),
            state: DeviceState::Answers,
            readings: readings.collect(),
            instances: Vec::new(),
            links: Vec::new(),
            processes: Vec::new(),
            processes_at: None,
            xids: Vec::new(),
            power: None,
            clocks: None,
            remarks: Vec::new(),
        }
    }

    #[test]
    fn a_row_that_waits_for_a_reset_is_told_with_the_command() {
        let device = device(&[
            (Figure::RowRemapPending, 1.0),
            (Figure::RowRemapFailure, 0.0),
            (Figure::EccUncorrected, 0.0),
        ]);
        let faults = faults(&device, None);
        let told: Vec<_> = faults
            .iter()
            .map(|fault| (fault.severity, fault.title.code, fault.action.code))
            .collect();
        assert_eq!(
            told,
            [(
                Severity::Warning,
                PhraseCode::GpuRowRemapPending,
                PhraseCode::LocalReset
            )]
        );
    }

    #[test]
    fn rows_that_are_well_are_no_fault() {
        assert!(faults(&device(&[(Figure::RowRemapPending, 0.0)]), None).is_empty());
    }

    #[test]
    fn pages_that_wait_and_the_link_that_recovered_most_are_told() {
        let mut worn = device(&[
            (Figure::PagesRetiredCorrected, 2.0),
            (Figure::PageRetirementPending, 1.0),
        ]);
        let recovered = |number: u32, count: f64| LinkSample {
            number,
            is_active: true,
            version: Some(2),
            peer: String::new(),
            readings: vec![Reading {
                figure: Figure::NvlinkRecoveries,
                said: Said::Value(count),
                source: Source::Nvml,
                at: Timestamp::UNIX_EPOCH,
            }],
        };
        worn.links = vec![recovered(0, 0.0), recovered(1, 1.0), recovered(2, 3.0)];
        let told = faults(&worn, None);
        let codes: Vec<_> = told.iter().map(|fault| fault.title.code).collect();
        assert_eq!(
            codes,
            [PhraseCode::GpuPagesPending, PhraseCode::NvlinkRecovered]
        );
        assert_eq!(
            told[1].title.english(),
            "NVLink 2 had to be trained anew 3 times"
        );
        worn.links.truncate(1);
        assert_eq!(faults(&worn, None).len(), 1);
    }

    #[test]
    fn a_device_that_is_gone_is_told_with_its_place_and_its_error() {
        let told = trouble(&Trouble::FellOff {
            pci: "0000:41:00".to_owned(),
            xid: 79,
            at: Timestamp::UNIX_EPOCH,
        });
        assert_eq!(told.severity, Severity::Critical);
        assert!(told.title.english().contains("0000:41:00"));
        assert!(told.meaning.english().contains("XID 79"));
        assert_eq!(told.action.code, PhraseCode::LocalOffBus);
    }

    #[test]
    fn an_error_of_before_is_told_to_be_of_before() {
        let mut device = device(&[]);
        let at = Timestamp::from_second(50).unwrap();
        let title = |device: &Device, since: i64| {
            let since = Timestamp::from_second(since).unwrap();
            faults(device, Some(since))[0].title.code
        };
        for (xid, past, now) in [
            (79, PhraseCode::XidPastTitle, PhraseCode::XidTitle),
            (4_242, PhraseCode::XidPastUntitled, PhraseCode::XidUntitled),
        ] {
            device.xids = vec![XidEvent {
                xid,
                at,
                earlier_by_seconds: 0,
            }];
            assert_eq!(title(&device, 60), past);
            assert_eq!(title(&device, 50), now);
        }
    }
}
