use std::sync::Arc;

use strata_domain::ids::ClusterId;
use strata_ports::series::{Record, SeriesStore as _};

use super::*;
use crate::series::{Retention, SeriesDatabase};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(20_736 * 86_400 + second).unwrap()
}

fn cluster() -> ClusterId {
    ClusterId(Text::from("prod"))
}

fn past(uid: &str, second: i64, what: &str) -> PastJob {
    PastJob {
        uid: Uid(Text::from(uid)),
        ended: at(second),
        what: what.to_owned(),
    }
}

/// That these jobs, and no others, are not over; `None` where they are as before.
fn living(second: i64, is_first: bool, jobs: Option<&[(&str, &str)]>) -> Record {
    let jobs = jobs.map(|jobs| {
        let job = |(uid, what): &(&str, &str)| LivingJob {
            uid: Uid(Text::from(*uid)),
            what: Arc::from(*what),
        };
        jobs.iter().map(job).collect()
    });
    Record {
        living: Some(LivingNow {
            at: at(second),
            is_first,
            jobs,
        }),
        ..Record::default()
    }
}

fn tell(store: &SeriesDatabase, record: Record) {
    store.record(&cluster(), record);
    store.settle();
}

#[test]
fn a_job_that_ran_at_the_end_is_told_of_as_it_was_when_it_was_seen_last() {
    let folder = tempfile::tempdir().unwrap();
    let open = || SeriesDatabase::open(&folder.path().join("history.db"), Retention::default());
    let store = open().unwrap();
    tell(&store, living(0, true, Some(&[("one", "queued")])));
    tell(&store, living(30, false, Some(&[("one", "running")])));
    tell(&store, living(60, false, None));
    drop(store);
    let store = open().unwrap();
    assert_eq!(
        store.past_jobs(&cluster()).unwrap(),
        [past("one", 60, "running")]
    );
}

#[test]
fn what_is_missing_at_the_next_start_is_of_the_past_from_then_on() {
    let store = SeriesDatabase::in_memory().unwrap();
    tell(
        &store,
        living(0, true, Some(&[("gone", "a"), ("still", "b")])),
    );
    tell(&store, living(600, true, Some(&[("still", "b")])));
    tell(&store, living(630, false, None));
    assert_eq!(
        store.past_jobs(&cluster()).unwrap(),
        [past("still", 630, "b"), past("gone", 0, "a")]
    );
}

#[test]
fn what_leaves_while_it_is_looked_at_is_told_of_by_those_that_end_alone() {
    let store = SeriesDatabase::in_memory().unwrap();
    tell(
        &store,
        living(0, true, Some(&[("ends", "a"), ("adopted", "b")])),
    );
    let ended = Record {
        jobs: vec![past("ends", 10, "succeeded")],
        ..Record::default()
    };
    tell(&store, ended);
    let succeeded = [past("ends", 10, "succeeded")];
    assert_eq!(
        store.past_jobs(&cluster()).unwrap(),
        [succeeded[0].clone(), past("adopted", 0, "b")],
        "it is over, and not running any more"
    );
    tell(&store, living(30, false, Some(&[])));
    assert_eq!(store.past_jobs(&cluster()).unwrap(), succeeded);
}

#[test]
fn a_job_that_ended_and_runs_again_is_told_of_once() {
    let store = SeriesDatabase::in_memory().unwrap();
    let ended = Record {
        jobs: vec![past("one", 0, "failed")],
        ..Record::default()
    };
    tell(&store, ended);
    tell(&store, living(30, false, Some(&[("one", "running")])));
    assert_eq!(
        store.past_jobs(&cluster()).unwrap(),
        [past("one", 30, "running")]
    );
}

#[test]
fn what_was_seen_long_ago_is_removed() {
    let store = SeriesDatabase::in_memory().unwrap();
    tell(&store, living(0, true, Some(&[("one", "running")])));
    let connection = store.shared.reader();
    remove(&connection, None, at(0).as_second()).unwrap();
    drop(connection);
    assert_eq!(store.past_jobs(&cluster()).unwrap().len(), 1);
    let connection = store.shared.reader();
    remove(&connection, None, at(1).as_second()).unwrap();
    drop(connection);
    assert!(store.past_jobs(&cluster()).unwrap().is_empty());
}
