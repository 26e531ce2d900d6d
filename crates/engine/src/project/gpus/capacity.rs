//! Where the capacity goes: what is held beside what is used, by model, namespace, queue, workload
//! and owner; and what fits on what is free.

use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        gpu::{GpuCapacityRow, GpuModelShare, GpuShareOf, GpuShareRow, GpusByFigure},
    },
};

use super::{Picture, devices, fit, offers, states};
use crate::derive::gpus::shares::{Part, Share, Shares};

/// At most so many workloads are told; the rest is in the sums of namespaces.
const MOST_SHARES: usize = 200;

pub(super) fn rows(picture: Picture<'_>) -> Vec<KeyedRow> {
    let shares = Shares::of(picture.gpus);
    let mut rows = vec![KeyedRow {
        id: "capacity".to_owned(),
        row: Row::GpuCapacity(GpuCapacityRow {
            states: states(picture.gpus.iter()),
            used: shares.whole.used,
            used_figure: shares.figure.map(Into::into),
            not_measured: shares.whole.not_measured,
            otherwise: shares
                .otherwise
                .iter()
                .map(|(figure, gpus)| GpusByFigure {
                    figure: (*figure).into(),
                    gpus: *gpus,
                })
                .collect(),
        }),
    }];
    let mut sorted: Vec<_> = shares.parts.into_iter().collect();
    sorted.sort_by(|(left_part, left), (right_part, right)| {
        order(left_part)
            .cmp(&order(right_part))
            .then(right.sum.held.cmp(&left.sum.held))
            .then_with(|| left_part.cmp(right_part))
    });
    let mut so_far = 0;
    for (part, share) in sorted {
        if matches!(part, Part::Workload { .. }) {
            so_far += 1;
            if so_far > MOST_SHARES {
                continue;
            }
        }
        rows.push(row(part, share));
    }
    rows.extend(fit::rows(picture));
    rows.extend(offers::rows(picture));
    rows.extend(devices::rows(picture));
    rows
}

/// In which order the kinds of parts stand.
fn order(part: &Part) -> u8 {
    match part {
        Part::Model(_) => 0,
        Part::Namespace(_) => 1,
        Part::Queue(_) => 2,
        Part::Workload { .. } => 3,
        Part::Owner(_) => 4,
    }
}

fn row(part: Part, share: Share) -> KeyedRow {
    let total = matches!(part, Part::Model(_)).then_some(share.total);
    let (by, name, kind) = match part {
        Part::Model(name) => (GpuShareOf::Model, name, String::new()),
        Part::Namespace(name) => (GpuShareOf::Namespace, name, String::new()),
        Part::Queue(name) => (GpuShareOf::Queue, name, String::new()),
        Part::Workload { name, kind } => (GpuShareOf::Workload, name, kind),
        Part::Owner(name) => (GpuShareOf::Owner, name, String::new()),
    };
    KeyedRow {
        id: format!("share:{by:?}:{kind}:{name}"),
        row: Row::GpuShare(GpuShareRow {
            by,
            name,
            kind,
            held: share.sum.held,
            used: share.sum.used,
            idle_held: share.sum.idle_held,
            not_measured: share.sum.not_measured,
            total,
            by_model: share
                .by_model
                .into_iter()
                .map(|(model, sum)| GpuModelShare {
                    model,
                    held: sum.held,
                    used: sum.used,
                    not_measured: sum.not_measured,
                })
                .collect(),
        }),
    }
}
