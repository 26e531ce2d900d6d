//! Who may do what, as the roles and bindings in the store say
//! (`k8s.io/kubernetes/pkg/registry/rbac/validation`, `pkg/apis/rbac/v1/evaluation_helpers.go`).

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use strata_domain::ids::GroupKind;

use crate::{json, store::Store};

pub(crate) mod bootstrap;

/// The group that may do everything, whatever the roles say.
pub(crate) const MASTERS: &str = "system:masters";
const GROUP: &str = "rbac.authorization.k8s.io";
const KINDS: [&str; 4] = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

/// One of the four kinds.
pub(crate) fn kind(name: &str) -> GroupKind {
    GroupKind::new(GROUP, name)
}

/// Somebody who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) groups: Vec<String>,
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action<'a> {
    /// Something with objects.
    Resource {
        verb: &'a str,
        group: &'a str,
        resource: &'a str,
        subresource: &'a str,
        /// Empty for the whole cluster.
        namespace: &'a str,
        /// Empty for all.
        name: &'a str,
    },
    /// Something with a path that is none of an object.
    Path { verb: &'a str, path: &'a str },
}

/// Whether somebody may, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) is_allowed: bool,
    /// Empty where nothing is to be said.
    pub(crate) reason: String,
}

/// What a rule allows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Rule {
    pub(crate) verbs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) api_groups: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resource_names: Vec<String>,
    #[serde(rename = "nonResourceURLs", skip_serializing_if = "Vec::is_empty")]
    pub(crate) paths: Vec<String>,
}

/// A role given to subjects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Binding {
    #[serde(skip)]
    name: String,
    /// Empty for the whole cluster.
    #[serde(skip)]
    namespace: String,
    role_ref: RoleRef,
    subjects: Vec<Subject>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct RoleRef {
    kind: String,
    name: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Subject {
    kind: String,
    name: String,
    namespace: String,
}

/// All roles and bindings.
#[derive(Debug, Default)]
pub(crate) struct Rbac {
    /// The versions of the kinds that it was read from.
    of: [u64; 4],
    /// By namespace, which is empty for cluster roles, and name.
    roles: BTreeMap<(String, String), Vec<Rule>>,
    /// By namespace, which is empty for those of the cluster.
    bindings: BTreeMap<String, Vec<Binding>>,
}

impl Rbac {
    fn read(store: &Store) -> Self {
        let mut rbac = Self {
            of: versions(store),
            ..Self::default()
        };
        for name in ["ClusterRole", "Role"] {
            for stored in store.list(&kind(name), "") {
                let rules = json::items(&stored.value(), "/rules")
                    .iter()
                    .filter_map(|rule| serde_json::from_value(rule.clone()).ok())
                    .collect();
                let key = (
                    stored.key.namespace.to_string(),
                    stored.key.name.to_string(),
                );
                rbac.roles.insert(key, rules);
            }
        }
        for name in ["ClusterRoleBinding", "RoleBinding"] {
            for stored in store.list(&kind(name), "") {
                let binding: Binding = serde_json::from_slice(&stored.json).unwrap_or_default();
                let namespace = stored.key.namespace.to_string();
                rbac.bindings
                    .entry(namespace.clone())
                    .or_default()
                    .push(Binding {
                        name: stored.key.name.to_string(),
                        namespace,
                        ..binding
                    });
            }
        }
        rbac
    }

    /// Whether `user` may do `action`.
    pub(crate) fn decide(&self, user: &User, action: &Action<'_>) -> Decision {
        if user.groups.iter().any(|group| group == MASTERS) {
            return Decision {
                is_allowed: true,
                reason: String::new(),
            };
        }
        let namespace = match action {
            Action::Resource { namespace, .. } => namespace,
            Action::Path { .. } => "",
        };
        self.grants(user, namespace)
            .find(|(_, _, rule)| rule.allows(action))
            .map_or_else(Decision::default, |(binding, subject, _)| Decision {
                is_allowed: true,
                reason: format!("RBAC: allowed by {}", binding.describe(subject)),
            })
    }

    /// Every rule that holds for `user` in `namespace`, once.
    pub(crate) fn rules<'a>(&'a self, user: &'a User, namespace: &'a str) -> Vec<&'a Rule> {
        let mut rules: Vec<&Rule> = Vec::new();
        for (_, _, rule) in self.grants(user, namespace) {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        rules
    }

    /// What is given to `user`: in the whole cluster, then in `namespace`.
    fn grants<'a>(
        &'a self,
        user: &'a User,
        namespace: &'a str,
    ) -> impl Iterator<Item = (&'a Binding, &'a Subject, &'a Rule)> {
        let of = |namespace: &str| self.bindings.get(namespace).into_iter().flatten();
        let local = (!namespace.is_empty()).then(|| of(namespace));
        of("")
            .chain(local.into_iter().flatten())
            .filter_map(|binding| Some((binding, binding.subject(user)?)))
            .flat_map(|(binding, subject)| {
                let rules = self.roles.get(&binding.role());
                rules
                    .into_iter()
                    .flatten()
                    .map(move |rule| (binding, subject, rule))
            })
    }
}

