//! One request, and its answer with what the server warns of.

use bytes::Bytes;
use http::{HeaderMap, Method, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body;
use serde_json::Value;
use tokio::time::timeout;

use super::refused::{Refused, Status};
use crate::watch::ask::{ANSWER_LIMIT, Failure};

/// What an answer may hold: an object and a half, as etcd has them.
const ANSWER_BYTES: usize = 4 * 1024 * 1024;

const JSON: &str = "application/json";

/// A request.
pub(super) struct Request<'a> {
    method: Method,
    path: &'a str,
    body: Option<(&'static str, &'a Value)>,
}

impl<'a> Request<'a> {
    /// A request without a body.
    pub(super) fn of(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            body: None,
        }
    }

    /// The same with the body `object`.
    pub(super) fn with(self, object: &'a Value) -> Self {
        self.with_form(JSON, object)
    }

    /// The same with a body of the content type `form`.
    pub(super) fn with_form(mut self, form: &'static str, object: &'a Value) -> Self {
        self.body = Some((form, object));
        self
    }
}

/// An answer that is a success.
#[derive(Debug)]
pub(super) struct Answer {
    /// The object that came.
    pub(super) body: Value,
    /// What the server warns of, in its words.
    pub(super) warnings: Vec<String>,
}

/// Sends a request, and reads the whole answer.
pub(super) async fn send(client: &kube::Client, request: Request<'_>) -> Result<Answer, Refused> {
    let mut built = http::Request::builder()
        .method(request.method)
        .uri(request.path)
        .header(http::header::ACCEPT, JSON);
    let body = match request.body {
        Some((form, object)) => {
            built = built.header(CONTENT_TYPE, form);
            Body::from(object.to_string().into_bytes())
        }
        None => Body::empty(),
    };
    let built = built
        .body(body)
        .map_err(|error| Failure::Refused(format!("{} is no address: {error}", request.path)))?;
    let response = timeout(ANSWER_LIMIT, client.send(built))
        .await
        .map_err(|_| Failure::silent(ANSWER_LIMIT))?
        .map_err(|error| Failure::of_request(&error))?;
    let (head, body) = response.into_parts();
    let body = timeout(ANSWER_LIMIT, Limited::new(body, ANSWER_BYTES).collect())
        .await
        .map_err(|_| Failure::silent(ANSWER_LIMIT))?
        .map_err(|error| Failure::Unreachable(format!("the answer broke off: {error}")))?
        .to_bytes();
    if head.status.is_success() {
        return Ok(Answer {
            body: read(&body)?,
            warnings: warnings(&head.headers),
        });
    }
    let status: Status = serde_json::from_slice(&body).unwrap_or_default();
    Err(Refused::Said {
        code: head.status,
        status,
    })
}

fn read(body: &Bytes) -> Result<Value, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::Unreadable(format!("the answer is no JSON: {error}")))
}

/// The texts of `Warning: 299 - "text"` (RFC 7234, section 5.5).
fn warnings(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(http::header::WARNING).into_iter();
    values
        .filter_map(|value| {
            let (_, quoted) = value.to_str().ok()?.split_once('"')?;
            let text = quoted.rsplit_once('"').map_or(quoted, |(text, _)| text);
            Some(text.replace("\\\"", "\"").replace("\\\\", "\\"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn warnings_are_read_without_their_code_and_quotes() {
        let mut headers = HeaderMap::new();
        headers.append(
            http::header::WARNING,
            HeaderValue::from_static("299 - \"unknown field \\\"spec.x\\\"\""),
        );
        assert_eq!(warnings(&headers), ["unknown field \"spec.x\""]);
    }
}
