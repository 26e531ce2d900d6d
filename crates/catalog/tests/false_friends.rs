//! Things that share a group, a kind, a label or part of a name, and are not the same.

use std::collections::BTreeMap;

use strata_catalog::{Catalog, Component};
use strata_domain::{ids::GroupKind, metadata::Labels, text::Text};

fn catalog() -> Catalog {
    Catalog::load().unwrap_or_else(|error| panic!("{error}"))
}

fn id(component: Option<&Component>) -> Option<&str> {
    component.map(|component| component.id.as_str())
}

fn labels(labels: &[(&str, &str)]) -> Labels {
    labels
        .iter()
        .map(|(key, value)| (Text::from(*key), Text::from(*value)))
        .collect()
}

/// Which components own what a repository's custom resource definitions define. Several bundle
/// what they build on.
const REPOSITORIES: [(&str, &[&str]); 32] = [
    (
        "Mellanox/network-operator",
        &[
            "nvidia-network-operator",
            "multus",
            "node-feature-discovery",
            "sriov-network-operator",
        ],
    ),
    // It reads the GPU Operator's policy.
    ("NVIDIA/KAI-Scheduler", &["kai-scheduler", "gpu-operator"]),
    (
        "NVIDIA/gpu-operator",
        &[
            "gpu-operator",
            "node-feature-discovery",
            "nvidia-dra-driver",
        ],
    ),
    ("NVIDIA/k8s-nim-operator", &["nim-operator"]),
    (
        "ROCm/gpu-operator",
        &[
            "amd-gpu-operator",
            "kernel-module-management",
            "argo-workflows",
        ],
    ),
    ("argoproj/argo-workflows", &["argo-workflows"]),
    ("envoyproxy/ai-gateway", &["envoy-ai-gateway"]),
    ("fluid-cloudnative/fluid", &["fluid"]),
    (
        "koordinator-sh/koordinator",
        &["koordinator", "node-feature-discovery"],
    ),
    (
        "kserve/kserve",
        &["kserve", "gateway-api-inference-extension", "llm-d"],
    ),
    ("kubeflow/katib", &["katib"]),
    (
        "kubeflow/manifests",
        &[
            "training-operator",
            "kubeflow-trainer",
            "kubeflow-pipelines",
            "kubeflow-notebooks",
            "kubeflow-profiles",
            "katib",
            "kuberay",
            "kserve",
            "spark-operator",
            "gateway-api-inference-extension",
            "istio",
            "cert-manager",
            "knative-serving",
            "knative-eventing",
        ],
    ),
    ("kubeflow/mpi-operator", &["mpi-operator"]),
    ("kubeflow/spark-operator", &["spark-operator"]),
    ("kubeflow/trainer", &["kubeflow-trainer"]),
    ("kubeflow/training-operator", &["kubeflow-trainer"]),
    (
        "kubernetes-sigs/dra-driver-nvidia-gpu",
        &["nvidia-dra-driver"],
    ),
    (
        "kubernetes-sigs/gateway-api-inference-extension",
        &["gateway-api-inference-extension"],
    ),
    ("kubernetes-sigs/jobset", &["jobset"]),
    (
        "kubernetes-sigs/karpenter",
        &["karpenter", "cluster-autoscaler"],
    ),
    ("kubernetes-sigs/kueue", &["kueue"]),
    ("kubernetes-sigs/kwok", &["kwok"]),
    ("kubernetes-sigs/lws", &["leaderworkerset"]),
    (
        "kubernetes-sigs/node-feature-discovery",
        &["node-feature-discovery"],
    ),
    ("nekomeowww/ollama-operator", &["ollama-operator"]),
    (
        "openshift/microshift",
        &[
            "calico",
            "cert-manager",
            "external-snapshotter",
            "gateway-api",
            "gateway-api-inference-extension",
            "istio",
            "kserve",
            "multus",
            "openshift",
            "openshift-ai",
            "sriov-network-operator",
        ],
    ),
    ("ray-project/kuberay", &["kuberay"]),
    (
        "sigstore/policy-controller",
        &["sigstore-policy-controller"],
    ),
    ("vllm-project/aibrix", &["aibrix", "kuberay"]),
    ("vllm-project/production-stack", &["vllm-production-stack"]),
    ("volcano-sh/volcano", &["volcano"]),
    ("zilliztech/milvus-operator", &["milvus"]),
];

