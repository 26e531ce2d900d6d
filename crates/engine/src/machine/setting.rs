//! Setting a device: its power limit, its clocks.

use std::time::Duration;

use serde_json::{Value, json};
use strata_api::{
    change::{ChangeAction, ChangeReport, Intent, ObstacleKind, StepProgress},
    error::ApiError,
    phrases::{Phrase, PhraseCode, PhraseValue},
    workstation::SetDevice,
};
use strata_domain::{
    field_path::FieldPath,
    workstation::{DeviceChange, Setting, Standing},
};
use strata_ports::workstation::Changed;

use super::{
    act::{Act, kind_of, words},
    trials::{Opening, open},
    words::{not_administrator, nvidia_smi},
};
use crate::{
    change::record::{Field, Recorded},
    operations::Operations,
};

/// Sets a device, or says what that would come to.
pub(crate) async fn set_device(
    operations: &Operations,
    request: SetDevice,
    settles: Option<u32>,
) -> Result<ChangeReport, ApiError> {
    let (intent, seconds) = (request.intent, request.trial_seconds);
    let change = DeviceChange {
        device: request.device,
        setting: request.setting.into(),
    };
    let standing = match operations.workstation.examine(change.clone()).await {
        Ok(standing) => standing,
        Err(error) => {
            let mut act = bare(&change, seconds);
            let sentence =
                Phrase::new(PhraseCode::SettingRefused).with("device", change.device.as_str());
            act.stop(kind_of(&error), sentence, words(&error));
            return Ok(act.report(intent, None));
        }
    };
    let mut act = planned(&change, &standing, seconds);
    act.settles = settles;
    if operations.trials.has(&change) {
        let sentence = Phrase::new(PhraseCode::SettingTrialOpen).with("index", standing.index);
        act.stop(ObstacleKind::Conflict, sentence, Vec::new());
    }
    let is_to_be_done =
        intent == Intent::Apply && !act.is_stopped() && act.told.action != ChangeAction::Unchanged;
    if !is_to_be_done {
        return Ok(act.report(intent, None));
    }
    let entry = act.begin(operations).await?;
    let trial = (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)));
    let made = operations.workstation.change(change.clone(), trial).await;
    let trial = match made {
        Ok(Changed { before, now, trial }) => {
            act.told.progress = StepProgress::Done;
            act.changes(vec![field(before, now)]);
            if !now.is_as_good_as(change.setting) {
                act.comes_to(
                    Phrase::new(PhraseCode::SettingReadBack)
                        .with("now", now.to_string())
                        .with("asked", change.setting.to_string()),
                );
            }
            trial.map(|trial| (trial, before, now))
        }
        Err(error) => {
            let sentence =
                Phrase::new(PhraseCode::SettingRefused).with("device", standing.model.as_str());
            act.fail(&error, sentence);
            None
        }
    };
    let unnoted = act.note(operations, entry, trial.is_some()).await;
    if let Some((trial, before, now)) = trial {
        let opening = Opening {
            entry,
            change,
            index: standing.index,
            before,
            now,
            seconds,
        };
        open(operations, opening, trial);
    }
    let mut report = act.report(intent, Some(entry));
    report.obstacles.extend(unnoted);
    Ok(report)
}

/// The act as far as the device is not known.
fn bare(change: &DeviceChange, trial_seconds: u32) -> Act {
    let verb = Recorded::SetDevice {
        device: change.device.clone(),
        before: None,
        setting: change.setting,
        trial_seconds,
    };
    Act::new("GPU", change.device.clone(), verb, String::new())
}

/// What it comes to, and what stands in the way.
fn planned(change: &DeviceChange, standing: &Standing, trial_seconds: u32) -> Act {
    let verb = Recorded::SetDevice {
        device: change.device.clone(),
        before: standing.now,
        setting: change.setting,
        trial_seconds,
    };
    let name = format!("{} ({})", standing.index, standing.model);
    let command = nvidia_smi(standing.index, change.setting);
    let mut act = Act::new("GPU", name, verb, command.clone());
    act.changes(vec![field(standing.now, change.setting)]);
    if standing
        .now
        .is_some_and(|now| now.is_as_good_as(change.setting))
    {
        act.told.action = ChangeAction::Unchanged;
        act.changes(Vec::new());
    }
    act.comes_to(if trial_seconds == 0 {
        Phrase::new(PhraseCode::SettingForGood)
    } else {
        Phrase::new(PhraseCode::SettingOnTrial)
            .with("waited", PhraseValue::Seconds(f64::from(trial_seconds)))
    });
    if standing.now.is_none() && trial_seconds > 0 {
        act.comes_to(Phrase::new(PhraseCode::SettingUntold));
    }
    if !standing.is_persistent {
        act.comes_to(Phrase::new(PhraseCode::RemarkNoPersistence));
    }
    let span = SetDevice::SHORTEST..=SetDevice::LONGEST;
    if trial_seconds != 0 && !span.contains(&trial_seconds) {
        let sentence = Phrase::new(PhraseCode::SettingTrialSpan)
            .with("least", SetDevice::SHORTEST)
            .with("most", SetDevice::LONGEST);
        act.stop(ObstacleKind::Refused, sentence, Vec::new());
    }
    if !standing.may_be_set {
        act.hinder(not_administrator(&standing.model, &command));
    }
    act
}

/// The field that becomes another.
fn field(before: Option<Setting>, after: Setting) -> Field {
    let name = match after {
        Setting::PowerLimit(_) => "power_limit_watts",
        Setting::LockedClocks(_) => "locked_clocks_mhz",
    };
    Field {
        path: FieldPath::of([name]),
        before: before.map(value),
        after: Some(value(after)),
        is_secret: false,
    }
}

fn value(setting: Setting) -> Value {
    match setting {
        // `300` and not `300.0`: as a person writes it.
        Setting::PowerLimit(watts) => format!("{watts}").parse().unwrap_or(json!(watts)),
        Setting::LockedClocks(clocks) => json!(clocks),
    }
}
