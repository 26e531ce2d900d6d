//! Where the capacity goes: what is held beside what is used, by model, namespace, queue, workload
//! and owner; and what fits on what is free.
//!
//! "Used" adds up how busy the held GPUs are, by one definition: the one that most of them tell.
//! Those that tell another, and those that several use at once, are counted as not measured; they are
//! in no sum.

use std::collections::BTreeMap;

use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        gpu::{GpuCapacityRow, GpuModelShare, GpuShareOf, GpuShareRow},
    },
};
use strata_domain::reading::Figure;

use super::{Picture, fit, model, states};
use crate::derive::gpus::{Gpu, GpuState, Holder};

/// A share names at most so many workloads; the rest is in the sums of namespaces.
const MOST_SHARES: usize = 200;

pub(super) fn rows(picture: Picture<'_>) -> Vec<KeyedRow> {
    let figure = common_figure(picture);
    let mut whole = Sum::default();
    let mut shares: BTreeMap<(GpuShareKey, String, String), Share> = BTreeMap::new();
    for gpu in picture.gpus.iter() {
        let name = model(gpu);
        let of_model = shares
            .entry((GpuShareKey::Model, name.clone(), String::new()))
            .or_default();
        of_model.total += 1;
        if !gpu.is_held() {
            continue;
        }
        whole.add(gpu, figure);
        of_model.add(gpu, &name, figure);
        let first = gpu.holders.first().map(AsRef::as_ref);
        for (key, part, kind) in parts(first) {
            let share = shares.entry((key, part, kind)).or_default();
            share.add(gpu, &name, figure);
        }
    }
    let mut rows = vec![KeyedRow {
        id: "capacity".to_owned(),
        row: Row::GpuCapacity(GpuCapacityRow {
            states: states(picture.gpus.iter()),
            used: whole.used,
            used_figure: figure.map(Into::into),
            not_measured: whole.not_measured,
        }),
    }];
    let mut sorted: Vec<_> = shares.into_iter().collect();
    sorted.sort_by(|(left_key, left), (right_key, right)| {
        left_key
            .0
            .cmp(&right_key.0)
            .then(right.sum.held.cmp(&left.sum.held))
            .then_with(|| left_key.cmp(right_key))
    });
    let workloads = |key: GpuShareKey| key == GpuShareKey::Workload;
    let mut so_far = 0;
    for ((key, name, kind), share) in sorted {
        if workloads(key) {
            so_far += 1;
            if so_far > MOST_SHARES {
                continue;
            }
        }
        rows.push(row(key, name, kind, share));
    }
    rows.extend(fit::rows(picture));
    rows
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum GpuShareKey {
    Model,
    Namespace,
    Queue,
    Workload,
    Owner,
}

/// The parts that a held GPU belongs to: kind of part, name, kind of workload.
fn parts(holder: Option<&Holder>) -> Vec<(GpuShareKey, String, String)> {
    let text = |pick: fn(&Holder) -> String| holder.map(pick).unwrap_or_default();
    let workload = text(|holder| format!("{}/{}", holder.pod.namespace, holder.workload));
    vec![
        (
            GpuShareKey::Namespace,
            text(|holder| holder.pod.namespace.to_string()),
            String::new(),
        ),
        (
            GpuShareKey::Queue,
            text(|holder| holder.queue.to_string()),
            String::new(),
        ),
        (
            GpuShareKey::Workload,
            workload,
            text(|holder| holder.workload_kind.to_string()),
        ),
        (
            GpuShareKey::Owner,
            text(|holder| holder.owner.to_string()),
            String::new(),
        ),
    ]
}

#[derive(Clone, Copy, Default)]
struct Sum {
    held: u32,
    used: f64,
    idle_held: u32,
    not_measured: u32,
}

impl Sum {
    fn add(&mut self, gpu: &Gpu, figure: Option<Figure>) {
        self.held += 1;
        self.idle_held += u32::from(gpu.state == GpuState::IdleHeld);
        let told = gpu
            .activity
            .filter(|(by, _)| Some(*by) == figure && !gpu.is_shared);
        match told {
            Some((_, busy)) => self.used += busy,
            None => self.not_measured += 1,
        }
    }
}

#[derive(Default)]
struct Share {
    total: u32,
    sum: Sum,
    by_model: BTreeMap<String, Sum>,
}

impl Share {
    fn add(&mut self, gpu: &Gpu, model: &str, figure: Option<Figure>) {
        self.sum.add(gpu, figure);
        self.by_model
            .entry(model.to_owned())
            .or_default()
            .add(gpu, figure);
    }
}

fn row(key: GpuShareKey, name: String, kind: String, share: Share) -> KeyedRow {
    let by = match key {
        GpuShareKey::Model => GpuShareOf::Model,
        GpuShareKey::Namespace => GpuShareOf::Namespace,
        GpuShareKey::Queue => GpuShareOf::Queue,
        GpuShareKey::Workload => GpuShareOf::Workload,
        GpuShareKey::Owner => GpuShareOf::Owner,
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
            total: (key == GpuShareKey::Model).then_some(share.total),
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

/// The definition of activity that most GPUs tell.
fn common_figure(picture: Picture<'_>) -> Option<Figure> {
    let mut counts: BTreeMap<Figure, usize> = BTreeMap::new();
    for (figure, _) in picture.gpus.iter().filter_map(|gpu| gpu.activity) {
        *counts.entry(figure).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(figure, _)| figure)
}
