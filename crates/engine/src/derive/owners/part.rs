//! What is a part of something that was not listed yet.
//!
//! Kinds are listed one after the other, and watched each by itself: a Job may be there before the
//! JobSet that made it, a pod before its ReplicaSet. Such a part stands topmost for the moment and is
//! no job and no application for that. Where the kind above it is not read, nothing more is to come, and it is told as
//! itself.

use strata_domain::ids::GroupKind;
use strata_ports::cluster::WatchState;

use super::{Root, keeper};
use crate::fleet::cluster::Cluster;

/// Whether `root` stands topmost only because the object above it is not held, though its kind is read.
pub(in crate::derive) fn is_part(cluster: &Cluster, root: &Root) -> bool {
    match cluster.object(&root.kind, &root.uid) {
        Some(held) => keeper(held.metadata()).is_some_and(|owner| {
            let kind = GroupKind {
                group: owner.group.clone(),
                kind: owner.kind.clone(),
            };
            is_read(cluster, &kind, &held.metadata().key.namespace)
                && cluster.owner(owner).is_none()
        }),
        // Its pods name it and it may have an owner of its own.
        None => is_read(cluster, &root.kind, &root.key.namespace),
    }
}

/// Whether objects of `kind` in `namespace` are listed, or are to be.
fn is_read(cluster: &Cluster, kind: &GroupKind, namespace: &str) -> bool {
    cluster.watch(kind).is_some_and(|watch| match watch.state {
        WatchState::Forbidden { .. } | WatchState::NotServed => false,
        WatchState::Partial { .. } => watch.reaches(namespace),
        WatchState::Failed { .. } => watch.covers(namespace),
        WatchState::Loading { .. } | WatchState::Live | WatchState::Stale { .. } => true,
    })
}
