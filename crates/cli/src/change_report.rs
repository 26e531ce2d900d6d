//! What a change would come to, or came to: its text for people, and how the program ends. One form
//! for every command that changes something.

use std::process::ExitCode;

use serde::Serialize;
use strata_api::{
    change::{ChangeOutcome, ChangeReport, ChangeStep, FieldDifference, Obstacle},
    phrases::Phrase,
};

use crate::{
    arguments::{Output, Told},
    exit::{REFUSED, answer},
    table::visible,
};

impl From<Output> for Told {
    fn from(output: Output) -> Self {
        match output {
            Output::Table => Self::Text,
            Output::Json => Self::Json,
        }
    }
}

/// Writes a report, and says how the program is to end.
pub(crate) fn tell(report: &ChangeReport, output: impl Into<Told>) -> anyhow::Result<ExitCode> {
    let output: Told = output.into();
    answer(&match output {
        Told::Json => format!("{:#}\n", serde_json::to_value(report)?),
        Told::Text => told(report),
    })?;
    Ok(exit(report))
}

/// How the program ends: 0 where all of it is so or can be, 5 where something stands in the way or
/// not all of it was done.
fn exit(report: &ChangeReport) -> ExitCode {
    match report.outcome {
        ChangeOutcome::Ready | ChangeOutcome::Unchanged | ChangeOutcome::Applied => {
            ExitCode::SUCCESS
        }
        ChangeOutcome::Blocked | ChangeOutcome::Partial | ChangeOutcome::Failed => {
            ExitCode::from(REFUSED)
        }
    }
}

/// How it stands, what stands in its way, what it does to what runs; then object by object.
fn told(report: &ChangeReport) -> String {
    let mut lines = vec![outcome(report.outcome).to_owned()];
    for obstacle in &report.obstacles {
        stopped(obstacle, "", &mut lines);
    }
    said(&report.consequences, "", &mut lines);
    for step in &report.steps {
        described(step, &mut lines);
    }
    if let Some(entry) = report.journal_entry {
        lines.push(format!("journal entry {entry}"));
    }
    let clean = lines.iter().map(|line| visible(line));
    clean.collect::<Vec<_>>().join("\n") + "\n"
}

fn outcome(outcome: ChangeOutcome) -> &'static str {
    match outcome {
        ChangeOutcome::Ready => "It can be done; nothing was changed.",
        ChangeOutcome::Blocked => "Something stands in the way; nothing was changed.",
        ChangeOutcome::Unchanged => "All of it is so already.",
        ChangeOutcome::Applied => "Done.",
        ChangeOutcome::Partial => "Some of it was done:",
        ChangeOutcome::Failed => "None of it could be done.",
    }
}

fn described(step: &ChangeStep, lines: &mut Vec<String>) {
    lines.push(format!(
        "{} {}: {}",
        word(&step.action),
        step.object,
        word(&step.progress)
    ));
    lines.extend(step.fields.iter().map(field));
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

fn field(field: &FieldDifference) -> String {
    let side = |value: &Option<String>| match value {
        Some(value) => value.clone(),
        None if field.is_secret => "(secret)".to_owned(),
        None => "(none)".to_owned(),
    };
    let (before, after) = (side(&field.before), side(&field.after));
    format!("    {} {before} -> {after}", field.path)
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

#[cfg(test)]
mod tests {
    use strata_api::{
        change::{ChangeAction, Intent, ObstacleKind, StepProgress},
        explanation::ObjectName,
        phrases::PhraseCode,
    };

    use super::*;

    fn report(outcome: ChangeOutcome) -> ChangeReport {
        ChangeReport {
            intent: Intent::Preview,
            outcome,
            obstacles: Vec::new(),
            consequences: Vec::new(),
            steps: vec![ChangeStep {
                object: ObjectName {
                    kind: "Deployment.apps".to_owned(),
                    namespace: "team-a".to_owned(),
                    name: "web".to_owned(),
                },
                api_version: "apps/v1".to_owned(),
                line: None,
                action: ChangeAction::Change,
                progress: StepProgress::Planned,
                is_assumed: false,
                fields: vec![
                    FieldDifference {
                        path: ".spec.replicas".to_owned(),
                        before: Some("1".to_owned()),
                        after: Some("2".to_owned()),
                        is_secret: false,
                    },
                    FieldDifference {
                        path: ".spec.token".to_owned(),
                        before: None,
                        after: None,
                        is_secret: true,
                    },
                ],
                conflicts: Vec::new(),
                consequences: Vec::new(),
                obstacle: None,
                warnings: Vec::new(),
                kubectl: String::new(),
                before: String::new(),
                after: String::new(),
            }],
            journal_entry: Some(7),
        }
    }

    #[test]
    fn a_report_tells_how_it_stands_and_every_field() {
        let text = told(&report(ChangeOutcome::Ready));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "It can be done; nothing was changed.");
        assert!(lines[1].ends_with(": planned"), "{text}");
        assert_eq!(lines[2], "    .spec.replicas 1 -> 2");
        assert_eq!(lines[3], "    .spec.token (secret) -> (secret)");
        assert_eq!(lines[4], "journal entry 7");
    }

    #[test]
    fn an_obstacle_stands_before_the_objects_with_its_line() {
        let mut blocked = report(ChangeOutcome::Blocked);
        blocked.obstacles.push(Obstacle {
            kind: ObstacleKind::Protected,
            sentence: Phrase::new(PhraseCode::ContextProtected).with("context", "prod"),
            details: vec!["a\u{202e}b".to_owned()],
            line: Some(3),
        });
        let text = told(&blocked);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("line 3: "), "{text}");
        assert!(lines[1].contains("prod"), "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
    }
}
