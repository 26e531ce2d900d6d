use strata_domain::{ids::GroupKind, object::Object};
use strata_ports::cluster::ClusterEvent;
use strata_test_support::objects::{node, node_kind, pod, uid};

use super::*;
use crate::{fleet::trends::Trends, fold::apply, project::stack};

/// Folds `event` into the scenario, and derives twice: with what was known before, and anew.
fn both_ways(
    event: ClusterEvent,
) -> (
    Vec<strata_api::frames::KeyedRow>,
    Vec<strata_api::frames::KeyedRow>,
) {
    let mut cluster = fixture::cluster(scenario::objects());
    let catalog = fixture::catalog();
    let before = fixture::derived(&cluster, &catalog);
    let mut dirty = Dirty::default();
    apply(&mut cluster, event, fixture::now(), &mut dirty);
    let reused = derive(&cluster, &catalog, Some(&before), &dirty, fixture::now());
    let anew = fixture::derived(&cluster, &catalog);
    let rows = |derived| stack::rows(&cluster, derived, &catalog, &[], &Trends::default());
    (rows(&reused), rows(&anew))
}

#[test]
fn what_is_taken_over_from_before_changes_nothing() {
    let pod_kind = GroupKind::new("", "Pod");
    let events = [
        ClusterEvent::Applied(pod("data", "more").on("gpu-1").gpus(2).object()),
        ClusterEvent::Deleted {
            kind: pod_kind,
            uid: uid("Pod", "llm-prod", "c1"),
        },
        ClusterEvent::Applied(node("gpu-9").gpus(4).object()),
        ClusterEvent::Deleted {
            kind: node_kind(),
            uid: uid("Node", "", "gpu-1"),
        },
        ClusterEvent::Replaced {
            kind: node_kind(),
            objects: Vec::<Object>::new(),
        },
        ClusterEvent::Served(Vec::new()),
    ];
    for event in events {
        let said = format!("{event:?}");
        let (reused, anew) = both_ways(event);
        assert_eq!(reused, anew, "{said}");
    }
}

#[test]
fn deleting_a_pod_releases_its_gpus() {
    let kind = GroupKind::new("", "Pod");
    let (rows, _) = both_ways(ClusterEvent::Deleted {
        kind,
        uid: uid("Pod", "llm-prod", "c1"),
    });
    let allocated: Vec<u32> = rows
        .iter()
        .filter_map(|keyed| match &keyed.row {
            strata_api::rows::Row::GpuNode(gpus) => Some(gpus.allocated),
            _ => None,
        })
        .collect();
    assert_eq!(allocated, [4, 8, 8, 8]);
}
