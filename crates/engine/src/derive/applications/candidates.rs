//! Which topmost objects are applications, and which of them are parts of one.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use strata_domain::{
    custom::Custom,
    layer::Layer,
    metadata::Metadata,
    text::Text,
    workload::{Workload, WorkloadKind},
};

use super::{Setting, naming};
use crate::{
    derive::owners::{Root, RootId, is_current, is_part},
    fleet::cluster::ObjectRef,
};

/// A topmost object and what hangs on it.
pub(super) struct Candidate<'a> {
    pub(super) id: RootId,
    pub(super) root: &'a Root,
    /// The object itself, where its kind is an application's.
    pub(super) custom: Option<&'a Custom>,
    /// Its topmost workloads.
    pub(super) workloads: Vec<&'a Workload>,
    /// The component that its pods run, by position.
    pub(super) engine: Option<usize>,
}

/// The applications, each as the topmost objects that it consists of.
pub(super) fn groups(setting: Setting<'_>) -> Vec<Vec<Candidate<'_>>> {
    let platform = platform_namespaces(setting);
    let mut workloads = workloads_by_root(setting);
    let mut groups: BTreeMap<GroupKey, Vec<Candidate<'_>>> = BTreeMap::new();
    for (id, root) in setting.owners.roots() {
        let below = workloads.remove(&id).unwrap_or_default();
        let candidate = candidate(setting, &platform, id, root, below);
        if let Some(candidate) = candidate.filter(|_| !is_part(setting.cluster, root)) {
            groups
                .entry(group_key(setting, &candidate))
                .or_default()
                .push(candidate);
        }
    }
    groups.into_values().collect()
}

/// The workloads that no other workload keeps, by their topmost owner.
fn workloads_by_root<'a>(setting: Setting<'a>) -> HashMap<RootId, Vec<&'a Workload>> {
    let mut by_root: HashMap<RootId, Vec<&'a Workload>> = HashMap::new();
    for workload in setting.cluster.workloads() {
        let owner = workload.metadata.owner.as_ref();
        let is_kept = owner
            .and_then(|owner| setting.cluster.owner(owner))
            .is_some_and(|above| matches!(above, ObjectRef::Workload(_)));
        if let Some(root) = setting
            .owners
            .of_object(&workload.metadata.uid)
            .filter(|_| !is_kept)
        {
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
    majority
        .map(|(namespace, _)| namespace.clone())
        .chain(kubernetes)
        .collect()
}

fn candidate<'a>(
    setting: Setting<'a>,
    platform: &HashSet<Text>,
    id: RootId,
    root: &'a Root,
    workloads: Vec<&'a Workload>,
) -> Option<Candidate<'a>> {
    let rule = setting
        .catalog
        .kind_rule(&root.kind)
        .and_then(|rule| rule.application());
    let held = setting.cluster.object(&root.kind, &root.uid);
    let custom = match held {
        Some(ObjectRef::Custom(custom)) if rule.is_some() => Some(custom),
        _ => None,
    };
    let engine = engine(setting, root, &workloads);
    if custom.is_some() {
        return Some(Candidate {
            id,
            root,
            custom,
            workloads,
            engine,
        });
    }
    if setting.components.of_root(id).is_some() || root.kind.kind == "DaemonSet" {
        return None;
    }
    let component = engine.and_then(|position| setting.catalog.components().get(position));
    let is_known = component.is_some_and(|component| component.layer == Layer::Workloads);
    let pods = || {
        root.pods
            .iter()
            .filter_map(|slot| setting.cluster.pod_table().at(*slot))
    };
    let asks = || {
        pods().any(|pod| is_current(pod) && setting.accelerators.are_asked_by(pod))
            || setting
                .queues
                .admission(id)
                .is_some_and(|admission| admission.is_waiting)
            || (root.kind.kind == "Job" && pods().any(|pod| setting.accelerators.are_asked_by(pod)))
    };
    let is_platform = platform.contains(&root.key.namespace)
        || component.is_some_and(|component| component.layer != Layer::Workloads);
    (is_known || (!is_platform && asks())).then_some(Candidate {
        id,
        root,
        custom: None,
        workloads,
        engine,
    })
}

/// The component that the pods below `root` run: what its workloads, or the images of one of its
/// pods, are recognised as. One of the workloads layer is told before any other.
fn engine(setting: Setting<'_>, root: &Root, workloads: &[&Workload]) -> Option<usize> {
    let known = workloads
        .iter()
        .filter_map(|workload| setting.components.of_workload(&workload.metadata.uid));
    let lone = setting.components.of_pod(&root.uid);
    let first_pod = root
        .pods
        .first()
        .and_then(|slot| setting.cluster.pod_table().at(*slot));
    let images = first_pod
        .into_iter()
        .flat_map(|pod| &pod.containers)
        .filter_map(|container| {
            setting
                .catalog
                .position(&setting.catalog.recognise_image(&container.image)?.id)
        });
    let is_application = |position: &usize| {
        setting
            .catalog
            .components()
            .get(*position)
            .is_some_and(|component| component.layer == Layer::Workloads)
    };
    let all: Vec<usize> = known.chain(lone).chain(images).collect();
    all.iter()
        .copied()
        .find(is_application)
        .or_else(|| all.first().copied())
}

/// What makes candidates one application.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum GroupKey {
    /// The object alone.
    Alone(RootId),
    /// Parts of one release of one component that serve one model.
    Release {
        namespace: Text,
        component: usize,
        release: Text,
        model: Text,
    },
}

fn group_key(setting: Setting<'_>, candidate: &Candidate<'_>) -> GroupKey {
    let alone = GroupKey::Alone(candidate.id);
    let (None, Some(component)) = (candidate.custom, candidate.engine) else {
        return alone;
    };
    let Some(metadata) = labelled(setting, candidate) else {
        return alone;
    };
    let Some(release) = naming::release(&metadata.labels) else {
        return alone;
    };
    GroupKey::Release {
        namespace: candidate.root.key.namespace.clone(),
        component,
        release: Text::from(release),
        model: Text::from(naming::model_label(&metadata.labels).unwrap_or_default()),
    }
}

/// What carries the labels of a candidate: its object, its first workload, its first pod.
pub(super) fn labelled<'a>(
    setting: Setting<'a>,
    candidate: &Candidate<'a>,
) -> Option<&'a Metadata> {
    let of_custom = candidate.custom.map(|custom| &custom.metadata);
    let of_workload = || {
        candidate
            .workloads
            .first()
            .map(|workload| &workload.metadata)
    };
    of_custom.or_else(of_workload).or_else(|| {
        let slot = candidate.root.pods.first()?;
        setting
            .cluster
            .pod_table()
            .at(*slot)
            .map(|pod| &pod.metadata)
    })
}
