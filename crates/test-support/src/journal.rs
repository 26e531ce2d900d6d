//! Journals: one that takes nothing, one in memory.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use strata_ports::{
    error::{PortError, PortErrorKind},
    journal::{Entry, Journal, Line, Verdict},
};

/// A journal in memory, without hashes; what is open in it counts as being made.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    entries: Mutex<Vec<Entry>>,
}

impl MemoryJournal {
    fn with<T>(&self, work: impl FnOnce(&mut Vec<Entry>) -> T) -> T {
        work(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn line(number: usize, at: Timestamp, json: &str) -> Line {
    Line {
        number: u32::try_from(number).unwrap_or(u32::MAX),
        at,
        json: json.to_owned(),
        hash: String::new(),
    }
}

impl Journal for MemoryJournal {
    fn begin(&self, at: Timestamp, json: &str) -> Result<u32, PortError> {
        Ok(self.with(|entries| {
            let number = u32::try_from(entries.len() + 1).unwrap_or(u32::MAX);
            entries.push(Entry {
                number,
                lines: vec![line(1, at, json)],
                is_ended: false,
                is_running: true,
            });
            number
        }))
    }

    fn note(&self, entry: u32, at: Timestamp, json: &str, is_last: bool) -> Result<(), PortError> {
        self.with(|entries| {
            let found = entries.iter_mut().find(|one| one.number == entry);
            let found = found.ok_or_else(|| {
                PortError::new(
                    PortErrorKind::NotFound,
                    format!("there is no entry {entry}"),
                )
            })?;
            found.lines.push(line(found.lines.len() + 1, at, json));
            found.is_ended |= is_last;
            found.is_running &= !is_last;
            Ok(())
        })
    }

    fn entries(
        &self,
        words: &[String],
        before: Option<u32>,
        most: u32,
    ) -> Result<Vec<Entry>, PortError> {
        Ok(self.with(|entries| {
            let is_asked = |entry: &&Entry| {
                before.is_none_or(|before| entry.number < before)
                    && entry.lines.first().is_some_and(|line| {
                        let said = line.json.to_lowercase();
                        words.iter().all(|word| said.contains(&word.to_lowercase()))
                    })
            };
            let found = entries.iter().rev().filter(is_asked);
            found
                .take(usize::try_from(most).unwrap_or(usize::MAX))
                .cloned()
                .collect()
        }))
    }

    fn entry(&self, number: u32) -> Result<Option<Entry>, PortError> {
        Ok(self.with(|entries| entries.iter().find(|one| one.number == number).cloned()))
    }

    fn interrupted(&self) -> Result<Vec<Entry>, PortError> {
        Ok(Vec::new())
    }

    fn verify(&self) -> Result<Verdict, PortError> {
        none()
    }
}

/// A journal that takes nothing: for tests that change nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoJournal;

fn none<T>() -> Result<T, PortError> {
    let message = "there is no journal here";
    Err(PortError::new(PortErrorKind::Unsupported, message))
}

impl Journal for NoJournal {
    fn begin(&self, _: Timestamp, _: &str) -> Result<u32, PortError> {
        none()
    }

    fn note(&self, _: u32, _: Timestamp, _: &str, _: bool) -> Result<(), PortError> {
        none()
    }

    fn entries(&self, _: &[String], _: Option<u32>, _: u32) -> Result<Vec<Entry>, PortError> {
        none()
    }

    fn entry(&self, _: u32) -> Result<Option<Entry>, PortError> {
        none()
    }

    fn interrupted(&self) -> Result<Vec<Entry>, PortError> {
        none()
    }

    fn verify(&self) -> Result<Verdict, PortError> {
        none()
    }
}
