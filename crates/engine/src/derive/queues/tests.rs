use strata_domain::object::Object;
use strata_test_support::objects::{CustomBuilder, custom};

use super::*;
use crate::derive::fixture;

const KUEUE: &str = "kueue.x-k8s.io";

fn job() -> Object {
    custom("trainer.kubeflow.org", "TrainJob", "team", "ft").object()
}

fn workload() -> CustomBuilder {
    custom(KUEUE, "Workload", "team", "ft").owned_by(&job())
}

fn queues() -> Vec<Object> {
    vec![
        custom(KUEUE, "ClusterQueue", "", "research").object(),
        custom(KUEUE, "LocalQueue", "team", "main")
            .field("spec.clusterQueue", "research")
            .object(),
    ]
}

/// What is known of the job's admission.
fn read(workloads: Vec<Object>) -> (Queues, Option<Admission>) {
    let objects = [job()].into_iter().chain(queues()).chain(workloads);
    let cluster = fixture::cluster(objects);
    let owners = Owners::find(&cluster);
    let queues = Queues::read(&cluster, &fixture::catalog(), &owners);
    let root = owners.of_object(&job().metadata().uid).unwrap();
    let admission = queues.admission(root).cloned();
    (queues, admission)
}

#[test]
fn what_waits_is_found_in_the_cluster_s_queue_behind_the_namespace_s() {
    let waits = workload()
        .field("spec.queueName", "main")
        .condition("QuotaReserved", Status::False, "WaitingForQuota", "no room")
        .object();
    let (queues, admission) = read(vec![waits]);
    let admission = admission.unwrap();
    assert!(admission.is_waiting);
    assert_eq!(
        (admission.queue.as_str(), admission.queue_kind.as_str()),
        ("research", "ClusterQueue")
    );
    assert_eq!(admission.message, "no room");
    assert_eq!(queues.waiting, Some(1));
    assert_eq!(queues.oldest, admission.since);
}

#[test]
fn what_was_let_in_tells_when() {
    let runs = workload()
        .field("status.admission.clusterQueue", "research")
        .condition("QuotaReserved", Status::True, "", "")
        .condition("Admitted", Status::True, "Admitted", "")
        .object();
    let (queues, admission) = read(vec![runs]);
    let admission = admission.unwrap();
    assert!(!admission.is_waiting && admission.since.is_some());
    assert_eq!(queues.waiting, Some(0));
}

#[test]
fn what_is_finished_waits_no_more() {
    let done = workload()
        .condition("QuotaReserved", Status::False, "", "")
        .condition("Finished", Status::True, "Succeeded", "")
        .object();
    let (queues, admission) = read(vec![done]);
    assert_eq!((queues.waiting, admission), (Some(0), None));
}

#[test]
fn what_was_put_out_waits_again() {
    let evicted = workload()
        .condition("QuotaReserved", Status::False, "Pending", "was preempted")
        .condition(
            "Evicted",
            Status::True,
            "Preempted",
            "to make room for another",
        )
        .object();
    let (queues, admission) = read(vec![evicted]);
    assert!(admission.unwrap().is_waiting);
    assert_eq!(queues.waiting, Some(1));
}

#[test]
fn of_several_admissions_the_one_that_waits_is_told() {
    let runs = custom(KUEUE, "Workload", "team", "a")
        .owned_by(&job())
        .condition("Admitted", Status::True, "", "")
        .object();
    let waits = custom(KUEUE, "Workload", "team", "b")
        .owned_by(&job())
        .condition("QuotaReserved", Status::False, "", "no room")
        .object();
    for order in [vec![runs.clone(), waits.clone()], vec![waits, runs]] {
        let (_, admission) = read(order);
        assert_eq!(admission.unwrap().object.1.name, "b");
    }
}

#[test]
fn without_a_queueing_system_nothing_is_said_to_wait() {
    let cluster = fixture::cluster([job()]);
    let owners = Owners::find(&cluster);
    assert_eq!(
        Queues::read(&cluster, &fixture::catalog(), &owners).waiting,
        None
    );
}

#[test]
fn what_is_short_is_read_from_the_sentence_the_accelerator_first() {
    let message = "couldn't assign flavors to pod set main: insufficient unused quota for memory in \
                   flavor a100, 2Gi more needed, insufficient unused quota for nvidia.com/gpu in \
                   flavor a100, 3 more needed. Pending the preemption of 1 workload(s)";
    let short = shortage(message).unwrap();
    assert_eq!(
        (short.amount.as_str(), short.resource.as_str()),
        ("3", "nvidia.com/gpu")
    );
    assert_eq!(short.flavor, "a100");
    assert_eq!(shortage("insufficient quota, somehow"), None);
}
