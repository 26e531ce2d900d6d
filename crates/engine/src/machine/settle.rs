//! Finishing or undoing an act on this machine that the journal knows.

use strata_api::{
    change::{ChangeReport, ObstacleKind},
    error::{ApiError, ErrorCode},
    journal::{SettleChange, Settlement},
    phrases::{Phrase, PhraseCode},
    workstation::{EndProcess, SetDevice},
};
use strata_domain::workstation::Setting;

use super::{act::Act, end_process, set_device, words};
use crate::{
    change::record::{Meant, Recorded, unreadable},
    operations::Operations,
};

/// Does it once more, or takes it back; for good either way, as it is previewed.
pub(crate) async fn settle(
    operations: &Operations,
    meant: &Meant,
    request: &SettleChange,
) -> Result<ChangeReport, ApiError> {
    let (entry, is_undone) = (request.entry, request.settlement == Settlement::Undo);
    match &meant.verb {
        Recorded::EndProcess { pid, is_forced, .. } if is_undone => {
            let mut act = Act::new(
                "Process",
                meant.name.clone(),
                meant.verb.clone(),
                words::kill(*pid, *is_forced),
            );
            let sentence = Phrase::new(PhraseCode::ProcessNotUndone);
            act.stop(ObstacleKind::Unsupported, sentence, Vec::new());
            Ok(act.report(request.intent, None))
        }
        Recorded::EndProcess {
            pid,
            started_ticks,
            is_forced,
        } => {
            let again = EndProcess {
                pid: *pid,
                started_ticks: started_ticks.to_string(),
                is_forced: *is_forced,
                intent: request.intent,
            };
            end_process(operations, again, Some(entry)).await
        }
        Recorded::SetDevice {
            device,
            before,
            setting,
            ..
        } => {
            let wanted = if is_undone {
                before.unwrap_or(Setting::LockedClocks(None))
            } else {
                *setting
            };
            let again = SetDevice {
                device: device.clone(),
                setting: wanted.into(),
                trial_seconds: 0,
                intent: request.intent,
            };
            set_device(operations, again, Some(entry)).await
        }
        Recorded::RunHere { .. }
        | Recorded::StopHere { .. }
        | Recorded::RemoveHere { .. }
        | Recorded::LoadTest { .. } => {
            let message = "what ran on this machine is neither finished nor taken back from here";
            Err(ApiError::new(ErrorCode::InvalidInput, message))
        }
        _ => Err(unreadable(entry)),
    }
}
