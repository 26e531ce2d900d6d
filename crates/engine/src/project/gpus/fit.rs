//! What fits on the free GPUs now: the largest pod, how many pods of each usual size, and which free
//! GPUs are stranded, where and why.
//!
//! Free is what a scheduler could give out as a whole device: healthy, held by nobody, not cut into
//! parts, on a node that is ready, not cordoned, and without a taint of its own. The taint with which
//! nodes of accelerators keep other pods away is tolerated by those that ask for accelerators. A node of
//! which GPUs are free but next to no CPU or memory cannot take their usual share of the work: that is a
//! quarter of an even split of the node over its GPUs.

use std::collections::BTreeMap;

use strata_api::{
    frames::KeyedRow,
    phrases::{Phrase, PhraseCode, PhraseValue},
    rows::{
        Row,
        gpu::{GpuFitRow, GpuGang, GpuStranded},
    },
};
use strata_domain::{accelerator::classify, node::Taint, text::Text};

use super::Picture;
use crate::derive::{accelerators::NodeAccelerators, nodes::NodeState};

/// The sizes that pods of GPUs usually have.
const SIZES: [u32; 4] = [1, 2, 4, 8];

/// What of an even share must be left for a GPU to be of use.
const LEAST_SHARE: f64 = 0.25;

pub(super) fn rows(picture: Picture<'_>) -> Vec<KeyedRow> {
    let mut models: BTreeMap<&Text, GpuFitRow> = BTreeMap::new();
    let mut nodes: Vec<_> = picture
        .derived
        .accelerators
        .nodes()
        .filter(|(_, known)| !known.shared)
        .filter_map(|(name, known)| Some((name, known, picture.derived.nodes.get(name)?)))
        .collect();
    nodes.sort_by_key(|(name, ..)| *name);
    for (name, known, state) in nodes {
        let fit = models.entry(&known.model).or_insert_with(|| GpuFitRow {
            model: if known.is_model_told {
                known.model.to_string()
            } else {
                String::new()
            },
            free: 0,
            largest_pod: 0,
            gangs: SIZES
                .iter()
                .map(|size| GpuGang {
                    gpus_each: *size,
                    pods: 0,
                })
                .collect(),
            stranded: Vec::new(),
        });
        let left = left_on(picture, name, known, state);
        fit.free += left.given_out;
        fit.largest_pod = fit.largest_pod.max(left.given_out);
        for gang in &mut fit.gangs {
            gang.pods += left.given_out / gang.gpus_each;
        }
        if let Some(reason) = left.reason {
            fit.stranded.push(GpuStranded {
                node: name.to_string(),
                free: left.stranded,
                reason,
            });
        }
    }
    models
        .into_iter()
        .map(|(model, fit)| KeyedRow {
            id: format!("fit:{model}"),
            row: Row::GpuFit(fit),
        })
        .collect()
}

/// The GPUs of a node that nobody holds.
#[derive(Default)]
pub(super) struct Left {
    /// How many of them are healthy.
    pub(super) free: u32,
    /// Of those, the ones that a pod could be given now, each as a whole.
    given_out: u32,
    /// Of those free, the ones that no pod can have, or that are less than a node.
    pub(super) stranded: u32,
    /// Why they are stranded; `None` where none is.
    pub(super) reason: Option<Phrase>,
}

/// What is left of the node `name`.
pub(super) fn left_on(
    picture: Picture<'_>,
    name: &str,
    known: &NodeAccelerators,
    state: &NodeState,
) -> Left {
    let free = known
        .total
        .saturating_sub(known.allocated)
        .saturating_sub(known.unhealthy);
    if free == 0 {
        return Left::default();
    }
    if let Some(reason) = withheld(picture, name, known, state, free) {
        return Left {
            free,
            given_out: 0,
            stranded: free,
            reason: Some(reason),
        };
    }
    let given_out = free.min(whole_devices(picture, name, known));
    let parted = free - given_out;
    if parted > 0 {
        let reason = Phrase::new(PhraseCode::StrandedParted).with("free", parted);
        return Left {
            free,
            given_out,
            stranded: parted,
            reason: Some(reason),
        };
    }
    let partial = (free < known.total).then(|| {
        Phrase::new(PhraseCode::StrandedPartial)
            .with("free", free)
            .with("total", known.total)
    });
    Left {
        free,
        given_out,
        stranded: if partial.is_some() { free } else { 0 },
        reason: partial,
    }
}

/// How many devices the node could still give out whole: all, unless some are cut into parts.
fn whole_devices(picture: Picture<'_>, name: &str, known: &NodeAccelerators) -> u32 {
    if !known.offered().any(|offered| offered.is_partition) {
        return u32::MAX;
    }
    let whole = known.offered().filter(|offered| !offered.is_partition);
    let left = whole.map(|offered| {
        let pods = picture.cluster.pods_on(name);
        let asked: u64 = pods
            .filter(|pod| pod.holds_resources())
            .filter_map(|pod| pod.requests.extended(offered.resource))
            .sum();
        offered.allocatable.saturating_sub(asked)
    });
    u32::try_from(left.sum::<u64>()).unwrap_or(u32::MAX)
}

/// Why no free GPU of the node can be given out, if that is so.
fn withheld(
    picture: Picture<'_>,
    name: &str,
    known: &NodeAccelerators,
    state: &NodeState,
    free: u32,
) -> Option<Phrase> {
    if !state.is_ready {
        return Some(Phrase::new(PhraseCode::StrandedNotReady));
    }
    if state.is_cordoned {
        return Some(Phrase::new(PhraseCode::StrandedCordoned));
    }
    let node = picture.cluster.node(name)?;
    if let Some(taint) = node.taints.iter().find(|taint| keeps_away(taint)) {
        let said = if taint.value.is_empty() {
            format!("{}:{}", taint.key, taint.effect)
        } else {
            format!("{}={}:{}", taint.key, taint.value, taint.effect)
        };
        return Some(Phrase::new(PhraseCode::StrandedTainted).with("taint", said));
    }
    let (mut cores, mut memory) = (0_u64, 0_u64);
    for pod in picture
        .cluster
        .pods_on(name)
        .filter(|pod| pod.holds_resources())
    {
        cores += pod.requests.cpu_millicores;
        memory += pod.requests.memory_bytes;
    }
    let left_cores = node.allocatable.cpu_millicores.saturating_sub(cores);
    let left_memory = node.allocatable.memory_bytes.saturating_sub(memory);
    let least =
        |whole: u64| number(whole) / f64::from(known.total.max(1)) * LEAST_SHARE * f64::from(free);
    if number(left_cores) < least(node.allocatable.cpu_millicores) {
        return Some(Phrase::new(PhraseCode::StrandedCpu).with(
            "cores",
            PhraseValue::Number((number(left_cores) / 1000.0).floor()),
        ));
    }
    if number(left_memory) < least(node.allocatable.memory_bytes) {
        return Some(
            Phrase::new(PhraseCode::StrandedMemory)
                .with("memory", PhraseValue::Bytes(number(left_memory))),
        );
    }
    None
}

/// Whether pods that ask for accelerators are kept away too.
fn keeps_away(taint: &Taint) -> bool {
    matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute") && classify(&taint.key).is_none()
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn number(amount: u64) -> f64 {
    amount as f64
}

#[cfg(test)]
mod tests;
