use strata_test_support::objects::{NodeBuilder, node, pod};

use super::*;
use crate::derive::{accelerators::Accelerators, fixture::now};

/// Severity and reason of a node whose pods ask for `gpus` GPUs.
fn told(node: NodeBuilder, gpus: u64) -> (Severity, String) {
    let node = node.build();
    let pods = [pod("team", "p").on("n").gpus(gpus).build()];
    let counted = Accelerators::count([&node].into_iter(), [].into_iter(), [].into_iter())
        .held_by(pods.iter());
    let state = judge(&node, counted.of("n"), &RackLabels::default(), now());
    let reason = state.fault.as_ref().map(|fault| fault.phrase().english());
    (state.severity, reason.unwrap_or_default())
}

#[test]
fn a_ready_node_is_well() {
    assert_eq!(told(node("n").gpus(8), 8), (Severity::Ok, String::new()));
}

#[test]
fn a_node_that_says_nothing_any_more_is_critical() {
    let (severity, reason) = told(node("n").not_ready(), 0);
    assert_eq!(severity, Severity::Critical);
    assert_eq!(reason, "The kubelet has said nothing for 12 h");
}

#[test]
fn a_node_that_says_that_it_is_not_ready_is_quoted() {
    let sick = node("n").condition(
        "Ready",
        Status::False,
        "KubeletNotReady",
        "container runtime network not ready: cni plugin not initialized",
    );
    let (severity, reason) = told(sick, 0);
    assert_eq!(severity, Severity::Critical);
    assert!(reason.contains("cni plugin not initialized"), "{reason}");
}

#[test]
fn a_node_that_has_just_joined_is_given_time() {
    let young = node("n").not_ready().created("2026-03-01T11:58:30Z");
    assert_eq!(
        told(young, 0),
        (
            Severity::Notice,
            "Joined 1 min ago, not ready yet".to_owned()
        )
    );
}

#[test]
fn an_unhealthy_device_is_worse_when_a_pod_holds_it() {
    let short = || node("n").resource("nvidia.com/gpu", 8, 7);
    let reason = "1 of 8 NVIDIA GPU may not be allocated".to_owned();
    assert_eq!(told(short(), 7), (Severity::Warning, reason.clone()));
    assert_eq!(told(short(), 8), (Severity::Critical, reason));
}

#[test]
fn pressure_outranks_a_cordon() {
    let full = node("n")
        .cordoned()
        .condition("DiskPressure", Status::True, "", "disk is full");
    assert_eq!(
        told(full, 0),
        (Severity::Warning, "DiskPressure: disk is full".to_owned())
    );
    let cordoned = node("n").cordoned();
    assert_eq!(
        told(cordoned, 0),
        (Severity::Notice, "Cordoned: takes no new pods".to_owned())
    );
}
