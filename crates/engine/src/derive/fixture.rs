//! For the tests of what is derived: clusters from objects, and rows as lines that one can read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use strata_catalog::Catalog;
use strata_domain::{ids::GroupKind, object::Object};
use strata_ports::{
    cluster::{ClusterEvent, ServedKind, WatchState},
    connection::ConnectionState,
};
use strata_test_support::clock::time;

use super::{Derived, derive};
use crate::{
    fleet::cluster::Cluster,
    fold::{Dirty, apply},
};

/// When the tests look: half a day after builders say that things were made.
pub(crate) fn now() -> Timestamp {
    time("2026-03-01T12:00:00Z")
}

/// The kinds of which an empty list is known, too.
const LISTED: [(&str, &str); 7] = [
    ("", "Node"),
    ("", "Pod"),
    ("apps", "Deployment"),
    ("apps", "DaemonSet"),
    ("apps", "StatefulSet"),
    ("kueue.x-k8s.io", "Workload"),
    ("kueue.x-k8s.io", "ClusterQueue"),
];

/// A connected cluster that holds `objects`. It serves the kinds of its custom objects.
pub(crate) fn cluster(objects: impl IntoIterator<Item = Object>) -> Cluster {
    let mut kinds: BTreeMap<GroupKind, Vec<Object>> = BTreeMap::new();
    for object in objects {
        kinds.entry(object.group_kind()).or_default().push(object);
    }
    let served: Vec<ServedKind> = kinds
        .iter()
        .filter(|(_, objects)| matches!(objects.first(), Some(Object::Custom(_))))
        .map(|(kind, _)| ServedKind {
            kind: kind.clone(),
            versions: vec!["v1".to_owned()],
            resource: format!("{}s", kind.kind.to_lowercase()),
            is_namespaced: true,
            is_watchable: true,
        })
        .collect();
    let listed = LISTED.map(|(group, kind)| GroupKind::new(group, kind));
    let missing = listed.into_iter().filter(|kind| {
        let is_built_in = !kind.group.contains("kueue");
        let is_served = served.iter().any(|served| served.kind.group == kind.group);
        !kinds.contains_key(kind) && (is_built_in || is_served)
    });
    let empty: Vec<(GroupKind, Vec<Object>)> = missing.map(|kind| (kind, Vec::new())).collect();
    let mut cluster = Cluster::default();
    let mut dirty = Dirty::default();
    let live = ConnectionState::Live {
        version: "v1.36.2".to_owned(),
    };
    let mut events = vec![ClusterEvent::Connection(live), ClusterEvent::Served(served)];
    for (kind, objects) in kinds.into_iter().chain(empty) {
        events.push(ClusterEvent::Replaced {
            kind: kind.clone(),
            objects,
        });
        events.push(ClusterEvent::Watch {
            kind,
            state: WatchState::Live,
        });
    }
    for event in events {
        apply(&mut cluster, event, now(), &mut dirty);
    }
    cluster
}

/// The catalogue.
pub(crate) fn catalog() -> Catalog {
    Catalog::load().expect("the embedded catalogue is sound")
}

/// Everything that follows from `cluster`.
pub(crate) fn derived(cluster: &Cluster, catalog: &Catalog) -> Derived {
    derive(cluster, catalog, None, &Dirty::everything(), now())
}
