//! What a cluster is good for, as the installed set of definitions and workloads implies: set by set
//! on one real control plane, each put in, seen, taken away, and seen to be gone.

use anyhow::{Context as _, Result};
use kube::{
    Client,
    api::{Api, DeleteParams, DynamicObject},
    discovery,
};
use serde_json::{Value, json};
use strata_api::{
    rows::{
        Row,
        conformance::RequirementRow,
        map::{CapabilityRow, NeedRow, Standing},
        survey::Answer,
    },
    topics::Topic,
};
use strata_control_plane_tests::{ControlPlane, load};
use strata_test_support::frames::{FrameCollector, View};

use super::{Connected, ONE_AT_A_TIME, patiently, subscribe};

/// What is asked of the cluster, and the answer.
#[derive(Clone, Copy, Debug)]
enum Expected {
    Capability(&'static str, Standing),
    /// A need as generative AI has it.
    Need(&'static str, Answer),
    Requirement(&'static str, Answer),
}

use Expected::{Capability, Need, Requirement};

/// A set of objects, what it implies, and what is so without it.
struct Set {
    /// What it is, in a few words.
    name: &'static str,
    objects: Vec<Value>,
    with: Vec<Expected>,
    without: Vec<Expected>,
}

#[expect(clippy::too_many_lines, reason = "a table, set by set")]
fn sets() -> Vec<Set> {
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
const NAMESPACE: &str = "survey";

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

/// The three topics, live.
struct Seen {
    map: FrameCollector,
    needs: FrameCollector,
    conformance: FrameCollector,
}

impl Seen {
    async fn of(strata: &Connected) -> Result<Self> {
        let cluster = || strata.cluster.clone();
        let topics = [
            Topic::Map { cluster: cluster() },
            Topic::Needs { cluster: cluster() },
            Topic::Conformance { cluster: cluster() },
        ];
        let [map, needs, conformance] = topics;
        Ok(Self {
            map: subscribe(&strata.engine, map).await?,
            needs: subscribe(&strata.engine, needs).await?,
            conformance: subscribe(&strata.engine, conformance).await?,
        })
    }

    /// Waits until what is expected is so.
    async fn until(&self, expected: Expected) {
        match expected {
            Capability(id, standing) => {
                let holds = |view: &View| {
                    capabilities(view).any(|row| row.capability == id && row.standing == standing)
                };
                self.map.wait_for(holds).await;
            }
            Need(id, answer) => {
                let holds = |view: &View| {
                    needs(view).any(|row| row.need == id && row.generative.found.answer == answer)
                };
                self.needs.wait_for(holds).await;
            }
            Requirement(id, answer) => {
                let holds = |view: &View| {
                    requirements(view)
                        .any(|row| row.requirement == id && row.found.answer == answer)
                };
                self.conformance.wait_for(holds).await;
            }
        }
    }

    /// [`Self::until`], but not for ever; what came instead is in the error.
    async fn awaited(&self, set: &Set, when: &str, expected: &[Expected]) -> Result<()> {
        for one in expected {
            let patience = std::time::Duration::from_mins(1);
            tokio::time::timeout(patience, self.until(*one))
                .await
                .with_context(|| format!("{} {when}: {one:?} did not come", set.name))?;
        }
        Ok(())
    }
}

fn capabilities(view: &View) -> impl Iterator<Item = &CapabilityRow> {
    view.window().filter_map(|row| match row {
        Row::Capability(row) => Some(row),
        _ => None,
    })
}

fn needs(view: &View) -> impl Iterator<Item = &NeedRow> {
    view.window().filter_map(|row| match row {
        Row::Need(row) => Some(row),
        _ => None,
    })
}

fn requirements(view: &View) -> impl Iterator<Item = &RequirementRow> {
    view.window().filter_map(|row| match row {
        Row::Requirement(row) => Some(row),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_installed_set_is_seen_for_what_it_implies_and_gone_when_it_is_taken_away()
-> Result<()> {
    let _one = ONE_AT_A_TIME.lock().await;
    patiently(see_the_sets()).await
}

async fn see_the_sets() -> Result<()> {
    let control_plane = ControlPlane::start().await?;
    let client = control_plane.client().await?;
    let node = load::nodes::Node::with_gpus("gpu-0", load::nodes::H100);
    load::nodes::create(&client, &[node]).await?;
    load::namespace(&client, NAMESPACE).await?;
    let strata = Connected::to(&control_plane).await?;
    let seen = Seen::of(&strata).await?;

    let sets = sets();
    assert!(sets.len() >= 12);
    for set in &sets {
        let mut applier = load::manifests::Applier::new(client.clone());
        for object in &set.objects {
            apply(&mut applier, object).await?;
        }
        seen.awaited(set, "there", &set.with).await?;
        for object in set.objects.iter().rev() {
            delete(&client, object).await?;
        }
        seen.awaited(set, "gone", &set.without).await?;
    }
    // Every claim says what it rests on, wherever it claims that something is there.
    for row in requirements(&seen.conformance.view()) {
        if matches!(row.found.answer, Answer::Met | Answer::Partly) {
            assert!(!row.found.evidence.is_empty(), "{}", row.requirement);
        }
    }
    strata.engine.shutdown().await;
    Ok(())
}

/// Applies an object whose kind may have been defined only just now.
async fn apply(applier: &mut load::manifests::Applier, object: &Value) -> Result<()> {
    let patience = std::time::Duration::from_secs(30);
    strata_control_plane_tests::wait::until("the kind is served", patience, async || {
        applier.apply(object.clone()).await.map(Some)
    })
    .await
}

async fn delete(client: &Client, object: &Value) -> Result<()> {
    let object: DynamicObject = serde_json::from_value(object.clone())?;
    let types = object.types.clone().context("an object without a kind")?;
    let kind = kube::core::GroupVersionKind::try_from(types)?;
    let (resource, capabilities) = discovery::pinned_kind(client, &kind).await?;
    let api: Api<DynamicObject> = match capabilities.scope {
        discovery::Scope::Cluster => Api::all_with(client.clone(), &resource),
        discovery::Scope::Namespaced => Api::namespaced_with(client.clone(), NAMESPACE, &resource),
    };
    let name = object.metadata.name.context("an object without a name")?;
    api.delete(&name, &DeleteParams::foreground()).await?;
    Ok(())
}
