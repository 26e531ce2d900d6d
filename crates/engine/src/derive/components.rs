//! The components of the catalogue that are in a cluster: their version, how much of each is ready,
//! and what is wrong with it.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::Ready,
};
use strata_catalog::{Catalog, Component, KindRule};
use strata_domain::{
    ids::{GroupKind, ObjectKey, Uid},
    layer::Layer,
    severity::Severity,
    text::Text,
    workload::{Workload, WorkloadKind},
};

use super::{
    owners::{Owners, RootId, is_current},
    pods::{PodsHealth, Trouble, brief},
};
use crate::fleet::cluster::Cluster;

mod evidence;
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
            let Some(component) = catalog.components().get(*position) else { continue };
            if component.layer == Layer::Workloads || !evidence.is_present() {
                continue;
            }
            let state = judge(*position, component, evidence, cluster, catalog, now);
            for uid in evidence.workloads.iter().map(|workload| &workload.metadata.uid) {
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
        let found = self.states.binary_search_by_key(&position, |state| state.position).ok()?;
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
        self.of_pod.iter().filter(move |(_, at)| **at == position).map(|(uid, _)| uid)
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
        short_of_pods(evidence, cluster, now),
        unanswered(evidence),
        said_by_objects(component, cluster, catalog),
    ];
    if evidence.workloads.is_empty()
        && evidence.pods.is_empty()
        && !evidence.is_at_work
        && evidence.nodes == 0
    {
        verdicts.push(Some((Severity::Unknown, fault(Phrase::new(PhraseCode::ComponentNotSeen)))));
    }
    let is_driver = component.category == "driver";
    if is_driver && is_by_node && versions.distinct() > 1 {
        let reason = Phrase::new(PhraseCode::VersionsByNodes)
            .with("versions", counted_versions(&versions));
        verdicts.push(Some((Severity::Notice, fault(reason))));
    }
    // Of equals the first: what pods say outranks what objects say.
    let worst = verdicts.into_iter().flatten().reduce(|worst, other| {
        if other.0 > worst.0 { other } else { worst }
    });
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
        members: evidence.workloads.iter().map(|member| member.metadata.uid.clone()).collect(),
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
    let said: Vec<String> =
        counted.iter().map(|(version, count)| format!("{version} × {count}")).collect();
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
    let of_workloads = evidence.workloads.iter().map(|member| (member.ready, member.desired));
    let of_pods = evidence
        .pods
        .iter()
        .filter(|pod| is_current(pod))
        .map(|pod| (u32::from(pod.ready), 1));
    let (ready, desired) = of_workloads
        .chain(of_pods)
        .fold((0, 0), |(ready, desired), next| (ready + next.0, desired + next.1));
    if evidence.workloads.is_empty() && evidence.pods.is_empty() {
        return (evidence.nodes > 0)
            .then_some(Ready { ready: evidence.nodes, desired: evidence.nodes });
    }
    Some(Ready { ready, desired })
}

type Verdict = Option<(Severity, ComponentFault)>;

/// Fewer pods are ready than are wanted.
fn short_of_pods(evidence: &Evidence<'_>, cluster: &Cluster, now: Timestamp) -> Verdict {
    let of_lone = PodsHealth::of(evidence.pods.iter().copied(), cluster, now);
    if let Some(trouble) = of_lone.worst.filter(|worst| worst.severity >= Severity::Warning) {
        let is_by_nodes = of_lone.lost == of_lone.faulty;
        return Some((
            trouble.severity.min(Severity::Warning),
            ComponentFault {
                since: trouble.since,
                object: Some((GroupKind::new("", "Pod"), trouble.pod.clone())),
                pod: Some(trouble.clone()),
                is_by_nodes,
                ..fault(trouble.reason)
            },
        ));
    }
    let short = evidence.workloads.iter().filter(|member| member.ready < member.desired);
    let worst = short.max_by_key(|member| {
        (member.ready == 0, member.desired - member.ready, std::cmp::Reverse(&member.metadata.key))
    });
    let Some(member) = worst else {
        let is_stopped = !evidence.workloads.is_empty()
            && evidence.workloads.iter().all(|member| {
                member.desired == 0 && member.kind != WorkloadKind::DaemonSet
            });
        let reason = Phrase::new(PhraseCode::ComponentStopped);
        return is_stopped.then(|| (Severity::Paused, fault(reason)));
    };
    let health = PodsHealth::of(pods_of(cluster, member), cluster, now);
    let object = GroupKind::new(member.kind.group(), member.kind.as_str());
    let key = member.metadata.key.clone();
    let severity = match &health.worst {
        // Everything that is missing is merely on its way.
        None if health.current >= member.desired => Severity::Notice,
        _ if member.ready == 0 => Severity::Critical,
        _ => Severity::Warning,
    };
    let reason = health.worst.as_ref().map_or_else(
        || {
            let code = if severity == Severity::Notice {
                PhraseCode::ComponentStarting
            } else {
                PhraseCode::ComponentShort
            };
            Phrase::new(code)
                .with("workload", key.name.as_str())
                .with("ready", member.ready)
                .with("desired", member.desired)
        },
        |trouble| trouble.reason.clone(),
    );
    let since = health.worst.as_ref().and_then(|trouble| trouble.since);
    let is_by_nodes = health.faulty > 0 && health.lost == health.faulty;
    Some((
        severity,
        ComponentFault {
            since,
            object: Some((object, key)),
            pod: health.worst,
            is_by_nodes,
            ..fault(reason)
        },
    ))
}

