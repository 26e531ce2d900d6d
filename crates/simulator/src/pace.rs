//! How fast the cluster's time passes.

use std::{fmt, str::FromStr, time::Duration};

/// How many seconds of the cluster's time pass in one of real time: 0 while it is paused, at most
/// [`Pace::FASTEST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace(u32);

/// A pace that is no number, or too fast.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no pace; write a whole number from 0 (paused) to {fastest}, or `pause`", fastest = Pace::FASTEST)]
pub struct PaceError(String);

impl Pace {
    /// The cluster's time stands still.
    pub const PAUSED: Self = Self(0);
    /// As real time passes.
    pub const REAL: Self = Self(1);
    /// Ten minutes in a second. A tick is then two and a half minutes, finer than what any
    /// controller waits for.
    pub const FASTEST: Self = Self(600);

    /// The cluster's time that passes in `real`.
    pub(crate) fn of(self, real: Duration) -> Duration {
        real.saturating_mul(self.0)
    }
}

impl FromStr for Pace {
    type Err = PaceError;

    fn from_str(text: &str) -> Result<Self, PaceError> {
        if text == "pause" {
            return Ok(Self::PAUSED);
        }
        let number = text.strip_suffix('x').unwrap_or(text).parse();
        number
            .ok()
            .filter(|times| *times <= Self::FASTEST.0)
            .map(Self)
            .ok_or_else(|| PaceError(text.to_owned()))
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::PAUSED => formatter.write_str("paused"),
            Self(times) => write!(formatter, "{times}x"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paces_are_read_and_what_is_too_fast_is_not() {
        assert_eq!("60".parse(), Ok(Pace(60)));
        assert_eq!("600x".parse(), Ok(Pace::FASTEST));
        assert_eq!("pause".parse(), Ok(Pace::PAUSED));
        assert!("601".parse::<Pace>().is_err());
        assert!("-1".parse::<Pace>().is_err());
        assert!("fast".parse::<Pace>().is_err());
    }

    #[test]
    fn time_passes_by_the_pace() {
        let second = Duration::from_secs(1);
        assert_eq!(Pace::PAUSED.of(second), Duration::ZERO);
        assert_eq!(Pace(60).of(second), Duration::from_mins(1));
    }
}
