//! Jobs that end, and jobs that are missed.

use strata_domain::{
    job::{JobObject, JobState},
    severity::Severity,
};
use strata_ports::{
    cluster::{ClusterEvent, WatchState},
    past_jobs::PastJob,
};
use strata_test_support::objects::{custom, pod};

use super::training;
use crate::{
    derive::{
        Derived, derive, fixture,
        jobs::{
            Jobs,
            past::{self, Gone},
        },
    },
    fleet::cluster::Cluster,
    fold::{Dirty, apply},
};

/// A cluster with one job, which is running, and what follows from it.
fn running() -> (Cluster, Derived) {
    let cluster = fixture::cluster(vec![training(JobState::Running).object()]);
    let derived = fixture::derived(&cluster, &fixture::catalog());
    (cluster, derived)
}

fn after(cluster: &Cluster, before: &Derived, dirty: &Dirty) -> Derived {
    let catalog = fixture::catalog();
    derive(cluster, &catalog, Some(before), dirty, fixture::now())
}

fn follow(cluster: &mut Cluster, before: &Derived, event: ClusterEvent) -> Derived {
    let mut dirty = Dirty::default();
    apply(cluster, event, fixture::now(), &mut dirty);
    after(cluster, before, &dirty)
}

fn deleted() -> ClusterEvent {
    let object = training(JobState::Running).object();
    ClusterEvent::Deleted {
        kind: object.group_kind(),
        uid: object.metadata().uid.clone(),
    }
}

#[test]
fn a_job_that_is_deleted_is_told_of_as_it_was_seen_last() {
    let (mut cluster, before) = running();
    assert_eq!(before.jobs.gone().count(), 0);
    let derived = follow(&mut cluster, &before, deleted());
    assert!(derived.jobs.is_empty());
    let gone: Vec<_> = derived.jobs.gone().collect();
    assert_eq!(gone.len(), 1);
    let now = Some(fixture::now());
    assert_eq!(
        gone[0].gone,
        Some(Gone {
            last: JobState::Running,
            missed: now,
            seen: None,
        })
    );
    assert_eq!(
        (gone[0].state, gone[0].severity, gone[0].finished),
        (JobState::Unknown, Severity::Unknown, now),
        "how it would have ended nobody knows"
    );
    assert_eq!(derived.jobs.news().len(), 1, "it is to be kept");
}

#[test]
fn what_may_no_longer_be_listed_is_not_missed() {
    let (mut cluster, before) = running();
    let forbidden = ClusterEvent::Watch {
        kind: training(JobState::Running).object().group_kind(),
        state: WatchState::Forbidden {
            permission: "list pytorchjobs.kubeflow.org".to_owned(),
        },
    };
    let derived = follow(&mut cluster, &before, forbidden);
    assert!(derived.jobs.is_empty());
    assert_eq!(derived.jobs.gone().count(), 0);
    assert!(derived.jobs.news().is_empty());
}

#[test]
fn a_job_that_ends_is_kept_once_and_is_not_gone_for_that() {
    let (mut cluster, before) = running();
    let over = ClusterEvent::Applied(training(JobState::Succeeded).object());
    let ended = follow(&mut cluster, &before, over);
    let news: Vec<JobState> = ended.jobs.news().iter().map(|job| job.state).collect();
    assert_eq!(news, [JobState::Succeeded]);
    assert_eq!(ended.jobs.gone().count(), 0);
    let other = custom("kubeflow.org", "PyTorchJob", "team", "other")
        .job(JobObject::of(JobState::Running, ""))
        .object();
    let later = follow(&mut cluster, &ended, ClusterEvent::Applied(other));
    assert!(later.jobs.news().is_empty());
}

#[test]
fn what_was_kept_is_told_of_after_the_next_start_where_it_is_not_there() {
    let (mut cluster, before) = running();
    let derived = follow(&mut cluster, &before, deleted());
    let job = &derived.jobs.news()[0];
    let kept = past::kept(job, fixture::now()).unwrap();
    let mut jobs = Jobs::default();
    jobs.remember(past::remembered(vec![kept.clone()]));
    let (_, with_it) = running();
    let mut there = (*with_it.jobs).clone();
    there.remember(past::remembered(vec![kept]));
    assert_eq!(there.gone().count(), 0, "it is there");
    assert_eq!(
        jobs.gone().count(),
        0,
        "whether it is there is not known yet"
    );
    let known = Derived {
        jobs: std::sync::Arc::new(jobs),
        ..Derived::default()
    };
    let mut dirty = Dirty::default();
    let pod = ClusterEvent::Applied(pod("else", "where").object());
    apply(&mut cluster, pod, fixture::now(), &mut dirty);
    let told = after(&cluster, &known, &dirty);
    let told: Vec<_> = told.jobs.gone().collect();
    assert_eq!(told, [job]);
}

#[test]
fn what_a_controller_wrote_of_a_job_is_not_kept() {
    let said = JobObject {
        message: "cannot log in with hunter2".into(),
        ..JobObject::of(JobState::Failed, "BackoffLimitExceeded")
    };
    let object = custom("kubeflow.org", "PyTorchJob", "team", "ft")
        .job(said)
        .object();
    let derived = fixture::derived(&fixture::cluster(vec![object]), &fixture::catalog());
    let job = derived.jobs.iter().next().unwrap();
    let shown = job.reason.as_ref().unwrap().english();
    assert!(shown.contains("hunter2"), "{shown}");
    let kept = past::kept(job, fixture::now()).unwrap().what;
    assert!(kept.contains("BackoffLimitExceeded"), "{kept}");
    assert!(!kept.contains("hunter2"), "{kept}");
}

#[test]
fn a_job_that_went_on_its_way_was_seen_last_when_it_was_kept_last() {
    let (_, derived) = running();
    let job = derived.jobs.iter().next().unwrap();
    let kept = PastJob {
        uid: job.uid.clone(),
        ended: fixture::now(),
        what: past::written(job).unwrap().to_string(),
    };
    let remembered = past::remembered(vec![kept]);
    let gone = &remembered[0];
    assert_eq!(
        gone.gone,
        Some(Gone {
            last: JobState::Running,
            missed: None,
            seen: Some(fixture::now()),
        })
    );
    assert_eq!(
        (gone.state, gone.finished),
        (JobState::Unknown, Some(fixture::now()))
    );
}
