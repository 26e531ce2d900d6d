//! How an event changes the ground state, and what it makes stale.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use strata_domain::{
    ids::{GroupKind, Uid},
    object::Object,
};
use strata_ports::cluster::{ClusterEvent, WatchState};

use crate::fleet::{
    cluster::{Cluster, Place, Watch, place_of},
    table::{Keyed, Table},
};

mod dirty;
mod partial;

pub use dirty::{Changed, Dirty, PodsChanged};

/// Applies `event` to `cluster`, and notes in `dirty` what must be computed anew.
pub fn apply(cluster: &mut Cluster, event: ClusterEvent, now: Timestamp, dirty: &mut Dirty) {
    match event {
        ClusterEvent::Connection(state) => {
            cluster.connection = Some(state);
            dirty.connection = true;
        }
        ClusterEvent::Served(served) => {
            cluster.heard_at = Some(now);
            cluster.served = Some(served);
            dirty.served = true;
        }
        ClusterEvent::Watch { kind, state } => {
            match &state {
                // What was known before is no longer known to be so.
                WatchState::NotServed | WatchState::Forbidden { .. } => {
                    if cluster.objects_of(&kind) > 0 {
                        replace(cluster, &kind, Vec::new(), dirty);
                    }
                    let watch = watch(cluster, &kind);
                    watch.seen_in.clear();
                    // What may not be read is not nothing; of what is not served there is nothing.
                    watch.listed &= state == WatchState::NotServed;
                }
                WatchState::Partial { namespaces, .. } => {
                    partial::keep_to(cluster, &kind, namespaces, dirty);
                }
                _ => {}
            }
            watch(cluster, &kind).state = state;
            dirty.watches = true;
        }
        ClusterEvent::Heard { kind, at, bytes } => {
            let watch = watch(cluster, &kind);
            watch.heard_at = watch.heard_at.max(Some(at));
            watch.bytes = watch.bytes.saturating_add(bytes);
            cluster.heard_at = cluster.heard_at.max(Some(at));
            cluster.traffic.add(at, bytes);
            dirty.heard = true;
        }
        ClusterEvent::Replaced { kind, objects } => {
            heard(cluster, &kind, now);
            let watch = watch(cluster, &kind);
            watch.listed = true;
            watch.seen_in.clear();
            dirty.watches = true;
            replace(cluster, &kind, objects, dirty);
        }
        ClusterEvent::ReplacedIn {
            kind,
            namespace,
            objects,
        } => {
            heard(cluster, &kind, now);
            dirty.watches = true;
            partial::replace_in(cluster, &kind, namespace, objects, dirty);
        }
        ClusterEvent::Applied(object) => put(cluster, object, dirty),
        ClusterEvent::Deleted { kind, uid } => delete(cluster, &kind, &uid, dirty),
    }
}

/// The watch of `kind`; one that was never spoken of is loading.
fn watch<'a>(cluster: &'a mut Cluster, kind: &GroupKind) -> &'a mut Watch {
    cluster
        .watches
        .entry(kind.clone())
        .or_insert_with(|| Watch {
            state: WatchState::Loading {
                so_far: 0,
                expected: None,
            },
            listed: false,
            seen_in: BTreeSet::new(),
            heard_at: None,
            bytes: 0,
        })
}

fn heard(cluster: &mut Cluster, kind: &GroupKind, now: Timestamp) {
    watch(cluster, kind).heard_at = Some(now);
    cluster.heard_at = Some(now);
}

/// Swaps in the whole list of `kind`; until here the one before was shown.
fn replace(cluster: &mut Cluster, kind: &GroupKind, objects: Vec<Object>, dirty: &mut Dirty) {
    dirty.kind_replaced(kind);
    match place_of(kind) {
        Place::Nodes => {
            cluster.nodes = table(objects, |object| match object {
                Object::Node(node) => Some(node),
                _ => None,
            });
        }
        Place::Pods => {
            cluster.pods = table(objects, |object| match object {
                Object::Pod(pod) => Some(pod),
                _ => None,
            });
        }
        Place::Slices => {
            cluster.slices = table(objects, |object| match object {
                Object::ResourceSlice(slice) => Some(slice),
                _ => None,
            });
        }
        Place::Workloads(workload) => {
            let rows = table(objects, |object| match object {
                Object::Workload(workload) => Some(workload),
                _ => None,
            });
            if rows.is_empty() {
                cluster.workloads.remove(&workload);
            } else {
                cluster.workloads.insert(workload, rows);
            }
        }
        Place::ByKind => {
            cluster.plain.remove(kind);
            cluster.custom.remove(kind);
            for object in objects {
                store(cluster, kind, object);
            }
        }
    }
}

fn table<T: Keyed>(objects: Vec<Object>, of_kind: impl Fn(Object) -> Option<Box<T>>) -> Table<T> {
    objects.into_iter().filter_map(of_kind).collect()
}

fn put(cluster: &mut Cluster, object: Object, dirty: &mut Dirty) {
    match object {
        Object::Node(node) => {
            dirty.nodes.insert(node.metadata.key.name.clone());
            cluster.nodes.apply(node);
        }
        Object::Pod(pod) => {
            if let Some(slot) = cluster.pods.apply(pod) {
                dirty.pods.slots.insert(slot);
            }
        }
        other => {
            let kind = other.group_kind();
            dirty.objects.insert(other.metadata().uid.clone());
            store(cluster, &kind, other);
            dirty.kinds.insert(kind);
        }
    }
}

/// Stores an object of one of the kinds that are few.
fn store(cluster: &mut Cluster, kind: &GroupKind, object: Object) {
    match object {
        Object::Workload(workload) => {
            cluster
                .workloads
                .entry(workload.kind)
                .or_default()
                .apply(workload);
        }
        Object::ResourceSlice(slice) => {
            cluster.slices.apply(slice);
        }
        Object::Plain(plain) => {
            cluster.plain.entry(kind.clone()).or_default().apply(plain);
        }
        Object::Custom(custom) => {
            cluster
                .custom
                .entry(kind.clone())
                .or_default()
                .apply(custom);
        }
        Object::Node(_) | Object::Pod(_) => {}
    }
}

fn delete(cluster: &mut Cluster, kind: &GroupKind, uid: &Uid, dirty: &mut Dirty) {
    match place_of(kind) {
        Place::Nodes => {
            if let Some((_, node)) = cluster.nodes.remove(uid) {
                dirty.nodes.insert(node.metadata.key.name.clone());
            }
        }
        Place::Pods => {
            if let Some((slot, _)) = cluster.pods.remove(uid) {
                dirty.pods.slots.insert(slot);
            }
        }
        Place::Slices => {
            cluster.slices.remove(uid);
            dirty.kinds.insert(kind.clone());
        }
        Place::Workloads(workload) => {
            take_out(&mut cluster.workloads, &workload, uid);
            dirty.kinds.insert(kind.clone());
            dirty.objects.insert(uid.clone());
        }
        Place::ByKind => {
            take_out(&mut cluster.plain, kind, uid);
            take_out(&mut cluster.custom, kind, uid);
            dirty.kinds.insert(kind.clone());
            dirty.objects.insert(uid.clone());
        }
    }
}

/// Takes `uid` out of the table of `kind`, and the table away with its last row.
fn take_out<K: Ord, T: Keyed>(tables: &mut BTreeMap<K, Table<T>>, kind: &K, uid: &Uid) {
    let Some(table) = tables.get_mut(kind) else {
        return;
    };
    table.remove(uid);
    if table.is_empty() {
        tables.remove(kind);
    }
}

#[cfg(test)]
mod tests;
