//! The headers of SPDY/3: pairs of text, compressed over the whole connection with a dictionary
//! that both sides know (<https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/>).

use std::io;

use bytes::{Buf as _, BufMut as _, BytesMut};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

const DICTIONARY: &[u8] = include_bytes!("dictionary");

/// The largest block that is read.
const LARGEST: usize = 256 * 1024;

/// Reads blocks of headers.
pub(super) struct Inflater(Decompress);

impl Inflater {
    pub(super) fn new() -> Self {
        Self(Decompress::new(true))
    }

    pub(super) fn read(&mut self, block: &[u8]) -> io::Result<Vec<(String, String)>> {
        parse(&self.inflate(block)?)
    }

    fn inflate(&mut self, mut block: &[u8]) -> io::Result<Vec<u8>> {
        let mut text = Vec::with_capacity(4096);
        loop {
            let before = self.0.total_in();
            let outcome = self
                .0
                .decompress_vec(block, &mut text, FlushDecompress::Sync);
            let used = usize::try_from(self.0.total_in() - before).unwrap_or(0);
            block = block.get(used..).unwrap_or_default();
            match outcome {
                Ok(Status::StreamEnd) => return Ok(text),
                Ok(_) if block.is_empty() && text.len() < text.capacity() => return Ok(text),
                Ok(_) if text.len() < text.capacity() && used == 0 => return Ok(text),
                Ok(_) if text.len() > LARGEST => return Err(damaged("is too large")),
                Ok(_) => text.reserve(4096),
                Err(error) if error.needs_dictionary().is_some() => {
                    self.0
                        .set_dictionary(DICTIONARY)
                        .map_err(|_| damaged("needs another dictionary"))?;
                }
                Err(_) => return Err(damaged("is damaged")),
            }
        }
    }
}

/// Writes blocks of headers.
pub(super) struct Deflater(Compress);

impl Deflater {
    pub(super) fn new() -> io::Result<Self> {
        let mut compress = Compress::new(Compression::default(), true);
        compress
            .set_dictionary(DICTIONARY)
            .map_err(io::Error::other)?;
        Ok(Self(compress))
    }

    pub(super) fn write(&mut self, headers: &[(String, String)]) -> io::Result<Vec<u8>> {
        let mut text = BytesMut::new();
        put_count(&mut text, headers.len());
        for part in headers.iter().flat_map(|(name, value)| [name, value]) {
            put_count(&mut text, part.len());
            text.put_slice(part.as_bytes());
        }
        // A sync flush adds a few bytes to what is at worst as long as the text.
        let mut block = Vec::with_capacity(text.len() + 128);
        self.0
            .compress_vec(&text, &mut block, FlushCompress::Sync)
            .map_err(io::Error::other)?;
        Ok(block)
    }
}

fn put_count(text: &mut BytesMut, count: usize) {
    text.put_u32(u32::try_from(count).unwrap_or(u32::MAX));
}

fn parse(mut text: &[u8]) -> io::Result<Vec<(String, String)>> {
    let count = number(&mut text)?;
    let mut headers = Vec::new();
    for _ in 0..count {
        let name = words(&mut text)?;
        let value = words(&mut text)?;
        headers.push((name.to_lowercase(), value));
    }
    Ok(headers)
}

fn words(text: &mut &[u8]) -> io::Result<String> {
    let length = number(text)?;
    let bytes = text
        .get(..length)
        .ok_or_else(|| damaged("ends too early"))?;
    let words = String::from_utf8_lossy(bytes).into_owned();
    text.advance(length);
    Ok(words)
}

fn number(text: &mut &[u8]) -> io::Result<usize> {
    if text.remaining() < 4 {
        return Err(damaged("ends too early"));
    }
    Ok(usize::try_from(text.get_u32()).unwrap_or(usize::MAX))
}

fn damaged(how: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("a block of SPDY headers {how}"),
    )
}
