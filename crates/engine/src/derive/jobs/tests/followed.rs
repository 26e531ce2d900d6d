//! Jobs that are followed event by event.

use std::sync::Arc;

use strata_domain::{
    condition::Status,
    job::{JobObject, JobState},
    object::Object,
};
use strata_ports::cluster::{ClusterEvent, WatchState};
use strata_test_support::objects::{custom, node, pod, pod_kind, uid};

use super::{queues, suspended, training, workload};
use crate::{
    derive::{
        derive, fixture,
        jobs::{Job, Jobs},
    },
    fleet::cluster::Cluster,
    fold::{Dirty, apply},
};

/// Everything that can happen to a job, one event after the other.
fn events() -> Vec<ClusterEvent> {
    let owner = training(JobState::Running).object();
    let other = custom("kubeflow.org", "PyTorchJob", "team", "other")
        .job(JobObject::of(JobState::Succeeded, ""))
        .object();
    let worker = |name: &str| pod("team", name).on("gpu-1").gpus(4).owned_by(&owner);
    let gone = |kind: &str, object: &Object| ClusterEvent::Deleted {
        kind: if kind == "Pod" {
            pod_kind()
        } else {
            object.group_kind()
        },
        uid: object.metadata().uid.clone(),
    };
    let admitted = workload(JobState::Admitted, 7)
        .owned_by(&owner)
        .field("status.admission.clusterQueue", "research")
        .condition("Admitted", Status::True, "Admitted", "")
        .object();
    let mut events: Vec<ClusterEvent> = queues().into_iter().map(ClusterEvent::Applied).collect();
    events.extend([
        ClusterEvent::Watch {
            kind: owner.group_kind(),
            state: WatchState::Live,
        },
        ClusterEvent::Applied(node("gpu-1").gpus(8).object()),
        ClusterEvent::Applied(suspended().object()),
        ClusterEvent::Applied(admitted.clone()),
        ClusterEvent::Applied(owner.clone()),
        ClusterEvent::Applied(worker("ft-0").object()),
        ClusterEvent::Applied(worker("ft-1").crashing(1, 2).object()),
        ClusterEvent::Applied(other.clone()),
        ClusterEvent::Applied(node("gpu-1").gpus(8).not_ready().object()),
        ClusterEvent::Applied(worker("ft-1").object()),
        ClusterEvent::Applied(node("gpu-1").gpus(8).object()),
        gone("Pod", &worker("ft-0").object()),
        gone("PyTorchJob", &other),
        gone("Workload", &admitted),
        gone("PyTorchJob", &owner),
    ]);
    events
}

#[test]
fn jobs_that_are_followed_are_as_jobs_that_are_found_anew() {
    let catalog = fixture::catalog();
    let mut cluster: Cluster = fixture::cluster(Vec::new());
    let mut before = fixture::derived(&cluster, &catalog);
    let listed = |jobs: &Jobs| {
        let mut list: Vec<Job> = jobs.iter().map(|job| (**job).clone()).collect();
        list.sort_by(|left, right| left.uid.cmp(&right.uid));
        list
    };
    for event in events() {
        let said = format!("{event:?}");
        let mut dirty = Dirty::default();
        apply(&mut cluster, event, fixture::now(), &mut dirty);
        let followed = derive(&cluster, &catalog, Some(&before), &dirty, fixture::now());
        let anew = fixture::derived(&cluster, &catalog);
        assert_eq!(listed(&followed.jobs), listed(&anew.jobs), "{said}");
        before = followed;
    }
}

#[test]
fn what_does_not_concern_a_job_leaves_it_and_the_revision_as_they_were() {
    let catalog = fixture::catalog();
    let mut cluster = fixture::cluster(vec![training(JobState::Running).object()]);
    let before = fixture::derived(&cluster, &catalog);
    let mut dirty = Dirty::default();
    let other = ClusterEvent::Applied(pod("else", "where").object());
    apply(&mut cluster, other, fixture::now(), &mut dirty);
    let after = derive(&cluster, &catalog, Some(&before), &dirty, fixture::now());
    assert_eq!(after.jobs.revision(), before.jobs.revision());
    let kept = uid("PyTorchJob", "team", "ft");
    assert!(Arc::ptr_eq(
        after.jobs.get(&kept).unwrap(),
        before.jobs.get(&kept).unwrap()
    ));
}
