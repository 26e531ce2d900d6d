//! What keeping series costs: bytes a sample, and a month's chart of one GPU from disk.
//!
//! The samples are those of the demo cluster's GPU model: a job in training (even, with a dip at each
//! checkpoint), a server whose load follows the day, one that is held idle. The bytes are printed
//! before the times: `cargo bench -p strata-storage --bench series`

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::explicit_write,
    reason = "a bench that cannot run says why by a panic; its numbers are small"
)]

use std::{hint::black_box, io::Write as _, path::Path, sync::Arc};

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use strata_domain::{
    ids::ClusterId,
    reading::Figure,
    series::{Measure, SeriesName, SeriesOf},
    text::Text,
};
use strata_ports::series::{Record, Sample, SeriesQuestion, SeriesStore};
use strata_storage::series::{Retention, SeriesDatabase};

const BEGIN: i64 = 20_736 * 86_400;
const STEP: i64 = 30;
const DAYS: i64 = 31;
const GPUS: u64 = 32;
const FIGURES: [Figure; 4] = [
    Figure::SmActive,
    Figure::MemoryUsed,
    Figure::Temperature,
    Figure::Power,
];

fn cluster() -> ClusterId {
    ClusterId(Text::from("prod"))
}

fn name(gpu: u64, figure: Figure) -> SeriesName {
    SeriesName {
        of: SeriesOf::Gpu(Text::from(format!(
            "GPU-{gpu:08x}-5a1e-4c1b-9d2e-0123456789ab"
        ))),
        measure: Measure::Of(figure),
    }
}

/// A number from 0 to 1 that `seed` decides.
fn unit(seed: u64) -> f64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// How busy `gpu` is: the demo's curves, a level with waves, noise in steps, pulses.
fn busy(gpu: u64, second: i64) -> f64 {
    let noise = |height: f64, step: i64, salt: u64| {
        height * (unit(gpu ^ salt ^ (second / step) as u64) - 0.5)
    };
    let day = ((second % 86_400) as f64 / 86_400.0 * std::f64::consts::TAU).sin();
    let busy = match gpu % 3 {
        0 if second % 1_800 < 60 => 0.05,
        0 => 0.95 + noise(0.04, 30, 7),
        1 => 0.45 + 0.25 * day + noise(0.16, 60, 11),
        _ => 0.0,
    };
    busy.clamp(0.0, 1.0) * 0.88
}

fn value(gpu: u64, figure: Figure, second: i64) -> f64 {
    let busy = busy(gpu, second);
    let power = 72.0 + unit(gpu) * 9.0 + 560.0 * busy;
    match figure {
        Figure::SmActive => busy,
        Figure::MemoryUsed => (70_000.0 + (gpu * 131) as f64) * 1_048_576.0,
        Figure::Temperature => (25.0 + 40.0 * power / 700.0 + unit(gpu ^ 0x0d) * 5.0).round(),
        _ => power,
    }
}

fn fill(path: &Path) -> u64 {
    let store = SeriesDatabase::open(
        path,
        Retention {
            samples: SignedDuration::from_hours(24 * 400),
            ..Retention::default()
        },
    )
    .unwrap();
    let names: Vec<(u64, Figure, Arc<SeriesName>)> = (0..GPUS)
        .flat_map(|gpu| FIGURES.map(|figure| (gpu, figure, Arc::new(name(gpu, figure)))))
        .collect();
    let mut count = 0;
    for second in (0..DAYS * 86_400).step_by(30) {
        let at = Timestamp::from_second(BEGIN + second).unwrap();
        let samples: Vec<Sample> = names
            .iter()
            .map(|(gpu, figure, series)| Sample {
                series: Arc::clone(series),
                at,
                value: value(*gpu, *figure, second),
            })
            .collect();
        count += samples.len() as u64;
        let record = Record {
            samples,
            ..Record::default()
        };
        store.record(&cluster(), record);
        if second % 600 == 0 {
            store.settle();
        }
    }
    assert_eq!(store.keeping(&cluster()).lost, 0);
    count
}

fn month(figure: Figure, step: i64) -> SeriesQuestion {
    SeriesQuestion {
        cluster: cluster(),
        names: vec![name(1, figure)],
        from: Timestamp::from_second(BEGIN + 86_400).unwrap(),
        until: Timestamp::from_second(BEGIN + DAYS * 86_400 - STEP).unwrap(),
        step: SignedDuration::from_secs(step),
    }
}

fn series(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let samples = fill(&path);
    let store = SeriesDatabase::open(&path, Retention::default()).unwrap();
    let bytes = store.keeping(&cluster()).bytes;
    writeln!(
        std::io::stdout(),
        "{samples} samples in {bytes} bytes, sums included: {:.3} bytes a sample",
        bytes as f64 / samples as f64
    )
    .unwrap();
    let mut group = criterion.benchmark_group("a GPU's 30 days from disk");
    for (what, step) in [
        ("by the hour", 3_600),
        ("by 5 minutes", 300),
        ("every sample", 30),
    ] {
        group.bench_function(format!("four figures, {what}"), |bencher| {
            bencher.iter(|| {
                for figure in FIGURES {
                    black_box(store.read(&month(figure, step)).unwrap());
                }
            });
        });
    }
    group.bench_function("opened, then four figures by the hour", |bencher| {
        bencher.iter(|| {
            let store = SeriesDatabase::open(&path, Retention::default()).unwrap();
            for figure in FIGURES {
                black_box(store.read(&month(figure, 3_600)).unwrap());
            }
        });
    });
    group.finish();
    let one = Arc::new(name(1, Figure::Power));
    let many: Vec<Arc<SeriesName>> = (0..32_000)
        .map(|gpu| {
            Arc::new(SeriesName {
                of: SeriesOf::Gpu(Text::from(format!("GPU-{gpu}"))),
                measure: one.measure,
            })
        })
        .collect();
    let store = SeriesDatabase::open(&folder.path().join("wide.db"), Retention::default()).unwrap();
    let mut second = 0;
    criterion.bench_function(
        "a step of 8,000 GPUs, four figures each, committed",
        |bencher| {
            bencher.iter(|| {
                second += STEP;
                let at = Timestamp::from_second(BEGIN + second).unwrap();
                let samples = many
                    .iter()
                    .zip(0_u32..)
                    .map(|(series, number)| Sample {
                        series: Arc::clone(series),
                        at,
                        value: 400.0 + 200.0 * unit(u64::from(number) ^ second as u64),
                    })
                    .collect();
                let record = Record {
                    samples,
                    ..Record::default()
                };
                store.record(&cluster(), record);
                store.settle();
            });
        },
    );
}

criterion_group!(benches, series);
criterion_main!(benches);
