//! The sets: what is installed, what it implies, and what is so without it.

use serde_json::{Value, json};
use strata_api::rows::{map::Standing, survey::Answer};

use super::{
    Expected::{self, Capability, Need, Requirement},
    NAMESPACE, Set,
};

#[expect(clippy::too_many_lines, reason = "a table, set by set")]
pub(super) fn sets() -> Vec<Set> {
    let set = |name, objects, with: &[Expected], without: &[Expected]| Set {
        name,
        objects,
        with: with.to_vec(),
        without: without.to_vec(),
    };
    vec![
        set(
            "Kueue's controller",
            vec![deployment(
                "kueue-controller-manager",
                "registry.k8s.io/kueue/kueue:v0.19.2",
                1,
            )],
            &[Requirement("gang_scheduling", Answer::Met)],
            &[Requirement("gang_scheduling", Answer::NotMet)],
        ),
        set(
            "Volcano without pods",
            vec![deployment(
                "volcano-scheduler",
                "volcanosh/vc-scheduler:v1.15.0",
                0,
            )],
            &[Requirement("gang_scheduling", Answer::Partly)],
            &[Requirement("gang_scheduling", Answer::NotMet)],
        ),
        set(
            "KServe's controller",
            vec![deployment(
                "kserve-controller-manager",
                "kserve/kserve-controller:v0.20.0",
                1,
            )],
            &[
                Capability("model_serving", Standing::Served),
                Requirement("robust_controller", Answer::Met),
            ],
            &[
                Capability("model_serving", Standing::Missing),
                Requirement("robust_controller", Answer::NotMet),
            ],
        ),
        set(
            "the definitions of Katib alone",
            vec![definition(
                "kubeflow.org",
                "Experiment",
                "experiments",
                "v1beta1",
                true,
            )],
            &[Capability("automl", Standing::Partly)],
            &[Capability("automl", Standing::Missing)],
        ),
        set(
            "KubeRay's operator",
            vec![deployment(
                "kuberay-operator",
                "quay.io/kuberay/operator:v1.6.0",
                1,
            )],
            &[
                Capability("distributed_training", Standing::Served),
                Requirement("robust_controller", Answer::Met),
                // It trains, but nothing starts gangs whole.
                Need("training", Answer::Partly),
            ],
            &[
                Capability("distributed_training", Standing::Missing),
                Need("training", Answer::NotMet),
            ],
        ),
        set(
            "Kubeflow Trainer and Kueue",
            vec![
                deployment(
                    "kubeflow-trainer-controller-manager",
                    "ghcr.io/kubeflow/trainer/trainer-controller-manager:v2.2.0",
                    1,
                ),
                deployment(
                    "kueue-controller-manager",
                    "registry.k8s.io/kueue/kueue:v0.19.2",
                    1,
                ),
            ],
            &[Need("training", Answer::Met)],
            &[Need("training", Answer::NotMet)],
        ),
        set(
            "Gateway API with no implementation",
            vec![
                definition(GATEWAY, "GatewayClass", "gatewayclasses", "v1", false),
                gateway_class("Unknown"),
            ],
            &[Requirement("ai_inference", Answer::Partly)],
            &[Requirement("ai_inference", Answer::NotMet)],
        ),
        set(
            "Gateway API with an implementation",
            vec![
                definition(GATEWAY, "GatewayClass", "gatewayclasses", "v1", false),
                gateway_class("True"),
            ],
            &[Requirement("ai_inference", Answer::Met)],
            &[Requirement("ai_inference", Answer::NotMet)],
        ),
        set(
            "Prometheus and DCGM's exporter",
            vec![
                deployment(
                    "prometheus-server",
                    "quay.io/prometheus/prometheus:v3.8.0",
                    1,
                ),
                deployment(
                    "nvidia-dcgm-exporter",
                    "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.0",
                    1,
                ),
            ],
            &[
                Capability("workloads_observability", Standing::Served),
                Requirement("ai_service_metrics", Answer::Met),
                Requirement("accelerator_metrics", Answer::Met),
            ],
            &[
                Capability("workloads_observability", Standing::Missing),
                Requirement("ai_service_metrics", Answer::NotMet),
                Requirement("accelerator_metrics", Answer::NotMet),
            ],
        ),
        set(
            "a storage class of files",
            vec![storage_class("nfs.csi.k8s.io")],
            &[
                Capability("data_storage", Standing::Served),
                Need("storage", Answer::Met),
                Need("data_volume", Answer::Partly),
            ],
            &[
                Capability("data_storage", Standing::Missing),
                Need("storage", Answer::NotMet),
            ],
        ),
        set(
            "a storage class of disks",
            vec![storage_class("ebs.csi.aws.com")],
            &[Need("storage", Answer::Partly)],
            &[Need("storage", Answer::NotMet)],
        ),
        set(
            "Karpenter",
            vec![deployment(
                "karpenter",
                "public.ecr.aws/karpenter/controller:1.9.0",
                1,
            )],
            &[
                Requirement("cluster_autoscaling", Answer::Met),
                Need("scalability", Answer::Partly),
            ],
            // A cloud may scale nodes from outside.
            &[Requirement("cluster_autoscaling", Answer::Unknown)],
        ),
        set(
            "Qdrant",
            vec![deployment("qdrant", "qdrant/qdrant:v1.17.0", 1)],
            &[Capability("vector_databases", Standing::Served)],
            &[Capability("vector_databases", Standing::Missing)],
        ),
        set(
            "Kyverno",
            vec![deployment(
                "kyverno-admission-controller",
                "reg.kyverno.io/kyverno/kyverno:v1.17.0",
                1,
            )],
            &[Capability("governance_policy", Standing::Served)],
            &[Capability("governance_policy", Standing::Missing)],
        ),
        set(
            "a runtime class of gVisor",
            vec![json!({
                "apiVersion": "node.k8s.io/v1",
                "kind": "RuntimeClass",
                "metadata": { "name": "sandboxed" },
                "handler": "runsc",
            })],
            // Asked for from 1.37 on; the component is there all the same.
            &[Capability("general_orchestration", Standing::Served)],
            &[Capability("general_orchestration", Standing::Served)],
        ),
    ]
}

