//! What the requests of a load test took, summed up.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use strata_api::{
    playground::{Load, Way},
    rows::playground::{
        LoadBucket, LoadFault, LoadFigure, LoadMeasure, LoadTestRow, TrialFault, TrialFaultKind,
        TrialState,
    },
};
use tokio::time::Instant;

/// Buckets of a chart.
const BUCKETS: usize = 24;
/// How much larger each bucket of gaps is than the one before: a quantile is off by half of that.
const STEP: f64 = 1.01;

/// What came of one request.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// When the question was sent; none where there was no way to the server.
    pub(super) sent: Option<Instant>,
    /// When it was over.
    pub(super) ended: Instant,
    /// What it took, or what went wrong.
    pub(super) took: Result<Took, TrialFault>,
}

/// What an answered request took.
#[derive(Clone, Debug, Default)]
pub(super) struct Took {
    pub(super) first_token: Option<Duration>,
    pub(super) per_token: Option<Duration>,
    pub(super) whole: Option<Duration>,
    /// From each piece to the next.
    pub(super) gaps: Vec<Duration>,
    /// Tokens of question and answer, as the server counts them.
    pub(super) usage: Option<(u32, u32)>,
    /// Tokens of the answer, or pieces.
    pub(super) output: u32,
}

/// A load test, as far as it has come.
#[derive(Debug)]
pub(super) struct Tally {
    load: Load,
    began: Timestamp,
    pods: u32,
    pub(super) way: Option<Way>,
    state: TrialState,
    fault: Option<TrialFault>,
    in_flight: u32,
    answered: u32,
    failed: u32,
    first_sent: Option<Instant>,
    last_ended: Option<Instant>,
    first_tokens: Vec<f64>,
    per_token: Vec<f64>,
    whole: Vec<f64>,
    gaps: Gaps,
    output_tokens: u64,
    prompt_tokens: u64,
    is_any_counted_here: bool,
    faults: BTreeMap<TrialFaultKind, LoadFault>,
}

impl Tally {
    pub(super) fn new(load: Load, pods: usize, began: Timestamp) -> Self {
        Self {
            load,
            began,
            pods: u32::try_from(pods).unwrap_or(u32::MAX),
            way: None,
            state: TrialState::Connecting,
            fault: None,
            in_flight: 0,
            answered: 0,
            failed: 0,
            first_sent: None,
            last_ended: None,
            first_tokens: Vec::new(),
            per_token: Vec::new(),
            whole: Vec::new(),
            gaps: Gaps::default(),
            output_tokens: 0,
            prompt_tokens: 0,
            is_any_counted_here: false,
            faults: BTreeMap::new(),
        }
    }

    pub(super) fn state(&self) -> TrialState {
        self.state
    }

    /// A request is under way.
    pub(super) fn asked(&mut self) {
        self.state = TrialState::Running;
        self.in_flight += 1;
    }

    /// A request is over.
    pub(super) fn take(&mut self, outcome: Outcome) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(sent) = outcome.sent {
            self.first_sent = Some(self.first_sent.map_or(sent, |first| first.min(sent)));
        }
        match outcome.took {
            Ok(took) => {
                self.answered += 1;
                let last = self
                    .last_ended
                    .map_or(outcome.ended, |last| last.max(outcome.ended));
                self.last_ended = Some(last);
                let seconds = |duration: Duration| duration.as_secs_f64();
                self.first_tokens.extend(took.first_token.map(seconds));
                self.per_token.extend(took.per_token.map(seconds));
                self.whole.extend(took.whole.map(seconds));
                took.gaps.into_iter().for_each(|gap| self.gaps.add(gap));
                self.output_tokens += u64::from(took.output);
                self.is_any_counted_here |= took.usage.is_none();
                self.prompt_tokens += took.usage.map_or(0, |(prompt, _)| u64::from(prompt));
            }
            Err(fault) => {
                self.failed += 1;
                let known = self
                    .faults
                    .entry(fault.kind)
                    .or_insert(LoadFault { fault, count: 0 });
                known.count += 1;
            }
        }
    }

    /// It came to its end, or failed as a whole.
    pub(super) fn end(&mut self, outcome: Result<(), TrialFault>) {
        self.in_flight = 0;
        self.state = match outcome {
            Ok(()) => TrialState::Done,
            Err(fault) => {
                self.fault = Some(fault);
                TrialState::Failed
            }
        };
    }

    /// It was stopped.
    pub(super) fn stop(&mut self) {
        self.in_flight = 0;
        self.state = TrialState::Stopped;
    }

    pub(super) fn row(&self, now: Instant) -> LoadTestRow {
        let until = if self.state.is_over() {
            self.last_ended
        } else {
            Some(now)
        };
        let elapsed = self
            .first_sent
            .zip(until)
            .map_or(Duration::ZERO, |(first, until)| {
                until.saturating_duration_since(first)
            })
            .as_secs_f64();
        let in_a_second = |count: f64| if elapsed > 0.0 { count / elapsed } else { 0.0 };
        let lists = [
            (LoadMeasure::FirstToken, &self.first_tokens),
            (LoadMeasure::PerToken, &self.per_token),
            (LoadMeasure::Whole, &self.whole),
        ];
        let figures = lists
            .into_iter()
            .filter_map(|(measure, values)| figure(measure, values));
        let mut faults: Vec<LoadFault> = self.faults.values().cloned().collect();
        faults.sort_by_key(|fault| std::cmp::Reverse(fault.count));
        LoadTestRow {
            state: self.state,
            fault: self.fault.clone(),
            load: self.load.clone(),
            began: self.began.to_string(),
            pods: self.pods,
            way: self.way,
            answered: self.answered,
            failed: self.failed,
            in_flight: self.in_flight,
            elapsed_seconds: elapsed,
            requests_per_second: in_a_second(f64::from(self.answered)),
            output_tokens: u32::try_from(self.output_tokens).unwrap_or(u32::MAX),
            output_tokens_per_second: in_a_second(number(self.output_tokens)),
            prompt_tokens: u32::try_from(self.prompt_tokens).unwrap_or(u32::MAX),
            are_tokens_told: self.answered > 0 && !self.is_any_counted_here,
            figures: figures.chain(self.gaps.figure()).collect(),
            faults,
        }
    }
}

