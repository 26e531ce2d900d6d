//! `strata conformance --run-test`: a requirement's test workload, previewed by the API server, run to
//! its end, and taken away again.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use strata_api::{
    change::{
        ChangeObjects, ChangeOutcome, ChangeReport, DeleteObjects, Intent, Obstacle, Propagation,
    },
    explanation::ObjectName,
    rows::{Row, conformance::RequirementRow, job::JobState},
    topics::Topic,
};

use crate::{
    exit::{INCOMPLETE, answer},
    session::Session,
    table::visible,
};

/// Runs the test of `requirement` in `cluster`; only previews it where `is_dry`. Ends with 4 where it
/// did not pass.
pub(super) async fn run(
    session: &Session,
    cluster: &str,
    requirement: &RequirementRow,
    is_dry: bool,
) -> anyhow::Result<ExitCode> {
    if requirement.test.is_empty() {
        bail!("{} has no test workload", requirement.requirement);
    }
    let change = |intent| ChangeObjects {
        cluster: cluster.to_owned(),
        manifests: requirement.test.clone(),
        namespace: String::new(),
        intent,
        choices: Vec::new(),
        release: None,
    };
    let preview: ChangeReport = session
        .call("change_objects", &change(Intent::Preview))
        .await?;
    say(&preview)?;
    if preview.outcome != ChangeOutcome::Ready {
        bail!("the test cannot be run: something stands in its way");
    }
    if is_dry {
        return Ok(ExitCode::SUCCESS);
    }
    let made: ChangeReport = session
        .call("change_objects", &change(Intent::Apply))
        .await?;
    let (ChangeOutcome::Applied, Some(step)) = (made.outcome, made.steps.first()) else {
        say(&made)?;
        bail!("the test could not be started");
    };
    let object = step.object.clone();
    answer(&format!("Running {}\n", visible(&object.to_string())))?;
    let ended = ended(session, cluster, &object).await;
    // Whatever came of it, it goes.
    let gone: ChangeReport = session
        .call(
            "delete_objects",
            &DeleteObjects {
                cluster: cluster.to_owned(),
                objects: vec![object.clone()],
                propagation: Propagation::Foreground,
                intent: Intent::Apply,
                release: None,
            },
        )
        .await
        .with_context(|| format!("{object} may still be there"))?;
    let (state, reason) = ended?;
    let has_passed = state == JobState::Succeeded;
    let word = if has_passed { "Passed" } else { "Not passed" };
    let reason = if reason.is_empty() {
        String::new()
    } else {
        format!(": {}", visible(&reason))
    };
    answer(&format!("{word}{reason}\n"))?;
    match gone.outcome {
        ChangeOutcome::Applied => answer("Deleted; nothing is left behind\n")?,
        _ => say(&gone)?,
    }
    Ok(if has_passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

/// Waits until the job `object` has ended, and says how. Its own deadline ends it at the latest.
async fn ended(
    session: &Session,
    cluster: &str,
    object: &ObjectName,
) -> anyhow::Result<(JobState, String)> {
    let (kind, group) = object
        .kind
        .split_once('.')
        .unwrap_or((object.kind.as_str(), "batch"));
    let mut rows = session
        .subscribe(Topic::Job {
            cluster: cluster.to_owned(),
            group: group.to_owned(),
            kind: kind.to_owned(),
            namespace: object.namespace.clone(),
            name: object.name.clone(),
        })
        .await?;
    loop {
        rows.next().await?;
        let job = rows.iter().find_map(|row| match row {
            Row::JobDetail(detail) => Some(&detail.job),
            _ => None,
        });
        if let Some(job) = job
            && matches!(job.state, JobState::Succeeded | JobState::Failed)
        {
            let reason = job
                .reason
                .as_ref()
                .map(strata_api::phrases::Phrase::english);
            return Ok((job.state, reason.unwrap_or_default()));
        }
    }
}

/// Says what a report tells: what is done to which object, and what stands in the way.
fn say(report: &ChangeReport) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    let of_steps = report
        .steps
        .iter()
        .filter_map(|step| step.obstacle.as_ref());
    for Obstacle {
        sentence, details, ..
    } in report.obstacles.iter().chain(of_steps)
    {
        lines.push(format!("  {}", visible(&sentence.english())));
        lines.extend(
            details
                .iter()
                .map(|detail| format!("    {}", visible(detail))),
        );
    }
    for step in &report.steps {
        let what = format!("{:?} {}", step.action, step.object);
        lines.push(visible(&what));
        lines.push(format!("  {}", visible(&step.kubectl)));
    }
    answer(&(lines.join("\n") + "\n"))
}
