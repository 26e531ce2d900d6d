//! Reading answers: a whole body as a value, a watch line by line.

use anyhow::{Context as _, Result, bail};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use crate::door::Body;

/// What every message in Kubernetes's protobuf begins with.
const PROTOBUF: &[u8] = b"k8s\0";

/// The whole body as a value: JSON as it is, protobuf as its [fields](fields), the rest as text.
pub async fn read(body: Body) -> Result<Value> {
    let bytes = body
        .collect()
        .await
        .map_err(|error| anyhow::anyhow!(error))?
        .to_bytes();
    if let Some(message) = bytes.strip_prefix(PROTOBUF) {
        return fields(message).context("no protobuf message follows the magic number");
    }
    Ok(serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into()))
}

/// A protobuf message without its schema: an object from field numbers to lists of what stands
/// there. Bytes are text where they read as text, and an inner message under `message` where they
/// read as one.
fn fields(mut bytes: &[u8]) -> Option<Value> {
    let mut message = serde_json::Map::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let value = match key & 7 {
            0 => json!(varint(&mut bytes)?),
            1 => json!(take(&mut bytes, 8)?),
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                let inner = take(&mut bytes, length)?;
                json!({ "text": std::str::from_utf8(inner).ok(), "message": fields(inner) })
            }
            5 => json!(take(&mut bytes, 4)?),
            _ => return None,
        };
        let number = (key >> 3).to_string();
        if number == "0" {
            return None;
        }
        message
            .entry(number)
            .or_insert_with(|| json!([]))
            .as_array_mut()?
            .push(value);
    }
    Some(message.into())
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// A watch, read line by line.
pub struct Lines {
    body: Body,
    rest: Vec<u8>,
}

impl Lines {
    /// The lines of this body.
    pub fn of(body: Body) -> Self {
        Self {
            body,
            rest: Vec::new(),
        }
    }

    /// The next event; none at the end of the stream.
    pub async fn next(&mut self) -> Result<Option<Value>> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return Ok(Some(serde_json::from_slice(&line)?));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(Ok(frame)) => {
                    let Ok(bytes) = frame.into_data() else {
                        continue;
                    };
                    self.rest.extend_from_slice(&bytes);
                }
                Some(Err(error)) => bail!("the stream broke: {error}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::fields;

    #[test]
    fn a_message_is_read_without_its_schema() {
        // 1: { 1: "a" }, 2: 300
        let bytes = [0x0a, 0x03, 0x0a, 0x01, b'a', 0x10, 0xac, 0x02];
        let read = fields(&bytes).unwrap();
        assert_eq!(read.pointer("/1/0/message/1/0/text"), Some(&json!("a")));
        assert_eq!(read.pointer("/2/0"), Some(&json!(300)));
    }
}
