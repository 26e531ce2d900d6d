//! Settings on trial: each is taken back unless somebody says to keep it.
//!
//! The process that made the change takes it back; here is kept who may decide, what the writer tells of
//! it, and what the journal says in the end. When the engine shuts down, what is open is let go, which
//! takes it back, and the shutdown waits for that.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::SignedDuration;
use strata_api::{
    change::ChangeOutcome,
    error::{ApiError, ErrorCode},
    phrases::{Phrase, PhraseCode},
    rows::{Severity, gpu::GpuFault, workstation::TrialRow},
    workstation::{DecideTrial, TrialOutcome, TrialVerdict},
};
use strata_domain::workstation::{DeviceChange, Setting};
use strata_ports::workstation::{Decision, Trial, TrialEnd};
use tokio::sync::watch;

use super::words::nvidia_smi;
use crate::{
    change::{notebook::Notebook, record::Happened},
    error::closing,
    inbox::Command,
    operations::Operations,
};

/// The trials that are open, by their entry in the journal.
#[derive(Clone, Default)]
pub(crate) struct Trials(Arc<Mutex<BTreeMap<u32, Open>>>);

/// A trial that is open.
struct Open {
    change: DeviceChange,
    /// Taken by whoever decides; dropped, the change is taken back.
    decide: Option<Box<dyn FnOnce(Decision) + Send>>,
    verdict: watch::Receiver<Option<TrialVerdict>>,
}

/// A change that was made on trial.
pub(super) struct Opening {
    pub(super) entry: u32,
    pub(super) change: DeviceChange,
    pub(super) index: u32,
    pub(super) before: Option<Setting>,
    pub(super) now: Setting,
    pub(super) seconds: u32,
}

/// A trial as it is told with its device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tried {
    /// The device, by its id.
    pub(crate) device: String,
    pub(crate) row: TrialRow,
    /// What is wrong with the device where it could not be set back.
    pub(crate) fault: Option<GpuFault>,
}

impl Tried {
    /// Whether both are about the same setting of the same device.
    pub(crate) fn is_about_the_same(&self, other: &Self) -> bool {
        let (one, another) = (
            Setting::from(self.row.asked),
            Setting::from(other.row.asked),
        );
        self.device == other.device && one.is_about_the_same(another)
    }
}

impl Trials {
    /// Whether one about the same setting of the same device is open.
    pub(super) fn has(&self, change: &DeviceChange) -> bool {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.values().any(|one| {
            one.change.device == change.device
                && one.change.setting.is_about_the_same(change.setting)
        })
    }

    fn open(&self, entry: u32, open: Open) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(entry, open);
    }

    /// Takes from the trial who decides about it.
    fn decider(&self, entry: u32) -> Option<Box<dyn FnOnce(Decision) + Send>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get_mut(&entry)?.decide.take()
    }

    fn verdict(&self, entry: u32) -> Option<watch::Receiver<Option<TrialVerdict>>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(all.get(&entry)?.verdict.clone())
    }

    fn close(&self, entry: u32) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&entry);
    }
}

/// Sees a trial through, in a task of its own.
pub(super) fn open(operations: &Operations, opening: Opening, trial: Trial) {
    let entry = opening.entry;
    let (told, verdict) = watch::channel(None);
    operations.trials.open(
        entry,
        Open {
            change: opening.change.clone(),
            decide: Some(trial.decide),
            verdict,
        },
    );
    let until = operations.clock.now() + SignedDuration::from_secs(i64::from(opening.seconds));
    let mut tried = Tried {
        device: opening.change.device.clone(),
        row: TrialRow {
            entry,
            now: opening.now.into(),
            asked: opening.change.setting.into(),
            before: opening.before.map(Into::into),
            until: until.to_string(),
            verdict: None,
        },
        fault: None,
    };
    let (trials, commands) = (operations.trials.clone(), operations.commands.clone());
    let (notebook, scope) = (Notebook::of(operations), operations.scope.clone());
    let tell = move |tried: Tried| {
        if commands.send(Command::Tried(Box::new(tried))).is_err() {
            tracing::debug!("the engine has stopped; nobody shows how a trial stands");
        }
    };
    tell(tried.clone());
    operations.scope.spawn(async move {
        let mut ended = trial.ended;
        let end = tokio::select! {
            biased;
            end = &mut ended => end,
            () = scope.closing() => {
                drop(trials.decider(entry));
                ended.await
            }
        };
        let (verdict, fault) = judged(&opening, &end);
        note(&notebook, entry, &end, &verdict).await;
        tried.row.verdict = Some(verdict.clone());
        tried.fault = fault;
        if let TrialEnd::TakenBack(now) = end {
            tried.row.now = now.into();
        }
        tell(tried);
        told.send_replace(Some(verdict));
        trials.close(entry);
    });
}

