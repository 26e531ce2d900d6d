//! Refusals, as the `Status` objects that Kubernetes answers
//! (`k8s.io/apimachinery/pkg/api/errors`).

use http::{Response, StatusCode, header};
use serde_json::{Value, json};

use super::{ResponseBody, json_response, path::ResourcePath};
use crate::fields::{self, Conflict};

/// The reason of [`Failure::no_page`], which no client sees.
const NO_PAGE: &str = "NoPage";

/// A request that is refused, and why.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    code: StatusCode,
    reason: &'static str,
    message: String,
    details: Value,
    metadata: Value,
}

/// One problem of an object (`k8s.io/apimachinery/pkg/util/validation/field`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    reason: &'static str,
    field: String,
    message: String,
}

impl Cause {
    pub(crate) fn new(reason: &'static str, field: &str, message: String) -> Self {
        Self {
            reason,
            field: field.to_owned(),
            message,
        }
    }

    pub(crate) fn reason(&self) -> &'static str {
        self.reason
    }

    pub(crate) fn invalid(field: &str, value: &str, why: &str) -> Self {
        Self {
            reason: "FieldValueInvalid",
            field: field.to_owned(),
            message: format!("Invalid value: {value}: {why}"),
        }
    }

    pub(crate) fn not_supported(field: &str, value: &str, supported: &[&str]) -> Self {
        let supported: Vec<String> = supported.iter().map(|one| format!("{one:?}")).collect();
        Self {
            reason: "FieldValueNotSupported",
            field: field.to_owned(),
            message: format!(
                "Unsupported value: {value}: supported values: {}",
                supported.join(", ")
            ),
        }
    }

    pub(crate) fn required(field: &str, why: &str) -> Self {
        Self {
            reason: "FieldValueRequired",
            field: field.to_owned(),
            message: format!("Required value: {why}"),
        }
    }

    pub(crate) fn too_long(field: &str, most: usize) -> Self {
        Self {
            reason: "FieldValueTooLong",
            field: field.to_owned(),
            message: format!("Too long: may not be more than {most} bytes"),
        }
    }

    pub(crate) fn forbidden(field: &str, why: &str) -> Self {
        Self {
            reason: "FieldValueForbidden",
            field: field.to_owned(),
            message: format!("Forbidden: {why}"),
        }
    }

    fn value(&self) -> Value {
        json!({ "reason": self.reason, "message": self.message, "field": self.field })
    }
}

