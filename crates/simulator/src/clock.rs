//! The cluster's own time: it moves only when the simulator moves it.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::watch;

/// A clock that stands still until it is set.
#[derive(Debug)]
pub(crate) struct VirtualClock {
    /// Milliseconds since the epoch.
    now: AtomicI64,
    /// Wakes those who wait for time to pass.
    moves: watch::Sender<()>,
}

impl VirtualClock {
    /// A clock that stands at `start`.
    pub(crate) fn starting_at(start: Timestamp) -> Self {
        Self {
            now: AtomicI64::new(start.as_millisecond()),
            moves: watch::Sender::new(()),
        }
    }

    /// The cluster's now.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now.load(Ordering::Acquire)).unwrap_or(Timestamp::MAX)
    }

    /// Waits on moves of the clock.
    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.moves.subscribe()
    }

    /// Moves the clock to `time`. While the cluster is set up this goes back and forth, to give
    /// objects their ages.
    pub(crate) fn set(&self, time: Timestamp) {
        self.now.store(time.as_millisecond(), Ordering::Release);
        self.moves.send_replace(());
    }
}

/// `time` later by `by`; the end of time where there is no such time.
pub(crate) fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// `time` earlier by `by`; the beginning of time where there is no such time.
pub(crate) fn earlier(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_sub(by).unwrap_or(Timestamp::MIN)
}

/// The way the API writes `metav1.Time`: whole seconds, UTC.
pub(crate) fn stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The way the API writes `metav1.MicroTime`: microseconds, UTC.
pub(crate) fn micro_stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
