use strata_domain::{condition::Status, pod::Phase, text::Text};
use strata_test_support::{
    clock::time,
    objects::{MADE, PodBuilder, node, pod},
};

use super::*;
use crate::derive::fixture::now;

/// Severity, status and reason of a pod, on a node that is well.
fn told(pod: PodBuilder) -> (Severity, String, String) {
    told_of(&pod.build())
}

fn told_of(pod: &Pod) -> (Severity, String, String) {
    told_on(pod, Some(&node("n").build()))
}

fn told_on(pod: &Pod, node: Option<&Node>) -> (Severity, String, String) {
    let health = judge(pod, node, now());
    let reason = health
        .fault
        .as_ref()
        .map(|fault| fault.phrase().english())
        .unwrap_or_default();
    (health.severity, health.status.to_owned(), reason)
}

fn says(severity: Severity, status: &str, reason: &str) -> (Severity, String, String) {
    (severity, status.to_owned(), reason.to_owned())
}

fn with_end(builder: PodBuilder, reason: &str, at: &str) -> Pod {
    let mut pod = builder.build();
    for container in &mut pod.containers {
        container.restarts = 3;
        container.last_end = Some(Box::new(ContainerEnd {
            exit_code: 137,
            reason: Text::from(reason),
            at: Some(time(at)),
        }));
    }
    pod
}

#[test]
fn a_running_and_a_completed_pod_are_well() {
    assert_eq!(
        told(pod("a", "p").on("n")),
        says(Severity::Ok, "Running", "")
    );
    let done = pod("a", "p").on("n").phase(Phase::Succeeded);
    assert_eq!(told(done), says(Severity::Ok, "Completed", ""));
}

#[test]
fn a_container_that_crashes_again_and_again_outranks_the_phase() {
    assert_eq!(
        told(pod("a", "p").on("n").crashing(1, 7)),
        says(
            Severity::Critical,
            "CrashLoopBackOff",
            "main keeps crashing with exit code 1, 7 restarts"
        )
    );
}

#[test]
fn a_crash_for_want_of_memory_says_so() {
    let starved = with_end(
        pod("a", "p").on("n").waiting("CrashLoopBackOff", ""),
        "OOMKilled",
        MADE,
    );
    let (severity, status, reason) = told_of(&starved);
    assert_eq!(
        (severity, status.as_str()),
        (Severity::Critical, "CrashLoopBackOff")
    );
    assert!(reason.contains("more memory than its limit"), "{reason}");
}

#[test]
fn a_kill_for_memory_is_told_for_a_while_after_the_restart() {
    let lately = with_end(pod("a", "p").on("n"), "OOMKilled", "2026-03-01T11:55:00Z");
    assert_eq!(told_of(&lately).1, "OOMKilled");
    let long_ago = with_end(pod("a", "p").on("n"), "OOMKilled", "2026-03-01T10:00:00Z");
    assert_eq!(told_of(&long_ago), says(Severity::Ok, "Running", ""));
}

#[test]
fn an_image_that_cannot_be_pulled_is_named() {
    let stuck = pod("a", "p")
        .on("n")
        .image("registry.example/vllm:v9")
        .phase(Phase::Pending)
        .waiting(
            "ImagePullBackOff",
            "Back-off pulling image: manifest unknown.\nand more",
        );
    assert_eq!(
        told(stuck),
        says(
            Severity::Critical,
            "ImagePullBackOff",
            "Image registry.example/vllm:v9 cannot be pulled: Back-off pulling image: manifest unknown"
        )
    );
}

#[test]
fn a_container_that_the_kubelet_cannot_start_says_why() {
    let stuck = pod("a", "p").on("n").phase(Phase::Pending).waiting(
        "CreateContainerConfigError",
        "secret \"hf-token\" not found",
    );
    assert_eq!(
        told(stuck),
        says(
            Severity::Critical,
            "CreateContainerConfigError",
            "main cannot start, CreateContainerConfigError: secret \"hf-token\" not found"
        )
    );
}

