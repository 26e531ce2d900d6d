//! What follows from the ground state: who owns what, who holds which devices, what is well.
//!
//! [`derive`] is a pure function of a cluster, the catalogue and the time. Read in this order:
//! [`pods`] and [`nodes`] (how one does), [`trouble`] (how many do), [`accelerators`] (what there is and who holds it),
//! [`owners`] (what belongs to what), [`queues`] (what waits, and why), [`components`] and
//! [`applications`] (the tiles), [`jobs`] (what should run), [`hardware`] (the tiles of the base),
//! [`layers`] (the bands), [`attention`] (what to look at first).
//! By themselves stand [`exporters`] (which pods tell metrics)
//! and [`gpus`] (what each device does): they follow what is measured, at a pace of their own.
//! [`survey`] (what all of that is good for) is asked for while somebody looks.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use strata_catalog::Catalog;
use strata_domain::{ids::GroupKind, severity::Severity, text::Text};

use crate::{
    fleet::cluster::{Cluster, Place, place_of},
    fold::Dirty,
};

pub mod accelerators;
pub mod applications;
pub mod attention;
pub mod components;
pub mod exporters;
pub mod gpus;
pub mod hardware;
pub mod jobs;
pub mod layers;
pub mod nodes;
pub mod owners;
pub mod places;
pub mod pods;
pub mod queues;
pub mod survey;
pub mod trouble;
pub(crate) mod unsaid;
mod wait;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
pub(crate) mod scenario;
#[cfg(test)]
mod tests;

/// What follows from the ground state of a cluster.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    /// Accelerators by node, and how many are held.
    pub accelerators: accelerators::Accelerators,
    /// How each node does, by name.
    pub nodes: BTreeMap<Text, nodes::NodeState>,
    /// What belongs to what.
    pub owners: Arc<owners::Owners>,
    /// What waits.
    pub queues: queues::Queues,
    /// The components of the four lower layers.
    pub components: components::Components,
    /// The applications of the workloads layer.
    pub applications: applications::Applications,
    /// The jobs, whatever their kind.
    pub jobs: Arc<jobs::Jobs>,
    /// The models of the base.
    pub hardware: Vec<hardware::HardwareModel>,
    /// Whether pods were listed: before that, what they hold is not known.
    pub are_pods_known: bool,
    /// CPU cores of all nodes together.
    pub cpu_cores: u64,
    /// The bands, from top to bottom.
    pub layers: Vec<layers::LayerState>,
    /// What needs attention, the worst first.
    pub attention: Vec<attention::Attention>,
}

impl Derived {
    /// How many lines of the attention list are critical.
    pub fn criticals(&self) -> u32 {
        let critical = self
            .attention
            .iter()
            .filter(|line| line.severity == Severity::Critical);
        u32::try_from(critical.count()).unwrap_or(u32::MAX)
    }
}

/// Derives everything from what `cluster` holds, as of `now`. What `dirty` leaves untouched is taken
/// over from `before`.
pub fn derive(
    cluster: &Cluster,
    catalog: &Catalog,
    before: Option<&Derived>,
    dirty: &Dirty,
    now: Timestamp,
) -> Derived {
    let claims = GroupKind::new("resource.k8s.io", "ResourceClaim");
    let accelerators = devices(cluster, before, dirty)
        .given_to(cluster.plain_of(&claims))
        .held_by(cluster.pods());
    let topologies = places::RackLabels::topology_kind();
    let racks = places::RackLabels::read(cluster.custom(&topologies));
    let nodes: BTreeMap<Text, nodes::NodeState> = cluster
        .nodes()
        .map(|node| {
            let name = node.metadata.key.name.clone();
            let state = nodes::judge(node, accelerators.of(&name), &racks, now);
            (name, state)
        })
        .collect();
    let owners = match before.filter(|_| !owners_changed(dirty)) {
        Some(before) => Arc::clone(&before.owners),
        None => Arc::new(owners::Owners::find(cluster)),
    };
    let queues = queues::Queues::read(cluster, catalog, &owners);
    let components = components::Components::find(cluster, catalog, &owners, now);
    let applications = applications::Applications::find(applications::Setting {
        cluster,
        catalog,
        owners: &owners,
        components: &components,
        accelerators: &accelerators,
        queues: &queues,
        now,
    });
    let before_jobs = before.map(|before| jobs::Before {
        jobs: &before.jobs,
        owners: &before.owners,
    });
    let setting = jobs::Setting {
        cluster,
        catalog,
        owners: &owners,
        components: &components,
        accelerators: &accelerators,
        queues: &queues,
        applications: &applications,
        now,
    };
    let jobs = jobs::Jobs::follow(setting, before_jobs, dirty);
    let mut derived = Derived {
        hardware: hardware::models(cluster, &accelerators, &nodes),
        are_pods_known: cluster
            .watch(&GroupKind::new("", "Pod"))
            .is_some_and(|watch| watch.listed),
        cpu_cores: cluster
            .nodes()
            .map(|node| node.capacity.cpu_millicores)
            .sum::<u64>()
            / 1000,
        accelerators,
        nodes,
        owners,
        queues,
        components,
        applications,
        jobs,
        layers: Vec::new(),
        attention: Vec::new(),
    };
    derived.layers = layers::layers(&derived, cluster, catalog, now);
    derived.attention = attention::rank(&derived, cluster, catalog, now);
    derived
}

/// The devices of the nodes, counted anew only where what tells of them changed.
fn devices(
    cluster: &Cluster,
    before: Option<&Derived>,
    dirty: &Dirty,
) -> accelerators::Accelerators {
    let slices = GroupKind::new("resource.k8s.io", "ResourceSlice");
    let classes = GroupKind::new("resource.k8s.io", "DeviceClass");
    let is_known =
        dirty.nodes.is_none() && !dirty.kinds.contains(&slices) && !dirty.kinds.contains(&classes);
    match before.filter(|_| is_known) {
        Some(before) => before.accelerators.clone(),
        None => accelerators::Accelerators::count(
            cluster.nodes(),
            cluster.slices(),
            cluster.plain_of(&classes),
        ),
    }
}

/// Whether who owns whom may have changed: a pod, a workload or a custom object is new, changed or
/// gone.
fn owners_changed(dirty: &Dirty) -> bool {
    let may_own = |kind: &GroupKind| matches!(place_of(kind), Place::Workloads(_) | Place::ByKind);
    !dirty.pods.slots.is_none() || dirty.kinds.iter().any(may_own)
}
