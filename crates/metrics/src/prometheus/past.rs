//! What Prometheus remembers of devices: asked once when a cluster is opened, so that charts and the
//! question "has it done nothing for a while?" need not wait for Strata's own memory to fill.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use strata_domain::{
    reading::{Figure, blank},
    text::Interner,
};
use strata_ports::{
    error::PortErrorKind,
    telemetry::{Failure, PastSeries},
};

use crate::read::dcgm_figure;

/// How far back is asked.
pub(crate) const SPAN: SignedDuration = SignedDuration::from_hours(1);

/// Seconds between two values.
pub(crate) const STEP_SECONDS: u32 = 30;

/// The metrics that are asked for, those that charts and states are made of.
pub(crate) const METRICS: [&str; 5] = [
    "DCGM_FI_PROF_SM_ACTIVE",
    "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
    "DCGM_FI_DEV_FB_USED",
    "DCGM_FI_DEV_GPU_TEMP",
    "DCGM_FI_DEV_POWER_USAGE",
];

/// Where Prometheus answers what `metric` was in the hour before `now`: one series for each device,
/// whoever held it.
pub(crate) fn path(metric: &str, now: Timestamp) -> String {
    let start = now.checked_sub(SPAN).unwrap_or(now);
    let query = format!("max by (UUID) ({metric}{{GPU_I_ID=\"\"}})");
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("query", &query)
        .append_pair("start", &start.as_second().to_string())
        .append_pair("end", &now.as_second().to_string())
        .append_pair("step", &STEP_SECONDS.to_string())
        .finish();
    format!("/api/v1/query_range?{query}")
}

/// The series in an answer of Prometheus to a query over a range, for `metric`.
pub fn series(metric: &str, answer: &[u8]) -> Result<Vec<PastSeries>, Failure> {
    let unreadable = |message: String| Failure {
        kind: PortErrorKind::Unsupported,
        message: format!("Prometheus's answer cannot be read: {message}"),
    };
    let answer: Answer =
        serde_json::from_slice(answer).map_err(|error| unreadable(error.to_string()))?;
    if answer.status != "success" {
        return Err(unreadable(answer.error));
    }
    let Some((figure, factor)) = dcgm_figure(metric) else {
        return Ok(Vec::new());
    };
    let mut names = Interner::default();
    let read = answer.data.result.into_iter().map(|series| PastSeries {
        uuid: names.intern(&series.metric.uuid),
        figure,
        values: series
            .values
            .iter()
            .filter_map(|(at, value)| moment_of(*at, value, figure, factor))
            .collect(),
    });
    Ok(read.filter(|series| !series.uuid.is_empty()).collect())
}

/// What Prometheus complains of in an answer that is no success; empty where it says nothing.
pub(crate) fn complaint(answer: &[u8]) -> String {
    serde_json::from_slice(answer)
        .map(|answer: Answer| answer.error)
        .unwrap_or_default()
}

fn moment_of(at: f64, value: &str, figure: Figure, factor: f64) -> Option<(Timestamp, f64)> {
    let raw: f64 = value.parse().ok()?;
    if blank(raw).is_some() {
        return None;
    }
    let value = figure.judge(raw * factor).value()?;
    let since = SignedDuration::try_from_secs_f64(at).ok()?;
    Some((Timestamp::from_duration(since).ok()?, value))
}

#[derive(Deserialize)]
struct Answer {
    status: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    data: Results,
}

#[derive(Default, Deserialize)]
struct Results {
    #[serde(default)]
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    metric: Metric,
    values: Vec<(f64, String)>,
}

#[derive(Deserialize)]
struct Metric {
    #[serde(rename = "UUID", default)]
    uuid: String,
}
