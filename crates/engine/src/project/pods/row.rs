//! A pod as its row shows it.

use strata_api::{
    frames::KeyedRow,
    rows::{Ready, Row, pod::PodRow},
};

use super::Picture;
use crate::{
    derive::pods::{PodFault, judge},
    fleet::table::Slot,
};

/// The row of the pod in `slot`.
pub(super) fn of(picture: Picture<'_>, slot: Slot) -> Option<KeyedRow> {
    let Picture {
        cluster,
        derived,
        now,
        ..
    } = picture;
    let pod = cluster.pod_table().at(slot)?;
    let node = if pod.node.is_empty() {
        None
    } else {
        cluster.node(&pod.node)
    };
    let health = judge(pod, node, now);
    let gpus = derived.accelerators.asked_by(std::iter::once(pod));
    let on_node = if gpus > 0 {
        derived.accelerators.of(&pod.node)
    } else {
        None
    };
    let told = on_node.filter(|accelerators| accelerators.is_model_told);
    let containers = || pod.containers.iter().filter(|container| !container.init);
    Some(KeyedRow {
        id: pod.metadata.uid.0.to_string(),
        row: Row::Pod(PodRow {
            namespace: pod.metadata.key.namespace.to_string(),
            name: pod.metadata.key.name.to_string(),
            node: pod.node.to_string(),
            gpus,
            gpu_model: told.map(|told| told.model.to_string()).unwrap_or_default(),
            status: health.status.to_owned(),
            ready: Ready {
                ready: count(containers().filter(|container| container.ready).count()),
                desired: count(containers().count()),
            },
            restarts: pod.restarts(),
            severity: health.severity.into(),
            reason: health.fault.as_ref().map(PodFault::phrase),
            created_at: pod.metadata.created.map(|at| at.to_string()),
        }),
    })
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
