//! The components of the catalogue that are in a cluster: their version, how much of each is ready,
//! and what is wrong with it.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use jiff::Timestamp;
use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::Ready,
};
use strata_catalog::{Catalog, Component, KindRule};
use strata_domain::{
    custom::Custom,
    ids::{GroupKind, ObjectKey, Uid},
    layer::Layer,
    severity::Severity,
    text::Text,
};

use super::{
    owners::{Owners, RootId, is_current},
    trouble::Trouble,
};
use crate::fleet::cluster::Cluster;

mod evidence;
mod health;
#[cfg(test)]
mod tests;
mod versions;
mod words;

use evidence::{Evidence, Found};
pub use versions::Versions;

/// A component that is in the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentState {
    /// Where it stands in the catalogue.
    pub position: usize,
    /// Its id.
    pub id: Text,
    /// Its layer.
    pub layer: Layer,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and what it is wrong with.
    pub fault: Option<ComponentFault>,
    /// The versions in use.
    pub versions: Versions,
    /// So many ready of so many wanted, where either is known.
    pub ready: Option<Ready>,
    /// The one number that matters.
    pub figure: Option<Phrase>,
    /// The workloads that it consists of.
    pub members: Vec<Uid>,
    /// The namespaces that they lie in.
    pub namespaces: BTreeSet<Text>,
}

/// What is wrong with a component.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentFault {
    /// Why, in a sentence.
    pub reason: Phrase,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
    /// The object to look at: kind, namespace and name.
    pub object: Option<(GroupKind, ObjectKey)>,
    /// The worst pod, where pods are the reason.
    pub pod: Option<Trouble>,
    /// The word that one of its objects says of itself (`HEALTH_WARN`); empty where none does.
    pub word: Text,
    /// Whether everything that is missing hangs on nodes that do not answer.
    pub is_by_nodes: bool,
}

/// Every component that is in the cluster.
#[derive(Clone, Debug, Default)]
pub struct Components {
    /// In the order of the catalogue, those of the workloads layer left out: of these each
    /// application is a tile of its own.
    pub states: Vec<ComponentState>,
    of_workload: HashMap<Uid, usize>,
    of_pod: HashMap<Uid, usize>,
    of_root: HashMap<RootId, usize>,
}

impl Components {
    /// Finds the components of `cluster` and judges them.
    pub fn find(cluster: &Cluster, catalog: &Catalog, owners: &Owners, now: Timestamp) -> Self {
        let found = Found::look(cluster, catalog, owners);
        let mut components = Self::default();
        for (position, evidence) in &found.by_position {
            let Some(component) = catalog.components().get(*position) else {
                continue;
            };
            if component.layer == Layer::Workloads || !evidence.is_present() {
                continue;
            }
            let state = judge(*position, component, evidence, cluster, catalog, now);
            for uid in evidence
                .workloads
                .iter()
                .map(|workload| &workload.metadata.uid)
            {
                if let Some(root) = owners.of_object(uid) {
                    components.of_root.insert(root, *position);
                }
            }
            components.states.push(state);
        }
        components.of_workload = found.of_workload;
        components.of_pod = found.of_pod;
        components
    }

    /// The component `id`, if it is in the cluster.
    pub fn get(&self, id: &str) -> Option<&ComponentState> {
        self.states.iter().find(|state| state.id == id)
    }

    /// The component at `position` of the catalogue, if it is in the cluster.
    pub fn at(&self, position: usize) -> Option<&ComponentState> {
        let found = self
            .states
            .binary_search_by_key(&position, |state| state.position)
            .ok()?;
        self.states.get(found)
    }

    /// Which component of the catalogue the workload `uid` was recognised as, those of the workloads
    /// layer included.
    pub fn of_workload(&self, uid: &Uid) -> Option<usize> {
        self.of_workload.get(uid).copied()
    }

    /// Which component of the catalogue the lone pod `uid` was recognised as.
    pub fn of_pod(&self, uid: &Uid) -> Option<usize> {
        self.of_pod.get(uid).copied()
    }

    /// The lone pods that were recognised as the component at `position` of the catalogue.
    pub fn lone_pods(&self, position: usize) -> impl Iterator<Item = &Uid> {
        self.of_pod
            .iter()
            .filter(move |(_, at)| **at == position)
            .map(|(uid, _)| uid)
    }

    /// Which component below the workloads layer consists of what `root` owns.
    pub fn of_root(&self, root: RootId) -> Option<usize> {
        self.of_root.get(&root).copied()
    }
}

