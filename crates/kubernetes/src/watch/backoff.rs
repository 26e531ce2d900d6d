//! How long to wait before trying again.

use std::time::Duration;

/// Waits that double from half a second up to half a minute, each shortened or lengthened by chance
/// so that many watches do not come back at the same moment.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    tries: u32,
}

impl Backoff {
    const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(30);

    /// The next wait.
    pub(crate) fn next(&mut self) -> Duration {
        let wait = Self::FIRST.saturating_mul(2_u32.saturating_pow(self.tries));
        self.tries = self.tries.saturating_add(1);
        jittered(wait.min(Self::LONGEST))
    }

    /// It went well: the next wait is the first again.
    pub(crate) fn reset(&mut self) {
        self.tries = 0;
    }
}

/// `wait`, give or take a quarter.
pub(crate) fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(rand::random_range(0.75..1.25))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_begin_anew_after_success() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..40).map(|_| backoff.next()).collect();
        assert!(waits[0] <= Backoff::FIRST.mul_f64(1.25), "{:?}", waits[0]);
        assert!(
            waits[3] >= Backoff::FIRST.mul_f64(8.0 * 0.75),
            "{:?}",
            waits[3]
        );
        assert!(
            waits
                .iter()
                .all(|wait| *wait <= Backoff::LONGEST.mul_f64(1.25))
        );
        backoff.reset();
        assert!(backoff.next() <= Backoff::FIRST.mul_f64(1.25));
    }
}
