//! Pictures to be saved.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{
        ComparisonChart, GpuComparison, GpuComparisonQuestion, GpuHistory, GpuHistoryQuestion,
        GpuPictureQuestion, HistoryChart, OneGpu, Picture, PictureFormat, PictureTheme, Steps,
        UsagePictureQuestion, UsageQuestion,
    },
    rows::gpu::GpuShareOf,
};
use strata_charts::{
    Format, Theme,
    sheet::{Ink, KeyPanel, Line, Panel, Range, Sheet, TimePanel},
    usage::{HeldTime, Usage, by_part, over_time},
};
use strata_domain::reading::{Figure, Unit};

use super::{Operations, comparison, history};
use crate::error::closing;

/// How wide a picture is, in pixels of a screen.
pub(super) const WIDTH: u32 = 960;

/// Draws what one GPU did.
pub(super) async fn draw_gpu(
    operations: &Operations,
    request: GpuPictureQuestion,
) -> Result<Picture, ApiError> {
    let (format, theme) = (request.format, request.theme);
    let place = format!("{} · GPU {}", request.node, request.index);
    let name = format!("{}-gpu-{}", request.node, request.index);
    let note = format!("{} {}", context(&request.cluster), request.uuid);
    let own = OneGpu {
        node: request.node,
        index: request.index,
        uuid: request.uuid,
    };
    let nothing = || {
        let message = format!("nothing was kept of {place} over that time");
        ApiError::new(ErrorCode::NotFound, message)
    };
    let sheet = if request.beside.is_empty() && !request.with_earlier {
        let question = GpuHistoryQuestion {
            cluster: request.cluster,
            node: own.node,
            index: own.index,
            uuid: own.uuid,
            span: request.span,
        };
        let told = history::gpu_history(operations, question).await?;
        if told.charts.is_empty() {
            return Err(nothing());
        }
        sheet(&told, place, &note)
    } else {
        let mut gpus = vec![own];
        gpus.extend(request.beside);
        let question = GpuComparisonQuestion {
            cluster: request.cluster,
            gpus: gpus.clone(),
            with_earlier: request.with_earlier,
            span: request.span,
        };
        let told = comparison::compare_gpus(operations, question).await?;
        if told.charts.is_empty() {
            return Err(nothing());
        }
        compared(&told, &gpus, place, &note)
    };
    drawn(operations, sheet, &name, (format, theme)).await
}

/// Draws who held the GPUs of a cluster, and what those did.
pub(super) async fn draw_usage(
    operations: &Operations,
    request: UsagePictureQuestion,
) -> Result<Picture, ApiError> {
    let look = (request.format, request.theme);
    let cluster = request.cluster.clone();
    let question = UsageQuestion {
        cluster: request.cluster,
        by: request.by,
        name: None,
        span: request.span,
    };
    let told = history::usage_history(operations, question).await?;
    let Some(whole) = told.parts.iter().find(|part| part.by.is_none()) else {
        let message = format!("nothing was kept of the GPUs of {cluster} over that time");
        return Err(ApiError::new(ErrorCode::NotFound, message));
    };
    let (begins, step) = told.steps.times();
    let usage = Usage {
        begins,
        step,
        total: &whole.total,
        held: &whole.held,
        used: &whole.used,
        figure: whole.figure.map(Figure::from),
    };
    let mut panels = vec![over_time(usage, 220)];
    if let Some(by) = request.by {
        let parts = told.parts.iter().filter(|part| part.by.is_some());
        let parts = parts.map(|part| HeldTime {
            name: &part.name,
            held: part.hours.held,
            measured: part.hours.measured,
            used: part.hours.used,
        });
        panels.push(by_part(&format!("Held and used, by {}", noun(by)), parts));
    }
    let cluster = context(&cluster);
    let sheet = Sheet {
        title: format!("GPUs of {cluster}"),
        note: spanned("as far as Strata was open", &told.steps),
        panels,
        width: WIDTH,
    };
    drawn(operations, sheet, &format!("{cluster}-gpus"), look).await
}

/// The name of the context: an id has its file before it, where several have the name.
pub(super) fn context(cluster: &str) -> &str {
    cluster.rsplit_once('#').map_or(cluster, |(_, name)| name)
}

fn noun(by: GpuShareOf) -> &'static str {
    match by {
        GpuShareOf::Model => "model",
        GpuShareOf::Namespace => "namespace",
        GpuShareOf::Queue => "queue",
        GpuShareOf::Workload => "workload",
        GpuShareOf::Owner => "owner",
    }
}

/// `sheet` as a file that is called `name`.
pub(super) async fn drawn(
    operations: &Operations,
    sheet: Sheet,
    name: &str,
    (format, theme): (PictureFormat, PictureTheme),
) -> Result<Picture, ApiError> {
    let drawn = operations.scope.run_blocking(move || {
        let format = match format {
            PictureFormat::Svg => Format::Svg,
            PictureFormat::Png => Format::Png,
        };
        let theme = match theme {
            PictureTheme::Dark => Theme::Dark,
            PictureTheme::Light => Theme::Light,
        };
        strata_charts::draw(&sheet, format, theme)
    });
    let bytes = drawn
        .await
        .ok_or_else(closing)?
        .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))?;
    let (end, media_type) = match format {
        PictureFormat::Svg => ("svg", "image/svg+xml"),
        PictureFormat::Png => ("png", "image/png"),
    };
    Ok(Picture {
        name: format!("{}.{end}", for_files(name)),
        media_type: media_type.to_owned(),
        base64: BASE64_STANDARD.encode(bytes),
    })
}

