//! The map: every GPU as one cell, in blocks.
//!
//! A cell is a value in thousandths and two letters, so that 8,000 cells are some 60 kB in the first
//! frame, and later frames hold the blocks that changed alone.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jiff::{SignedDuration, Timestamp};
use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        gpu::{FigureUnit, GpuBlockRow, GpuColour, GpuLine, GpuMapRow},
    },
    topics::GpuGrouping,
};
use strata_domain::{reading::Figure, severity::Severity, text::Text};

use super::{Picture, filter::Filter, model, states};
use crate::{
    derive::gpus::{Gpu, GpuState, shares::one_of},
    fleet::telemetry::{Device, STEP_SECONDS, STEPS, Series},
    record::gpu_name,
};

/// What cells are coloured by, with the ends of the scale.
struct Scale {
    colour: GpuColour,
    unit: FigureUnit,
    least: f64,
    most: f64,
}

/// When the map is of.
#[derive(Clone, Copy)]
pub(super) enum When<'a> {
    /// The present.
    Now,
    /// A moment of the last hour, which is held.
    Lately(Timestamp),
    /// An earlier one, with what is kept of it by the names of the GPUs' series, in the figure's unit.
    Kept(Timestamp, &'a HashMap<Text, f64>),
}

impl When<'_> {
    /// `seconds_ago` before `now`, or as far back as is held.
    pub(super) fn before(now: Timestamp, seconds_ago: u32) -> Self {
        if seconds_ago == 0 {
            return Self::Now;
        }
        let longest = u32::try_from(STEPS).unwrap_or(0).saturating_sub(1) * STEP_SECONDS;
        let ago = SignedDuration::from_secs(i64::from(seconds_ago.min(longest)));
        Self::Lately(now.checked_sub(ago).unwrap_or(now))
    }
}

pub(super) fn rows(
    picture: Picture<'_>,
    by: GpuGrouping,
    colour: GpuColour,
    when: When<'_>,
    filter: &str,
) -> Vec<KeyedRow> {
    let filter = Filter::read(filter);
    let is_now = matches!(when, When::Now);
    let scale = scale(picture, colour);
    let mut without_value = 0;
    let mut blocks: BTreeMap<(String, String), GpuBlockRow> = BTreeMap::new();
    let shown = || picture.gpus.iter().filter(|gpu| filter.lets(gpu));
    for gpu in shown() {
        let key = place(gpu, by);
        let block = blocks.entry(key.clone()).or_insert_with(|| GpuBlockRow {
            section: key.0,
            name: key.1,
            models: Vec::new(),
            mean: None,
            lines: Vec::new(),
        });
        let name = model(gpu);
        if !name.is_empty() && !block.models.contains(&name) {
            block.models.push(name);
        }
        let device = picture
            .telemetry
            .devices_on(&gpu.node)
            .and_then(|devices| devices.get(&gpu.index));
        let value = value(gpu, device, colour, when).map(|value| scale.share(value));
        without_value += u32::from(value.is_none());
        put(block, gpu, value, is_now);
    }
    let head = GpuMapRow {
        colour: scale.colour,
        unit: scale.unit,
        least: scale.least,
        most: scale.most,
        at: match when {
            When::Now => picture.now,
            When::Lately(at) | When::Kept(at, _) => at,
        }
        .to_string(),
        is_now,
        states: states(shown()),
        without_value,
        is_whole: picture.is_whole,
        exporters: picture.exporters.clone(),
    };
    let mut rows = vec![KeyedRow {
        id: "map".to_owned(),
        row: Row::GpuMap(head),
    }];
    rows.extend(blocks.into_values().map(|mut block| {
        block.mean = mean(&block);
        KeyedRow {
            id: format!("block:{}/{}", block.section, block.name),
            row: Row::GpuBlock(block),
        }
    }));
    rows
}

