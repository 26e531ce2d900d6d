//! The watches of a cluster, and how current each is.

use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        watch::{NamespaceStanding, NamespaceWatch, WatchRow, WatchState},
    },
};
use strata_ports::cluster as port;

use crate::fleet::cluster::Cluster;

/// One row for each watch, by group and kind.
pub fn rows(cluster: &Cluster) -> Vec<KeyedRow> {
    let rows = cluster.watches().map(|(kind, watch)| KeyedRow {
        id: kind.to_string(),
        row: Row::Watch(WatchRow {
            group: kind.group.to_string(),
            kind: kind.kind.to_string(),
            state: state_on_wire(&watch.state),
            objects: count(cluster.objects_of(kind) as u64),
            heard_at: watch.heard_at.map(|at| at.to_string()),
            bytes: bytes(watch.bytes),
        }),
    });
    rows.collect()
}

/// Where a watch stands, as it crosses the wire.
pub(super) fn state_on_wire(state: &port::WatchState) -> WatchState {
    match state {
        port::WatchState::Loading { so_far, expected } => WatchState::Loading {
            so_far: count(*so_far),
            expected: expected.map(count),
        },
        port::WatchState::Live => WatchState::Live,
        port::WatchState::Stale { since, reason } => WatchState::Stale {
            since: since.to_string(),
            reason: reason.clone(),
        },
        port::WatchState::Forbidden { permission } => WatchState::Forbidden {
            permission: permission.clone(),
        },
        port::WatchState::Partial {
            permission,
            namespaces,
        } => WatchState::Partial {
            permission: permission.clone(),
            namespaces: namespaces.iter().map(in_namespace).collect(),
        },
        port::WatchState::Failed { reason, retry_at } => WatchState::Failed {
            reason: reason.clone(),
            retry_at: retry_at.to_string(),
        },
        port::WatchState::NotServed => WatchState::NotServed,
    }
}

fn in_namespace(watch: &port::NamespaceWatch) -> NamespaceWatch {
    let (standing, reason) = match &watch.state {
        port::WatchState::Live | port::WatchState::Partial { .. } => (NamespaceStanding::Live, ""),
        port::WatchState::Loading { .. } | port::WatchState::NotServed => {
            (NamespaceStanding::Loading, "")
        }
        port::WatchState::Stale { reason, .. } => (NamespaceStanding::Stale, reason.as_str()),
        port::WatchState::Forbidden { permission } => {
            (NamespaceStanding::Forbidden, permission.as_str())
        }
        port::WatchState::Failed { reason, .. } => (NamespaceStanding::Failed, reason.as_str()),
    };
    NamespaceWatch {
        namespace: watch.namespace.to_string(),
        standing,
        reason: reason.to_owned(),
    }
}

fn count(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "far below 2^53 bytes are read in a session"
)]
fn bytes(bytes: u64) -> f64 {
    bytes as f64
}
