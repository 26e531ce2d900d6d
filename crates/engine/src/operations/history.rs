//! What was measured in the past.

use std::{collections::BTreeMap, sync::Arc};

use strata_api::{
    error::ApiError,
    operations::{
        GpuHistory, GpuHistoryQuestion, HistoryChart, IncidentRow, ModelHours, UsageHistory,
        UsageHours, UsagePart, UsageQuestion,
    },
    rows::gpu::GpuShareOf,
};
use strata_domain::{
    ids::ClusterId,
    reading::Figure,
    series::{Measure, PartBy, SeriesKind, SeriesName, SeriesOf},
    text::Text,
};
use strata_ports::series::{Incident, Point, SeriesPoints};

use super::{Operations, keeping::kept};
use crate::{
    fleet::telemetry::STEP_SECONDS,
    record::{IncidentText, gpu_name},
};

mod range;

pub(super) use self::range::Range;

/// The most parts that are told, those that held the most.
const MOST_PARTS: usize = 100;

/// The figures that are kept of a GPU.
pub(super) const FIGURES: [Figure; 7] = [
    Figure::SmActive,
    Figure::EngineActive,
    Figure::Utilization,
    Figure::AiCoreUtilization,
    Figure::MemoryUsed,
    Figure::Power,
    Figure::Temperature,
];

/// What one GPU did.
pub(super) async fn gpu_history(
    operations: &Operations,
    request: GpuHistoryQuestion,
) -> Result<GpuHistory, ApiError> {
    let range = Range::of(operations, &request.span)?;
    let of = SeriesOf::Gpu(gpu_name(&request.uuid, &request.node, request.index));
    let names = FIGURES.map(|figure| SeriesName {
        of: of.clone(),
        measure: Measure::Of(figure),
    });
    let series = Arc::clone(&operations.series);
    let question = range.question(request.cluster, names.to_vec());
    let (points, keeping) = operations
        .on_disk(move || Ok((series.read(&question)?, series.keeping(&question.cluster))))
        .await?;
    Ok(GpuHistory {
        steps: range.steps(&points),
        charts: FIGURES
            .iter()
            .zip(&points)
            .filter(|(_, points)| points.points.iter().any(Option::is_some))
            .map(|(figure, points)| chart(*figure, points))
            .collect(),
        keeping: kept(&keeping),
    })
}

/// Who held GPUs, what those did, and what needed attention.
pub(super) async fn usage_history(
    operations: &Operations,
    request: UsageQuestion,
) -> Result<UsageHistory, ApiError> {
    let range = Range::of(operations, &request.span)?;
    let series = Arc::clone(&operations.series);
    let read = move || {
        let cluster = ClusterId(Text::from(request.cluster.as_str()));
        let mut names = series.names(&cluster, &[SeriesKind::Cluster], None)?;
        let parts = kinds_of(request.by);
        names.extend(series.names(&cluster, parts, request.name.as_deref())?);
        let points = series.read(&range.question(request.cluster, names.clone()))?;
        let incidents = series.incidents(&cluster, range.from, range.until)?;
        Ok((names, points, incidents, series.keeping(&cluster)))
    };
    let (names, points, incidents, keeping) = operations.on_disk(read).await?;
    Ok(UsageHistory {
        steps: range.steps(&points),
        parts: parts(&names, &points),
        known_seconds: known_seconds(&names, &points),
        incidents: incidents.iter().filter_map(incident).collect(),
        keeping: kept(&keeping),
    })
}

pub(super) fn chart(figure: Figure, points: &SeriesPoints) -> HistoryChart {
    HistoryChart {
        figure: figure.into(),
        unit: figure.unit().into(),
        means: list(points, |point| point.mean),
        least: list(points, |point| point.least),
        most: list(points, |point| point.most),
    }
}

pub(super) fn list(points: &SeriesPoints, pick: impl Fn(&Point) -> f64) -> Vec<Option<f64>> {
    let points = points.points.iter();
    points.map(|point| point.as_ref().map(&pick)).collect()
}

