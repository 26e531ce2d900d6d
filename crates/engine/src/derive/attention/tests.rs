use strata_domain::{condition::Status, object::Object};
use strata_test_support::objects::{custom, deployment, node, pod, replica_set};

use super::*;
use crate::derive::fixture;

fn attention(objects: Vec<Object>) -> Vec<Attention> {
    let cluster = fixture::cluster(objects);
    fixture::derived(&cluster, &fixture::catalog()).attention
}

fn ids(lines: &[Attention]) -> Vec<&str> {
    lines.iter().map(|line| line.id.as_str()).collect()
}

/// A model server of `replicas` pods on `on`, of which none is ready.
fn server(
    name: &str,
    on: &str,
    build: impl Fn(strata_test_support::objects::PodBuilder) -> Object,
    replicas: usize,
) -> Vec<Object> {
    let count = u32::try_from(replicas).unwrap();
    let main = deployment("team", name)
        .image("vllm/vllm-openai:v0.14.0")
        .ready(0, count)
        .object();
    let set = replica_set("team", &format!("{name}-1"))
        .owned_by(&main)
        .object();
    let pods =
        (0..replicas).map(|at| build(pod("team", &format!("{name}-{at}")).on(on).owned_by(&set)));
    let mut all: Vec<Object> = pods.collect();
    all.extend([main, set]);
    all
}

#[test]
fn a_healthy_cluster_needs_nothing() {
    assert_eq!(ids(&attention(vec![node("a").gpus(8).object()])), [""; 0]);
}

#[test]
fn pods_that_fail_because_their_node_is_lost_are_folded_into_its_line() {
    let mut objects = server("chat", "a", |pod| pod.gpus(1).object(), 4);
    objects.push(node("a").gpus(8).not_ready().object());
    let lines = attention(objects);
    assert_eq!(ids(&lines), ["node-down/a"]);
    let line = &lines[0];
    assert_eq!(
        line.reason.english(),
        "The kubelet has said nothing for 12 h. It carries 4 pods and 8 GPUs"
    );
    assert_eq!(line.command, "kubectl describe node a");
    assert_eq!(line.breadth, 12);
}

#[test]
fn nodes_of_one_rack_that_fail_together_are_one_line() {
    let down = |name: &str, rack: &str| {
        node(name)
            .label("topology.kubernetes.io/rack", rack)
            .not_ready()
            .object()
    };
    let lines = attention(vec![
        down("a", "b03"),
        down("b", "b03"),
        down("c", "b03"),
        down("d", "c01"),
    ]);
    assert_eq!(ids(&lines), ["node-down/d", "nodes-down/b03"]);
    assert_eq!(lines[1].title.english(), "3 nodes in b03 are not ready");
}

#[test]
fn forty_failing_pods_of_one_application_are_one_line() {
    let mut objects = server("chat", "a", |pod| pod.crashing(1, 3).object(), 40);
    objects.push(node("a").object());
    let lines = attention(objects);
    assert_eq!(ids(&lines), ["application/team/Deployment/chat"]);
    assert_eq!(lines[0].title.english(), "chat has no ready pod");
    assert_eq!(
        lines[0].command,
        "kubectl logs -n team chat-0 -c main --previous"
    );
}

#[test]
fn failing_pods_of_what_is_no_application_are_told_by_their_owner() {
    let main = deployment("shop", "web").ready(1, 2).object();
    let set = replica_set("shop", "web-1").owned_by(&main).object();
    let good = pod("shop", "web-a").on("a").owned_by(&set).object();
    let bad = pod("shop", "web-b")
        .on("a")
        .waiting("ErrImagePull", "not found")
        .owned_by(&set);
    let lines = attention(vec![main, set, good, bad.object(), node("a").object()]);
    assert_eq!(ids(&lines), ["pods/shop/Deployment/web"]);
    assert_eq!(lines[0].severity, Severity::Warning);
    assert_eq!(lines[0].title.english(), "web: 1 of 2 pods unhealthy");
    assert_eq!(lines[0].namespace.as_deref(), Some("shop"));
}

