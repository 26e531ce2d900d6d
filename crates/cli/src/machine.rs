//! `strata gpu end` and `strata gpu limit`: what is done to this machine, previewed unless it is wanted.

use std::{io::BufRead as _, process::ExitCode, time::Duration};

use strata_api::{
    change::{ChangeOutcome, ChangeReport, Intent},
    operations::{DecideTrial, EndProcess, SetDevice, TrialVerdict},
    phrases::PhraseCode,
    topics::Topic,
    workstation::{DeviceSetting, TrialOutcome},
};
use strata_app::Launch;
use tokio::sync::mpsc;

use crate::{
    arguments::{self, GpuCommand, Limit, Told, Wanted},
    change_report::tell,
    exit::{REFUSED, answer, remark},
    local::{self, Seen},
    session::{Rows, Session},
    table::visible,
};

/// How long reading the machine may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Does it, or says what it would come to. Ends with 5 where something stands in the way, and where
/// what was set was taken back.
pub(crate) async fn run(launch: Launch, command: &GpuCommand) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    // What is known of processes and devices is known while somebody looks.
    let mut rows = session.subscribe(Topic::Workstation {}).await?;
    let seen = local::read(&mut rows, PATIENCE).await?;
    let ended = match command {
        GpuCommand::End(wanted) => end(&session, &seen, wanted).await,
        GpuCommand::Limit(wanted) => limit(&session, &mut rows, &seen, wanted).await,
    };
    drop(rows);
    session.end().await;
    ended
}

fn intent(apply: bool) -> Intent {
    if apply {
        Intent::Apply
    } else {
        Intent::Preview
    }
}

async fn end(
    session: &Session,
    seen: &Seen,
    wanted: &arguments::EndProcess,
) -> anyhow::Result<ExitCode> {
    let mut listed = seen.processes.iter();
    let found = listed.find(|process| process.pid == wanted.pid);
    let request = EndProcess {
        pid: wanted.pid,
        // One that is on no accelerator began at no time, and is refused.
        started_ticks: found.map_or_else(|| "0".to_owned(), |row| row.started_ticks.clone()),
        is_forced: wanted.force,
        intent: intent(wanted.apply),
    };
    let report: ChangeReport = session.call("end_process", &request).await?;
    let code = tell(&report, wanted.output)?;
    let lingers = report
        .steps
        .iter()
        .flat_map(|step| &step.consequences)
        .any(|said| said.code == PhraseCode::ProcessLingers);
    if lingers {
        remark(&format!(
            "`strata gpu end {} --force --apply` ends it at once",
            wanted.pid
        ));
    }
    Ok(code)
}

async fn limit(
    session: &Session,
    rows: &mut Rows,
    seen: &Seen,
    wanted: &Limit,
) -> anyhow::Result<ExitCode> {
    let request = SetDevice {
        device: device(seen, &wanted.gpu)?,
        setting: setting(&wanted.wanted),
        trial_seconds: if wanted.for_good { 0 } else { wanted.trial },
        intent: intent(wanted.apply),
    };
    let report: ChangeReport = session.call("set_device", &request).await?;
    let code = tell(&report, wanted.output)?;
    let is_tried = request.trial_seconds > 0 && report.outcome == ChangeOutcome::Applied;
    let Some(entry) = report.journal_entry.filter(|_| is_tried) else {
        return Ok(code);
    };
    remark(&format!(
        "type `keep` within {} s to keep it, `back` to take it back now",
        request.trial_seconds
    ));
    let verdict = see_through(session, rows, entry).await?;
    match wanted.output {
        Told::Json => answer(&format!("{:#}\n", serde_json::to_value(&verdict)?))?,
        Told::Text => answer(&format!("{}\n", visible(&verdict.sentence.english())))?,
    }
    Ok(if verdict.outcome == TrialOutcome::Kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(REFUSED)
    })
}

/// The id of the GPU that is named by its number or its UUID.
fn device(seen: &Seen, name: &str) -> anyhow::Result<String> {
    let is_meant = |index: u32, id: &str| name == id || name.parse() == Ok(index);
    let mut devices = seen.devices.iter();
    if let Some(found) = devices.find(|one| is_meant(one.index, &one.device)) {
        return Ok(found.device.clone());
    }
    for fault in &seen.machine.faults {
        remark(&visible(&fault.title.english()));
    }
    anyhow::bail!("this machine has no GPU `{name}`; `strata gpu --local` lists them")
}

fn setting(wanted: &Wanted) -> DeviceSetting {
    match (wanted.power, wanted.clocks) {
        (Some(watts), _) => DeviceSetting::PowerLimit { watts },
        (None, Some((least, most))) => DeviceSetting::LockedClocks { least, most },
        (None, None) => DeviceSetting::FreeClocks {},
    }
}

/// Waits until the trial is over, and decides about it by what is typed.
async fn see_through(
    session: &Session,
    rows: &mut Rows,
    entry: u32,
) -> anyhow::Result<TrialVerdict> {
    let mut typed = listen();
    loop {
        let keep = tokio::select! {
            line = typed.recv() => match line.as_deref() {
                Some("keep") => true,
                Some("back") => false,
                Some(_) => {
                    remark("type `keep` or `back`");
                    continue;
                }
                // Nothing can be typed any more: time decides.
                None => return over(rows, entry).await,
            },
            verdict = over(rows, entry) => return verdict,
        };
        let request = DecideTrial { entry, keep };
        return session.call("decide_trial", &request).await;
    }
}

/// What is typed, line by line.
fn listen() -> mpsc::UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if sender.send(line.trim().to_owned()).is_err() {
                return;
            }
        }
    });
    lines
}

/// How the trial ended, once it has.
async fn over(rows: &mut Rows, entry: u32) -> anyhow::Result<TrialVerdict> {
    loop {
        let seen = Seen::of(rows);
        let mut trials = seen.devices.iter().flat_map(|device| &device.trials);
        let trial = trials.find(|trial| trial.entry == entry);
        if let Some(verdict) = trial.and_then(|trial| trial.verdict.clone()) {
            return Ok(verdict);
        }
        rows.next().await?;
    }
}
