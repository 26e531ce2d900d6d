//! What must hold whatever happens, in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::{collection::vec, prelude::*, sample::select};
use strata_api::topics::{PodColumn, PodSort, Topic, Window};
use strata_domain::{
    ids::{GroupKind, Uid},
    object::Object,
    pod::{Phase, Pod},
};
use strata_engine::{
    derive::pods::judge,
    fleet::cluster::{Cluster, ObjectRef},
    fold::{self, Dirty},
};
use strata_ports::cluster::ClusterEvent;
use strata_test_support::{
    clock::time,
    objects::{custom, deployment, namespace, node, pod, pod_kind, replica_set, uid},
};

use crate::world::World;

const NOW: &str = "2026-03-01T12:00:00Z";

/// Objects of every sort of table, in a small world so that they meet often.
fn any_object() -> impl Strategy<Value = Object> {
    let name = || select(vec!["a", "b", "c", "d"]);
    prop_oneof![
        4 => any_pod(),
        1 => (name(), any::<bool>()).prop_map(|(name, ready)| {
            let node = node(name).gpus(8);
            if ready { node.object() } else { node.not_ready().object() }
        }),
        1 => (name(), 0..3_u32).prop_map(|(name, ready)| {
            deployment("prod", name).ready(ready, 2).object()
        }),
        1 => name().prop_map(|name| namespace(name).object()),
        1 => (name(), select(vec!["0", "3"])).prop_map(|(name, pending)| {
            custom("kueue.x-k8s.io", "ClusterQueue", "", name)
                .field("status.pendingWorkloads", pending)
                .object()
        }),
    ]
}

fn any_pod() -> impl Strategy<Value = Object> {
    (
        select(vec!["prod", "dev", "test"]),
        select(vec!["api-1", "api-2", "train-a", "train-b", "web"]),
        select(vec!["", "a", "b", "c"]),
        0..4_u64,
        0..6_u32,
        select(vec![
            Phase::Running,
            Phase::Pending,
            Phase::Succeeded,
            Phase::Failed,
        ]),
        select(vec![None, Some("api"), Some("train")]),
    )
        .prop_map(|(namespace, name, node, gpus, restarts, phase, owner)| {
            let mut built = pod(namespace, name)
                .on(node)
                .gpus(gpus)
                .phase(phase)
                .restarts(restarts);
            if let Some(owner) = owner {
                built = built.owned_by(&replica_set(namespace, owner).object());
            }
            built.object()
        })
}

#[derive(Clone, Debug)]
enum Change {
    Apply(Object),
    Delete(Object),
    Replace(GroupKind, Vec<Object>),
}

impl Change {
    fn event(&self) -> ClusterEvent {
        match self {
            Self::Apply(object) => ClusterEvent::Applied(object.clone()),
            Self::Delete(object) => ClusterEvent::Deleted {
                kind: object.group_kind(),
                uid: object.metadata().uid.clone(),
            },
            Self::Replace(kind, objects) => ClusterEvent::Replaced {
                kind: kind.clone(),
                objects: objects.clone(),
            },
        }
    }
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => any_object().prop_map(Change::Apply),
        3 => any_object().prop_map(Change::Delete),
        1 => (any_object(), vec(any_object(), 0..8)).prop_map(|(one, others)| {
            let kind = one.group_kind();
            let of_kind = others.into_iter().filter(|other| other.group_kind() == kind);
            Change::Replace(kind.clone(), of_kind.collect())
        }),
    ]
}

/// What the changes leave, by the plainest means.
#[derive(Clone, Debug, Default)]
struct Reference(BTreeMap<(GroupKind, Uid), Object>);

impl Reference {
    fn change(&mut self, change: &Change) {
        let key = |object: &Object| (object.group_kind(), object.metadata().uid.clone());
        match change {
            Change::Apply(object) => {
                self.0.insert(key(object), object.clone());
            }
            Change::Delete(object) => {
                self.0.remove(&key(object));
            }
            Change::Replace(kind, objects) => {
                self.0.retain(|(known, _), _| known != kind);
                self.0
                    .extend(objects.iter().map(|object| (key(object), object.clone())));
            }
        }
    }

    fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.0.values().filter_map(|object| match object {
            Object::Pod(pod) => Some(&**pod),
            _ => None,
        })
    }
}

