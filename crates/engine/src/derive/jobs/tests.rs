use strata_domain::{
    condition::Status,
    job::{JobObject, JobState},
    object::Object,
    pod::Phase,
    severity::Severity,
};
use strata_test_support::objects::{
    CustomBuilder, custom, deployment, job, node, pod, replica_set, uid,
};

use super::Job;
use crate::derive::fixture;

mod followed;
mod parts;
mod past;

const KUEUE: &str = "kueue.x-k8s.io";

/// A gang of two pods, by the word of its object.
fn training(state: JobState) -> CustomBuilder {
    let said = JobObject {
        wanted: Some(2),
        ..JobObject::of(state, "")
    };
    custom("kubeflow.org", "PyTorchJob", "team", "ft").job(said)
}

fn suspended() -> CustomBuilder {
    let said = JobObject {
        is_suspended: true,
        ..JobObject::of(JobState::Suspended, "")
    };
    custom("kubeflow.org", "PyTorchJob", "team", "ft").job(said)
}

fn workload(state: JobState, priority: i64) -> CustomBuilder {
    custom(KUEUE, "Workload", "team", "ft").job(JobObject {
        priority_value: Some(priority),
        ..JobObject::of(state, "")
    })
}

fn queues() -> Vec<Object> {
    vec![
        custom(KUEUE, "ClusterQueue", "", "research").object(),
        custom(KUEUE, "LocalQueue", "team", "main")
            .field("spec.clusterQueue", "research")
            .object(),
    ]
}

fn jobs(objects: Vec<Object>) -> Vec<Job> {
    let cluster = fixture::cluster(objects);
    let derived = fixture::derived(&cluster, &fixture::catalog());
    let mut jobs: Vec<Job> = derived.jobs.iter().map(|job| (**job).clone()).collect();
    jobs.sort_by(|left, right| left.key.cmp(&right.key));
    jobs
}

fn only(objects: Vec<Object>) -> Job {
    let mut jobs = jobs(objects);
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    jobs.pop().unwrap()
}

fn said(job: &Job) -> String {
    job.reason
        .as_ref()
        .map(strata_api::phrases::Phrase::english)
        .unwrap_or_default()
}

#[test]
fn a_job_whose_pods_run_is_running() {
    let owner = training(JobState::Running).object();
    let worker = |name| {
        pod("team", name)
            .on("gpu-1")
            .gpus(8)
            .owned_by(&owner)
            .object()
    };
    let job = only(vec![
        node("gpu-1").gpus(16).object(),
        worker("ft-0"),
        worker("ft-1"),
        owner.clone(),
    ]);
    assert_eq!((job.state, job.severity), (JobState::Running, Severity::Ok));
    assert_eq!((job.gpus_asked, job.gpus_held), (Some(16), 16));
    let ready = job.ready.unwrap();
    assert_eq!((ready.ready, ready.desired), (2, 2));
}

#[test]
fn a_job_whose_pods_crash_is_not_running_whatever_its_object_says() {
    let owner = training(JobState::Running).object();
    let job = only(vec![
        node("gpu-1").gpus(16).object(),
        pod("team", "ft-0").on("gpu-1").owned_by(&owner).object(),
        pod("team", "ft-1")
            .on("gpu-1")
            .crashing(1, 5)
            .owned_by(&owner)
            .object(),
        owner.clone(),
    ]);
    assert_eq!(
        (job.state, job.severity),
        (JobState::Starting, Severity::Critical)
    );
    assert!(said(&job).contains("keeps crashing"), "{}", said(&job));
}

#[test]
fn a_gang_of_which_one_has_no_node_does_not_run() {
    let owner = training(JobState::Running).object();
    let message = "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.";
    let job = only(vec![
        node("gpu-1").gpus(8).object(),
        pod("team", "ft-0").on("gpu-1").owned_by(&owner).object(),
        pod("team", "ft-1")
            .unschedulable(message)
            .owned_by(&owner)
            .object(),
        owner.clone(),
    ]);
    assert_eq!(job.state, JobState::Starting);
    assert!(said(&job).contains("Insufficient nvidia.com/gpu"));
}

#[test]
fn a_server_goes_on_with_the_replicas_that_are_well() {
    let server = deployment("team", "chat")
        .image("vllm/vllm-openai:v0.24.0")
        .ready(1, 2)
        .says(JobObject {
            is_lasting: true,
            wanted: Some(2),
            ready: Some(1),
            ..JobObject::of(JobState::Running, "")
        });
    let server = server.object();
    let set = replica_set("team", "chat-7").owned_by(&server).object();
    let job = only(vec![
        node("gpu-1").gpus(8).object(),
        pod("team", "chat-7-a")
            .on("gpu-1")
            .gpus(1)
            .owned_by(&set)
            .object(),
        pod("team", "chat-7-b")
            .on("gpu-1")
            .gpus(1)
            .crashing(137, 3)
            .owned_by(&set)
            .object(),
        set.clone(),
        server,
    ]);
    assert_eq!(
        (job.kind.kind.as_str(), job.state, job.severity),
        ("Deployment", JobState::Running, Severity::Warning)
    );
}

