#![expect(
    clippy::float_cmp,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_lossless,
    reason = "small round numbers are exact"
)]

use std::sync::Arc;

use jiff::SignedDuration;
use strata_domain::{
    reading::Figure,
    series::{Measure, SeriesOf},
    severity::Severity,
    text::Text,
};
use strata_ports::series::{Point, Sample};

use super::*;

mod faults;
mod lookup;
mod moments;

/// The begin of a day, and of a span of 32 days.
const BEGIN: i64 = 20_736 * 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(BEGIN + second).unwrap()
}

fn cluster() -> ClusterId {
    ClusterId(Text::from("prod"))
}

fn power(gpu: &str) -> Arc<SeriesName> {
    Arc::new(SeriesName {
        of: SeriesOf::Gpu(Text::from(gpu)),
        measure: Measure::Of(Figure::Power),
    })
}

fn record(series: &[&Arc<SeriesName>], second: i64, value: f64) -> Record {
    Record {
        samples: series
            .iter()
            .map(|series| Sample {
                series: Arc::clone(series),
                at: at(second),
                value,
            })
            .collect(),
        ..Record::default()
    }
}

/// Hands over, step by step, what `value` says of the seconds `from..until`; waits now and then, so
/// that nothing is lost for want of room in the queue.
fn fill(
    store: &SeriesDatabase,
    series: &Arc<SeriesName>,
    seconds: std::ops::Range<i64>,
    value: impl Fn(i64) -> Option<f64>,
) {
    for (number, second) in seconds.step_by(30).enumerate() {
        if let Some(value) = value(second) {
            store.record(&cluster(), record(&[series], second, value));
        }
        if number % 32 == 31 {
            store.settle();
        }
    }
    store.settle();
}

fn ask(
    store: &SeriesDatabase,
    series: &SeriesName,
    from: i64,
    until: i64,
    step: i64,
) -> Vec<Option<Point>> {
    let question = SeriesQuestion {
        cluster: cluster(),
        names: vec![series.clone()],
        from: at(from),
        until: at(until),
        step: SignedDuration::from_secs(step),
    };
    store.read(&question).unwrap().remove(0).points
}

fn means(points: &[Option<Point>]) -> Vec<Option<f64>> {
    points
        .iter()
        .map(|point| point.map(|point| point.mean))
        .collect()
}

#[test]
fn what_was_handed_over_is_there_after_a_restart_and_gaps_stay_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/history.db");
    let (one, other) = (power("GPU-1"), power("GPU-2"));
    let store = SeriesDatabase::open(&path, Retention::default()).unwrap();
    store.record(&cluster(), record(&[&one, &other], 0, 100.0));
    store.record(&cluster(), record(&[&one], 60, 300.4));
    drop(store);
    let store = SeriesDatabase::open(&path, Retention::default()).unwrap();
    assert_eq!(
        means(&ask(&store, &one, 0, 90, 30)),
        [Some(100.0), None, Some(300.0), None]
    );
    assert_eq!(
        means(&ask(&store, &other, 0, 60, 30)),
        [Some(100.0), None, None]
    );
    let mut names = store.names(&cluster(), &[SeriesKind::Gpu], None).unwrap();
    names.sort();
    assert_eq!(names, [(*one).clone(), (*other).clone()]);
    assert!(store.keeping(&cluster()).bytes > 0);
}