/// The section and the block that `gpu` stands in.
fn place(gpu: &Gpu, by: GpuGrouping) -> (String, String) {
    // What several hold who are not of one group stands apart: it is no group's alone.
    let of_holders = |pick: fn(&crate::derive::gpus::Holder) -> String| {
        let names = gpu.holders.iter().map(|holder| pick(holder));
        (String::new(), one_of(names))
    };
    match by {
        GpuGrouping::Rack => (gpu.zone.to_string(), gpu.rack.to_string()),
        GpuGrouping::Zone => (String::new(), gpu.zone.to_string()),
        GpuGrouping::Node => (gpu.zone.to_string(), gpu.node.to_string()),
        GpuGrouping::Model => (String::new(), model(gpu)),
        GpuGrouping::Queue => of_holders(|holder| holder.queue.to_string()),
        GpuGrouping::Namespace => of_holders(|holder| holder.pod.namespace.to_string()),
        GpuGrouping::Owner => of_holders(|holder| holder.owner.to_string()),
    }
}

/// Adds the cell of `gpu` to the line of its node. Who had it, and what was wrong with it, is known of
/// the present alone.
fn put(block: &mut GpuBlockRow, gpu: &Gpu, share: Option<f64>, is_now: bool) {
    let is_same = block
        .lines
        .last()
        .is_some_and(|line| *line.node == *gpu.node);
    if !is_same {
        block.lines.push(GpuLine {
            node: gpu.node.to_string(),
            cordoned: is_now && gpu.is_cordoned,
            indices: Vec::new(),
            values: Vec::new(),
            states: String::new(),
            severities: String::new(),
        });
    }
    let Some(line) = block.lines.last_mut() else {
        return;
    };
    line.indices.push(gpu.index);
    line.values.push(share.map_or(-1, thousandths));
    line.states.push(match gpu.state {
        _ if !is_now => '?',
        GpuState::Free => 'f',
        GpuState::Allocated => 'a',
        GpuState::IdleHeld => 'i',
        GpuState::Unhealthy => 'u',
        GpuState::Unknown => '?',
    });
    line.severities.push(match gpu.severity {
        _ if !is_now => '.',
        Severity::Critical => 'c',
        Severity::Warning => 'w',
        Severity::Notice => 'n',
        Severity::Ok | Severity::Paused | Severity::Unknown => '.',
    });
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share from 0 to 1 has at most a thousand thousandths"
)]
fn thousandths(share: f64) -> i16 {
    (share * 1000.0).round() as i16
}

fn mean(block: &GpuBlockRow) -> Option<f64> {
    let values = block.lines.iter().flat_map(|line| &line.values);
    let (count, sum) = values
        .filter(|value| **value >= 0)
        .fold((0_u32, 0.0), |(count, sum), value| {
            (count + 1, sum + f64::from(*value))
        });
    (count > 0).then(|| sum / f64::from(count) / 1000.0)
}

/// The figure that `colour` is a scale of; none for states.
pub(super) fn figure_of(colour: GpuColour) -> Option<Figure> {
    Some(match colour {
        GpuColour::SmActive => Figure::SmActive,
        GpuColour::EngineActive => Figure::EngineActive,
        GpuColour::Utilization => Figure::Utilization,
        GpuColour::AiCoreUtilization => Figure::AiCoreUtilization,
        GpuColour::MemoryUsed => Figure::MemoryUsed,
        GpuColour::Temperature => Figure::Temperature,
        GpuColour::Power => Figure::Power,
        GpuColour::SmOccupancy => Figure::SmOccupancy,
        GpuColour::TensorActive => Figure::TensorActive,
        GpuColour::DramActive => Figure::DramActive,
        GpuColour::MemoryTemperature => Figure::MemoryTemperature,
        GpuColour::SmClock => Figure::SmClock,
        GpuColour::PcieTx => Figure::PcieTx,
        GpuColour::PcieRx => Figure::PcieRx,
        GpuColour::NvlinkTx => Figure::NvlinkTx,
        GpuColour::NvlinkRx => Figure::NvlinkRx,
        GpuColour::EccCorrected => Figure::EccCorrected,
        GpuColour::EccUncorrected => Figure::EccUncorrected,
        GpuColour::State => return None,
    })
}

