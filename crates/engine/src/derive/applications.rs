//! The applications of the workloads layer: what people deploy, each once, whatever lies below it.
//!
//! An application is a custom object whose kind the catalogue calls one (an InferenceService, a
//! TrainJob), or a topmost workload that is recognised as a component of the workloads layer (vLLM,
//! Open WebUI), that holds accelerators, or that waits in a queue. What the platform itself consists
//! of is no application, whatever it holds.

use hashbrown::HashMap;
use jiff::{SignedDuration, Timestamp};
use strata_api::{phrases::Phrase, rows::Ready};
use strata_catalog::{Catalog, Profile, Purpose};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    severity::Severity,
    subject::Subject,
    text::Text,
};

use super::{
    accelerators::Accelerators,
    components::Components,
    owners::{Owners, RootId},
    queues::{Admission, Queues},
    trouble::Trouble,
};
use crate::fleet::{cluster::Cluster, table::Slot};

mod build;
mod candidates;
mod health;
mod naming;
#[cfg(test)]
mod tests;

pub use strata_catalog::Phase;

pub(super) use self::naming::MODEL_LABELS;

/// How long a failed run stays worth showing.
const FAILED_SHOWN: SignedDuration = SignedDuration::from_hours(24);

/// An application.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    /// What it is, for traces and addresses.
    pub subject: Subject,
    /// The topmost objects that it consists of.
    pub roots: Vec<RootId>,
    /// Its kind.
    pub kind: GroupKind,
    /// Its name: the object's, or that of the release it was installed as.
    pub name: Text,
    /// Namespace and name of its main object.
    pub key: ObjectKey,
    /// What kind of AI it is, where that can be told.
    pub profile: Option<Profile>,
    /// What it is for, where that can be told.
    pub purpose: Option<Purpose>,
    /// Where it is in its life.
    pub phase: Phase,
    /// How bad it is.
    pub severity: Severity,
    /// Why, where it is a fault.
    pub reason: Option<Phrase>,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
    /// Its model or engine.
    pub version: String,
    /// So many ready of so many wanted, where either is known.
    pub ready: Option<Ready>,
    /// Its pods that are neither done nor failed, by where they lie in the table of pods.
    pub pods: Vec<Slot>,
    /// Accelerators that they hold or ask for.
    pub gpus: u32,
    /// The catalogue's component that defines its kind, by position.
    pub manager: Option<usize>,
    /// The catalogue's component that its pods run, by position.
    pub engine: Option<usize>,
    /// How far it came in its queue.
    pub admission: Option<Admission>,
    /// Its cluster-wide queue; empty where it is in none.
    pub queue: Text,
    /// The worst pod, where pods are the reason.
    pub trouble: Option<Trouble>,
    /// Whether all that is wrong hangs on nodes that do not answer.
    pub is_by_nodes: bool,
}

/// Every application, in the order of the tiles: generative, predictive, other; then by namespace
/// and name. Health moves none.
#[derive(Clone, Debug, Default)]
pub struct Applications {
    /// The applications.
    pub list: Vec<Application>,
    by_root: HashMap<RootId, usize>,
}

/// What all applications of a cluster are judged by.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) catalog: &'a Catalog,
    pub(super) owners: &'a Owners,
    pub(super) components: &'a Components,
    pub(super) accelerators: &'a Accelerators,
    pub(super) queues: &'a Queues,
    pub(super) now: Timestamp,
}

impl Applications {
    /// Finds the applications and judges them.
    pub(super) fn find(setting: Setting<'_>) -> Self {
        let mut list: Vec<Application> = candidates::groups(setting)
            .into_iter()
            .filter_map(|group| build::build(setting, group))
            .collect();
        list.sort_by(|left, right| order(left).cmp(&order(right)));
        let by_root = list
            .iter()
            .enumerate()
            .flat_map(|(at, application)| application.roots.iter().map(move |root| (*root, at)))
            .collect();
        Self { list, by_root }
    }

    /// The application that `root` is or is a part of.
    pub fn of_root(&self, root: RootId) -> Option<&Application> {
        self.list.get(*self.by_root.get(&root)?)
    }

    /// The same, with where it stands in the list.
    pub fn position_of_root(&self, root: RootId) -> Option<(usize, &Application)> {
        let at = *self.by_root.get(&root)?;
        Some((at, self.list.get(at)?))
    }

    /// The application that `subject` names.
    pub fn get(&self, subject: &Subject) -> Option<&Application> {
        self.list
            .iter()
            .find(|application| application.subject == *subject)
    }
}

fn order(application: &Application) -> (u8, &Text, &Text, &GroupKind) {
    let profile = match application.profile {
        Some(Profile::Generative) => 0,
        Some(Profile::Predictive) => 1,
        Some(Profile::Both) | None => 2,
    };
    (
        profile,
        &application.key.namespace,
        &application.name,
        &application.kind,
    )
}
