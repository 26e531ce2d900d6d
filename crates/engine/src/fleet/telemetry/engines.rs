//! What serving engines told, and how fast they go.
//!
//! Engines count tokens and requests from their start on. How many there are in a second follows from
//! two answers; after the first, and where an engine began anew, it is not known.

use std::collections::BTreeMap;

use jiff::Timestamp;
use strata_domain::ids::ObjectKey;
use strata_ports::telemetry::{EngineReport, Exporter};

use super::STALE_AFTER;

/// The serving engines of a cluster, by pod.
#[derive(Debug, Default)]
pub struct Engines {
    by_pod: BTreeMap<ObjectKey, Option<Engine>>,
}

/// A serving engine, as it told last.
#[derive(Clone, Debug, PartialEq)]
pub struct Engine {
    /// When.
    pub at: Timestamp,
    /// What.
    pub report: EngineReport,
    /// Tokens that it generated in a second since the answer before; absent where that is not known.
    pub tokens_per_second: Option<f64>,
    /// Requests that came to an end in a second, likewise.
    pub requests_per_second: Option<f64>,
}

impl Engine {
    /// Whether it told that not too long before `now`.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) <= STALE_AFTER
    }
}

impl Engines {
    /// Keeps to those of `exporters` that are engines: forgets the others.
    pub(super) fn keep(&mut self, exporters: &[Exporter]) {
        let mut before = std::mem::take(&mut self.by_pod);
        let engines = exporters
            .iter()
            .filter(|exporter| exporter.dialect.is_of_engines());
        self.by_pod = engines
            .map(|exporter| {
                let known = before.remove(&exporter.pod).flatten();
                (exporter.pod.clone(), known)
            })
            .collect();
    }

    /// Takes in what the engine in `pod` told.
    pub(super) fn take(&mut self, pod: &ObjectKey, at: Timestamp, report: EngineReport) {
        let known = self.by_pod.entry(pod.clone()).or_default();
        let rate = |of: fn(&EngineReport) -> Option<f64>| {
            let before = known.as_ref()?;
            let seconds = at.duration_since(before.at).as_secs_f64();
            let more = of(&report)? - of(&before.report)?;
            (seconds > 0.0 && more >= 0.0).then(|| more / seconds)
        };
        let tokens_per_second = rate(|report| report.tokens_generated);
        let requests_per_second = rate(|report| report.requests_ended);
        *known = Some(Engine {
            at,
            report,
            tokens_per_second,
            requests_per_second,
        });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_pod.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_pod.is_empty()
    }

    /// The engine in `pod`, if it told anything.
    pub fn get(&self, pod: &ObjectKey) -> Option<&Engine> {
        self.by_pod.get(pod)?.as_ref()
    }

    /// Those that told something not too long before `now`, by pod.
    pub fn fresh(&self, now: Timestamp) -> impl Iterator<Item = (&ObjectKey, &Engine)> {
        self.by_pod.iter().filter_map(move |(pod, engine)| {
            let engine = engine.as_ref()?;
            engine.is_fresh(now).then_some((pod, engine))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(tokens: f64) -> EngineReport {
        EngineReport {
            tokens_generated: Some(tokens),
            ..EngineReport::default()
        }
    }

    fn rates(counts: &[f64]) -> Vec<Option<f64>> {
        let mut engines = Engines::default();
        let pod = ObjectKey::new("llm", "vllm-0");
        let begin: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let each = counts.iter().zip(0_i64..).map(|(tokens, at)| {
            let at = begin + jiff::SignedDuration::from_secs(15 * at);
            engines.take(&pod, at, told(*tokens));
            engines.get(&pod).unwrap().tokens_per_second
        });
        each.collect()
    }

    #[test]
    fn how_fast_an_engine_goes_takes_two_answers() {
        assert_eq!(rates(&[1_000.0, 2_500.0]), [None, Some(100.0)]);
    }

    #[test]
    fn an_engine_that_began_anew_is_not_known_to_go_backwards() {
        assert_eq!(rates(&[9_000.0, 150.0, 300.0]), [None, None, Some(10.0)]);
    }

    #[test]
    fn nothing_that_was_told_long_ago_is_fresh() {
        let mut engines = Engines::default();
        let pod = ObjectKey::new("llm", "vllm-0");
        let at: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        engines.take(&pod, at, told(1.0));
        assert_eq!(engines.fresh(at).count(), 1);
        let later = at + jiff::SignedDuration::from_mins(3);
        assert_eq!(engines.fresh(later).count(), 0);
        assert_eq!(engines.len(), 1);
    }
}
