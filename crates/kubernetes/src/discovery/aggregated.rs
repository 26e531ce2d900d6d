//! Aggregated discovery: `APIGroupDiscoveryList`, v2 and v2beta1 alike in what is read here.

use serde::Deserialize;

use super::{KindInVersion, Kinds};

/// `apidiscovery.k8s.io APIGroupDiscoveryList`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GroupList {
    items: Vec<Group>,
}

/// `APIGroupDiscovery`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Group {
    metadata: Name,
    versions: Vec<Version>,
}

/// The group's name; the core group has none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Name {
    name: String,
}

/// `APIVersionDiscovery`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Version {
    #[serde(rename = "version")]
    name: String,
    resources: Vec<Resource>,
    /// `Current`, or `Stale` where an aggregated API server does not answer.
    freshness: String,
}

/// `APIResourceDiscovery`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Resource {
    #[serde(rename = "resource")]
    name: String,
    /// Missing where the resource has subresources alone.
    response_kind: Option<Kind>,
    scope: String,
    verbs: Vec<String>,
}

/// The kind that a resource answers with, always of the resource's own group when it can be listed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Kind {
    kind: String,
}

/// Adds every kind of the list.
pub(super) fn collect(list: &GroupList, kinds: &mut Kinds) {
    for group in &list.items {
        for version in &group.versions {
            if version.freshness == "Stale" {
                kinds.is_broken(&group.metadata.name);
            }
            for resource in &version.resources {
                let Some(kind) = &resource.response_kind else {
                    continue;
                };
                kinds.add(&KindInVersion {
                    group: &group.metadata.name,
                    version: &version.name,
                    kind: &kind.kind,
                    resource: &resource.name,
                    is_namespaced: resource.scope == "Namespaced",
                    verbs: &resource.verbs,
                });
            }
        }
    }
}
