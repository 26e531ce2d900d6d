//! A program in a pod by way of the API server's proxy.

use std::sync::Arc;

use futures::{StreamExt as _, future::BoxFuture, stream};
use http::{Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Collected, Limited};
use kube::client::Body;
use strata_ports::{
    error::{PortError, PortErrorKind},
    proxy::PodPort,
    tunnel::{Key, Question, Reply, Tunnel, Way},
};

use super::{place, reply, request};
use crate::{
    objects::{Line, failed, permission},
    pod_proxy,
    slim::Encoding,
    watch::ask::{self, Failure},
};

/// What the API server writes where it answers itself, in the place of the program.
const STATUS: &str = r#""kind":"Status""#;

/// A pod's proxy.
pub(super) struct Proxied {
    line: Arc<Line>,
    to: PodPort,
}

impl Proxied {
    pub(super) fn new(line: Arc<Line>, to: PodPort) -> Self {
        Self { line, to }
    }

    /// Whether the user may get through at all: whatever the program answers to the question for its
    /// health, it was asked.
    pub(super) async fn is_permitted(&mut self) -> Result<(), PortError> {
        let path = pod_proxy::address(&self.to, "/health");
        match ask::open(self.line.client(), &path, "*/*").await {
            Err(failure @ Failure::Forbidden(_)) => Err(self.refused(failure)),
            _ => Ok(()),
        }
    }

    fn refused(&self, failure: Failure) -> PortError {
        let permission = permission("create", "pods/proxy", &self.to.pod.namespace);
        failed(&permission, &place(&self.to), failure)
    }
}

impl Tunnel for Proxied {
    fn way(&self) -> Way {
        Way::Proxied
    }

    fn ask(&mut self, question: Question) -> BoxFuture<'_, Result<Reply, PortError>> {
        Box::pin(async move {
            if question.key != Key::None {
                let message = format!(
                    "a key does not get through the API server's proxy to {}: the port would have to be \
                     forwarded, which takes the permission to {}",
                    place(&self.to),
                    permission("create", "pods/portforward", &self.to.pod.namespace)
                );
                return Err(PortError::new(PortErrorKind::Unsupported, message));
            }
            let path = pod_proxy::address(&self.to, &question.path);
            let request = request(&question, &path, None, Body::from)?;
            let sent = self.line.client().send(request).await;
            let answer = sent.map_err(|error| self.refused(Failure::of_request(&error)))?;
            let to = self.to.clone();
            // These the API server may have said itself; which, only the body tells.
            if matches!(
                answer.status(),
                StatusCode::UNAUTHORIZED
                    | StatusCode::FORBIDDEN
                    | StatusCode::NOT_FOUND
                    | StatusCode::SERVICE_UNAVAILABLE
            ) {
                return self.whose(answer).await;
            }
            Ok(reply(answer, move |error| broken(&to, error)))
        })
    }
}

impl Proxied {
    /// Tells an answer of the API server's own from one of the program.
    async fn whose(&self, answer: Response<Body>) -> Result<Reply, PortError> {
        let (head, body) = answer.into_parts();
        let limited = Limited::new(body, ask::EXPLANATION_LIMIT);
        let body = limited.collect().await.map(Collected::to_bytes);
        let body = body.unwrap_or_default();
        if String::from_utf8_lossy(&body).contains(STATUS) {
            let status = ask::status(Encoding::Json, &body);
            return Err(self.refused(Failure::of_status(head.status, status)));
        }
        let content_type = head.headers.get(CONTENT_TYPE);
        Ok(Reply {
            status: head.status.as_u16(),
            content_type: content_type
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
            body: stream::iter([Ok(body.to_vec())]).boxed(),
        })
    }
}

fn broken(to: &PodPort, error: kube::Error) -> PortError {
    let message = format!("the answer of {} broke off", place(to));
    PortError::new(PortErrorKind::Unavailable, message).because(error)
}
