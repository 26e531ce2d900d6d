//! `strata apply`: what a file of manifests would change, field by field, and that change itself.

use std::{io::Read as _, path::Path, process::ExitCode};

use anyhow::Context as _;
use serde::Serialize;
use strata_api::{
    change::{
        ChangeObjects, ChangeOutcome, ChangeReport, ChangeStep, Choice, FieldChoice, Intent,
        Obstacle,
    },
    phrases::Phrase,
};
use strata_app::Launch;

use crate::{
    arguments::{Apply, Told},
    exit::{REFUSED, answer},
    session::Session,
    table::visible,
};

/// Asks, and where that is wanted does it. Ends with 5 where something stands in the way.
pub(crate) async fn run(launch: Launch, apply: &Apply) -> anyhow::Result<ExitCode> {
    let manifests = read(&apply.file)?;
    let session = Session::start(launch).await?;
    let cluster = session.choose(&apply.target).await?;
    let mut request = ChangeObjects {
        cluster,
        manifests,
        namespace: apply.namespace.clone().unwrap_or_default(),
        intent: Intent::Preview,
        choices: Vec::new(),
        release: None,
    };
    let mut report: ChangeReport = session.call("change_objects", &request).await?;
    request.choices = choices(&report, apply);
    let goes_on = apply.does_it && report.outcome != ChangeOutcome::Unchanged;
    if goes_on || !request.choices.is_empty() {
        request.intent = if apply.does_it {
            Intent::Apply
        } else {
            Intent::Preview
        };
        report = session.call("change_objects", &request).await?;
    }
    tell(&report, apply.output)?;
    session.end().await;
    Ok(exit(&report))
}

fn read(file: &Path) -> anyhow::Result<String> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        bytes
    } else {
        std::fs::read(file).with_context(|| format!("reading {}", file.display()))?
    };
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(at);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        anyhow::anyhow!(
            "{}: line {line} is no text in UTF-8; give manifests as YAML",
            file.display()
        )
    })
}

/// The choices of the command line, for the conflicts that the preview found.
fn choices(report: &ChangeReport, apply: &Apply) -> Vec<FieldChoice> {
    let mut choices = Vec::new();
    for step in &report.steps {
        for conflict in &step.conflicts {
            let choice = if apply.take.contains(&conflict.path) {
                Choice::Take
            } else if apply.keep.contains(&conflict.path) {
                Choice::Keep
            } else {
                continue;
            };
            choices.push(FieldChoice {
                object: step.object.clone(),
                path: conflict.path.clone(),
                choice,
            });
        }
    }
    choices
}

/// Writes a report.
pub(crate) fn tell(report: &ChangeReport, output: Told) -> anyhow::Result<()> {
    match output {
        Told::Json => answer(&format!("{:#}\n", serde_json::to_value(report)?)),
        Told::Text => answer(&as_text(report)),
    }
}

/// How a command about a change ends.
pub(crate) fn exit(report: &ChangeReport) -> ExitCode {
    match report.outcome {
        ChangeOutcome::Ready | ChangeOutcome::Unchanged | ChangeOutcome::Applied => {
            ExitCode::SUCCESS
        }
        ChangeOutcome::Blocked | ChangeOutcome::Partial | ChangeOutcome::Failed => {
            ExitCode::from(REFUSED)
        }
    }
}

fn as_text(report: &ChangeReport) -> String {
    let mut lines = Vec::new();
    for obstacle in &report.obstacles {
        stopped(obstacle, "", &mut lines);
    }
    said(&report.consequences, "", &mut lines);
    for step in &report.steps {
        described(step, &mut lines);
    }
    lines.push(word(&report.outcome));
    if let Some(entry) = report.journal_entry {
        lines.push(format!("journal entry {entry}"));
    }
    let clean = lines.iter().map(|line| visible(line));
    clean.collect::<Vec<_>>().join("\n") + "\n"
}

fn described(step: &ChangeStep, lines: &mut Vec<String>) {
    lines.push(format!(
        "{} {}: {}",
        word(&step.action),
        step.object,
        word(&step.progress)
    ));
    for field in &step.fields {
        let side = |value: &Option<String>| match value {
            Some(value) => value.clone(),
            None if field.is_secret => "(secret)".to_owned(),
            None => "(none)".to_owned(),
        };
        let (before, after) = (side(&field.before), side(&field.after));
        lines.push(format!("    {} {before} -> {after}", field.path));
    }
    for conflict in &step.conflicts {
        let theirs = conflict.theirs.as_deref().unwrap_or("?");
        let (path, manager) = (&conflict.path, &conflict.manager);
        lines.push(format!("    {path} is {manager}'s: {theirs}"));
    }
    said(&step.consequences, "    ", lines);
    if let Some(obstacle) = &step.obstacle {
        stopped(obstacle, "    ", lines);
    }
    for warning in &step.warnings {
        lines.push(format!("    warning: {warning}"));
    }
}

fn said(phrases: &[Phrase], indent: &str, lines: &mut Vec<String>) {
    let told = phrases
        .iter()
        .map(|phrase| format!("{indent}{}", phrase.english()));
    lines.extend(told);
}

fn stopped(obstacle: &Obstacle, indent: &str, lines: &mut Vec<String>) {
    let line = obstacle.line.map(|line| format!("line {line}: "));
    let sentence = obstacle.sentence.english();
    lines.push(format!("{indent}{}{sentence}", line.unwrap_or_default()));
    for detail in &obstacle.details {
        lines.push(format!("{indent}  {detail}"));
    }
}

/// A word of the contract, as it is on the wire.
pub(crate) fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().replace('_', " ")
}
