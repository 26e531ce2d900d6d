//! The journal: what was changed, kept so that nobody can alter it unnoticed.
//!
//! An entry is a change. It begins with a line that says what is meant to be done, has a line more for
//! whatever happens on the way, and ends with a line that says what came of it. An entry without that
//! last line, whose program no longer runs, was interrupted.

use jiff::Timestamp;

use crate::error::PortError;

/// Keeps the journal. What a line says is JSON, without secrets; each call that writes has it on disk
/// when it returns.
pub trait Journal: Send + Sync {
    /// Begins an entry, and tells its number.
    fn begin(&self, at: Timestamp, json: &str) -> Result<u32, PortError>;

    /// Adds a line to an entry; with `is_last` the entry ends.
    fn note(&self, entry: u32, at: Timestamp, json: &str, is_last: bool) -> Result<(), PortError>;

    /// Every entry whose first line contains all of `words` (in any case), the newest first: at most
    /// `most` of those before `before`, all where that is none.
    fn entries(
        &self,
        words: &[String],
        before: Option<u32>,
        most: u32,
    ) -> Result<Vec<Entry>, PortError>;

    /// One entry.
    fn entry(&self, number: u32) -> Result<Option<Entry>, PortError>;

    /// The entries that were interrupted, the oldest first.
    fn interrupted(&self) -> Result<Vec<Entry>, PortError>;

    /// Whether every line is as it was written.
    fn verify(&self) -> Result<Verdict, PortError>;
}

/// A change, as it was noted down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub number: u32,
    /// Its lines, in order; the first says what was meant to be done.
    pub lines: Vec<Line>,
    /// Whether its last line was written.
    pub is_ended: bool,
    /// Whether the program that wrote it still runs.
    pub is_running: bool,
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the whole journal.
    pub number: u32,
    /// When it was written.
    pub at: Timestamp,
    /// What it says.
    pub json: String,
    /// The hash of this line and, through it, of all before: SHA-256, in hexadecimal.
    pub hash: String,
}

/// Whether the journal is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How many lines there are.
    pub lines: u32,
    /// The hash of the last one: who keeps it elsewhere can prove that nothing before it changed.
    pub head: String,
    /// The first line that is not as it was written, and what is wrong with it.
    pub fault: Option<(u32, String)>,
}
