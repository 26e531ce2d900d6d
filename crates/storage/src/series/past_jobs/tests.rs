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

fn job(uid: &str, second: i64, what: &str) -> PastJob {
    PastJob {
        uid: Uid(Text::from(uid)),
        ended: at(second),
        what: what.to_owned(),
    }
}

fn keep(store: &SeriesDatabase, jobs: Vec<PastJob>) {
    let record = Record {
        jobs,
        ..Record::default()
    };
    store.record(&cluster(), record);
    store.settle();
}

#[test]
fn a_job_that_is_over_is_kept_from_one_start_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let open = || SeriesDatabase::open(&folder.path().join("history.db"), Retention::default());
    let jobs = vec![job("late", 60, "failed"), job("early", 0, "succeeded")];
    keep(&open().unwrap(), jobs.clone());
    let store = open().unwrap();
    assert_eq!(store.past_jobs(&cluster()).unwrap(), jobs);
    let other = ClusterId(Text::from("other"));
    assert!(store.past_jobs(&other).unwrap().is_empty());
}

#[test]
fn a_job_is_kept_once_as_it_was_told_last() {
    let store = SeriesDatabase::in_memory().unwrap();
    keep(&store, vec![job("one", 0, "succeeded")]);
    keep(&store, vec![job("one", 0, "succeeded, and gone")]);
    assert_eq!(
        store.past_jobs(&cluster()).unwrap(),
        [job("one", 0, "succeeded, and gone")]
    );
}

#[test]
fn of_too_many_those_that_ended_first_are_forgotten() {
    let store = SeriesDatabase::in_memory().unwrap();
    let last = i64::try_from(MOST).unwrap();
    let jobs = (0..=last).map(|number| job(&format!("job-{number}"), number, ""));
    keep(&store, jobs.collect());
    let kept = store.past_jobs(&cluster()).unwrap();
    assert_eq!(kept.len(), MOST);
    assert_eq!(kept.last().unwrap().ended, at(1));
}

#[test]
fn what_ended_long_ago_is_removed_with_what_is_as_old() {
    let store = SeriesDatabase::in_memory().unwrap();
    let jobs = vec![job("new", 100, ""), job("old", 0, "")];
    keep(&store, jobs);
    let connection = store.shared.reader();
    remove(&connection, None, at(50).as_second()).unwrap();
    drop(connection);
    assert_eq!(store.past_jobs(&cluster()).unwrap(), [job("new", 100, "")]);
}
