//! `strata doctor`: each step of a connection.

use std::process::ExitCode;

use strata_api::{
    operations::{ConnectionReport, OneCluster, StepOutcome, StepReport},
    rows::cluster::Step,
};
use strata_app::Launch;

use crate::{
    arguments::{Doctor, Output},
    exit::{UNREACHABLE, answer},
    session::Session,
    table::{columns, visible},
};

/// Tries each step once. Ends with 3 where one failed.
pub(crate) async fn run(launch: Launch, doctor: &Doctor) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&doctor.target).await?;
    let report: ConnectionReport = session
        .call("diagnose_connection", &OneCluster { cluster })
        .await?;
    match doctor.output {
        Output::Json => answer(&format!("{:#}\n", serde_json::to_value(&report)?))?,
        Output::Table => answer(&said(&report.steps))?,
    }
    session.end().await;
    let failed = report
        .steps
        .iter()
        .any(|step| step.outcome == StepOutcome::Failed);
    Ok(if failed {
        ExitCode::from(UNREACHABLE)
    } else {
        ExitCode::SUCCESS
    })
}

fn said(steps: &[StepReport]) -> String {
    let lines: Vec<Vec<String>> = steps
        .iter()
        .map(|step| {
            let took = match step.outcome {
                StepOutcome::Skipped | StepOutcome::NotNeeded => String::new(),
                _ => format!("{} ms", step.took_milliseconds),
            };
            vec![
                outcome(step.outcome).to_owned(),
                name(step.step).to_owned(),
                took,
                step.message.clone(),
            ]
        })
        .collect();
    let advice = steps
        .iter()
        .filter(|step| !step.advice.is_empty())
        .map(|step| format!("\n{}: {}\n", name(step.step), visible(&step.advice)));
    columns(&lines, 0) + &advice.collect::<Vec<_>>().concat()
}

fn outcome(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Passed => "passed",
        StepOutcome::NotNeeded => "not needed",
        StepOutcome::Limited => "limited",
        StepOutcome::Failed => "FAILED",
        StepOutcome::Skipped => "skipped",
    }
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Configuration => "configuration",
        Step::Credentials => "credentials",
        Step::Name => "name",
        Step::Tcp => "TCP",
        Step::Tls => "TLS",
        Step::Authentication => "authentication",
        Step::Permission => "permission",
        Step::Version => "version",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_stands_out_with_its_advice() {
        let steps = [
            StepReport {
                step: Step::Tcp,
                outcome: StepOutcome::Failed,
                message: "127.0.0.1:6443 refused the connection".to_owned(),
                advice: "start the API server".to_owned(),
                took_milliseconds: 1,
            },
            StepReport {
                step: Step::Tls,
                outcome: StepOutcome::Skipped,
                message: String::new(),
                advice: String::new(),
                took_milliseconds: 0,
            },
        ];
        let text = said(&steps);
        assert!(
            text.starts_with("FAILED   TCP  1 ms  127.0.0.1:6443 refused"),
            "{text}"
        );
        assert!(text.contains("\nTCP: start the API server\n"), "{text}");
    }
}
