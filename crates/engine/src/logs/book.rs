//! The lines of one job, merged by time, within bounds.
//!
//! Lines come in batches, each container's in its own order; what came is put in its place before
//! somebody looks, which costs as much as what is new and what lies behind it. When there are too
//! many, the oldest are dropped. What is asked of them is a [`Query`].

use std::collections::VecDeque;

use jiff::Timestamp;
use strata_api::{explanation::ReasonCode, phrases::Phrase};
use strata_domain::ids::{ObjectKey, Uid};
use strata_ports::logs::LogLine;
use tokio::time::Instant;

use super::{
    errors::{self, Scanner},
    sources::Spec,
    styles,
};

mod query;

use query::Found;
pub(super) use query::Query;

/// Lines that are held at most.
pub(super) const MOST_LINES: usize = 100_000;
/// Bytes of text that are held at most.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The lines of one job.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) sources: Vec<Source>,
    /// Containers that are not read, since there are too many.
    pub(super) more: usize,
    lines: VecDeque<Line>,
    /// How many lines were dropped at the front: the place of the first that is held.
    dropped: u64,
    bytes: usize,
    /// What came and is not in its place yet.
    news: Vec<Line>,
    next_id: u64,
    found: Vec<Found>,
    first_error: Option<FirstError>,
}

/// A container whose lines are in the book.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) spec: Spec,
    pub(super) reading: Reading,
    /// The restarts of the run that was read last; none before the first.
    pub(super) run: Option<u32>,
    /// Tells the batches of this reading from those of one before.
    pub(super) generation: u32,
    /// The time of its last line.
    pub(super) last_at: Option<Timestamp>,
    pub(super) lines: u32,
    /// Its last line that speaks of an error, and when.
    pub(super) telling: Option<(Timestamp, Box<str>)>,
    scanner: Scanner,
}

/// Where the reading of a container stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Reading {
    /// It was not opened yet.
    #[default]
    Waiting,
    /// It was opened, and nothing came yet.
    Loading,
    /// Its lines come.
    Following,
    /// Its last line was read.
    Ended(Instant),
    /// It could not be read.
    Failed {
        at: Instant,
        message: String,
        is_forbidden: bool,
    },
}

/// A line of the book.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) at: Timestamp,
    pub(super) source: u32,
    /// Unique in the book; those that came later have a larger one.
    pub(super) id: u64,
    pub(super) text: Box<str>,
    /// What happened between the lines, where it is no line.
    pub(super) mark: Option<Box<Phrase>>,
}

/// The first error of all lines, the weightiest first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FirstError {
    pub(super) code: ReasonCode,
    pub(super) at: Timestamp,
    pub(super) source: u32,
    pub(super) id: u64,
    pub(super) line: Box<str>,
    /// The sources that tell of the same, itself among them.
    pub(super) told_by: Vec<u32>,
}

impl Source {
    pub(super) fn new(spec: Spec) -> Self {
        Self {
            spec,
            reading: Reading::Waiting,
            run: None,
            generation: 0,
            last_at: None,
            lines: 0,
            telling: None,
            scanner: Scanner::default(),
        }
    }

    pub(super) fn is(&self, uid: &Uid, container: &str) -> bool {
        self.spec.uid == *uid && self.spec.container == container
    }
}

impl Book {
    /// How many lines are held.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// How many were dropped, since there were too many.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The first error of all lines that ever came.
    pub(super) fn first_error(&self) -> Option<&FirstError> {
        self.first_error.as_ref()
    }

    /// The place of a line among those that are held.
    pub(super) fn place_of(&self, at: Timestamp, id: u64) -> Option<usize> {
        let key = |line: &Line| (line.at, line.id);
        self.lines.binary_search_by_key(&(at, id), key).ok()
    }

