//! What pods belong to: for every pod the topmost object above it that we know.
//!
//! Controllers stack up: a pod of a model server hangs on a ReplicaSet, that on a Deployment, that
//! on an InferenceService; a worker of a LeaderWorkerSet even on another pod. One training run, one
//! served model is one thing to a person, so everything below the topmost object is folded into it.
//! Where an operator sets no controlling reference, the labels that it writes name the owner.

use hashbrown::HashMap;
use strata_domain::{
    ids::{GroupKind, ObjectKey, Uid},
    metadata::{Labels, Metadata, Owner},
    pod::Pod,
};

use crate::fleet::{
    cluster::{Cluster, ObjectRef},
    table::Slot,
};

mod part;

pub(super) use part::is_part;

/// No real chain is longer; a loop of references would be endless.
const DEEPEST: usize = 12;

/// A label that names an owner: its key, and the owner's group and kind.
const OWNER_LABELS: [(&str, &str, &str); 10] = [
    (
        "serving.kserve.io/inferenceservice",
        "serving.kserve.io",
        "InferenceService",
    ),
    (
        "jobset.sigs.k8s.io/jobset-name",
        "jobset.x-k8s.io",
        "JobSet",
    ),
    (
        "leaderworkerset.sigs.k8s.io/name",
        "leaderworkerset.x-k8s.io",
        "LeaderWorkerSet",
    ),
    ("ray.io/cluster", "ray.io", "RayCluster"),
    ("volcano.sh/job-name", "batch.volcano.sh", "Job"),
    ("workflows.argoproj.io/workflow", "argoproj.io", "Workflow"),
    (
        "sparkoperator.k8s.io/app-name",
        "sparkoperator.k8s.io",
        "SparkApplication",
    ),
    ("notebook-name", "kubeflow.org", "Notebook"),
    ("kagent", "kagent.dev", "Agent"),
    (
        "nvidia.com/dynamo-graph-deployment-name",
        "nvidia.com",
        "DynamoGraphDeployment",
    ),
];

/// Which of [`Owners::roots`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RootId(u32);

/// A topmost owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Its group and kind.
    pub kind: GroupKind,
    /// Its namespace and name.
    pub key: ObjectKey,
    /// Its identity.
    pub uid: Uid,
    /// Its pods, by where they lie in the table of pods; done and failed ones included.
    pub pods: Vec<Slot>,
}

/// Who owns whom.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    roots: Vec<Root>,
    by_uid: HashMap<Uid, RootId>,
    /// By the pod's slot.
    of_pods: Vec<Option<RootId>>,
}

impl Owners {
    /// Finds the topmost owner of every pod, and of every object that is asked for with
    /// [`Owners::of_object`]'s kinds: workloads and custom objects.
    pub fn find(cluster: &Cluster) -> Self {
        let mut owners = Self::default();
        for custom in cluster.custom_kinds().flat_map(|kind| cluster.custom(kind)) {
            owners.root_of(cluster, ObjectRef::Custom(custom));
        }
        for workload in cluster.workloads() {
            owners.root_of(cluster, ObjectRef::Workload(workload));
        }
        for (slot, pod) in cluster.pod_table().slots() {
            let root = owners.root_of(cluster, ObjectRef::Pod(pod));
            if owners.of_pods.len() <= slot.position() {
                owners.of_pods.resize(slot.position() + 1, None);
            }
            if let Some(of_pod) = owners.of_pods.get_mut(slot.position()) {
                *of_pod = Some(root);
            }
            if let Some(root) = owners.roots.get_mut(root.0 as usize) {
                root.pods.push(slot);
            }
        }
        owners
    }

    /// Every topmost owner.
    pub fn roots(&self) -> impl Iterator<Item = (RootId, &Root)> {
        self.roots
            .iter()
            .zip(0..)
            .map(|(root, at)| (RootId(at), root))
    }

    /// The topmost owner `id`.
    pub fn root(&self, id: RootId) -> Option<&Root> {
        self.roots.get(id.0 as usize)
    }

    /// The topmost owner of the pod in `slot`; the pod itself where nothing owns it.
    pub fn of_pod(&self, slot: Slot) -> Option<RootId> {
        *self.of_pods.get(slot.position())?
    }

    /// The topmost owner of the workload or custom object `uid`; the object itself where nothing
    /// owns it.
    pub fn of_object(&self, uid: &Uid) -> Option<RootId> {
        self.by_uid.get(uid).copied()
    }