/// A figure of `values`; none where there are none.
fn figure(measure: LoadMeasure, values: &[f64]) -> Option<LoadFigure> {
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
struct Gaps {
    /// By the logarithm of their length in microseconds.
    counts: BTreeMap<u32, u32>,
    count: u32,
    sum: f64,
    least: Option<f64>,
    most: f64,
}

impl Gaps {
    fn add(&mut self, gap: Duration) {
        let seconds = gap.as_secs_f64();
        let place = (seconds * 1e6).max(1.0).ln() / STEP.ln();
        let place = u32::try_from(whole(place.round())).unwrap_or(u32::MAX);
        *self.counts.entry(place).or_default() += 1;
        self.count = self.count.saturating_add(1);
        self.sum += seconds;
        self.least = Some(self.least.map_or(seconds, |least| least.min(seconds)));
        self.most = self.most.max(seconds);
    }

    fn figure(&self) -> Option<LoadFigure> {
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
fn number(count: u64) -> f64 {
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

    fn load() -> Load {
        Load {
            model: "m".to_owned(),
            requests: 10,
            concurrency: 2,
            prompt: String::new(),
            prompt_tokens: 32,
            max_tokens: 16,
            temperature: None,
        }
    }

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

    #[test]
    fn rates_are_of_the_time_between_the_first_question_and_the_last_answer() {
        let began = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut tally = Tally::new(load(), 1, began);
        let start = Instant::now();
        for (sent, ended) in [(0, 1_000), (0, 2_000), (1_000, 4_000)] {
            tally.asked();
            tally.take(Outcome {
                sent: Some(start + Duration::from_millis(sent)),
                ended: start + Duration::from_millis(ended),
                took: Ok(Took {
                    whole: Some(Duration::from_millis(ended - sent)),
                    usage: Some((10, 20)),
                    output: 20,
                    ..Took::default()
                }),
            });
        }
        tally.end(Ok(()));
        let row = tally.row(start + Duration::from_mins(1));
        assert!(near(row.elapsed_seconds, 4.0), "{}", row.elapsed_seconds);
        assert!(near(row.requests_per_second, 0.75));
        assert!(near(row.output_tokens_per_second, 15.0));
        assert_eq!(
            (row.answered, row.in_flight, row.are_tokens_told),
            (3, 0, true)
        );
    }

    #[test]
    fn faults_are_counted_by_kind_the_most_frequent_first() {
        let began = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut tally = Tally::new(load(), 1, began);
        let kinds = [
            TrialFaultKind::Throttled,
            TrialFaultKind::ServerFailed,
            TrialFaultKind::ServerFailed,
        ];
        for kind in kinds {
            tally.asked();
            tally.take(Outcome {
                sent: None,
                ended: Instant::now(),
                took: Err(TrialFault {
                    kind,
                    said: "no".to_owned(),
                }),
            });
        }
        let row = tally.row(Instant::now());
        let told: Vec<_> = row
            .faults
            .iter()
            .map(|fault| (fault.fault.kind, fault.count))
            .collect();
        assert_eq!(
            told,
            [
                (TrialFaultKind::ServerFailed, 2),
                (TrialFaultKind::Throttled, 1)
            ]
        );
        assert!(row.figures.is_empty());
    }
}
