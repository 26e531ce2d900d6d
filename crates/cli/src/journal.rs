//! `strata journal`: what was changed, by whom, and whether the journal is as it was written.

use std::process::ExitCode;

use strata_api::{
    change::{ChangeReport, Intent},
    journal::{JournalEntry, JournalPage, JournalVerdict, ReadJournal, SettleChange, Settlement},
    operations::Nothing,
};
use strata_app::Launch;

use crate::{
    arguments::{Journal, JournalCommand, Output, Settle},
    change_report::{tell, word},
    exit::{REFUSED, answer, remark},
    session::Session,
    table::columns,
};

pub(crate) async fn run(launch: Launch, journal: &Journal) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let ended = match &journal.command {
        None => list(&session, "", 20, Output::Table).await,
        Some(JournalCommand::List {
            words,
            most,
            output,
        }) => list(&session, &words.join(" "), *most, *output).await,
        Some(JournalCommand::Export) => export(&session).await,
        Some(JournalCommand::Verify { head }) => verify(&session, head.as_deref()).await,
        Some(JournalCommand::Finish(wanted)) => settle(&session, wanted, Settlement::Finish).await,
        Some(JournalCommand::Undo(wanted)) => settle(&session, wanted, Settlement::Undo).await,
        Some(JournalCommand::Leave(wanted)) => settle(&session, wanted, Settlement::Leave).await,
    };
    session.end().await;
    ended
}

async fn read(
    session: &Session,
    words: &str,
    before: Option<u32>,
    most: u32,
) -> anyhow::Result<Vec<JournalEntry>> {
    let request = ReadJournal {
        words: words.to_owned(),
        cluster: String::new(),
        states: Vec::new(),
        before,
        most,
    };
    let page: JournalPage = session.call("read_journal", &request).await?;
    Ok(page.entries)
}

async fn list(
    session: &Session,
    words: &str,
    most: u32,
    output: Output,
) -> anyhow::Result<ExitCode> {
    let entries = read(session, words, None, most).await?;
    match output {
        Output::Json => {
            let page = JournalPage { entries };
            answer(&format!("{:#}\n", serde_json::to_value(page)?))?;
        }
        Output::Table if entries.is_empty() && words.is_empty() => {
            remark("nothing was changed from here yet");
        }
        Output::Table if entries.is_empty() => remark("no entry has these words"),
        Output::Table => answer(&table(&entries))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn table(entries: &[JournalEntry]) -> String {
    let heading = ["ENTRY", "TIME", "CONTEXT", "USER", "STATE", "WHAT"];
    let mut lines = vec![heading.map(str::to_owned).to_vec()];
    for entry in entries {
        for (at, step) in entry.steps.iter().enumerate() {
            let is_first = at == 0;
            let once = |text: String| if is_first { text } else { String::new() };
            let who = if entry.known_as.is_empty() {
                entry.user.clone()
            } else {
                entry.known_as.clone()
            };
            lines.push(vec![
                once(entry.number.to_string()),
                once(entry.at.clone()),
                once(entry.context.clone()),
                once(who),
                once(word(&entry.state)),
                format!(
                    "{} {} ({})",
                    word(&step.action),
                    step.object,
                    word(&step.state)
                ),
            ]);
        }
    }
    columns(&lines, 0)
}

/// Every entry as a line of JSON, the oldest first.
async fn export(session: &Session) -> anyhow::Result<ExitCode> {
    const PAGE: u32 = 1000;
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let page = read(session, "", before, PAGE).await?;
        before = page.last().map(|entry| entry.number);
        if page.is_empty() {
            break;
        }
        pages.push(page);
    }
    for entry in pages.iter().rev().flat_map(|page| page.iter().rev()) {
        answer(&format!("{}\n", serde_json::to_string(entry)?))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends with 5 where the journal is not as it was written.
async fn verify(session: &Session, head: Option<&str>) -> anyhow::Result<ExitCode> {
    let verdict: JournalVerdict = session.call("verify_journal", &Nothing {}).await?;
    if let Some(fault) = &verdict.fault {
        answer(&format!("line {}: {}\n", fault.line, fault.message))?;
        return Ok(ExitCode::from(REFUSED));
    }
    if let Some(known) = head
        && known != verdict.head
        && !holds(session, known).await?
    {
        answer("no entry ends with that hash: what it was taken from is not here\n")?;
        return Ok(ExitCode::from(REFUSED));
    }
    let (lines, head) = (verdict.lines, &verdict.head);
    answer(&format!(
        "{lines} lines, each as it was written\nhead {head}\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether an entry ends with the hash `known`, as it was noted elsewhere.
async fn holds(session: &Session, known: &str) -> anyhow::Result<bool> {
    let mut before = None;
    loop {
        let page = read(session, "", before, 1000).await?;
        if page.iter().any(|entry| entry.hash == known) {
            return Ok(true);
        }
        match page.last() {
            Some(last) => before = Some(last.number),
            None => return Ok(false),
        }
    }
}

async fn settle(
    session: &Session,
    wanted: &Settle,
    settlement: Settlement,
) -> anyhow::Result<ExitCode> {
    let request = SettleChange {
        entry: wanted.entry,
        settlement,
        intent: if wanted.apply {
            Intent::Apply
        } else {
            Intent::Preview
        },
    };
    let report: ChangeReport = session.call("settle_change", &request).await?;
    tell(&report, wanted.output)
}

/// Says which changes were interrupted, so that whoever starts Strata next can settle them.
pub(crate) async fn interrupted(session: &Session) -> anyhow::Result<Vec<String>> {
    let page: JournalPage = session.call("read_interrupted", &Nothing {}).await?;
    let told = page.entries.iter().map(|entry| {
        let steps: Vec<String> = entry
            .steps
            .iter()
            .map(|step| format!("{} ({})", step.object, word(&step.state)))
            .collect();
        format!(
            "a change of {} was interrupted: {}; `strata journal finish {number}` or `undo {number}` settles it",
            entry.context,
            steps.join(", "),
            number = entry.number
        )
    });
    Ok(told.collect())
}
