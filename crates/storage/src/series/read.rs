//! Reading series: the tier that answers best, and the others where it has nothing.
//!
//! For wide steps sums are read, which are few; where they are not made yet the samples, and where
//! the samples are gone already wider sums than were asked for.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use strata_ports::series::{Point, SeriesPoints, SeriesQuestion};

use super::{
    STEP_SECONDS,
    chunk::{Chunk, Sum},
    file::SeriesError,
    head::{self, BLOCK},
    names,
    seal::{DAY, HOUR, HOURS, MINUTES, Tier, between},
    step_of,
};

/// No answer has more points.
const MOST_POINTS: i64 = 20_000;

/// What is kept of the series that `question` names.
pub(super) fn points(
    connection: &Connection,
    question: &SeriesQuestion,
) -> Result<Vec<SeriesPoints>, SeriesError> {
    let width = (question.step.as_secs() / STEP_SECONDS).max(1);
    let first = step_of(question.from).div_euclid(width) * width;
    let last = step_of(question.until).max(first);
    let count = ((last - first) / width + 1).min(MOST_POINTS);
    let range = Range {
        first,
        end: first + count * width,
        width,
    };
    let cluster = names::cluster(connection, &question.cluster.0)?;
    let mut answers = Vec::with_capacity(question.names.len());
    for name in &question.names {
        let found = match cluster {
            Some(cluster) => names::series(connection, cluster, name)?
                .map(|(series, grain)| (cluster, series, grain)),
            None => None,
        };
        let points = match found {
            Some((cluster, series, grain)) => {
                let sums = range.sums(connection, cluster, series)?;
                sums.iter().map(|sum| point(sum.as_ref(), grain)).collect()
            }
            None => vec![None; usize::try_from(count).unwrap_or(0)],
        };
        answers.push(SeriesPoints {
            begins: Timestamp::from_second(first * STEP_SECONDS).unwrap_or(question.from),
            step: SignedDuration::from_secs(width * STEP_SECONDS),
            points,
        });
    }
    Ok(answers)
}

/// Steps `first..end`, `width` of them a point.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub(super) first: i64,
    pub(super) end: i64,
    pub(super) width: i64,
}

impl Range {
    /// The tiers, the one that answers best first, then finer ones, then wider ones.
    pub(super) fn tiers(self) -> [Tier; 4] {
        if self.width >= HOURS.width {
            [HOURS, MINUTES, DAY, HOUR]
        } else if self.width >= MINUTES.width {
            [MINUTES, DAY, HOUR, HOURS]
        } else {
            [DAY, HOUR, MINUTES, HOURS]
        }
    }

    fn sums(
        self,
        connection: &Connection,
        cluster: i64,
        series: i64,
    ) -> Result<Vec<Option<Sum>>, SeriesError> {
        let count = usize::try_from((self.end - self.first) / self.width).unwrap_or(0);
        let mut sums: Vec<Option<Sum>> = vec![None; count];
        let mut answered: Vec<(i64, i64)> = Vec::new();
        let block = series.div_euclid(BLOCK);
        // The head first: what is late in it belongs into hours that are sealed.
        for entry in head::entries(connection, cluster, block, self.first, self.end)? {
            if entry.series == series {
                self.add(&mut sums, entry.step, 1, Sum::of(entry.value));
            }
        }
        for tier in self.tiers() {
            let mut spans = Vec::new();
            let chunks = between(connection, tier, series, self.first - tier.span, self.end)?;
            for (begins, chunk) in chunks {
                for (step, sum) in entries(tier, begins, &chunk) {
                    let is_answered = answered
                        .iter()
                        .any(|(from, until)| (*from..*until).contains(&step));
                    if !is_answered {
                        self.add(&mut sums, step, tier.width, sum);
                    }
                }
                spans.push((begins, begins + tier.span));
            }
            answered.extend(joined(spans));
        }
        Ok(sums)
    }

    /// Adds what is known of `wide` steps from `step` on.
    pub(super) fn add(self, sums: &mut [Option<Sum>], step: i64, wide: i64, sum: Sum) {
        let place = |step: i64| (step - self.first).div_euclid(self.width);
        // A sum that is wider than a point stands for each point within.
        for at in place(step)..=place(step + wide - 1).max(place(step)) {
            let Ok(at) = usize::try_from(at) else {
                continue;
            };
            match sums.get_mut(at) {
                Some(Some(known)) => known.add(sum),
                Some(unknown) => *unknown = Some(sum),
                None => {}
            }
        }
    }
}

/// What `chunk`, which is of `tier` and begins at `begins`, tells: a step and what is known of it and of
/// as many after it as the tier sums up.
pub(super) fn entries(
    tier: Tier,
    begins: i64,
    chunk: &Chunk,
) -> Box<dyn Iterator<Item = (i64, Sum)> + '_> {
    let at = move |step: i64| begins + step * tier.width;
    if tier.width == 1 {
        let samples = chunk.samples();
        Box::new(samples.map(move |(step, value)| (at(step), Sum::of(value))))
    } else {
        Box::new(chunk.each_sum().map(move |(step, sum)| (at(step), sum)))
    }
}

/// Spans in the order of time; those that follow each other as one.
fn joined(spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (begins, ends) in spans {
        match joined.last_mut() {
            Some(last) if last.1 >= begins => last.1 = last.1.max(ends),
            _ => joined.push((begins, ends)),
        }
    }
    joined
}

pub(super) fn point(sum: Option<&Sum>, grain: f64) -> Option<Point> {
    let sum = sum.filter(|sum| sum.count > 0)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "grains of a measure are far fewer than a float can count"
    )]
    let value = |grains: i64| grains as f64 * grain;
    #[expect(clippy::cast_precision_loss, reason = "samples of some steps")]
    let count = sum.count as f64;
    Some(Point {
        mean: value(sum.total) / count,
        least: value(sum.least),
        most: value(sum.most),
        samples: u32::try_from(sum.count).unwrap_or(u32::MAX),
    })
}
