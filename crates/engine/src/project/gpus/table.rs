//! The table: filter, sort, window.

use std::cmp::Ordering;

use strata_api::{
    frames::KeyedRow,
    rows::Row,
    topics::{GpuColumn, GpuSort, Window},
};
use strata_domain::reading::Figure;

use super::{Picture, filter::Filter, id, row};
use crate::{derive::gpus::Gpu, project::Rows};

pub(super) fn rows(picture: Picture<'_>, filter: &str, sort: GpuSort, window: Window) -> Rows {
    let filter = Filter::read(filter);
    let mut shown: Vec<&Gpu> = picture.gpus.iter().filter(|gpu| filter.lets(gpu)).collect();
    shown.sort_by(|left, right| {
        order(left, right, sort)
            .then_with(|| left.node.cmp(&right.node))
            .then_with(|| left.index.cmp(&right.index))
    });
    let keyed = |gpu: &&Gpu| KeyedRow {
        id: id(gpu),
        row: Row::Gpu(Box::new(row(gpu))),
    };
    Rows {
        total: count(shown.len()),
        unfiltered: count(picture.gpus.len()),
        window: shown
            .iter()
            .skip(window.first as usize)
            .take(window.count.min(Window::MOST) as usize)
            .map(keyed)
            .collect(),
    }
}

/// Which of two comes first. What is not known comes last, whichever way the rest goes.
fn order(left: &Gpu, right: &Gpu, sort: GpuSort) -> Ordering {
    match sort.by {
        GpuColumn::Node => directed(left.node.cmp(&right.node), sort),
        GpuColumn::Model => text(&left.model, &right.model, sort),
        GpuColumn::State => directed(
            (left.severity, left.state).cmp(&(right.severity, right.state)),
            sort,
        ),
        // Definition by definition: how busy two GPUs are by different ones cannot be compared.
        GpuColumn::Activity => definition(left).cmp(&definition(right)).then_with(|| {
            number(
                left.activity.map(|(_, value)| value),
                right.activity.map(|(_, value)| value),
                sort,
            )
        }),
        GpuColumn::Memory => number(
            left.memory.map(|(used, _)| used),
            right.memory.map(|(used, _)| used),
            sort,
        ),
        GpuColumn::Temperature => number(left.temperature, right.temperature, sort),
        GpuColumn::Power => number(left.power, right.power, sort),
        GpuColumn::Xid => known(left.xid, right.xid, Ord::cmp, sort),
        GpuColumn::Holder => text(&held(left, Held::Pod), &held(right, Held::Pod), sort),
        GpuColumn::Workload => text(
            &held(left, Held::Workload),
            &held(right, Held::Workload),
            sort,
        ),
        GpuColumn::Queue => text(&held(left, Held::Queue), &held(right, Held::Queue), sort),
        // The longest idle first when descending: the earliest moment is the largest wait.
        GpuColumn::Idle => known(left.idle_since, right.idle_since, |l, r| r.cmp(l), sort),
        GpuColumn::Measured => known(left.measured_at, right.measured_at, Ord::cmp, sort),
    }
}

/// The place of the definition by which it is told how busy `gpu` is; the last where it is not.
fn definition(gpu: &Gpu) -> usize {
    let place = |(by, _): (Figure, f64)| Figure::ACTIVITY.iter().position(|figure| *figure == by);
    gpu.activity
        .and_then(place)
        .unwrap_or(Figure::ACTIVITY.len())
}

#[derive(Clone, Copy)]
enum Held {
    Pod,
    Workload,
    Queue,
}

fn held(gpu: &Gpu, what: Held) -> String {
    let Some(holder) = gpu.holders.first() else {
        return String::new();
    };
    match what {
        Held::Pod => holder.pod.to_string(),
        Held::Workload => holder.workload.to_string(),
        Held::Queue => holder.queue.to_string(),
    }
}

fn directed(order: Ordering, sort: GpuSort) -> Ordering {
    if sort.descending {
        order.reverse()
    } else {
        order
    }
}

fn number(left: Option<f64>, right: Option<f64>, sort: GpuSort) -> Ordering {
    known(left, right, f64::total_cmp, sort)
}

fn text(left: &str, right: &str, sort: GpuSort) -> Ordering {
    let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    known(told(left), told(right), Ord::cmp, sort)
}

fn known<T>(
    left: Option<T>,
    right: Option<T>,
    compare: impl Fn(&T, &T) -> Ordering,
    sort: GpuSort,
) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) => directed(compare(&left, &right), sort),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
