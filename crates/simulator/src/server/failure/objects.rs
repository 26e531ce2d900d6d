//! Refusals that are about an object: it is not there, is there already, is somebody else's, or must not be touched.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Failure, details};
use crate::{
    fields::{self, Conflict},
    server::path::ResourcePath,
};

impl Failure {
    pub(in crate::server) fn not_found(path: &ResourcePath) -> Self {
        let name = path.name.as_deref().unwrap_or_default();
        Self::new(
            StatusCode::NOT_FOUND,
            "NotFound",
            format!("{} \"{name}\" not found", path.qualified()),
        )
        .with_details(details(path, name))
    }

    pub(in crate::server) fn no_such_namespace(namespace: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NotFound",
            format!("namespaces \"{namespace}\" not found"),
        )
        .with_details(json!({ "name": namespace, "kind": "namespaces" }))
    }

    /// Nothing is created in a namespace that goes.
    pub(in crate::server) fn namespace_is_terminating(path: &ResourcePath, name: &str) -> Self {
        let namespace = &path.namespace;
        let why = format!(
            "unable to create new content in namespace {namespace} because it is being terminated"
        );
        let mut failure = Self::forbidden_because(path, name, &why);
        crate::json::as_object(&mut failure.details).insert(
            "causes".to_owned(),
            json!([{
                "reason": "NamespaceTerminating",
                "message": format!("namespace {namespace} is being terminated"),
                "field": "metadata.namespace",
            }]),
        );
        failure
    }

    /// Admission refuses a request about the object `name`, for the reason `why`.
    pub(crate) fn forbidden_because(path: &ResourcePath, name: &str, why: &str) -> Self {
        let qualified = path.qualified();
        Self::new(
            StatusCode::FORBIDDEN,
            "Forbidden",
            format!("{qualified} \"{name}\" is forbidden: {why}"),
        )
        .with_details(details(path, name))
    }

    pub(in crate::server) fn already_exists(path: &ResourcePath, name: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "AlreadyExists",
            format!("{} \"{name}\" already exists", path.qualified()),
        )
        .with_details(details(path, name))
    }

    pub(in crate::server) fn conflict(path: &ResourcePath) -> Self {
        let name = path.name.as_deref().unwrap_or_default();
        Self::new(
            StatusCode::CONFLICT,
            "Conflict",
            format!(
                "Operation cannot be fulfilled on {} \"{name}\": the object has been modified; \
                 please apply your changes to the latest version and try again",
                path.qualified()
            ),
        )
        .with_details(details(path, name))
    }

    pub(in crate::server) fn forbidden(path: &ResourcePath, user: &str, verb: &str) -> Self {
        let resource = match &path.subresource {
            Some(subresource) => format!("{}/{subresource}", path.plural),
            None => path.plural.clone(),
        };
        let scope = if path.namespace.is_empty() {
            "at the cluster scope".to_owned()
        } else {
            format!("in the namespace \"{}\"", path.namespace)
        };
        let name = path.name.as_deref().unwrap_or_default();
        let subject = if name.is_empty() {
            path.qualified()
        } else {
            format!("{} \"{name}\"", path.qualified())
        };
        Self::new(
            StatusCode::FORBIDDEN,
            "Forbidden",
            format!(
                "{subject} is forbidden: User \"{user}\" cannot {verb} resource \"{resource}\" in \
                 API group \"{}\" {scope}",
                path.group
            ),
        )
        .with_details(details(path, name))
    }

    pub(in crate::server) fn forbidden_path(user: &str, verb: &str, path: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Forbidden",
            format!("forbidden: User \"{user}\" cannot {verb} path \"{path}\""),
        )
        .with_details(json!({}))
    }

    /// An apply sets fields that others own with other values.
    pub(in crate::server) fn apply_conflict(conflicts: &[Conflict]) -> Self {
        let causes: Vec<Value> = conflicts
            .iter()
            .map(|conflict| {
                json!({
                    "reason": "FieldManagerConflict",
                    "message": conflict.message(),
                    "field": conflict.field(),
                })
            })
            .collect();
        Self::new(StatusCode::CONFLICT, "Conflict", fields::message(conflicts))
            .with_details(json!({ "causes": causes }))
    }

    /// Every name that the server made up was taken.
    pub(in crate::server) fn no_unique_name(path: &ResourcePath, name: &str) -> Self {
        let mut details = details(path, name);
        crate::json::as_object(&mut details).insert("retryAfterSeconds".to_owned(), 1.into());
        Self::new(
            StatusCode::CONFLICT,
            "AlreadyExists",
            format!(
                "{} \"{name}\" already exists, the server was not able to generate a unique name \
                 for the object",
                path.qualified()
            ),
        )
        .with_details(details)
    }

    /// More than one disruption budget protects a pod.
    pub(in crate::server) fn several_budgets() -> Self {
        Self::unexplained(
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does \
             not support.",
        )
    }

    /// A disruption budget does not let a pod go, for the reason `why`.
    pub(in crate::server) fn disruption_refused(why: &str, retry_after_seconds: u64) -> Self {
        let mut details = json!({ "causes": [{ "reason": "DisruptionBudget", "message": why }] });
        if retry_after_seconds > 0 {
            crate::json::as_object(&mut details)
                .insert("retryAfterSeconds".to_owned(), retry_after_seconds.into());
        }
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TooManyRequests",
            "Cannot evict pod as it would violate the pod's disruption budget.",
        )
        .with_details(details)
    }

    /// The object is not as the request wants it to be, for the reason `why`.
    pub(in crate::server) fn conflict_because(
        group: &str,
        resource: &str,
        name: &str,
        why: &str,
    ) -> Self {
        let mut details = json!({ "name": name, "kind": resource });
        let mut qualified = resource.to_owned();
        if !group.is_empty() {
            qualified = format!("{resource}.{group}");
            crate::json::as_object(&mut details).insert("group".to_owned(), group.into());
        }
        let message = format!("Operation cannot be fulfilled on {qualified} \"{name}\": {why}");
        Self::new(StatusCode::CONFLICT, "Conflict", message).with_details(details)
    }
}
