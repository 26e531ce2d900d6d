//! Every GPU of a cluster: what it does, who holds it, what is wrong with it.
//!
//! Three sources are joined here, none of which knows all. Nodes tell how many devices there are and
//! how many may be given out; pods tell how many they ask for, claims which they were given;
//! exporters tell of each device how it does and, mostly, which pod has it. Where neither says who has
//! which, the devices are counted: pods are laid on the first devices that are left, and marked so.

use std::sync::Arc;

use hashbrown::HashMap;
use jiff::Timestamp;
use strata_domain::{reading::Figure, severity::Severity, text::Text};

use super::Derived;
use crate::fleet::{cluster::Cluster, telemetry::Telemetry};

pub(crate) mod claims;
pub mod fault;
mod holder;
mod on_node;
pub mod shares;
pub(crate) mod xid;

use claims::Claimed;
pub use fault::Fault;
pub use holder::Holder;
pub use on_node::IDLE_SPAN;
use on_node::OnNode;

/// What a GPU does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GpuState {
    /// Nobody holds it, and it may be given out.
    Free,
    /// A pod holds it.
    Allocated,
    /// A pod holds it and its memory, and nothing has run on it for [`IDLE_SPAN`].
    IdleHeld,
    /// It may not be given out, or it reports a fault that ends work on it.
    Unhealthy,
    /// Its node does not answer.
    Unknown,
}

/// A GPU.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that hold or not by themselves"
)]
pub struct Gpu {
    /// Its node.
    pub node: Text,
    /// Its number there.
    pub index: u32,
    /// Its own name; empty where no exporter tells it.
    pub uuid: Text,
    /// The model.
    pub model: Text,
    /// Whether the model is told, and not only its maker.
    pub is_model_told: bool,
    /// The node's zone and rack; may be empty.
    pub zone: Text,
    /// The node's rack; may be empty.
    pub rack: Text,
    /// Whether the node takes no new pods.
    pub is_cordoned: bool,
    /// What it does.
    pub state: GpuState,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong with it, the worst first.
    pub faults: Vec<Fault>,
    /// Who holds it.
    pub holders: Vec<Arc<Holder>>,
    /// Whether that is counted, since nobody tells which device a pod has.
    pub is_by_count: bool,
    /// Whether several use it at once without parting it.
    pub is_shared: bool,
    /// How busy it is, and by which definition.
    pub activity: Option<(Figure, f64)>,
    /// Memory used and in all, in bytes.
    pub memory: Option<(f64, f64)>,
    /// The chip's temperature in °C.
    pub temperature: Option<f64>,
    /// Power in watts.
    pub power: Option<f64>,
    /// The last XID; none for 0.
    pub xid: Option<u32>,
    /// Since when nothing has run on it, where it is held.
    pub idle_since: Option<Timestamp>,
    /// When it was last measured.
    pub measured_at: Option<Timestamp>,
    /// Whether that is too long ago.
    pub is_stale: bool,
}

impl Gpu {
    /// Whether a pod holds it, whatever state it is in.
    pub fn is_held(&self) -> bool {
        !self.holders.is_empty() || matches!(self.state, GpuState::Allocated | GpuState::IdleHeld)
    }
}

/// The GPUs of a cluster, by zone, rack, node and number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gpus {
    gpus: Vec<Gpu>,
    /// Where the GPUs of a node begin, and how many they are.
    nodes: HashMap<Text, (usize, usize)>,
}

impl Gpus {
    /// Joins what is known of the GPUs of `cluster`, as of `now`.
    pub fn join(
        cluster: &Cluster,
        derived: &Derived,
        telemetry: &Telemetry,
        now: Timestamp,
    ) -> Self {
        let mut names: Vec<_> = derived
            .accelerators
            .nodes()
            .filter_map(|(name, known)| Some((name, known, derived.nodes.get(name)?)))
            .collect();
        names.sort_by_key(|(name, _, state)| (&state.zone, &state.rack, *name));
        let mut joined = Self::default();
        let mut holders = holder::Holders::of(cluster, derived);
        let claimed = Claimed::of(cluster);
        for (name, known, state) in names {
            let first = joined.gpus.len();
            let node = OnNode {
                name,
                known,
                state,
                devices: telemetry.devices_on(name),
                claimed: &claimed,
                are_pods_known: derived.are_pods_known,
                now,
            };
            joined
                .gpus
                .extend(node.gpus(cluster, derived, &mut holders));
            let count = joined.gpus.len() - first;
            joined.nodes.insert(name.clone(), (first, count));
        }
        joined
    }

    /// Every GPU.
    pub fn iter(&self) -> impl Iterator<Item = &Gpu> {
        self.gpus.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.gpus.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.gpus.is_empty()
    }

    /// The GPU at the place `at` of [`Gpus::iter`].
    pub fn at(&self, at: usize) -> Option<&Gpu> {
        self.gpus.get(at)
    }

    /// The GPUs of the node `node`.
    pub fn on(&self, node: &str) -> &[Gpu] {
        self.nodes
            .get(node)
            .and_then(|(first, count)| self.gpus.get(*first..first + count))
            .unwrap_or_default()
    }

    /// The GPU `index` of the node `node`.
    pub fn get(&self, node: &str, index: u32) -> Option<&Gpu> {
        self.on(node).iter().find(|gpu| gpu.index == index)
    }
}

#[cfg(test)]
mod tests;
