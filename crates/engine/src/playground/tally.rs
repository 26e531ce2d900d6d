//! What the requests of a load test took, summed up.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use strata_api::{
    playground::{Load, Way},
    rows::playground::{
        LoadFault, LoadMeasure, LoadTestRow, TrialFault, TrialFaultKind, TrialState,
    },
};
use tokio::time::Instant;

use super::spread::{Gaps, figure, number};

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

    /// How many requests were answered.
    pub(super) fn answered(&self) -> u32 {
        self.answered
    }

    /// What kept it from its end; empty where nothing did.
    pub(super) fn stopped_by(&self) -> &str {
        match (&self.fault, self.state) {
            (Some(fault), _) => &fault.said,
            (None, TrialState::Stopped) => "it was stopped",
            (None, _) => "",
        }
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
