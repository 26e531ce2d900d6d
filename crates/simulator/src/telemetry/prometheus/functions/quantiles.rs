//! Quantiles of values, and of histograms from their buckets.
//!
//! As in prometheus/prometheus `promql/quantile.go`: linear between two values or two bounds.

use std::{collections::BTreeMap, sync::Arc};

use super::super::{
    super::{number, whole},
    evaluate::Sample,
    targets::{LabelSet, NAME, value_of},
};

/// The quantile `share` of `values`.
pub(in super::super) fn quantile(share: f64, values: &[f64]) -> f64 {
    if values.is_empty() || share.is_nan() {
        return f64::NAN;
    }
    if share < 0.0 {
        return f64::NEG_INFINITY;
    }
    if share > 1.0 {
        return f64::INFINITY;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| super::ascending(*a, *b));
    let last = sorted.len() - 1;
    let rank = share * number(u64::try_from(last).unwrap_or(u64::MAX));
    let below = usize::try_from(whole(rank.floor()))
        .unwrap_or(last)
        .min(last);
    let above = (below + 1).min(last);
    let weight = rank - rank.floor();
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    at(below) * (1.0 - weight) + at(above) * weight
}

/// The quantile `share` of each histogram whose buckets are among `samples`.
pub(super) fn of_histograms(share: f64, samples: Vec<Sample>, time: f64) -> Vec<Sample> {
    let mut histograms: BTreeMap<LabelSet, Vec<(f64, f64)>> = BTreeMap::new();
    for sample in samples {
        let Some(bound) = parse_bound(value_of(&sample.labels, "le")) else {
            continue;
        };
        let labels = sample
            .labels
            .iter()
            .filter(|(name, _)| name != "le" && name != NAME)
            .cloned()
            .collect();
        histograms
            .entry(labels)
            .or_default()
            .push((bound, sample.value));
    }
    histograms
        .into_iter()
        .map(|(labels, buckets)| Sample {
            labels: Arc::new(labels),
            value: of_buckets(share, buckets),
            time,
        })
        .collect()
}

fn parse_bound(text: &str) -> Option<f64> {
    match text {
        "+Inf" => Some(f64::INFINITY),
        other => other.parse().ok(),
    }
}

fn of_buckets(share: f64, mut buckets: Vec<(f64, f64)>) -> f64 {
    buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (Some((highest, total)), true) = (buckets.last().copied(), buckets.len() > 1) else {
        return f64::NAN;
    };
    if highest.is_finite() || total == 0.0 || total.is_nan() || share.is_nan() {
        return f64::NAN;
    }
    if share < 0.0 {
        return f64::NEG_INFINITY;
    }
    if share > 1.0 {
        return f64::INFINITY;
    }
    let rank = share * total;
    let at = buckets
        .iter()
        .position(|(_, count)| *count >= rank)
        .unwrap_or(buckets.len() - 1);
    let bucket = |index: usize| buckets.get(index).copied().unwrap_or((f64::NAN, 0.0));
    let (bound, count) = bucket(at);
    if at == buckets.len() - 1 {
        return bucket(at - 1).0;
    }
    if at == 0 {
        return if bound <= 0.0 {
            bound
        } else {
            bound * (rank / count)
        };
    }
    let (begin, below) = bucket(at - 1);
    begin + (bound - begin) * ((rank - below) / (count - below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        assert!((quantile(0.5, &[1.0, 2.0, 3.0, 10.0]) - 2.5).abs() < 1e-9);
        assert!(quantile(1.5, &[1.0]).is_infinite());
    }

    #[test]
    fn a_histogram_is_taken_as_even_within_a_bucket() {
        let buckets = vec![(0.1, 50.0), (0.2, 90.0), (f64::INFINITY, 100.0)];
        assert!((of_buckets(0.5, buckets.clone()) - 0.1).abs() < 1e-9);
        assert!((of_buckets(0.7, buckets.clone()) - 0.15).abs() < 1e-9);
        assert!((of_buckets(0.99, buckets) - 0.2).abs() < 1e-9);
    }
}