/// A training run that has waited in `research` since builders made it.
fn waits(name: &str) -> Vec<Object> {
    let train = custom("trainer.kubeflow.org", "TrainJob", "team", name)
        .condition("Suspended", Status::True, "", "")
        .object();
    let admission = custom("kueue.x-k8s.io", "Workload", "team", name)
        .owned_by(&train)
        .field("spec.queueName", "main")
        .condition(
            "QuotaReserved",
            Status::False,
            "Pending",
            "no room for 16 GPUs",
        )
        .object();
    vec![train, admission]
}

fn queue() -> Vec<Object> {
    vec![
        custom("kueue.x-k8s.io", "ClusterQueue", "", "research").object(),
        custom("kueue.x-k8s.io", "LocalQueue", "team", "main")
            .field("spec.clusterQueue", "research")
            .object(),
        deployment("kueue-system", "kueue-controller-manager").object(),
    ]
}

#[test]
fn one_that_waits_is_a_line_and_many_in_one_queue_are_one_line() {
    let one = attention([queue(), waits("ft")].concat());
    assert_eq!(ids(&one), ["application/team/TrainJob/ft"]);
    assert_eq!(one[0].title.english(), "TrainJob ft waits in research");
    let many = attention([queue(), waits("a"), waits("b"), waits("c")].concat());
    assert_eq!(ids(&many), ["queue/research"]);
    assert_eq!(many[0].title.english(), "3 workloads wait in research");
    assert_eq!(
        many[0].reason.english(),
        "a waits 12 h: no room for 16 GPUs"
    );
    assert_eq!(many[0].command, "kubectl describe clusterqueue research");
}

#[test]
fn different_drivers_on_one_model_are_worth_knowing() {
    let gpu = |name: &str, product: &str, driver: &str| {
        node(name)
            .gpus(8)
            .gpu_product(product)
            .label("nvidia.com/cuda.driver-version.full", driver)
            .object()
    };
    let lines = attention(vec![
        gpu("a", "NVIDIA-H100-80GB-HBM3", "580.126.09"),
        gpu("b", "NVIDIA-H100-80GB-HBM3", "580.126.09"),
        gpu("c", "NVIDIA-H100-80GB-HBM3", "580.105.08"),
        gpu("d", "NVIDIA-L40S", "580.126.09"),
    ]);
    assert_eq!(ids(&lines), ["drivers/H100 80GB HBM3"]);
    assert_eq!(lines[0].severity, Severity::Notice);
    assert_eq!(
        lines[0].reason.english(),
        "Nodes by version: 580.126.09 × 2, 580.105.08 × 1"
    );
}

#[test]
fn cordoned_nodes_are_one_notice() {
    let lines = attention(vec![
        node("a").gpus(8).cordoned().object(),
        node("b").cordoned().object(),
    ]);
    assert_eq!(ids(&lines), ["nodes-cordoned"]);
    assert_eq!(lines[0].title.english(), "2 nodes are cordoned");
    assert_eq!(
        lines[0].reason.english(),
        "8 GPUs take no new pods; 0 pods still run there"
    );
}

#[test]
fn the_worst_comes_first_then_what_hurts_most_then_the_oldest() {
    let mut objects = server("big", "ok", |pod| pod.gpus(8).crashing(1, 2).object(), 4);
    objects.extend(server("small", "ok", |pod| pod.crashing(1, 2).object(), 1));
    objects.push(node("ok").gpus(32).object());
    objects.push(node("a").resource("nvidia.com/gpu", 8, 7).object());
    objects.push(node("z").cordoned().object());
    assert_eq!(
        ids(&attention(objects)),
        [
            "application/team/Deployment/big",
            "application/team/Deployment/small",
            "devices/a",
            "nodes-cordoned"
        ]
    );
}

#[test]
fn every_line_has_a_reason_and_a_next_action_in_both_languages() {
    use strata_api::phrases::Tongue;
    let lines = attention(crate::derive::scenario::objects());
    assert!(lines.len() > 5);
    for line in lines {
        for phrase in [&line.title, &line.reason, &line.action] {
            for tongue in [Tongue::English, Tongue::Chinese] {
                let said = phrase.say(tongue);
                assert!(
                    !said.is_empty() && !said.contains('{'),
                    "{}: {said}",
                    line.id
                );
            }
        }
    }
}
