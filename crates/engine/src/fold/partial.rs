//! Lists of single namespaces, where the whole cluster may not be listed.

use std::collections::BTreeMap;

use strata_domain::{ids::GroupKind, object::Object, text::Text};
use strata_ports::cluster::{NamespaceWatch, WatchState};

use super::{Dirty, put, watch};
use crate::fleet::{
    cluster::{Cluster, Place, place_of},
    table::{Keyed, Table},
};

/// Keeps of `kind` what lies in the namespaces that are watched. It costs a walk over the kind only
/// where something is to go.
pub(super) fn keep_to(
    cluster: &mut Cluster,
    kind: &GroupKind,
    namespaces: &[NamespaceWatch],
    dirty: &mut Dirty,
) {
    let is_kept = |namespace: &Text| {
        namespaces.iter().any(|watch| {
            let is_gone = matches!(
                watch.state,
                WatchState::Forbidden { .. } | WatchState::NotServed
            );
            watch.namespace == *namespace && !is_gone
        })
    };
    let watch = watch(cluster, kind);
    let was_whole = std::mem::take(&mut watch.listed);
    let before = watch.seen_in.len();
    watch.seen_in.retain(is_kept);
    if was_whole || watch.seen_in.len() < before {
        dirty.kind_replaced(kind);
        retain(cluster, kind, is_kept);
    }
}

/// Swaps in the list of `kind` in `namespace`; until here the one before was shown.
pub(super) fn replace_in(
    cluster: &mut Cluster,
    kind: &GroupKind,
    namespace: Text,
    objects: Vec<Object>,
    dirty: &mut Dirty,
) {
    dirty.kind_replaced(kind);
    retain(cluster, kind, |other| *other != namespace);
    for object in objects {
        put(cluster, object, dirty);
    }
    watch(cluster, kind).seen_in.insert(namespace);
}

fn retain(cluster: &mut Cluster, kind: &GroupKind, is_kept: impl Fn(&Text) -> bool) {
    match place_of(kind) {
        // They lie in no namespace.
        Place::Nodes | Place::Slices => {}
        Place::Pods => cluster
            .pods
            .retain(|pod| is_kept(&pod.metadata.key.namespace)),
        Place::Workloads(workload) => retain_in(&mut cluster.workloads, &workload, &is_kept),
        Place::ByKind => {
            retain_in(&mut cluster.plain, kind, &is_kept);
            retain_in(&mut cluster.custom, kind, &is_kept);
        }
    }
}

/// Keeps some rows of the table of `kind`, and takes the table away with its last row.
fn retain_in<K: Ord, T: Keyed>(
    tables: &mut BTreeMap<K, Table<T>>,
    kind: &K,
    is_kept: impl Fn(&Text) -> bool,
) {
    let Some(table) = tables.get_mut(kind) else {
        return;
    };
    table.retain(|row| is_kept(&row.metadata().key.namespace));
    if table.is_empty() {
        tables.remove(kind);
    }
}

#[cfg(test)]
mod tests;
