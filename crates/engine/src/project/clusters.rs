//! The contexts, how far their connections came, and what could not be read.

use std::collections::HashMap;

use jiff::Timestamp;
use strata_api::{
    frames::KeyedRow,
    rows::{
        Row,
        cluster::{ClusterCounts, ClusterRow, Connection, ContextProblemRow},
    },
};
use strata_ports::{
    cluster::WatchState,
    connection::ConnectionState,
    contexts::{Context, ContextProblem},
};

use crate::{fleet::cluster::Cluster, operations::clusters::step};

/// How many cluster hues there are.
pub const HUES: u8 = 6;

/// A cluster that is followed, as far as its row shows it.
#[derive(Clone, Copy, Debug)]
pub struct FollowedCluster<'a> {
    /// What was heard of it.
    pub cluster: &'a Cluster,
    /// Whether what is derived from it is from after its last list came: only then is it complete
    /// for whoever asks for the stack next.
    pub is_derived: bool,
    /// How many critical lines its attention list has.
    pub criticals: u32,
    /// The hue that it was given.
    pub hue: u8,
}

/// One row for each context, in the order of their files, then one for each problem.
pub fn rows<'a>(
    contexts: &[Context],
    problems: &[ContextProblem],
    followed: impl Fn(&Context) -> Option<FollowedCluster<'a>>,
    now: Timestamp,
) -> Vec<KeyedRow> {
    let mut rows: Vec<KeyedRow> = contexts
        .iter()
        .map(|context| cluster_row(context, followed(context), now))
        .collect();
    // A file may be wrong in several ways; equal ones are told apart by their number.
    let mut seen = HashMap::<(&str, &str), u32>::new();
    for problem in problems {
        let number = seen.entry((&problem.file, &problem.context)).or_default();
        *number += 1;
        rows.push(KeyedRow {
            id: format!("problem {}#{} {number}", problem.file, problem.context),
            row: Row::ContextProblem(ContextProblemRow {
                file: problem.file.clone(),
                context: problem.context.clone(),
                message: problem.message.clone(),
            }),
        });
    }
    rows
}

fn cluster_row(
    context: &Context,
    followed: Option<FollowedCluster<'_>>,
    now: Timestamp,
) -> KeyedRow {
    let cluster = followed.map(|followed| followed.cluster);
    KeyedRow {
        id: context.id.to_string(),
        row: Row::Cluster(ClusterRow {
            cluster: context.id.to_string(),
            name: context.name.clone(),
            server: context.server.clone(),
            user: context.user.clone(),
            namespace: context.namespace.clone(),
            file: context.file.clone(),
            added_by_hand: context.added_by_hand,
            is_current: context.is_current,
            is_demo: context.is_demo,
            hue: followed.map_or_else(|| own_hue(&context.id.0), |followed| followed.hue),
            connection: followed.map_or(Connection::Idle, |followed| {
                connection(followed.cluster, followed.is_derived)
            }),
            heard_at: cluster.and_then(Cluster::heard_at).map(|at| at.to_string()),
            counts: followed.and_then(|followed| counts(followed, now)),
        }),
    }
}

/// The hue that the cluster `id` has by itself: the same on every computer (FNV-1a).
pub fn own_hue(id: &str) -> u8 {
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    u8::try_from(hash % u32::from(HUES)).unwrap_or_default()
}

/// The hue of a cluster that is opened beside others: its own, or the next one that is free; its
/// own again where all are taken.
pub fn free_hue(id: &str, taken: &[u8]) -> u8 {
    let own = own_hue(id);
    (0..HUES)
        .map(|further| (own + further) % HUES)
        .find(|hue| !taken.contains(hue))
        .unwrap_or(own)
}

fn connection(cluster: &Cluster, is_derived: bool) -> Connection {
    let Some(state) = cluster.connection() else {
        return Connection::Connecting {
            step: step(strata_ports::connection::Step::Configuration),
        };
    };
    match state {
        ConnectionState::Connecting { step: at } => Connection::Connecting { step: step(*at) },
        ConnectionState::Live { version } => Connection::Live {
            version: version.clone(),
            complete: cluster.is_complete() && is_derived,
        },
        ConnectionState::Stale {
            since,
            reason,
            retry_at,
        } => Connection::Stale {
            since: since.to_string(),
            reason: reason.clone(),
            retry_at: retry_at.map(|at| at.to_string()),
        },
        ConnectionState::Failed {
            step: at,
            message,
            advice,
            retry_at,
        } => Connection::Failed {
            step: step(*at),
            message: message.clone(),
            advice: advice.clone(),
            retry_at: retry_at.map(|at| at.to_string()),
        },
        ConnectionState::NeedsApproval { command, digest } => Connection::NeedsApproval {
            command: command.clone(),
            digest: digest.clone(),
        },
    }
}

/// Counts, while the cluster is connected or what it said last is still shown.
fn counts(followed: FollowedCluster<'_>, now: Timestamp) -> Option<ClusterCounts> {
    let cluster = followed.cluster;
    let is_shown = matches!(
        cluster.connection(),
        Some(ConnectionState::Live { .. } | ConnectionState::Stale { .. })
    );
    if !is_shown {
        return None;
    }
    let count = |is_one: fn(&WatchState) -> bool| {
        let watches = cluster.watches().filter(|(_, watch)| is_one(&watch.state));
        u32::try_from(watches.count()).unwrap_or(u32::MAX)
    };
    Some(ClusterCounts {
        watches_live: count(|state| matches!(state, WatchState::Live)),
        watches: count(|state| !matches!(state, WatchState::NotServed)),
        watches_partial: count(|state| matches!(state, WatchState::Partial { .. })),
        watches_forbidden: count(|state| matches!(state, WatchState::Forbidden { .. })),
        objects: u32::try_from(cluster.objects()).unwrap_or(u32::MAX),
        bytes_per_second: cluster.traffic().bytes_per_second(now),
        criticals: followed.criticals,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_beside_others_takes_a_hue_that_is_free() {
        let own = own_hue("demo");
        assert_eq!(free_hue("demo", &[]), own);
        assert_eq!(free_hue("demo", &[own]), (own + 1) % HUES);
        assert_eq!(free_hue("demo", &[0, 1, 2, 3, 4, 5]), own);
    }

    #[test]
    fn equal_problems_have_rows_of_their_own() {
        let problem = ContextProblem {
            file: "/home/ada/.kube/config".to_owned(),
            context: String::new(),
            message: "line 3 is no YAML".to_owned(),
        };
        let rows = rows(
            &[],
            &[problem.clone(), problem],
            |_| None,
            Timestamp::UNIX_EPOCH,
        );
        assert_ne!(rows[0].id, rows[1].id);
    }
}
