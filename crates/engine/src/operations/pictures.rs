//! Pictures to be saved.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{
        GpuHistory, GpuHistoryQuestion, GpuPictureQuestion, HistoryChart, Picture, PictureFormat,
        PictureTheme,
    },
};
use strata_charts::{
    Format, Theme,
    sheet::{Ink, Line, Panel, Range, Sheet, TimePanel},
};
use strata_domain::reading::{Figure, Unit};

use super::{Operations, history};
use crate::error::closing;

/// How wide a picture is, in pixels of a screen.
const WIDTH: u32 = 960;

/// Draws what one GPU did.
pub(super) async fn draw_gpu(
    operations: &Operations,
    request: GpuPictureQuestion,
) -> Result<Picture, ApiError> {
    let (format, theme) = (request.format, request.theme);
    let place = format!("{} · GPU {}", request.node, request.index);
    let name = format!("{}-gpu-{}", request.node, request.index);
    let note = format!("{} {}", request.cluster, request.uuid);
    let question = GpuHistoryQuestion {
        cluster: request.cluster,
        node: request.node,
        index: request.index,
        uuid: request.uuid,
        span: request.span,
    };
    let told = history::gpu_history(operations, question).await?;
    if told.charts.is_empty() {
        let message = format!("nothing was kept of {place} over that time");
        return Err(ApiError::new(ErrorCode::NotFound, message));
    }
    let sheet = sheet(&told, place, &note);
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
        name: format!("{}.{end}", for_files(&name)),
        media_type: media_type.to_owned(),
        base64: BASE64_STANDARD.encode(bytes),
    })
}

fn sheet(told: &GpuHistory, title: String, note: &str) -> Sheet {
    let begins: Timestamp = told.steps.begins.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let step = SignedDuration::from_secs(i64::from(told.steps.seconds));
    let steps = i32::try_from(told.steps.count.saturating_sub(1)).unwrap_or(i32::MAX);
    let ends = begins
        .checked_add(step.saturating_mul(steps))
        .unwrap_or(begins);
    let moment = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    Sheet {
        title,
        note: format!(
            "{} · {} to {} UTC",
            note.trim(),
            moment(begins),
            moment(ends)
        ),
        panels: told
            .charts
            .iter()
            .map(|chart| panel(chart, begins, step))
            .collect(),
        width: WIDTH,
    }
}

fn panel(chart: &HistoryChart, begins: Timestamp, step: SignedDuration) -> Panel {
    let figure = Figure::from(chart.figure);
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
        lines: vec![Line {
            name: String::new(),
            ink: Ink::Main,
            values: chart.means.clone(),
            range: Some(Range {
                least: chart.least.clone(),
                most: chart.most.clone(),
            }),
            is_filled: false,
        }],
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
    fn a_file_is_named_without_a_path() {
        assert_eq!(for_files("../node/1 gpu"), "..-node-1-gpu");
    }
}