    /// Climbs from `object` to its topmost owner, and remembers it for all that was passed.
    fn root_of(&mut self, cluster: &Cluster, object: ObjectRef<'_>) -> RootId {
        let metadata = object.metadata();
        if let Some(known) = self.by_uid.get(&metadata.uid) {
            return *known;
        }
        let mut passed: Vec<Uid> = Vec::new();
        // Pods are many and are asked for once; what stands above them is what repeats.
        if !matches!(object, ObjectRef::Pod(_)) {
            passed.push(metadata.uid.clone());
        }
        let mut current = object;
        for _ in 0..DEEPEST {
            let Some(step) = above(cluster, current) else {
                break;
            };
            let (uid, next) = match step {
                Above::Held(next) => (&next.metadata().uid, Some(next)),
                Above::Named(owner) => (&owner.uid, None),
            };
            if let Some(known) = self.by_uid.get(uid).copied() {
                return self.remember(passed, known);
            }
            if passed.contains(uid) || *uid == metadata.uid {
                break;
            }
            match (next, step) {
                (Some(next), _) => {
                    passed.push(uid.clone());
                    current = next;
                }
                // An owner of a kind that is not watched stands for its pods, but what we know is
                // never hidden behind what we don't.
                (None, Above::Named(owner)) if matches!(current, ObjectRef::Pod(_)) => {
                    let key = ObjectKey {
                        namespace: current.metadata().key.namespace.clone(),
                        name: owner.name.clone(),
                    };
                    let kind = GroupKind {
                        group: owner.group.clone(),
                        kind: owner.kind.clone(),
                    };
                    passed.push(owner.uid.clone());
                    let root = self.add(kind, key, owner.uid.clone());
                    return self.remember(passed, root);
                }
                (None, _) => break,
            }
        }
        let top = current.metadata();
        let root = match self.by_uid.get(&top.uid) {
            Some(known) => *known,
            None => self.add(current.to_group_kind(), top.key.clone(), top.uid.clone()),
        };
        self.remember(passed, root)
    }

    fn add(&mut self, kind: GroupKind, key: ObjectKey, uid: Uid) -> RootId {
        let id = RootId(u32::try_from(self.roots.len()).unwrap_or(u32::MAX));
        self.roots.push(Root {
            kind,
            key,
            uid,
            pods: Vec::new(),
        });
        id
    }

    fn remember(&mut self, passed: Vec<Uid>, root: RootId) -> RootId {
        self.by_uid
            .extend(passed.into_iter().map(|uid| (uid, root)));
        root
    }
}

/// The next object up.
#[derive(Clone, Copy)]
enum Above<'a> {
    /// It is held.
    Held(ObjectRef<'a>),
    /// Only its reference is known.
    Named(&'a Owner),
}

fn above<'a>(cluster: &'a Cluster, object: ObjectRef<'a>) -> Option<Above<'a>> {
    let metadata = object.metadata();
    if metadata.owner.is_none() {
        return labelled_owner(cluster, metadata)
            .filter(|owner| owner.metadata().uid != metadata.uid)
            .map(Above::Held);
    }
    let owner = keeper(metadata)?;
    Some(match cluster.owner(owner) {
        Some(held) => Above::Held(held),
        None => Above::Named(owner),
    })
}

/// The owner whose part the object with `metadata` is, by its controlling reference.
pub(super) fn keeper(metadata: &Metadata) -> Option<&Owner> {
    metadata.owner.as_ref().filter(|owner| {
        // The kubelet's mirror of a static pod: the node runs it, but does not own it. And a schedule
        // starts runs; each is a thing of its own.
        !matches!(
            (owner.group.as_str(), owner.kind.as_str()),
            ("", "Node") | ("batch", "CronJob")
        )
    })
}

/// The owner that the labels of an object without a controlling reference name, if it is held.
fn labelled_owner<'a>(cluster: &'a Cluster, metadata: &Metadata) -> Option<ObjectRef<'a>> {
    let labels = &metadata.labels;
    if labels.is_empty() {
        return None;
    }
    let namespace = metadata.key.namespace.as_str();
    let held = |group: &str, kind: &str, name: &str| {
        cluster
            .custom_named(&GroupKind::new(group, kind), namespace, name)
            .map(ObjectRef::Custom)
    };
    by_label(labels)
        .find_map(|(group, kind, name)| held(group, kind, name))
        .or_else(|| {
            let crd = labels.get("ray.io/originated-from-crd")?;
            held("ray.io", crd, labels.get("ray.io/originated-from-cr-name")?)
        })
        .or_else(|| {
            let is_part = labels.get("app.kubernetes.io/part-of") == Some("llminferenceservice");
            let name = labels.get("app.kubernetes.io/name").filter(|_| is_part)?;
            held("serving.kserve.io", "LLMInferenceService", name)
        })
}

fn by_label(labels: &Labels) -> impl Iterator<Item = (&'static str, &'static str, &str)> {
    OWNER_LABELS
        .iter()
        .filter_map(|(label, group, kind)| Some((*group, *kind, labels.get(label)?)))
}

impl ObjectRef<'_> {
    /// The object's group and kind.
    fn to_group_kind(self) -> GroupKind {
        match self {
            Self::Pod(_) => GroupKind::new("", "Pod"),
            Self::Node(_) => GroupKind::new("", "Node"),
            Self::Workload(workload) => {
                GroupKind::new(workload.kind.group(), workload.kind.as_str())
            }
            Self::Custom(custom) => custom.kind.clone(),
            Self::ResourceSlice(_) | Self::Plain(_) => self.to_object().group_kind(),
        }
    }
}

/// Whether `pod` still counts towards what its owner keeps: neither done nor failed.
pub fn is_current(pod: &Pod) -> bool {
    use strata_domain::pod::Phase;
    !matches!(pod.phase, Phase::Succeeded | Phase::Failed)
}

#[cfg(test)]
mod tests;
