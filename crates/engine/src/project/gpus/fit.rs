//! What fits on the free GPUs now: the largest pod, how many pods of each usual size, and which free
//! GPUs are stranded, where and why.
//!
//! Free is what a scheduler could give out: healthy, held by nobody, on a node that is ready and not
//! cordoned. A node of which GPUs are free but next to no CPU or memory cannot take their usual
//! share of the work: that is a quarter of an even split of the node over its GPUs.

use std::collections::BTreeMap;

use strata_api::{
    frames::KeyedRow,
    phrases::{Phrase, PhraseCode, PhraseValue},
    rows::{
        Row,
        gpu::{GpuFitRow, GpuGang, GpuStranded},
    },
};
use strata_domain::text::Text;

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
        let free = left.free;
        if free > 0 && !left.is_withheld {
            fit.free += free;
            fit.largest_pod = fit.largest_pod.max(free);
            for gang in &mut fit.gangs {
                gang.pods += free / gang.gpus_each;
            }
        }
        if let Some(reason) = left.reason {
            fit.stranded.push(GpuStranded {
                node: name.to_string(),
                free,
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
pub(super) struct Left {
    /// How many of them are healthy.
    pub(super) free: u32,
    /// Whether none of these can be given out.
    pub(super) is_withheld: bool,
    /// Why they are stranded: that none can be given out, or that they are less than a node; `None` where
    /// there are none or all.
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
        return Left {
            free,
            is_withheld: false,
            reason: None,
        };
    }
    let withheld = withheld(picture, name, known, state, free);
    let is_withheld = withheld.is_some();
    let partial = (free < known.total).then(|| {
        Phrase::new(PhraseCode::StrandedPartial)
            .with("free", free)
            .with("total", known.total)
    });
    Left {
        free,
        is_withheld,
        reason: withheld.or(partial),
    }
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

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn number(amount: u64) -> f64 {
    amount as f64
}