#[test]
fn a_pod_that_has_just_come_is_not_late() {
    let young = pod("a", "p")
        .unschedulable("0/3 nodes are available")
        .created("2026-03-01T11:59:45Z");
    assert_eq!(told(young), says(Severity::Ok, "Pending", ""));
}

#[test]
fn a_pod_that_no_node_takes_says_what_the_scheduler_says() {
    let stuck =
        pod("a", "p").unschedulable("0/3 nodes are available: 3 Insufficient nvidia.com/gpu.");
    assert_eq!(
        told(stuck),
        says(
            Severity::Warning,
            "Unschedulable",
            "No node takes it: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu"
        )
    );
}

#[test]
fn a_pod_that_a_queue_holds_back_is_no_fault() {
    let gated =
        pod("a", "p").unschedulable("Scheduling is blocked due to non-empty scheduling gates");
    assert_eq!(told(gated), says(Severity::Ok, "SchedulingGated", ""));
}

#[test]
fn a_pod_that_no_scheduler_looked_at_names_the_scheduler() {
    let forgotten = pod("a", "p").phase(Phase::Pending);
    assert_eq!(
        told(forgotten),
        says(
            Severity::Warning,
            "Pending",
            "Scheduler default-scheduler has not looked at it for 12 h"
        )
    );
}

#[test]
fn a_slow_image_is_a_fault_only_after_ten_minutes() {
    let pulling = || {
        pod("a", "p")
            .on("n")
            .phase(Phase::Pending)
            .waiting("ContainerCreating", "")
    };
    let begun = |at: &str| {
        let mut pod = pulling().build();
        pod.started = Some(time(at));
        pod
    };
    let soon = told_of(&begun("2026-03-01T11:55:00Z"));
    assert_eq!(soon, says(Severity::Ok, "ContainerCreating", ""));
    let late = told_of(&begun("2026-03-01T11:30:00Z"));
    assert_eq!(
        late,
        says(
            Severity::Warning,
            "ContainerCreating",
            "main has not started for 30 min"
        )
    );
}

#[test]
fn a_container_that_never_becomes_ready_is_a_fault() {
    assert_eq!(
        told(pod("a", "p").on("n").not_ready()),
        says(
            Severity::Warning,
            "NotReady",
            "main runs, but has not been ready for 12 h"
        )
    );
}

#[test]
fn a_pod_that_lingers_after_its_deletion_is_a_fault() {
    let soon = pod("a", "p").on("n").deleting("2026-03-01T11:59:30Z");
    assert_eq!(told(soon), says(Severity::Ok, "Terminating", ""));
    let late = pod("a", "p").on("n").deleting("2026-03-01T11:40:00Z");
    assert_eq!(
        told(late),
        says(
            Severity::Warning,
            "Terminating",
            "Should have been gone 20 min ago"
        )
    );
}

#[test]
fn an_evicted_pod_is_worth_knowing_but_hurts_nothing() {
    let mut put_out = pod("a", "p").on("n").phase(Phase::Failed).build();
    put_out.reason = Text::from("Evicted");
    let told = told_of(&put_out);
    assert_eq!(told, says(Severity::Notice, "Evicted", "Evicted from n"));
}

#[test]
fn a_failed_pod_tells_its_exit_code() {
    assert_eq!(
        told(pod("a", "p").on("n").phase(Phase::Failed)),
        says(
            Severity::Critical,
            "Error",
            "main ended with exit code 1 (Error)"
        )
    );
}

#[test]
fn what_a_lost_node_last_said_of_its_pods_is_not_believed() {
    let silent = node("n").not_ready().build();
    for last_word in [pod("a", "p").on("n"), pod("a", "p").on("n").crashing(1, 2)] {
        let told = told_on(&last_word.build(), Some(&silent));
        assert_eq!(
            told,
            says(Severity::Critical, "NodeLost", "Its node n does not answer")
        );
    }
    assert_eq!(silent.ready(), Status::Unknown);
}

#[test]
fn long_messages_are_cut_at_a_whole_letter() {
    let long = "字".repeat(500);
    let said = brief(&long);
    assert_eq!(said.chars().count(), 241);
    assert!(said.ends_with('…'));
    assert_eq!(brief("  one line.\nanother"), "one line");
}
