//! The chain of hashes.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};
use strata_ports::journal::Verdict;

use super::COLUMNS;

/// What a line's hash covers, beside the hash of the line before.
pub(super) struct Link<'a> {
    pub(super) number: u32,
    pub(super) entry: u32,
    pub(super) writer: &'a str,
    pub(super) at: &'a str,
    pub(super) is_last: bool,
    pub(super) json: &'a str,
}

impl Link<'_> {
    /// The line's hash after a line with the hash `before`. Texts are preceded by their lengths, so
    /// that no two lines read alike.
    pub(super) fn hash(&self, before: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"strata journal 1");
        hash.update(before);
        hash.update(self.number.to_be_bytes());
        hash.update(self.entry.to_be_bytes());
        hash.update([u8::from(self.is_last)]);
        for text in [self.writer, self.at, self.json] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.finalize().into()
    }
}

/// Follows the chain from the first line to the last.
pub(super) fn verify(connection: &Connection) -> rusqlite::Result<Verdict> {
    let mut lines =
        connection.prepare(&format!("SELECT {COLUMNS} FROM journal ORDER BY number"))?;
    let mut rows = lines.query([])?;
    let (mut count, mut head, mut fault) = (0, Vec::new(), None);
    while let Some(row) = rows.next()? {
        let (writer, at, json): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(5)?);
        let link = Link {
            number: row.get(0)?,
            entry: row.get(1)?,
            writer: &writer,
            at: &at,
            is_last: row.get(4)?,
            json: &json,
        };
        let written: Vec<u8> = row.get(6)?;
        count += 1;
        if fault.is_none() && link.number != count {
            fault = Some((count, "it is missing".to_owned()));
        } else if fault.is_none() && link.hash(&head).as_slice() != written.as_slice() {
            let what = "it, or the line before it, is not as it was written";
            fault = Some((link.number, what.to_owned()));
        }
        head = written;
    }
    let ever: Option<u32> = connection
        .query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'journal'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if fault.is_none() && ever.unwrap_or_default() != count {
        fault = Some((count + 1, "it is missing".to_owned()));
    }
    Ok(Verdict {
        lines: count,
        head: hexadecimal(&head),
        fault,
    })
}

/// Bytes as hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}
