//! One cluster as far as it was heard: the connection, the watches, and the objects of every kind.
//!
//! Everything here is read by what is computed ([`crate::derive`], [`crate::project`]) and written
//! by [`crate::fold`] alone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use strata_domain::{
    custom::Custom,
    ids::{GroupKind, Uid},
    metadata::{Metadata, Owner},
    node::Node,
    object::Object,
    plain::{Plain, PlainKind},
    pod::Pod,
    resource_slice::ResourceSlice,
    workload::{Workload, WorkloadKind},
};
use strata_ports::{cluster::ServedKind, connection::ConnectionState};

use super::{table::Table, traffic::Traffic};

mod watch;

pub use watch::Watch;

/// A cluster that was asked for.
#[derive(Debug, Default)]
pub struct Cluster {
    pub(crate) connection: Option<ConnectionState>,
    pub(crate) served: Option<Vec<ServedKind>>,
    pub(crate) watches: BTreeMap<GroupKind, Watch>,
    pub(crate) heard_at: Option<Timestamp>,
    pub(crate) traffic: Traffic,
    pub(crate) nodes: Table<Node>,
    pub(crate) pods: Table<Pod>,
    pub(crate) slices: Table<ResourceSlice>,
    /// By kind; a kind without objects has no table, so that look-ups over all kinds stay short.
    pub(crate) workloads: BTreeMap<WorkloadKind, Table<Workload>>,
    pub(crate) plain: BTreeMap<GroupKind, Table<Plain>>,
    pub(crate) custom: BTreeMap<GroupKind, Table<Custom>>,
}

