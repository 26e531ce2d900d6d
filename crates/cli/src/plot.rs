//! `strata gpu --plot`: one GPU with its figures, or what is held and used of a cluster.

use std::{path::Path, time::Duration};

use anyhow::{Context, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use strata_api::{
    operations::{
        GpuHistory, GpuHistoryQuestion, GpuPictureQuestion, Picture, PictureFormat, PictureTheme,
        Span, Steps, UsageHistory, UsageHours, UsagePart, UsageQuestion,
    },
    rows::gpu::{GpuRow, GpuShareOf},
};
use strata_charts::{
    Format, Theme,
    sheet::{Bar, BarPanel, Ink, Line, Panel, Sheet, TimePanel},
};
use strata_domain::reading::{Figure, Unit};
use tokio::time::{Instant, sleep};

use crate::{
    arguments::{Gpu, Ground},
    exit::remark,
    gpu_time::gpu_time,
    session::Session,
};

/// How wide a picture is, in pixels of a screen.
pub(crate) const WIDTH: u32 = 960;

/// About how many points a line has: one for two pixels.
pub(crate) const POINTS: u32 = 450;

/// The most bars of a picture.
const MOST_BARS: usize = 12;

/// Draws `gpus`, which the filter let through at the moment `at`, into `file`.
pub(crate) async fn draw(
    session: &Session,
    cluster: &str,
    wanted: &Gpu,
    (gpus, at): (&[GpuRow], &str),
    file: &Path,
) -> anyhow::Result<()> {
    let format = match file.extension().and_then(|end| end.to_str()) {
        Some("svg") => PictureFormat::Svg,
        Some("png") => PictureFormat::Png,
        _ => bail!(
            "{}: a picture is an SVG or a PNG; end its name with .svg or .png",
            file.display()
        ),
    };
    let span = Span {
        until: String::new(),
        seconds: u32::try_from(wanted.since.as_secs()).unwrap_or(u32::MAX),
        points: POINTS,
    };
    let deadline = Instant::now() + wanted.timeout;
    wait_until_kept(session, cluster, deadline).await?;
    let bytes = match gpus {
        [] => bail!("no GPU is let through by `{}`", wanted.filter),
        [gpu] => {
            wait_until_told(session, cluster, gpu, &span, deadline).await?;
            one(session, cluster, gpu, span, (format, wanted.theme)).await?
        }
        _ => {
            let usage = usage(session, cluster, Some(GpuShareOf::Namespace), span).await?;
            let form = match format {
                PictureFormat::Svg => Format::Svg,
                PictureFormat::Png => Format::Png,
            };
            let sheet = fleet(cluster, at, gpus.len(), &usage);
            strata_charts::draw(&sheet, form, wanted.theme.into())?
        }
    };
    std::fs::write(file, bytes).with_context(|| format!("writing {}", file.display()))?;
    remark(&format!("drawn into {}", file.display()));
    Ok(())
}

async fn one(
    session: &Session,
    cluster: &str,
    gpu: &GpuRow,
    span: Span,
    (format, ground): (PictureFormat, Ground),
) -> anyhow::Result<Vec<u8>> {
    let request = GpuPictureQuestion {
        cluster: cluster.to_owned(),
        node: gpu.node.clone(),
        index: gpu.index,
        uuid: gpu.uuid.clone(),
        span,
        beside: Vec::new(),
        with_earlier: false,
        format,
        theme: match ground {
            Ground::Dark => PictureTheme::Dark,
            Ground::Light => PictureTheme::Light,
        },
    };
    let picture: Picture = session.call("draw_gpu", &request).await?;
    BASE64_STANDARD
        .decode(picture.base64)
        .context("the engine's picture cannot be read")
}

/// Waits until the store has kept what the exporters told first, or it is `deadline`.
pub(crate) async fn wait_until_kept(
    session: &Session,
    cluster: &str,
    deadline: Instant,
) -> anyhow::Result<()> {
    while Instant::now() < deadline {
        let span = Span {
            until: String::new(),
            seconds: 120,
            points: 4,
        };
        let told = usage(session, cluster, None, span).await?;
        if !told.parts.is_empty() {
            break;
        }
        sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// Waits until something is kept of `gpu`, or it is `deadline`: what Prometheus remembers comes a
/// moment after what the exporters tell.
async fn wait_until_told(
    session: &Session,
    cluster: &str,
    gpu: &GpuRow,
    span: &Span,
    deadline: Instant,
) -> anyhow::Result<()> {
    let request = GpuHistoryQuestion {
        cluster: cluster.to_owned(),
        node: gpu.node.clone(),
        index: gpu.index,
        uuid: gpu.uuid.clone(),
        span: span.clone(),
    };
    while Instant::now() < deadline {
        let told: GpuHistory = session.call("gpu_history", &request).await?;
        if !told.charts.is_empty() {
            break;
        }
        sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// Who held what of `cluster` over `span`.
pub(crate) async fn usage(
    session: &Session,
    cluster: &str,
    by: Option<GpuShareOf>,
    span: Span,
) -> anyhow::Result<UsageHistory> {
    let request = UsageQuestion {
        cluster: cluster.to_owned(),
        by,
        span,
    };
    session.call("usage_history", &request).await
}

fn fleet(cluster: &str, at: &str, count: usize, usage: &UsageHistory) -> Sheet {
    let (begins, step) = usage.steps.times();
    let count = i32::try_from(usage.steps.count).unwrap_or(i32::MAX);
    let ends = begins.checked_add(step.saturating_mul(count));
    // The last step is mostly not over.
    let seen = at.parse::<Timestamp>().ok();
    let ends = ends.into_iter().chain(seen).min().unwrap_or(begins);
    let mut panels = Vec::new();
    if let Some(whole) = usage.parts.iter().find(|part| part.by.is_none()) {
        panels.push(capacity(&usage.steps, whole, 220));
    }
    panels.push(bars(
        "Held and used, by namespace",
        usage.parts.iter().filter(|part| part.by.is_some()),
    ));
    Sheet {
        title: format!("GPUs of {cluster}"),
        note: format!(
            "{count} GPUs · {} to {} UTC, as far as Strata was open",
            begins.strftime("%Y-%m-%d %H:%M"),
            ends.strftime("%Y-%m-%d %H:%M")
        ),
        panels,
        width: WIDTH,
    }
}

/// What there was, what of it was held, and what that did.
pub(crate) fn capacity(steps: &Steps, whole: &UsagePart, height: u32) -> Panel {
    let (begins, step) = steps.times();
    let line = |name: &str, ink, values: &[Option<f64>], is_filled| Line {
        name: name.to_owned(),
        ink,
        values: values.to_vec(),
        range: None,
        is_filled,
    };
    let mut lines = vec![
        line("in all", Ink::Frame, &whole.total, false),
        line("held", Ink::Quiet, &whole.held, true),
    ];
    if whole.figure.is_some() {
        lines.push(line("used", Ink::Main, &whole.used, true));
    }
    Panel::Time(TimePanel {
        title: "GPUs".to_owned(),
        note: definition(whole),
        unit: Unit::Count,
        most: None,
        begins,
        step,
        lines,
        height,
    })
}

/// By which definition GPUs are called used.
pub(crate) fn definition(part: &UsagePart) -> String {
    match part.figure.map(Figure::from) {
        Some(figure) => format!("used: {}, added up over those measured", figure.name()),
        None => "nothing is measured".to_owned(),
    }
}

/// How long each part held GPUs, and how much of that was used.
pub(crate) fn bars<'a>(title: &str, parts: impl Iterator<Item = &'a UsagePart>) -> Panel {
    let bars = parts
        .filter(|part| part.hours.held > 0.0)
        .take(MOST_BARS)
        .map(|part| {
            let UsageHours {
                held,
                measured,
                used,
                ..
            } = part.hours;
            Bar {
                name: match part.name.as_str() {
                    "" => "not named".to_owned(),
                    "*" => "several at once".to_owned(),
                    name => name.to_owned(),
                },
                whole: held,
                filled: (measured > 0.0).then_some(used),
                said: if measured > 0.0 {
                    format!("{} of {}", gpu_time(used), gpu_time(held))
                } else {
                    format!("{}, not measured", gpu_time(held))
                },
            }
        });
    Panel::Bars(BarPanel {
        title: title.to_owned(),
        note: "time of GPUs: the bar is what was held, its filled part what that did".to_owned(),
        bars: bars.collect(),
    })
}

impl From<Ground> for Theme {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Dark => Self::Dark,
            Ground::Light => Self::Light,
        }
    }
}
