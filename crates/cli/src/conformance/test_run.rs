//! `strata conformance --run-test`: a requirement's test workload, previewed by the API server, run to
//! its end, and taken away again.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use strata_api::{
    change::{
        ChangeObjects, ChangeOutcome, ChangeReport, DeleteObjects, Intent, Obstacle, Propagation,
    },
    explanation::ObjectName,
    rows::{
        Row,
        conformance::{RequirementRow, RequirementTest, TestJob, TestOutcome},
        job::{JobRow, JobState},
    },
    topics::Topic,
};

use crate::{
    exit::{INCOMPLETE, answer},
    session::{Rows, Session},
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
    let Some(test) = &requirement.test else {
        bail!("{}", why_none(requirement));
    };
    answer(&format!(
        "{}\nLeaves open: {}\n",
        visible(&test.takes.en),
        visible(&test.leaves_open.en)
    ))?;
    let change = |intent| ChangeObjects {
        cluster: cluster.to_owned(),
        manifests: test.manifest.clone(),
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
    let objects: Vec<ObjectName> = made.steps.iter().map(|step| step.object.clone()).collect();
    let ended = if made.outcome == ChangeOutcome::Applied {
        for object in &objects {
            answer(&format!("Running {}\n", visible(&object.to_string())))?;
        }
        ended(session, cluster, test).await
    } else {
        say(&made)?;
        Err(anyhow::anyhow!("the test could not be started"))
    };
    // Whatever came of it, it goes.
    let gone: ChangeReport = session
        .call(
            "delete_objects",
            &DeleteObjects {
                cluster: cluster.to_owned(),
                objects,
                propagation: Propagation::Foreground,
                intent: Intent::Apply,
                release: None,
            },
        )
        .await
        .context("objects of the test may still be there")?;
    let verdict = ended?;
    match &verdict {
        Verdict::Passed => answer(&format!("Passed: {}\n", visible(&test.shows.en)))?,
        Verdict::NotPassed(why) => answer(&format!("Not passed: {}\n", visible(why)))?,
    }
    match gone.outcome {
        ChangeOutcome::Applied => answer("Deleted; nothing is left behind\n")?,
        _ => say(&gone)?,
    }
    Ok(match verdict {
        Verdict::Passed => ExitCode::SUCCESS,
        Verdict::NotPassed(_) => ExitCode::from(INCOMPLETE),
    })
}

/// Why a requirement has no test workload here.
fn why_none(requirement: &RequirementRow) -> String {
    let id = &requirement.requirement;
    match &requirement.untested {
        Some(why) if why.is_lacking => {
            format!(
                "no test of {id} can be run here; it would need {}",
                why.said.en
            )
        }
        Some(why) => format!("{id} has no test workload: {}", why.said.en),
        None => format!("{id} has no test workload"),
    }
}

/// How a test came out.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Passed,
    NotPassed(String),
}

/// How a job of a test stands. One that has ended goes by itself a minute later, so that what was last
/// heard of it counts.
struct Standing<'a> {
    job: &'a TestJob,
    state: Option<JobState>,
    reason: String,
}

impl Standing<'_> {
    fn note(&mut self, row: Option<&JobRow>) {
        let is_over = |state: JobState| matches!(state, JobState::Succeeded | JobState::Failed);
        if self.state.is_some_and(is_over) {
            return;
        }
        let reason = row.and_then(|row| row.reason.as_ref());
        self.reason = reason.map_or_else(String::new, |reason| format!(": {}", reason.english()));
        self.state = row.map(|row| row.state);
    }
}