fn held(cluster: &Cluster) -> BTreeMap<(GroupKind, Uid), Object> {
    let object = |held: ObjectRef<'_>| {
        let object = held.to_object();
        ((object.group_kind(), object.metadata().uid.clone()), object)
    };
    cluster.all().map(object).collect()
}

fn uids<'a>(pods: impl Iterator<Item = &'a Pod>) -> BTreeSet<Uid> {
    pods.map(|pod| pod.metadata.uid.clone()).collect()
}

proptest! {
    #[test]
    fn folding_any_changes_leaves_what_they_say(changes in vec(any_change(), 0..60)) {
        let mut cluster = Cluster::default();
        let mut reference = Reference::default();
        let mut dirty = Dirty::default();
        for change in &changes {
            fold::apply(&mut cluster, change.event(), time(NOW), &mut dirty);
            reference.change(change);
        }
        prop_assert_eq!(held(&cluster), reference.0.clone());
        prop_assert_eq!(cluster.objects(), reference.0.len());
        for node in ["a", "b", "c"] {
            let expected = uids(reference.pods().filter(|pod| pod.node == node));
            prop_assert_eq!(uids(cluster.pods_on(node)), expected);
        }
        for namespace in ["prod", "dev", "test"] {
            let here = |pod: &&Pod| pod.metadata.key.namespace == namespace;
            let counted = cluster.pod_table().namespaces();
            let counted = counted.filter(|(name, _)| **name == *namespace).map(|(_, pods)| pods);
            prop_assert_eq!(counted.sum::<usize>(), reference.pods().filter(here).count());
            for owner in ["api", "train"] {
                let owner = uid("ReplicaSet", namespace, owner);
                let owned = |pod: &&Pod| {
                    pod.metadata.owner.as_ref().is_some_and(|known| known.uid == owner)
                };
                let expected = uids(reference.pods().filter(owned));
                prop_assert_eq!(uids(cluster.pods_of_owner(&owner)), expected);
            }
        }
        for pod in reference.pods() {
            let key = &pod.metadata.key;
            prop_assert_eq!(cluster.pod_named(&key.namespace, &key.name), Some(pod));
        }
    }

    #[test]
    fn folding_any_changes_before_a_final_list_equals_the_list(
        changes in vec(any_change(), 0..40),
        list in vec(any_object(), 0..20),
    ) {
        let mut cluster = Cluster::default();
        let mut dirty = Dirty::default();
        let mut kinds = BTreeSet::new();
        for change in &changes {
            kinds.extend(match change {
                Change::Apply(object) | Change::Delete(object) => Some(object.group_kind()),
                Change::Replace(kind, _) => Some(kind.clone()),
            });
            fold::apply(&mut cluster, change.event(), time(NOW), &mut dirty);
        }
        kinds.extend(list.iter().map(Object::group_kind));
        let mut reference = Reference::default();
        for kind in kinds {
            let objects = list.iter().filter(|object| object.group_kind() == kind).cloned();
            let last = Change::Replace(kind.clone(), objects.collect());
            fold::apply(&mut cluster, last.event(), time(NOW), &mut dirty);
            reference.change(&last);
        }
        prop_assert_eq!(held(&cluster), reference.0);
    }
}

/// A question about pods.
#[derive(Clone, Debug)]
struct Question {
    namespaces: Vec<String>,
    filter: String,
    sort: PodSort,
    window: Window,
}

fn any_question() -> impl Strategy<Value = Question> {
    (
        select(vec![
            vec![],
            vec!["prod"],
            vec!["dev", "test"],
            vec!["nowhere"],
        ]),
        select(vec!["", "api", "PROD", "b", "train-", "zzz"]),
        select(vec![
            PodColumn::Name,
            PodColumn::Namespace,
            PodColumn::Node,
            PodColumn::Severity,
            PodColumn::Gpus,
            PodColumn::Restarts,
            PodColumn::Age,
        ]),
        any::<bool>(),
        0..4_u32,
        0..8_u32,
    )
        .prop_map(
            |(namespaces, filter, by, descending, first, count)| Question {
                namespaces: namespaces.into_iter().map(str::to_owned).collect(),
                filter: filter.to_owned(),
                sort: PodSort { by, descending },
                window: Window { first, count },
            },
        )
}