fn sheet(told: &GpuHistory, title: String, note: &str) -> Sheet {
    Sheet {
        title,
        note: spanned(note, &told.steps),
        panels: panels(&told.charts, &told.steps).collect(),
        width: WIDTH,
    }
}

/// A panel for each figure, with the least and the most of each step.
pub(super) fn panels(charts: &[HistoryChart], steps: &Steps) -> impl Iterator<Item = Panel> {
    let (begins, step) = steps.times();
    charts.iter().map(move |chart| panel(chart, begins, step))
}

/// GPUs beside each other: who is which line, then a panel for each figure.
fn compared(told: &GpuComparison, gpus: &[OneGpu], title: String, note: &str) -> Sheet {
    let own = gpus.first().map(|gpu| gpu.node.as_str());
    let is_of_one_node = gpus.iter().all(|gpu| Some(gpu.node.as_str()) == own);
    let mut names: Vec<String> = gpus
        .iter()
        .map(|gpu| {
            if is_of_one_node {
                format!("GPU {}", gpu.index)
            } else {
                format!("{} · {}", gpu.node, gpu.index)
            }
        })
        .collect();
    let lines = told.charts.first().map_or(0, |chart| chart.lines.len());
    if lines > names.len() {
        names.push("the same time before".to_owned());
    }
    Sheet {
        title,
        note: spanned(note, &told.steps),
        panels: panels_beside(&told.charts, names, &told.steps).collect(),
        width: WIDTH,
    }
}

/// Who is which line, then a panel for each figure.
pub(super) fn panels_beside(
    charts: &[ComparisonChart],
    names: Vec<String>,
    steps: &Steps,
) -> impl Iterator<Item = Panel> {
    let (begins, step) = steps.times();
    let key = Panel::Key(KeyPanel {
        entries: names
            .into_iter()
            .enumerate()
            .map(|(at, name)| (name, ink(at)))
            .collect(),
    });
    let panels = charts.iter().map(move |chart| beside(chart, begins, step));
    std::iter::once(key).chain(panels)
}

/// The ink of the line at `at`: the one that is looked at, then those beside it.
fn ink(at: usize) -> Ink {
    match at.checked_sub(1) {
        None => Ink::Main,
        Some(beside) => Ink::Beside(u8::try_from(beside).unwrap_or(u8::MAX)),
    }
}

/// `note`, and from when until when.
pub(super) fn spanned(note: &str, steps: &Steps) -> String {
    let (begins, step) = steps.times();
    let count = i32::try_from(steps.count.saturating_sub(1)).unwrap_or(i32::MAX);
    let ends = begins
        .checked_add(step.saturating_mul(count))
        .unwrap_or(begins);
    let moment = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    format!(
        "{} · {} to {} UTC",
        note.trim(),
        moment(begins),
        moment(ends)
    )
}

/// A figure of several GPUs; the one that is looked at lies in front.
fn beside(chart: &ComparisonChart, begins: Timestamp, step: SignedDuration) -> Panel {
    let lines = chart.lines.iter().enumerate().rev();
    let lines = lines.map(|(at, values)| Line {
        name: String::new(),
        ink: ink(at),
        values: values.clone(),
        range: None,
        is_filled: false,
    });
    time_panel(Figure::from(chart.figure), begins, step, lines.collect())
}

fn panel(chart: &HistoryChart, begins: Timestamp, step: SignedDuration) -> Panel {
    let line = Line {
        name: String::new(),
        ink: Ink::Main,
        values: chart.means.clone(),
        range: Some(Range {
            least: chart.least.clone(),
            most: chart.most.clone(),
        }),
        is_filled: false,
    };
    time_panel(Figure::from(chart.figure), begins, step, vec![line])
}

fn time_panel(figure: Figure, begins: Timestamp, step: SignedDuration, lines: Vec<Line>) -> Panel {
    let unit = figure.unit();
    Panel::Time(TimePanel {
        title: figure.name().to_owned(),
        note: figure.definition().to_owned(),
        unit,
        most: match unit {
            Unit::Ratio => Some(1.0),
            Unit::Celsius => Some(100.0),
            _ => None,
        },
        begins,
        step,
        lines,
        height: 110,
    })
}

/// `name` with nothing in it that a file system minds.
fn for_files(name: &str) -> String {
    name.chars()
        .map(|one| {
            if one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.') {
                one
            } else {
                '-'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_called_by_its_context() {
        assert_eq!(context("/home/ann/.kube/config#prod"), "prod");
        assert_eq!(context("demo"), "demo");
    }

    #[test]
    fn a_file_is_named_without_a_path() {
        assert_eq!(for_files("../node/1 gpu"), "..-node-1-gpu");
    }
}
