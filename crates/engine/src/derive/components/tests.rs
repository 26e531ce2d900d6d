use strata_domain::{condition::Status, object::Object, plain::PlainKind};
use strata_test_support::objects::{
    custom, daemon_set, definition, deployment, node, plain, pod, replica_set,
};

use super::*;
use crate::derive::fixture;

/// The state of the component `id`, if it is in a cluster of `objects`.
fn state(id: &str, objects: Vec<Object>) -> Option<ComponentState> {
    let cluster = fixture::cluster(objects);
    let catalog = fixture::catalog();
    let owners = Owners::find(&cluster);
    Components::find(&cluster, &catalog, &owners, fixture::now())
        .get(id)
        .cloned()
}

fn reason(state: &ComponentState) -> String {
    state
        .fault
        .as_ref()
        .map(|fault| fault.reason.english())
        .unwrap_or_default()
}

fn kueue(ready: u32) -> strata_test_support::objects::WorkloadBuilder {
    deployment("kueue-system", "kueue-controller-manager")
        .image("registry.k8s.io/kueue/kueue:v0.19.2")
        .ready(ready, 2)
}

#[test]
fn a_controller_tells_version_readiness_and_namespace() {
    let kueue = state("kueue", vec![kueue(2).object()]).unwrap();
    assert_eq!(kueue.severity, Severity::Ok);
    assert_eq!(kueue.versions.commonest(), "0.19.2");
    assert_eq!(
        kueue.ready,
        Some(Ready {
            ready: 2,
            desired: 2
        })
    );
    assert!(kueue.namespaces.contains("kueue-system"));
}

#[test]
fn a_component_that_nothing_speaks_for_is_not_there() {
    assert_eq!(state("volcano", vec![kueue(2).object()]), None);
}

#[test]
fn kinds_without_a_controller_are_present_but_unknown() {
    let queue = custom("kueue.x-k8s.io", "ResourceFlavor", "", "h100").object();
    let kueue = state("kueue", vec![queue]).unwrap();
    assert_eq!(kueue.severity, Severity::Unknown);
    assert_eq!(
        reason(&kueue),
        "Its kinds are served, but nothing of it was seen running"
    );
    assert_eq!(kueue.ready, None);
}

#[test]
fn a_definition_tells_the_version_where_no_workload_does() {
    let class = custom("gateway.networking.k8s.io", "GatewayClass", "", "envoy").object();
    let defined = definition(
        "gateway.networking.k8s.io",
        "GatewayClass",
        "gatewayclasses",
        "v1.5.1",
    );
    let told = state("gateway-api", vec![class, defined.object()]).unwrap();
    assert_eq!(told.versions.commonest(), "1.5.1");
    // It has no controller of its own that could be missing.
    assert_eq!(told.severity, Severity::Ok);
}

#[test]
fn a_controller_without_a_ready_pod_is_critical_and_says_why() {
    let manager = kueue(0).object();
    let set = replica_set("kueue-system", "kueue-1")
        .owned_by(&manager)
        .object();
    let crashing = pod("kueue-system", "kueue-1-a")
        .crashing(2, 5)
        .owned_by(&set)
        .object();
    let kueue = state("kueue", vec![manager, set, crashing]).unwrap();
    assert_eq!(kueue.severity, Severity::Critical);
    assert_eq!(
        reason(&kueue),
        "main keeps crashing with exit code 2, 5 restarts"
    );
}

#[test]
fn a_missing_pod_of_many_is_a_warning() {
    let kueue = state("kueue", vec![kueue(1).object()]).unwrap();
    assert_eq!(kueue.severity, Severity::Warning);
    assert_eq!(
        reason(&kueue),
        "kueue-controller-manager has 1 of 2 pods ready"
    );
}

#[test]
fn pods_that_are_on_their_way_are_no_more_than_a_notice() {
    let manager = kueue(1).object();
    let set = replica_set("kueue-system", "kueue-1")
        .owned_by(&manager)
        .object();
    let ready = pod("kueue-system", "a").on("n").owned_by(&set).object();
    let coming = pod("kueue-system", "b")
        .unschedulable("")
        .created("2026-03-01T11:59:50Z")
        .owned_by(&set)
        .object();
    let kueue = state(
        "kueue",
        vec![manager, set, ready, coming, node("n").object()],
    )
    .unwrap();
    assert_eq!(kueue.severity, Severity::Notice);
    assert_eq!(
        reason(&kueue),
        "kueue-controller-manager is starting: 1 of 2 pods ready"
    );
}

