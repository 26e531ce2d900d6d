//! What asking exporters cost in the last minute.

use jiff::{SignedDuration, Timestamp};

/// What asking cost, minute by minute.
#[derive(Debug, Default)]
pub(super) struct Spent {
    answers: Vec<(Timestamp, u64, f64)>,
}

impl Spent {
    pub(super) fn add(&mut self, at: Timestamp, bytes: u64, seconds: f64) {
        self.answers.push((at, bytes, seconds));
        if self.answers.len() > 4096 {
            self.answers
                .retain(|(asked, ..)| is_within_a_minute(*asked, at));
        }
    }

    pub(super) fn in_a_minute(&self, now: Timestamp) -> (f64, f64) {
        let lately = self
            .answers
            .iter()
            .filter(|(at, ..)| is_within_a_minute(*at, now));
        lately.fold((0.0, 0.0), |(bytes, seconds), (_, more, took)| {
            #[expect(clippy::cast_precision_loss, reason = "bytes of a minute")]
            let more = *more as f64;
            (bytes + more, seconds + took)
        })
    }
}

fn is_within_a_minute(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) <= SignedDuration::from_mins(1)
}