#[test]
fn every_definition_belongs_to_its_project_or_to_none() {
    let catalog = catalog();
    let owners: BTreeMap<_, _> = REPOSITORIES.into_iter().collect();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for line in include_str!("fixtures/definitions.tsv").lines() {
        let (repository, name) = line.split_once('\t').unwrap();
        let (kind, group) = name.split_once('.').unwrap();
        let owners = owners[repository];
        let kind = GroupKind::new(group, kind);
        let component = catalog
            .recognise_kind(&kind)
            .or_else(|| catalog.recognise_kind_version(&kind, "v2beta1"));
        let Some(component) = component else { continue };
        // The group and kind that two projects share; the versions are tried below.
        if name != "MPIJob.kubeflow.org" {
            assert!(
                owners.contains(&component.id.as_str()),
                "{repository}: {name}: {}",
                component.id
            );
        }
        *found.entry(repository).or_default() += 1;
    }
    for (repository, _) in REPOSITORIES {
        assert!(
            found.contains_key(repository),
            "nothing of {repository} is recognised"
        );
    }
}

#[test]
fn a_group_alone_proves_nothing() {
    let catalog = catalog();
    for (group, kind, expected) in [
        ("nvidia.com", "ClusterPolicy", Some("gpu-operator")),
        ("nvidia.com", "DynamoGraphDeployment", Some("nvidia-dynamo")),
        ("nvidia.com", "Anything", None),
        ("kyverno.io", "ClusterPolicy", Some("kyverno")),
        ("argoproj.io", "Application", Some("argo-cd")),
        ("argoproj.io", "Workflow", Some("argo-workflows")),
        ("argoproj.io", "Rollout", Some("argo-rollouts")),
        ("argoproj.io", "Sensor", Some("argo-events")),
        ("argoproj.io", "Experiment", Some("argo-rollouts")),
        ("kubeflow.org", "PyTorchJob", Some("training-operator")),
        ("kubeflow.org", "Notebook", Some("kubeflow-notebooks")),
        ("kubeflow.org", "Experiment", Some("katib")),
        (
            "kubeflow.org",
            "ScheduledWorkflow",
            Some("kubeflow-pipelines"),
        ),
        ("kubeflow.org", "Profile", Some("kubeflow-profiles")),
        ("mlops.seldon.io", "Experiment", Some("seldon-core")),
        ("batch.volcano.sh", "Job", Some("volcano")),
        ("batch", "Job", None),
        ("data.fluid.io", "Dataset", Some("fluid")),
        ("k8s-operator.alluxio.com", "Dataset", Some("alluxio")),
        ("gateway.networking.k8s.io", "Gateway", Some("gateway-api")),
        ("networking.istio.io", "Gateway", Some("istio")),
        ("kueue.x-k8s.io", "Workload", Some("kueue")),
        ("scheduling.k8s.io", "Workload", Some("kubernetes")),
        ("kueue.x-k8s.io", "Topology", Some("kueue")),
        ("kai.scheduler", "Topology", Some("kai-scheduler")),
        ("ollama.ayaka.io", "Model", Some("ollama-operator")),
        ("mlops.seldon.io", "Model", Some("seldon-core")),
        ("metallb.io", "BGPPeer", Some("metallb")),
        ("crd.projectcalico.org", "BGPPeer", None),
        ("crd.projectcalico.org", "IPPool", Some("calico")),
        (
            "nv-ipam.nvidia.com",
            "IPPool",
            Some("nvidia-network-operator"),
        ),
    ] {
        let found = catalog.recognise_kind(&GroupKind::new(group, kind));
        assert_eq!(id(found), expected, "{kind}.{group}");
    }
}

#[test]
fn five_pod_groups_have_five_owners() {
    let catalog = catalog();
    for (group, expected) in [
        ("scheduling.volcano.sh", "volcano"),
        ("scheduling.run.ai", "kai-scheduler"),
        ("scheduling.x-k8s.io", "scheduler-plugins"),
        ("scheduling.sigs.k8s.io", "koordinator"),
        ("scheduling.k8s.io", "kubernetes"),
    ] {
        let found = catalog.recognise_kind(&GroupKind::new(group, "PodGroup"));
        assert_eq!(id(found), Some(expected), "{group}");
    }
}

#[test]
fn the_version_tells_whose_mpi_job_it_is() {
    let catalog = catalog();
    let kind = GroupKind::new("kubeflow.org", "MPIJob");
    assert_eq!(id(catalog.recognise_kind(&kind)), None);
    assert_eq!(
        id(catalog.recognise_kind_version(&kind, "v1")),
        Some("training-operator")
    );
    assert_eq!(
        id(catalog.recognise_kind_version(&kind, "v2beta1")),
        Some("mpi-operator")
    );
    assert_eq!(id(catalog.recognise_kind_version(&kind, "v3")), None);
    assert!(
        catalog
            .kind_rule(&kind)
            .is_some_and(|rule| rule.application().is_some())
    );
}

