//! The parts of objects that have a path, and rules, of their own; `status` is written as the
//! object itself is.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::{Value, json};

use super::{
    ResponseBody, Server, Target, accept::Form, failure::Failure, json_response, query::Query,
    write::json_patch,
};
use crate::json;

mod bind;
mod evict;
pub(crate) mod scale;
mod token;

impl Server {
    /// Answers a request about the part `part` of an object.
    pub(super) fn subresource(
        &self,
        target: &Target<'_>,
        part: &str,
        verb: &str,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        match (part, verb) {
            ("scale", "get") => self.scale(target),
            ("scale", _) => self.rescale(target, query, request),
            ("eviction", _) => self.evict(target, query, request.body()),
            ("binding", _) => self.bind(target, query, request.body()),
            ("finalize", _) => self.put_part(target, query, request.body(), "/spec/finalizers"),
            ("approval", "get") => {
                let stored = self.current(target)?;
                Ok(json_response(
                    StatusCode::OK,
                    target.bytes(&stored, Form::Object),
                ))
            }
            ("approval", "update") => {
                self.put_part(target, query, request.body(), "/status/conditions")
            }
            ("token", _) => self.issue_token(target, request.body()),
            _ => Err(Failure::not_implemented(&format!("the subresource {part}"))),
        }
    }
}

impl Server {
    /// Takes over the one field `pointer` of the object that a request holds.
    fn put_part(
        &self,
        target: &Target<'_>,
        query: &Query,
        body: &Bytes,
        pointer: &str,
    ) -> Result<Response<ResponseBody>, Failure> {
        let asked = body_of(body)?;
        let current = self.current(target)?;
        let mut object = current.value();
        let version = json::text(&asked, "/metadata/resourceVersion");
        if !version.is_empty() && version != current.version.to_string() {
            return Err(Failure::conflict(target.path));
        }
        let (parent, field) = pointer.rsplit_once('/').unwrap_or_default();
        let part = json::object_at(&mut object, parent.trim_start_matches('/'));
        match asked.pointer(pointer) {
            Some(value) => part.insert(field.to_owned(), value.clone()),
            None => part.remove(field),
        };
        if is_dry_run(query) {
            return Ok(json_response(
                StatusCode::OK,
                target.bytes(&current, Form::Object),
            ));
        }
        let stored = self
            .store
            .replace(&target.kind(), object)
            .map_err(|_| Failure::conflict(target.path))?;
        Ok(json_response(
            StatusCode::OK,
            target.bytes(&stored, Form::Object),
        ))
    }
}

/// Whether the query asks for a dry run.
fn is_dry_run(query: &Query) -> bool {
    query.get("dryRun") == Some("All")
}

/// The object that a request holds.
fn body_of(body: &Bytes) -> Result<Value, Failure> {
    let object: Value = serde_json::from_slice(body).map_err(|error| {
        Failure::bad_request(format!(
            "couldn't get version/kind; json parse error: {error}"
        ))
    })?;
    if object.is_object() {
        return Ok(object);
    }
    Err(Failure::bad_request(
        "the body of the request is not an object",
    ))
}

/// What `current` becomes by the request: replaced, or patched.
fn changed(current: &Value, request: &Request<Bytes>) -> Result<Value, Failure> {
    if request.method() == http::Method::PUT {
        return body_of(request.body());
    }
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let media = content_type.unwrap_or_default().split(';').next();
    let mut object = current.clone();
    json::object_at(&mut object, "metadata").remove("resourceVersion");
    match media {
        Some("application/json-patch+json") => json_patch::apply(&mut object, request.body())?,
        // A scale holds no lists, so both kinds of merge are one.
        Some("application/merge-patch+json" | "application/strategic-merge-patch+json") => {
            json_patch::merge(&mut object, request.body())?;
        }
        _ => return Err(Failure::unsupported_patch_type()),
    }
    Ok(object)
}

/// The answer to a request that made something happen, but no object.
fn done() -> Response<ResponseBody> {
    let status = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {},
        "status": "Success", "code": 201 });
    json_response(StatusCode::CREATED, status.to_string())
}
