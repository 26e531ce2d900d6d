//! `strata gpu --plot`: one GPU with its figures, or what is held and used of a cluster.

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

/// Draws `gpus`, which the filter let through, into `file`.
pub(crate) async fn draw(
    session: &Session,
    cluster: &str,
    wanted: &Gpu,
    gpus: &[GpuRow],
    file: &Path,
) -> anyhow::Result<()> {
    let look = look(file, wanted)?;
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
            one(session, cluster, gpu, span, look).await?
        }
        _ => cluster_over(session, cluster, span, look).await?,
    };
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
) -> anyhow::Result<Vec<u8>> {
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
    bytes(&session.call("draw_gpu", &request).await?)
}

/// What of the whole cluster was held and used, and by which namespaces.
async fn cluster_over(
    session: &Session,
    cluster: &str,
    span: Span,
    look: PictureLook,
) -> anyhow::Result<Vec<u8>> {
    let request = UsagePictureQuestion {
        cluster: cluster.to_owned(),
        by: Some(GpuShareOf::Namespace),
        span,
        look,
    };
    bytes(&session.call("draw_usage", &request).await?)
}

fn bytes(picture: &Picture) -> anyhow::Result<Vec<u8>> {
    BASE64_STANDARD
        .decode(&picture.base64)
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
