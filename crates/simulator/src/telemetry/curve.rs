//! Quantities that change with time, as closed forms: the value at any time and the amount up to
//! any time are computed, never accumulated, so the past can be asked for as well as the present.

use std::f64::consts::TAU;

/// A quantity over time, in seconds since the epoch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Curve {
    level: f64,
    waves: Vec<Wave>,
    noises: Vec<Noise>,
    pulses: Vec<Pulse>,
}

/// A rhythm; highest at `peak`.
#[derive(Clone, Copy, Debug)]
struct Wave {
    height: f64,
    period: f64,
    peak: f64,
}

/// Chance: in each step of time it swings up and back down, by an amount that only the step and the
/// seed determine, and is nothing in sum. So its amount up to any time is known without the past.
#[derive(Clone, Copy, Debug)]
struct Noise {
    height: f64,
    step: f64,
    seed: u64,
}

/// Something that happens once in each period, for a while; down where `height` is negative.
#[derive(Clone, Copy, Debug)]
struct Pulse {
    height: f64,
    period: f64,
    width: f64,
    offset: f64,
}

impl Curve {
    /// Always `level`.
    pub(crate) fn constant(level: f64) -> Self {
        Self {
            level,
            ..Self::default()
        }
    }

    /// With a rhythm of `period` that is highest at `peak`.
    pub(crate) fn wave(mut self, height: f64, period: f64, peak: f64) -> Self {
        self.waves.push(Wave {
            height,
            period,
            peak,
        });
        self
    }

    /// With chance that changes about every `step` seconds.
    pub(crate) fn noise(mut self, height: f64, step: f64, seed: u64) -> Self {
        self.noises.push(Noise { height, step, seed });
        self
    }

    /// With what happens `offset` after the begin of each `period`, for `width` seconds.
    pub(crate) fn pulse(mut self, height: f64, period: f64, width: f64, offset: f64) -> Self {
        self.pulses.push(Pulse {
            height,
            period,
            width,
            offset,
        });
        self
    }

    /// The same course, `factor` times as high.
    pub(crate) fn scaled(&self, factor: f64) -> Self {
        let mut scaled = self.clone();
        scaled.level *= factor;
        for wave in &mut scaled.waves {
            wave.height *= factor;
        }
        for noise in &mut scaled.noises {
            noise.height *= factor;
        }
        for pulse in &mut scaled.pulses {
            pulse.height *= factor;
        }
        scaled
    }

    /// What it is without rhythm, chance and what happens.
    pub(crate) fn level(&self) -> f64 {
        self.level
    }

    /// The value at `time`.
    pub(crate) fn at(&self, time: f64) -> f64 {
        let waves: f64 = self
            .waves
            .iter()
            .map(|wave| wave.height * (TAU * (time - wave.peak) / wave.period).cos())
            .sum();
        let noises: f64 = self.noises.iter().map(|noise| noise.at(time)).sum();
        let pulses: f64 = self.pulses.iter().map(|pulse| pulse.at(time)).sum();
        self.level + waves + noises + pulses
    }

    /// The amount from `from` to `until`: the integral.
    pub(crate) fn amount(&self, from: f64, until: f64) -> f64 {
        if until <= from {
            return 0.0;
        }
        let waves: f64 = self
            .waves
            .iter()
            .map(|wave| wave.sum(until) - wave.sum(from))
            .sum();
        let noises: f64 = self
            .noises
            .iter()
            .map(|noise| noise.sum(until) - noise.sum(from))
            .sum();
        let pulses: f64 = self
            .pulses
            .iter()
            .map(|pulse| pulse.sum(until) - pulse.sum(from))
            .sum();
        self.level * (until - from) + waves + noises + pulses
    }
}

impl Wave {
    fn sum(&self, time: f64) -> f64 {
        self.height * self.period / TAU * (TAU * (time - self.peak) / self.period).sin()
    }
}

impl Noise {
    fn swing(&self, step: f64) -> f64 {
        self.height * (2.0 * unit(self.seed ^ mix(step.to_bits())) - 1.0)
    }

    fn at(&self, time: f64) -> f64 {
        let steps = time / self.step;
        self.swing(steps.floor()) * (TAU * (steps - steps.floor())).sin()
    }

    fn sum(&self, time: f64) -> f64 {
        let steps = time / self.step;
        let part = 1.0 - (TAU * (steps - steps.floor())).cos();
        self.swing(steps.floor()) * self.step * part / TAU
    }
}

impl Pulse {
    fn at(&self, time: f64) -> f64 {
        let into = (time - self.offset).rem_euclid(self.period);
        if into < self.width { self.height } else { 0.0 }
    }

    fn sum(&self, time: f64) -> f64 {
        let shifted = time - self.offset;
        let into = shifted.rem_euclid(self.period).min(self.width);
        self.height * ((shifted / self.period).floor() * self.width + into)
    }
}

/// A number from 0 to below 1 that depends on `seed` alone.
pub(crate) fn unit(seed: u64) -> f64 {
    let high = u32::try_from(mix(seed) >> 32).unwrap_or(u32::MAX);
    f64::from(high) / 4_294_967_296.0
}

/// A number between `from` and `to` that depends on `seed` alone.
pub(crate) fn between(seed: u64, from: f64, to: f64) -> f64 {
    from + (to - from) * unit(seed)
}

/// Spreads the bits of `seed` (the finalizer of SplitMix64).
pub(crate) fn mix(seed: u64) -> u64 {
    let seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let seed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let seed = (seed ^ (seed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    seed ^ (seed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy_day() -> Curve {
        Curve::constant(0.5)
            .wave(0.2, 86_400.0, 50_400.0)
            .noise(0.1, 37.0, 7)
            .pulse(-0.15, 1800.0, 75.0, 11.0)
    }

    #[test]
    fn the_amount_is_the_sum_of_the_values() {
        let curve = busy_day();
        let (from, until, step) = (1_764_242_900.0, 1_764_250_100.0, 0.05);
        let mut sum = 0.0;
        let mut time = from + step / 2.0;
        while time < until {
            sum += curve.at(time) * step;
            time += step;
        }
        let amount = curve.amount(from, until);
        assert!((amount - sum).abs() < 0.5, "{amount} is not {sum}");
    }

    #[test]
    fn what_is_never_negative_only_grows() {
        let curve = busy_day();
        let begin = 1_764_242_900.0;
        let mut last = 0.0;
        for minute in 0..3000 {
            let amount = curve.amount(begin, begin + 20.0 * f64::from(minute));
            assert!(amount >= last);
            last = amount;
        }
    }

    #[test]
    fn another_seed_makes_another_course() {
        let (one, other) = (
            Curve::constant(0.5).noise(0.1, 30.0, 1),
            Curve::constant(0.5).noise(0.1, 30.0, 2),
        );
        assert!((0..50).any(|step| {
            let time = 1_764_242_900.0 + 7.0 * f64::from(step);
            (one.at(time) - other.at(time)).abs() > 0.01
        }));
    }
}
