//! How fast exporter text is taken apart, beside a well-kept parser, on the page of a node with eight
//! GPUs: `cargo bench -p strata-metrics --bench parse`

#![expect(
    clippy::expect_used,
    reason = "a bench that cannot run says why by a panic"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use openmetrics_parser::prometheus::parse_prometheus;
use strata_metrics::{exposition::samples, read};
use strata_ports::telemetry::Dialect;

fn parse(criterion: &mut Criterion) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/dcgm-4.8.1.txt");
    let page = std::fs::read_to_string(path).expect("the fixture is there");
    // openmetrics-parser wants equal label names throughout a family: the series of held devices.
    let page: String = page
        .lines()
        .filter(|line| line.starts_with('#') || line.contains(",pod="))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(
        u64::try_from(page.len()).expect("it is short"),
    ));
    group.bench_function("samples", |bench| {
        bench.iter(|| {
            samples(black_box(&page))
                .map(|sample| sample.value)
                .sum::<f64>()
        });
    });
    group.bench_function("read as devices", |bench| {
        bench.iter(|| read::page(Dialect::Dcgm, black_box(&page)));
    });
    group.bench_function("openmetrics-parser", |bench| {
        bench.iter(|| parse_prometheus(black_box(&page)).expect("it is well-formed"));
    });
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
