//! By what the components of the catalogue are known to be in a cluster.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use strata_catalog::{Catalog, Component};
use strata_domain::{
    ids::{GroupKind, Uid},
    node::Node,
    plain::PlainKind,
    pod::Pod,
    text::Text,
    workload::{Workload, WorkloadKind},
};

use crate::{
    derive::owners::{Owners, RootId},
    fleet::cluster::Cluster,
};

/// Everything that speaks for one component.
#[derive(Debug, Default)]
pub(super) struct Evidence<'a> {
    /// The workloads that it consists of.
    pub(super) workloads: Vec<&'a Workload>,
    /// Its pods that no workload keeps, such as static pods.
    pub(super) pods: Vec<&'a Pod>,
    /// Whether a kind of its own is served.
    pub(super) is_served: bool,
    /// Whether something that only it does is done: a resource on nodes, a driver, a label.
    pub(super) is_at_work: bool,
    /// How many nodes run it and tell so themselves: container runtimes.
    pub(super) nodes: u32,
    /// Its aggregated APIs that do not answer, and why.
    pub(super) unavailable: Vec<(&'a Text, &'a Text)>,
}

impl Evidence<'_> {
    pub(super) fn is_present(&self) -> bool {
        !self.workloads.is_empty()
            || !self.pods.is_empty()
            || self.is_served
            || self.is_at_work
            || self.nodes > 0
    }
}

/// The evidence for every component, by its position in the catalogue, and what was recognised.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub(super) by_position: BTreeMap<usize, Evidence<'a>>,
    pub(super) of_workload: HashMap<Uid, usize>,
    pub(super) of_pod: HashMap<Uid, usize>,
}

impl<'a> Found<'a> {
    /// Goes once over everything that can speak for a component.
    pub(super) fn look(cluster: &'a Cluster, catalog: &Catalog, owners: &Owners) -> Self {
        let mut found = Self::default();
        found.look_at_workloads(cluster, catalog, owners);
        found.look_at_lone_pods(cluster, catalog, owners);
        for served in cluster.served().unwrap_or_default() {
            let versions = || {
                served
                    .versions
                    .iter()
                    .find_map(|version| catalog.recognise_kind_version(&served.kind, version))
            };
            let component = catalog.recognise_kind(&served.kind).or_else(versions);
            found.note(catalog, component, |evidence| evidence.is_served = true);
        }
        found.look_at_nodes(cluster, catalog);
        found.look_at_plain(cluster, catalog);
        let drivers: HashSet<&Text> = cluster.slices().map(|slice| &slice.driver).collect();
        for driver in drivers {
            let component = catalog.recognise_dra_driver(driver);
            found.note(catalog, component, |evidence| evidence.is_at_work = true);
        }
        found
    }

