//! The journal of changes, hash-chained: each line's hash covers the line before it.
//!
//! Lines are only ever added. A line that is altered, taken out or put elsewhere breaks the chain
//! ([`chain`]); lines cut off at the end are missed by SQLite's own count of what it ever numbered.
//! Which program still writes an entry is told by a lock on a file beside the database ([`writer`]).

mod chain;
mod writer;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use strata_ports::{
    error::{PortError, PortErrorKind},
    journal::{Entry, Journal, Line, Verdict},
};

use crate::database::Database;
use chain::Link;
pub(crate) use writer::Writers;

pub(crate) const CREATE: &str = "
    CREATE TABLE journal (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        entry INTEGER NOT NULL,
        writer TEXT NOT NULL,
        at TEXT NOT NULL,
        is_last INTEGER NOT NULL,
        json TEXT NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX journal_by_entry ON journal (entry);";

const COLUMNS: &str = "number, entry, writer, at, is_last, json, hash";

/// Entries that are asked for at once.
const MOST: u32 = 1000;

impl Journal for Database {
    fn begin(&self, at: Timestamp, json: &str) -> Result<u32, PortError> {
        let writer = self
            .writers
            .name()
            .map_err(|cause| unwritable(cause.into()))?;
        self.append(None, &writer, at, json, false)
    }

    fn note(&self, entry: u32, at: Timestamp, json: &str, is_last: bool) -> Result<(), PortError> {
        let writer = self
            .writers
            .name()
            .map_err(|cause| unwritable(cause.into()))?;
        self.append(Some(entry), &writer, at, json, is_last)
            .map(drop)
    }

    fn entries(
        &self,
        words: &[String],
        before: Option<u32>,
        most: u32,
    ) -> Result<Vec<Entry>, PortError> {
        let connection = self.connection();
        let mut firsts = connection
            .prepare("SELECT number, json FROM journal WHERE number = entry AND number < ?1 ORDER BY number DESC")
            .map_err(unreadable)?;
        let rows = firsts
            .query_map([before.unwrap_or(u32::MAX)], |row| {
                Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?))
            })
            .map_err(unreadable)?;
        let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let mut found = Vec::new();
        for row in rows {
            let (number, json) = row.map_err(unreadable)?;
            let json = json.to_lowercase();
            if words.iter().all(|word| json.contains(word)) {
                found.push(number);
            }
            if found.len() >= most.min(MOST) as usize {
                break;
            }
        }
        found
            .into_iter()
            .filter_map(|number| self.read_entry(&connection, number).transpose())
            .collect()
    }

    fn entry(&self, number: u32) -> Result<Option<Entry>, PortError> {
        self.read_entry(&self.connection(), number)
    }

    fn interrupted(&self) -> Result<Vec<Entry>, PortError> {
        let connection = self.connection();
        let mut open = connection
            .prepare(
                "SELECT entry FROM journal GROUP BY entry HAVING max(is_last) = 0 ORDER BY entry",
            )
            .map_err(unreadable)?;
        let numbers = open
            .query_map([], |row| row.get::<_, u32>(0))
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(unreadable)?;
        let entries = numbers
            .into_iter()
            .filter_map(|number| self.read_entry(&connection, number).transpose());
        let mut interrupted = entries.collect::<Result<Vec<_>, _>>()?;
        interrupted.retain(|entry| !entry.is_running);
        Ok(interrupted)
    }

    fn verify(&self) -> Result<Verdict, PortError> {
        chain::verify(&self.connection()).map_err(unreadable)
    }
}

impl Database {
    /// Adds a line, and tells its number. Another program that writes at the same time waits: what
    /// the chain goes on from is read in the same transaction.
    fn append(
        &self,
        entry: Option<u32>,
        writer: &str,
        at: Timestamp,
        json: &str,
        is_last: bool,
    ) -> Result<u32, PortError> {
        let mut connection = self.connection();
        let number = durably(&mut connection, |connection| {
            let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let before = change
                .query_row(
                    "SELECT hash FROM journal ORDER BY number DESC LIMIT 1",
                    [],
                    |row| row.get::<_, Vec<u8>>(0),
                )
                .optional()?
                .unwrap_or_default();
            let next = "SELECT seq + 1 FROM sqlite_sequence WHERE name = 'journal'";
            let number: u32 = change
                .query_row(next, [], |row| row.get(0))
                .optional()?
                .unwrap_or(1);
            let link = Link {
                number,
                entry: entry.unwrap_or(number),
                writer,
                at: &at.to_string(),
                is_last,
                json,
            };
            change.execute(
                "INSERT INTO journal (number, entry, writer, at, is_last, json, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    link.number,
                    link.entry,
                    link.writer,
                    link.at,
                    link.is_last,
                    link.json,
                    link.hash(&before).as_slice()
                ],
            )?;
            change.commit()?;
            Ok(number)
        });
        number.map_err(|cause| unwritable(cause.into()))
    }

    fn read_entry(&self, connection: &Connection, number: u32) -> Result<Option<Entry>, PortError> {
        let mut lines = connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM journal WHERE entry = ?1 ORDER BY number"
            ))
            .map_err(unreadable)?;
        let rows = lines
            .query_map([number], read_line)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(unreadable)?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let is_ended = rows.iter().any(|row| row.is_last);
        Ok(Some(Entry {
            number,
            is_ended,
            is_running: !is_ended && self.writers.is_alive(&first.writer),
            lines: rows.into_iter().map(|row| row.line).collect(),
        }))
    }
}

/// Does `work` so that it is on disk afterwards, also where the computer loses power.
fn durably<T>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    let done = work(connection);
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    done
}

struct Read {
    writer: String,
    is_last: bool,
    line: Line,
}

fn read_line(row: &Row<'_>) -> rusqlite::Result<Read> {
    let at: String = row.get(3)?;
    Ok(Read {
        writer: row.get(2)?,
        is_last: row.get(4)?,
        line: Line {
            number: row.get(0)?,
            // A time that somebody altered is told by `verify`; here it only must not be a panic.
            at: at.parse().unwrap_or(Timestamp::UNIX_EPOCH),
            json: row.get(5)?,
            hash: chain::hexadecimal(&row.get::<_, Vec<u8>>(6)?),
        },
    })
}

fn unreadable(cause: rusqlite::Error) -> PortError {
    PortError::new(PortErrorKind::Unavailable, "the journal cannot be read").because(cause)
}

fn unwritable(cause: Box<dyn std::error::Error + Send + Sync>) -> PortError {
    let message = "the journal cannot be written; nothing is changed without it";
    let mut error = PortError::new(PortErrorKind::Unavailable, message);
    error.source = Some(cause);
    error
}

#[cfg(test)]
mod tests;