#[test]
fn a_day_and_a_month_read_alike_whichever_rows_they_come_from() {
    let store = SeriesDatabase::in_memory().unwrap();
    let series = power("GPU-1");
    let value = |second: i64| {
        // An hour's gap in every day.
        let hour = second / 3_600 % 24;
        (hour != 5).then(|| f64::from(u8::try_from(hour).unwrap()) * 10.0)
    };
    let days = 34;
    fill(&store, &series, 0..days * 86_400, value);
    // What was sealed long ago, what was not yet, and across both.
    for day in [0, 1, 31, 33] {
        let hours = ask(&store, &series, day * 86_400, (day + 1) * 86_400 - 1, 3_600);
        let expected: Vec<_> = (0..24).map(|hour| value(hour * 3_600)).collect();
        assert_eq!(means(&hours), expected, "day {day}, by the hour");
        let fine = ask(&store, &series, day * 86_400, (day + 1) * 86_400 - 1, 30);
        assert_eq!(fine.len(), 2_880);
        for (step, point) in fine.iter().enumerate() {
            let second = i64::try_from(step).unwrap() * 30;
            assert_eq!(
                point.map(|point| point.mean),
                value(second),
                "day {day} + {second} s"
            );
        }
    }
    let all = ask(&store, &series, 0, days * 86_400 - 1, 86_400);
    let whole = Point {
        mean: (0..24).filter(|hour| *hour != 5).sum::<i32>() as f64 * 10.0 / 23.0,
        least: 0.0,
        most: 230.0,
        samples: 0,
    };
    for (day, point) in all.iter().enumerate() {
        let point = point.unwrap();
        assert!(
            (point.mean - whole.mean).abs() < 1e-9,
            "day {day}: {point:?}"
        );
        assert_eq!((point.least, point.most), (whole.least, whole.most));
        assert_eq!(point.samples, 23 * 120, "an hour of the day is a gap");
    }
    assert_eq!(all.len(), usize::try_from(days).unwrap());
}

#[test]
fn what_comes_late_is_joined_with_its_hour_until_the_day_is_sealed() {
    let store = SeriesDatabase::in_memory().unwrap();
    let series = power("GPU-1");
    fill(&store, &series, 0..1_800, |_| Some(1.0));
    fill(&store, &series, 3_600..9_000, |_| Some(2.0));
    // The first hour is sealed; its second half comes now.
    fill(&store, &series, 1_800..3_600, |_| Some(3.0));
    assert_eq!(
        means(&ask(&store, &series, 0, 7_199, 1_800)),
        [Some(1.0), Some(3.0), Some(2.0), Some(2.0)]
    );
    fill(&store, &series, 86_400..86_400 + 9_000, |_| Some(4.0));
    assert_eq!(
        means(&ask(&store, &series, 0, 7_199, 1_800)),
        [Some(1.0), Some(3.0), Some(2.0), Some(2.0)]
    );
    // The day is sealed: what comes now for it is counted as lost.
    store.record(&cluster(), record(&[&series], 0, 9.0));
    store.settle();
    assert_eq!(store.keeping(&cluster()).lost, 1);
}

