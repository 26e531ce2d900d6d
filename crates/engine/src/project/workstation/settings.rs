//! What a device can be set to, and why not from here.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::{
        gpu::FigureUnit,
        workstation::{Hindrance, SettingKind, SettingRow},
    },
};
use strata_domain::workstation::{Device, DeviceState, Vendor};

use crate::machine::words::not_administrator;

/// What `device` can be set to; `may_be_set` where this user is one who may. AMD's and Intel's are set by
/// their own tools: nothing is offered for them.
pub(super) fn rows(device: &Device, may_be_set: bool) -> Vec<SettingRow> {
    if device.vendor != Vendor::Nvidia {
        return Vec::new();
    }
    let obstacle = |option: &str| {
        if device.state != DeviceState::Answers {
            return Some(Hindrance {
                reason: Phrase::new(PhraseCode::SettingAsleep),
                remedy: Phrase::new(PhraseCode::SettingAsleepAct),
            });
        }
        let command = format!("sudo nvidia-smi -i {} {option}", device.index);
        (!may_be_set).then(|| not_administrator(&device.model, &command))
    };
    let power = device.power.map(|range| SettingRow {
        setting: SettingKind::PowerLimit,
        unit: FigureUnit::Watts,
        least: range.least,
        most: range.most,
        default: Some(range.default),
        obstacle: obstacle("-pl WATTS"),
    });
    let clocks = device.clocks.map(|range| SettingRow {
        setting: SettingKind::LockedClocks,
        unit: FigureUnit::Megahertz,
        least: f64::from(range.least),
        most: f64::from(range.most),
        default: None,
        obstacle: obstacle("-lgc LEAST,MOST"),
    });
    power.into_iter().chain(clocks).collect()
}
