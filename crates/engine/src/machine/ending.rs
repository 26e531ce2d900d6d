//! Ending a process that is on an accelerator.

use std::time::Duration;

use strata_api::{
    change::{ChangeReport, Intent, ObstacleKind, StepProgress},
    error::{ApiError, ErrorCode},
    phrases::{Phrase, PhraseCode, PhraseValue},
    workstation::EndProcess,
};
use strata_domain::workstation::{DeviceUse, ProcessOwner};
use strata_ports::workstation::{Ending, ProcessEnd, ProcessIdentity};

use super::{act::Act, words};
use crate::{
    change::record::Recorded, engine::ask, inbox::Command, operations::Operations,
    project::workstation::KnownPod,
};

/// How long a process that was asked to end is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// A process on accelerators, as it was sampled last.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownProcess {
    /// The numbers of the devices that it is on, and how much memory it has of each in bytes; none where
    /// that is not told.
    pub(crate) on: Vec<(u32, Option<f64>)>,
    /// What it uses them for.
    pub(crate) uses: Option<DeviceUse>,
    /// Whose it is; none where that cannot be told.
    pub(crate) owner: Option<ProcessOwner>,
    /// Its pod, where a connected cluster has it.
    pub(crate) pod: Option<KnownPod>,
}

/// Ends a process, or says what that would come to.
pub(crate) async fn end_process(
    operations: &Operations,
    request: EndProcess,
    settles: Option<u32>,
) -> Result<ChangeReport, ApiError> {
    let started_ticks = request.started_ticks.parse::<u64>().map_err(|_| {
        let message = "the start of a process is a number of clock ticks";
        ApiError::new(ErrorCode::InvalidInput, message)
    })?;
    let (pid, is_forced) = (request.pid, request.is_forced);
    let known = ask(&operations.commands, |reply| Command::ReadProcess {
        pid,
        started_ticks,
        reply,
    })
    .await?;
    let mut act = planned(pid, started_ticks, is_forced, known.as_ref());
    act.settles = settles;
    if request.intent == Intent::Preview || act.is_stopped() {
        return Ok(act.report(request.intent, None));
    }
    let entry = act.begin(operations).await?;
    let process = ProcessIdentity { pid, started_ticks };
    let how = if is_forced {
        Ending::Force
    } else {
        Ending::Ask
    };
    match operations
        .workstation
        .end_process(process, how, PATIENCE)
        .await
    {
        Ok(end) => {
            act.told.progress = StepProgress::Done;
            act.told.consequences = vec![match end {
                ProcessEnd::Gone => Phrase::new(PhraseCode::ProcessGone),
                ProcessEnd::Lingers => Phrase::new(PhraseCode::ProcessLingers)
                    .with("waited", PhraseValue::Seconds(PATIENCE.as_secs_f64())),
            }];
        }
        Err(error) => {
            let sentence = Phrase::new(PhraseCode::ProcessNotEnded).with("pid", pid.to_string());
            act.fail(&error, sentence);
        }
    }
    let unnoted = act.note(operations, entry, false).await;
    let mut report = act.report(Intent::Apply, Some(entry));
    report.obstacles.extend(unnoted);
    Ok(report)
}

/// What it is, what ending it comes to, and what stands in the way.
fn planned(pid: u32, started_ticks: u64, is_forced: bool, known: Option<&KnownProcess>) -> Act {
    let verb = Recorded::EndProcess {
        pid,
        started_ticks,
        is_forced,
    };
    let owner = known.and_then(|known| known.owner.as_ref());
    let program = owner.map(|owner| words::program(&owner.command));
    let name = match program {
        Some(program) if !program.is_empty() => format!("{pid} ({program})"),
        _ => pid.to_string(),
    };
    let command = words::kill(pid, is_forced);
    let mut act = Act::new("Process", name, verb, command);
    let Some(known) = known else {
        let sentence = Phrase::new(PhraseCode::ProcessOnNothing).with("pid", pid.to_string());
        act.stop(ObstacleKind::Stale, sentence, Vec::new());
        return act;
    };
    if let Some(owner) = owner {
        act.comes_to(
            Phrase::new(PhraseCode::ProcessIs)
                .with("user", owner.user.as_str())
                .with("command", owner.command.as_str()),
        );
    }
    if let Some(guard) = words::guard(pid, owner) {
        act.hinder(guard);
        return act;
    }
    act.comes_to(Phrase::new(if is_forced {
        PhraseCode::ProcessForced
    } else {
        PhraseCode::ProcessAsked
    }));
    for (index, memory) in &known.on {
        act.comes_to(words::frees(*index, *memory));
    }
    if let Some(owner) = owner {
        if known.uses != Some(DeviceUse::Compute) && words::draws_the_desktop(&owner.command) {
            act.comes_to(Phrase::new(PhraseCode::ProcessDraws));
        }
        act.comes_to(words::restarted_by(owner, known.pod.as_ref()));
    }
    act
}

#[cfg(test)]
mod tests;