/// An object of any kind, where it lies.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "`strata_domain::object::Object` says it")]
pub enum ObjectRef<'a> {
    Node(&'a Node),
    Pod(&'a Pod),
    Workload(&'a Workload),
    ResourceSlice(&'a ResourceSlice),
    Plain(&'a Plain),
    Custom(&'a Custom),
}

impl<'a> ObjectRef<'a> {
    /// What every object carries.
    pub fn metadata(self) -> &'a Metadata {
        match self {
            Self::Node(node) => &node.metadata,
            Self::Pod(pod) => &pod.metadata,
            Self::Workload(workload) => &workload.metadata,
            Self::ResourceSlice(slice) => &slice.metadata,
            Self::Plain(plain) => &plain.metadata,
            Self::Custom(custom) => &custom.metadata,
        }
    }

    /// A copy of the object.
    pub fn to_object(self) -> Object {
        match self {
            Self::Node(node) => Object::Node(Box::new(node.clone())),
            Self::Pod(pod) => Object::Pod(Box::new(pod.clone())),
            Self::Workload(workload) => Object::Workload(Box::new(workload.clone())),
            Self::ResourceSlice(slice) => Object::ResourceSlice(Box::new(slice.clone())),
            Self::Plain(plain) => Object::Plain(Box::new(plain.clone())),
            Self::Custom(custom) => Object::Custom(Box::new(custom.clone())),
        }
    }
}

/// What is known of the connection.
impl Cluster {
    /// Where the connection stands; `None` before the first word of it.
    pub fn connection(&self) -> Option<&ConnectionState> {
        self.connection.as_ref()
    }

    /// What the server serves; `None` before the first discovery.
    pub fn served(&self) -> Option<&[ServedKind]> {
        self.served.as_deref()
    }

    /// The server's `gitVersion`, while it answers.
    pub fn version(&self) -> Option<&str> {
        match &self.connection {
            Some(ConnectionState::Live { version }) => Some(version),
            _ => None,
        }
    }

    /// Every watch, by kind.
    pub fn watches(&self) -> impl Iterator<Item = (&GroupKind, &Watch)> {
        self.watches.iter()
    }

    /// The watch of `kind`.
    pub fn watch(&self, kind: &GroupKind) -> Option<&Watch> {
        self.watches.get(kind)
    }

    /// Whether every kind was listed once, or never will be: nothing is still to come.
    pub fn is_complete(&self) -> bool {
        self.served.is_some()
            && !self.watches.is_empty()
            && self.watches.values().all(Watch::is_settled)
    }

    /// When anything was last heard of the cluster.
    pub fn heard_at(&self) -> Option<Timestamp> {
        self.heard_at
    }

    /// How much was read lately.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// How many objects are held.
    pub fn objects(&self) -> usize {
        self.nodes.len()
            + self.pods.len()
            + self.slices.len()
            + self.workloads.values().map(Table::len).sum::<usize>()
            + self.plain.values().map(Table::len).sum::<usize>()
            + self.custom.values().map(Table::len).sum::<usize>()
    }

    /// How many objects of `kind` are held.
    pub fn objects_of(&self, kind: &GroupKind) -> usize {
        match place_of(kind) {
            Place::Nodes => self.nodes.len(),
            Place::Pods => self.pods.len(),
            Place::Slices => self.slices.len(),
            Place::Workloads(workload) => self.workloads.get(&workload).map_or(0, Table::len),
            Place::ByKind => {
                self.plain.get(kind).map_or(0, Table::len)
                    + self.custom.get(kind).map_or(0, Table::len)
            }
        }
    }
}

/// The objects.
impl Cluster {
    /// Every node.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// The node called `name`.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.named("", name)
    }

    /// Every pod.
    pub fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.pods.iter()
    }

    /// The pod `uid`.
    pub fn pod(&self, uid: &Uid) -> Option<&Pod> {
        self.pods.get(uid)
    }

    /// The pod called `name` in `namespace`.
    pub fn pod_named(&self, namespace: &str, name: &str) -> Option<&Pod> {
        self.pods.named(namespace, name)
    }

    /// The pods that are bound to the node `node`, done and failed ones included.
    pub fn pods_on(&self, node: &str) -> impl Iterator<Item = &Pod> {
        self.pods.on_node(node)
    }

    /// The pods that `owner` controls directly.
    pub fn pods_of_owner(&self, owner: &Uid) -> impl Iterator<Item = &Pod> {
        self.pods.owned_by(owner)
    }

    /// Every workload, kind by kind.
    pub fn workloads(&self) -> impl Iterator<Item = &Workload> {
        self.workloads.values().flat_map(Table::iter)
    }

    /// The workload `uid`.
    pub fn workload(&self, uid: &Uid) -> Option<&Workload> {
        self.workloads.values().find_map(|table| table.get(uid))
    }

    /// The workload of `kind` called `name` in `namespace`.
    pub fn workload_named(
        &self,
        kind: WorkloadKind,
        namespace: &str,
        name: &str,
    ) -> Option<&Workload> {
        self.workloads.get(&kind)?.named(namespace, name)
    }

    /// The workloads that `owner` controls directly.
    pub fn workloads_owned_by(&self, owner: &Uid) -> impl Iterator<Item = &Workload> {
        self.workloads
            .values()
            .flat_map(|table| table.owned_by(owner))
    }

    /// Every resource slice.
    pub fn slices(&self) -> impl Iterator<Item = &ResourceSlice> {
        self.slices.iter()
    }

    /// Every plain object, kind by kind.
    pub fn plain(&self) -> impl Iterator<Item = &Plain> {
        self.plain.values().flat_map(Table::iter)
    }

    /// Every plain object of `kind`.
    pub fn plain_of(&self, kind: &GroupKind) -> impl Iterator<Item = &Plain> {
        self.plain.get(kind).into_iter().flat_map(Table::iter)
    }

    /// Every namespace object.
    pub fn namespaces(&self) -> impl Iterator<Item = &Plain> {
        self.plain()
            .filter(|plain| plain.kind == PlainKind::Namespace)
    }

    /// The kinds of custom objects of which there is at least one.
    pub fn custom_kinds(&self) -> impl Iterator<Item = &GroupKind> {
        self.custom.keys()
    }

    /// Every custom object of `kind`.
    pub fn custom(&self, kind: &GroupKind) -> impl Iterator<Item = &Custom> {
        self.custom.get(kind).into_iter().flat_map(Table::iter)
    }

    /// The custom object of `kind` called `name` in `namespace`.
    pub fn custom_named(&self, kind: &GroupKind, namespace: &str, name: &str) -> Option<&Custom> {
        self.custom.get(kind)?.named(namespace, name)
    }

    /// The custom objects of `kind` that `owner` controls directly.
    pub fn custom_owned_by(&self, kind: &GroupKind, owner: &Uid) -> impl Iterator<Item = &Custom> {
        self.custom
            .get(kind)
            .into_iter()
            .flat_map(move |table| table.owned_by(owner))
    }

    /// The object that an owner reference names, if it is held. Quicker than asking by identity
    /// alone, since the reference tells the kind.
    pub fn owner(&self, owner: &Owner) -> Option<ObjectRef<'_>> {
        let kind = GroupKind {
            group: owner.group.clone(),
            kind: owner.kind.clone(),
        };
        self.object(&kind, &owner.uid)
    }

    /// The object `uid` of `kind`.
    pub fn object(&self, kind: &GroupKind, uid: &Uid) -> Option<ObjectRef<'_>> {
        match place_of(kind) {
            Place::Nodes => self.nodes.get(uid).map(ObjectRef::Node),
            Place::Pods => self.pods.get(uid).map(ObjectRef::Pod),
            Place::Slices => self.slices.get(uid).map(ObjectRef::ResourceSlice),
            Place::Workloads(workload) => self
                .workloads
                .get(&workload)?
                .get(uid)
                .map(ObjectRef::Workload),
            Place::ByKind => {
                let custom = || self.custom.get(kind)?.get(uid).map(ObjectRef::Custom);
                let plain = || self.plain.get(kind)?.get(uid).map(ObjectRef::Plain);
                custom().or_else(plain)
            }
        }
    }

    /// Every object that `owner` controls directly, pods, workloads and custom objects alike.
    pub fn objects_owned_by(&self, owner: &Uid) -> impl Iterator<Item = ObjectRef<'_>> {
        let pods = self.pods.owned_by(owner).map(ObjectRef::Pod);
        let workloads = self.workloads_owned_by(owner).map(ObjectRef::Workload);
        let custom = self
            .custom
            .values()
            .flat_map(|table| table.owned_by(owner))
            .map(ObjectRef::Custom);
        pods.chain(workloads).chain(custom)
    }

    /// Every object, kind by kind.
    pub fn all(&self) -> impl Iterator<Item = ObjectRef<'_>> {
        let nodes = self.nodes.iter().map(ObjectRef::Node);
        let pods = self.pods.iter().map(ObjectRef::Pod);
        let slices = self.slices.iter().map(ObjectRef::ResourceSlice);
        let workloads = self.workloads().map(ObjectRef::Workload);
        let plain = self.plain().map(ObjectRef::Plain);
        let custom = self
            .custom
            .values()
            .flat_map(Table::iter)
            .map(ObjectRef::Custom);
        nodes
            .chain(pods)
            .chain(slices)
            .chain(workloads)
            .chain(plain)
            .chain(custom)
    }

    /// The table of pods, for projections that keep an order of slots.
    pub fn pod_table(&self) -> &Table<Pod> {
        &self.pods
    }
}

/// Which tables hold a kind.
pub(crate) enum Place {
    Nodes,
    Pods,
    Slices,
    Workloads(WorkloadKind),
    /// Among the plain or the custom ones: what the objects are decides.
    ByKind,
}

/// Which tables hold `kind`.
pub(crate) fn place_of(kind: &GroupKind) -> Place {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Node") => Place::Nodes,
        ("", "Pod") => Place::Pods,
        ("resource.k8s.io", "ResourceSlice") => Place::Slices,
        ("apps", "Deployment") => Place::Workloads(WorkloadKind::Deployment),
        ("apps", "StatefulSet") => Place::Workloads(WorkloadKind::StatefulSet),
        ("apps", "DaemonSet") => Place::Workloads(WorkloadKind::DaemonSet),
        ("apps", "ReplicaSet") => Place::Workloads(WorkloadKind::ReplicaSet),
        ("batch", "Job") => Place::Workloads(WorkloadKind::Job),
        _ => Place::ByKind,
    }
}