/// Decides about a trial, and tells how it ended.
pub(crate) async fn decide_trial(
    operations: &Operations,
    request: DecideTrial,
) -> Result<TrialVerdict, ApiError> {
    let over = || {
        ApiError::new(
            ErrorCode::NotFound,
            format!(
                "entry {} is on trial no longer; the journal tells how it ended",
                request.entry
            ),
        )
    };
    let mut verdict = operations.trials.verdict(request.entry).ok_or_else(over)?;
    // Where somebody decided already, theirs counts.
    if let Some(decide) = operations.trials.decider(request.entry) {
        decide(if request.keep {
            Decision::Keep
        } else {
            Decision::TakeBack
        });
    }
    let told = verdict.wait_for(Option::is_some).await;
    told.map_err(|_| closing())?.clone().ok_or_else(closing)
}

/// How it ended, in words; and what is wrong with the device where it could not be set back.
fn judged(opening: &Opening, end: &TrialEnd) -> (TrialVerdict, Option<GpuFault>) {
    use PhraseCode as Code;
    let index = opening.index;
    let about = |setting: Setting, code: Code, free: Code| match setting {
        Setting::LockedClocks(None) => Phrase::new(free).with("index", index),
        held => Phrase::new(code)
            .with("index", index)
            .with("now", held.to_string()),
    };
    let (outcome, sentence) = match end {
        TrialEnd::Kept => (
            TrialOutcome::Kept,
            about(opening.now, Code::TrialKept, Code::TrialKeptFree),
        ),
        TrialEnd::TakenBack(now) => (
            TrialOutcome::TakenBack,
            about(*now, Code::TrialTakenBack, Code::TrialFreed),
        ),
        TrialEnd::Stuck { message } => {
            let title = Phrase::new(Code::TrialStuck)
                .with("index", index)
                .with("now", opening.now.to_string());
            let back = opening.before.unwrap_or(Setting::LockedClocks(None));
            let fault = GpuFault {
                severity: Severity::Critical,
                title: title.clone(),
                meaning: Phrase::new(Code::TrialStuckWhy).with("message", message.as_str()),
                action: Phrase::new(Code::TrialStuckAct).with("command", nvidia_smi(index, back)),
            };
            let verdict = TrialVerdict {
                outcome: TrialOutcome::Stuck,
                sentence: title,
            };
            return (verdict, Some(fault));
        }
    };
    (TrialVerdict { outcome, sentence }, None)
}

/// Notes down how it ended. What could not be taken back stays open, so that the next start tells it.
async fn note(notebook: &Notebook, entry: u32, end: &TrialEnd, verdict: &TrialVerdict) {
    let message = match end {
        TrialEnd::Stuck { message } => format!("{}: {message}", verdict.sentence.english()),
        _ => verdict.sentence.english(),
    };
    let last = match end {
        TrialEnd::Kept => Some(Happened::Ended {
            outcome: ChangeOutcome::Applied,
        }),
        TrialEnd::TakenBack(_) => Some(Happened::Settled {
            how: "taken back".to_owned(),
        }),
        TrialEnd::Stuck { .. } => None,
    };
    let mut noted = notebook
        .note(entry, &Happened::TrialEnded { message })
        .await;
    if let (Ok(()), Some(last)) = (&noted, last) {
        noted = notebook.note(entry, &last).await;
    }
    if let Err(error) = noted {
        tracing::error!(%error, entry, "how a trial ended could not be noted down");
    }
}
