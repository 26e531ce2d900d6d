//! `strata gpu --plot`: one GPU with its figures, or what is held and used of a cluster. And what all
//! pictures have in common: their span, the wait for what is kept first, the file.

use std::{path::Path, time::Duration};

use anyhow::{Context, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use strata_api::{
    operations::{
        GpuHistory, GpuHistoryQuestion, GpuPictureQuestion, Picture, PictureFormat, PictureLook,
        PictureTheme, Span, UsageHistory, UsagePictureQuestion, UsageQuestion,
    },
    rows::gpu::{GpuRow, GpuShareOf},
};
use strata_charts::Theme;
use tokio::time::{Instant, sleep};

use crate::{
    arguments::{Gpu, Ground},
    exit::remark,
    language::tongue,
    session::Session,
};

/// How wide a picture is, in pixels of a screen.
pub(crate) const WIDTH: u32 = 960;

/// About how many points a line has: one for two pixels.
pub(crate) const POINTS: u32 = 450;

/// How long it is waited before the store is asked again.
const PAUSE: Duration = Duration::from_millis(200);

/// Draws `gpus`, which the filter let through, into `file`.
pub(crate) async fn draw(
    session: &Session,
    cluster: &str,
    wanted: &Gpu,
    gpus: &[GpuRow],
    file: &Path,
) -> anyhow::Result<()> {
    let look = look(file, wanted)?;
    let span = span_of(wanted);
    let deadline = Instant::now() + wanted.timeout;
    wait_until_kept(session, cluster, deadline).await?;
    let picture = match gpus {
        [] => bail!("no GPU is let through by `{}`", wanted.filter),
        [gpu] => {
            wait_until_told(session, cluster, gpu, &span, deadline).await?;
            one(session, cluster, gpu, span, look).await?
        }
        _ => cluster_over(session, cluster, span, look).await?,
    };
    save(&picture, file)
}

/// The time that is `wanted`, up to now.
pub(crate) fn span_of(wanted: &Gpu) -> Span {
    Span {
        until: String::new(),
        seconds: u32::try_from(wanted.since.as_secs()).unwrap_or(u32::MAX),
        points: POINTS,
    }
}

/// Writes `picture` into `file`.
pub(crate) fn save(picture: &Picture, file: &Path) -> anyhow::Result<()> {
    let bytes = BASE64_STANDARD
        .decode(&picture.base64)
        .context("the engine's picture cannot be read")?;
    std::fs::write(file, bytes).with_context(|| format!("writing {}", file.display()))?;
    remark(&format!("drawn into {}", file.display()));
    Ok(())
}

/// How the picture that is `wanted` in `file` is drawn.
pub(crate) fn look(file: &Path, wanted: &Gpu) -> anyhow::Result<PictureLook> {
    Ok(PictureLook {
        format: format_of(file)?,
        theme: wanted.theme.into(),
        language: tongue(wanted.language).into(),
    })
}

/// The form that the name of `file` asks for.
fn format_of(file: &Path) -> anyhow::Result<PictureFormat> {
    match file.extension().and_then(|end| end.to_str()) {
        Some("svg") => Ok(PictureFormat::Svg),
        Some("png") => Ok(PictureFormat::Png),
        _ => bail!(
            "{}: a picture is an SVG or a PNG; end its name with .svg or .png",
            file.display()
        ),
    }
}

async fn one(
    session: &Session,
    cluster: &str,
    gpu: &GpuRow,
    span: Span,
    look: PictureLook,
) -> anyhow::Result<Picture> {
    let request = GpuPictureQuestion {
        cluster: cluster.to_owned(),
        node: gpu.node.clone(),
        index: gpu.index,
        uuid: gpu.uuid.clone(),
        span,
        beside: Vec::new(),
        with_earlier: false,
        look,
    };
    session.call("draw_gpu", &request).await
}

/// What of the whole cluster was held and used, and by which namespaces.
async fn cluster_over(
    session: &Session,
    cluster: &str,
    span: Span,
    look: PictureLook,
) -> anyhow::Result<Picture> {
    let request = UsagePictureQuestion {
        cluster: cluster.to_owned(),
        by: Some(GpuShareOf::Namespace),
        span,
        look,
    };
    session.call("draw_usage", &request).await
}

/// Asks `is_kept` until that is so, or it is `deadline`.
pub(crate) async fn until_kept(
    deadline: Instant,
    is_kept: impl AsyncFn() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    while Instant::now() < deadline && !is_kept().await? {
        sleep(PAUSE).await;
    }
    Ok(())
}

/// Waits until the store has kept what the exporters told first, or it is `deadline`.
pub(crate) async fn wait_until_kept(
    session: &Session,
    cluster: &str,
    deadline: Instant,
) -> anyhow::Result<()> {
    until_kept(deadline, async || {
        let span = Span {
            until: String::new(),
            seconds: 120,
            points: 4,
        };
        let told = usage(session, cluster, None, span).await?;
        Ok(!told.parts.is_empty())
    })
    .await
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
    until_kept(deadline, async || {
        let told: GpuHistory = session.call("gpu_history", &request).await?;
        Ok(!told.charts.is_empty())
    })
    .await
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
        name: None,
        span,
    };
    session.call("usage_history", &request).await
}

impl From<Ground> for PictureTheme {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Dark => Self::Dark,
            Ground::Light => Self::Light,
        }
    }
}

impl From<Ground> for Theme {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Dark => Self::Dark,
            Ground::Light => Self::Light,
        }
    }
}
