//! Who holds a GPU: the pod, the thing that it is a part of, its queue, and who answers for it.

use std::sync::Arc;

use hashbrown::HashMap;
use jiff::Timestamp;
use strata_domain::{
    ids::{ObjectKey, Uid},
    pod::Pod,
    text::Text,
};
use strata_ports::telemetry::{HolderTold, Instance};

use crate::{derive::Derived, fleet::cluster::Cluster};

/// Labels by which people and platforms say whose a pod is, the plainest first.
const OWNER_LABELS: [&str; 7] = [
    "owner",
    "user",
    "team",
    "hub.jupyter.org/username",
    "kubeflow.org/user",
    "app.kubernetes.io/managed-by-team",
    "project",
];

/// Who holds a GPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The pod.
    pub pod: ObjectKey,
    /// The pod's identity.
    pub uid: Uid,
    /// When the pod was taken on by its node, else when it was created.
    pub since: Option<Timestamp>,
    /// The container; empty where it is not told.
    pub container: Text,
    /// The MIG instance that it holds; empty for the whole device.
    pub instance: Text,
    /// The API group of the topmost owner's kind.
    pub workload_group: Text,
    /// The topmost owner's kind.
    pub workload_kind: Text,
    /// The topmost owner's name.
    pub workload: Text,
    /// The queue that let it in; may be empty.
    pub queue: Text,
    /// Who answers for it; may be empty.
    pub owner: Text,
}

/// The holders of a cluster, each made once.
pub(super) struct Holders<'a> {
    cluster: &'a Cluster,
    derived: &'a Derived,
    known: HashMap<ObjectKey, Arc<Holder>>,
}

impl<'a> Holders<'a> {
    pub(super) fn of(cluster: &'a Cluster, derived: &'a Derived) -> Self {
        Self {
            cluster,
            derived,
            known: HashMap::new(),
        }
    }

    /// The holder that `pod` is, of whose container an exporter tells.
    pub(super) fn told(
        &mut self,
        pod: &Pod,
        told: &HolderTold,
        instance: Option<&Instance>,
    ) -> Arc<Holder> {
        let known = self.counted(pod);
        let instance = instance.map(|one| one.profile.clone()).unwrap_or_default();
        if known.container == told.container && known.instance == instance {
            return known;
        }
        let holder = Arc::new(Holder {
            container: told.container.clone(),
            instance,
            ..Holder::clone(&known)
        });
        if holder.instance.is_empty() {
            self.known
                .insert(pod.metadata.key.clone(), Arc::clone(&holder));
        }
        holder
    }

    /// The holder that `pod` is.
    pub(super) fn counted(&mut self, pod: &Pod) -> Arc<Holder> {
        if let Some(known) = self.known.get(&pod.metadata.key) {
            return Arc::clone(known);
        }
        let holder = Arc::new(self.read(pod));
        self.known
            .insert(pod.metadata.key.clone(), Arc::clone(&holder));
        holder
    }

    fn read(&self, pod: &Pod) -> Holder {
        let derived = self.derived;
        let root_id = self
            .cluster
            .pod_table()
            .slot_of(&pod.metadata.uid)
            .and_then(|slot| derived.owners.of_pod(slot));
        let root = root_id.and_then(|id| derived.owners.root(id));
        let queue = root_id
            .and_then(|id| derived.queues.admission(id))
            .map(|admission| admission.queue.clone())
            .filter(|queue| !queue.is_empty())
            .or_else(|| derived.queues.of_labels(&pod.metadata.labels).cloned());
        let owner = OWNER_LABELS
            .iter()
            .find_map(|key| pod.metadata.labels.get(key))
            .map(Text::from);
        Holder {
            pod: pod.metadata.key.clone(),
            container: Text::default(),
            instance: Text::default(),
            uid: pod.metadata.uid.clone(),
            since: pod.started.or(pod.metadata.created),
            workload_group: root.map_or_else(Text::default, |root| root.kind.group.clone()),
            workload_kind: root.map_or_else(|| Text::from("Pod"), |root| root.kind.kind.clone()),
            workload: root.map_or_else(
                || pod.metadata.key.name.clone(),
                |root| root.key.name.clone(),
            ),
            queue: queue.unwrap_or_default(),
            owner: owner.unwrap_or_default(),
        }
    }
}
