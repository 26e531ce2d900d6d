//! How rows become frames: one [`Subscription`] for each question that a shell asked.
//!
//! [`delta`] finds what changed since the subscriber last heard, [`credit`] how much it may still be
//! told before it answers.

use strata_api::{
    frames::{EndReason, Frame},
    topics::Topic,
};
use tokio::time::{Duration, Instant};

mod credit;
mod delta;

use credit::Credit;
use delta::Sent;

use crate::project::Rows;

/// The shortest time between two frames of a subscription.
pub(crate) const PACE: Duration = Duration::from_millis(100);
/// The longest silence: then a heartbeat is sent.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// How long a subscriber may leave frames unacknowledged.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a shell calls its subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriptionId(pub u32);

/// Where the frames of a subscription go.
///
/// Called by the one task that owns the fleet, so it must neither block nor wait: at most two
/// frames are on their way, and a sink may simply keep them.
pub trait FrameSink: Send {
    /// Takes one frame.
    fn send(&mut self, frame: Frame) -> Result<(), SinkClosed>;
}

/// The subscriber is gone; its subscription ends without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SinkClosed;

impl<F: FnMut(Frame) -> Result<(), SinkClosed> + Send> FrameSink for F {
    fn send(&mut self, frame: Frame) -> Result<(), SinkClosed> {
        self(frame)
    }
}

/// One question, and what its asker knows already.
pub(crate) struct Subscription {
    pub(crate) topic: Topic,
    /// Whether its rows may be others than those that were sent.
    pub(crate) is_stale: bool,
    sink: Box<dyn FrameSink>,
    credit: Credit,
    sent: Option<Sent>,
    /// When its rows were last looked at.
    looked_at: Instant,
    /// When its last frame was sent.
    spoke_at: Instant,
}

impl Subscription {
    pub(crate) fn new(topic: Topic, sink: Box<dyn FrameSink>, now: Instant) -> Self {
        Self {
            topic,
            is_stale: true,
            sink,
            credit: Credit::default(),
            sent: None,
            looked_at: now,
            spoke_at: now,
        }
    }

    /// Whether it may be told what changed.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        self.is_stale && self.credit.has_room() && self.due_at() <= now
    }

    /// When it is next time for an update, for a heartbeat, or to give up.
    pub(crate) fn wake_at(&self) -> Instant {
        if !self.credit.has_room() {
            return self
                .credit
                .waiting_since()
                .map_or(self.spoke_at, |since| since + PATIENCE);
        }
        if self.is_stale {
            self.due_at()
        } else {
            self.spoke_at + HEARTBEAT
        }
    }

    fn due_at(&self) -> Instant {
        if self.sent.is_none() {
            self.looked_at
        } else {
            self.looked_at + PACE
        }
    }

    /// Whether it has been silent so long that a heartbeat is due.
    pub(crate) fn is_silent(&self, now: Instant) -> bool {
        self.credit.has_room() && now >= self.spoke_at + HEARTBEAT
    }

    /// Whether its frames have gone unanswered for too long.
    pub(crate) fn is_abandoned(&self, now: Instant) -> bool {
        self.credit
            .waiting_since()
            .is_some_and(|since| now >= since + PATIENCE)
    }

    /// Tells what is new in `rows`, if anything is.
    pub(crate) fn update(&mut self, rows: Rows, now: Instant) -> Result<(), SinkClosed> {
        self.is_stale = false;
        self.looked_at = now;
        let seq = self.credit.next();
        let frame = if let Some(sent) = &mut self.sent {
            let Some(body) = sent.advance(rows) else {
                return Ok(());
            };
            Frame::Delta { seq, body }
        } else {
            let (sent, body) = Sent::first(rows);
            self.sent = Some(sent);
            Frame::Snapshot { seq, body }
        };
        self.send(frame, now)
    }

    pub(crate) fn heartbeat(&mut self, now: Instant) -> Result<(), SinkClosed> {
        let seq = self.credit.next();
        self.send(Frame::Heartbeat { seq }, now)
    }

    /// Says the last word. It is sent without credit, since nothing follows it.
    pub(crate) fn end(mut self, reason: EndReason) {
        let seq = self.credit.next();
        if self.sink.send(Frame::End { seq, reason }).is_err() {
            tracing::debug!(
                ?reason,
                "a subscriber was gone before its subscription ended"
            );
        }
    }

    pub(crate) fn acknowledge(&mut self, seq: u32, now: Instant) {
        self.credit.acknowledge(seq, now);
    }

    fn send(&mut self, frame: Frame, now: Instant) -> Result<(), SinkClosed> {
        self.credit.spend(now);
        self.spoke_at = now;
        self.sink.send(frame)
    }
}
