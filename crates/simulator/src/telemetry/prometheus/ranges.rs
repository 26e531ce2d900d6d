//! What becomes of the samples in a range of time: rates, changes, and `…_over_time`.
//!
//! Rates are extrapolated to the ends of the range as in prometheus/prometheus
//! `promql/functions.go`, `extrapolatedRate`.

use super::{
    super::number,
    evaluate::QueryError,
    functions::{least, mean, most, quantile, variance},
};

/// The value of the function `name` of `samples`, which lie in `bounds`; none where they are too few.
pub(super) fn apply(
    name: &str,
    samples: &[(f64, f64)],
    bounds: (f64, f64),
    parameter: f64,
    time: f64,
) -> Result<Option<f64>, QueryError> {
    let values: Vec<f64> = samples.iter().map(|(_, value)| *value).collect();
    let some = !values.is_empty();
    Ok(match name {
        "rate" => extrapolated(samples, bounds, true).map(|it| it / (bounds.1 - bounds.0)),
        "increase" => extrapolated(samples, bounds, true),
        "delta" => extrapolated(samples, bounds, false),
        "irate" => last_two(samples).map(|((from, a), (until, b))| {
            let more = if b < a { b } else { b - a };
            more / (until - from)
        }),
        "idelta" => last_two(samples).map(|((_, a), (_, b))| b - a),
        "deriv" => regression(samples, time).map(|(slope, _)| slope),
        "predict_linear" => {
            regression(samples, time).map(|(slope, value)| value + slope * parameter)
        }
        "changes" => some.then(|| pairs(&values, |a, b| a.to_bits() != b.to_bits())),
        "resets" => some.then(|| pairs(&values, |a, b| b < a)),
        "avg_over_time" => some.then(|| mean(&values)),
        "sum_over_time" => some.then(|| values.iter().sum()),
        "min_over_time" => some.then(|| least(&values)),
        "max_over_time" => some.then(|| most(&values)),
        "count_over_time" => some.then(|| count(values.len())),
        "present_over_time" => some.then_some(1.0),
        "last_over_time" => values.last().copied(),
        "first_over_time" => values.first().copied(),
        "stddev_over_time" => some.then(|| variance(&values).sqrt()),
        "stdvar_over_time" => some.then(|| variance(&values)),
        "quantile_over_time" => some.then(|| quantile(parameter, &values)),
        "mad_over_time" => some.then(|| {
            let middle = quantile(0.5, &values);
            let off: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
            quantile(0.5, &off)
        }),
        other => {
            return Err(QueryError::execution(format!(
                "the function {other} is not known"
            )));
        }
    })
}

fn count(length: usize) -> f64 {
    number(u64::try_from(length).unwrap_or(u64::MAX))
}

fn pairs(values: &[f64], is_counted: impl Fn(f64, f64) -> bool) -> f64 {
    let found = values
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if is_counted(*a, *b)));
    count(found.count())
}

fn last_two(samples: &[(f64, f64)]) -> Option<((f64, f64), (f64, f64))> {
    match samples {
        [.., before, last] => Some((*before, *last)),
        _ => None,
    }
}

/// How much samples grow over the whole of `bounds`, by how they grow between the first and the last.
fn extrapolated(samples: &[(f64, f64)], bounds: (f64, f64), is_counter: bool) -> Option<f64> {
    let (first, last) = (*samples.first()?, *samples.last()?);
    if samples.len() < 2 {
        return None;
    }
    let mut grown = last.1 - first.1;
    if is_counter {
        grown += samples
            .windows(2)
            .filter_map(|pair| match pair {
                [(_, a), (_, b)] if b < a => Some(*a),
                _ => None,
            })
            .sum::<f64>();
    }
    let sampled = last.0 - first.0;
    let between = sampled / count(samples.len() - 1);
    let threshold = between * 1.1;
    let mut to_start = first.0 - bounds.0;
    let mut to_end = bounds.1 - last.0;
    if to_start >= threshold {
        to_start = between / 2.0;
    }
    if is_counter && grown > 0.0 && first.1 >= 0.0 {
        // A counter was 0 once: it is not taken to have been less.
        to_start = to_start.min(sampled * (first.1 / grown));
    }
    if to_end >= threshold {
        to_end = between / 2.0;
    }
    Some(grown * (sampled + to_start + to_end) / sampled)
}

/// Slope, and value at `time`, of the line through samples with the least squares.
fn regression(samples: &[(f64, f64)], time: f64) -> Option<(f64, f64)> {
    if samples.len() < 2 {
        return None;
    }
    let length = count(samples.len());
    let (mut x, mut y, mut xy, mut xx) = (0.0, 0.0, 0.0, 0.0);
    for (at, value) in samples {
        let at = at - time;
        x += at;
        y += value;
        xy += at * value;
        xx += at * at;
    }
    let slope = (xy - x * y / length) / (xx - x * x / length);
    Some((slope, y / length - slope * x / length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_sees_a_reset_and_reaches_to_the_ends() {
        let samples: Vec<(f64, f64)> = (0..20)
            .map(|at| (f64::from(at) * 15.0 + 7.0, f64::from(at) * 30.0 + 900.0))
            .collect();
        let rate = apply("rate", &samples, (0.0, 300.0), 0.0, 300.0)
            .unwrap()
            .unwrap();
        assert!((rate - 2.0).abs() < 1e-9, "{rate}");
        let reset = [(0.0, 10.0), (15.0, 20.0), (30.0, 5.0), (45.0, 15.0)];
        let increase = apply("increase", &reset, (0.0, 45.0), 0.0, 45.0)
            .unwrap()
            .unwrap();
        assert!((increase - 25.0).abs() < 1e-9, "{increase}");
    }

    #[test]
    fn one_sample_has_no_rate() {
        assert_eq!(
            apply("rate", &[(1.0, 2.0)], (0.0, 60.0), 0.0, 60.0),
            Ok(None)
        );
    }
}
