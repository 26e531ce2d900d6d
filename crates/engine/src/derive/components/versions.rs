//! Which versions of a component are in use.

use std::collections::BTreeMap;

use strata_catalog::{Catalog, Component, VersionSource};
use strata_domain::{ids::GroupKind, plain::PlainKind, text::Text};

use super::evidence::{Evidence, runtime_of};
use crate::fleet::cluster::Cluster;

/// Versions, and how many workloads or nodes have each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions(BTreeMap<String, u32>);

impl Versions {
    /// The one that most have; of equals the highest by its text. Empty where none is known.
    pub fn commonest(&self) -> &str {
        self.0
            .iter()
            .max_by_key(|(version, count)| (**count, version.as_str()))
            .map_or("", |(version, _)| version)
    }

    /// How many differ.
    pub fn distinct(&self) -> usize {
        self.0.len()
    }

    /// Each version and how many have it, the commonest first.
    pub fn by_count(&self) -> Vec<(&str, u32)> {
        let mut all: Vec<_> = self
            .0
            .iter()
            .map(|(version, count)| (version.as_str(), *count))
            .collect();
        all.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| right.0.cmp(left.0)));
        all
    }

    /// Counts `version` once more.
    pub fn add(&mut self, version: &str) {
        let version = plain(version);
        if !version.is_empty() {
            *self.0.entry(version.to_owned()).or_default() += 1;
        }
    }
}

/// `v1.36.2` as `1.36.2`.
fn plain(version: &str) -> &str {
    let version = version.trim();
    match version.strip_prefix(['v', 'V']) {
        Some(number) if number.starts_with(|first: char| first.is_ascii_digit()) => number,
        _ => version,
    }
}

/// The versions of `component`, by the first of its sources that knows any; and whether nodes told
/// them.
pub(super) fn of(
    component: &Component,
    evidence: &Evidence<'_>,
    cluster: &Cluster,
    catalog: &Catalog,
) -> (Versions, bool) {
    for source in &component.versions {
        let mut versions = Versions::default();
        let is_by_node = match source {
            VersionSource::Image | VersionSource::WorkloadLabel(_) => {
                by_workloads(component, evidence, &mut versions);
                false
            }
            VersionSource::Definition => {
                by_definitions(component, cluster, catalog, &mut versions);
                false
            }
            VersionSource::NodeLabel(key) => {
                for node in cluster.nodes() {
                    versions.add(node.metadata.labels.get(key).unwrap_or_default());
                }
                true
            }
            VersionSource::ContainerRuntime => {
                for node in cluster.nodes() {
                    if runtime_of(catalog, node).is_some_and(|known| known.id == component.id)
                        && let Some((_, version)) =
                            node.software.container_runtime.split_once("://")
                    {
                        versions.add(version);
                    }
                }
                true
            }
            VersionSource::Server => {
                match cluster.version() {
                    Some(version) => versions.add(version),
                    // While the server does not answer, its kubelets still tell.
                    None => {
                        for node in cluster.nodes() {
                            versions.add(&node.software.kubelet);
                        }
                    }
                }
                false
            }
            VersionSource::Field { kind, path } => {
                for custom in cluster.custom(kind) {
                    versions.add(custom.field(path).unwrap_or_default());
                }
                false
            }
        };
        if versions.distinct() > 0 {
            return (versions, is_by_node);
        }
    }
    (Versions::default(), false)
}

fn by_workloads(component: &Component, evidence: &Evidence<'_>, versions: &mut Versions) {
    for workload in &evidence.workloads {
        let labels = &workload.metadata.labels;
        versions.add(
            component
                .version_of_workload(labels, &workload.images)
                .unwrap_or_default(),
        );
    }
    for pod in &evidence.pods {
        let images: Vec<Text> = pod
            .containers
            .iter()
            .map(|container| container.image.clone())
            .collect();
        let labels = &pod.metadata.labels;
        versions.add(
            component
                .version_of_workload(labels, &images)
                .unwrap_or_default(),
        );
    }
}

fn by_definitions(
    component: &Component,
    cluster: &Cluster,
    catalog: &Catalog,
    versions: &mut Versions,
) {
    let definitions = GroupKind::new("apiextensions.k8s.io", "CustomResourceDefinition");
    for plain in cluster.plain_of(&definitions) {
        let PlainKind::CustomResourceDefinition {
            group,
            kind,
            release,
        } = &plain.kind
        else {
            continue;
        };
        if release.is_empty() {
            continue;
        }
        let defined = GroupKind {
            group: group.clone(),
            kind: kind.clone(),
        };
        if catalog
            .recognise_kind(&defined)
            .is_some_and(|known| known.id == component.id)
        {
            versions.add(release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_version_is_told_without_its_v() {
        let mut versions = Versions::default();
        for version in ["v1.2.0", "1.2.0", "v1.1.0", "", "vNext"] {
            versions.add(version);
        }
        assert_eq!(versions.commonest(), "1.2.0");
        assert_eq!(
            versions.by_count(),
            [("1.2.0", 2), ("vNext", 1), ("1.1.0", 1)]
        );
    }
}
