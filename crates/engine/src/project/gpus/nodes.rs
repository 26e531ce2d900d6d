//! Where the capacity goes, node by node: what is there, what may be given out, what pods hold and do
//! with it, what is left and why that is stranded. Devices, not units of resources: those are
//! [`offers`](super::offers).

use std::cmp::Ordering;

use hashbrown::HashMap;
use strata_api::{
    frames::KeyedRow,
    rows::{Row, gpu::GpuNodeCapacityRow},
    topics::{GpuNodeColumn, GpuNodeSort, Window},
};
use strata_domain::{reading::Figure, text::Text};

use super::{
    Picture,
    fit::{self, Left},
};
use crate::{
    derive::{
        accelerators::NodeAccelerators,
        gpus::shares::{Sum, common_figure},
        nodes::NodeState,
    },
    project::Rows,
};

pub(super) fn rows(picture: Picture<'_>, sort: GpuNodeSort, window: Window) -> Rows {
    let figure = common_figure(picture.gpus);
    let mut sums: HashMap<&Text, Sum> = HashMap::new();
    for gpu in picture.gpus.iter().filter(|gpu| gpu.is_held()) {
        sums.entry(&gpu.node).or_default().add(gpu, figure);
    }
    let mut all: Vec<GpuNodeCapacityRow> = picture
        .derived
        .accelerators
        .nodes()
        .filter_map(|(name, known)| {
            let state = picture.derived.nodes.get(name)?;
            let sum = sums.get(name).copied().unwrap_or_default();
            Some(row(picture, name, known, state, sum, figure))
        })
        .collect();
    all.sort_by(|left, right| order(left, right, sort).then_with(|| left.node.cmp(&right.node)));
    let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
    Rows {
        total,
        unfiltered: total,
        window: all
            .into_iter()
            .skip(window.first as usize)
            .take(window.count.min(Window::MOST) as usize)
            .map(|row| KeyedRow {
                id: row.node.clone(),
                row: Row::GpuNodeCapacity(row),
            })
            .collect(),
    }
}

fn row(
    picture: Picture<'_>,
    name: &Text,
    known: &NodeAccelerators,
    state: &NodeState,
    sum: Sum,
    figure: Option<Figure>,
) -> GpuNodeCapacityRow {
    let is_measured = sum.held > sum.not_measured;
    // What is shared is never free or taken as a whole.
    let left = (!known.shared).then(|| fit::left_on(picture, name, known, state));
    let Left {
        free,
        stranded,
        reason,
        ..
    } = left.unwrap_or_default();
    GpuNodeCapacityRow {
        node: name.to_string(),
        model: if known.is_model_told {
            known.model.to_string()
        } else {
            String::new()
        },
        capacity: known.total,
        allocatable: known.total.saturating_sub(known.unhealthy),
        requested: known.allocated,
        used: sum.used,
        used_figure: figure.filter(|_| is_measured).map(Into::into),
        not_measured: sum.not_measured,
        free,
        stranded,
        reason,
        shared: known.shared,
    }
}

/// Which of two comes first. What is not known comes last, whichever way the rest goes.
fn order(left: &GpuNodeCapacityRow, right: &GpuNodeCapacityRow, sort: GpuNodeSort) -> Ordering {
    let number = |pick: fn(&GpuNodeCapacityRow) -> u32| pick(left).cmp(&pick(right));
    let order = match sort.by {
        GpuNodeColumn::Node => left.node.cmp(&right.node),
        GpuNodeColumn::Model => left.model.cmp(&right.model),
        GpuNodeColumn::Capacity => number(|row| row.capacity),
        GpuNodeColumn::Allocatable => number(|row| row.allocatable),
        GpuNodeColumn::Requested => number(|row| row.requested),
        GpuNodeColumn::Used => {
            return match (left.used_figure, right.used_figure) {
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                _ => directed(left.used.total_cmp(&right.used), sort),
            };
        }
        GpuNodeColumn::Free => number(|row| row.free),
        GpuNodeColumn::Unhealthy => number(|row| row.capacity - row.allocatable),
        GpuNodeColumn::Stranded => number(|row| row.stranded),
    };
    directed(order, sort)
}

fn directed(order: Ordering, sort: GpuNodeSort) -> Ordering {
    if sort.descending {
        order.reverse()
    } else {
        order
    }
}

#[cfg(test)]
mod tests {
    use strata_api::rows::gpu::GpuExporters;
    use strata_test_support::objects::{node, pod};

    use super::*;
    use crate::{
        derive::{
            fixture::{catalog, cluster, derived, now},
            gpus::Gpus,
        },
        fleet::telemetry::Telemetry,
    };

    #[test]
    fn a_node_tells_what_it_has_what_is_held_and_what_is_stranded() {
        let cluster = cluster(vec![
            node("n1").resource("nvidia.com/gpu", 8, 7).object(),
            node("n2").resource("nvidia.com/gpu", 8, 8).object(),
            node("n3").object(),
            pod("llm", "server").on("n1").gpus(4).object(),
        ]);
        let derived = derived(&cluster, &catalog());
        let telemetry = Telemetry::default();
        let picture = Picture {
            cluster: &cluster,
            derived: &derived,
            gpus: &Gpus::join(&cluster, &derived, &telemetry, now()),
            telemetry: &telemetry,
            exporters: &GpuExporters::default(),
            is_whole: true,
            now: now(),
        };
        let told = |by, descending, count| {
            let window = Window { first: 0, count };
            let rows = rows(picture, GpuNodeSort { by, descending }, window);
            assert_eq!(rows.total, 2, "a node without accelerators has no row");
            let row = |keyed: KeyedRow| match keyed.row {
                Row::GpuNodeCapacity(row) => row,
                other => panic!("no node: {other:?}"),
            };
            rows.window.into_iter().map(row).collect::<Vec<_>>()
        };
        let all = told(GpuNodeColumn::Node, false, 10);
        let first = &all[0];
        assert_eq!(
            [
                first.capacity,
                first.allocatable,
                first.requested,
                first.free,
                first.stranded
            ],
            [8, 7, 4, 3, 3]
        );
        assert!(first.reason.is_some());
        // Nobody measures: how much is used is not known, and not 0.
        assert_eq!((first.used_figure, first.not_measured), (None, 4));
        assert_eq!(
            (all[1].free, all[1].stranded, &all[1].reason),
            (8, 0, &None)
        );
        let freest = told(GpuNodeColumn::Free, true, 1);
        assert_eq!(freest.len(), 1);
        assert_eq!(freest[0].node, "n2");
    }
}
