//! The frames of SPDY/3.1.

use std::io;

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::headers::{Deflater, Inflater};

/// The version bit and number of a control frame.
const CONTROL: u16 = 0x8003;
const SYN_STREAM: u16 = 1;
const SYN_REPLY: u16 = 2;
const RST_STREAM: u16 = 3;
const PING: u16 = 6;
const GOAWAY: u16 = 7;
/// The flag of a frame that is the last of its stream.
const FIN: u8 = 1;
/// `CANCEL`, the reason of our resets.
const CANCEL: u32 = 5;

/// A frame; what the server has no use for (settings, windows, priorities) is `Other`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    Open {
        stream: u32,
        is_last: bool,
        headers: Vec<(String, String)>,
    },
    Reply {
        stream: u32,
    },
    Data {
        stream: u32,
        is_last: bool,
        bytes: Bytes,
    },
    Reset {
        stream: u32,
    },
    Ping {
        id: u32,
    },
    GoAway,
    Other,
}

/// Reads a frame; none at the end of the connection.
pub(super) async fn read(
    reader: &mut (impl AsyncRead + Unpin),
    inflater: &mut Inflater,
) -> io::Result<Option<Frame>> {
    let mut head = [0; 8];
    match reader.read_exact(&mut head).await {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    };
    let mut head = &head[..];
    let first = head.get_u32();
    let flags_and_length = head.get_u32();
    let length = flags_and_length & 0x00ff_ffff;
    let is_last = (flags_and_length >> 24) & u32::from(FIN) != 0;
    let mut body = vec![0; usize::try_from(length).unwrap_or(0)];
    reader.read_exact(&mut body).await?;
    let mut body = Bytes::from(body);
    if first >> 31 == 0 {
        return Ok(Some(Frame::Data {
            stream: first,
            is_last,
            bytes: body,
        }));
    }
    let kind = u16::try_from(first & 0xffff).unwrap_or(0);
    let needed = match kind {
        SYN_STREAM => 10,
        SYN_REPLY | RST_STREAM | PING => 4,
        _ => 0,
    };
    if body.len() < needed {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a SPDY frame is too short",
        ));
    }
    Ok(Some(match kind {
        SYN_STREAM => {
            let stream = body.get_u32() & 0x7fff_ffff;
            // The associated stream, the priority and the slot say nothing here.
            body.advance(6);
            Frame::Open {
                stream,
                is_last,
                headers: inflater.read(&body)?,
            }
        }
        SYN_REPLY => Frame::Reply {
            stream: body.get_u32() & 0x7fff_ffff,
        },
        RST_STREAM => Frame::Reset {
            stream: body.get_u32() & 0x7fff_ffff,
        },
        PING => Frame::Ping { id: body.get_u32() },
        GOAWAY => Frame::GoAway,
        _ => Frame::Other,
    }))
}

impl Frame {
    /// The frame's bytes.
    pub(super) fn write(&self, deflater: &mut Deflater) -> io::Result<Bytes> {
        let mut body = BytesMut::new();
        let (kind, flags) = match self {
            Self::Open {
                stream,
                is_last,
                headers,
            } => {
                body.put_u32(*stream);
                body.put_u32(0);
                body.put_u16(0);
                body.put_slice(&deflater.write(headers)?);
                (SYN_STREAM, u8::from(*is_last))
            }
            Self::Reply { stream } => {
                body.put_u32(*stream);
                body.put_slice(&deflater.write(&[])?);
                (SYN_REPLY, 0)
            }
            Self::Data {
                stream,
                is_last,
                bytes,
            } => {
                let mut frame = BytesMut::with_capacity(bytes.len() + 8);
                frame.put_u32(*stream);
                frame.put_u32(length(bytes.len(), u8::from(*is_last)));
                frame.put_slice(bytes);
                return Ok(frame.freeze());
            }
            Self::Reset { stream } => {
                body.put_u32(*stream);
                body.put_u32(CANCEL);
                (RST_STREAM, 0)
            }
            Self::Ping { id } => {
                body.put_u32(*id);
                (PING, 0)
            }
            Self::GoAway | Self::Other => {
                body.put_u64(0);
                (GOAWAY, 0)
            }
        };
        let mut frame = BytesMut::with_capacity(body.len() + 8);
        frame.put_u16(CONTROL);
        frame.put_u16(kind);
        frame.put_u32(length(body.len(), flags));
        frame.put_slice(&body);
        Ok(frame.freeze())
    }
}

/// The flags and the length of a frame in one word; no frame here is longer than 24 bits say.
fn length(length: usize, flags: u8) -> u32 {
    (u32::from(flags) << 24) | (u32::try_from(length).unwrap_or(0) & 0x00ff_ffff)
}