/// The value by which the cell of `gpu` is coloured.
fn value(gpu: &Gpu, device: Option<&Device>, colour: GpuColour, when: When<'_>) -> Option<f64> {
    let figure = figure_of(colour)?;
    match when {
        When::Now => match colour {
            GpuColour::MemoryUsed => gpu
                .memory
                .filter(|(_, total)| *total > 0.0)
                .map(|(used, total)| used / total),
            GpuColour::Temperature => gpu.temperature,
            GpuColour::Power => gpu.power,
            _ => device.filter(|_| !gpu.is_stale)?.value(figure),
        },
        When::Lately(then) => {
            let history = &device?.history;
            match colour {
                GpuColour::MemoryUsed => history.at(Series::Memory, then),
                GpuColour::Temperature => history.at(Series::Temperature, then),
                GpuColour::Power => history.at(Series::Power, then),
                // Another definition than the one that is kept is not what is asked for.
                _ if Some(figure) == history.activity_figure() => {
                    history.at(Series::Activity, then)
                }
                _ => None,
            }
        }
        When::Kept(_, values) => {
            let value = *values.get(&gpu_name(&gpu.uuid, &gpu.node, gpu.index))?;
            if colour != GpuColour::MemoryUsed {
                return Some(value);
            }
            // How much memory a device has does not change; what was used of it is kept in bytes.
            let total = device?.value(Figure::MemoryTotal)?;
            (total > 0.0).then(|| value / total)
        }
    }
}

/// The scale of `colour`. What has no end by its nature ends at the highest that is measured, rounded up.
fn scale(picture: Picture<'_>, colour: GpuColour) -> Scale {
    let (unit, least, most) = match colour {
        GpuColour::Temperature | GpuColour::MemoryTemperature => (FigureUnit::Celsius, 20.0, 100.0),
        GpuColour::Power => {
            let highest = picture.gpus.iter().filter_map(|gpu| gpu.power);
            let highest = highest.fold(0.0, f64::max);
            (
                FigureUnit::Watts,
                0.0,
                (highest / 100.0).ceil().max(1.0) * 100.0,
            )
        }
        GpuColour::SmClock => (FigureUnit::Megahertz, 0.0, end(picture, colour)),
        GpuColour::PcieTx | GpuColour::PcieRx | GpuColour::NvlinkTx | GpuColour::NvlinkRx => {
            (FigureUnit::BytesPerSecond, 0.0, end(picture, colour))
        }
        GpuColour::EccCorrected | GpuColour::EccUncorrected => {
            (FigureUnit::Count, 0.0, end(picture, colour))
        }
        GpuColour::State => (FigureUnit::Code, 0.0, 1.0),
        GpuColour::SmActive
        | GpuColour::EngineActive
        | GpuColour::Utilization
        | GpuColour::AiCoreUtilization
        | GpuColour::SmOccupancy
        | GpuColour::TensorActive
        | GpuColour::DramActive
        | GpuColour::MemoryUsed => (FigureUnit::Ratio, 0.0, 1.0),
    };
    Scale {
        colour,
        unit,
        least,
        most,
    }
}

/// The highest value of `colour` that any device tells, rounded up.
fn end(picture: Picture<'_>, colour: GpuColour) -> f64 {
    let values = picture.gpus.iter().filter_map(|gpu| {
        let device = picture.telemetry.devices_on(&gpu.node)?.get(&gpu.index);
        value(gpu, device, colour, When::Now)
    });
    rounded_up(values.fold(0.0, f64::max))
}

/// The next of 1, 2, 3, 4, 5, 6, 8, 10, 20 ... that is not below `value`.
fn rounded_up(value: f64) -> f64 {
    if value <= 1.0 {
        return 1.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0].map(|step| step * power);
    let next = steps.into_iter().find(|step| value <= *step);
    next.unwrap_or(value)
}

impl Scale {
    /// Where `value` lies between the ends, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        ((value - self.least) / (self.most - self.least)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number_that_no_value_passes() {
        let ends = [0.0, 1.0, 2.52, 1_980.0, 2_000.0, 8.8e10].map(rounded_up);
        let rounded = [1.0, 1.0, 3.0, 2_000.0, 2_000.0, 1e11];
        let are_close = ends
            .iter()
            .zip(rounded)
            .all(|(end, other)| (end - other).abs() <= other * 1e-9);
        assert!(are_close, "{ends:?}");
    }
}