#[test]
fn a_pod_on_a_lost_node_is_the_node_s_fault() {
    let agents = daemon_set("kube-system", "cilium")
        .label("k8s-app", "cilium")
        .image("quay.io/cilium/cilium:v1.19.0")
        .ready(0, 1)
        .object();
    let lost = pod("kube-system", "cilium-x")
        .on("n")
        .owned_by(&agents)
        .object();
    let cilium = state("cilium", vec![agents, lost, node("n").not_ready().object()]).unwrap();
    assert!(cilium.fault.unwrap().is_by_nodes);
}

#[test]
fn a_controller_that_is_scaled_to_zero_is_paused() {
    let stopped = deployment("kueue-system", "kueue-controller-manager")
        .ready(0, 0)
        .object();
    let kueue = state("kueue", vec![stopped]).unwrap();
    assert_eq!((kueue.severity, kueue.fault), (Severity::Paused, None));
}

#[test]
fn an_object_that_says_it_is_unwell_is_quoted() {
    let ceph = custom("ceph.rook.io", "CephCluster", "rook-ceph", "main")
        .field("status.ceph.health", "HEALTH_WARN")
        .object();
    let operator = deployment("rook-ceph", "rook-ceph-operator")
        .image("rook/ceph:v1.19.3")
        .object();
    let rook = state("rook-ceph", vec![ceph, operator]).unwrap();
    assert_eq!(rook.severity, Severity::Warning);
    assert_eq!(rook.fault.as_ref().unwrap().word, "HEALTH_WARN");
    assert_eq!(reason(&rook), "CephCluster main says HEALTH_WARN");
}

#[test]
fn an_api_that_does_not_answer_is_critical() {
    let service = plain(
        PlainKind::ApiService { aggregated: true },
        "v1beta1.metrics.k8s.io",
    )
    .condition(
        "Available",
        Status::False,
        "MissingEndpoints",
        "endpoints not found",
    )
    .object();
    let metrics = state("metrics-server", vec![service]).unwrap();
    assert_eq!(metrics.severity, Severity::Critical);
    assert_eq!(
        reason(&metrics),
        "API v1beta1.metrics.k8s.io does not answer: endpoints not found"
    );
}

#[test]
fn a_container_runtime_is_counted_by_nodes_and_versions() {
    let nodes = vec![
        node("a").object(),
        node("b").object(),
        node("c").runtime("containerd://2.2.0").object(),
        node("d").runtime("cri-o://1.34.0").object(),
    ];
    let containerd = state("containerd", nodes).unwrap();
    assert_eq!(
        containerd.ready,
        Some(Ready {
            ready: 3,
            desired: 3
        })
    );
    assert_eq!(containerd.versions.commonest(), "2.1.4");
    assert_eq!(containerd.figure.unwrap().english(), "2 versions");
    assert_eq!(containerd.severity, Severity::Ok);
}

#[test]
fn the_control_plane_is_its_static_pods_and_the_server_s_version() {
    let pods = ["kube-apiserver", "kube-scheduler"].map(|name| {
        pod("kube-system", &format!("{name}-cp"))
            .on("cp")
            .label("component", name)
            .object()
    });
    let mut objects = vec![node("cp").object()];
    objects.extend(pods);
    let kubernetes = state("kubernetes", objects).unwrap();
    assert_eq!(
        kubernetes.ready,
        Some(Ready {
            ready: 2,
            desired: 2
        })
    );
    assert_eq!(kubernetes.versions.commonest(), "1.36.2");
}

#[test]
fn what_hangs_below_an_application_is_no_component() {
    let service = custom("serving.kserve.io", "InferenceService", "team", "chat").object();
    // Named as Kueue's own controller would be, to be recognised as that.
    let below = deployment("team", "kueue-controller-manager")
        .owned_by(&service)
        .object();
    assert_eq!(state("kueue", vec![service, below]), None);
}

#[test]
fn a_count_of_what_may_not_be_listed_is_not_zero() {
    let with_queue = vec![
        kueue(2).object(),
        custom("kueue.x-k8s.io", "ClusterQueue", "", "research").object(),
    ];
    let told = state("kueue", with_queue).unwrap();
    assert_eq!(told.figure.unwrap().english(), "0 pending");
    let untold = state("kueue", vec![kueue(2).object()]).unwrap();
    assert_eq!(untold.figure, None);
}
