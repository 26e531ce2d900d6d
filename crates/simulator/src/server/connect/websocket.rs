//! WebSockets with channels, as Kubernetes uses them
//! (`k8s.io/streaming/pkg/httpstream/wsstream`): the first byte of a message is its channel.

use bytes::{BufMut as _, Bytes, BytesMut};
use futures::{SinkExt as _, StreamExt as _};
use http::{Request, Response, header};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    sync::mpsc,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::derive_accept_key,
        protocol::{CloseFrame, Role, frame::coding::CloseCode},
    },
};

use super::upgrade::{self, Upgraded};
use crate::server::{ResponseBody, failure::Failure};

/// The subprotocol with a signal that one channel is closed.
pub(super) const V5: &str = "v5.channel.k8s.io";
pub(super) const V4: &str = "v4.channel.k8s.io";

/// The channel number that says: the channel in the next byte is closed.
const CLOSES: u8 = 255;

/// Messages that wait at most.
const WAITING: usize = 64;

/// Something that arrived.
#[derive(Debug)]
pub(super) enum Arrival {
    Bytes(u8, Bytes),
    Closed(u8),
}

/// Agrees on the first of `offered` that the client speaks too.
pub(super) fn accept(
    request: &Request<Bytes>,
    offered: &[&'static str],
) -> Result<(&'static str, Response<ResponseBody>), Failure> {
    let text = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let key = text(header::SEC_WEBSOCKET_KEY)
        .ok_or_else(|| Failure::bad_request("missing or bad WebSocket-Key"))?;
    let spoken: Vec<&str> = request
        .headers()
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let protocol = offered
        .iter()
        .copied()
        .find(|known| spoken.contains(known))
        .ok_or_else(|| {
            Failure::bad_request(format!(
                "unable to upgrade: no supported subprotocol among [{}]",
                spoken.join(" ")
            ))
        })?;
    let mut response = upgrade::switching("websocket");
    upgrade::set(
        &mut response,
        "sec-websocket-accept",
        &derive_accept_key(key.as_bytes()),
    );
    upgrade::set(&mut response, "sec-websocket-protocol", protocol);
    Ok((protocol, response))
}

/// Carries channels over the connection: what arrives comes out of the receiver, what is sent goes
/// in at the sender. When every sender is gone the connection is closed.
pub(super) async fn channels(
    connection: Upgraded,
) -> (mpsc::Sender<(u8, Bytes)>, mpsc::Receiver<Arrival>) {
    let socket = WebSocketStream::from_raw_socket(connection, Role::Server, None).await;
    let (mut sink, mut stream) = socket.split();
    let (sender, mut outgoing) = mpsc::channel::<(u8, Bytes)>(WAITING);
    let (arrived, incoming) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        while let Some((channel, bytes)) = outgoing.recv().await {
            let mut message = BytesMut::with_capacity(bytes.len() + 1);
            message.put_u8(channel);
            message.put(bytes);
            if sink.send(Message::Binary(message.freeze())).await.is_err() {
                return;
            }
        }
        let normal = CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        };
        if let Err(error) = sink.send(Message::Close(Some(normal))).await {
            tracing::debug!(%error, "a client was gone before the end");
        }
    });
    tokio::spawn(async move {
        while let Some(Ok(message)) = stream.next().await {
            let bytes = match message {
                Message::Binary(bytes) => bytes,
                Message::Text(text) => Bytes::from(text),
                Message::Close(_) => return,
                _ => continue,
            };
            let arrival = match bytes.first() {
                None => continue,
                Some(&CLOSES) => match bytes.get(1) {
                    Some(channel) => Arrival::Closed(*channel),
                    None => return,
                },
                Some(channel) => Arrival::Bytes(*channel, bytes.slice(1..)),
            };
            if arrived.send(arrival).await.is_err() {
                return;
            }
        }
    });
    (sender, incoming)
}

/// A plain stream of bytes inside the messages.
pub(super) async fn tunnel(connection: Upgraded) -> DuplexStream {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let socket = WebSocketStream::from_raw_socket(connection, Role::Server, None).await;
    let (mut sink, mut stream) = socket.split();
    let (mut read, mut write) = tokio::io::split(ours);
    tokio::spawn(async move {
        let mut buffer = BytesMut::with_capacity(32 * 1024);
        while let Ok(1..) = read.read_buf(&mut buffer).await {
            let message = Message::Binary(buffer.split().freeze());
            if sink.send(message).await.is_err() {
                return;
            }
            buffer.reserve(32 * 1024);
        }
        if let Err(error) = sink.close().await {
            tracing::debug!(%error, "a client was gone before the end");
        }
    });
    tokio::spawn(async move {
        while let Some(Ok(message)) = stream.next().await {
            if let Message::Binary(bytes) = message
                && write.write_all(&bytes).await.is_err()
            {
                return;
            }
        }
        if let Err(error) = write.shutdown().await {
            tracing::debug!(%error, "a tunnel was closed already");
        }
    });
    theirs
}
