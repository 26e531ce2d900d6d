//! A clock that stands still until a test moves it.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use strata_ports::clock::Clock;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<Timestamp>,
}

impl ManualClock {
    /// A clock that shows `now`, such as `2026-03-01T12:00:00Z`.
    pub fn at(now: &str) -> Self {
        Self {
            now: Mutex::new(time(now)),
        }
    }

    /// Moves the clock on.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time that `text` names, such as `2026-03-01T12:00:00Z`.
///
/// Panics if it names none: the test is wrong.
#[expect(clippy::expect_used, reason = "a test that names no time must fail")]
pub fn time(text: &str) -> Timestamp {
    text.parse().expect("a time in RFC 3339")
}
