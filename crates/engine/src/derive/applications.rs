//! The applications of the workloads layer: what people deploy, each once, whatever lies below it.
//!
//! An application is a custom object whose kind the catalogue calls one (an InferenceService, a
//! TrainJob), or a topmost workload that is recognised as a component of the workloads layer (vLLM,
//! Open WebUI), that holds accelerators, or that waits in a queue. What the platform itself consists
//! of is no application, whatever it holds.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use strata_api::{phrases::Phrase, rows::Ready};
use strata_catalog::{Catalog, Component, Profile, Purpose};
use strata_domain::{
    custom::Custom,
    ids::{GroupKind, ObjectKey},
    layer::Layer,
    metadata::Metadata,
    pod::Pod,
    severity::Severity,
    subject::Subject,
    text::Text,
    workload::{Workload, WorkloadKind},
};

use super::{
    accelerators::Accelerators,
    components::Components,
    owners::{Owners, Root, RootId, is_current},
    pods::{PodsHealth, Trouble},
    queues::{Admission, Queues},
};
use crate::fleet::{
    cluster::{Cluster, ObjectRef},
    table::Slot,
};

mod health;
mod naming;
#[cfg(test)]
mod tests;

pub use strata_catalog::Phase;

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

/// A topmost object and what hangs on it.
struct Candidate<'a> {
    id: RootId,
    root: &'a Root,
    /// The object itself, where its kind is an application's.
    custom: Option<&'a Custom>,
    /// Its topmost workloads.
    workloads: Vec<&'a Workload>,
    /// The component that its pods run, by position.
    engine: Option<usize>,
}

impl Applications {
    /// Finds the applications and judges them.
    pub(super) fn find(setting: Setting<'_>) -> Self {
        let platform = platform_namespaces(setting);
        let mut workloads = workloads_by_root(setting);
        let mut groups: BTreeMap<GroupKey, Vec<Candidate<'_>>> = BTreeMap::new();
        for (id, root) in setting.owners.roots() {
            let below = workloads.remove(&id).unwrap_or_default();
            if let Some(candidate) = candidate(setting, &platform, id, root, below) {
                groups.entry(group_key(setting, &candidate)).or_default().push(candidate);
            }
        }
        let mut list: Vec<Application> =
            groups.into_values().filter_map(|group| build(setting, group)).collect();
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
        self.list.iter().find(|application| application.subject == *subject)
    }
}

fn order(application: &Application) -> (u8, &Text, &Text, &GroupKind) {
    let profile = match application.profile {
        Some(Profile::Generative) => 0,
        Some(Profile::Predictive) => 1,
        Some(Profile::Both) | None => 2,
    };
    (profile, &application.key.namespace, &application.name, &application.kind)
}

/// The workloads that no other workload keeps, by their topmost owner.
fn workloads_by_root<'a>(setting: Setting<'a>) -> HashMap<RootId, Vec<&'a Workload>> {
    let mut by_root: HashMap<RootId, Vec<&'a Workload>> = HashMap::new();
    for workload in setting.cluster.workloads() {
        let owner = workload.metadata.owner.as_ref();
        let is_kept = owner
            .and_then(|owner| setting.cluster.owner(owner))
            .is_some_and(|above| matches!(above, ObjectRef::Workload(_)));
        if let Some(root) = setting.owners.of_object(&workload.metadata.uid).filter(|_| !is_kept) {
            by_root.entry(root).or_default().push(workload);
        }
    }
    for workloads in by_root.values_mut() {
        workloads.sort_by(|left, right| left.metadata.key.cmp(&right.metadata.key));
    }
    by_root
}

/// The namespaces that the platform lives in: Kubernetes's own, and those where more than half of
/// the lasting workloads are components below the workloads layer.
fn platform_namespaces(setting: Setting<'_>) -> HashSet<Text> {
    let mut counts: HashMap<&Text, (u32, u32)> = HashMap::new();
    for workload in setting.cluster.workloads() {
        let is_lasting = workload.metadata.owner.is_none() && workload.kind != WorkloadKind::Job;
        if !is_lasting {
            continue;
        }
        let layer = setting
            .components
            .of_workload(&workload.metadata.uid)
            .and_then(|position| setting.catalog.components().get(position))
            .map(|component| component.layer);
        let (all, own) = counts.entry(&workload.metadata.key.namespace).or_default();
        *all += 1;
        *own += u32::from(layer.is_some_and(|layer| layer != Layer::Workloads));
    }
    let majority = counts.into_iter().filter(|(_, (all, own))| own * 2 > *all);
    let kubernetes = ["kube-system", "kube-public", "kube-node-lease"].map(Text::from);
    majority.map(|(namespace, _)| namespace.clone()).chain(kubernetes).collect()
}