const GATEWAY: &str = "gateway.networking.k8s.io";

fn deployment(name: &str, image: &str, replicas: u32) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": name, "namespace": NAMESPACE },
        "spec": {
            "replicas": replicas,
            "selector": { "matchLabels": { "set": name } },
            "template": {
                "metadata": { "labels": { "set": name } },
                "spec": { "containers": [{ "name": "main", "image": image }] },
            },
        },
    })
}

fn definition(group: &str, kind: &str, plural: &str, version: &str, namespaced: bool) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": format!("{plural}.{group}"),
            // Groups of Kubernetes ask for it.
            "annotations": { "api-approved.kubernetes.io": "unapproved, for a test" },
        },
        "spec": {
            "group": group,
            "names": { "kind": kind, "plural": plural, "singular": kind.to_lowercase() },
            "scope": if namespaced { "Namespaced" } else { "Cluster" },
            "versions": [{
                "name": version,
                "served": true,
                "storage": true,
                "subresources": { "status": {} },
                "schema": { "openAPIV3Schema": {
                    "type": "object",
                    "x-kubernetes-preserve-unknown-fields": true,
                } },
            }],
        },
    })
}

fn gateway_class(accepted: &str) -> Value {
    json!({
        "apiVersion": format!("{GATEWAY}/v1"),
        "kind": "GatewayClass",
        "metadata": { "name": "inference" },
        "spec": { "controllerName": "example.com/gateway" },
        "status": { "conditions": [{
            "type": "Accepted",
            "status": accepted,
            "reason": "Test",
            "message": "",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        }] },
    })
}

fn storage_class(provisioner: &str) -> Value {
    json!({
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": { "name": "data" },
        "provisioner": provisioner,
    })
}
