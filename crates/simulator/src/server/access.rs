//! What the user of the demo may do: what their groups and the roles in the cluster allow, without
//! what the scenario forbids.

use super::{Server, failure::Failure, path::ResourcePath};
use crate::rbac::{Action, Decision, MASTERS, User};

/// The user and what they may not do.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    user: User,
    forbidden: Vec<Prohibition>,
}

/// Something that is forbidden: `list pods`, `watch workloads.kueue.x-k8s.io`, `* secrets`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Prohibition {
    verb: String,
    /// `PLURAL` or `PLURAL.GROUP`.
    resource: String,
}

impl Access {
    /// The access of `user` in `groups` (without any: one who may do everything) without
    /// `forbidden`, each a verb (or `*`) and a resource.
    pub(crate) fn new(user: &str, groups: &[String], forbidden: &[String]) -> Self {
        let forbidden = forbidden
            .iter()
            .filter_map(|rule| rule.split_once(' '))
            .map(|(verb, resource)| Prohibition {
                verb: verb.to_owned(),
                resource: resource.trim().to_owned(),
            })
            .collect();
        let mut groups = groups.to_vec();
        if groups.is_empty() {
            groups.push(MASTERS.to_owned());
        }
        groups.push("system:authenticated".to_owned());
        let user = User {
            name: user.to_owned(),
            groups,
        };
        Self { user, forbidden }
    }

    /// What `user` may do where this one asks in their name.
    pub(super) fn of(&self, user: User) -> Self {
        // What one may not do, one may not do in another's name either.
        let forbidden = self.forbidden.clone();
        Self { user, forbidden }
    }

    /// Who the user is.
    pub(super) fn user(&self) -> &User {
        &self.user
    }

    /// Whether the scenario forbids anything.
    pub(super) fn is_restricted(&self) -> bool {
        !self.forbidden.is_empty()
    }

    fn forbids(&self, action: &Action<'_>) -> bool {
        let Action::Resource {
            verb,
            group,
            resource,
            ..
        } = *action
        else {
            return false;
        };
        let is_meant = |named: &str| match named.split_once('.') {
            Some((plural, of)) => plural == resource && of == group,
            None => named == resource && group.is_empty(),
        };
        self.forbidden
            .iter()
            .any(|rule| ["*", verb].contains(&rule.verb.as_str()) && is_meant(&rule.resource))
    }
}

impl Server {
    /// Whether the user may do `action`.
    pub(super) fn decide(&self, action: &Action<'_>) -> Decision {
        let access = self.access();
        if access.forbids(action) {
            return Decision::default();
        }
        self.rbac.get(&self.store).decide(access.user(), action)
    }

    /// Refuses what the user may not do with objects, in the words of the RBAC authorizer.
    pub(super) fn authorize(&self, verb: &str, path: &ResourcePath) -> Result<(), Failure> {
        let action = Action::Resource {
            verb,
            group: &path.group,
            resource: &path.plural,
            subresource: path.subresource.as_deref().unwrap_or_default(),
            // The namespace of a namespace is that namespace itself.
            namespace: match (path.plural.as_str(), &path.name) {
                ("namespaces", Some(name)) if path.group.is_empty() => name,
                _ => &path.namespace,
            },
            name: path.name.as_deref().unwrap_or_default(),
        };
        if self.decide(&action).is_allowed {
            Ok(())
        } else {
            Err(Failure::forbidden(path, &self.access().user().name, verb))
        }
    }

    /// Refuses a path that the user may not see.
    pub(super) fn authorize_path(&self, verb: &str, path: &str) -> Result<(), Failure> {
        if self.decide(&Action::Path { verb, path }).is_allowed {
            Ok(())
        } else {
            Err(Failure::forbidden_path(
                &self.access().user().name,
                verb,
                path,
            ))
        }
    }
}
