//! Pictures to be saved.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{
        ComparisonChart, GpuComparison, GpuComparisonQuestion, GpuHistory, GpuHistoryQuestion,
        GpuPictureQuestion, HistoryChart, OneGpu, Picture, PictureFormat, PictureLook,
        PictureTheme, Steps, UsagePictureQuestion, UsageQuestion,
    },
    rows::gpu::GpuShareOf,
};
use strata_charts::{
    Format, Theme,
    sheet::{Ink, KeyPanel, Line, Panel, Range, Sheet, TimePanel},
    usage::{HeldTime, Usage, by_part, over_time},
    words,
};
use strata_domain::{
    reading::{Figure, Unit},
    tongue::{Tongue, Words},
};

use super::{Operations, comparison, history};
use crate::error::closing;

/// When the first step begins, and how long one is.
type Times = (Timestamp, SignedDuration);

/// How wide a picture is, in pixels of a screen.
pub(super) const WIDTH: u32 = 960;

/// Draws what one GPU did.
pub(super) async fn draw_gpu(
    operations: &Operations,
    request: GpuPictureQuestion,
) -> Result<Picture, ApiError> {
    let look = request.look;
    let tongue = look.language.into();
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
        sheet(&told, place, &note, tongue)
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
        compared(&told, &gpus, (place, &note), tongue)
    };
    drawn(operations, sheet, &name, look).await
}

/// Draws who held the GPUs of a cluster, and what those did.
pub(super) async fn draw_usage(
    operations: &Operations,
    request: UsagePictureQuestion,
) -> Result<Picture, ApiError> {
    let look = request.look;
    let tongue = look.language.into();
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
    let mut panels = vec![over_time(usage, 220, tongue)];
    if let Some(by) = request.by {
        let parts = told.parts.iter().filter(|part| part.by.is_some());
        let parts = parts.map(|part| HeldTime {
            name: &part.name,
            held: part.hours.held,
            measured: part.hours.measured,
            used: part.hours.used,
        });
        panels.push(by_part(title(by).say(tongue), parts, tongue));
    }
    let cluster = context(&cluster);
    let sheet = Sheet {
        title: words::GPUS_OF.with(tongue, &[("cluster", cluster)]),
        note: spanned(words::AS_FAR.say(tongue), &told.steps, tongue),
        tongue,
        panels,
        width: WIDTH,
    };
    drawn(operations, sheet, &format!("{cluster}-gpus"), look).await
}

/// The name of the context: an id has its file before it, where several have the name.
pub(super) fn context(cluster: &str) -> &str {
    cluster.rsplit_once('#').map_or(cluster, |(_, name)| name)
}

/// What a panel is called that is parted so.
pub(super) fn title(by: GpuShareOf) -> Words {
    match by {
        GpuShareOf::Model => words::BY_MODEL,
        GpuShareOf::Namespace => words::BY_NAMESPACE,
        GpuShareOf::Queue => words::BY_QUEUE,
        GpuShareOf::Workload => words::BY_WORKLOAD,
        GpuShareOf::Owner => words::BY_OWNER,
    }
}

/// `sheet` as a file that is called `name`.
pub(super) async fn drawn(
    operations: &Operations,
    sheet: Sheet,
    name: &str,
    look: PictureLook,
) -> Result<Picture, ApiError> {
    let drawn = operations.scope.run_blocking(move || {
        let format = match look.format {
            PictureFormat::Svg => Format::Svg,
            PictureFormat::Png => Format::Png,
        };
        let theme = match look.theme {
            PictureTheme::Dark => Theme::Dark,
            PictureTheme::Light => Theme::Light,
        };
        strata_charts::draw(&sheet, format, theme)
    });
    let bytes = drawn
        .await
        .ok_or_else(closing)?
        .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))?;
    let (end, media_type) = match look.format {
        PictureFormat::Svg => ("svg", "image/svg+xml"),
        PictureFormat::Png => ("png", "image/png"),
    };
    Ok(Picture {
        name: format!("{}.{end}", for_files(name)),
        media_type: media_type.to_owned(),
        base64: BASE64_STANDARD.encode(bytes),
    })
}

fn sheet(told: &GpuHistory, title: String, note: &str, tongue: Tongue) -> Sheet {
    Sheet {
        title,
        note: spanned(note, &told.steps, tongue),
        tongue,
        panels: panels(&told.charts, &told.steps, tongue).collect(),
        width: WIDTH,
    }
}

/// A panel for each figure, with the least and the most of each step.
pub(super) fn panels(
    charts: &[HistoryChart],
    steps: &Steps,
    tongue: Tongue,
) -> impl Iterator<Item = Panel> {
    let times = steps.times();
    charts.iter().map(move |chart| panel(chart, times, tongue))
}

/// GPUs beside each other: who is which line, then a panel for each figure.
fn compared(
    told: &GpuComparison,
    gpus: &[OneGpu],
    (title, note): (String, &str),
    tongue: Tongue,
) -> Sheet {
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
        names.push(words::EARLIER.say(tongue).to_owned());
    }
    Sheet {
        title,
        note: spanned(note, &told.steps, tongue),
        tongue,
        panels: panels_beside(&told.charts, names, &told.steps, tongue).collect(),
        width: WIDTH,
    }
}

/// Who is which line, then a panel for each figure.
pub(super) fn panels_beside(
    charts: &[ComparisonChart],
    names: Vec<String>,
    steps: &Steps,
    tongue: Tongue,
) -> impl Iterator<Item = Panel> {
    let times = steps.times();
    let key = Panel::Key(KeyPanel {
        entries: names
            .into_iter()
            .enumerate()
            .map(|(at, name)| (name, ink(at)))
            .collect(),
    });
    let panels = charts.iter().map(move |chart| beside(chart, times, tongue));
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
pub(super) fn spanned(note: &str, steps: &Steps, tongue: Tongue) -> String {
    let (begins, step) = steps.times();
    let count = i32::try_from(steps.count.saturating_sub(1)).unwrap_or(i32::MAX);
    let ends = begins
        .checked_add(step.saturating_mul(count))
        .unwrap_or(begins);
    let moment = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    let (from, until) = (moment(begins), moment(ends));
    let values = [
        ("note", note.trim()),
        ("from", from.as_str()),
        ("until", until.as_str()),
    ];
    words::SPAN.with(tongue, &values)
}

/// A figure of several GPUs; the one that is looked at lies in front.
fn beside(chart: &ComparisonChart, times: Times, tongue: Tongue) -> Panel {
    let lines = chart.lines.iter().enumerate().rev();
    let lines = lines.map(|(at, values)| Line {
        name: String::new(),
        ink: ink(at),
        values: values.clone(),
        range: None,
        is_filled: false,
    });
    time_panel(Figure::from(chart.figure), times, lines.collect(), tongue)
}

fn panel(chart: &HistoryChart, times: Times, tongue: Tongue) -> Panel {
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
    time_panel(Figure::from(chart.figure), times, vec![line], tongue)
}

fn time_panel(figure: Figure, (begins, step): Times, lines: Vec<Line>, tongue: Tongue) -> Panel {
    let unit = figure.unit();
    Panel::Time(TimePanel {
        title: figure.name(tongue).to_owned(),
        note: figure.definition(tongue).to_owned(),
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