fn candidate<'a>(
    setting: Setting<'a>,
    platform: &HashSet<Text>,
    id: RootId,
    root: &'a Root,
    workloads: Vec<&'a Workload>,
) -> Option<Candidate<'a>> {
    let rule = setting.catalog.kind_rule(&root.kind).and_then(|rule| rule.application());
    let held = setting.cluster.object(&root.kind, &root.uid);
    let custom = match held {
        Some(ObjectRef::Custom(custom)) if rule.is_some() => Some(custom),
        _ => None,
    };
    let engine = engine(setting, root, &workloads);
    if custom.is_some() {
        return Some(Candidate { id, root, custom, workloads, engine });
    }
    if setting.components.of_root(id).is_some() || root.kind.kind == "DaemonSet" {
        return None;
    }
    let component = engine.and_then(|position| setting.catalog.components().get(position));
    let is_known = component.is_some_and(|component| component.layer == Layer::Workloads);
    let pods = || root.pods.iter().filter_map(|slot| setting.cluster.pod_table().at(*slot));
    let asks = || {
        pods().any(|pod| is_current(pod) && setting.accelerators.are_asked_by(pod))
            || setting.queues.admission(id).is_some_and(|admission| admission.is_waiting)
            || (root.kind.kind == "Job" && pods().any(|pod| setting.accelerators.are_asked_by(pod)))
    };
    let is_platform = platform.contains(&root.key.namespace)
        || component.is_some_and(|component| component.layer != Layer::Workloads);
    (is_known || (!is_platform && asks()))
        .then_some(Candidate { id, root, custom: None, workloads, engine })
}

/// The component that the pods below `root` run: what its workloads, or the images of one of its
/// pods, are recognised as. One of the workloads layer is told before any other.
fn engine(setting: Setting<'_>, root: &Root, workloads: &[&Workload]) -> Option<usize> {
    let known = workloads
        .iter()
        .filter_map(|workload| setting.components.of_workload(&workload.metadata.uid));
    let lone = setting.components.of_pod(&root.uid);
    let first_pod = root.pods.first().and_then(|slot| setting.cluster.pod_table().at(*slot));
    let images = first_pod.into_iter().flat_map(|pod| &pod.containers).filter_map(|container| {
        setting.catalog.position(&setting.catalog.recognise_image(&container.image)?.id)
    });
    let is_application = |position: &usize| {
        setting
            .catalog
            .components()
            .get(*position)
            .is_some_and(|component| component.layer == Layer::Workloads)
    };
    let all: Vec<usize> = known.chain(lone).chain(images).collect();
    all.iter().copied().find(is_application).or_else(|| all.first().copied())
}

/// What makes candidates one application.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum GroupKey {
    /// The object alone.
    Alone(RootId),
    /// Parts of one release of one component that serve one model.
    Release { namespace: Text, component: usize, release: Text, model: Text },
}

fn group_key(setting: Setting<'_>, candidate: &Candidate<'_>) -> GroupKey {
    let alone = GroupKey::Alone(candidate.id);
    let (None, Some(component)) = (candidate.custom, candidate.engine) else { return alone };
    let Some(metadata) = labelled(setting, candidate) else { return alone };
    let Some(release) = naming::release(&metadata.labels) else { return alone };
    GroupKey::Release {
        namespace: candidate.root.key.namespace.clone(),
        component,
        release: Text::from(release),
        model: Text::from(naming::model_label(&metadata.labels).unwrap_or_default()),
    }
}

/// What carries the labels of a candidate: its object, its first workload, its first pod.
fn labelled<'a>(setting: Setting<'a>, candidate: &Candidate<'a>) -> Option<&'a Metadata> {
    let of_custom = candidate.custom.map(|custom| &custom.metadata);
    let of_workload = || candidate.workloads.first().map(|workload| &workload.metadata);
    of_custom.or_else(of_workload).or_else(|| {
        let slot = candidate.root.pods.first()?;
        setting.cluster.pod_table().at(*slot).map(|pod| &pod.metadata)
    })
}

