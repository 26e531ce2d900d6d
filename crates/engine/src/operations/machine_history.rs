//! What the machine that Strata runs on did, and its accelerators: as charts, and as a picture.

use std::{collections::BTreeSet, sync::Arc};

use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{
        ComparisonChart, HistoryChart, MachineHistory, MachineHistoryQuestion,
        MachinePictureQuestion, Picture,
    },
};
use strata_charts::{
    sheet::{Panel, Sheet},
    words,
};
use strata_domain::{
    ids::ClusterId,
    reading::Figure,
    series::{Measure, SeriesKind, SeriesName, SeriesOf},
    text::Text,
    tongue::Tongue,
};
use strata_ports::series::SeriesPoints;

use super::{
    Operations,
    history::{Range, chart},
    keeping::kept,
    pictures,
};
use crate::record::machine::{DEVICE_FIGURES, MACHINE_FIGURES};

/// What this machine did, or one of its accelerators.
pub(super) async fn machine_history(
    operations: &Operations,
    request: MachineHistoryQuestion,
) -> Result<MachineHistory, ApiError> {
    let range = Range::of(operations, &request.span)?;
    let figures = figures_of(&request.device);
    let names = figures.iter().map(|figure| name(&request.device, *figure));
    let question = range.question(ClusterId::THIS_MACHINE.to_owned(), names.collect());
    let series = Arc::clone(&operations.series);
    let kinds: &'static [SeriesKind] = if request.device.is_empty() {
        &[SeriesKind::Gpu]
    } else {
        &[]
    };
    let read = move || {
        let cluster = &question.cluster;
        let devices = series.names(cluster, kinds, None)?;
        Ok((series.read(&question)?, devices, series.keeping(cluster)))
    };
    let (points, devices, keeping) = operations.on_disk(read).await?;
    let mut told = MachineHistory {
        steps: range.steps(&points),
        charts: Vec::new(),
        energy: None,
        devices: ids(devices),
        keeping: kept(&keeping),
    };
    for (figure, points) in figures.iter().zip(&points) {
        if *figure == Figure::Energy {
            told.energy = energy(points);
        } else if points.points.iter().any(Option::is_some) {
            told.charts.push(chart(*figure, points));
        }
    }
    Ok(told)
}

/// Draws what this machine did, and its accelerators.
pub(super) async fn draw_machine(
    operations: &Operations,
    request: MachinePictureQuestion,
) -> Result<Picture, ApiError> {
    let MachinePictureQuestion {
        title,
        devices,
        with_machine,
        mut span,
        look,
    } = request;
    let tongue = look.language.into();
    if devices.len() > MachinePictureQuestion::MOST {
        return Err(ApiError::new(
            ErrorCode::InvalidInput,
            format!(
                "{} accelerators are to be drawn; it may be up to {}",
                devices.len(),
                MachinePictureQuestion::MOST
            ),
        ));
    }
    // All of them over the same steps.
    if span.until.is_empty() {
        span.until = operations.clock.now().to_string();
    }
    let ask = |device: &str| {
        let question = MachineHistoryQuestion {
            device: device.to_owned(),
            span: span.clone(),
        };
        machine_history(operations, question)
    };
    let mut told = Vec::with_capacity(devices.len());
    for one in &devices {
        told.push(ask(&one.device).await?);
    }
    let mut panels = Vec::new();
    if told.iter().any(|one| !one.charts.is_empty()) {
        let names = devices.iter().map(|one| one.name.clone()).collect();
        panels = panels_of(&told, names, tongue);
    }
    let machine = if with_machine {
        let machine = ask("").await?;
        panels.extend(pictures::panels(&machine.charts, &machine.steps, tongue));
        Some(machine)
    } else {
        None
    };
    let steps = told.iter().chain(&machine).map(|one| &one.steps).next();
    let Some(steps) = steps.filter(|_| !panels.is_empty()) else {
        let message = format!("nothing was kept of {title} over that time");
        return Err(ApiError::new(ErrorCode::NotFound, message));
    };
    let title = match devices.as_slice() {
        [one] if !with_machine => format!("{title} · {}", one.name),
        _ => title,
    };
    let sheet = Sheet {
        note: pictures::spanned(words::AS_FAR.say(tongue), steps, tongue),
        tongue,
        panels,
        title: title.clone(),
        width: pictures::WIDTH,
    };
    pictures::drawn(operations, sheet, &title, look).await
}

