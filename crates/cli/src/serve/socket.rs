//! The four commands of the contract over a WebSocket.
//!
//! The page sends `{id, op: "call", operation, request}`, `{id, op: "subscribe", topic}`,
//! `{op: "acknowledge", subscription, seq}` and `{op: "unsubscribe", subscription}`; it is answered
//! with `{id, ok}` or `{id, error}`, and hears `{subscription, frame}`.

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    http::HeaderMap,
    response::Response,
};
use futures::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strata_api::{error::ApiError, frames::Frame, topics::Topic};
use strata_app::{Engine, SinkClosed, SubscriptionId};
use tokio::sync::mpsc;

use super::{Served, guard};

/// The largest message that a page may send: a manifest, not a library.
const LARGEST_MESSAGE: usize = 4 << 20;

/// What a page asks.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
enum Asked {
    Call {
        id: u32,
        operation: String,
        request: Value,
    },
    Subscribe {
        id: u32,
        topic: Topic,
    },
    Acknowledge {
        subscription: u32,
        seq: u32,
    },
    Unsubscribe {
        subscription: u32,
    },
}

/// What a page hears.
#[derive(Serialize)]
#[serde(untagged)]
enum Heard {
    Answer { id: u32, ok: Value },
    Refusal { id: u32, error: ApiError },
    Frame { subscription: u32, frame: Frame },
}

pub(crate) async fn open(
    State(served): State<Arc<Served>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    match guard::refuse_socket(&served, &headers) {
        Some(refusal) => refusal,
        None => upgrade
            .protocols(["strata"])
            .max_message_size(LARGEST_MESSAGE)
            .on_upgrade(move |socket| speak(socket, served.engine.clone())),
    }
}

/// What waits to be written: an answer, or a frame of the subscription that will have this number.
enum Waiting {
    Answer(Heard),
    Frame(Arc<OnceLock<u32>>, Frame),
}

/// Speaks with one page until it goes away; then its subscriptions end.
async fn speak(socket: WebSocket, engine: Engine) {
    let (mut out, mut inbound) = socket.split();
    // Bounded by the page: two frames for each subscription, one answer for each question.
    let (sender, mut waiting) = mpsc::unbounded_channel();
    let mut subscriptions = HashSet::new();
    loop {
        let heard = tokio::select! {
            message = inbound.next() => {
                let text = match message {
                    Some(Ok(Message::Text(text))) => text,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    _ => break,
                };
                match serde_json::from_str(&text) {
                    Ok(asked) => answer(asked, &engine, &sender, &mut subscriptions).await,
                    // A page that speaks another language is of another version: let it reload.
                    Err(error) => {
                        tracing::warn!(%error, "a page sent what is not in the contract");
                        break;
                    }
                }
            }
            Some(waiting) = waiting.recv() => match waiting {
                Waiting::Answer(heard) => Some(heard),
                Waiting::Frame(number, frame) => {
                    number.get().map(|&subscription| Heard::Frame { subscription, frame })
                }
            },
        };
        let Some(heard) = heard else { continue };
        let Ok(text) = serde_json::to_string(&heard) else {
            continue;
        };
        if out.send(Message::Text(text.into())).await.is_err() {
            break;
        }
    }
    for subscription in subscriptions {
        engine.unsubscribe(SubscriptionId(subscription));
    }
}

/// Does what was asked. What it returns is written next, ahead of any frame: a subscription's
/// number is known to the page before its first frame.
async fn answer(
    asked: Asked,
    engine: &Engine,
    sender: &mpsc::UnboundedSender<Waiting>,
    subscriptions: &mut HashSet<u32>,
) -> Option<Heard> {
    match asked {
        Asked::Call {
            id,
            operation,
            request,
        } => {
            let (engine, sender) = (engine.clone(), sender.clone());
            // A slow operation (a diagnosis) must not hold up the frames.
            tokio::spawn(async move {
                let heard = match engine.call(&operation, request).await {
                    Ok(ok) => Heard::Answer { id, ok },
                    Err(error) => Heard::Refusal { id, error },
                };
                // The page may have gone away meanwhile.
                drop(sender.send(Waiting::Answer(heard)));
            });
            None
        }
        Asked::Subscribe { id, topic } => {
            let number = Arc::new(OnceLock::new());
            let sink = {
                let (number, sender) = (Arc::clone(&number), sender.clone());
                move |frame| {
                    let waiting = Waiting::Frame(Arc::clone(&number), frame);
                    sender.send(waiting).map_err(|_| SinkClosed)
                }
            };
            Some(match engine.subscribe(topic, Box::new(sink)).await {
                Ok(SubscriptionId(subscription)) => {
                    subscriptions.insert(*number.get_or_init(|| subscription));
                    Heard::Answer {
                        id,
                        ok: subscription.into(),
                    }
                }
                Err(error) => Heard::Refusal { id, error },
            })
        }
        Asked::Acknowledge { subscription, seq } => {
            engine.acknowledge(SubscriptionId(subscription), seq);
            None
        }
        Asked::Unsubscribe { subscription } => {
            subscriptions.remove(&subscription);
            engine.unsubscribe(SubscriptionId(subscription));
            None
        }
    }
}
