//! The requests that an engine gets, and how it fares with them.

use std::sync::Arc;

use super::super::{
    curve::{self, Curve},
    gpu::Gpu,
    work::{self, Holder, Work},
};
use crate::random;

/// The requests of one engine.
pub(super) struct Traffic {
    /// What it serves.
    pub(super) model: String,
    pub(super) gpus: Vec<Arc<Gpu>>,
    /// When it began to answer.
    pub(super) since: f64,
    /// Requests that are ended in a second.
    pub(super) arrivals: Curve,
    /// How loaded it is, around 0.5.
    pub(super) pressure: Curve,
    /// Tokens of a request.
    pub(super) prompt_tokens: f64,
    pub(super) output_tokens: f64,
    /// The time to the first token and between tokens in an idle engine, in seconds.
    pub(super) first_token: f64,
    pub(super) between_tokens: f64,
    /// The share of prompt tokens that the prefix cache has.
    pub(super) cached: f64,
}

impl Traffic {
    pub(super) fn new(
        holder: &Holder,
        uid: &str,
        started: f64,
        model: String,
        gpus: Vec<Arc<Gpu>>,
    ) -> Self {
        let gang = holder.gang;
        let own = curve::mix(random::hash(uid));
        let is_generation = holder.work == Work::Generation;
        let level = if is_generation {
            curve::between(gang ^ 0x15, 2.4, 9.0)
        } else {
            curve::between(gang ^ 0x15, 45.0, 240.0)
        };
        let pressure = work::requests(gang, own, 0.52);
        Self {
            model,
            gpus,
            since: started + 40.0,
            arrivals: pressure.scaled(level / 0.52),
            pressure,
            prompt_tokens: curve::between(gang ^ 0x16, 700.0, 3100.0).round(),
            output_tokens: curve::between(gang ^ 0x17, 160.0, 520.0).round(),
            first_token: curve::between(gang ^ 0x18, 0.11, 0.32),
            between_tokens: curve::between(gang ^ 0x19, 0.013, 0.031),
            cached: curve::between(gang ^ 0x1a, 0.28, 0.66),
        }
    }

    /// The requests that have ended up to `time`; none before the engine answers.
    pub(super) fn requests(&self, time: f64) -> Option<f64> {
        (time >= self.since).then(|| self.arrivals.amount(self.since, time))
    }

    /// `per` of each request up to `time`, as a whole number.
    pub(super) fn total(&self, per: f64, time: f64) -> Option<f64> {
        Some((self.requests(time)?.floor() * per).floor())
    }

    /// How long a request takes on the whole, in seconds.
    pub(super) fn duration(&self) -> f64 {
        self.first_token + self.output_tokens * self.between_tokens
    }

    /// The requests in flight at `time` (Little's law).
    pub(super) fn running(&self, time: f64) -> Option<f64> {
        (time >= self.since).then(|| (self.arrivals.at(time) * self.duration()).round().max(0.0))
    }

    /// The requests that wait at `time`: none until the engine is nearly full.
    pub(super) fn waiting(&self, time: f64) -> Option<f64> {
        (time >= self.since).then(|| ((self.pressure.at(time) - 0.72) * 60.0).floor().max(0.0))
    }

    /// The share of the KV cache in use at `time`.
    pub(super) fn cache_use(&self, time: f64) -> Option<f64> {
        (time >= self.since).then(|| (self.pressure.at(time) * 1.04).clamp(0.004, 0.995))
    }
}
