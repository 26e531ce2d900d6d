//! The kinds that the server serves: the built-in ones, and those that definitions in the store
//! add.
//!
//! The built-in ones are read from the discovery documents of a real kube-apiserver 1.36.2
//! (`kinds/core.json` for `/api`, `kinds/groups.json` for `/apis`, custom groups left out), so
//! names, scopes, verbs, short names and categories are its own.

use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use serde_json::Value;
use strata_domain::ids::GroupKind;

use self::definitions::add_definition;
use crate::store::Store;

mod definitions;

/// The kind of custom resource definitions.
pub(crate) fn definition() -> GroupKind {
    GroupKind::new("apiextensions.k8s.io", "CustomResourceDefinition")
}

/// An API group: its versions, the preferred one first.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Group {
    pub(crate) metadata: GroupName,
    pub(crate) versions: Vec<Version>,
}

impl Group {
    /// Whether definitions made the group.
    pub(crate) fn is_custom(&self) -> bool {
        let mut resources = self.versions.iter().flat_map(|version| &version.resources);
        resources.any(|resource| resource.custom.is_some())
    }
}

/// The name of a group; the core group has none.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct GroupName {
    #[serde(default)]
    pub(crate) name: String,
}

/// A version of a group.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Version {
    pub(crate) version: String,
    pub(crate) resources: Vec<Resource>,
}

/// A resource of a version.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resource {
    /// The plural name in paths.
    #[serde(rename = "resource")]
    pub(crate) plural: String,
    pub(crate) response_kind: ResponseKind,
    pub(crate) scope: Scope,
    #[serde(rename = "singularResource")]
    pub(crate) singular: String,
    pub(crate) verbs: Vec<String>,
    #[serde(default)]
    pub(crate) short_names: Vec<String>,
    #[serde(default)]
    pub(crate) categories: Vec<String>,
    #[serde(default)]
    pub(crate) subresources: Vec<Subresource>,
    /// What a definition says of a custom kind besides its names.
    #[serde(skip)]
    pub(crate) custom: Option<Arc<Custom>>,
}

/// What a definition says of how a custom kind is read.
#[derive(Debug, Default)]
pub(crate) struct Custom {
    /// The paths of the fields that can be selected by, such as `spec.colour`.
    pub(crate) selectable: Vec<String>,
    /// The columns of its tables, as the definition has them.
    pub(crate) columns: Vec<Value>,
    /// The version in which the objects are kept.
    pub(crate) kept_as: String,
}

/// The kind that a resource answers with; group and version are empty where they are those of the
/// resource and it is built in.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ResponseKind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
}

/// Whether objects lie in namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Scope {
    /// They do.
    Namespaced,
    /// They do not.
    Cluster,
}

/// A part of a resource with a path of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subresource {
    #[serde(rename = "subresource")]
    pub(crate) name: String,
    pub(crate) response_kind: ResponseKind,
    pub(crate) verbs: Vec<String>,
}

/// What is served now.
#[derive(Debug)]
pub(crate) struct Served {
    /// The version of the definitions it was read from.
    pub(crate) of: u64,
    /// The core group.
    pub(crate) core: Group,
    /// The other groups, as listed.
    pub(crate) groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Document {
    items: Vec<Group>,
}

static BUILT_IN: LazyLock<(Group, Vec<Group>)> = LazyLock::new(|| {
    let core = document(include_str!("kinds/core.json"));
    let groups = document(include_str!("kinds/groups.json"));
    let none = Group {
        metadata: GroupName::default(),
        versions: Vec::new(),
    };
    (core.into_iter().next().unwrap_or(none), groups)
});

#[expect(
    clippy::expect_used,
    reason = "an embedded document, which a test reads"
)]
fn document(text: &str) -> Vec<Group> {
    serde_json::from_str::<Document>(text)
        .expect("the embedded discovery document parses")
        .items
}

impl Served {
    /// What the definitions in `store` and the built-in kinds make together.
    pub(crate) fn read(store: &Store) -> Self {
        let of = version(store);
        let (core, groups) = &*BUILT_IN;
        let mut served = Self {
            of,
            core: core.clone(),
            groups: groups.clone(),
        };
        let mut custom: Vec<Group> = Vec::new();
        for stored in store.list(&definition(), "") {
            add_definition(&mut custom, &stored.value());
        }
        // As the real server lists them: built-in groups first, then custom groups by name.
        custom.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
        for group in &mut custom {
            group
                .versions
                .sort_by_key(|version| std::cmp::Reverse(priority(&version.version)));
        }
        served.groups.append(&mut custom);
        served.groups.extend(aggregated(store));
        served
    }

    /// The group `name`; the core group has the empty name.
    pub(crate) fn group(&self, name: &str) -> Option<&Group> {
        if name.is_empty() {
            return Some(&self.core);
        }
        self.groups.iter().find(|group| group.metadata.name == name)
    }