#[test]
fn samples_go_after_their_age_and_their_sums_stay() {
    let folder = tempfile::tempdir().unwrap();
    let retention = Retention {
        samples: SignedDuration::from_hours(48),
        ..Retention::default()
    };
    let store = SeriesDatabase::open(&folder.path().join("history.db"), retention).unwrap();
    let series = power("GPU-1");
    fill(&store, &series, 0..6 * 86_400, |second| {
        Some(if second % 600 == 0 { 500.0 } else { 100.0 })
    });
    let raw = |store: &SeriesDatabase| -> i64 {
        let reader = store.shared.reader();
        reader
            .query_row("SELECT count(*) FROM chunk WHERE tier = 1", [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    assert_eq!(
        raw(&store),
        2,
        "those of the two days before the one that is open"
    );
    // The first day is told by its five minutes, however finely it is asked for.
    let first = ask(&store, &series, 0, 599, 30);
    assert_eq!(first.len(), 20);
    let point = first[0].unwrap();
    assert_eq!((point.least, point.most), (100.0, 500.0));
    assert_eq!(point.mean, 140.0);
    assert_eq!(first[19].unwrap().most, 100.0);
}

#[test]
fn the_oldest_goes_first_where_the_file_would_be_too_large() {
    let folder = tempfile::tempdir().unwrap();
    let retention = Retention {
        most_bytes: 120_000,
        ..Retention::default()
    };
    let store = SeriesDatabase::open(&folder.path().join("history.db"), retention).unwrap();
    let series = power("GPU-1");
    // What does not pack well.
    let noise = |second: i64| {
        let mixed = (second as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        Some((mixed % 5_000) as f64)
    };
    fill(&store, &series, 0..40 * 86_400, noise);
    assert!(
        store.keeping(&cluster()).bytes <= 120_000,
        "{:?}",
        store.keeping(&cluster())
    );
    assert_eq!(store.keeping(&cluster()).problem, None);
    assert!(
        means(&ask(&store, &series, 38 * 86_400, 39 * 86_400, 3_600))
            .iter()
            .all(Option::is_some),
        "the newest days are there"
    );
}

#[test]
fn an_incident_lasts_from_when_it_was_seen_first_until_last() {
    let store = SeriesDatabase::in_memory().unwrap();
    let seen = |second: i64, severity| Record {
        samples: Vec::new(),
        incidents: vec![Incident {
            id: Text::from("node/n1"),
            severity,
            what: format!("seen at {second}"),
            began: at(second),
            seen: at(second),
        }],
        ..Record::default()
    };
    for (second, severity) in [
        (0, Severity::Critical),
        (30, Severity::Warning),
        (600, Severity::Warning),
        (7_200, Severity::Warning),
    ] {
        store.record(&cluster(), seen(second, severity));
    }
    store.settle();
    let all = store.incidents(&cluster(), at(0), at(8_000)).unwrap();
    let times: Vec<_> = all.iter().map(|one| (one.began, one.seen)).collect();
    assert_eq!(times, [(at(0), at(600)), (at(7_200), at(7_200))]);
    assert_eq!(all[0].severity, Severity::Critical, "the worst that it was");
    assert_eq!(all[0].what, "seen at 600", "as it was seen last");
    assert!(
        store
            .incidents(&cluster(), at(700), at(7_000))
            .unwrap()
            .is_empty()
    );
}

/// A number from 0 to 1 that `seed` decides.
fn unit(seed: u64) -> f64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn a_sample_of_a_gpu_takes_less_than_a_byte_and_a_third() {
    let store = SeriesDatabase::in_memory().unwrap();
    let figures = [
        Figure::SmActive,
        Figure::MemoryUsed,
        Figure::Temperature,
        Figure::Power,
    ];
    let named = |gpu: u64, measure| {
        let of = SeriesOf::Gpu(Text::from(format!("GPU-{gpu}")));
        Arc::new(SeriesName { of, measure })
    };
    let mut count = 0;
    for step in 0..5 * 2_880_i64 {
        let second = step * 30;
        let samples = (0..6_u64).flat_map(|gpu| {
            // In training, in serving, held idle: the curves of the demo's GPUs.
            let noise = unit((gpu << 40) ^ step as u64) - 0.5;
            let busy = match gpu % 3 {
                0 => 0.95 + 0.04 * noise,
                1 => 0.45 + 0.16 * noise,
                _ => 0.0,
            };
            let power = 72.0 + 560.0 * busy;
            let values = [busy, 7.0e10, (25.0 + power / 18.0).round(), power];
            figures
                .into_iter()
                .zip(values)
                .map(move |(figure, value)| Sample {
                    series: named(gpu, Measure::Of(figure)),
                    at: at(second),
                    value,
                })
        });
        let record = Record {
            samples: samples.collect(),
            ..Record::default()
        };
        count += record.samples.len();
        store.record(&cluster(), record);
        if step % 32 == 31 {
            store.settle();
        }
    }
    store.settle();
    let bytes = store.keeping(&cluster()).bytes;
    let each = bytes as f64 / count as f64;
    assert!(
        each < 1.3,
        "{bytes} bytes for {count} samples: {each:.3} each"
    );
}
