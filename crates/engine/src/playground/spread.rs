//! How what was measured lies: its mean, its quantiles, its buckets.

use std::{collections::BTreeMap, time::Duration};

use strata_api::rows::playground::{LoadBucket, LoadFigure, LoadMeasure};

/// Buckets of a chart.
const BUCKETS: usize = 24;
/// How much larger each bucket of gaps is than the one before: a quantile is off by half of that.
const STEP: f64 = 1.01;

/// A figure of `values`; none where there are none.
pub(super) fn figure(measure: LoadMeasure, values: &[f64]) -> Option<LoadFigure> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (least, most) = (*sorted.first()?, *sorted.last()?);
    let sum: f64 = sorted.iter().sum();
    Some(LoadFigure {
        measure,
        count: count(sorted.len()),
        mean: sum / number(sorted.len() as u64),
        least,
        p50: quantile(&sorted, 0.5),
        p90: quantile(&sorted, 0.9),
        p99: quantile(&sorted, 0.99),
        most,
        buckets: buckets(sorted.iter().map(|value| (*value, 1)), least, most),
    })
}

/// The quantile `part` of sorted values, between two of them in proportion (as NumPy's
/// `percentile` does by default).
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * number(sorted.len().saturating_sub(1) as u64);
    let lower = whole(place.floor());
    let at = |index: usize| sorted.get(index).copied();
    let below = at(lower).unwrap_or_default();
    let above = at(lower + 1).unwrap_or(below);
    below + (above - below) * place.fract()
}

/// Even buckets from `least` to `most`.
fn buckets(values: impl Iterator<Item = (f64, u32)>, least: f64, most: f64) -> Vec<LoadBucket> {
    let wide = (most - least).max(1e-6) / number(BUCKETS as u64);
    let mut counts = [0_u32; BUCKETS];
    for (value, times) in values {
        let at = whole((value - least) / wide).min(BUCKETS - 1);
        if let Some(count) = counts.get_mut(at) {
            *count = count.saturating_add(times);
        }
    }
    counts
        .into_iter()
        .zip(0_u32..)
        .map(|(count, at)| {
            let from = least + f64::from(at) * wide;
            LoadBucket {
                from,
                to: from + wide,
                count,
            }
        })
        .collect()
}

/// Gaps between pieces: of a long test there are millions, so they are counted by size.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// By the logarithm of their length in microseconds.
    counts: BTreeMap<u32, u32>,
    count: u32,
    sum: f64,
    least: Option<f64>,
    most: f64,
}

impl Gaps {
    pub(super) fn add(&mut self, gap: Duration) {
        let seconds = gap.as_secs_f64();
        let place = (seconds * 1e6).max(1.0).ln() / STEP.ln();
        let place = u32::try_from(whole(place.round())).unwrap_or(u32::MAX);
        *self.counts.entry(place).or_default() += 1;
        self.count = self.count.saturating_add(1);
        self.sum += seconds;
        self.least = Some(self.least.map_or(seconds, |least| least.min(seconds)));
        self.most = self.most.max(seconds);
    }

    pub(super) fn figure(&self) -> Option<LoadFigure> {
        let least = self.least?;
        Some(LoadFigure {
            measure: LoadMeasure::BetweenPieces,
            count: self.count,
            mean: self.sum / f64::from(self.count),
            least,
            p50: self.quantile(0.5),
            p90: self.quantile(0.9),
            p99: self.quantile(0.99),
            most: self.most,
            buckets: buckets(
                self.counts
                    .iter()
                    .map(|(place, count)| (length(*place), *count)),
                least,
                self.most,
            ),
        })
    }

    fn quantile(&self, part: f64) -> f64 {
        let wanted = part * f64::from(self.count.saturating_sub(1));
        let mut below = 0.0;
        for (place, count) in &self.counts {
            below += f64::from(*count);
            if below > wanted {
                return length(*place).clamp(self.least.unwrap_or_default(), self.most);
            }
        }
        self.most
    }
}

/// The length of the gaps at `place`, in seconds.
fn length(place: u32) -> f64 {
    STEP.powf(f64::from(place)) / 1e6
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of requests and tokens are far below 2^52"
)]
pub(super) fn number(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, and places are not negative"
)]
fn whole(amount: f64) -> usize {
    amount as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, wanted: f64) -> bool {
        (value - wanted).abs() <= wanted * 0.006
    }

    #[test]
    fn quantiles_lie_between_the_values_as_numpy_has_them() {
        let values = [1.0, 2.0, 3.0, 4.0];
        assert!(near(quantile(&values, 0.5), 2.5));
        assert!(near(quantile(&values, 0.9), 3.7));
        assert!(near(quantile(&[7.0], 0.99), 7.0));
    }

    #[test]
    fn every_value_is_in_a_bucket() {
        let told = figure(LoadMeasure::Whole, &[0.1, 0.1, 0.2, 0.9, 1.0]).unwrap();
        let counted: u32 = told.buckets.iter().map(|bucket| bucket.count).sum();
        assert_eq!(counted, 5);
        let same = figure(LoadMeasure::Whole, &[0.1, 0.1]).unwrap();
        assert_eq!(
            same.buckets.iter().map(|bucket| bucket.count).sum::<u32>(),
            2
        );
    }

    #[test]
    fn the_quantiles_of_gaps_are_off_by_half_a_percent_at_most() {
        let mut gaps = Gaps::default();
        for millis in 1..=100 {
            gaps.add(Duration::from_millis(millis));
        }
        let told = gaps.figure().unwrap();
        assert!(near(told.p50, 0.050), "{}", told.p50);
        assert!(near(told.p99, 0.099), "{}", told.p99);
        assert!(near(told.mean, 0.0505), "{}", told.mean);
    }
}
