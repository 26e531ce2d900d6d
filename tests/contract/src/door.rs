//! How an API server is asked: a raw request, a raw answer.

use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;

/// What breaks a connection or a stream.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The body of an answer; a watch's body ends when the watch does.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;

/// An API server that can be asked.
pub trait Door: Send + Sync {
    /// Sends one request. An answer of any status is an answer.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, anyhow::Result<Response<Body>>>;

    /// How long a state may take to come true there, or an event to come.
    fn patience(&self) -> Duration;
}
