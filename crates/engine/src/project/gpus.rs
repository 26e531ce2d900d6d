//! GPUs: the map of all of them in compact cells, the table, one in detail, and where the capacity
//! goes.

use jiff::Timestamp;
use strata_api::{
    rows::{
        Row,
        gpu::{
            GpuBlockRow, GpuCapacityRow, GpuColour, GpuExporters, GpuHolder, GpuMapRow, GpuRow,
            GpuShareRow, GpuState as StateOnWire, GpuStates,
        },
    },
    topics::{GpuGrouping, Topic},
};
use strata_domain::reading::Figure;
use strata_ports::error::PortErrorKind;

use super::Rows;
use crate::{
    derive::{
        Derived,
        gpus::{Gpu, GpuState, Gpus, shares::model},
    },
    fleet::{cluster::Cluster, telemetry::Telemetry},
    inbox::MapTime,
};

mod capacity;
mod claims;
mod detail;
mod devices;
mod filter;
mod fit;
mod map;
mod nodes;
mod offers;
mod table;

/// What rows of GPUs are made of.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// What was heard of the cluster.
    pub cluster: &'a Cluster,
    /// What follows from it.
    pub derived: &'a Derived,
    /// The GPUs.
    pub gpus: &'a Gpus,
    /// What exporters told.
    pub telemetry: &'a Telemetry,
    /// How the exporters did when the GPUs were joined.
    pub exporters: &'a GpuExporters,
    /// Whether every list had come by then.
    pub is_whole: bool,
    /// Now.
    pub now: Timestamp,
}

/// The rows of `topic`; none where it is not about GPUs.
pub fn rows(picture: Picture<'_>, topic: &Topic) -> Rows {
    match topic {
        Topic::GpuMap {
            by,
            colour,
            seconds_ago,
            filter,
            ..
        } => {
            let when = map::When::before(picture.now, *seconds_ago);
            Rows::all(map::rows(picture, *by, *colour, when, filter))
        }
        Topic::Gpus {
            filter,
            sort,
            window,
            ..
        } => table::rows(picture, filter, *sort, *window),
        Topic::Gpu { node, index, .. } => Rows::all(detail::rows(picture, node, *index)),
        Topic::GpuCapacity { .. } => Rows::all(capacity::rows(picture)),
        Topic::DeviceClaims { window, .. } => claims::rows(picture, *window),
        Topic::GpuNodes { sort, window, .. } => nodes::rows(picture, *sort, *window),
        _ => Rows::default(),
    }
}

/// The map of a moment.
pub(crate) fn map_of_moment(
    picture: Picture<'_>,
    by: GpuGrouping,
    colour: GpuColour,
    filter: &str,
    when: &MapTime,
) -> (Option<GpuMapRow>, Vec<GpuBlockRow>) {
    let when = match when {
        MapTime::Held(seconds_ago) => map::When::before(picture.now, *seconds_ago),
        MapTime::Kept { at, values } => map::When::Kept(*at, values),
    };
    let (mut head, mut blocks) = (None, Vec::new());
    for keyed in map::rows(picture, by, colour, when, filter) {
        match keyed.row {
            Row::GpuMap(row) => head = Some(row),
            Row::GpuBlock(block) => blocks.push(block),
            _ => {}
        }
    }
    (head, blocks)
}

/// Where the capacity goes, as a whole and by parts.
pub(crate) fn capacity_of(picture: Picture<'_>) -> (Option<GpuCapacityRow>, Vec<GpuShareRow>) {
    let (mut whole, mut shares) = (None, Vec::new());
    for keyed in capacity::rows(picture) {
        match keyed.row {
            Row::GpuCapacity(row) => whole = Some(row),
            Row::GpuShare(share) => shares.push(share),
            _ => {}
        }
    }
    (whole, shares)
}

/// The figure that `colour` is a scale of; none for states.
pub(crate) fn figure_of(colour: GpuColour) -> Option<Figure> {
    map::figure_of(colour)
}