/// The kinds of the series of parts.
fn kinds_of(by: Option<GpuShareOf>) -> &'static [SeriesKind] {
    match by {
        None | Some(GpuShareOf::Workload) => &[],
        Some(GpuShareOf::Model) => &[SeriesKind::Model],
        Some(GpuShareOf::Namespace) => &[
            SeriesKind::Namespace,
            SeriesKind::PartOfModel(PartBy::Namespace),
        ],
        Some(GpuShareOf::Queue) => &[SeriesKind::Queue, SeriesKind::PartOfModel(PartBy::Queue)],
        Some(GpuShareOf::Owner) => &[SeriesKind::Owner, SeriesKind::PartOfModel(PartBy::Owner)],
    }
}

fn share_by(by: PartBy) -> GpuShareOf {
    match by {
        PartBy::Namespace => GpuShareOf::Namespace,
        PartBy::Queue => GpuShareOf::Queue,
        PartBy::Owner => GpuShareOf::Owner,
    }
}

fn share_of(of: &SeriesOf) -> Option<GpuShareOf> {
    Some(match of {
        SeriesOf::Model(_) => GpuShareOf::Model,
        SeriesOf::Namespace(_) => GpuShareOf::Namespace,
        SeriesOf::Queue(_) => GpuShareOf::Queue,
        SeriesOf::Owner(_) => GpuShareOf::Owner,
        SeriesOf::Gpu(_) | SeriesOf::Machine | SeriesOf::Cluster | SeriesOf::PartOfModel { .. } => {
            return None;
        }
    })
}

/// The whole cluster, then the parts, those that held the most first.
fn parts(names: &[SeriesName], points: &[SeriesPoints]) -> Vec<UsagePart> {
    let mut all: BTreeMap<&SeriesOf, Kept<'_>> = BTreeMap::new();
    for (name, points) in names.iter().zip(points) {
        all.entry(&name.of)
            .or_default()
            .push((name.measure, points));
    }
    let mut of_models: BTreeMap<(GpuShareOf, String), Vec<ModelHours>> = BTreeMap::new();
    for (of, kept) in &all {
        if let SeriesOf::PartOfModel { by, name, model } = of {
            let models = of_models
                .entry((share_by(*by), name.to_string()))
                .or_default();
            models.push(model_hours(model, kept));
        }
    }
    let mut parts: Vec<UsagePart> = all
        .iter()
        .filter(|(of, _)| !matches!(of, SeriesOf::PartOfModel { .. }))
        .map(|(of, kept)| {
            let mut part = part(of, kept);
            let key = part.by.map(|by| (by, part.name.clone()));
            let by_model = key.and_then(|key| of_models.remove(&key));
            part.by_model = by_model.unwrap_or_default();
            part
        })
        .collect();
    parts.sort_by(|left, right| {
        let held = |part: &UsagePart| part.held.iter().flatten().sum::<f64>();
        left.by
            .is_some()
            .cmp(&right.by.is_some())
            .then(held(right).total_cmp(&held(left)))
            .then_with(|| left.name.cmp(&right.name))
    });
    parts.truncate(MOST_PARTS + 1);
    parts
}

/// What is kept of one part, by measure.
type Kept<'a> = Vec<(Measure, &'a SeriesPoints)>;

/// Of several definitions the one that was measured the most; they are never added up.
fn figure_of(kept: &[(Measure, &SeriesPoints)]) -> Option<Figure> {
    let known = |points: &SeriesPoints| points.points.iter().flatten().count();
    kept.iter()
        .filter_map(|(measure, points)| match measure {
            Measure::Used(figure) => Some((known(points), *figure)),
            _ => None,
        })
        .max_by_key(|(count, _)| *count)
        .map(|(_, figure)| figure)
}

fn of_measure<'a>(
    kept: &[(Measure, &'a SeriesPoints)],
    wanted: Option<Measure>,
) -> Option<&'a SeriesPoints> {
    let found = kept.iter().find(|(measure, _)| Some(*measure) == wanted);
    found.map(|(_, points)| *points)
}

