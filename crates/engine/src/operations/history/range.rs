//! The time that a question about the past is about, in steps.

use jiff::{SignedDuration, Timestamp};
use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{Span, Steps},
};
use strata_domain::{ids::ClusterId, series::SeriesName, text::Text};
use strata_ports::series::{SeriesPoints, SeriesQuestion};

use crate::operations::Operations;

/// The longest time that is told at once: two years.
const LONGEST: u32 = 2 * 366 * 86_400;

/// The most points of a list.
const MOST_POINTS: u32 = 5_000;

/// The time that is asked for.
#[derive(Clone, Copy)]
pub(in crate::operations) struct Range {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    step: SignedDuration,
}

impl Range {
    pub(in crate::operations) fn of(
        operations: &Operations,
        span: &Span,
    ) -> Result<Self, ApiError> {
        let unreadable = |message: String| ApiError::new(ErrorCode::InvalidInput, message);
        if span.seconds == 0 || span.seconds > LONGEST {
            return Err(unreadable(format!(
                "a time of {} seconds is asked for; it may be 1 to {LONGEST}",
                span.seconds
            )));
        }
        let until = if span.until.is_empty() {
            operations.clock.now()
        } else {
            let read = span.until.parse();
            read.map_err(|error| unreadable(format!("`until` is no time: {error}")))?
        };
        let length = SignedDuration::from_secs(i64::from(span.seconds));
        let from = until
            .checked_sub(length)
            .map_err(|error| unreadable(format!("there is no such time: {error}")))?;
        Ok(Self::between(from, until, span.points))
    }

    /// From `from` until `until`, in about `points` steps.
    pub(in crate::operations) fn between(from: Timestamp, until: Timestamp, points: u32) -> Self {
        let until = until.max(from);
        let points = i64::from(points.clamp(1, MOST_POINTS));
        let length = until.duration_since(from).as_secs();
        Self {
            from,
            until,
            step: SignedDuration::from_secs(step_of(length, points)),
        }
    }

    /// The time of the same length before, moved by whole steps.
    pub(in crate::operations) fn before(self) -> Result<Self, ApiError> {
        let step = self.step.as_secs().max(1);
        let steps = self.until.duration_since(self.from).as_secs() / step;
        let back = SignedDuration::from_secs(steps.max(1) * step);
        let earlier = |at: Timestamp| {
            at.checked_sub(back).map_err(|error| {
                let message = format!("there is no such time: {error}");
                ApiError::new(ErrorCode::InvalidInput, message)
            })
        };
        Ok(Self {
            from: earlier(self.from)?,
            until: earlier(self.until)?,
            step: self.step,
        })
    }

    pub(in crate::operations) fn question(
        self,
        cluster: String,
        names: Vec<SeriesName>,
    ) -> SeriesQuestion {
        SeriesQuestion {
            cluster: ClusterId(Text::from(cluster)),
            names,
            from: self.from,
            until: self.until,
            step: self.step,
        }
    }

    pub(in crate::operations) fn steps(self, points: &[SeriesPoints]) -> Steps {
        let first = points.first();
        let count = first.map_or(0, |points| points.points.len());
        Steps {
            begins: first.map_or(self.from, |points| points.begins).to_string(),
            seconds: u32::try_from(self.step.as_secs()).unwrap_or(u32::MAX),
            count: u32::try_from(count).unwrap_or(u32::MAX),
        }
    }
}

/// The shortest step that people count in with which `seconds` are at most `points` steps.
fn step_of(seconds: i64, points: i64) -> i64 {
    const STEPS: [i64; 9] = [30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 86_400];
    STEPS
        .into_iter()
        .find(|step| seconds <= step * points)
        .unwrap_or(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_that_people_count_in() {
        assert_eq!(step_of(3_600, 400), 30);
        assert_eq!(step_of(86_400, 400), 300);
        assert_eq!(step_of(30 * 86_400, 400), 10_800);
        assert_eq!(step_of(30 * 86_400, 800), 3_600);
        assert_eq!(step_of(730 * 86_400, 400), 86_400);
    }
}
