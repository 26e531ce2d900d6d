//! GPUs beside each other, and one beside what it did itself before.
//!
//! Every line is read over the same steps, so that what stands under one place of a chart was
//! measured in the same step; an earlier time is moved by whole steps onto them. A figure is a
//! definition, and a chart has one figure: a GPU that tells another has no line in it.

use std::sync::Arc;

use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{ComparisonChart, GpuComparison, GpuComparisonQuestion, OneGpu},
};
use strata_domain::series::{Measure, SeriesName, SeriesOf};
use strata_ports::series::SeriesPoints;

use super::{
    Operations,
    history::{FIGURES, Range, list},
    keeping::kept,
};
use crate::record::gpu_name;

pub(super) async fn compare_gpus(
    operations: &Operations,
    request: GpuComparisonQuestion,
) -> Result<GpuComparison, ApiError> {
    let count = request.gpus.len();
    if count == 0 || count > GpuComparisonQuestion::MOST {
        return Err(ApiError::new(
            ErrorCode::InvalidInput,
            format!(
                "{count} GPUs are to be compared; it may be 1 to {}",
                GpuComparisonQuestion::MOST
            ),
        ));
    }
    let range = Range::of(operations, &request.span)?;
    let all = request.gpus.iter().flat_map(names).collect();
    let mut questions = vec![range.question(request.cluster.clone(), all)];
    if request.with_earlier {
        let first = request.gpus.first().into_iter().flat_map(names);
        let earlier = range.before()?;
        questions.push(earlier.question(request.cluster, first.collect()));
    }
    let series = Arc::clone(&operations.series);
    let read = move || {
        let mut lines = Vec::new();
        let mut keeping = None;
        for question in &questions {
            lines.extend(series.read(question)?);
            keeping.get_or_insert_with(|| series.keeping(&question.cluster));
        }
        Ok((lines, keeping.unwrap_or_default()))
    };
    let (lines, keeping) = operations.on_disk(read).await?;
    let steps = range.steps(&lines);
    let width = usize::try_from(steps.count).unwrap_or(0);
    Ok(GpuComparison {
        charts: charts(&lines, width),
        steps,
        keeping: kept(&keeping),
    })
}

/// The series of one GPU, in the order of the figures.
fn names(gpu: &OneGpu) -> impl Iterator<Item = SeriesName> + use<> {
    let of = SeriesOf::Gpu(gpu_name(&gpu.uuid, &gpu.node, gpu.index));
    FIGURES.into_iter().map(move |figure| SeriesName {
        of: of.clone(),
        measure: Measure::Of(figure),
    })
}

/// `lines`, figure by figure of one GPU after the other, as charts of what was measured at all.
fn charts(lines: &[SeriesPoints], width: usize) -> Vec<ComparisonChart> {
    let of_figure = |at: usize| {
        let own = lines.iter().skip(at).step_by(FIGURES.len());
        own.map(|points| {
            let mut means = list(points, |point| point.mean);
            means.resize(width, None);
            means
        })
        .collect::<Vec<_>>()
    };
    FIGURES
        .iter()
        .enumerate()
        .map(|(at, figure)| ComparisonChart {
            figure: (*figure).into(),
            unit: figure.unit().into(),
            lines: of_figure(at),
        })
        .filter(|chart| chart.lines.iter().flatten().any(Option::is_some))
        .collect()
}
