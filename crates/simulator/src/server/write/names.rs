//! What a new object is called and where it goes, and what may keep it from going.

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{
    json, kinds,
    server::{
        Server, Target,
        failure::{Cause, Failure},
    },
};

/// The longest prefix of a name that is made up.
const MAX_PREFIX: usize = 58;

impl Server {
    /// Refuses to create in a namespace that is not there, or that goes.
    pub(super) fn check_namespace(
        &self,
        target: &Target<'_>,
        object: &Value,
    ) -> Result<(), Failure> {
        if target.resource.scope != kinds::Scope::Namespaced {
            return Ok(());
        }
        let namespace = target.path.namespace.as_str();
        let key = ObjectKey::new("", namespace);
        let place = self.store.get(&GroupKind::new("", "Namespace"), &key);
        let place = place.ok_or_else(|| Failure::no_such_namespace(namespace))?;
        if place.is_ending {
            let name = json::text(object, "/metadata/name");
            return Err(Failure::namespace_is_terminating(target.path, name));
        }
        Ok(())
    }

    /// Names a new object after its `generateName`.
    pub(super) fn make_up_name(
        &self,
        target: &Target<'_>,
        object: &mut Value,
    ) -> Result<(), Failure> {
        let prefix = json::text(object, "/metadata/generateName");
        if prefix.is_empty() {
            let cause = Cause::required("metadata.name", "name or generateName is required");
            let kind = &target.resource.response_kind.kind;
            return Err(Failure::invalid_because(
                &target.path.group,
                kind,
                "",
                &[cause],
            ));
        }
        let prefix: String = prefix.chars().take(MAX_PREFIX).collect();
        let name = format!("{prefix}{}", self.store.suffix());
        json::object_at(object, "metadata").insert("name".to_owned(), name.into());
        Ok(())
    }
}

/// Both the registry and the strategies check finalizers, so the cause stands there twice.
pub(super) fn late_finalizers(target: &Target<'_>, name: &str, late: &[String]) -> Failure {
    let late: Vec<String> = late.iter().map(|one| format!("{one:?}")).collect();
    let cause = Cause::forbidden(
        "metadata.finalizers",
        &format!(
            "no new finalizers can be added if the object is being deleted, found new finalizers \
             []string{{{}}}",
            late.join(", ")
        ),
    );
    let kind = &target.resource.response_kind.kind;
    Failure::invalid_because(&target.path.group, kind, name, &[cause.clone(), cause])
}