    fn note(
        &mut self,
        catalog: &Catalog,
        component: Option<&Component>,
        record: impl FnOnce(&mut Evidence<'a>),
    ) -> Option<usize> {
        let position = catalog.position(&component?.id)?;
        record(self.by_position.entry(position).or_default());
        Some(position)
    }

    fn look_at_workloads(&mut self, cluster: &'a Cluster, catalog: &Catalog, owners: &Owners) {
        let mut applications = ApplicationRoots::default();
        for workload in cluster.workloads() {
            // A ReplicaSet repeats its Deployment; a Job comes and goes.
            let is_lasting = match workload.kind {
                WorkloadKind::ReplicaSet => workload.metadata.owner.is_none(),
                WorkloadKind::Job => false,
                _ => true,
            };
            let metadata = &workload.metadata;
            let component = catalog.recognise_workload(
                &metadata.key.namespace,
                &metadata.key.name,
                &metadata.labels,
                &workload.images,
            );
            let Some(component) = component else { continue };
            let Some(position) = catalog.position(&component.id) else {
                continue;
            };
            self.of_workload.insert(metadata.uid.clone(), position);
            let root = owners.of_object(&metadata.uid);
            if is_lasting && !root.is_some_and(|root| applications.has(root, owners, catalog)) {
                self.by_position
                    .entry(position)
                    .or_default()
                    .workloads
                    .push(workload);
            }
        }
    }

    fn look_at_lone_pods(&mut self, cluster: &'a Cluster, catalog: &Catalog, owners: &Owners) {
        let pod_kind = GroupKind::new("", "Pod");
        for (_, root) in owners.roots().filter(|(_, root)| root.kind == pod_kind) {
            for pod in root
                .pods
                .iter()
                .filter_map(|slot| cluster.pod_table().at(*slot))
            {
                if pod.metadata.uid != root.uid {
                    continue;
                }
                let metadata = &pod.metadata;
                let images: Vec<Text> = pod
                    .containers
                    .iter()
                    .map(|container| container.image.clone())
                    .collect();
                let component = catalog.recognise_workload(
                    &metadata.key.namespace,
                    &metadata.key.name,
                    &metadata.labels,
                    &images,
                );
                if let Some(position) =
                    self.note(catalog, component, |evidence| evidence.pods.push(pod))
                {
                    self.of_pod.insert(metadata.uid.clone(), position);
                }
            }
        }
    }

    fn look_at_nodes(&mut self, cluster: &'a Cluster, catalog: &Catalog) {
        let mut seen: HashSet<(usize, usize)> = HashSet::new();
        let mut is_new = |key: &str, value: &str| {
            // Equal labels of many nodes share storage, so most of them are known by their place.
            seen.insert((key.as_ptr() as usize, value.as_ptr() as usize))
        };
        for node in cluster.nodes() {
            for (key, value) in node.metadata.labels.iter() {
                if is_new(key, value) {
                    let component = catalog.recognise_node_label(key, value);
                    self.note(catalog, component, |evidence| evidence.is_at_work = true);
                }
            }
            for (resource, _) in &node.capacity.extended {
                if is_new(resource, "") {
                    let component = catalog.recognise_resource(resource);
                    self.note(catalog, component, |evidence| evidence.is_at_work = true);
                }
            }
            let runtime = runtime_of(catalog, node);
            self.note(catalog, runtime, |evidence| evidence.nodes += 1);
            let provider = catalog.recognise_provider(&node.provider_id);
            self.note(catalog, provider, |evidence| evidence.is_at_work = true);
        }
    }

    fn look_at_plain(&mut self, cluster: &'a Cluster, catalog: &Catalog) {
        for plain in cluster.plain() {
            let name = &plain.metadata.key.name;
            let component = match &plain.kind {
                PlainKind::CsiDriver => catalog.recognise_csi_driver(name),
                PlainKind::StorageClass { provisioner } => {
                    catalog.recognise_provisioner(provisioner)
                }
                PlainKind::RuntimeClass { handler } => catalog.recognise_runtime_class(handler),
                PlainKind::ApiService { aggregated: true } => catalog.recognise_api_service(name),
                _ => None,
            };
            let answer = strata_domain::condition::find(&plain.conditions, "Available")
                .filter(|found| found.status == strata_domain::condition::Status::False);
            self.note(catalog, component, |evidence| {
                evidence.is_at_work |= answer.is_none();
                // An API that is registered and does not answer is present too.
                evidence.is_served |= answer.is_some();
                if let Some(answer) = answer {
                    evidence.unavailable.push((name, &answer.message));
                }
            });
        }
    }
}

/// The component that a node names as its container runtime.
pub(super) fn runtime_of<'c>(catalog: &'c Catalog, node: &Node) -> Option<&'c Component> {
    catalog.recognise_container_runtime(&node.software.container_runtime)
}

/// Which topmost owners are applications: what hangs below one is its engine, not a component of
/// the cluster.
#[derive(Default)]
struct ApplicationRoots {
    by_kind: HashMap<GroupKind, bool>,
}

impl ApplicationRoots {
    fn has(&mut self, root: RootId, owners: &Owners, catalog: &Catalog) -> bool {
        let Some(root) = owners.root(root) else {
            return false;
        };
        if let Some(known) = self.by_kind.get(&root.kind) {
            return *known;
        }
        let rule = catalog.kind_rule(&root.kind);
        let is_application = rule.is_some_and(|rule| rule.application().is_some());
        self.by_kind.insert(root.kind.clone(), is_application);
        is_application
    }
}
