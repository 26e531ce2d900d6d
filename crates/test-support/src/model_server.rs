//! A server of models on loopback: OpenAI's interface over real HTTP, in pieces and at a pace that a
//! test has in its hand.

use std::{
    collections::VecDeque,
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use futures::StreamExt as _;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Frame, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc, watch},
};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;

/// The model that it has.
pub const MODEL: &str = "tiny";

type Body = UnsyncBoxBody<Bytes, Broken>;

/// What breaks an answer in the middle.
#[derive(Debug)]
pub struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("broken by the test")
    }
}

impl std::error::Error for Broken {}

/// How it answers a question.
#[derive(Clone, Debug)]
pub enum Scripted {
    /// With these tokens, streamed where that is asked for, with usage and `[DONE]`.
    Tokens(Vec<&'static str>),
    /// The same, cut into pieces of so many bytes wherever they end.
    Cut(Vec<&'static str>, usize),
    /// With these tokens, and then an error instead of an end.
    ErrorAfter(Vec<&'static str>, &'static str),
    /// With these tokens, and then the connection breaks.
    BreakAfter(Vec<&'static str>),
    /// With a status and a body.
    Status(u16, &'static str),
}

/// What it was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path.
    pub path: String,
    /// The header `Authorization`; empty where there is none.
    pub authorization: String,
    /// The JSON; null where there is none.
    pub body: Value,
}

/// A server of models on loopback, until it is dropped.
pub struct ModelServer {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    _serving: AbortOnDropHandle<()>,
}

struct Shared {
    scripts: Mutex<VecDeque<Scripted>>,
    otherwise: Mutex<Scripted>,
    asked: Mutex<Vec<Asked>>,
    connections: AtomicUsize,
    answering: watch::Sender<usize>,
    most_at_once: AtomicUsize,
    /// A token goes only with a permit; a closed one lets all of them go.
    pace: Semaphore,
}

impl ModelServer {
    /// Starts one that answers `otherwise` where a test scripts nothing else.
    pub async fn start(otherwise: Scripted) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let pace = Semaphore::new(0);
        pace.close();
        let shared = Arc::new(Shared {
            scripts: Mutex::default(),
            otherwise: Mutex::new(otherwise),
            asked: Mutex::default(),
            connections: AtomicUsize::new(0),
            answering: watch::Sender::new(0),
            most_at_once: AtomicUsize::new(0),
            pace,
        });
        Ok(Self::serve(listener, address, shared))
    }

    /// Starts one that says a token only when it is [let](Self::say).
    pub async fn start_paced(otherwise: Scripted) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            scripts: Mutex::default(),
            otherwise: Mutex::new(otherwise),
            asked: Mutex::default(),
            connections: AtomicUsize::new(0),
            answering: watch::Sender::new(0),
            most_at_once: AtomicUsize::new(0),
            pace: Semaphore::new(0),
        });
        Ok(Self::serve(listener, address, shared))
    }

    fn serve(listener: TcpListener, address: SocketAddr, shared: Arc<Shared>) -> Self {
        let serving = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self {
            address,
            shared,
            _serving: AbortOnDropHandle::new(serving),
        }
    }

    /// Answers the next question so.
    pub fn script(&self, scripted: Scripted) {
        lock(&self.shared.scripts).push_back(scripted);
    }

    /// Lets it say so many tokens more.
    pub fn say(&self, tokens: usize) {
        self.shared.pace.add_permits(tokens);
    }

    /// What it was asked, in order.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.shared.asked).clone()
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Acquire)
    }

    /// How many answers were under way at once at most.
    pub fn most_at_once(&self) -> usize {
        self.shared.most_at_once.load(Ordering::Acquire)
    }

    /// Waits until `wanted` answers are under way.
    pub async fn answering(&self, wanted: usize) {
        let mut answering = self.shared.answering.subscribe();
        // The sender lives as long as this.
        answering.wait_for(|now| *now == wanted).await.ok();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((connection, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::AcqRel);
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| {
            let shared = Arc::clone(&shared);
            async move { Ok::<_, Infallible>(shared.answer(request).await) }
        });
        let serving = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(connection), service);
        // One that a test broke ends so.
        tokio::spawn(async move { serving.await.ok() });
    }
}