/// How many GPUs are in which state.
fn states<'a>(gpus: impl Iterator<Item = &'a Gpu>) -> GpuStates {
    let mut states = GpuStates::default();
    for gpu in gpus {
        states.total += 1;
        let state = match gpu.state {
            GpuState::Free => &mut states.free,
            GpuState::Allocated => &mut states.allocated,
            GpuState::IdleHeld => &mut states.idle_held,
            GpuState::Unhealthy => &mut states.unhealthy,
            GpuState::Unknown => &mut states.unknown,
        };
        *state += 1;
    }
    states
}

/// How the exporters of GPUs do at `now`.
pub(crate) fn exporters(telemetry: &Telemetry, now: Timestamp) -> GpuExporters {
    let mut told = GpuExporters::default();
    let of_devices = telemetry.exporters().filter(|(_, state)| state.is_of_gpus);
    for (pod, state) in of_devices {
        told.asked += 1;
        match (&state.told_at, &state.failure) {
            (Some(_), None) => told.live += 1,
            (Some(_), Some(_)) => told.stale += 1,
            (None, Some(_)) => told.failed += 1,
            (None, None) => {}
        }
        if let Some(failure) = &state.failure {
            if failure.kind == PortErrorKind::Forbidden && told.forbidden.is_empty() {
                told.forbidden.clone_from(&failure.message);
            } else if told.failure.is_empty() {
                told.failure = format!("{}/{}: {}", pod.namespace, pod.name, failure.message);
            }
        }
    }
    told.rejected = telemetry.rejected();
    (told.bytes_per_minute, told.seconds_per_minute) = telemetry.spent_in_a_minute(now);
    told
}

/// A GPU as its row shows it.
pub(super) fn row(gpu: &Gpu) -> GpuRow {
    let is_held = gpu.is_held();
    let worst = gpu
        .faults
        .iter()
        .max_by_key(|fault| fault.severity(is_held));
    GpuRow {
        node: gpu.node.to_string(),
        index: gpu.index,
        uuid: gpu.uuid.to_string(),
        model: model(gpu),
        zone: gpu.zone.to_string(),
        rack: gpu.rack.to_string(),
        state: state(gpu.state),
        severity: gpu.severity.into(),
        reason: worst.map(crate::derive::gpus::Fault::title),
        holders: gpu.holders.iter().map(|holder| held_by(holder)).collect(),
        is_by_count: gpu.is_by_count,
        shared: gpu.is_shared,
        activity: gpu.activity.map(|(_, value)| value),
        activity_figure: gpu.activity.map(|(figure, _)| figure.into()),
        memory_used: gpu.memory.map(|(used, _)| used),
        memory_total: gpu.memory.map(|(_, total)| total),
        temperature: gpu.temperature,
        power: gpu.power,
        xid: gpu.xid,
        idle_since: gpu.idle_since.map(|since| since.to_string()),
        measured_at: gpu.measured_at.map(|at| at.to_string()),
        is_stale: gpu.is_stale,
    }
}

fn held_by(holder: &crate::derive::gpus::Holder) -> GpuHolder {
    GpuHolder {
        namespace: holder.pod.namespace.to_string(),
        pod: holder.pod.name.to_string(),
        container: holder.container.to_string(),
        instance: holder.instance.to_string(),
        workload_group: holder.workload_group.to_string(),
        workload_kind: holder.workload_kind.to_string(),
        workload: holder.workload.to_string(),
        queue: holder.queue.to_string(),
        owner: holder.owner.to_string(),
    }
}

fn state(state: GpuState) -> StateOnWire {
    match state {
        GpuState::Free => StateOnWire::Free,
        GpuState::Allocated => StateOnWire::Allocated,
        GpuState::IdleHeld => StateOnWire::IdleHeld,
        GpuState::Unhealthy => StateOnWire::Unhealthy,
        GpuState::Unknown => StateOnWire::Unknown,
    }
}

/// A GPU's id in every topic.
fn id(gpu: &Gpu) -> String {
    format!("{}/{}", gpu.node, gpu.index)
}
