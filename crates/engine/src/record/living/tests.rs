use strata_domain::{
    job::{JobObject, JobState},
    object::Object,
};
use strata_test_support::objects::job;

use super::*;
use crate::derive::{Derived, fixture};

fn derived(jobs: &[(&str, JobState)]) -> Derived {
    let object = |(name, state): &(&str, JobState)| -> Object {
        job("team", name).says(JobObject::of(*state, "")).object()
    };
    let cluster = fixture::cluster(jobs.iter().map(object));
    fixture::derived(&cluster, &fixture::catalog())
}

/// How many jobs are told of; `None` where they are as before.
fn told(living: &mut Living, jobs: &[(&str, JobState)]) -> Option<usize> {
    let now = living.tell(&derived(jobs).jobs, fixture::now());
    now.jobs.map(|jobs| jobs.len())
}

#[test]
fn jobs_on_their_way_are_told_of_when_one_comes_is_otherwise_or_ends() {
    let mut living = Living::default();
    let one = |state| [("one", state)];
    assert_eq!(told(&mut living, &one(JobState::Starting)), Some(1));
    assert_eq!(told(&mut living, &one(JobState::Starting)), None);
    assert_eq!(told(&mut living, &one(JobState::Running)), Some(1));
    let two = [("one", JobState::Running), ("two", JobState::Running)];
    assert_eq!(told(&mut living, &two), Some(2));
    let over = [("one", JobState::Running), ("two", JobState::Succeeded)];
    assert_eq!(told(&mut living, &over), Some(1));
    assert_eq!(told(&mut living, &over), None);
}

#[test]
fn the_first_that_is_told_says_that_it_is_even_where_there_is_no_job() {
    let mut living = Living::default();
    let none = derived(&[]);
    let first = living.tell(&none.jobs, fixture::now());
    assert_eq!((first.is_first, first.jobs), (true, Some(Vec::new())));
    let second = living.tell(&none.jobs, fixture::now());
    assert_eq!((second.is_first, second.jobs), (false, None));
}
