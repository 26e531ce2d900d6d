//! What the server answers a question, as its state is.

use std::{collections::HashMap, io};

use bytes::Bytes;
use futures::stream;
use http::{Response, StatusCode, header::CONTENT_TYPE};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody, combinators::UnsyncBoxBody};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{State, Streaming, line};

const JSON: &str = "application/json";

pub(super) type Answer = UnsyncBoxBody<Bytes, io::Error>;

impl State {
    pub(super) fn answer(
        &mut self,
        path: &str,
        query: &HashMap<String, String>,
    ) -> Response<Answer> {
        match path {
            "/version" => ok(&json!({"major": "1", "minor": "36", "gitVersion": "v1.36.2"})),
            "/readyz" if self.is_starting => refuse(StatusCode::INTERNAL_SERVER_ERROR, "not ready"),
            "/readyz" => ok(&json!("ok")),
            "/api" => ok(&self.discovery(true)),
            "/apis" => ok(&self.discovery(false)),
            _ if self.refusals_of_credentials > 0 => {
                self.refusals_of_credentials -= 1;
                refuse(StatusCode::UNAUTHORIZED, "Unauthorized")
            }
            _ if self.forbidden.contains(path) || self.is_starting => {
                refuse(StatusCode::FORBIDDEN, "nobody may read this")
            }
            _ if !self.served.iter().any(|kind| kind.path() == path) => refuse(
                StatusCode::NOT_FOUND,
                "the server could not find the requested resource",
            ),
            _ if query.contains_key("watch") => self.watch(path, query),
            _ => self.list(path, query),
        }
    }

    fn discovery(&self, is_core: bool) -> Value {
        let groups = self
            .served
            .iter()
            .filter(|kind| kind.group.is_empty() == is_core && !self.untold.contains(&kind.path()))
            .map(|kind| {
                json!({"metadata": {"name": kind.group}, "versions": [{"version": kind.version, "resources": [{
                    "resource": kind.resource, "responseKind": {"kind": kind.kind}, "scope": "Namespaced",
                    "verbs": ["get", "list", "watch"]}]}]})
            })
            .collect::<Vec<_>>();
        json!({"kind": "APIGroupDiscoveryList", "items": groups})
    }

    fn list(&self, path: &str, query: &HashMap<String, String>) -> Response<Answer> {
        if let Some((content_type, body)) = self.recorded.get(path) {
            return respond(StatusCode::OK, content_type, body.clone());
        }
        let from: usize = query
            .get("continue")
            .and_then(|token| token.parse().ok())
            .unwrap_or(0);
        let limit = query
            .get("limit")
            .and_then(|limit| limit.parse().ok())
            .unwrap_or(usize::MAX);
        let limit = limit.min(self.page);
        let all: Vec<&Value> = self.of(path).collect();
        let items: Vec<&Value> = all.iter().copied().skip(from).take(limit).collect();
        let mut metadata = json!({"resourceVersion": self.revision.to_string()});
        let remaining = all.len().saturating_sub(from + items.len());
        if remaining > 0 {
            metadata["continue"] = json!((from + items.len()).to_string());
            metadata["remainingItemCount"] = json!(remaining);
        }
        ok(&json!({"metadata": metadata, "items": items}))
    }

    fn watch(&mut self, path: &str, query: &HashMap<String, String>) -> Response<Answer> {
        let (pieces, body) = mpsc::unbounded_channel();
        let is_streaming_list = query.contains_key("sendInitialEvents");
        if is_streaming_list {
            if self.streaming == Streaming::Refused {
                return refuse(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "sendInitialEvents is forbidden",
                );
            }
            for object in self.of(path) {
                pieces.send(Ok(line("ADDED", object))).unwrap();
            }
            if self.streaming == Streaming::Known {
                let end = json!({"metadata": {"resourceVersion": self.revision.to_string(),
                    "annotations": {"k8s.io/initial-events-end": "true"}}});
                pieces.send(Ok(line("BOOKMARK", &end))).unwrap();
            }
        } else {
            let after = query
                .get("resourceVersion")
                .and_then(|version| version.parse().ok());
            let after: u64 = after.expect("a watch names the version it goes on from");
            if after < self.oldest {
                return refuse(StatusCode::GONE, "too old resource version");
            }
            for happened in &self.history {
                if happened.path == path && happened.revision > after {
                    pieces.send(Ok(happened.line())).unwrap();
                }
            }
        }
        if !(is_streaming_list && self.streaming == Streaming::Cut) {
            self.watches.push((path.to_owned(), pieces));
        }
        let content_type = if self.recorded.contains_key(path) {
            "application/vnd.kubernetes.protobuf;stream=watch"
        } else {
            JSON
        };
        response(StatusCode::OK, content_type, body)
    }

    fn of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Value> {
        self.objects
            .iter()
            .filter(move |((of, _), _)| of == path)
            .map(|(_, object)| object)
    }
}

fn ok(body: &Value) -> Response<Answer> {
    respond(StatusCode::OK, JSON, body.to_string().into())
}

fn refuse(code: StatusCode, message: &str) -> Response<Answer> {
    let status = json!({"kind": "Status", "code": code.as_u16(), "message": message});
    respond(code, JSON, status.to_string().into())
}

fn respond(code: StatusCode, content_type: &str, body: Bytes) -> Response<Answer> {
    let (pieces, whole) = mpsc::unbounded_channel();
    pieces.send(Ok(body)).unwrap();
    response(code, content_type, whole)
}

fn response(
    code: StatusCode,
    content_type: &str,
    body: mpsc::UnboundedReceiver<Result<Bytes, io::Error>>,
) -> Response<Answer> {
    let frames = stream::unfold(body, |mut body| async move {
        let piece = body.recv().await?;
        Some((piece.map(Frame::data), body))
    });
    Response::builder()
        .status(code)
        .header(CONTENT_TYPE, content_type)
        .body(StreamBody::new(frames).boxed_unsync())
        .unwrap()
}