fn judge(
    position: usize,
    component: &Component,
    evidence: &Evidence<'_>,
    cluster: &Cluster,
    catalog: &Catalog,
    now: Timestamp,
) -> ComponentState {
    let (versions, is_by_node) = versions::of(component, evidence, cluster, catalog);
    let mut verdicts = vec![
        health::short_of_pods(evidence, cluster, now),
        health::unanswered(evidence),
        health::said_by_objects(component, cluster, catalog),
    ];
    // What is only a set of definitions has no controller that could be missing.
    let signs = &component.signs;
    let has_controller =
        !(signs.workloads.is_empty() && signs.labels.is_empty() && signs.images.is_empty());
    if has_controller
        && evidence.workloads.is_empty()
        && evidence.pods.is_empty()
        && !evidence.is_at_work
        && evidence.nodes == 0
    {
        verdicts.push(Some((
            Severity::Unknown,
            fault(Phrase::new(PhraseCode::ComponentNotSeen)),
        )));
    }
    let is_driver = component.category == "driver";
    if is_driver && is_by_node && versions.distinct() > 1 {
        let reason =
            Phrase::new(PhraseCode::VersionsByNodes).with("versions", counted_versions(&versions));
        verdicts.push(Some((Severity::Notice, fault(reason))));
    }
    // Of equals the first: what pods say outranks what objects say.
    let worst = verdicts
        .into_iter()
        .flatten()
        .reduce(|worst, other| if other.0 > worst.0 { other } else { worst });
    let (severity, fault) = worst.map_or((Severity::Ok, None), |(severity, fault)| {
        (severity, (severity != Severity::Paused).then_some(fault))
    });
    ComponentState {
        position,
        id: component.id.clone(),
        layer: component.layer,
        severity,
        fault,
        figure: figure(component, cluster, catalog)
            .or_else(|| is_by_node.then(|| versions_figure(&versions)).flatten())
            .or_else(|| nodes_figure(component, cluster)),
        ready: ready(evidence),
        versions,
        members: evidence
            .workloads
            .iter()
            .map(|member| member.metadata.uid.clone())
            .collect(),
        namespaces: evidence
            .workloads
            .iter()
            .map(|member| &member.metadata.key.namespace)
            .chain(evidence.pods.iter().map(|pod| &pod.metadata.key.namespace))
            .cloned()
            .collect(),
    }
}

fn fault(reason: Phrase) -> ComponentFault {
    ComponentFault {
        reason,
        since: None,
        object: None,
        pod: None,
        word: Text::default(),
        is_by_nodes: false,
    }
}

/// `580.126.09 × 60, 580.105.08 × 4`: the same in every language.
pub(in crate::derive) fn counted_versions(versions: &Versions) -> String {
    let counted = versions.by_count();
    let said: Vec<String> = counted
        .iter()
        .map(|(version, count)| format!("{version} × {count}"))
        .collect();
    said.join(", ")
}

fn versions_figure(versions: &Versions) -> Option<Phrase> {
    let distinct = versions.distinct();
    (distinct > 0).then(|| Phrase::new(PhraseCode::VersionCount).with("count", distinct))
}

/// The control plane counts its nodes.
fn nodes_figure(component: &Component, cluster: &Cluster) -> Option<Phrase> {
    let nodes = cluster.nodes().count();
    let is_control_plane = component.category == "control_plane";
    (is_control_plane && nodes > 0).then(|| Phrase::new(PhraseCode::NodeCount).with("count", nodes))
}

fn ready(evidence: &Evidence<'_>) -> Option<Ready> {
    let of_workloads = evidence
        .workloads
        .iter()
        .map(|member| (member.ready, member.desired));
    let of_pods = evidence
        .pods
        .iter()
        .filter(|pod| is_current(pod))
        .map(|pod| (u32::from(pod.ready), 1));
    let (ready, desired) = of_workloads
        .chain(of_pods)
        .fold((0, 0), |(ready, desired), next| {
            (ready + next.0, desired + next.1)
        });
    if evidence.workloads.is_empty() && evidence.pods.is_empty() {
        return (evidence.nodes > 0).then_some(Ready {
            ready: evidence.nodes,
            desired: evidence.nodes,
        });
    }
    Some(Ready { ready, desired })
}

/// Whether `custom` is of the version that `rule`'s component defines.
fn is_of(custom: &Custom, rule: &KindRule, catalog: &Catalog) -> bool {
    rule.versions.is_empty()
        || rule.versions.contains(&custom.version)
        || catalog
            .recognise_kind(&rule.kind)
            .is_some_and(|known| known.id == rule.component)
}

/// What the component's tile counts. Of several counts the first that is not zero is told.
fn figure(component: &Component, cluster: &Cluster, catalog: &Catalog) -> Option<Phrase> {
    let mut first = None;
    for rule in &component.kinds {
        let Some(count) = &rule.count else { continue };
        // What may not be listed is not zero.
        if !cluster.watch(&rule.kind).is_some_and(|watch| watch.listed) {
            continue;
        }
        let objects = cluster
            .custom(&rule.kind)
            .filter(|custom| is_of(custom, rule, catalog) && count.includes(custom))
            .count();
        let phrase = Phrase::new(words::of(count.noun)).with("count", objects);
        if objects > 0 {
            return Some(phrase);
        }
        first = first.or(Some(phrase));
    }
    first
}
