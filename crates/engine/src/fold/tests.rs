use strata_domain::pod::Phase;
use strata_ports::connection::ConnectionState;
use strata_test_support::{
    clock::time,
    objects::{custom, deployment, namespace, node, node_kind, pod, pod_kind, uid},
};

use super::*;

const NOW: &str = "2026-03-01T12:00:00Z";

fn fold(cluster: &mut Cluster, events: Vec<ClusterEvent>) -> Dirty {
    let mut dirty = Dirty::default();
    for event in events {
        apply(cluster, event, time(NOW), &mut dirty);
    }
    dirty
}

#[test]
fn deleting_a_node_leaves_its_pods_and_forgets_the_node() {
    let mut cluster = Cluster::default();
    fold(
        &mut cluster,
        vec![
            ClusterEvent::Applied(node("n1").gpus(8).object()),
            ClusterEvent::Applied(pod("prod", "api").on("n1").object()),
        ],
    );
    let dirty = fold(
        &mut cluster,
        vec![ClusterEvent::Deleted {
            kind: node_kind(),
            uid: uid("Node", "", "n1"),
        }],
    );
    assert!(cluster.node("n1").is_none());
    assert_eq!(cluster.pods_on("n1").count(), 1);
    assert!(dirty.nodes.contains(&"n1".into()));
    assert!(dirty.pods.slots.is_none());
}

#[test]
fn a_list_replaces_its_kind_and_no_other() {
    let mut cluster = Cluster::default();
    let queue = |name| custom("kueue.x-k8s.io", "ClusterQueue", "", name).object();
    let kind = GroupKind::new("kueue.x-k8s.io", "ClusterQueue");
    fold(
        &mut cluster,
        vec![
            ClusterEvent::Applied(queue("gone")),
            ClusterEvent::Applied(deployment("prod", "api").object()),
            ClusterEvent::Applied(namespace("prod").object()),
            ClusterEvent::Applied(pod("prod", "api-1").object()),
        ],
    );
    fold(
        &mut cluster,
        vec![ClusterEvent::Replaced {
            kind: kind.clone(),
            objects: vec![queue("stays")],
        }],
    );
    let names: Vec<&str> = cluster
        .custom(&kind)
        .map(|queue| queue.metadata.key.name.as_str())
        .collect();
    assert_eq!(names, ["stays"]);
    assert_eq!(cluster.workloads().count(), 1);
    assert_eq!(cluster.namespaces().count(), 1);
    assert_eq!(cluster.pods().count(), 1);
    assert_eq!(cluster.objects(), 4);
}

#[test]
fn an_empty_list_leaves_nothing_of_its_kind() {
    let mut cluster = Cluster::default();
    let kind = GroupKind::new("apps", "Deployment");
    fold(
        &mut cluster,
        vec![ClusterEvent::Applied(deployment("prod", "api").object())],
    );
    fold(
        &mut cluster,
        vec![ClusterEvent::Replaced {
            kind: kind.clone(),
            objects: Vec::new(),
        }],
    );
    assert_eq!(cluster.objects_of(&kind), 0);
    assert!(cluster.watch(&kind).is_some_and(|watch| watch.listed));
}

#[test]
fn a_cluster_is_complete_once_every_kind_is_listed_or_forbidden() {
    let mut cluster = Cluster::default();
    let loading = |kind: GroupKind| ClusterEvent::Watch {
        kind,
        state: WatchState::Loading {
            so_far: 0,
            expected: None,
        },
    };
    fold(
        &mut cluster,
        vec![
            ClusterEvent::Connection(ConnectionState::Live {
                version: "v1.36.2".to_owned(),
            }),
            ClusterEvent::Served(Vec::new()),
        ],
    );
    assert!(!cluster.is_complete(), "no watch was spoken of yet");
    fold(
        &mut cluster,
        vec![loading(node_kind()), loading(pod_kind())],
    );
    let forbidden = WatchState::Forbidden {
        permission: "list pods".to_owned(),
    };
    fold(
        &mut cluster,
        vec![ClusterEvent::Watch {
            kind: pod_kind(),
            state: forbidden,
        }],
    );
    assert!(!cluster.is_complete(), "nodes are still to come");
    fold(
        &mut cluster,
        vec![ClusterEvent::Replaced {
            kind: node_kind(),
            objects: Vec::new(),
        }],
    );
    assert!(cluster.is_complete());
}

#[test]
fn a_second_list_on_its_way_leaves_the_first_in_sight() {
    let mut cluster = Cluster::default();
    let one = pod("prod", "api").phase(Phase::Running).object();
    fold(
        &mut cluster,
        vec![
            ClusterEvent::Replaced {
                kind: pod_kind(),
                objects: vec![one],
            },
            ClusterEvent::Watch {
                kind: pod_kind(),
                state: WatchState::Loading {
                    so_far: 500,
                    expected: Some(1000),
                },
            },
        ],
    );
    assert_eq!(cluster.pods().count(), 1);
    assert!(cluster.watch(&pod_kind()).is_some_and(Watch::is_settled));
}

#[test]
fn what_was_heard_adds_up() {
    let mut cluster = Cluster::default();
    let heard = |at: &str, bytes| ClusterEvent::Heard {
        kind: pod_kind(),
        at: time(at),
        bytes,
    };
    let dirty = fold(
        &mut cluster,
        vec![
            heard("2026-03-01T12:00:01Z", 1000),
            heard("2026-03-01T12:00:00Z", 500),
        ],
    );
    assert!(dirty.heard && !dirty.is_stale());
    let watch = cluster.watch(&pod_kind()).unwrap();
    assert_eq!(
        (watch.bytes, watch.heard_at),
        (1500, Some(time("2026-03-01T12:00:01Z")))
    );
    assert_eq!(cluster.heard_at(), Some(time("2026-03-01T12:00:01Z")));
}

#[test]
fn what_may_no_longer_be_listed_is_no_longer_shown() {
    let mut cluster = Cluster::default();
    let kind = GroupKind::new("kueue.x-k8s.io", "ClusterQueue");
    let queue = custom("kueue.x-k8s.io", "ClusterQueue", "", "research").object();
    for state in [
        WatchState::NotServed,
        WatchState::Forbidden {
            permission: "list clusterqueues.kueue.x-k8s.io".to_owned(),
        },
    ] {
        let objects = vec![queue.clone()];
        fold(
            &mut cluster,
            vec![ClusterEvent::Replaced {
                kind: kind.clone(),
                objects,
            }],
        );
        let dirty = fold(
            &mut cluster,
            vec![ClusterEvent::Watch {
                kind: kind.clone(),
                state,
            }],
        );
        assert_eq!(cluster.objects_of(&kind), 0);
        assert!(dirty.kinds.contains(&kind));
    }
}
