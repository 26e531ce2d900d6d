//! Pods by the thousand, for measurements.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{ListParams, Patch, PatchParams, PostParams};
use kube::{Api, Client};
use serde_json::{Value, json};

use crate::wait;

/// How many requests are under way at a time: two cores of API server are busy with fewer.
const CONCURRENCY: usize = 32;

/// Pods to be made.
#[derive(Debug, Clone)]
pub struct Batch {
    /// An existing namespace.
    pub namespace: String,
    /// Their names are `<prefix>-<number>`.
    pub prefix: String,
    /// How many.
    pub count: usize,
    /// Existing nodes, to which they are bound in turn, without the scheduler.
    pub nodes: Vec<String>,
}

/// Creates the pods, at a bounded concurrency. KWOK takes them to `Running`; see
/// [`until_running`].
///
/// A pod has the size of those of a real cluster, about 5 KB of JSON at creation: probes,
/// environment, volumes, owner.
///
/// # Errors
///
/// When there is no node to bind to, or the API server refuses a pod.
pub async fn create(client: &Client, batch: &Batch) -> Result<()> {
    ensure!(!batch.nodes.is_empty(), "pods need nodes to be bound to");
    let api = Api::<Pod>::namespaced(client.clone(), &batch.namespace);
    stream::iter((0..batch.count).zip(batch.nodes.iter().cycle()))
        .map(async |(index, node)| {
            let object = serde_json::from_value(pod(batch, index, node))?;
            api.create(&PostParams::default(), &object)
                .await
                .with_context(|| format!("creating pod {index}"))?;
            anyhow::Ok(())
        })
        .buffer_unordered(CONCURRENCY)
        .try_collect()
        .await
}

/// Takes the pods of `batch` to `Running` without a kubelet: writes the status that one would.
///
/// # Errors
///
/// When the API server refuses a status.
pub async fn run(client: &Client, batch: &Batch) -> Result<()> {
    let api = Api::<Pod>::namespaced(client.clone(), &batch.namespace);
    stream::iter(0..batch.count)
        .map(async |index| {
            let name = format!("{}-{index}", batch.prefix);
            api.patch_status(&name, &PatchParams::default(), &Patch::Merge(running()))
                .await
                .with_context(|| format!("the status of pod {index}"))?;
            anyhow::Ok(())
        })
        .buffer_unordered(CONCURRENCY)
        .try_collect()
        .await
}

fn running() -> Value {
    const SINCE: &str = "2026-11-23T12:00:00Z";
    let conditions: Vec<Value> = [
        "PodReadyToStartContainers",
        "Initialized",
        "Ready",
        "ContainersReady",
        "PodScheduled",
    ]
    .iter()
    .map(|kind| json!({ "type": kind, "status": "True", "lastTransitionTime": SINCE }))
    .collect();
    json!({ "status": {
        "phase": "Running",
        "conditions": conditions,
        "hostIP": "10.0.0.1",
        "podIP": "10.244.0.1",
        "startTime": SINCE,
        "containerStatuses": [{
            "name": "engine",
            "image": "vllm/vllm-openai:v0.11.2",
            "imageID": format!("vllm/vllm-openai@sha256:{}", "0".repeat(64)),
            "containerID": format!("containerd://{}", "0".repeat(64)),
            "ready": true,
            "started": true,
            "restartCount": 0,
            "state": { "running": { "startedAt": SINCE } },
        }],
    } })
}

/// Waits until no pod of the namespace is in another phase than `Running`.
///
/// # Errors
///
/// When `limit` has passed.
pub async fn until_running(client: &Client, namespace: &str, limit: Duration) -> Result<()> {
    let api = Api::<Pod>::namespaced(client.clone(), namespace);
    let others = ListParams::default()
        .fields("status.phase!=Running")
        .limit(1);
    wait::until(&format!("all pods of {namespace} run"), limit, async || {
        Ok(api
            .list_metadata(&others)
            .await?
            .items
            .is_empty()
            .then_some(()))
    })
    .await
}

fn pod(batch: &Batch, index: usize, node: &str) -> Value {
    let prefix = &batch.prefix;
    let probe = |path: &str| {
        json!({
            "httpGet": { "path": path, "port": "http", "scheme": "HTTP" },
            "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 3,
        })
    };
    let environment: Vec<Value> = [
        "VLLM_USE_V1",
        "HF_HOME",
        "HF_HUB_OFFLINE",
        "NCCL_IB_HCA",
        "NCCL_DEBUG",
        "OMP_NUM_THREADS",
        "CUDA_DEVICE_MAX_CONNECTIONS",
        "LOG_LEVEL",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "MODEL_REVISION",
    ]
    .iter()
    .map(|name| json!({ "name": name, "value": format!("{prefix}-{}", name.to_lowercase()) }))
    .collect();
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": format!("{prefix}-{index}"),
            "namespace": batch.namespace,
            "labels": {
                "app.kubernetes.io/name": prefix,
                "app.kubernetes.io/instance": format!("{prefix}-{}", index % 50),
                "app.kubernetes.io/component": "serving-engine",
                "app.kubernetes.io/version": "0.11.2",
                "app.kubernetes.io/managed-by": "Helm",
                "pod-template-hash": format!("{:010x}", index % 50),
            },
            "annotations": {
                "prometheus.io/scrape": "true",
                "prometheus.io/port": "8000",
                "checksum/config": "0".repeat(64),
            },
        },
        "spec": {
            "nodeName": node,
            "containers": [{
                "name": "engine",
                "image": "vllm/vllm-openai:v0.11.2",
                "args": ["--model", "/models/weights", "--tensor-parallel-size", "1",
                    "--gpu-memory-utilization", "0.92", "--max-model-len", "32768"],
                "env": environment,
                "ports": [{ "name": "http", "containerPort": 8000 }],
                "resources": {
                    "requests": { "cpu": "100m", "memory": "256Mi" },
                    "limits": { "memory": "256Mi" },
                },
                "startupProbe": probe("/health"),
                "livenessProbe": probe("/health"),
                "readinessProbe": probe("/health"),
                "volumeMounts": [
                    { "name": "models", "mountPath": "/models" },
                    { "name": "shared-memory", "mountPath": "/dev/shm" },
                ],
            }],
            "volumes": [
                { "name": "models", "hostPath": { "path": "/var/lib/models" } },
                { "name": "shared-memory", "emptyDir": { "medium": "Memory" } },
            ],
            "tolerations": [{ "key": "nvidia.com/gpu", "operator": "Exists" }],
            "terminationGracePeriodSeconds": 30,
        },
    })
}
