//! What is below a job, while the lists that tell of the job are still to come.

use strata_domain::{
    ids::GroupKind,
    job::{JobObject, JobState},
    object::Object,
};
use strata_ports::cluster::{ClusterEvent, WatchState};
use strata_test_support::objects::{custom, deployment, job, node, pod, replica_set};

use crate::{
    derive::{Derived, derive, fixture},
    fold::{Dirty, apply},
};

fn train_job() -> Object {
    custom("trainer.kubeflow.org", "TrainJob", "team", "ft")
        .job(JobObject::of(JobState::Running, ""))
        .object()
}

fn job_set() -> Object {
    custom("jobset.x-k8s.io", "JobSet", "team", "ft")
        .owned_by(&train_job())
        .job(JobObject::of(JobState::Running, ""))
        .object()
}

fn inner() -> Object {
    job("team", "ft-node-0")
        .owned_by(&job_set())
        .says(JobObject::of(JobState::Running, ""))
        .object()
}

fn is_in(state: WatchState, object: &Object) -> ClusterEvent {
    ClusterEvent::Watch {
        kind: object.group_kind(),
        state,
    }
}

fn is_awaited(object: &Object) -> ClusterEvent {
    let state = WatchState::Loading {
        so_far: 0,
        expected: None,
    };
    is_in(state, object)
}

fn is_listed(object: Object) -> ClusterEvent {
    ClusterEvent::Replaced {
        kind: object.group_kind(),
        objects: vec![object],
    }
}

/// What `tell` makes of all that follows, after each of `events`.
fn after_each(events: Vec<ClusterEvent>, tell: fn(&Derived) -> Vec<String>) -> Vec<Vec<String>> {
    let catalog = fixture::catalog();
    let mut cluster = fixture::cluster([node("gpu-1").gpus(8).object()]);
    let mut before = fixture::derived(&cluster, &catalog);
    let mut told = Vec::new();
    for event in events {
        let mut dirty = Dirty::default();
        apply(&mut cluster, event, fixture::now(), &mut dirty);
        before = derive(&cluster, &catalog, Some(&before), &dirty, fixture::now());
        let mut of_event = tell(&before);
        of_event.sort();
        told.push(of_event);
    }
    told
}

fn named(kind: &GroupKind, name: &str) -> String {
    format!("{} {name}", kind.kind)
}

/// `Kind name` of every job after each of `events`, as one who follows them is told.
fn told_after_each(events: Vec<ClusterEvent>) -> Vec<Vec<String>> {
    after_each(events, |derived| {
        let jobs = derived.jobs.iter();
        jobs.map(|job| named(&job.kind, job.key.name.as_str()))
            .collect()
    })
}

#[test]
fn an_inner_job_is_never_a_job_of_its_own_in_whatever_order_the_lists_come() {
    let lists = [train_job(), job_set(), inner()];
    for [first, second, third] in [[2, 1, 0], [2, 0, 1], [1, 2, 0], [0, 2, 1]] {
        let mut events: Vec<ClusterEvent> = lists.iter().map(is_awaited).collect();
        events.extend([first, second, third].map(|at: usize| is_listed(lists[at].clone())));
        let told = told_after_each(events);
        let strange: Vec<&String> = told
            .iter()
            .flatten()
            .filter(|job| *job != "TrainJob ft")
            .collect();
        assert!(strange.is_empty(), "{told:?}");
        assert_eq!(told.last().unwrap(), &["TrainJob ft"], "{told:?}");
    }
}

#[test]
fn an_inner_job_stands_for_itself_where_the_kind_above_it_may_not_be_listed() {
    let (middle, low) = (job_set(), inner());
    let forbidden = WatchState::Forbidden {
        permission: "list jobsets.jobset.x-k8s.io".to_owned(),
    };
    for refused in [forbidden, WatchState::NotServed] {
        let told = told_after_each(vec![
            is_awaited(&middle),
            is_awaited(&low),
            is_listed(low.clone()),
            is_in(refused, &middle),
        ]);
        assert_eq!(told[2], Vec::<String>::new(), "it is awaited");
        assert_eq!(told[3], ["Job ft-node-0"]);
    }
}

#[test]
fn what_stands_between_a_pod_and_its_job_is_none_while_it_is_awaited() {
    let top = custom("serving.kserve.io", "InferenceService", "team", "chat")
        .job(JobObject::of(JobState::Running, ""))
        .object();
    let middle = replica_set("team", "chat-7").owned_by(&top).object();
    let pod = pod("team", "chat-7-a")
        .on("gpu-1")
        .gpus(1)
        .owned_by(&middle)
        .object();
    let told = told_after_each(vec![
        is_awaited(&middle),
        is_awaited(&top),
        ClusterEvent::Applied(pod),
        is_listed(middle),
        is_listed(top),
    ]);
    assert_eq!(told[2], Vec::<String>::new());
    assert_eq!(told[3], Vec::<String>::new());
    assert_eq!(told[4], ["InferenceService chat"]);
}

#[test]
fn what_is_awaited_to_be_a_part_is_no_application_either() {
    let top = custom("serving.kserve.io", "InferenceService", "team", "chat").object();
    let middle = deployment("team", "chat-predictor").owned_by(&top).object();
    let low = replica_set("team", "chat-predictor-7")
        .owned_by(&middle)
        .object();
    let pod = pod("team", "chat-predictor-7-a")
        .on("gpu-1")
        .gpus(1)
        .owned_by(&low)
        .object();
    let events = vec![
        is_awaited(&low),
        is_awaited(&middle),
        is_awaited(&top),
        ClusterEvent::Applied(pod),
        is_listed(low),
        is_listed(middle),
        is_listed(top),
    ];
    let told = after_each(events, |derived| {
        let all = derived.applications.list.iter();
        all.map(|application| named(&application.kind, application.key.name.as_str()))
            .collect()
    });
    assert_eq!(told.concat(), ["InferenceService chat"], "{told:?}");
}
