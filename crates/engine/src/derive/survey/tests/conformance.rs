use strata_api::rows::{
    conformance::{RequirementLevel, RequirementRow},
    survey::Answer,
};
use strata_domain::{condition::Status, object::Object, plain::PlainKind};
use strata_test_support::objects::{custom, daemon_set, deployment, node, plain};

use super::survey;
use crate::derive::survey::conformance::conformance;

fn requirements(objects: Vec<Object>, kinds: &[(&str, &str)]) -> Vec<RequirementRow> {
    survey(objects, kinds, |ground| conformance(ground).1)
}

fn answer_of(rows: &[RequirementRow], id: &str) -> Answer {
    rows.iter()
        .find(|row| row.requirement == id)
        .unwrap()
        .found
        .answer
}

#[test]
fn the_checklist_of_the_servers_version_is_answered_whole() {
    let (checklist, rows) = survey([node("a").object()], &[], conformance);
    assert_eq!(checklist.kubernetes, "1.36");
    let must = rows
        .iter()
        .filter(|row| row.level == RequirementLevel::Must);
    assert_eq!((must.count(), rows.len()), (8, 14));
}

#[test]
fn without_accelerators_what_is_asked_of_them_does_not_apply() {
    let rows = requirements(vec![node("a").object()], &[]);
    for id in [
        "gpu_sharing",
        "secure_accelerator_access",
        "accelerator_metrics",
    ] {
        assert_eq!(answer_of(&rows, id), Answer::NotApplicable, "{id}");
    }
}

#[test]
fn that_accelerators_are_kept_apart_takes_a_test_which_is_offered() {
    let rows = requirements(vec![node("a").gpus(8).object()], &[]);
    let row = rows
        .iter()
        .find(|row| row.requirement == "secure_accelerator_access")
        .unwrap();
    assert_eq!(row.found.answer, Answer::Unknown);
    assert!(row.test.contains("kind: Job"));
}

#[test]
fn a_gateway_counts_once_an_implementation_accepted_its_class() {
    let group = "gateway.networking.k8s.io";
    let class = |status| {
        custom(group, "GatewayClass", "", "envoy")
            .condition("Accepted", status, "Accepted", "")
            .object()
    };
    let answer = |objects: Vec<Object>| answer_of(&requirements(objects, &[]), "ai_inference");
    assert_eq!(answer(vec![node("a").object()]), Answer::NotMet);
    assert_eq!(
        answer(vec![node("a").object(), class(Status::False)]),
        Answer::Partly
    );
    assert_eq!(
        answer(vec![node("a").object(), class(Status::True)]),
        Answer::Met
    );
}

#[test]
fn gangs_are_started_by_a_queue_that_is_well() {
    let kueue = |ready| {
        deployment("kueue-system", "kueue-controller-manager")
            .image("registry.k8s.io/kueue/kueue:v0.19.2")
            .ready(ready, 1)
            .object()
    };
    let answer = |objects: Vec<Object>| answer_of(&requirements(objects, &[]), "gang_scheduling");
    assert_eq!(answer(vec![node("a").object()]), Answer::NotMet);
    assert_eq!(answer(vec![node("a").object(), kueue(1)]), Answer::Met);
    assert_eq!(answer(vec![node("a").object(), kueue(0)]), Answer::Partly);
}

#[test]
fn pods_scale_by_metrics_of_their_own_where_an_api_of_such_answers() {
    let api = |name: &str| {
        plain(PlainKind::ApiService { aggregated: true }, name)
            .condition("Available", Status::True, "Passed", "")
            .object()
    };
    let served = [("autoscaling", "HorizontalPodAutoscaler")];
    let answer = |objects: Vec<Object>, kinds: &[(&str, &str)]| {
        answer_of(&requirements(objects, kinds), "pod_autoscaling")
    };
    let node = || node("a").object();
    assert_eq!(answer(vec![node()], &[]), Answer::NotMet);
    assert_eq!(answer(vec![node()], &served), Answer::Partly);
    let resource = vec![node(), api("v1beta1.metrics.k8s.io")];
    assert_eq!(answer(resource, &served), Answer::Partly);
    let custom = vec![node(), api("v1beta2.custom.metrics.k8s.io")];
    assert_eq!(answer(custom, &served), Answer::Met);
}

#[test]
fn an_autoscaler_that_is_not_seen_may_run_outside() {
    let rows = requirements(vec![node("a").object()], &[]);
    assert_eq!(answer_of(&rows, "cluster_autoscaling"), Answer::Unknown);
}

#[test]
fn shares_of_a_gpu_are_seen_in_what_nodes_offer() {
    let whole = requirements(vec![node("a").gpus(8).object()], &[]);
    assert_eq!(answer_of(&whole, "gpu_sharing"), Answer::NotMet);
    let parts = node("a").gpus(7).resource("nvidia.com/mig-1g.10gb", 7, 7);
    let parts = requirements(vec![parts.object()], &[]);
    assert_eq!(answer_of(&parts, "gpu_sharing"), Answer::Met);
}

#[test]
fn metrics_of_accelerators_come_from_an_exporter_that_runs() {
    let exporter = |ready| {
        daemon_set("gpu-operator", "nvidia-dcgm-exporter")
            .image("nvcr.io/nvidia/k8s/dcgm-exporter:4.5.0")
            .ready(ready, 1)
            .object()
    };
    let answer = |ready| {
        let objects = vec![node("a").gpus(8).object(), exporter(ready)];
        answer_of(&requirements(objects, &[]), "accelerator_metrics")
    };
    assert_eq!(answer(1), Answer::Met);
    assert_eq!(answer(0), Answer::Partly);
}
