//! What the user of the demo may do: everything but what the scenario forbids.

use super::{failure::Failure, path::ResourcePath};

/// The user and what they may not do.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    user: String,
    forbidden: Vec<Rule>,
}

/// Something that is forbidden: `list pods`, `watch workloads.kueue.x-k8s.io`, `* secrets`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    verb: String,
    /// `PLURAL` or `PLURAL.GROUP`.
    resource: String,
}

impl Access {
    /// The access of `user` without `forbidden`, each a verb (or `*`) and a resource.
    pub(crate) fn new(user: &str, forbidden: &[String]) -> Self {
        let forbidden = forbidden
            .iter()
            .filter_map(|rule| rule.split_once(' '))
            .map(|(verb, resource)| Rule {
                verb: verb.to_owned(),
                resource: resource.trim().to_owned(),
            })
            .collect();
        Self {
            user: user.to_owned(),
            forbidden,
        }
    }

    /// The user's name.
    pub(super) fn user(&self) -> &str {
        &self.user
    }

    /// Whether the user may do `verb` to `resource` (`PLURAL` or `PLURAL.GROUP`).
    pub(super) fn allows(&self, verb: &str, resource: &str) -> bool {
        !self
            .forbidden
            .iter()
            .any(|rule| (rule.verb == "*" || rule.verb == verb) && rule.resource == resource)
    }

    /// Refuses what is forbidden, in the words of the RBAC authorizer.
    pub(super) fn check(&self, verb: &str, path: &ResourcePath) -> Result<(), Failure> {
        if self.allows(verb, &path.qualified()) {
            Ok(())
        } else {
            Err(Failure::forbidden(path, &self.user, verb))
        }
    }
}
