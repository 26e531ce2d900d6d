//! A small cluster with all five layers and some things wrong, for the tests of what is derived.

use strata_domain::{condition::Status, object::Object};
use strata_test_support::objects::{
    custom, daemon_set, deployment, job, node, pod, replica_set, stateful_set,
};

const H100: &str = "NVIDIA-H100-80GB-HBM3";
const A100: &str = "NVIDIA-A100-SXM4-40GB";

/// The cluster's objects.
pub(crate) fn objects() -> Vec<Object> {
    let mut all = machines();
    all.extend(platform());
    all.extend(lifecycle());
    all.extend(chat());
    all.extend(others());
    all
}

fn machines() -> Vec<Object> {
    let gpu = |name: &str, rack: &str, zone: &str, product: &str, driver: &str| {
        node(name)
            .gpus(8)
            .gpu_product(product)
            .label("nvidia.com/gpu.count", "8")
            .label("nvidia.com/gpu.present", "true")
            .label("nvidia.com/cuda.driver-version.full", driver)
            .label("topology.kubernetes.io/rack", rack)
            .label("topology.kubernetes.io/zone", zone)
    };
    vec![
        node("cp-1")
            .label("node-role.kubernetes.io/control-plane", "")
            .object(),
        gpu("gpu-1", "a06", "a", H100, "580.126.09").object(),
        gpu("gpu-2", "a08", "a", H100, "580.105.08").object(),
        gpu("gpu-3", "b01", "b", A100, "580.126.09")
            .resource("nvidia.com/gpu", 8, 7)
            .object(),
        gpu("gpu-4", "b01", "b", A100, "580.126.09")
            .not_ready()
            .object(),
        node("cpu-1").cordoned().object(),
    ]
}

fn platform() -> Vec<Object> {
    let static_pod = |name: &str| {
        pod("kube-system", &format!("{name}-cp-1"))
            .on("cp-1")
            .label("component", name)
            .image(&format!("registry.k8s.io/{name}:v1.36.2"))
            .object()
    };
    let image = "registry.k8s.io/kueue/kueue:v0.19.2";
    vec![
        static_pod("kube-apiserver"),
        static_pod("kube-scheduler"),
        static_pod("kube-controller-manager"),
        deployment("kueue-system", "kueue-controller-manager")
            .image(image)
            .ready(2, 2)
            .object(),
        daemon_set("kube-system", "cilium")
            .label("k8s-app", "cilium")
            .image("quay.io/cilium/cilium:v1.19.0")
            .ready(5, 6)
            .object(),
        custom("kueue.x-k8s.io", "ClusterQueue", "", "inference")
            .condition("Active", Status::True, "Ready", "")
            .object(),
        custom("kueue.x-k8s.io", "ClusterQueue", "", "research")
            .condition("Active", Status::True, "Ready", "")
            .object(),
        custom("kueue.x-k8s.io", "LocalQueue", "research", "main")
            .field("spec.clusterQueue", "research")
            .object(),
        custom("ceph.rook.io", "CephCluster", "rook-ceph", "rook-ceph")
            .field("status.ceph.health", "HEALTH_WARN")
            .field("status.phase", "Ready")
            .object(),
        deployment("rook-ceph", "rook-ceph-operator")
            .image("rook/ceph:v1.19.3")
            .object(),
    ]
}

fn lifecycle() -> Vec<Object> {
    let image = "kserve/kserve-controller:v0.20.1";
    vec![
        deployment("kserve", "kserve-controller-manager")
            .image(image)
            .object(),
        deployment("kubeflow-system", "kubeflow-trainer-controller-manager")
            .image("ghcr.io/kubeflow/trainer/trainer-controller-manager:v2.2.0")
            .object(),
    ]
}

