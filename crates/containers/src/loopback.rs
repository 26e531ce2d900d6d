//! Conversations with what a container of this machine serves, over loopback.

use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use reqwest::{Client, Response, header::CONTENT_TYPE};
use strata_ports::{
    error::{PortError, PortErrorKind},
    tunnel::{Key, Question, Reply, Tunnel, Way},
};

/// A way to a port of this machine. Connections are made as questions are asked.
pub(crate) struct Loopback {
    client: Client,
    port: u16,
}

impl Loopback {
    pub(crate) fn to(port: u16) -> Self {
        // It is asked on this machine, never through a proxy.
        let client = Client::builder().no_proxy().build().unwrap_or_default();
        Self { client, port }
    }

    fn broken(port: u16, error: reqwest::Error) -> PortError {
        let kind = if error.is_timeout() {
            PortErrorKind::Timeout
        } else {
            PortErrorKind::Unavailable
        };
        let message = format!("nothing answers at port {port} of this machine");
        PortError::new(kind, message).because(error)
    }
}

impl Tunnel for Loopback {
    fn way(&self) -> Way {
        Way::Here
    }

    fn ask(&mut self, question: Question) -> BoxFuture<'_, Result<Reply, PortError>> {
        async move {
            let port = self.port;
            let url = format!("http://127.0.0.1:{port}{}", question.path);
            let request = match question.body {
                None => self.client.get(url),
                Some(body) => self
                    .client
                    .post(url)
                    .header(CONTENT_TYPE, "application/json")
                    .body(body),
            };
            let request = match &question.key {
                Key::None => request,
                Key::Typed(key) => request.bearer_auth(key),
                Key::Secret { .. } => {
                    let message = "this machine has no Secrets; type the key";
                    return Err(PortError::new(PortErrorKind::Unsupported, message));
                }
            };
            let answer = request.send().await;
            let answer = answer.map_err(|error| Self::broken(port, error))?;
            let content_type = answer.headers().get(CONTENT_TYPE);
            Ok(Reply {
                status: answer.status().as_u16(),
                content_type: content_type
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_default()
                    .to_owned(),
                body: pieces(answer, port),
            })
        }
        .boxed()
    }
}

/// The body as it comes; a failure is its last piece.
fn pieces(answer: Response, port: u16) -> stream::BoxStream<'static, Result<Vec<u8>, PortError>> {
    stream::unfold(Some(answer), move |answer| async move {
        let mut answer = answer?;
        match answer.chunk().await {
            Ok(Some(piece)) => Some((Ok(piece.to_vec()), Some(answer))),
            Ok(None) => None,
            Err(error) => Some((Err(Loopback::broken(port, error)), None)),
        }
    })
    .boxed()
}
