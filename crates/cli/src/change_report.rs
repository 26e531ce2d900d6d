//! What a change would come to, or came to, for people.

use std::process::ExitCode;

use strata_api::{
    change::{ChangeAction, ChangeOutcome, ChangeReport, ChangeStep, Obstacle, StepProgress},
    phrases::Phrase,
};

use crate::{
    exit::INCOMPLETE,
    table::{columns, visible},
};

/// The report as text: how it stands, then object by object.
pub(crate) fn told(report: &ChangeReport) -> String {
    let mut lines = vec![outcome(report.outcome).to_owned()];
    lines.extend(report.obstacles.iter().flat_map(obstacle));
    lines.extend(
        report
            .consequences
            .iter()
            .map(|said| visible(&said.english())),
    );
    let steps: Vec<Vec<String>> = report
        .steps
        .iter()
        .map(|step| {
            vec![
                progress(step.progress).to_owned(),
                action(step.action).to_owned(),
                step.object.to_string(),
            ]
        })
        .collect();
    let mut text = lines.join("\n") + "\n" + &columns(&steps, 2);
    for step in &report.steps {
        let more = details(step);
        if !more.is_empty() {
            text.push('\n');
            text.push_str(&visible(&step.object.to_string()));
            text.push('\n');
            for line in more {
                text.push_str("  ");
                text.push_str(&visible(&line));
                text.push('\n');
            }
        }
    }
    text
}

/// How the program ends: 0 where all of it is so or can be, 4 where some of it is, else 1.
pub(crate) fn exit(report: &ChangeReport) -> ExitCode {
    match report.outcome {
        ChangeOutcome::Ready | ChangeOutcome::Unchanged | ChangeOutcome::Applied => {
            ExitCode::SUCCESS
        }
        ChangeOutcome::Partial => ExitCode::from(INCOMPLETE),
        ChangeOutcome::Blocked | ChangeOutcome::Failed => ExitCode::FAILURE,
    }
}

fn details(step: &ChangeStep) -> Vec<String> {
    let mut lines: Vec<String> = step.obstacle.iter().flat_map(obstacle).collect();
    lines.extend(step.fields.iter().map(|field| {
        let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let (before, after) = if field.is_secret {
            ("(secret)".to_owned(), "(secret)".to_owned())
        } else {
            (said(&field.before), said(&field.after))
        };
        format!("{}: {before} -> {after}", field.path)
    }));
    lines.extend(
        step.conflicts
            .iter()
            .map(|conflict| format!("{} belongs to {}", conflict.path, conflict.manager)),
    );
    lines.extend(step.consequences.iter().map(Phrase::english));
    lines.extend(step.warnings.iter().cloned());
    lines
}

fn obstacle(obstacle: &Obstacle) -> Vec<String> {
    let mut lines = vec![obstacle.sentence.english()];
    lines.extend(obstacle.details.iter().map(|detail| format!("  {detail}")));
    lines
}

fn outcome(outcome: ChangeOutcome) -> &'static str {
    match outcome {
        ChangeOutcome::Ready => "It can be applied; nothing was changed.",
        ChangeOutcome::Blocked => "Something stands in the way; nothing was changed.",
        ChangeOutcome::Unchanged => "All of it is so already.",
        ChangeOutcome::Applied => "Applied.",
        ChangeOutcome::Partial => "Some of it was done:",
        ChangeOutcome::Failed => "None of it could be done.",
    }
}

fn action(action: ChangeAction) -> &'static str {
    match action {
        ChangeAction::Create => "create",
        ChangeAction::Change => "change",
        ChangeAction::Unchanged => "unchanged",
        ChangeAction::Delete => "delete",
        ChangeAction::Evict => "evict",
        ChangeAction::End => "end",
        ChangeAction::Unknown => "unknown",
    }
}

fn progress(progress: StepProgress) -> &'static str {
    match progress {
        StepProgress::Planned => "planned",
        StepProgress::Blocked => "blocked",
        StepProgress::Done => "done",
        StepProgress::Failed => "failed",
        StepProgress::Unknown => "unknown",
        StepProgress::NotReached => "not reached",
    }
}
