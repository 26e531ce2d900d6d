//! `strata apply`: what a file of manifests would change, field by field, and that change itself.

use std::{io::Read as _, path::Path, process::ExitCode};

use anyhow::Context as _;
use strata_api::change::{ChangeObjects, ChangeOutcome, ChangeReport, Choice, FieldChoice, Intent};
use strata_app::Launch;

use crate::{arguments::Apply, change_report::tell, session::Session};

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
    session.end().await;
    tell(&report, apply.output)
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
