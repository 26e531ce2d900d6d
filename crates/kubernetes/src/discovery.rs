//! What a server serves: its groups, kinds and versions.
//!
//! Asked for in one question each for the core group and all others where the server knows
//! aggregated discovery (KEP-3352, beta since Kubernetes 1.27), else group by group. A group that
//! an aggregated API server fails to answer for loses only itself.

mod aggregated;
mod legacy;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use strata_domain::ids::GroupKind;
use strata_ports::cluster::ServedKind;

use crate::{
    slim::DecodeError,
    watch::ask::{self, Failure},
};

/// Both aggregated forms, then the old one; a server takes the first that it knows.
const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
     application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,\
     application/json";

/// Asks the server what it serves. Kinds of groups that do not answer now are taken from `before`.
/// Sorted by group and kind.
pub(crate) async fn discover(
    client: &kube::Client,
    before: &[ServedKind],
) -> Result<Vec<ServedKind>, Failure> {
    let (core, named) = tokio::try_join!(root(client, "/api"), root(client, "/apis"))?;
    let mut kinds = Kinds::default();
    for root in [core, named] {
        match root {
            Root::Aggregated(list) => aggregated::collect(&list, &mut kinds),
            Root::Legacy(groups) => legacy::collect(client, groups, &mut kinds).await?,
        }
    }
    Ok(kinds.finish(before))
}

/// The definition's name (`plural.group`) of a kind, which for custom resources is what a
/// definition is called.
pub(crate) fn definition_name(served: &ServedKind) -> String {
    format!("{}.{}", served.resource, served.kind.group)
}

/// What `/api` or `/apis` answered.
enum Root {
    Aggregated(aggregated::GroupList),
    Legacy(Vec<legacy::Group>),
}

async fn root(client: &kube::Client, path: &str) -> Result<Root, Failure> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(default)]
        kind: String,
    }
    let (_, body) = ask::read(client, path, ACCEPT, |_| ()).await?;
    let answer: Answer = serde_json::from_slice(&body).map_err(DecodeError::from)?;
    Ok(if answer.kind == "APIGroupDiscoveryList" {
        Root::Aggregated(serde_json::from_slice(&body).map_err(DecodeError::from)?)
    } else {
        Root::Legacy(legacy::groups(&body)?)
    })
}

/// The kinds while they are collected.
#[derive(Default)]
struct Kinds {
    kinds: BTreeMap<GroupKind, ServedKind>,
    /// Groups of which at least one version did not answer.
    broken: BTreeSet<String>,
}

/// A kind in one version.
struct KindInVersion<'a> {
    group: &'a str,
    version: &'a str,
    kind: &'a str,
    resource: &'a str,
    is_namespaced: bool,
    verbs: &'a [String],
}

impl Kinds {
    /// Adds a kind in a version. Versions are to be added in the server's order of preference.
    fn add(&mut self, found: &KindInVersion<'_>) {
        let can = |wanted: &str| found.verbs.iter().any(|verb| verb == wanted);
        let is_watchable = can("list") && can("watch");
        let kind = GroupKind::new(found.group, found.kind);
        let served = self
            .kinds
            .entry(kind.clone())
            .or_insert_with(|| ServedKind {
                kind,
                versions: Vec::new(),
                resource: found.resource.to_owned(),
                is_namespaced: found.is_namespaced,
                is_watchable,
            });
        // Another resource may answer with the same kind, as scale subresources do.
        let is_known = served
            .versions
            .iter()
            .any(|version| version == found.version);
        if served.resource == found.resource && !is_known {
            served.versions.push(found.version.to_owned());
        }
    }

    /// A version of the group did not answer.
    fn is_broken(&mut self, group: &str) {
        self.broken.insert(group.to_owned());
    }

    /// All kinds, with what was known `before` of the groups that did not answer.
    fn finish(mut self, before: &[ServedKind]) -> Vec<ServedKind> {
        for served in before {
            if self.broken.contains(served.kind.group.as_str()) {
                self.kinds
                    .entry(served.kind.clone())
                    .or_insert_with(|| served.clone());
            }
        }
        self.kinds.into_values().collect()
    }
}

#[cfg(test)]
mod tests;