impl Shared {
    async fn answer(self: &Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let authorization = request.headers().get(header::AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        let authorization = authorization.unwrap_or_default().to_owned();
        let body = request.into_body().collect().await;
        let body = body.map(http_body_util::Collected::to_bytes);
        let body: Value = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
        lock(&self.asked).push(Asked {
            path: path.clone(),
            authorization,
            body: body.clone(),
        });
        if path.ends_with("/models") {
            let list = json!({ "object": "list",
                "data": [{ "id": MODEL, "object": "model", "max_model_len": 2048 }] });
            return whole(StatusCode::OK, list.to_string());
        }
        let scripted = lock(&self.scripts).pop_front();
        let scripted = scripted.unwrap_or_else(|| lock(&self.otherwise).clone());
        let is_streamed = body.get("stream").is_some_and(|stream| stream == true);
        let is_chat = path.ends_with("/chat/completions");
        match scripted {
            Scripted::Status(status, body) => whole(
                StatusCode::from_u16(status).unwrap_or_default(),
                body.to_owned(),
            ),
            Scripted::Tokens(tokens) if !is_streamed => {
                whole(StatusCode::OK, whole_answer(&tokens, is_chat).to_string())
            }
            Scripted::Tokens(tokens) => self.stream(events(&tokens, is_chat, ""), usize::MAX, None),
            Scripted::Cut(tokens, at) => self.stream(events(&tokens, is_chat, ""), at, None),
            Scripted::ErrorAfter(tokens, error) => {
                self.stream(events(&tokens, is_chat, error), usize::MAX, None)
            }
            Scripted::BreakAfter(tokens) => {
                let said = tokens.len() + 1;
                self.stream(events(&tokens, is_chat, ""), usize::MAX, Some(said))
            }
        }
    }

    /// Sends events one by one, each in pieces of at most `cut` bytes; breaks after `breaks_after`.
    fn stream(
        self: &Arc<Self>,
        events: Vec<String>,
        cut: usize,
        breaks_after: Option<usize>,
    ) -> Response<Body> {
        let (sender, pieces) = mpsc::channel::<Result<Frame<Bytes>, Broken>>(1);
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            let _answering = Answering::begin(&shared);
            for (at, event) in events.into_iter().enumerate() {
                if breaks_after == Some(at) {
                    // A body that fails takes along what was not sent yet: whoever takes the pieces
                    // has taken the last one, and waits for the next once it has gone out.
                    if let Ok(permit) = sender.reserve().await {
                        tokio::task::yield_now().await;
                        permit.send(Err(Broken));
                    }
                    return;
                }
                tokio::select! {
                    permit = shared.pace.acquire() => {
                        if let Ok(permit) = permit {
                            permit.forget();
                        }
                    }
                    // Whoever asked is gone.
                    () = sender.closed() => return,
                }
                for piece in event.as_bytes().chunks(cut) {
                    let piece = Frame::data(Bytes::copy_from_slice(piece));
                    if sender.send(Ok(piece)).await.is_err() {
                        return;
                    }
                }
            }
        });
        let body = StreamBody::new(ReceiverStream::new(pieces).boxed());
        let mut response = Response::new(body.boxed_unsync());
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("text/event-stream; charset=utf-8"),
        );
        response
    }
}

/// An answer that is under way.
struct Answering<'a>(&'a Shared);

impl<'a> Answering<'a> {
    fn begin(shared: &'a Shared) -> Self {
        shared.answering.send_modify(|now| {
            *now += 1;
            shared.most_at_once.fetch_max(*now, Ordering::AcqRel);
        });
        Self(shared)
    }
}

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        self.0.answering.send_modify(|now| *now -= 1);
    }
}

/// The events of an answer with `tokens`; with `error` instead of an end where there is one.
fn events(tokens: &[&str], is_chat: bool, error: &str) -> Vec<String> {
    let chunk = |choice: Value| {
        let object = if is_chat {
            "chat.completion.chunk"
        } else {
            "text_completion"
        };
        json!({ "id": "1", "object": object, "model": MODEL, "choices": [choice] })
    };
    let said = |text: &str, reason: Value| {
        chunk(if is_chat {
            json!({ "index": 0, "delta": { "content": text }, "finish_reason": reason })
        } else {
            json!({ "index": 0, "text": text, "finish_reason": reason })
        })
    };
    let mut events = Vec::new();
    if is_chat {
        let role = json!({ "index": 0, "delta": { "role": "assistant", "content": "" },
            "finish_reason": null });
        events.push(chunk(role).to_string());
    }
    events.extend(
        tokens
            .iter()
            .map(|token| said(token, Value::Null).to_string()),
    );
    if error.is_empty() {
        events.push(said("", "stop".into()).to_string());
        events.push(json!({ "model": MODEL, "choices": [], "usage": usage(tokens) }).to_string());
        events.push("[DONE]".to_owned());
    } else {
        events.push(json!({ "error": { "message": error, "code": 500 } }).to_string());
    }
    events
        .into_iter()
        .map(|event| format!("data: {event}\n\n"))
        .collect()
}

fn whole_answer(tokens: &[&str], is_chat: bool) -> Value {
    let text = tokens.concat();
    let choice = if is_chat {
        json!({ "index": 0, "message": { "role": "assistant", "content": text },
            "finish_reason": "stop" })
    } else {
        json!({ "index": 0, "text": text, "finish_reason": "stop" })
    };
    json!({ "model": MODEL, "choices": [choice], "usage": usage(tokens) })
}

fn usage(tokens: &[&str]) -> Value {
    json!({ "prompt_tokens": 5, "completion_tokens": tokens.len(),
        "total_tokens": 5 + tokens.len() })
}

fn whole(status: StatusCode, body: String) -> Response<Body> {
    let body = Full::new(Bytes::from(body)).map_err(|never: Infallible| match never {});
    let mut response = Response::new(body.boxed_unsync());
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json"),
    );
    response
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