#[test]
fn part_of_a_name_is_not_the_name() {
    let catalog = catalog();
    for image in [
        "registry.corp/team/my-vllm-tests:1",
        "registry.corp/team/vllm-openai:1",
        "registry.corp/myvllm/vllm-openai:1",
        "registry.corp/team/prometheus-rules:1",
        "registry.corp/team/not-redis:1",
        "nvcr.io/nvidia/pytorch:25.06-py3",
        "nvcr.io/nvidia/cuda:12.9.1-base-ubuntu24.04",
        "docker.io/istio/proxyv2:1.27.1",
        "nginx:1.29",
        "",
    ] {
        assert_eq!(id(catalog.recognise_image(image)), None, "{image}");
    }
}

#[test]
fn a_sidecar_does_not_make_an_application_something_else() {
    let catalog = catalog();
    let images = [
        "registry.corp/shop/cart:7",
        "docker.io/istio/proxyv2:1.27.1",
    ]
    .map(Text::from);
    assert_eq!(
        id(catalog.recognise_workload("shop", "cart", &Labels::default(), &images)),
        None
    );
    // The first container is what the workload is for.
    let images = [
        "vllm/vllm-openai:v0.10.1",
        "otel/opentelemetry-collector:0.132.0",
    ]
    .map(Text::from);
    let found = catalog.recognise_workload("llm", "chat", &Labels::default(), &images);
    assert_eq!(id(found), Some("vllm"));
}

#[test]
fn names_that_many_use_count_in_their_own_namespace_alone() {
    let catalog = catalog();
    let bare = Labels::default();
    let find = |namespace, name| id(catalog.recognise_workload(namespace, name, &bare, &[]));
    assert_eq!(
        find("knative-serving", "controller"),
        Some("knative-serving")
    );
    assert_eq!(find("kai-scheduler", "scheduler"), Some("kai-scheduler"));
    for name in [
        "controller",
        "scheduler",
        "webhook",
        "operator",
        "dashboard",
        "hub",
        "redis",
    ] {
        assert_eq!(find("team-a", name), None, "{name}");
    }
}

#[test]
fn a_label_with_its_value_beats_an_image_and_an_image_beats_a_name() {
    let catalog = catalog();
    let bare = Labels::default();
    let engine = [Text::from("vllm/vllm-openai:v0.10.1")];
    let image = [Text::from("nvcr.io/nvidia/k8s-device-plugin:v0.17.3")];
    let by_label = labels(&[("app", "gpu-feature-discovery")]);
    let find = |name, labels, images| id(catalog.recognise_workload("any", name, labels, images));
    assert_eq!(find("x", &by_label, &image), Some("gpu-feature-discovery"));
    assert_eq!(
        find("gpu-feature-discovery", &bare, &image),
        Some("nvidia-device-plugin")
    );
    assert_eq!(
        find("gpu-feature-discovery", &bare, &[]),
        Some("gpu-feature-discovery")
    );
    // llm-d's label says which role a pod has, not which engine: the image is nearer.
    let role = labels(&[("llm-d.ai/role", "decode")]);
    assert_eq!(find("x", &role, &engine), Some("vllm"));
    assert_eq!(find("x", &role, &[]), Some("llm-d"));
}

#[test]
fn rooks_drivers_are_not_those_of_a_ceph_elsewhere() {
    let catalog = catalog();
    assert_eq!(
        id(catalog.recognise_csi_driver("rook-ceph.rbd.csi.ceph.com")),
        Some("rook-ceph")
    );
    assert_eq!(
        id(catalog.recognise_csi_driver("rbd.csi.ceph.com")),
        Some("ceph-csi")
    );
}

#[test]
fn a_label_on_a_node_counts_with_its_value() {
    let catalog = catalog();
    let find = |key, value| id(catalog.recognise_node_label(key, value));
    assert_eq!(
        find("nvidia.com/gpu.sharing-strategy", "mps"),
        Some("nvidia-mps")
    );
    assert_eq!(find("nvidia.com/gpu.sharing-strategy", "none"), None);
    // HAMi's `gpu=on` is a label that anyone may use.
    assert_eq!(find("gpu", "on"), None);
}

#[test]
fn what_no_one_ships_is_nothing() {
    let catalog = catalog();
    assert_eq!(id(catalog.recognise_resource("cpu")), None);
    assert_eq!(id(catalog.recognise_resource("example.com/gpu")), None);
    assert_eq!(id(catalog.recognise_runtime_class("runc")), None);
    assert_eq!(id(catalog.recognise_container_runtime("containerd")), None);
    assert_eq!(id(catalog.recognise_provider("")), None);
    assert_eq!(id(catalog.recognise_api_service("v1.apps")), None);
}
