//! Which lists a layer is made of, and what can be said of it as long as some are missing.

use std::collections::BTreeSet;

use strata_catalog::Catalog;
use strata_domain::{ids::GroupKind, layer::Layer, text::Text};

use crate::{
    derive::Derived,
    fleet::cluster::{Cluster, Watch},
};

/// What can be said of a layer: a figure made of a list that is still to come, or that may not be
/// read, would be a false zero. What is listed in some namespaces alone is told with their names
/// ([`LayerState::namespaces`](super::LayerState::namespaces)), as far as it is no count of the cluster's own parts.
pub(super) struct Known {
    pub(super) headline: bool,
    pub(super) counts: bool,
}

impl Known {
    pub(super) fn of(layer: Layer, cluster: &Cluster, derived: &Derived) -> Self {
        let watch = |group: &str, kind: &str| cluster.watch(&GroupKind::new(group, kind));
        let is_listed =
            |group: &str, kind: &str| watch(group, kind).is_some_and(|watch| watch.listed);
        let is_read = |group: &str, kind: &str| watch(group, kind).is_some_and(Watch::is_read);
        // A kind that the server does not even serve is not waited for.
        let is_settled = |group: &str, kind: &str| watch(group, kind).is_none_or(Watch::is_settled);
        let nodes = is_listed("", "Node");
        let deployments = is_listed("apps", "Deployment");
        let has_applications = (is_read("", "Pod") || is_read("apps", "Deployment"))
            && is_settled("", "Pod")
            && is_settled("apps", "Deployment");
        match layer {
            Layer::Hardware => Self {
                headline: nodes && is_settled("resource.k8s.io", "ResourceSlice"),
                counts: nodes,
            },
            Layer::Infrastructure => Self {
                headline: nodes,
                counts: nodes,
            },
            Layer::Platform => Self {
                headline: is_read("", "Pod") || derived.queues.waiting.is_some(),
                counts: deployments,
            },
            Layer::Lifecycle => Self {
                headline: has_applications,
                counts: deployments,
            },
            Layer::Workloads => Self {
                headline: has_applications,
                counts: has_applications,
            },
        }
    }
}

/// The kinds that a layer is made of.
pub(super) fn kinds_of(layer: Layer, catalog: &Catalog) -> BTreeSet<GroupKind> {
    let controllers = || {
        let apps = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
        apps.map(|kind| GroupKind::new("apps", kind)).into_iter()
    };
    let job = || GroupKind::new("batch", "Job");
    let mut kinds: BTreeSet<GroupKind> = match layer {
        Layer::Hardware => [
            GroupKind::new("", "Node"),
            GroupKind::new("", "Pod"),
            GroupKind::new("resource.k8s.io", "ResourceSlice"),
            GroupKind::new("resource.k8s.io", "DeviceClass"),
        ]
        .into(),
        Layer::Infrastructure => [
            GroupKind::new("", "Node"),
            GroupKind::new("storage.k8s.io", "StorageClass"),
            GroupKind::new("storage.k8s.io", "CSIDriver"),
            GroupKind::new("node.k8s.io", "RuntimeClass"),
        ]
        .into(),
        Layer::Platform => [
            GroupKind::new("", "Pod"),
            GroupKind::new("apiregistration.k8s.io", "APIService"),
            GroupKind::new("apiextensions.k8s.io", "CustomResourceDefinition"),
        ]
        .into(),
        Layer::Lifecycle => BTreeSet::new(),
        Layer::Workloads => [GroupKind::new("", "Pod"), job()].into(),
    };
    kinds.extend(controllers());
    for rule in catalog.watch_kinds() {
        let of_component = catalog
            .component(&rule.component)
            .is_some_and(|component| component.layer == layer);
        let is_application = rule.application().is_some();
        if of_component || (is_application && layer == Layer::Workloads) {
            kinds.insert(rule.kind.clone());
        }
    }
    kinds
}

pub(super) fn forbidden(cluster: &Cluster, kinds: &BTreeSet<GroupKind>) -> Vec<String> {
    let mut missing: Vec<String> = cluster
        .watches()
        .filter(|(kind, _)| kinds.contains(kind))
        .filter_map(|(_, watch)| watch.missing_permission().map(str::to_owned))
        .collect();
    missing.sort();
    missing.dedup();
    missing
}

/// The namespaces in which some of `kinds` are seen that may not be listed in the whole cluster.
pub(super) fn seen_in(cluster: &Cluster, kinds: &BTreeSet<GroupKind>) -> BTreeSet<Text> {
    cluster
        .watches()
        .filter(|(kind, _)| kinds.contains(kind))
        .flat_map(|(_, watch)| watch.namespaces())
        .cloned()
        .collect()
}
