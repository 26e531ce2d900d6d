//! The paths of the API.

use strata_domain::ids::ObjectKey;

use crate::kinds::Scope;

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// `/version`.
    Version,
    /// `/readyz`, `/livez`, `/healthz`, and their single checks: `/readyz/etcd`.
    Health { endpoint: String, check: String },
    /// `/api`.
    Core,
    /// `/apis`.
    Groups,
    /// `/apis/GROUP`.
    Group(String),
    /// `/api/v1`, `/apis/GROUP/VERSION`.
    GroupVersion { group: String, version: String },
    /// Objects.
    Resource(ResourcePath),
    /// `/`.
    Root,
    /// `/openapi/v3`.
    OpenApi,
    /// `/openapi/v3/apis/apps/v1`: the document at the rest of the path.
    OpenApiDocument(String),
}

/// The path of a collection, an object or a part of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ResourcePath {
    /// Empty for the core group.
    pub(crate) group: String,
    pub(crate) version: String,
    /// Empty for objects of the whole cluster, and for a collection over all namespaces.
    pub(crate) namespace: String,
    pub(crate) plural: String,
    pub(crate) name: Option<String>,
    pub(crate) subresource: Option<String>,
    /// Whether the path itself asks for a watch: `/api/v1/watch/pods`.
    pub(crate) is_watch: bool,
}

impl Path {
    /// What `path` names, if it can name anything.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let decoded: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(super::query::decode)
            .collect();
        let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["version"] => Some(Self::Version),
            [] => Some(Self::Root),
            [endpoint @ ("readyz" | "livez" | "healthz"), check @ ..] => Some(Self::Health {
                endpoint: (*endpoint).to_owned(),
                check: check.join("/"),
            }),
            ["openapi", "v3"] => Some(Self::OpenApi),
            ["openapi", "v3", rest @ ..] => Some(Self::OpenApiDocument(rest.join("/"))),
            ["api"] => Some(Self::Core),
            ["apis"] => Some(Self::Groups),
            ["apis", group] => Some(Self::Group((*group).to_owned())),
            ["api", version] => Some(Self::GroupVersion {
                group: String::new(),
                version: (*version).to_owned(),
            }),
            ["apis", group, version] => Some(Self::GroupVersion {
                group: (*group).to_owned(),
                version: (*version).to_owned(),
            }),
            ["api", version, rest @ ..] => {
                ResourcePath::parse("", version, rest).map(Self::Resource)
            }
            ["apis", group, version, rest @ ..] => {
                ResourcePath::parse(group, version, rest).map(Self::Resource)
            }
            _ => None,
        }
    }
}

impl ResourcePath {
    fn parse(group: &str, version: &str, rest: &[&str]) -> Option<Self> {
        let (is_watch, rest) = match rest {
            ["watch", watched @ ..] => (true, watched),
            _ => (false, rest),
        };
        // `namespaces/NAME/status` is a part of a namespace, `namespaces/NAME/pods` are its pods.
        let (namespace, rest) = match rest {
            ["namespaces", _, "status" | "finalize"] => ("", rest),
            ["namespaces", namespace, inner @ ..] if !inner.is_empty() => (*namespace, inner),
            _ => ("", rest),
        };
        let (plural, name, subresource) = match rest {
            [plural] => (*plural, None, None),
            [plural, name] => (*plural, Some(*name), None),
            [plural, name, subresource, ..] => (*plural, Some(*name), Some(*subresource)),
            [] => return None,
        };
        Some(Self {
            group: group.to_owned(),
            version: version.to_owned(),
            namespace: namespace.to_owned(),
            plural: plural.to_owned(),
            name: name.map(str::to_owned),
            subresource: subresource.map(str::to_owned),
            is_watch,
        })
    }

    /// Whether a resource of `scope` can be at the path: an object in a namespace is not found
    /// without it, nor one of the cluster in one.
    pub(super) fn fits(&self, scope: Scope) -> bool {
        match scope {
            Scope::Cluster => self.namespace.is_empty(),
            Scope::Namespaced => self.name.is_none() || !self.namespace.is_empty(),
        }
    }

    /// `GROUP/VERSION`, or `VERSION` for the core group.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `PLURAL`, or `PLURAL.GROUP` outside the core group, as messages name a resource.
    pub(crate) fn qualified(&self) -> String {
        if self.group.is_empty() {
            self.plural.clone()
        } else {
            format!("{}.{}", self.plural, self.group)
        }
    }

    /// Namespace and name.
    pub(super) fn key(&self) -> ObjectKey {
        ObjectKey::new(
            self.namespace.as_str(),
            self.name.as_deref().unwrap_or_default(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(path: &str) -> ResourcePath {
        match Path::parse(path) {
            Some(Path::Resource(path)) => path,
            other => panic!("{path} is {other:?}"),
        }
    }

    #[test]
    fn a_namespace_is_an_object_and_a_place() {
        let object = resource("/api/v1/namespaces/llm-prod");
        assert_eq!(
            (object.plural.as_str(), object.name.as_deref()),
            ("namespaces", Some("llm-prod"))
        );
        let pods = resource("/api/v1/namespaces/llm-prod/pods");
        assert_eq!(
            (pods.plural.as_str(), pods.namespace.as_str()),
            ("pods", "llm-prod")
        );
        assert_eq!(
            resource("/api/v1/namespaces/x/status")
                .subresource
                .as_deref(),
            Some("status")
        );
    }

    #[test]
    fn a_part_of_an_object_of_a_group_is_found() {
        let path = resource("/apis/apps/v1/namespaces/a/deployments/b/scale");
        assert_eq!(path.api_version(), "apps/v1");
        assert_eq!(path.qualified(), "deployments.apps");
        assert_eq!(path.subresource.as_deref(), Some("scale"));
    }

    #[test]
    fn what_is_no_path_of_the_api_is_none() {
        assert_eq!(Path::parse("/metrics"), None);
    }
}