/// The ids of the accelerators that `names` are of, each once.
fn ids(names: Vec<SeriesName>) -> Vec<String> {
    let ids: BTreeSet<Text> = names
        .into_iter()
        .filter_map(|name| match name.of {
            SeriesOf::Gpu(id) => Some(id),
            _ => None,
        })
        .collect();
    ids.iter().map(ToString::to_string).collect()
}

fn figures_of(device: &str) -> &'static [Figure] {
    if device.is_empty() {
        &MACHINE_FIGURES
    } else {
        &DEVICE_FIGURES
    }
}

fn name(device: &str, figure: Figure) -> SeriesName {
    SeriesName {
        of: if device.is_empty() {
            SeriesOf::Machine
        } else {
            SeriesOf::Gpu(Text::from(device))
        },
        measure: Measure::Of(figure),
    }
}

/// One accelerator by itself, several beside each other.
fn panels_of(told: &[MachineHistory], names: Vec<String>, tongue: Tongue) -> Vec<Panel> {
    match told {
        [] => Vec::new(),
        [one] => pictures::panels(&one.charts, &one.steps, tongue).collect(),
        [first, ..] => {
            let charts = beside_each_other(told, first.steps.count as usize);
            pictures::panels_beside(&charts, names, &first.steps, tongue).collect()
        }
    }
}

/// Figure by figure a line of each accelerator, `width` steps long, of the figures that any of them tells.
fn beside_each_other(told: &[MachineHistory], width: usize) -> Vec<ComparisonChart> {
    let charts = DEVICE_FIGURES.iter().filter_map(|figure| {
        let is_it = |chart: &&HistoryChart| Figure::from(chart.figure) == *figure;
        let of = |one: &MachineHistory| {
            let own = one.charts.iter().find(is_it);
            own.map_or_else(|| vec![None; width], |chart| chart.means.clone())
        };
        let is_told = told
            .iter()
            .any(|one| one.charts.iter().any(|chart| is_it(&chart)));
        is_told.then(|| ComparisonChart {
            figure: (*figure).into(),
            unit: figure.unit().into(),
            lines: told.iter().map(of).collect(),
        })
    });
    charts.collect()
}

/// What was drawn over `points` of a counter, in joules. It begins anew when the driver is loaded: what
/// it stood at then is not known, and not counted.
fn energy(points: &SeriesPoints) -> Option<f64> {
    let mut sum = 0.0;
    let mut before: Option<f64> = None;
    for point in points.points.iter().flatten() {
        let since = before.map_or(0.0, |before| point.least - before);
        sum += since.max(0.0) + (point.most - point.least);
        before = Some(point.most);
    }
    (sum > 0.0).then_some(sum)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use strata_ports::series::Point;

    use super::*;

    fn counter(values: &[Option<(f64, f64)>]) -> SeriesPoints {
        let point = |(least, most): (f64, f64)| Point {
            mean: f64::midpoint(least, most),
            least,
            most,
            samples: 10,
        };
        SeriesPoints {
            begins: Timestamp::UNIX_EPOCH,
            step: SignedDuration::from_mins(5),
            points: values.iter().map(|one| one.map(point)).collect(),
        }
    }

    #[test]
    fn energy_is_what_the_counter_grew_by_over_gaps_and_over_a_driver_that_was_loaded_anew() {
        let told = counter(&[
            Some((1_000.0, 4_000.0)),
            None,
            Some((9_000.0, 9_500.0)),
            // Loaded anew.
            Some((200.0, 1_200.0)),
        ]);
        assert_eq!(energy(&told), Some(3_000.0 + 5_000.0 + 500.0 + 1_000.0));
    }

    #[test]
    fn energy_of_which_nothing_is_known_is_none_and_not_0() {
        assert_eq!(energy(&counter(&[None, None])), None);
        assert_eq!(energy(&counter(&[None, Some((500.0, 500.0))])), None);
    }
}
