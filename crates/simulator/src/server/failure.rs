//! Refusals, as the `Status` objects that Kubernetes answers
//! (`k8s.io/apimachinery/pkg/api/errors`).

use http::{Response, StatusCode, header};
use serde_json::{Value, json};

pub(crate) use self::cause::Cause;
use super::{ResponseBody, json_response, path::ResourcePath};

mod cause;
mod objects;
mod requests;
mod versions;

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

impl Failure {
    /// What is wrong, in a sentence.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

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

    /// Whether somebody else has written the object in the meantime.
    pub(super) fn is_conflict(&self) -> bool {
        self.code == StatusCode::CONFLICT && self.details.get("causes").is_none()
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