fn build(setting: Setting<'_>, mut group: Vec<Candidate<'_>>) -> Option<Application> {
    let release = group
        .first()
        .filter(|_| group.len() > 1)
        .and_then(|first| labelled(setting, first))
        .and_then(|metadata| naming::release(&metadata.labels))
        .map(Text::from);
    // The main part bears the release's name, or the shortest one.
    group.sort_by_key(|candidate| {
        let name = &candidate.root.key.name;
        (Some(name) != release.as_ref(), name.len(), name.clone())
    });
    let main = group.first()?;
    let slots: Vec<Slot> =
        group.iter().flat_map(|candidate| candidate.root.pods.iter().copied()).collect();
    let table = setting.cluster.pod_table();
    let (current, ended): (Vec<Slot>, Vec<Slot>) =
        slots.into_iter().partition(|slot| table.at(*slot).is_some_and(is_current));
    let pods = || current.iter().filter_map(|slot| table.at(*slot));
    let rule = setting.catalog.kind_rule(&main.root.kind).filter(|_| main.custom.is_some());
    let application = rule.and_then(|rule| rule.application());
    let workloads: Vec<&Workload> =
        group.iter().flat_map(|candidate| candidate.workloads.iter().copied()).collect();
    let component = main.engine.and_then(|position| setting.catalog.components().get(position));
    let admission =
        group.iter().find_map(|candidate| setting.queues.admission(candidate.id)).cloned();
    let health_now = PodsHealth::of(pods(), setting.cluster, setting.now);
    let health_ended =
        PodsHealth::of(ended.iter().filter_map(|slot| table.at(*slot)), setting.cluster, setting.now);
    let ready = ready(application.zip(main.custom), &workloads, &health_now);
    let purpose = application.map(|rule| rule.purpose).or_else(|| purpose_of(main.root, component));
    let judged = health::judge(&health::Case {
        application,
        custom: main.custom,
        workloads: &workloads,
        purpose,
        admission: admission.as_ref(),
        ready,
        pods: &health_now,
        ended: &health_ended,
        now: setting.now,
    });
    let is_past = judged.phase == Phase::Succeeded
        || (judged.phase == Phase::Failed
            && judged.since.is_some_and(|since| setting.now.duration_since(since) > FAILED_SHOWN))
        || (main.root.kind.kind == "Pod" && current.is_empty());
    if is_past {
        return None;
    }
    let first_pod = pods().next();
    Some(Application {
        subject: Subject::Application {
            kind: main.root.kind.kind.clone(),
            key: main.root.key.clone(),
        },
        roots: group.iter().map(|candidate| candidate.id).collect(),
        kind: main.root.kind.clone(),
        name: release.unwrap_or_else(|| main.root.key.name.clone()),
        key: main.root.key.clone(),
        profile: application
            .zip(main.custom)
            .and_then(|(rule, custom)| rule.profile_of(custom))
            .or_else(|| component.and_then(|component| component.profile)),
        purpose,
        phase: judged.phase,
        severity: judged.severity,
        reason: judged.reason,
        since: judged.since,
        version: naming::version(&naming::Named {
            name: &main.root.key.name,
            kind: &main.root.kind.kind,
            model: application.zip(main.custom).and_then(|(rule, custom)| rule.model_of(custom)),
            labels: labelled(setting, main).map(|metadata| &metadata.labels),
            component,
            workloads: &workloads,
            pod: first_pod,
        }),
        ready,
        gpus: setting.accelerators.asked_by(pods()),
        manager: rule.and_then(|rule| setting.catalog.position(&rule.component)),
        engine: main.engine,
        queue: queue_of(setting, main, admission.as_ref(), first_pod),
        admission,
        trouble: judged.trouble,
        is_by_nodes: judged.is_by_nodes,
        pods: current,
    })
}

fn purpose_of(root: &Root, component: Option<&Component>) -> Option<Purpose> {
    if root.kind == GroupKind::new("batch", "Job") {
        return Some(Purpose::Batch);
    }
    component.filter(|component| component.category == "serving_engine").map(|_| Purpose::Serving)
}

fn ready(
    object: Option<(&strata_catalog::ApplicationRule, &Custom)>,
    workloads: &[&Workload],
    pods: &PodsHealth,
) -> Option<Ready> {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    if let Some(replicas) = object.and_then(|(rule, custom)| rule.replicas_of(custom)) {
        return Some(Ready { ready: count(replicas.ready), desired: count(replicas.desired) });
    }
    if workloads.is_empty() {
        return (pods.current > 0).then_some(Ready { ready: pods.ready, desired: pods.current });
    }
    let sum = workloads.iter().fold(Ready::default(), |sum, workload| Ready {
        ready: sum.ready + workload.ready,
        desired: sum.desired + workload.desired,
    });
    Some(sum)
}

fn queue_of(
    setting: Setting<'_>,
    main: &Candidate<'_>,
    admission: Option<&Admission>,
    pod: Option<&Pod>,
) -> Text {
    let of_pod = pod.and_then(|pod| setting.queues.of_labels(&pod.metadata.labels)).cloned();
    let of_admission =
        || admission.map(|known| known.queue.clone()).filter(|queue| !queue.is_empty());
    let of_object = || {
        let rule = setting.catalog.kind_rule(&main.root.kind)?.application()?;
        main.custom?.field(rule.queue.as_ref()?).map(Text::from)
    };
    let of_local = || {
        let metadata = labelled(setting, main)?;
        let namespace = &metadata.key.namespace;
        setting.queues.of_local(setting.cluster, setting.catalog, namespace, &metadata.labels)
    };
    of_pod.or_else(of_admission).or_else(of_object).or_else(of_local).unwrap_or_default()
}