fn part(of: &SeriesOf, kept: &[(Measure, &SeriesPoints)]) -> UsagePart {
    let figure = figure_of(kept);
    let means = |wanted: Option<Measure>| {
        of_measure(kept, wanted).map_or_else(Vec::new, |points| list(points, |point| point.mean))
    };
    let summed = |wanted: Option<Measure>| of_measure(kept, wanted).map_or(0.0, hours);
    UsagePart {
        by: share_of(of),
        name: of.code().1.into_owned(),
        total: means(Some(Measure::Total)),
        held: means(Some(Measure::Held)),
        idle_held: means(Some(Measure::IdleHeld)),
        unhealthy: means(Some(Measure::Unhealthy)),
        figure: figure.map(Into::into),
        measured: means(figure.map(Measure::Measured)),
        used: means(figure.map(Measure::Used)),
        hours: UsageHours {
            total: summed(Some(Measure::Total)),
            held: summed(Some(Measure::Held)),
            idle_held: summed(Some(Measure::IdleHeld)),
            unhealthy: summed(Some(Measure::Unhealthy)),
            measured: summed(figure.map(Measure::Measured)),
            used: summed(figure.map(Measure::Used)),
        },
        by_model: Vec::new(),
    }
}

/// What `points` come to in hours. A step counts for as long as was measured in it, and not for its
/// length: what was there for a minute of it was there for a minute.
fn hours(points: &SeriesPoints) -> f64 {
    let known = points.points.iter().flatten();
    let sum: f64 = known
        .map(|point| point.mean * f64::from(point.samples))
        .sum();
    sum * f64::from(STEP_SECONDS) / 3_600.0
}

/// Of how much of the time the number of GPUs is kept.
fn known_seconds(names: &[SeriesName], points: &[SeriesPoints]) -> u32 {
    let is_whole =
        |name: &SeriesName| name.of == SeriesOf::Cluster && name.measure == Measure::Total;
    let whole = names.iter().zip(points).find(|(name, _)| is_whole(name));
    let samples = whole.map_or(0, |(_, points)| {
        let known = points.points.iter().flatten();
        known.map(|point| point.samples).sum::<u32>()
    });
    samples.saturating_mul(STEP_SECONDS)
}

fn model_hours(model: &Text, kept: &[(Measure, &SeriesPoints)]) -> ModelHours {
    let figure = figure_of(kept);
    let summed = |wanted: Option<Measure>| of_measure(kept, wanted).map_or(0.0, hours);
    ModelHours {
        model: model.to_string(),
        held: summed(Some(Measure::Held)),
        measured: summed(figure.map(Measure::Measured)),
        used: summed(figure.map(Measure::Used)),
    }
}

/// An incident as it crosses the wire; `None` for one that a later Strata wrote in other words.
fn incident(incident: &Incident) -> Option<IncidentRow> {
    let text: IncidentText = serde_json::from_str(&incident.what)
        .inspect_err(|error| tracing::debug!(%error, "an incident cannot be read"))
        .ok()?;
    Some(IncidentRow {
        severity: incident.severity.into(),
        title: text.title,
        reason: text.reason,
        subject: text.subject,
        began: incident.began.to_string(),
        seen: incident.seen.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "round numbers are exact")]
    fn a_step_counts_for_as_long_as_was_measured_in_it() {
        let point = |mean, samples| {
            Some(Point {
                mean,
                least: mean,
                most: mean,
                samples,
            })
        };
        let points = SeriesPoints {
            begins: Timestamp::UNIX_EPOCH,
            step: SignedDuration::from_mins(30),
            // Half an hour, a gap, and a minute of the half hour that goes on.
            points: vec![point(8.0, 60), None, point(120.0, 2)],
        };
        assert_eq!(hours(&points), 4.0 + 2.0);
        let whole = SeriesName {
            of: SeriesOf::Cluster,
            measure: Measure::Total,
        };
        assert_eq!(known_seconds(&[whole], &[points]), 31 * 60);
    }
}
