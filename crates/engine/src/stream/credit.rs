//! How many frames a subscriber may be sent before it has to answer.

use tokio::time::Instant;

/// The most frames that may be on their way.
const MOST: u32 = 2;

/// Numbers the frames of a subscription, and counts those that were not acknowledged.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Credit {
    /// The number of the next frame: so many were sent.
    next: u32,
    /// The number of the first frame that was not acknowledged.
    awaited: u32,
    /// Since when the oldest one is waited for, or when one was acknowledged last.
    since: Option<Instant>,
}

impl Credit {
    pub(super) fn next(self) -> u32 {
        self.next
    }

    pub(super) fn has_room(self) -> bool {
        self.next.wrapping_sub(self.awaited) < MOST
    }

    /// Since when an acknowledgement is waited for; `None` while none is.
    pub(super) fn waiting_since(self) -> Option<Instant> {
        if self.next == self.awaited {
            None
        } else {
            self.since
        }
    }

    pub(super) fn spend(&mut self, now: Instant) {
        if self.next == self.awaited {
            self.since = Some(now);
        }
        self.next = self.next.wrapping_add(1);
    }

    /// Takes the answer to the frame `seq` and all before it. One to a frame that was answered
    /// already, or never sent, changes nothing.
    pub(super) fn acknowledge(&mut self, seq: u32, now: Instant) {
        let answered = seq.wrapping_sub(self.awaited);
        if answered < self.next.wrapping_sub(self.awaited) {
            self.awaited = seq.wrapping_add(1);
            self.since = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Duration;

    use super::*;

    #[test]
    fn the_third_frame_waits_for_an_answer() {
        let now = Instant::now();
        let mut credit = Credit::default();
        credit.spend(now);
        credit.spend(now);
        assert!(!credit.has_room());
        credit.acknowledge(1, now);
        assert!(credit.has_room());
        assert_eq!(credit.waiting_since(), None);
        assert_eq!(credit.next(), 2);
    }

    #[test]
    fn an_answer_to_what_was_never_sent_buys_nothing() {
        let now = Instant::now();
        let mut credit = Credit::default();
        credit.spend(now);
        credit.spend(now);
        credit.acknowledge(7, now);
        assert!(!credit.has_room());
        credit.acknowledge(0, now);
        credit.acknowledge(0, now);
        credit.spend(now);
        assert!(!credit.has_room());
    }

    #[test]
    fn an_answer_renews_the_patience() {
        let start = Instant::now();
        let later = start + Duration::from_secs(5);
        let mut credit = Credit::default();
        credit.spend(start);
        credit.spend(start);
        assert_eq!(credit.waiting_since(), Some(start));
        credit.acknowledge(0, later);
        assert_eq!(credit.waiting_since(), Some(later));
    }
}