#[test]
fn what_its_queue_holds_is_queued_and_not_suspended() {
    let owner = suspended().object();
    let waits = workload(JobState::Queued, 0)
        .owned_by(&owner)
        .field("spec.queueName", "main")
        .condition("QuotaReserved", Status::False, "WaitingForQuota", "no room")
        .object();
    let mut objects = queues();
    objects.extend([owner, waits]);
    let job = only(objects);
    assert_eq!(
        (job.state, job.queue.as_str()),
        (JobState::Queued, "research")
    );
    assert_eq!(
        job.severity,
        Severity::Warning,
        "it has waited for twelve hours"
    );
    assert!(said(&job).ends_with("no room"), "{}", said(&job));
}

#[test]
fn what_its_queue_let_in_is_admitted_until_its_pods_are_there() {
    let owner = suspended().object();
    let admitted = workload(JobState::Admitted, 0)
        .owned_by(&owner)
        .field("status.admission.clusterQueue", "research")
        .condition("QuotaReserved", Status::True, "", "")
        .condition("Admitted", Status::True, "Admitted", "")
        .object();
    let mut objects = queues();
    objects.extend([owner, admitted]);
    assert_eq!(only(objects).state, JobState::Admitted);
}

#[test]
fn a_job_on_hold_that_no_queue_holds_is_suspended() {
    let job = only(vec![suspended().object()]);
    assert_eq!(
        (job.state, job.severity),
        (JobState::Suspended, Severity::Paused)
    );
}

#[test]
fn a_failed_job_says_what_the_crash_said_rather_than_that_there_were_too_many() {
    let owner = job("team", "eval")
        .ended(0, 1)
        .says(JobObject::of(JobState::Failed, "BackoffLimitExceeded"))
        .object();
    let dead = pod("team", "eval-x")
        .on("gpu-1")
        .crashing(137, 0)
        .phase(Phase::Failed)
        .owned_by(&owner)
        .object();
    let job = only(vec![owner, dead]);
    assert_eq!(
        (job.state, job.severity),
        (JobState::Failed, Severity::Critical)
    );
    assert!(
        !said(&job).contains("BackoffLimitExceeded"),
        "{}",
        said(&job)
    );
}

#[test]
fn those_who_wait_stand_in_the_order_of_priority_then_of_age() {
    let waits = |name: &str, priority, created: &str| {
        let owner = custom("trainer.kubeflow.org", "TrainJob", "team", name)
            .created(created)
            .job(JobObject::of(JobState::Suspended, ""))
            .object();
        let workload = custom(KUEUE, "Workload", "team", name)
            .job(JobObject {
                priority_value: Some(priority),
                ..JobObject::of(JobState::Queued, "")
            })
            .owned_by(&owner)
            .field("spec.queueName", "main")
            .condition("QuotaReserved", Status::False, "WaitingForQuota", "no room")
            .object();
        [owner, workload]
    };
    let mut objects = queues();
    objects.extend(waits("late", 0, "2026-03-01T03:00:00Z"));
    objects.extend(waits("early", 0, "2026-03-01T01:00:00Z"));
    objects.extend(waits("urgent", 1000, "2026-03-01T05:00:00Z"));
    let cluster = fixture::cluster(objects);
    let derived = fixture::derived(&cluster, &fixture::catalog());
    let line: Vec<&str> = derived
        .jobs
        .lines()
        .before("research")
        .iter()
        .map(|job| job.key.name.as_str())
        .collect();
    assert_eq!(line, ["urgent", "early", "late"]);
    let position = derived
        .jobs
        .lines()
        .position(&uid("TrainJob", "team", "early"))
        .unwrap();
    assert_eq!((position.at, position.of), (2, 3));
}

#[test]
fn the_runs_of_a_schedule_are_jobs_of_their_own() {
    let schedule = custom("batch", "CronJob", "team", "nightly")
        .job(JobObject {
            message: "0 2 * * *".into(),
            ..JobObject::of(JobState::Running, "Schedule")
        })
        .object();
    let run = job("team", "nightly-1")
        .says(JobObject::of(JobState::Running, ""))
        .owned_by(&schedule)
        .object();
    let states: Vec<(String, JobState)> = jobs(vec![schedule, run])
        .into_iter()
        .map(|job| (job.kind.kind.to_string(), job.state))
        .collect();
    assert_eq!(
        states,
        [
            ("CronJob".to_owned(), JobState::Running),
            ("Job".to_owned(), JobState::Running)
        ]
    );
}

#[test]
fn pods_of_a_kind_that_nobody_described_are_a_job_when_they_hold_gpus() {
    let owner = custom("example.com", "Rocket", "team", "apollo").object();
    let job = only(vec![
        node("gpu-1").gpus(8).object(),
        pod("team", "apollo-0")
            .on("gpu-1")
            .gpus(4)
            .owned_by(&owner)
            .object(),
    ]);
    assert_eq!(
        (job.kind.kind.as_str(), job.state, job.gpus_held),
        ("Rocket", JobState::Running, 4)
    );
}

#[test]
fn a_platforms_own_deployment_is_no_job() {
    let controller = deployment("kueue-system", "kueue-controller-manager")
        .image("registry.k8s.io/kueue/kueue:v0.19.2")
        .says(JobObject::of(JobState::Running, ""))
        .object();
    assert!(jobs(vec![controller]).is_empty());
}
