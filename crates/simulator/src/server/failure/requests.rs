//! Refusals that are about the request itself: its body, its form, its options.

use http::StatusCode;
use serde_json::{Value, json};

use super::Failure;

impl Failure {
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// What a request should lead to is not there.
    pub(in crate::server) fn service_unavailable(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            message,
        )
    }

    pub(in crate::server) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        )
        .with_details(json!({}))
    }

    pub(in crate::server) fn not_acceptable() -> Self {
        Self::not_acceptable_because(
            "only the following media types are accepted: application/json, application/yaml, \
             application/vnd.kubernetes.protobuf",
        )
    }

    pub(in crate::server) fn not_acceptable_because(why: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "NotAcceptable", why)
    }

    /// No clause of `Accept` names anything that the path produces.
    pub(in crate::server) fn none_of_representations(is_collection: bool) -> Self {
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
    pub(in crate::server) fn unsupported_media_type(accepted: &[&str]) -> Self {
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
    pub(in crate::server) fn unsupported_patch_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "415: Unsupported Media Type",
        )
        .with_details(json!({}))
    }

    /// The body is larger than the server reads.
    pub(in crate::server) fn too_large(why: &str) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            format!("Request entity too large: {why}"),
        )
    }

    /// A JSON patch that the object does not let itself be patched with.
    pub(in crate::server) fn rejected_patch() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Invalid",
            "the server rejected our request due to an error in our request",
        )
        .with_details(json!({}))
    }

    /// What a real server does and this one does not yet.
    pub(in crate::server) fn not_implemented(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            format!("the demo cluster does not support {what} yet"),
        )
    }

    /// The options of a list or a watch contradict each other.
    pub(in crate::server) fn invalid_options(problems: &str, causes: &[Value]) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Invalid",
            format!("ListOptions.meta.k8s.io \"\" is invalid: {problems}"),
        )
        .with_details(json!({ "group": "meta.k8s.io", "kind": "ListOptions", "causes": causes }))
    }

    /// What the server did not foresee; Kubernetes gives such an error no reason.
    pub(in crate::server) fn unforeseen(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "", message)
    }

    /// What cannot be answered through no fault of the client.
    pub(crate) fn internal(why: &str) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            format!("Internal error occurred: {why}"),
        )
        .with_details(json!({ "causes": [{ "message": why }] }))
    }

    /// A failure whose reason the real server does not say either.
    pub(in crate::server) fn unexplained(message: &str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "", message)
    }
}
