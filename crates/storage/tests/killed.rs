//! The program is killed while it writes: what it had committed is there.
//!
//! The test starts itself again as the program to be killed.

#![expect(
    clippy::unwrap_used,
    clippy::explicit_write,
    reason = "helpers of a test; what the program says goes past the test's own capturing"
)]

use std::{
    io::{BufRead, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use strata_domain::{
    ids::ClusterId,
    reading::Figure,
    series::{Measure, SeriesName, SeriesOf},
    text::Text,
};
use strata_ports::series::{Record, Sample, SeriesQuestion, SeriesStore};
use strata_storage::series::{Retention, SeriesDatabase};

const GPUS: i64 = 40;
const BEGIN: i64 = 1_790_000_000 / 86_400 * 86_400;
const FILE: &str = "STRATA_TEST_WRITES_TO";

fn cluster() -> ClusterId {
    ClusterId(Text::from("prod"))
}

fn series(gpu: i64) -> Arc<SeriesName> {
    Arc::new(SeriesName {
        of: SeriesOf::Gpu(Text::from(format!("GPU-{gpu}"))),
        measure: Measure::Of(Figure::Power),
    })
}

fn at(step: i64) -> Timestamp {
    Timestamp::from_second(BEGIN + step * 30).unwrap()
}

fn value(gpu: i64, step: i64) -> f64 {
    f64::from(i32::try_from((gpu * 31 + step * 17) % 700).unwrap())
}

/// Writes step after step, and says after each that it is committed. Ends by being killed.
fn write_on(path: &Path) {
    let store = SeriesDatabase::open(path, Retention::default()).unwrap();
    let all: Vec<_> = (0..GPUS).map(series).collect();
    for step in 0.. {
        let samples = (0..GPUS)
            .zip(&all)
            .map(|(gpu, series)| Sample {
                series: Arc::clone(series),
                at: at(step),
                value: value(gpu, step),
            })
            .collect();
        let record = Record {
            samples,
            ..Record::default()
        };
        store.record(&cluster(), record);
        store.settle();
        assert_eq!(store.keeping(&cluster()).problem, None);
        writeln!(std::io::stdout(), "committed {step}").unwrap();
    }
}

#[test]
fn a_program_that_is_killed_while_it_writes_loses_nothing_that_was_committed() {
    if let Some(path) = std::env::var_os(FILE) {
        write_on(Path::new(&path));
    }
    // Early, while hours are sealed, while days are.
    for kill_after in [5, 133, 251, 3_130] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("a_program_that_is_killed_while_it_writes_loses_nothing_that_was_committed")
            .env(FILE, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut committed = 0;
        for line in said.lines() {
            if let Some((_, step)) = line.unwrap().split_once("committed ") {
                committed = step.parse().unwrap();
            }
            if committed >= kill_after {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(
            committed >= kill_after,
            "it ended by itself after {committed}"
        );
        let store = SeriesDatabase::open(&path, Retention::default()).unwrap();
        assert_eq!(store.keeping(&cluster()).set_aside, None);
        for gpu in [0, GPUS - 1] {
            let question = SeriesQuestion {
                cluster: cluster(),
                names: vec![(*series(gpu)).clone()],
                from: at(0),
                until: at(committed),
                step: SignedDuration::from_secs(30),
            };
            let points = store.read(&question).unwrap().remove(0).points;
            for (step, point) in (0..=committed).zip(&points) {
                assert_eq!(
                    point.map(|point| point.mean),
                    Some(value(gpu, step)),
                    "GPU {gpu}, step {step} of {committed}"
                );
            }
        }
    }
}