/// An InferenceService of four pods on two nodes, let in by its queue.
fn chat() -> Vec<Object> {
    let service = custom(
        "serving.kserve.io",
        "InferenceService",
        "llm-prod",
        "chat-assist",
    )
    .version("v1beta1")
    .field("spec.predictor.model.modelFormat.name", "vllm")
    .condition("Ready", Status::True, "", "")
    .object();
    let predictor = deployment("llm-prod", "chat-assist-predictor")
        .image("vllm/vllm-openai:v0.14.0")
        .ready(4, 4)
        .owned_by(&service)
        .object();
    let set = replica_set("llm-prod", "chat-assist-predictor-5d")
        .owned_by(&predictor)
        .object();
    let admission = custom("kueue.x-k8s.io", "Workload", "llm-prod", "chat-assist")
        .owned_by(&service)
        .field("status.admission.clusterQueue", "inference")
        .condition("QuotaReserved", Status::True, "QuotaReserved", "")
        .condition("Admitted", Status::True, "Admitted", "")
        .object();
    let member = |name: &str, on: &str| {
        pod("llm-prod", name)
            .on(on)
            .gpus(4)
            .image("vllm/vllm-openai:v0.14.0")
            .label("kueue.x-k8s.io/cluster-queue-name", "inference")
            .owned_by(&set)
            .object()
    };
    let pods = [
        member("c1", "gpu-1"),
        member("c2", "gpu-1"),
        member("c3", "gpu-2"),
        member("c4", "gpu-2"),
    ];
    [service, predictor, set.clone(), admission]
        .into_iter()
        .chain(pods)
        .collect()
}

fn others() -> Vec<Object> {
    let waits = custom("trainer.kubeflow.org", "TrainJob", "research", "llama-ft")
        .condition("Suspended", Status::True, "Suspended", "")
        .object();
    let admission = custom(
        "kueue.x-k8s.io",
        "Workload",
        "research",
        "trainjob-llama-ft",
    )
    .owned_by(&waits)
    .field("spec.queueName", "main")
    .condition(
        "QuotaReserved",
        Status::False,
        "WaitingForQuota",
        "couldn't assign flavors to pod set node: insufficient unused quota for cpu in flavor \
             cpu, 2 more needed, insufficient unused quota for nvidia.com/gpu in flavor h100, 3 \
             more needed",
    )
    .object();
    let embed = job("data", "embed").ready(1, 2).object();
    let summary = deployment("llm-prod", "doc-summary")
        .image("lmsysorg/sglang:v0.5.2")
        .ready(1, 2)
        .object();
    let summary_set = replica_set("llm-prod", "doc-summary-7f")
        .owned_by(&summary)
        .object();
    let stray = deployment("shop", "web")
        .image("registry.example/web:1")
        .ready(0, 1)
        .object();
    let stray_set = replica_set("shop", "web-1").owned_by(&stray).object();
    vec![
        waits,
        admission,
        pod("data", "embed-0")
            .on("gpu-3")
            .gpus(8)
            .owned_by(&embed)
            .object(),
        pod("data", "embed-1")
            .on("gpu-4")
            .gpus(8)
            .owned_by(&embed)
            .object(),
        embed,
        pod("llm-prod", "doc-summary-1")
            .on("gpu-2")
            .owned_by(&summary_set)
            .object(),
        pod("llm-prod", "doc-summary-2")
            .on("gpu-2")
            .crashing(1, 9)
            .owned_by(&summary_set)
            .object(),
        summary,
        summary_set,
        stateful_set("chat", "open-webui")
            .label("app.kubernetes.io/name", "open-webui")
            .image("ghcr.io/open-webui/open-webui:v0.9.2")
            .ready(3, 3)
            .object(),
        stateful_set("search", "milvus")
            .image("milvusdb/milvus:v2.6.4")
            .ready(0, 0)
            .object(),
        pod("shop", "web-1-x")
            .on("cpu-1")
            .waiting("ImagePullBackOff", "manifest unknown")
            .owned_by(&stray_set)
            .object(),
        stray,
        stray_set,
    ]
}