    /// Takes in lines of the source `number`.
    pub(super) fn take(&mut self, number: u32, lines: Vec<LogLine>, now: Timestamp) {
        let Some(source) = self.sources.get_mut(number as usize) else {
            return;
        };
        for LogLine { at, text } in lines {
            // What carries no time was written with the line before it.
            let at = at.or(source.last_at).unwrap_or(now);
            // A log that is asked for again begins with the last line that was read.
            source.last_at = source.last_at.max(Some(at));
            source.lines = source.lines.saturating_add(1);
            let id = self.next_id;
            self.next_id += 1;
            let clean = styles::plain(&text);
            if let Some(code) = source.scanner.see(&clean) {
                note_error(&mut self.first_error, code, at, number, id, &clean);
            } else if errors::is_telling(&clean) {
                source.telling = Some((at, clean.trim().into()));
            }
            self.news.push(Line {
                at,
                source: number,
                id,
                text: text.into(),
                mark: None,
            });
        }
    }

    /// Marks what happened to the source `number` between its lines.
    pub(super) fn mark(&mut self, number: u32, at: Timestamp, mark: Phrase) {
        let id = self.next_id;
        self.next_id += 1;
        self.news.push(Line {
            at,
            source: number,
            id,
            text: Box::default(),
            mark: Some(Box::new(mark)),
        });
    }

    /// Puts what came in its place, and drops what is too old.
    pub(super) fn settle(&mut self) {
        if self.news.is_empty() {
            return;
        }
        let mut news = std::mem::take(&mut self.news);
        news.sort_by_key(|line| (line.at, line.id));
        let Some(first) = news.first().map(|line| (line.at, line.id)) else {
            return;
        };
        let place = self
            .lines
            .partition_point(|line| (line.at, line.id) <= first);
        let mut behind = self.lines.split_off(place).into_iter().peekable();
        for line in news {
            let key = (line.at, line.id);
            while let Some(older) = behind.next_if(|older| (older.at, older.id) < key) {
                self.lines.push_back(older);
            }
            self.bytes += line.text.len();
            self.lines.push_back(line);
        }
        self.lines.extend(behind);
        let moved_from = self.dropped + place as u64;
        for found in &mut self.found {
            let stays = found.places.partition_point(|place| *place < moved_from);
            found.places.truncate(stays);
            found.looked_to = found.looked_to.min(moved_from);
        }
        self.drop_oldest();
    }

    fn drop_oldest(&mut self) {
        while self.lines.len() > MOST_LINES || self.bytes > MOST_BYTES {
            let Some(line) = self.lines.pop_front() else {
                break;
            };
            self.bytes -= line.text.len();
            self.dropped += 1;
            if let Some(source) = self.sources.get_mut(line.source as usize) {
                source.lines = source.lines.saturating_sub(1);
            }
        }
        for found in &mut self.found {
            while found.places.front().is_some_and(|at| *at < self.dropped) {
                found.places.pop_front();
            }
        }
    }
}

/// Keeps the weightiest error, of equal ones the earliest.
fn note_error(
    known: &mut Option<FirstError>,
    code: ReasonCode,
    at: Timestamp,
    source: u32,
    id: u64,
    line: &str,
) {
    let rank = |code, at| (std::cmp::Reverse(errors::weight(code)), at);
    match known {
        Some(known) if rank(known.code, known.at) <= rank(code, at) => {
            if known.code == code && !known.told_by.contains(&source) {
                known.told_by.push(source);
            }
        }
        _ => {
            let mut told_by = known
                .take()
                .filter(|known| known.code == code)
                .map_or_else(Vec::new, |known| known.told_by);
            if !told_by.contains(&source) {
                told_by.push(source);
            }
            *known = Some(FirstError {
                code,
                at,
                source,
                id,
                line: line.trim().into(),
                told_by,
            });
        }
    }
}

/// The name of a pod and its container, as it stands before a line that is saved.
pub(super) fn writer(pod: &ObjectKey, container: &str) -> String {
    format!("{}/{container}", pod.name)
}

#[cfg(test)]
mod tests;
