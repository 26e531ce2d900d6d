use std::sync::Arc;

use strata_domain::{
    ids::ClusterId,
    series::{Measure, SeriesName, SeriesOf},
};
use strata_ports::series::{Record, Sample, SeriesStore as _};

use super::*;
use crate::series::SeriesDatabase;

const BEGIN: i64 = 20_736 * 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(BEGIN + second).unwrap()
}

fn cluster() -> ClusterId {
    ClusterId(Text::from("prod"))
}

fn job() -> ObjectAddress {
    ObjectAddress::new("jobset.x-k8s.io", "JobSet", "team", "ft")
}

fn holding(pod: &str, gpu: &str, began: i64) -> Holding {
    Holding {
        gpu: Text::from(gpu),
        node: Text::from("gpu-1"),
        index: 0,
        pod: Text::from(pod),
        uid: Uid(Text::from(format!("uid-of-{pod}"))),
        owner: job(),
        began: at(began),
        is_counted: false,
        is_shared: false,
    }
}

/// Hands over that `holdings` are all that is held at `second`; and a sample, as every step has some.
fn hold(store: &SeriesDatabase, second: i64, holdings: &[Holding]) {
    sample(store, second, Some(holdings));
}

fn sample(store: &SeriesDatabase, second: i64, holdings: Option<&[Holding]>) {
    let series = Arc::new(SeriesName {
        of: SeriesOf::Cluster,
        measure: Measure::Total,
    });
    let record = Record {
        samples: vec![Sample {
            series,
            at: at(second),
            value: 8.0,
        }],
        held: holdings.map(|holdings| HeldNow {
            at: at(second),
            holdings: holdings.to_vec(),
        }),
        ..Record::default()
    };
    store.record(&cluster(), record);
    store.settle();
}

/// Pod, GPU, begin and end of what is kept.
fn told(store: &SeriesDatabase) -> Vec<(String, String, i64, Option<i64>)> {
    let second = |at: Timestamp| at.as_second() - BEGIN;
    let past = store.held_by(&cluster(), &job()).unwrap();
    let told = past.holdings.into_iter().map(|past| {
        (
            past.holding.pod.to_string(),
            past.holding.gpu.to_string(),
            second(past.holding.began),
            past.ended.map(second),
        )
    });
    told.collect()
}

fn row(pod: &str, gpu: &str, began: i64, ended: Option<i64>) -> (String, String, i64, Option<i64>) {
    (pod.to_owned(), gpu.to_owned(), began, ended)
}

#[test]
fn a_pod_holds_a_gpu_from_its_start_until_it_was_seen_last() {
    let store = SeriesDatabase::in_memory().unwrap();
    hold(&store, 600, &[holding("ft-0", "GPU-a", 0)]);
    sample(&store, 1_200, None);
    hold(&store, 1_230, &[holding("ft-1", "GPU-a", 1_210)]);
    assert_eq!(
        told(&store),
        [
            row("ft-0", "GPU-a", 0, Some(1_230)),
            row("ft-1", "GPU-a", 1_210, None),
        ]
    );
    let past = store.held_by(&cluster(), &job()).unwrap();
    assert_eq!(past.since, Some(at(600)), "nothing is kept of before");
    let other = ObjectAddress::new("batch", "Job", "team", "ft");
    assert!(
        store
            .held_by(&cluster(), &other)
            .unwrap()
            .holdings
            .is_empty()
    );
}

#[test]
fn what_ended_while_nobody_looked_was_seen_until_somebody_did_last() {
    let store = SeriesDatabase::in_memory().unwrap();
    hold(
        &store,
        600,
        &[holding("ft-0", "GPU-a", 0), holding("ft-1", "GPU-b", 0)],
    );
    hold(&store, 90_000, &[holding("ft-1", "GPU-b", 0)]);
    assert_eq!(
        told(&store),
        [
            row("ft-0", "GPU-a", 0, Some(630)),
            row("ft-1", "GPU-b", 0, None),
        ]
    );
}

#[test]
fn a_guess_gives_way_to_what_is_told_and_never_the_other_way() {
    let store = SeriesDatabase::in_memory().unwrap();
    let guess = Holding {
        is_counted: true,
        ..holding("ft-0", "gpu-1/0", 0)
    };
    hold(&store, 30, std::slice::from_ref(&guess));
    hold(&store, 60, &[holding("ft-0", "GPU-a", 0)]);
    assert_eq!(told(&store), [row("ft-0", "GPU-a", 0, None)]);
    hold(&store, 90, &[guess]);
    assert_eq!(
        told(&store),
        [row("ft-0", "GPU-a", 0, None)],
        "an exporter that is gone for a moment does not move a pod"
    );
    hold(&store, 120, &[]);
    assert_eq!(told(&store), [row("ft-0", "GPU-a", 0, Some(120))]);
}

#[test]
fn holdings_are_there_after_the_next_start_and_in_a_file_of_an_older_strata() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let open = || SeriesDatabase::open(&path, crate::series::Retention::default()).unwrap();
    drop(open());
    {
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "DROP TABLE living_job; ALTER TABLE cluster DROP COLUMN jobs_seen; DROP TABLE past_job;
                 DROP TABLE holding; ALTER TABLE cluster DROP COLUMN holdings; PRAGMA user_version = 1;",
            )
            .unwrap();
    }
    let store = open();
    hold(&store, 30, &[holding("ft-0", "GPU-a", 0)]);
    drop(store);
    assert_eq!(told(&open()), [row("ft-0", "GPU-a", 0, None)]);
}