impl Question {
    fn topic(&self) -> Topic {
        Topic::Pods {
            cluster: "west".to_owned(),
            of: None,
            namespaces: self.namespaces.clone(),
            filter: self.filter.clone(),
            sort: self.sort,
            window: self.window,
        }
    }

    /// The answer, by the plainest means: the ids in the window, the total, the total without the
    /// filter.
    fn answer(&self, reference: &Reference, now: Timestamp) -> (Vec<String>, u32, u32) {
        let nodes: BTreeMap<&str, _> = reference
            .0
            .values()
            .filter_map(|object| match object {
                Object::Node(node) => Some((node.metadata.key.name.as_str(), &**node)),
                _ => None,
            })
            .collect();
        let in_namespaces = |pod: &&Pod| {
            let namespace = pod.metadata.key.namespace.as_str();
            self.namespaces.is_empty() || self.namespaces.iter().any(|asked| asked == namespace)
        };
        let unfiltered = reference.pods().filter(in_namespaces).count();
        let wanted = self.filter.to_lowercase();
        let matches = |pod: &&Pod| {
            let key = &pod.metadata.key;
            [&key.name, &key.namespace, &pod.node]
                .iter()
                .any(|text| text.contains(&*wanted))
        };
        let mut pods: Vec<&Pod> = reference
            .pods()
            .filter(in_namespaces)
            .filter(matches)
            .collect();
        pods.sort_by(|left, right| {
            let key = |pod: &Pod| {
                let severity = judge(pod, nodes.get(pod.node.as_str()).copied(), now).severity;
                let age = pod.metadata.created.map(|at| now.duration_since(at));
                match self.sort.by {
                    PodColumn::Name => (pod.metadata.key.name.to_string(), 0, None),
                    PodColumn::Namespace => (pod.metadata.key.namespace.to_string(), 0, None),
                    PodColumn::Node => (pod.node.to_string(), 0, None),
                    PodColumn::Severity => (String::new(), severity as u64, None),
                    PodColumn::Gpus => {
                        let gpus = pod.requests.extended("nvidia.com/gpu");
                        (String::new(), gpus.unwrap_or_default(), None)
                    }
                    PodColumn::Restarts => (String::new(), pod.restarts().into(), None),
                    PodColumn::Age => (String::new(), 0, age),
                }
            };
            let by_column = key(left).cmp(&key(right));
            let by_column = if self.sort.descending {
                by_column.reverse()
            } else {
                by_column
            };
            by_column.then_with(|| left.metadata.key.cmp(&right.metadata.key))
        });
        let window = pods
            .iter()
            .skip(self.window.first as usize)
            .take(self.window.count as usize)
            .map(|pod| pod.metadata.uid.0.to_string());
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (window.collect(), count(pods.len()), count(unfiltered))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_window_never_lies_and_deltas_lead_where_a_snapshot_does(
        question in any_question(),
        batches in vec(vec(any_change(), 0..12), 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let world = World::start();
            world.connect("west").await.expect("west is listed");
            let followed = world.subscribe(question.topic()).await;
            let mut reference = Reference::default();
            for batch in &batches {
                world.clusters.say("west", batch.iter().map(Change::event).collect());
                for change in batch {
                    reference.change(change);
                }
                let (order, total, unfiltered) = question.answer(&reference, time(NOW));
                let told = followed.wait_for(|view| {
                    (view.order.as_slice(), view.total, view.unfiltered)
                        == (order.as_slice(), total, unfiltered)
                });
                told.await;
            }
            let fresh = world.subscribe(question.topic()).await;
            let fresh = fresh.wait_for(|view| view.snapshots == 1).await;
            let followed = followed.wait_for(|view| view.rows == fresh.rows).await;
            assert_eq!(
                (followed.order, followed.total, followed.unfiltered),
                (fresh.order, fresh.total, fresh.unfiltered),
            );
            world.engine.shutdown().await;
        });
    }
}

#[test]
fn the_reference_counts_what_it_is_told() {
    let mut reference = Reference::default();
    let object = pod("prod", "api").object();
    reference.change(&Change::Apply(object.clone()));
    assert_eq!(reference.pods().count(), 1);
    reference.change(&Change::Replace(pod_kind(), Vec::new()));
    assert_eq!(reference.pods().count(), 0);
    reference.change(&Change::Delete(object));
    assert_eq!(reference.pods().count(), 0);
}
