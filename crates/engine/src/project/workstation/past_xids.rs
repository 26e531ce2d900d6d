//! How far back the errors of a device are known: since when, or why not and what to do.

use jiff::Timestamp;
use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::workstation::Hindrance,
};
use strata_domain::workstation::{AcceleratorSample, Device, PastXids, Vendor, XidEvent};

/// Whether `event` was before the machine was watched.
pub(super) fn is_past(event: XidEvent, watched_since: Option<Timestamp>) -> bool {
    watched_since.is_some_and(|since| event.at < since)
}

/// Since when the errors of `device` are known.
pub(super) fn since(device: &Device, sample: &AcceleratorSample) -> Option<Timestamp> {
    match (device.vendor, sample.past_xids) {
        (Vendor::Nvidia, PastXids::Since(at)) => Some(at),
        _ => None,
    }
}

/// Why the errors of before are not known, and how to come to know them.
pub(super) fn unknown(device: &Device, sample: &AcceleratorSample) -> Option<Hindrance> {
    if device.vendor != Vendor::Nvidia {
        return None;
    }
    let (reason, remedy) = match sample.past_xids {
        PastXids::Forbidden => (PhraseCode::XidLogForbidden, PhraseCode::XidLogForbiddenAct),
        PastXids::Missing => (PhraseCode::XidLogMissing, PhraseCode::XidLogMissingAct),
        PastXids::Unread | PastXids::Since(_) => return None,
    };
    Some(Hindrance {
        reason: Phrase::new(reason),
        remedy: Phrase::new(remedy),
    })
}

#[cfg(test)]
mod tests {
    use strata_domain::workstation::DeviceState;

    use super::*;

    fn device(vendor: Vendor) -> Device {
        Device {
            id: "GPU-1".to_owned(),
            index: 0,
            vendor,
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
        }
    }

    fn sample(past_xids: PastXids) -> AcceleratorSample {
        AcceleratorSample {
            past_xids,
            ..AcceleratorSample::default()
        }
    }

    #[test]
    fn a_log_that_may_not_be_read_has_its_reason_and_its_remedy() {
        let nvidias = device(Vendor::Nvidia);
        let told = |past_xids| {
            let told = unknown(&nvidias, &sample(past_xids));
            told.map(|one| (one.reason.code, one.remedy.code))
        };
        assert_eq!(
            told(PastXids::Forbidden),
            Some((PhraseCode::XidLogForbidden, PhraseCode::XidLogForbiddenAct))
        );
        assert_eq!(
            told(PastXids::Missing),
            Some((PhraseCode::XidLogMissing, PhraseCode::XidLogMissingAct))
        );
        assert_eq!(told(PastXids::Since(Timestamp::UNIX_EPOCH)), None);
        // Other devices have no XIDs to know of.
        let other = device(Vendor::Amd);
        assert_eq!(unknown(&other, &sample(PastXids::Forbidden)), None);
        let known = sample(PastXids::Since(Timestamp::UNIX_EPOCH));
        assert_eq!(since(&other, &known), None);
        assert_eq!(since(&nvidias, &known), Some(Timestamp::UNIX_EPOCH));
    }
}