impl Failure {
    fn new(code: StatusCode, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            message: message.into(),
            details: Value::Null,
            metadata: json!({}),
        }
    }

    fn with_details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }

    /// The `Status` object.
    pub(crate) fn status(&self) -> Value {
        let mut status = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": self.metadata,
            "status": "Failure",
            "message": self.message,
            "code": self.code.as_u16(),
        });
        if !self.reason.is_empty()
            && let Some(fields) = status.as_object_mut()
        {
            fields.insert("reason".to_owned(), self.reason.into());
        }
        if !self.details.is_null()
            && let Some(fields) = status.as_object_mut()
        {
            fields.insert("details".to_owned(), self.details.clone());
        }
        status
    }

    pub(super) fn response(&self) -> Response<ResponseBody> {
        if self.reason == NO_PAGE {
            return super::response(
                self.code,
                "text/plain; charset=utf-8",
                format!("{}\n", self.message),
            );
        }
        let mut response = json_response(self.code, self.status().to_string());
        if let Some(seconds) = self
            .details
            .get("retryAfterSeconds")
            .and_then(Value::as_u64)
        {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    /// No part of the server knows the path; what is no group of its own is not a `Status` either.
    pub(super) fn no_page() -> Self {
        Self::new(StatusCode::NOT_FOUND, NO_PAGE, "404 page not found")
    }

    pub(super) fn no_such_path() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NotFound",
            "the server could not find the requested resource",
        )
        .with_details(json!({}))
    }

    pub(super) fn not_found(path: &ResourcePath) -> Self {
        let name = path.name.as_deref().unwrap_or_default();
        Self::new(
            StatusCode::NOT_FOUND,
            "NotFound",
            format!("{} \"{name}\" not found", path.qualified()),
        )
        .with_details(details(path, name))
    }

    pub(super) fn no_such_namespace(namespace: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NotFound",
            format!("namespaces \"{namespace}\" not found"),
        )
        .with_details(json!({ "name": namespace, "kind": "namespaces" }))
    }

    /// Nothing is created in a namespace that goes.
    pub(super) fn namespace_is_terminating(path: &ResourcePath, name: &str) -> Self {
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

    pub(super) fn already_exists(path: &ResourcePath, name: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "AlreadyExists",
            format!("{} \"{name}\" already exists", path.qualified()),
        )
        .with_details(details(path, name))
    }

    pub(super) fn conflict(path: &ResourcePath) -> Self {
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

    pub(super) fn forbidden(path: &ResourcePath, user: &str, verb: &str) -> Self {
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

    pub(super) fn forbidden_path(user: &str, verb: &str, path: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Forbidden",
            format!("forbidden: User \"{user}\" cannot {verb} path \"{path}\""),
        )
        .with_details(json!({}))
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// What a request should lead to is not there.
    pub(super) fn service_unavailable(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            message,
        )
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        )
        .with_details(json!({}))
    }

    pub(super) fn not_acceptable() -> Self {
        Self::not_acceptable_because(
            "only the following media types are accepted: application/json, application/yaml, \
             application/vnd.kubernetes.protobuf",
        )
    }

    pub(super) fn not_acceptable_because(why: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "NotAcceptable", why)
    }

    /// No clause of `Accept` names anything that the path produces.
    pub(super) fn none_of_representations(is_collection: bool) -> Self {
        let streams = if is_collection {
            ", application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"
        } else {
            ""
        };
        Self::not_acceptable_because(format!(
            "406: Not Acceptable\n\nAvailable representations: application/json, \
             application/yaml, application/vnd.kubernetes.protobuf{streams}"
        ))
        .with_details(json!({}))
    }

    /// The body is of a type that the resource does not take.
    pub(super) fn unsupported_media_type(accepted: &[&str]) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            format!(
                "the body of the request was in an unknown format - accepted media types include: \
                 {}",
                accepted.join(", ")
            ),
        )
    }

    /// The router of built-in resources does not know the type of the patch.
    pub(super) fn unsupported_patch_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "415: Unsupported Media Type",
        )
        .with_details(json!({}))
    }

    /// The body is larger than the server reads.
    pub(super) fn too_large(why: &str) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            format!("Request entity too large: {why}"),
        )
    }

    /// A JSON patch that the object does not let itself be patched with.
    pub(super) fn rejected_patch() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Invalid",
            "the server rejected our request due to an error in our request",
        )
        .with_details(json!({}))
    }

    /// An apply sets fields that others own with other values.
    pub(super) fn apply_conflict(conflicts: &[Conflict]) -> Self {
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
    pub(super) fn no_unique_name(path: &ResourcePath, name: &str) -> Self {
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

    /// Whether somebody else has written the object in the meantime.
    pub(super) fn is_conflict(&self) -> bool {
        self.code == StatusCode::CONFLICT && self.details.get("causes").is_none()
    }

    /// What a real server does and this one does not yet.
    pub(super) fn not_implemented(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            format!("the demo cluster does not support {what} yet"),
        )
    }

    /// The options of a list or a watch contradict each other.
    pub(super) fn invalid_options(problems: &str, causes: &[Value]) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Invalid",
            format!("ListOptions.meta.k8s.io \"\" is invalid: {problems}"),
        )
        .with_details(json!({ "group": "meta.k8s.io", "kind": "ListOptions", "causes": causes }))
    }

    /// What the server did not foresee; Kubernetes gives such an error no reason.
    pub(super) fn unforeseen(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "", message)
    }

    /// The history does not reach back to the version of a list.
    pub(super) fn list_expired() -> Self {
        Self::new(
            StatusCode::GONE,
            "Expired",
            "The resourceVersion for the provided list is too old.",
        )
    }

    /// The history does not reach back to the version of a watch.
    pub(super) fn expired(asked: u64, oldest: u64) -> Self {
        Self::new(
            StatusCode::GONE,
            "Expired",
            format!("too old resource version: {asked} ({oldest})"),
        )
    }

    /// The history does not reach back to the version of a page; `token` leads to the rest of the
    /// list as it is now.
    pub(super) fn page_expired(token: &str) -> Self {
        let mut failure = Self::new(
            StatusCode::GONE,
            "Expired",
            "The provided continue parameter is too old to display a consistent list result. You \
             can start a new list without the continue parameter, or use the continue token in \
             this response to retrieve the remainder of the results. Continuing with the provided \
             token results in an inconsistent list - objects that were created, modified, or \
             deleted between the time the first chunk was returned and now may show up in the \
             list.",
        );
        failure.metadata = json!({ "continue": token });
        failure
    }

    /// A version from the future.
    pub(super) fn too_large_version(asked: u64, current: u64) -> Self {
        let message = format!("Too large resource version: {asked}, current: {current}");
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "Timeout",
            format!("Timeout: {message}"),
        )
        .with_details(json!({
            "causes": [{ "reason": "ResourceVersionTooLarge", "message": "Too large resource version" }],
            "retryAfterSeconds": 1,
        }))
    }

    /// What cannot be answered through no fault of the client.
    pub(super) fn internal(why: &str) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            format!("Internal error occurred: {why}"),
        )
        .with_details(json!({ "causes": [{ "message": why }] }))
    }

    /// A failure whose reason the real server does not say either.
    pub(super) fn unexplained(message: &str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "", message)
    }

    /// More than one disruption budget protects a pod.
    pub(super) fn several_budgets() -> Self {
        Self::unexplained(
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does \
             not support.",
        )
    }

    /// A disruption budget does not let a pod go, for the reason `why`.
    pub(super) fn disruption_refused(why: &str, retry_after_seconds: u64) -> Self {
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
    pub(super) fn conflict_because(group: &str, resource: &str, name: &str, why: &str) -> Self {
        let mut details = json!({ "name": name, "kind": resource });
        let mut qualified = resource.to_owned();
        if !group.is_empty() {
            qualified = format!("{resource}.{group}");
            crate::json::as_object(&mut details).insert("group".to_owned(), group.into());
        }
        let message = format!("Operation cannot be fulfilled on {qualified} \"{name}\": {why}");
        Self::new(StatusCode::CONFLICT, "Conflict", message).with_details(details)
    }

    /// An object of `kind` that has every one of the problems `causes`.
    pub(crate) fn invalid_because(group: &str, kind: &str, name: &str, causes: &[Cause]) -> Self {
        let qualified = if group.is_empty() {
            kind.to_owned()
        } else {
            format!("{kind}.{group}")
        };
        let mut sentences: Vec<String> = Vec::new();
        for cause in causes {
            let sentence = format!("{}: {}", cause.field, cause.message);
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
        let sentences = match sentences.as_slice() {
            [only] => only.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let causes: Vec<Value> = causes.iter().map(Cause::value).collect();
        let mut details = json!({ "causes": causes });
        let fields = crate::json::as_object(&mut details);
        for (field, value) in [("name", name), ("group", group), ("kind", kind)] {
            if !value.is_empty() {
                fields.insert(field.to_owned(), value.into());
            }
        }
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Invalid",
            format!("{qualified} \"{name}\" is invalid: {sentences}"),
        )
        .with_details(details)
    }

    pub(super) fn invalid(kind: &str, group: &str, name: &str, field: &str, problem: &str) -> Self {
        let qualified = if group.is_empty() {
            kind.to_owned()
        } else {
            format!("{kind}.{group}")
        };
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Invalid",
            format!("{qualified} \"{name}\" is invalid: {field}: {problem}"),
        )
        .with_details(json!({
            "name": name,
            "group": group,
            "kind": kind,
            "causes": [{ "message": problem, "field": field }],
        }))
    }
}

fn details(path: &ResourcePath, name: &str) -> Value {
    let mut details = json!({ "kind": path.plural });
    if let Some(fields) = details.as_object_mut() {
        if !name.is_empty() {
            fields.insert("name".to_owned(), name.into());
        }
        if !path.group.is_empty() {
            fields.insert("group".to_owned(), path.group.as_str().into());
        }
    }
    details
}
