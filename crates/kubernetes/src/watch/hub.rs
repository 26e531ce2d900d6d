//! What the watches of one cluster share.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use strata_ports::{clock::Clock, cluster::ClusterEvent};
use tokio::{
    sync::{Notify, Semaphore, mpsc, watch},
    time::Instant,
};

use crate::map::Mapping;

/// How many lists run at once: enough to fill the link, few enough to leave the server its breath
/// (its own limit for a user is a few dozen requests in flight).
const LISTS_AT_ONCE: usize = 6;

/// Doubts that may wait to be looked into; one is enough to look.
const DOUBTS: usize = 8;

/// Whether the server can be reached, and how.
#[derive(Clone)]
pub(crate) enum Line {
    /// It answers.
    Up {
        /// Asks it.
        client: kube::Client,
        /// Counts how often the line came up, so that late complaints about an earlier one can be
        /// told from those about this one.
        generation: u64,
    },
    /// It does not, for this reason.
    Down(String),
}

/// What a watch noticed that concerns the whole connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The server may be gone.
    Unreachable,
    /// It does not accept the credentials any more.
    Unauthorized {
        /// The server's words.
        reason: String,
        /// The generation of the line over which it said so.
        generation: u64,
    },
}

/// What the watches of one cluster share.
pub(crate) struct Hub {
    events: mpsc::Sender<ClusterEvent>,
    clock: Arc<dyn Clock>,
    mapping: Mutex<Mapping>,
    doubts: mpsc::Sender<Doubt>,
    last_heard: Mutex<(Instant, Timestamp)>,
    is_streaming_refused: AtomicBool,
    /// The moments at which the server answered a probe.
    pub(crate) pulse: watch::Sender<Option<Timestamp>>,
    /// Places for lists.
    pub(crate) places: Arc<Semaphore>,
    /// Told when what the server serves may have changed.
    pub(crate) discovery_wanted: Notify,
}

impl Hub {
    /// A hub that sends to `events`, and the doubts that its watches will have.
    pub(crate) fn new(
        events: mpsc::Sender<ClusterEvent>,
        clock: Arc<dyn Clock>,
    ) -> (Self, mpsc::Receiver<Doubt>) {
        let (doubts, heard_doubts) = mpsc::channel(DOUBTS);
        let hub = Self {
            events,
            last_heard: Mutex::new((Instant::now(), clock.now())),
            clock,
            mapping: Mutex::default(),
            doubts,
            is_streaming_refused: AtomicBool::new(false),
            pulse: watch::Sender::new(None),
            places: Arc::new(Semaphore::new(LISTS_AT_ONCE)),
            discovery_wanted: Notify::new(),
        };
        (hub, heard_doubts)
    }

    /// Sends an event; waits where nobody takes events fast enough, which in turn slows the server.
    pub(crate) async fn send(&self, event: ClusterEvent) {
        if self.events.send(event).await.is_err() {
            // Nobody listens any more: this task is about to be ended.
            std::future::pending::<()>().await;
        }
    }

    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What mapping needs.
    pub(crate) fn mapping(&self) -> MutexGuard<'_, Mapping> {
        self.mapping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something came from the server.
    pub(crate) fn heard(&self) {
        *self
            .last_heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = (Instant::now(), self.clock.now());
    }

    /// When something came from the server last.
    pub(crate) fn last_heard(&self) -> Timestamp {
        self.last_heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .1
    }

    /// How long ago that was.
    pub(crate) fn silence(&self) -> Duration {
        self.last_heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .0
            .elapsed()
    }

    /// Has the connection looked into.
    pub(crate) fn doubt(&self, doubt: Doubt) {
        // A full queue is looked into already.
        self.doubts.try_send(doubt).ok();
    }

    /// Whether a streaming list is worth a try.
    pub(crate) fn may_stream(&self) -> bool {
        !self.is_streaming_refused.load(Ordering::Relaxed)
    }

    /// The server does not know streaming lists, or is slow at them: the other kinds need not try.
    pub(crate) fn streaming_is_refused(&self) {
        self.is_streaming_refused.store(true, Ordering::Relaxed);
    }
}