    /// The plural name of `kind`.
    pub(crate) fn plural(&self, kind: &GroupKind) -> Option<String> {
        let versions = &self.group(&kind.group)?.versions;
        let mut resources = versions.iter().flat_map(|version| &version.resources);
        resources
            .find(|resource| kind.kind == resource.response_kind.kind.as_str())
            .map(|resource| resource.plural.clone())
    }

    /// The resource `plural` of `group` and `version`.
    pub(crate) fn resource(&self, group: &str, version: &str, plural: &str) -> Option<&Resource> {
        let versions = &self.group(group)?.versions;
        let version = versions.iter().find(|known| known.version == version)?;
        version
            .resources
            .iter()
            .find(|resource| resource.plural == plural)
    }
}

impl Resource {
    /// Whether a definition made it.
    pub(crate) fn is_custom(&self) -> bool {
        self.custom.is_some()
    }

    /// Whether it has the part `name` with a path of its own.
    pub(crate) fn has_subresource(&self, name: &str) -> bool {
        self.subresources.iter().any(|known| known.name == name)
    }

    /// The kind under which the store keeps the objects of this resource of `group`.
    pub(crate) fn stored_as(&self, group: &str) -> GroupKind {
        // Events are one set of objects under two groups.
        let group = if group == "events.k8s.io" { "" } else { group };
        GroupKind::new(group, self.response_kind.kind.as_str())
    }
}

/// The kind of the objects that say which groups another server serves.
fn api_service() -> GroupKind {
    GroupKind::new("apiregistration.k8s.io", "APIService")
}

/// The version of what is served: of the last change to what says it.
fn version(store: &Store) -> u64 {
    let definitions = store.version_of_kind(&definition());
    definitions.max(store.version_of_kind(&api_service()))
}

/// Whether the metrics API is served.
pub(crate) fn serves_metrics(store: &Store) -> bool {
    aggregated(store).is_some()
}

/// The groups that another server serves, of those that the simulator plays: the metrics API.
fn aggregated(store: &Store) -> Option<Group> {
    let name = "v1beta1.metrics.k8s.io";
    let key = strata_domain::ids::ObjectKey::new("", name);
    let service = store.get(&api_service(), &key)?.value();
    service.pointer("/spec/service")?;
    let resource = |plural: &str, kind: &str, scope| Resource {
        plural: plural.to_owned(),
        response_kind: ResponseKind {
            kind: kind.to_owned(),
            ..ResponseKind::default()
        },
        scope,
        singular: String::new(),
        verbs: ["get", "list"].map(str::to_owned).to_vec(),
        short_names: Vec::new(),
        categories: Vec::new(),
        subresources: Vec::new(),
        custom: None,
    };
    Some(Group {
        metadata: GroupName {
            name: "metrics.k8s.io".to_owned(),
        },
        versions: vec![Version {
            version: "v1beta1".to_owned(),
            resources: vec![
                resource("nodes", "NodeMetrics", Scope::Cluster),
                resource("pods", "PodMetrics", Scope::Namespaced),
            ],
        }],
    })
}

/// The order of versions: stable before beta before alpha, higher before lower
/// (`k8s.io/apimachinery/pkg/version`, `CompareKubeAwareVersionStrings`).
fn priority(version: &str) -> (u8, u32, u32) {
    let Some(rest) = version.strip_prefix('v') else {
        return (0, 0, 0);
    };
    let number = |text: &str| text.parse().unwrap_or(0);
    if let Some((major, minor)) = rest.split_once("beta") {
        (2, number(major), number(minor))
    } else if let Some((major, minor)) = rest.split_once("alpha") {
        (1, number(major), number(minor))
    } else {
        (3, number(rest), 0)
    }
}

/// What is served, read anew when a definition has changed.
#[derive(Debug, Default)]
pub(crate) struct ServedCache {
    latest: std::sync::Mutex<Option<Arc<Served>>>,
}

impl ServedCache {
    /// What is served now.
    pub(crate) fn get(&self, store: &Store) -> Arc<Served> {
        let mut latest = self
            .latest
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match &*latest {
            Some(served) if served.of == version(store) => Arc::clone(served),
            _ => {
                let served = Arc::new(Served::read(store));
                *latest = Some(Arc::clone(&served));
                served
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_kinds_are_read() {
        let (core, groups) = &*BUILT_IN;
        assert!(
            core.versions[0]
                .resources
                .iter()
                .any(|resource| resource.plural == "pods")
        );
        assert!(
            groups
                .iter()
                .any(|group| group.metadata.name == "resource.k8s.io")
        );
    }

    #[test]
    fn stable_versions_come_before_beta_and_alpha() {
        let mut versions = ["v1alpha1", "v1", "v1beta2", "v2", "v1beta1"];
        versions.sort_by_key(|version| std::cmp::Reverse(priority(version)));
        assert_eq!(versions, ["v2", "v1", "v1beta2", "v1beta1", "v1alpha1"]);
    }
}
