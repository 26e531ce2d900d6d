//! A watch's body, cut into events.

use bytes::{Buf as _, Bytes, BytesMut};
use http::StatusCode;

use super::ask::{self, Failure};
use crate::{
    map::{Decode, Decoded, Mapping},
    slim::{DecodeError, Encoding, envelope, json, meta::Bookmark},
};

/// Longer than any object that etcd takes (1.5 MiB by default), with room for odd servers.
const FRAME_LIMIT: usize = 64 * 1024 * 1024;

/// Cuts what comes into frames: a line each in JSON, four bytes of length before each in protobuf.
#[derive(Debug)]
pub(crate) struct Frames {
    encoding: Encoding,
    buffer: BytesMut,
    /// How far the buffer was searched for the end of a line.
    searched: usize,
}

impl Frames {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            buffer: BytesMut::new(),
            searched: 0,
        }
    }

    /// Takes a piece of the body.
    pub(crate) fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next frame, if all of it has come.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>, DecodeError> {
        match self.encoding {
            Encoding::Protobuf => self.next_delimited(),
            Encoding::Json => Ok(self.next_line()),
        }
    }

    fn next_delimited(&mut self) -> Result<Option<Bytes>, DecodeError> {
        let Some(head) = self.buffer.first_chunk::<4>() else {
            return Ok(None);
        };
        let length = usize::try_from(u32::from_be_bytes(*head)).unwrap_or(usize::MAX);
        if length > FRAME_LIMIT {
            return Err(DecodeError::FrameTooLong(length));
        }
        if self.buffer.len() - head.len() < length {
            return Ok(None);
        }
        self.buffer.advance(4);
        Ok(Some(self.buffer.split_to(length).freeze()))
    }

    fn next_line(&mut self) -> Option<Bytes> {
        loop {
            let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
            let Some(end) = unsearched.iter().position(|&byte| byte == b'\n') else {
                self.searched = self.buffer.len();
                return None;
            };
            let line = self.buffer.split_to(self.searched + end).freeze();
            self.buffer.advance(1);
            self.searched = 0;
            if !line.trim_ascii().is_empty() {
                return Some(line);
            }
        }
    }
}

/// What a watch says.
#[derive(Debug)]
pub(crate) enum Event {
    /// An object is new.
    Added(Decoded),
    /// An object is changed.
    Modified(Decoded),
    /// An object is gone; this was its last state.
    Deleted(Decoded),
    /// Nothing happened up to this version.
    Bookmark {
        resource_version: String,
        /// Whether it ends the initial events of a streaming list.
        ends_initial_events: bool,
    },
}

/// Reads a frame. The server's own error, such as an expired version, is the failure that it would
/// be as an answer.
pub(crate) fn event(
    encoding: Encoding,
    frame: Bytes,
    decode: &dyn Decode,
    mapping: &mut Mapping,
) -> Result<Event, Failure> {
    let (word, object) = match encoding {
        Encoding::Protobuf => envelope::watch_event(frame)?,
        Encoding::Json => json::watch_event(&frame)?,
    };
    match word.as_str() {
        "ADDED" => Ok(Event::Added(decode.object(encoding, &object, mapping)?)),
        "MODIFIED" => Ok(Event::Modified(decode.object(encoding, &object, mapping)?)),
        "DELETED" => Ok(Event::Deleted(decode.object(encoding, &object, mapping)?)),
        "BOOKMARK" => {
            let bookmark: Bookmark = match encoding {
                Encoding::Protobuf => envelope::object(&object)?,
                Encoding::Json => serde_json::from_slice(&object).map_err(DecodeError::from)?,
            };
            let ends_initial_events = bookmark.ends_initial_events();
            let resource_version = bookmark.metadata.resource_version;
            Ok(Event::Bookmark {
                resource_version,
                ends_initial_events,
            })
        }
        "ERROR" => {
            let status = ask::status(encoding, &object);
            let code = u16::try_from(status.code).unwrap_or_default();
            let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Err(Failure::of_status(code, status))
        }
        other => Err(Failure::Unreadable(format!(
            "the watch event `{other}` is unknown"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{map::BuiltIn, slim};

    #[test]
    fn frames_are_found_however_the_body_is_cut() {
        let delimited: Vec<u8> =
            [b"one".as_slice(), b"", b"three"]
                .iter()
                .fold(Vec::new(), |mut body, frame| {
                    body.extend(u32::try_from(frame.len()).unwrap().to_be_bytes());
                    body.extend_from_slice(frame);
                    body
                });
        for (encoding, body, expected) in [
            (
                Encoding::Protobuf,
                delimited.as_slice(),
                ["one", "", "three"].as_slice(),
            ),
            (
                Encoding::Json,
                b"{1}\n\n{22}\r\n{333}\n".as_slice(),
                &["{1}", "{22}\r", "{333}"],
            ),
        ] {
            for piece in 1..body.len() {
                let mut frames = Frames::new(encoding);
                let mut found = Vec::new();
                for piece in body.chunks(piece) {
                    frames.push(piece);
                    while let Some(frame) = frames.next().unwrap() {
                        found.push(String::from_utf8(frame.to_vec()).unwrap());
                    }
                }
                assert_eq!(found, expected, "{encoding:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_frame_longer_than_any_object_is_refused() {
        let mut frames = Frames::new(Encoding::Protobuf);
        frames.push(&[0xff; 8]);
        assert!(matches!(frames.next(), Err(DecodeError::FrameTooLong(_))));
    }

    #[test]
    fn a_recorded_watch_is_read_to_its_last_event() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/fixtures/kubernetes/watch-pods.jsonl"
        );
        let mut frames = Frames::new(Encoding::Json);
        frames.push(&std::fs::read(path).unwrap());
        let decode = BuiltIn::<slim::pod::Pod>::new();
        let mut mapping = Mapping::default();
        let mut versions = Vec::new();
        while let Some(frame) = frames.next().unwrap() {
            match event(Encoding::Json, frame, &decode, &mut mapping).unwrap() {
                Event::Modified(Decoded {
                    object,
                    resource_version,
                }) => {
                    assert!(!object.metadata().uid.0.is_empty());
                    versions.push(resource_version.parse::<u64>().unwrap());
                }
                other => panic!("not a change: {other:?}"),
            }
        }
        assert_eq!(versions.len(), 6);
        assert!(versions.is_sorted(), "{versions:?}");
    }

    #[test]
    fn an_expired_version_inside_a_watch_is_the_failure_that_it_is_as_an_answer() {
        let line = Bytes::from_static(
            br#"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#,
        );
        let decode = BuiltIn::<slim::pod::Pod>::new();
        let failure = event(Encoding::Json, line, &decode, &mut Mapping::default()).unwrap_err();
        assert_eq!(failure, Failure::Expired("too old".to_owned()));
    }

    #[test]
    fn the_bookmark_that_ends_a_streaming_list_is_told_from_others() {
        let decode = BuiltIn::<slim::pod::Pod>::new();
        let read = |line: &'static str| {
            let frame = Bytes::from_static(line.as_bytes());
            match event(Encoding::Json, frame, &decode, &mut Mapping::default()).unwrap() {
                Event::Bookmark {
                    resource_version,
                    ends_initial_events,
                } => (resource_version, ends_initial_events),
                other => panic!("not a bookmark: {other:?}"),
            }
        };
        assert_eq!(
            read(r#"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"12"}}}"#),
            ("12".to_owned(), false)
        );
        assert_eq!(
            read(
                r#"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"13",
                    "annotations":{"k8s.io/initial-events-end":"true"}}}}"#
            ),
            ("13".to_owned(), true)
        );
    }
}