/// Waits until the test is decided. Its jobs' own deadlines end it at the latest.
async fn ended(
    session: &Session,
    cluster: &str,
    test: &RequirementTest,
) -> anyhow::Result<Verdict> {
    let mut followed = Vec::new();
    for job in &test.jobs {
        let topic = Topic::Job {
            cluster: cluster.to_owned(),
            group: job.group.clone(),
            kind: job.kind.clone(),
            namespace: job.namespace.clone(),
            name: job.name.clone(),
            past: None,
        };
        followed.push(session.subscribe(topic).await?);
    }
    let mut standings: Vec<Standing<'_>> = test
        .jobs
        .iter()
        .map(|job| Standing {
            job,
            state: None,
            reason: String::new(),
        })
        .collect();
    loop {
        for (standing, rows) in standings.iter_mut().zip(&followed) {
            standing.note(row_of(rows));
        }
        if let Some(verdict) = judged(&standings) {
            return Ok(verdict);
        }
        let next = followed.iter_mut().map(|rows| Box::pin(rows.next()));
        let (heard, ..) = futures::future::select_all(next).await;
        heard?;
    }
}

fn row_of(rows: &Rows) -> Option<&JobRow> {
    rows.iter().find_map(|row| match row {
        Row::JobDetail(detail) => Some(&detail.job),
        _ => None,
    })
}

/// What the jobs of a test say of it; `None` while it is not decided.
fn judged(standings: &[Standing<'_>]) -> Option<Verdict> {
    let mut is_over = true;
    for Standing { job, state, reason } in standings {
        let name = &job.name;
        match (job.expected, state) {
            (TestOutcome::Completes, Some(JobState::Failed)) => {
                return Some(Verdict::NotPassed(format!("{name} failed{reason}")));
            }
            (TestOutcome::Completes, Some(JobState::Succeeded)) => {}
            (TestOutcome::Completes, _) => is_over = false,
            (TestOutcome::StaysHeld, Some(state)) if has_begun(*state) => {
                return Some(Verdict::NotPassed(format!(
                    "{name} began, although there is not room for all of it"
                )));
            }
            (TestOutcome::StaysHeld, _) => {}
        }
    }
    is_over.then_some(Verdict::Passed)
}

/// Whether a job was let in, or further than that.
fn has_begun(state: JobState) -> bool {
    !matches!(
        state,
        JobState::Queued | JobState::Suspended | JobState::Unknown
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    fn job(name: &str, expected: TestOutcome) -> TestJob {
        TestJob {
            kind: "Job".to_owned(),
            group: "batch".to_owned(),
            namespace: "default".to_owned(),
            name: name.to_owned(),
            expected,
        }
    }

    fn verdict(fits: Option<JobState>, too_large: Option<JobState>) -> Option<Verdict> {
        let jobs = [
            job("fits", TestOutcome::Completes),
            job("too-large", TestOutcome::StaysHeld),
        ];
        let standings = jobs.iter().zip([fits, too_large]);
        let standings: Vec<_> = standings
            .map(|(job, state)| Standing {
                job,
                state,
                reason: ": DeadlineExceeded".to_owned(),
            })
            .collect();
        judged(&standings)
    }

    #[test]
    fn a_test_passes_once_all_has_completed_and_nothing_began_that_is_to_be_held() {
        use JobState::{Failed, Queued, Running, Starting, Succeeded, Suspended};
        assert_eq!(verdict(None, None), None);
        assert_eq!(verdict(Some(Running), Some(Queued)), None);
        let passed = Some(Verdict::Passed);
        assert_eq!(verdict(Some(Succeeded), Some(Queued)), passed);
        assert_eq!(verdict(Some(Succeeded), Some(Suspended)), passed);
        let failed = Verdict::NotPassed("fits failed: DeadlineExceeded".to_owned());
        assert_eq!(verdict(Some(Failed), Some(Queued)), Some(failed));
        let began = "too-large began, although there is not room for all of it";
        let began = Some(Verdict::NotPassed(began.to_owned()));
        assert_eq!(verdict(Some(Running), Some(Starting)), began);
        assert_eq!(verdict(Some(Succeeded), Some(Running)), began);
    }

    #[test]
    fn what_a_job_came_to_counts_when_it_is_gone() {
        let job = job("fits", TestOutcome::Completes);
        let mut standing = Standing {
            job: &job,
            state: Some(JobState::Succeeded),
            reason: String::new(),
        };
        standing.note(None);
        assert_eq!(standing.state, Some(JobState::Succeeded));
    }
}
