//! A small server over a socket or on loopback, which keeps what it was asked.

use std::{
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Either, Full};
use hyper::{
    body::{Body, Frame, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
};

/// What a server was asked: method, path with query, body.
pub(crate) type Asked = Arc<Mutex<Vec<(Method, String, Value)>>>;
pub(crate) type Answer = fn(&Method, &str, &Value) -> (u16, String);

/// What ends an answer that stays open: the server goes on for as long as somebody listens.
pub(crate) const AND_ON: &str = "\u{4}";

/// An answer that stays open after its first bytes, and tells when nobody listens any more.
struct Open {
    first: Option<Bytes>,
    unheard: Option<oneshot::Sender<()>>,
}

impl Body for Open {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(Frame::data(first)))),
            None => Poll::Pending,
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(unheard) = self.unheard.take() {
            unheard.send(()).ok();
        }
    }
}

/// What a server answers by, and what it keeps.
#[derive(Clone)]
struct Script {
    answer: Answer,
    asked: Asked,
    unheard: Arc<Mutex<Option<oneshot::Sender<()>>>>,
}

impl Script {
    fn of(answer: Answer) -> (Self, oneshot::Receiver<()>) {
        let (unheard, told) = oneshot::channel();
        let script = Self {
            answer,
            asked: Asked::default(),
            unheard: Arc::new(Mutex::new(Some(unheard))),
        };
        (script, told)
    }

    async fn answered(
        self,
        request: Request<Incoming>,
    ) -> Result<Response<Either<Full<Bytes>, Open>>, std::convert::Infallible> {
        let method = request.method().clone();
        let path = request.uri().path_and_query().unwrap().to_string();
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let (code, text) = (self.answer)(&method, &path, &body);
        self.asked.lock().unwrap().push((method, path, body));
        let body = match text.strip_suffix(AND_ON) {
            Some(first) => Either::Right(Open {
                first: Some(Bytes::from(first.to_owned())),
                unheard: self.unheard.lock().unwrap().take(),
            }),
            None => Either::Left(Full::new(Bytes::from(text))),
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(code).unwrap();
        let json = http::HeaderValue::from_static("application/json");
        response.headers_mut().insert("content-type", json);
        Ok(response)
    }

    /// Answers whoever asks over `stream`, for as long as they do.
    fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let script = self.clone();
        let service = service_fn(move |request| script.clone().answered(request));
        tokio::spawn(async move {
            hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await
                .ok();
        });
    }
}

/// Serves over a Unix socket.
pub(crate) fn on_socket(path: &Path, answer: Answer) -> Asked {
    on_socket_heard(path, answer).0
}

/// The same, and what is told once nobody listens to an answer that stays open.
pub(crate) fn on_socket_heard(path: &Path, answer: Answer) -> (Asked, oneshot::Receiver<()>) {
    let (script, unheard) = Script::of(answer);
    let asked = Arc::clone(&script.asked);
    let listener = tokio::net::UnixListener::bind(path).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            script.serve(stream);
        }
    });
    (asked, unheard)
}

/// Serves on loopback; the address.
pub(crate) async fn on_loopback(answer: Answer) -> (String, Asked) {
    let (address, asked, _) = on_loopback_heard(answer).await;
    (address, asked)
}

/// The same, and what is told once nobody listens to an answer that stays open.
pub(crate) async fn on_loopback_heard(answer: Answer) -> (String, Asked, oneshot::Receiver<()>) {
    let (script, unheard) = Script::of(answer);
    let asked = Arc::clone(&script.asked);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            script.serve(stream);
        }
    });
    (address, asked, unheard)
}
