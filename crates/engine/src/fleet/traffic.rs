//! How many bytes were read in the last seconds.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// The span over which the mean is taken.
const SPAN: SignedDuration = SignedDuration::from_secs(10);

/// What was read lately, and when.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    reads: VecDeque<(Timestamp, u64)>,
}

impl Traffic {
    /// Adds `bytes` that were read up to `at`, and forgets what is past.
    pub fn add(&mut self, at: Timestamp, bytes: u64) {
        while self
            .reads
            .front()
            .is_some_and(|(then, _)| at.duration_since(*then) >= SPAN)
        {
            self.reads.pop_front();
        }
        if bytes > 0 {
            self.reads.push_back((at, bytes));
        }
    }

    /// Bytes read in each of the last ten seconds before `now`, on the mean.
    #[expect(
        clippy::cast_precision_loss,
        reason = "bytes of ten seconds are far below 2^53"
    )]
    pub fn bytes_per_second(&self, now: Timestamp) -> f64 {
        let lately = self
            .reads
            .iter()
            .filter(|(then, _)| now.duration_since(*then) < SPAN);
        let bytes: u64 = lately.map(|(_, bytes)| bytes).sum();
        bytes as f64 / SPAN.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_ten_seconds_counts_no_more() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut traffic = Traffic::default();
        traffic.add(at(100), 1000);
        traffic.add(at(105), 500);
        assert!((traffic.bytes_per_second(at(105)) - 150.0).abs() < 1e-9);
        assert!((traffic.bytes_per_second(at(112)) - 50.0).abs() < 1e-9);
        assert!(traffic.bytes_per_second(at(130)).abs() < 1e-9);
    }
}
