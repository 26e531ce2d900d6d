//! Histograms of what requests take.
//!
//! What a request takes is spread log-normally around a middle; which share lies below a bucket's
//! bound is fixed, so that buckets, sum and count grow together and never fall.

use std::sync::Arc;

use super::{
    super::exposition::{Labels, Reading, Series, Style},
    traffic::Traffic,
};

/// A quantity of requests.
#[derive(Clone, Copy)]
pub(super) struct Spread {
    /// Half of the requests take less.
    pub(super) middle: f64,
    /// The standard deviation of its logarithm.
    pub(super) width: f64,
    /// How many observations a request makes.
    pub(super) of_each: f64,
}

impl Spread {
    /// One observation of each request.
    pub(super) fn once(middle: f64, width: f64) -> Self {
        Self {
            middle,
            width,
            of_each: 1.0,
        }
    }

    fn mean(&self) -> f64 {
        self.middle * (self.width * self.width / 2.0).exp()
    }

    /// The share of observations up to `bound`.
    fn share(&self, bound: f64) -> f64 {
        let deviation = (bound / self.middle).ln() / self.width;
        normal(deviation)
    }
}

/// The series of a histogram with `bounds` over the requests of `traffic`.
pub(super) fn series(
    traffic: &Arc<Traffic>,
    labels: &Labels,
    bounds: &[f64],
    spread: Spread,
    style: Style,
) -> Vec<Series> {
    let mut all: Vec<Series> = bounds
        .iter()
        .map(|bound| {
            let share = spread.share(*bound);
            bucket(
                labels,
                &style.number(*bound),
                counted(traffic, spread, share),
            )
        })
        .collect();
    let count = counted(traffic, spread, 1.0);
    all.push(bucket(labels, "+Inf", Arc::clone(&count)));
    let known = Arc::clone(traffic);
    let sum: Reading = Arc::new(move |time| {
        Some((known.requests(time)? * spread.of_each).floor() * spread.mean())
    });
    for (suffix, reading) in [("_sum", sum), ("_count", count)] {
        all.push(Series {
            suffix,
            labels: labels.clone(),
            reading,
        });
    }
    all
}

fn counted(traffic: &Arc<Traffic>, spread: Spread, share: f64) -> Reading {
    let traffic = Arc::clone(traffic);
    Arc::new(move |time| Some(((traffic.requests(time)? * spread.of_each).floor() * share).floor()))
}

fn bucket(labels: &Labels, bound: &str, reading: Reading) -> Series {
    let mut labels = labels.clone();
    labels.push(("le".into(), bound.to_owned()));
    Series {
        suffix: "_bucket",
        labels,
        reading,
    }
}

/// The standard normal distribution (Abramowitz and Stegun 26.2.17; to seven digits).
fn normal(deviation: f64) -> f64 {
    let part = 1.0 / (1.0 + 0.231_641_9 * deviation.abs());
    let tail = (-deviation * deviation / 2.0).exp() / std::f64::consts::TAU.sqrt()
        * part
        * (0.319_381_530
            + part
                * (-0.356_563_782
                    + part * (1.781_477_937 + part * (-1.821_255_978 + part * 1.330_274_429))));
    if deviation >= 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_observations_lie_below_the_middle() {
        let spread = Spread::once(0.25, 0.6);
        assert!((spread.share(0.25) - 0.5).abs() < 1e-6);
        assert!(spread.share(0.1) < spread.share(0.2));
        assert!(spread.share(10.0) > 0.999);
    }
}
