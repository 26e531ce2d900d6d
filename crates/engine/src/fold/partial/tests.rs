use strata_ports::cluster::ClusterEvent;
use strata_test_support::{
    clock::time,
    objects::{deployment, pod, pod_kind},
};

use super::*;
use crate::fold::apply;

fn fold(cluster: &mut Cluster, event: ClusterEvent) -> Dirty {
    let mut dirty = Dirty::default();
    apply(cluster, event, time("2026-03-01T12:00:00Z"), &mut dirty);
    dirty
}

fn replaced_in(namespace: &str, names: &[&str]) -> ClusterEvent {
    ClusterEvent::ReplacedIn {
        kind: pod_kind(),
        namespace: Text::from(namespace),
        objects: names
            .iter()
            .map(|name| pod(namespace, name).object())
            .collect(),
    }
}

fn partial(states: &[(&str, WatchState)]) -> ClusterEvent {
    let namespaces = states.iter().map(|(namespace, state)| NamespaceWatch {
        namespace: Text::from(*namespace),
        state: state.clone(),
    });
    ClusterEvent::Watch {
        kind: pod_kind(),
        state: WatchState::Partial {
            permission: "list pods".to_owned(),
            namespaces: namespaces.collect(),
        },
    }
}

fn loading() -> WatchState {
    WatchState::Loading {
        so_far: 0,
        expected: None,
    }
}

fn refused() -> WatchState {
    WatchState::Forbidden {
        permission: "list pods in b".to_owned(),
    }
}

fn pods(cluster: &Cluster) -> Vec<String> {
    let mut pods: Vec<String> = cluster
        .pods()
        .map(|pod| format!("{}/{}", pod.metadata.key.namespace, pod.metadata.key.name))
        .collect();
    pods.sort();
    pods
}

#[test]
fn a_list_of_a_namespace_replaces_what_lies_in_it_and_nothing_else() {
    let mut cluster = Cluster::default();
    fold(&mut cluster, partial(&[("a", loading()), ("b", loading())]));
    fold(&mut cluster, replaced_in("a", &["one", "two"]));
    fold(&mut cluster, replaced_in("b", &["three"]));
    fold(
        &mut cluster,
        ClusterEvent::Applied(deployment("a", "web").object()),
    );
    fold(&mut cluster, replaced_in("a", &["two", "four"]));
    assert_eq!(pods(&cluster), ["a/four", "a/two", "b/three"]);
    assert_eq!(cluster.workloads().count(), 1);
    fold(&mut cluster, replaced_in("a", &[]));
    assert_eq!(pods(&cluster), ["b/three"]);
}

#[test]
fn what_is_seen_in_namespaces_is_never_taken_for_the_whole() {
    let mut cluster = Cluster::default();
    fold(&mut cluster, partial(&[("a", loading()), ("b", refused())]));
    assert!(!cluster.watch(&pod_kind()).unwrap().is_settled());
    fold(&mut cluster, replaced_in("a", &["one"]));
    let watch = cluster.watch(&pod_kind()).unwrap();
    assert!(watch.is_settled() && watch.is_read() && !watch.listed);
    assert!(watch.covers("a") && !watch.covers("b") && !watch.covers("elsewhere"));
    assert!(watch.reaches("a") && !watch.reaches("b"));
    assert_eq!(watch.missing_permission(), Some("list pods"));
}

#[test]
fn a_namespace_that_refuses_later_is_no_longer_shown() {
    let mut cluster = Cluster::default();
    fold(
        &mut cluster,
        partial(&[("a", WatchState::Live), ("b", WatchState::Live)]),
    );
    fold(&mut cluster, replaced_in("a", &["one"]));
    fold(&mut cluster, replaced_in("b", &["two"]));
    let unchanged = fold(
        &mut cluster,
        partial(&[("a", WatchState::Live), ("b", loading())]),
    );
    assert!(!unchanged.is_any_object());
    let dirty = fold(
        &mut cluster,
        partial(&[("a", WatchState::Live), ("b", refused())]),
    );
    assert!(dirty.is_any_object());
    assert_eq!(pods(&cluster), ["a/one"]);
}

#[test]
fn where_the_whole_is_taken_away_only_the_namespaces_stay_and_it_may_come_back() {
    let mut cluster = Cluster::default();
    let whole = ClusterEvent::Replaced {
        kind: pod_kind(),
        objects: vec![pod("a", "one").object(), pod("z", "last").object()],
    };
    fold(&mut cluster, whole.clone());
    assert!(cluster.watch(&pod_kind()).unwrap().covers("z"));
    fold(&mut cluster, partial(&[("a", loading())]));
    assert_eq!(pods(&cluster), ["a/one"]);
    assert!(!cluster.watch(&pod_kind()).unwrap().listed);
    fold(&mut cluster, replaced_in("a", &["one"]));
    fold(&mut cluster, whole);
    assert_eq!(pods(&cluster), ["a/one", "z/last"]);
    let watch = cluster.watch(&pod_kind()).unwrap();
    assert!(watch.listed && watch.seen_in.is_empty());
}