/// The pods that `workload` keeps, through its ReplicaSets where it has them.
pub(super) fn pods_of<'a>(
    cluster: &'a Cluster,
    workload: &'a Workload,
) -> impl Iterator<Item = &'a strata_domain::pod::Pod> {
    let uid = &workload.metadata.uid;
    let own = cluster.pods_of_owner(uid);
    let below = cluster
        .workloads_owned_by(uid)
        .flat_map(|below| cluster.pods_of_owner(&below.metadata.uid));
    own.chain(below)
}

/// An aggregated API of it does not answer.
fn unanswered(evidence: &Evidence<'_>) -> Verdict {
    let (name, message) = evidence.unavailable.iter().min()?;
    let reason = Phrase::new(PhraseCode::ApiServiceUnavailable)
        .with("name", name.as_str())
        .with("message", brief(message));
    let kind = GroupKind::new("apiregistration.k8s.io", "APIService");
    let object = Some((kind, ObjectKey::new("", (*name).clone())));
    Some((Severity::Critical, ComponentFault { object, ..fault(reason) }))
}

/// What its own objects say of its health.
fn said_by_objects(component: &Component, cluster: &Cluster, catalog: &Catalog) -> Verdict {
    let rules = component.kinds.iter().filter(|rule| !rule.health.is_empty());
    let said = rules.flat_map(|rule| {
        let mine = cluster.custom(&rule.kind).filter(|custom| is_of(custom, rule, catalog));
        mine.filter_map(move |custom| Some((custom, rule.health_of(custom)?)))
    });
    let (custom, reading) = said
        .filter(|(_, reading)| reading.verdict != Severity::Ok)
        .max_by_key(|(custom, reading)| {
            (reading.verdict, std::cmp::Reverse(custom.metadata.key.clone()))
        })?;
    let message = reading.condition.map(|found| brief(&found.message)).unwrap_or_default();
    let code = if message.is_empty() { PhraseCode::ObjectSays } else { PhraseCode::ObjectSaysWhy };
    let word = if reading.word.is_empty() {
        reading.condition.map_or("", |found| found.kind.as_str())
    } else {
        reading.word
    };
    let mut reason = Phrase::new(code)
        .with("kind", custom.kind.kind.as_str())
        .with("name", custom.metadata.key.name.as_str())
        .with("word", word);
    if !message.is_empty() {
        reason = reason.with("message", message);
    }
    Some((
        reading.verdict,
        ComponentFault {
            since: reading.condition.and_then(|found| found.since),
            object: Some((custom.kind.clone(), custom.metadata.key.clone())),
            word: Text::from(word),
            ..fault(reason)
        },
    ))
}

/// Whether `custom` is of the version that `rule`'s component defines.
fn is_of(custom: &strata_domain::custom::Custom, rule: &KindRule, catalog: &Catalog) -> bool {
    rule.versions.is_empty()
        || rule.versions.contains(&custom.version)
        || catalog.recognise_kind(&rule.kind).is_some_and(|known| known.id == rule.component)
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
