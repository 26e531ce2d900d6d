//! The namespaces of a cluster.

use std::collections::BTreeMap;

use strata_api::{
    frames::KeyedRow,
    rows::{Row, pod::NamespaceRow},
};

use super::pods::health::PodHealths;
use crate::fleet::cluster::Cluster;

/// One row for each namespace, by name: those that are listed, and where namespaces may not be
/// listed, those that are watched by themselves and those that only pods tell of.
pub fn rows(cluster: &Cluster, healths: &PodHealths) -> Vec<KeyedRow> {
    let listed = cluster
        .namespaces()
        .map(|namespace| (namespace.metadata.key.name.as_str(), 0));
    let watched = cluster.watches().flat_map(|(_, watch)| watch.namespaces());
    let watched = watched.map(|namespace| (namespace.as_str(), 0));
    let mut namespaces: BTreeMap<&str, usize> = listed.chain(watched).collect();
    let inhabited = cluster.pod_table().namespaces();
    namespaces.extend(inhabited.map(|(namespace, pods)| (namespace.as_str(), pods)));
    let row = |(name, pods): (&str, usize)| KeyedRow {
        id: name.to_owned(),
        row: Row::Namespace(NamespaceRow {
            name: name.to_owned(),
            pods: u32::try_from(pods).unwrap_or(u32::MAX),
            severity: healths.worst_in(name).into(),
        }),
    };
    namespaces.into_iter().map(row).collect()
}
