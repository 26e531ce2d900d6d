//! `strata load-test`: a few requests to a served model, and what they took.

use std::process::ExitCode;

use serde_json::{Value, json};
use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{Nothing, OneTrial},
    playground::{Load, StartLoadTest},
    rows::{
        Row,
        playground::{LoadMeasure, LoadTestRow, TrialState},
    },
    topics::Topic,
};
use strata_app::Launch;

use crate::{
    arguments::{LoadTest, Output},
    exit::{INCOMPLETE, REFUSED, answer, remark},
    serving::{self, Chosen, seconds},
    session::Session,
    table::{columns, visible},
};

/// Runs the test to its end, or until it is interrupted. Ends with 4 where not every request was
/// answered, 5 where the context is protected.
pub(crate) async fn run(launch: Launch, wanted: &LoadTest) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let chosen = serving::choose(&session, &wanted.target, &wanted.server).await?;
    remark(&visible(&warning(&chosen)));
    let request = StartLoadTest {
        server: chosen.server.clone(),
        key: chosen.key.clone(),
        load: Load {
            model: chosen.model.clone(),
            requests: wanted.requests,
            concurrency: wanted.concurrency,
            prompt: wanted.prompt.clone().unwrap_or_default(),
            prompt_tokens: wanted.prompt.as_ref().map_or(wanted.prompt_tokens, |_| 0),
            max_tokens: wanted.max_tokens,
            temperature: wanted.temperature,
        },
    };
    let trial: OneTrial = match session.call("start_load_test", &request).await {
        Ok(trial) => trial,
        Err(error) => {
            let is_protected = error
                .downcast_ref::<ApiError>()
                .is_some_and(|error| error.code == ErrorCode::Forbidden);
            session.end().await;
            if is_protected {
                remark(&visible(&format!("{error:#}")));
                return Ok(ExitCode::from(REFUSED));
            }
            return Err(error);
        }
    };
    let row = follow(&session, &trial).await?;
    session.end().await;
    match wanted.output {
        Output::Json => answer(&format!("{:#}\n", as_json(&chosen, &row)))?,
        Output::Table => answer(&as_text(&row))?,
    }
    Ok(match row.state {
        TrialState::Failed => ExitCode::FAILURE,
        TrialState::Done if row.failed == 0 => ExitCode::SUCCESS,
        _ => ExitCode::from(INCOMPLETE),
    })
}

async fn follow(session: &Session, trial: &OneTrial) -> anyhow::Result<LoadTestRow> {
    let mut rows = session
        .subscribe(Topic::LoadTest {
            trial: trial.trial.clone(),
        })
        .await?;
    let mut is_interrupted = false;
    loop {
        tokio::select! {
            next = rows.next() => next?,
            _ = tokio::signal::ctrl_c(), if !is_interrupted => {
                is_interrupted = true;
                let Nothing {} = session.call("stop_trial", trial).await?;
                continue;
            }
        }
        let row = rows.iter().find_map(|row| match row {
            Row::LoadTest(row) if row.state.is_over() => Some(row.as_ref().clone()),
            _ => None,
        });
        if let Some(row) = row {
            return Ok(row);
        }
    }
}

/// Whom it concerns.
fn warning(chosen: &Chosen) -> String {
    let server = &chosen.server;
    let called = format!("{} {}/{}", server.kind, server.namespace, server.name);
    match &chosen.row.traffic {
        Some(traffic) => format!(
            "this loads {called}, which works on {} requests for others now",
            traffic.running
        ),
        None => format!("this loads {called}, and everybody who uses it"),
    }
}

fn as_json(chosen: &Chosen, row: &LoadTestRow) -> Value {
    json!({
        "server": chosen.server,
        "clock": "this computer's, the way through the API server included",
        "result": row,
    })
}

fn as_text(row: &LoadTestRow) -> String {
    let mut lines: Vec<String> = Vec::new();
    if let Some(fault) = &row.fault {
        let told = format!("{}: {}", serving::fault(fault.kind), fault.said);
        lines.push(visible(&told));
    }
    let counted = if row.are_tokens_told {
        ""
    } else {
        " (counted here)"
    };
    lines.push(format!(
        "{} answered, {} failed in {}: {:.2} requests/s, {:.1} output tokens/s{counted}",
        row.answered,
        row.failed,
        seconds(row.elapsed_seconds),
        row.requests_per_second,
        row.output_tokens_per_second,
    ));
    if !row.figures.is_empty() {
        let head = ["", "MEAN", "P50", "P90", "P99", "MOST"].map(str::to_owned);
        let figures = row.figures.iter().map(|figure| {
            let name = match figure.measure {
                LoadMeasure::FirstToken => "TTFT",
                LoadMeasure::PerToken => "TPOT",
                LoadMeasure::BetweenPieces => "ITL",
                LoadMeasure::Whole => "whole answer",
            };
            let values = [figure.mean, figure.p50, figure.p90, figure.p99, figure.most];
            std::iter::once(name.to_owned())
                .chain(values.into_iter().map(seconds))
                .collect::<Vec<String>>()
        });
        let table: Vec<Vec<String>> = std::iter::once(head.to_vec()).chain(figures).collect();
        lines.push(format!("\n{}", columns(&table, 0).trim_end_matches('\n')));
    }
    for fault in &row.faults {
        let told = format!(
            "{} x {}: {}",
            fault.count,
            serving::fault(fault.fault.kind),
            fault.fault.said
        );
        lines.push(visible(&told));
    }
    lines.push(
        "By the clock of this computer, the way through the API server included.\n".to_owned(),
    );
    lines.join("\n")
}
