//! The same with kubectl: a command that a person can run instead.

use serde_json::Value;
use strata_domain::ids::GroupKind;
use strata_ports::{contexts::Context, control::Propagation, objects::ObjectAddress};

/// Writes commands for one context.
pub(crate) struct Kubectl {
    prefix: String,
}

impl Kubectl {
    /// What stands after an apply that takes fields from their owners.
    pub(super) const FORCED: &'static str = " --force-conflicts";

    /// Commands for `context`.
    pub(crate) fn of(context: &Context) -> Self {
        let file = if context.file.is_empty() {
            String::new()
        } else {
            format!(" --kubeconfig {}", quoted(&context.file))
        };
        let name = quoted(&context.name);
        Self {
            prefix: format!("kubectl{file} --context {name}"),
        }
    }

    /// A command about `object`, such as `scale` with ` --replicas 2` after it.
    pub(crate) fn command(&self, verb: &str, object: &ObjectAddress, after: &str) -> String {
        format!(
            "{} {verb}{} {}{after}",
            self.prefix,
            namespace(object),
            written(object)
        )
    }

    /// Applying the object from a file.
    pub(super) fn apply(&self, object: &ObjectAddress) -> String {
        let file = format!(
            "{}-{}.yaml",
            object.kind.kind.as_str().to_lowercase(),
            object.key.name
        );
        format!(
            "{} apply{} --server-side --field-manager strata -f {}",
            self.prefix,
            namespace(object),
            quoted(&file)
        )
    }

    /// A command about a node, such as `cordon`.
    pub(crate) fn of_node(&self, verb: &str, node: &ObjectAddress, after: &str) -> String {
        format!("{} {verb} {}{after}", self.prefix, quoted(&node.key.name))
    }

    /// Draining a node.
    pub(crate) fn drain(&self, node: &str, force: bool, delete_local_data: bool) -> String {
        let force = if force { " --force" } else { "" };
        let local = if delete_local_data {
            " --delete-emptydir-data"
        } else {
            ""
        };
        let node = quoted(node);
        format!(
            "{} drain {node} --ignore-daemonsets{force}{local}",
            self.prefix
        )
    }

    /// Creating `object`.
    pub(crate) fn create(&self, object: &Value) -> String {
        let json = quoted(&object.to_string());
        format!("echo {json} | {} create -f -", self.prefix)
    }

    /// Merging `patch` into the object.
    pub(crate) fn merge(&self, object: &ObjectAddress, patch: &Value) -> String {
        let patch = quoted(&patch.to_string());
        self.command("patch", object, &format!(" --type merge -p {patch}"))
    }

    /// Deleting the object.
    pub(super) fn delete(&self, object: &ObjectAddress, propagation: Propagation) -> String {
        let cascade = match propagation {
            Propagation::Background => "",
            Propagation::Foreground => " --cascade=foreground",
            Propagation::Orphan => " --cascade=orphan",
        };
        self.command("delete", object, cascade)
    }
}

fn namespace(object: &ObjectAddress) -> String {
    let namespace = &object.key.namespace;
    if namespace.is_empty() {
        String::new()
    } else {
        format!(" -n {}", quoted(namespace))
    }
}

/// `deployment.apps/web`.
fn written(object: &ObjectAddress) -> String {
    let GroupKind { group, kind } = &object.kind;
    let kind = kind.as_str().to_lowercase();
    let name = &object.key.name;
    if group.is_empty() {
        quoted(&format!("{kind}/{name}"))
    } else {
        quoted(&format!("{kind}.{group}/{name}"))
    }
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = !word.is_empty()
        && word
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_./:@=,+".contains(letter));
    if is_plain {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_spaces_and_quotes_are_one_word_to_a_shell() {
        assert_eq!(quoted("team-a/web"), "team-a/web");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }
}