impl Rule {
    fn allows(&self, action: &Action<'_>) -> bool {
        let holds = |known: &[String], asked: &str| {
            known.iter().any(|known| known == "*" || known == asked)
        };
        match *action {
            Action::Resource {
                verb,
                group,
                resource,
                subresource,
                name,
                ..
            } => {
                holds(&self.verbs, verb)
                    && holds(&self.api_groups, group)
                    && self.covers(resource, subresource)
                    && (self.resource_names.is_empty()
                        || self.resource_names.iter().any(|known| known == name))
            }
            Action::Path { verb, path } => {
                holds(&self.verbs, verb)
                    && self.paths.iter().any(|known| {
                        let prefix = known.strip_suffix('*');
                        known == path || prefix.is_some_and(|prefix| path.starts_with(prefix))
                    })
            }
        }
    }

    fn covers(&self, resource: &str, subresource: &str) -> bool {
        let asked = if subresource.is_empty() {
            resource.to_owned()
        } else {
            format!("{resource}/{subresource}")
        };
        self.resources.iter().any(|known| {
            known == "*"
                || *known == asked
                || known
                    .strip_prefix("*/")
                    .is_some_and(|part| !subresource.is_empty() && part == subresource)
        })
    }
}

impl Binding {
    /// The subject that `user` is.
    fn subject(&self, user: &User) -> Option<&Subject> {
        self.subjects
            .iter()
            .find(|subject| match subject.kind.as_str() {
                "User" => subject.name == user.name,
                "Group" => user.groups.contains(&subject.name),
                "ServiceAccount" => {
                    let namespace = self.namespace_of(subject);
                    let name = format!("system:serviceaccount:{namespace}:{}", subject.name);
                    !namespace.is_empty() && name == user.name
                }
                _ => false,
            })
    }

    fn namespace_of<'a>(&'a self, subject: &'a Subject) -> &'a str {
        if subject.namespace.is_empty() {
            &self.namespace
        } else {
            &subject.namespace
        }
    }

    fn role(&self) -> (String, String) {
        let namespace = match self.role_ref.kind.as_str() {
            "Role" => self.namespace.clone(),
            _ => String::new(),
        };
        (namespace, self.role_ref.name.clone())
    }

    /// The binding as reasons name it.
    fn describe(&self, subject: &Subject) -> String {
        let (kind, name) = if self.namespace.is_empty() {
            ("ClusterRoleBinding", self.name.clone())
        } else {
            ("RoleBinding", format!("{}/{}", self.name, self.namespace))
        };
        let whom = if subject.kind == "ServiceAccount" {
            format!("{}/{}", subject.name, self.namespace_of(subject))
        } else {
            subject.name.clone()
        };
        format!(
            "{kind} \"{name}\" of {} \"{}\" to {} \"{whom}\"",
            self.role_ref.kind, self.role_ref.name, subject.kind
        )
    }
}

/// The roles and bindings, read anew when one has changed.
#[derive(Debug, Default)]
pub(crate) struct RbacCache {
    latest: Mutex<Arc<Rbac>>,
}

impl RbacCache {
    /// The roles and bindings as they are now.
    pub(crate) fn get(&self, store: &Store) -> Arc<Rbac> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.of != versions(store) {
            *latest = Arc::new(Rbac::read(store));
        }
        Arc::clone(&latest)
    }
}

fn versions(store: &Store) -> [u64; 4] {
    KINDS.map(|name| store.version_of_kind(&kind(name)))
}

/// The rules that an aggregated role gets from the roles `all`, in their order, each once.
pub(crate) fn aggregate(name: &str, role: &Value, all: &[Arc<crate::store::Stored>]) -> Vec<Value> {
    let mut rules: Vec<Value> = Vec::new();
    for selector in json::items(role, "/aggregationRule/clusterRoleSelectors") {
        let Some(selector) = crate::label_selector::LabelSelector::read(selector) else {
            continue;
        };
        let chosen = all
            .iter()
            .filter(|other| other.key.name != name && selector.matches(other));
        for other in chosen {
            for rule in json::items(&other.value(), "/rules") {
                if !rules.contains(rule) {
                    rules.push(rule.clone());
                }
            }
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        serde_json::from_str(text).unwrap()
    }

    fn on_pods<'a>(verb: &'a str, subresource: &'a str, name: &'a str) -> Action<'a> {
        Action::Resource {
            verb,
            group: "",
            resource: "pods",
            subresource,
            namespace: "web",
            name,
        }
    }

    #[test]
    fn a_rule_about_a_resource_says_nothing_about_its_parts() {
        let pods = rule(r#"{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}"#);
        assert!(pods.allows(&on_pods("get", "", "a")));
        assert!(!pods.allows(&on_pods("get", "log", "a")));
        assert!(!pods.allows(&on_pods("list", "", "")));
        let parts = rule(r#"{"verbs":["*"],"apiGroups":["*"],"resources":["*/log"]}"#);
        assert!(parts.allows(&on_pods("get", "log", "a")));
        assert!(!parts.allows(&on_pods("get", "", "a")));
    }

    #[test]
    fn a_rule_for_one_name_does_not_allow_a_list() {
        let one =
            rule(r#"{"verbs":["*"],"apiGroups":[""],"resources":["pods"],"resourceNames":["a"]}"#);
        assert!(one.allows(&on_pods("get", "", "a")));
        assert!(!one.allows(&on_pods("get", "", "b")));
        assert!(!one.allows(&on_pods("list", "", "")));
    }

    #[test]
    fn a_path_may_end_in_anything() {
        let api = rule(r#"{"verbs":["get"],"nonResourceURLs":["/api/*","/version"]}"#);
        let path = |path| Action::Path { verb: "get", path };
        assert!(api.allows(&path("/api/v1")));
        assert!(api.allows(&path("/version")));
        assert!(!api.allows(&path("/metrics")));
    }
}
