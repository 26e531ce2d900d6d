//! What Prometheus remembers of devices: asked once when a cluster is opened, so that charts and the
//! question "has it done nothing for a while?" need not wait for Strata's own memory to fill.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use strata_domain::text::Interner;
use strata_ports::telemetry::{Dialect, Failure, PastSeries};

use super::answer;
use crate::read::{self, Column};

/// How far back is asked.
pub(crate) const SPAN: SignedDuration = SignedDuration::from_hours(1);

/// Seconds between two values.
pub(crate) const STEP_SECONDS: u32 = 30;

/// A metric that is asked for, as the exporters that speak `dialect` name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Whose it is.
    pub dialect: Dialect,
    /// Its name, without a prefix that is configured.
    pub name: &'static str,
}

const fn metric(dialect: Dialect, name: &'static str) -> Metric {
    Metric { dialect, name }
}

/// The metrics that are asked for, those that charts and states are made of.
pub const METRICS: [Metric; 14] = [
    metric(Dialect::Dcgm, "DCGM_FI_PROF_SM_ACTIVE"),
    metric(Dialect::Dcgm, "DCGM_FI_PROF_GR_ENGINE_ACTIVE"),
    metric(Dialect::Dcgm, "DCGM_FI_DEV_FB_USED"),
    metric(Dialect::Dcgm, "DCGM_FI_DEV_GPU_TEMP"),
    metric(Dialect::Dcgm, "DCGM_FI_DEV_POWER_USAGE"),
    metric(Dialect::Amd, "gpu_gfx_activity"),
    metric(Dialect::Amd, "gpu_used_vram"),
    metric(Dialect::Amd, "gpu_junction_temperature"),
    metric(Dialect::Amd, "gpu_package_power"),
    metric(Dialect::Amd, "gpu_power_usage"),
    metric(Dialect::Ascend, "npu_chip_info_utilization"),
    metric(Dialect::Ascend, "npu_chip_info_hbm_used_memory"),
    metric(Dialect::Ascend, "npu_chip_info_temperature"),
    metric(Dialect::Ascend, "npu_chip_info_power"),
];

impl Metric {
    /// One series for each device, whoever held it: by the labels that name the device in the releases
    /// of its exporter.
    fn query(self) -> String {
        let Self { dialect, name } = self;
        match dialect {
            // Capitals in releases before 1.3, a prefix where one is configured.
            Dialect::Amd => {
                format!("max by (gpu_uuid, serial_number) ({{__name__=~\"(?i)(amd_)?{name}\"}})")
            }
            Dialect::Ascend => format!("max by (vdie_id, uuid) ({name})"),
            // A MIG instance is no device.
            _ => format!("max by (UUID) ({name}{{GPU_I_ID=\"\"}})"),
        }
    }
}

/// Where Prometheus answers what `metric` was in the hour before `now`.
pub(crate) fn path(metric: Metric, now: Timestamp) -> String {
    let start = now.checked_sub(SPAN).unwrap_or(now);
    let query = metric.query();
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("query", &query)
        .append_pair("start", &start.as_second().to_string())
        .append_pair("end", &now.as_second().to_string())
        .append_pair("step", &STEP_SECONDS.to_string())
        .finish();
    format!("/api/v1/query_range?{query}")
}

/// The series in an answer of Prometheus to a query over a range, for `metric`.
pub fn series(metric: Metric, answer: &[u8]) -> Result<Vec<PastSeries>, Failure> {
    let found = answer::read::<Series>(answer)?;
    let Some(column) = read::column_of(metric.dialect, metric.name) else {
        return Ok(Vec::new());
    };
    let mut names = Interner::default();
    let read = found.series.into_iter().map(|series| PastSeries {
        uuid: names.intern(series.metric.name()),
        figure: column.figure,
        values: series
            .values
            .iter()
            .filter_map(|(at, value)| moment_of(*at, value, column))
            .collect(),
    });
    Ok(read.filter(|series| !series.uuid.is_empty()).collect())
}

fn moment_of(at: f64, value: &str, column: Column) -> Option<(Timestamp, f64)> {
    let value = column.said(value.parse().ok()?).value()?;
    let since = SignedDuration::try_from_secs_f64(at).ok()?;
    Some((Timestamp::from_duration(since).ok()?, value))
}

#[derive(Deserialize)]
struct Series {
    metric: Labels,
    values: Vec<(f64, String)>,
}

/// The labels that name a device, in the words of each exporter; those that it has.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Labels {
    #[serde(rename = "UUID")]
    dcgm_uuid: String,
    gpu_uuid: String,
    serial_number: String,
    vdie_id: String,
    uuid: String,
}

impl Labels {
    /// The device's own name, as the reader of its exporter's pages has it.
    fn name(&self) -> &str {
        let all = [
            &self.dcgm_uuid,
            &self.gpu_uuid,
            &self.serial_number,
            &self.vdie_id,
            &self.uuid,
        ];
        all.into_iter()
            .find(|name| !name.is_empty())
            .map_or("", String::as_str)
    }
}
