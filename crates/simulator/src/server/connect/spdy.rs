//! The server's side of SPDY/3.1, as far as Kubernetes's clients speak it (`moby/spdystream`):
//! streams that the client opens, data in both directions, resets, pings.
//!
//! Flow control is that of the connection below: the clients know no windows.

use std::{collections::HashMap, io};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    sync::mpsc,
};

use self::{
    frame::{Frame, read},
    headers::{Deflater, Inflater},
};

mod frame;
mod headers;

/// Pieces of data that wait for a reader at most.
const WAITING: usize = 256;

/// A stream that a client opened.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) id: u32,
    headers: Vec<(String, String)>,
    /// What the client sends, until it closes its side.
    pub(super) data: mpsc::Receiver<Bytes>,
    pub(super) sender: Sender,
}

/// Sends on a stream.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    id: u32,
    frames: mpsc::Sender<Frame>,
}

impl Stream {
    /// The value of a header; its name in lower case.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }
}

impl Sender {
    /// Sends data; false where the connection is gone.
    pub(super) async fn send(&self, bytes: Bytes) -> bool {
        let frame = Frame::Data {
            stream: self.id,
            is_last: false,
            bytes,
        };
        self.frames.send(frame).await.is_ok()
    }

    /// Closes this side of the stream.
    pub(super) async fn finish(&self) {
        let frame = Frame::Data {
            stream: self.id,
            is_last: true,
            bytes: Bytes::new(),
        };
        self.put(frame).await;
    }

    /// Breaks the stream.
    pub(super) async fn reset(&self) {
        self.put(Frame::Reset { stream: self.id }).await;
    }

    async fn put(&self, frame: Frame) {
        if self.frames.send(frame).await.is_err() {
            tracing::debug!("a SPDY connection was gone before the end");
        }
    }
}

/// Serves `connection`: the streams that the client opens come out of the receiver, until the
/// connection ends or the receiver is dropped.
pub(super) fn serve(
    connection: impl AsyncRead + AsyncWrite + Send + 'static,
) -> mpsc::Receiver<Stream> {
    let (reader, writer) = tokio::io::split(connection);
    let (frames, outgoing) = mpsc::channel(WAITING);
    let (opened, streams) = mpsc::channel(16);
    tokio::spawn(async move {
        if let Err(error) = write(writer, outgoing).await {
            tracing::debug!(%error, "a SPDY connection broke");
        }
    });
    tokio::spawn(async move {
        if let Err(error) = listen(reader, frames, opened).await {
            tracing::debug!(%error, "a SPDY connection broke");
        }
    });
    streams
}

async fn write(
    mut writer: impl AsyncWrite + Unpin,
    mut frames: mpsc::Receiver<Frame>,
) -> io::Result<()> {
    let mut deflater = Deflater::new()?;
    while let Some(frame) = frames.recv().await {
        writer.write_all(&frame.write(&mut deflater)?).await?;
        writer.flush().await?;
    }
    writer.shutdown().await
}

async fn listen(
    mut reader: impl AsyncRead + Unpin,
    frames: mpsc::Sender<Frame>,
    opened: mpsc::Sender<Stream>,
) -> io::Result<()> {
    let mut inflater = Inflater::new();
    let mut streams: HashMap<u32, mpsc::Sender<Bytes>> = HashMap::new();
    loop {
        let frame = tokio::select! {
            frame = read(&mut reader, &mut inflater) => frame?,
            () = opened.closed() => return Ok(()),
        };
        match frame {
            Some(Frame::Open {
                stream,
                is_last,
                headers,
            }) => {
                let (sender, data) = mpsc::channel(WAITING);
                if !is_last {
                    streams.insert(stream, sender);
                }
                let sender = Sender {
                    id: stream,
                    frames: frames.clone(),
                };
                sender.put(Frame::Reply { stream }).await;
                let opening = Stream {
                    id: stream,
                    headers,
                    data,
                    sender,
                };
                if opened.send(opening).await.is_err() {
                    return Ok(());
                }
            }
            Some(Frame::Data {
                stream,
                is_last,
                bytes,
            }) => {
                if let Some(sender) = streams.get(&stream)
                    && !bytes.is_empty()
                    && sender.send(bytes).await.is_err()
                {
                    streams.remove(&stream);
                }
                if is_last {
                    streams.remove(&stream);
                }
            }
            Some(Frame::Reset { stream }) => {
                streams.remove(&stream);
            }
            Some(ping @ Frame::Ping { .. }) => {
                if frames.send(ping).await.is_err() {
                    return Ok(());
                }
            }
            Some(Frame::Reply { .. } | Frame::Other) => {}
            Some(Frame::GoAway) | None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
