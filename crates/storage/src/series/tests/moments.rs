//! Every GPU at one moment, wherever its rows lie by then.

use super::*;

fn moment(store: &SeriesDatabase, second: i64, step: i64) -> Vec<(String, f64)> {
    let question = MomentQuestion {
        cluster: cluster(),
        measure: Measure::Of(Figure::Power),
        at: at(second),
        step: SignedDuration::from_secs(step),
    };
    let told = store.moment(&question).unwrap();
    assert_eq!(told.step, SignedDuration::from_secs(step));
    assert_eq!(told.begins, at(second.div_euclid(step) * step));
    let values = told.values.into_iter();
    let mut values: Vec<_> = values
        .map(|(name, point)| (name.to_string(), point.mean))
        .collect();
    values.sort_by(|left, right| left.0.cmp(&right.0));
    values
}

#[test]
fn a_moment_is_told_alike_by_samples_and_by_what_they_sum_up_to() {
    let store = SeriesDatabase::in_memory().unwrap();
    let (one, other) = (power("GPU-1"), power("GPU-2"));
    let days = 34;
    for (number, second) in (0..days * 86_400).step_by(30).enumerate() {
        let value = if second % 300 < 150 { 100.0 } else { 300.0 };
        let mut told = record(&[&one], second, value);
        // The other was measured in the mornings alone.
        if second % 86_400 < 43_200 {
            told.samples.extend(record(&[&other], second, 50.0).samples);
        }
        store.record(&cluster(), told);
        if number % 32 == 31 {
            store.settle();
        }
    }
    store.settle();
    let both = [("GPU-1".to_owned(), 200.0), ("GPU-2".to_owned(), 50.0)];
    // Sealed long ago, sealed yesterday, and of today.
    for day in [0, 20, 32, 33] {
        let morning = day * 86_400 + 36_000;
        for step in [300, 3_600, 10_800] {
            assert_eq!(moment(&store, morning, step), both, "day {day}, {step} s");
        }
        if day >= 32 {
            // Single samples are kept for two weeks.
            assert_eq!(moment(&store, morning, 30)[0].1, 100.0);
        }
        let evening = day * 86_400 + 72_000;
        assert_eq!(
            moment(&store, evening, 300),
            both[..1],
            "a gap is a gap on day {day}"
        );
    }
    assert_eq!(moment(&store, -3_600, 300), [], "before anything was kept");
}

#[test]
fn a_moment_is_of_gpus_and_of_what_is_asked_for_alone() {
    let store = SeriesDatabase::in_memory().unwrap();
    let gpu = power("GPU-1");
    let heat = Arc::new(SeriesName {
        of: SeriesOf::Gpu(Text::from("GPU-1")),
        measure: Measure::Of(Figure::Temperature),
    });
    let whole = Arc::new(SeriesName {
        of: SeriesOf::Cluster,
        measure: Measure::Total,
    });
    store.record(&cluster(), record(&[&gpu], 0, 70.0));
    store.record(&cluster(), record(&[&heat, &whole], 0, 40.0));
    store.settle();
    assert_eq!(moment(&store, 0, 30), [("GPU-1".to_owned(), 70.0)]);
    let elsewhere = MomentQuestion {
        cluster: ClusterId(Text::from("other")),
        measure: Measure::Of(Figure::Power),
        at: at(0),
        step: SignedDuration::from_secs(30),
    };
    assert_eq!(store.moment(&elsewhere).unwrap().values, []);
}
