//! Nodes as kubelets, feature discovery and device plugins leave them.

use jiff::Timestamp;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use crate::{
    clock, json, random,
    scenario::{Gpu, Pool, Publisher},
};

/// What a kubelet of the demo reports.
const KERNEL: &str = "6.8.0-79-generic";
const OS_IMAGE: &str = "Ubuntu 24.04.3 LTS";
const RUNTIME: &str = "containerd://2.2.1";

/// The node `index` of `pool` in a cluster of version `kubernetes`, which joined at `at`.
pub(crate) fn node(
    pool: &Pool,
    index: usize,
    kubernetes: &str,
    at: Timestamp,
    random: &mut ChaCha8Rng,
) -> Value {
    let name = pool.node_name(index);
    let is_cordoned = pool.cordoned.contains(&name);
    let mut taints: Vec<Value> = pool
        .taints
        .iter()
        .filter_map(|taint| parse_taint(taint))
        .collect();
    if is_cordoned {
        taints.push(
            json!({ "key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule",
            "timeAdded": clock::stamp(at) }),
        );
    }
    let mut spec = json!({
        "podCIDR": format!("10.{}.{}.0/24", 64 + index / 256, index % 256),
        "providerID": format!("metal3://{}", random::uuid(random)),
    });
    if !taints.is_empty() {
        json::as_object(&mut spec).insert("taints".to_owned(), taints.into());
    }
    if is_cordoned {
        json::as_object(&mut spec).insert("unschedulable".to_owned(), true.into());
    }
    let capacity = capacity(pool);
    json!({
        "metadata": {
            "name": name,
            "labels": labels(pool, index),
            "annotations": { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
            "creationTimestamp": clock::stamp(at),
        },
        "spec": spec,
        "status": {
            "capacity": capacity,
            "allocatable": allocatable(&capacity, pool),
            "conditions": conditions(at),
            "addresses": [
                { "type": "InternalIP", "address": address(&name) },
                { "type": "Hostname", "address": name },
            ],
            "daemonEndpoints": { "kubeletEndpoint": { "Port": 10250 } },
            "nodeInfo": {
                "machineID": random::hex(random, 32),
                "systemUUID": random::uuid(random),
                "bootID": random::uuid(random),
                "kernelVersion": KERNEL,
                "osImage": OS_IMAGE,
                "containerRuntimeVersion": RUNTIME,
                "kubeletVersion": kubernetes,
                "kubeProxyVersion": "",
                "operatingSystem": "linux",
                "architecture": "amd64",
            },
            "runtimeHandlers": [{ "name": "", "features": { "recursiveReadOnlyMounts": true,
                "userNamespaces": true } }],
        },
    })
}

/// The devices of a node whose accelerators a DRA driver publishes.
pub(crate) fn resource_slice(
    pool: &Pool,
    gpu: &Gpu,
    index: usize,
    node_uid: &str,
    random: &mut ChaCha8Rng,
) -> Value {
    let node = pool.node_name(index);
    let driver = driver_of(gpu, &node);
    let devices: Vec<Value> = (0..gpu.count)
        .map(|device| {
            json!({
                "name": format!("gpu-{device}"),
                "attributes": {
                    "type": { "string": "gpu" },
                    "uuid": { "string": format!("GPU-{}", random::uuid(random)) },
                    "productName": { "string": gpu.product },
                    "brand": { "string": "Nvidia" },
                    "architecture": { "string": capitalised(&gpu.family) },
                    "cudaComputeCapability": { "version": format!("{}.0", gpu.compute) },
                    "driverVersion": { "version": driver },
                    "cudaDriverVersion": { "version": format!("{}.0", gpu.cuda) },
                    "resource.kubernetes.io/pcieRoot": {
                        "string": format!("pci0000:{:02x}", 0x10 + device * 0x10),
                    },
                },
                "capacity": { "memory": { "value": format!("{}Mi", gpu.memory_mib) } },
            })
        })
        .collect();
    json!({
        "metadata": {
            "name": format!("{node}-gpu.nvidia.com-{}", random::suffix(random, 5)),
            "generateName": format!("{node}-gpu.nvidia.com-"),
            "ownerReferences": [{ "apiVersion": "v1", "kind": "Node", "name": node,
                "uid": node_uid, "controller": true }],
        },
        "spec": {
            "driver": "gpu.nvidia.com",
            "nodeName": node,
            "pool": { "name": node, "generation": 1, "resourceSliceCount": 1 },
            "devices": devices,
        },
    })
}

fn labels(pool: &Pool, index: usize) -> Map<String, Value> {
    let name = pool.node_name(index);
    let mut labels = Map::new();
    let mut put = |label: &str, value: &str| {
        labels.insert(label.to_owned(), value.into());
    };
    put("kubernetes.io/arch", "amd64");
    put("kubernetes.io/os", "linux");
    put("kubernetes.io/hostname", &name);
    put("beta.kubernetes.io/arch", "amd64");
    put("beta.kubernetes.io/os", "linux");
    put("node.kubernetes.io/instance-type", &pool.instance_type);
    put("feature.node.kubernetes.io/kernel-version.full", KERNEL);
    put("feature.node.kubernetes.io/system-os_release.ID", "ubuntu");
    put(
        "feature.node.kubernetes.io/system-os_release.VERSION_ID",
        "24.04",
    );
    put("feature.node.kubernetes.io/cpu-model.vendor_id", "AMD");
    if let Some(rack) = pool.rack(index) {
        put("topology.kubernetes.io/region", "fra");
        put("topology.kubernetes.io/zone", &rack.zone);
        put("cloud.provider.com/topology-block", &rack.block);
        put("cloud.provider.com/topology-rack", &rack.name);
    }
    if let Some(gpu) = &pool.gpu {
        put("feature.node.kubernetes.io/pci-10de.present", "true");
        for (label, value) in gpu_labels(gpu, &name) {
            put(&label, &value);
        }
    }
    for (label, value) in &pool.labels {
        put(label, value);
    }
    labels
}

/// What GPU feature discovery and the GPU operator write.
fn gpu_labels(gpu: &Gpu, node: &str) -> Vec<(String, String)> {
    let driver = driver_of(gpu, node);
    let mut parts = driver.split('.');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (major, minor, revision) = (part(), part(), part());
    let (compute_major, compute_minor) = gpu.compute.split_once('.').unwrap_or((&gpu.compute, "0"));
    let (cuda_major, cuda_minor) = gpu.cuda.split_once('.').unwrap_or((&gpu.cuda, "0"));
    let published_by = match gpu.published_by {
        Publisher::DevicePlugin => "device-plugin",
        Publisher::Dra => "dra-driver",
    };
    let deployed = [
        "driver",
        "container-toolkit",
        "dcgm",
        "dcgm-exporter",
        "gpu-feature-discovery",
        "operator-validator",
        published_by,
    ];
    let mut labels = vec![
        ("nvidia.com/gpu.present".to_owned(), "true".to_owned()),
        (
            "nvidia.com/gpu.product".to_owned(),
            gpu.product.replace(' ', "-"),
        ),
        ("nvidia.com/gpu.count".to_owned(), gpu.count.to_string()),
        (
            "nvidia.com/gpu.memory".to_owned(),
            gpu.memory_mib.to_string(),
        ),
        ("nvidia.com/gpu.family".to_owned(), gpu.family.clone()),
        ("nvidia.com/gpu.mode".to_owned(), "compute".to_owned()),
        ("nvidia.com/gpu.replicas".to_owned(), "1".to_owned()),
        (
            "nvidia.com/gpu.sharing-strategy".to_owned(),
            "none".to_owned(),
        ),
        (
            "nvidia.com/gpu.compute.major".to_owned(),
            compute_major.to_owned(),
        ),
        (
            "nvidia.com/gpu.compute.minor".to_owned(),
            compute_minor.to_owned(),
        ),
        (
            "nvidia.com/cuda.driver-version.full".to_owned(),
            driver.to_owned(),
        ),
        ("nvidia.com/cuda.driver-version.major".to_owned(), major),
        ("nvidia.com/cuda.driver-version.minor".to_owned(), minor),
        (
            "nvidia.com/cuda.driver-version.revision".to_owned(),
            revision,
        ),
        (
            "nvidia.com/cuda.runtime-version.full".to_owned(),
            gpu.cuda.clone(),
        ),
        (
            "nvidia.com/cuda.runtime-version.major".to_owned(),
            cuda_major.to_owned(),
        ),
        (
            "nvidia.com/cuda.runtime-version.minor".to_owned(),
            cuda_minor.to_owned(),
        ),
        ("nvidia.com/mig.strategy".to_owned(), "single".to_owned()),
        ("nvidia.com/mps.capable".to_owned(), "false".to_owned()),
        (
            "nvidia.com/gpu-driver-upgrade-state".to_owned(),
            "upgrade-done".to_owned(),
        ),
    ];
    labels
        .extend(deployed.map(|name| (format!("nvidia.com/gpu.deploy.{name}"), "true".to_owned())));
    labels
}

fn driver_of<'a>(gpu: &'a Gpu, node: &str) -> &'a str {
    gpu.other_drivers
        .iter()
        .find(|(_, nodes)| nodes.iter().any(|known| known == node))
        .map_or(gpu.driver.as_str(), |(driver, _)| driver)
}

fn capacity(pool: &Pool) -> Value {
    let mut capacity = json!({
        "cpu": pool.cpu,
        "memory": pool.memory,
        "ephemeral-storage": "3750720Mi",
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        "pods": "250",
    });
    let fields = json::as_object(&mut capacity);
    for (resource, amount) in &pool.resources {
        fields.insert(resource.clone(), amount.as_str().into());
    }
    if let Some(gpu) = &pool.gpu
        && gpu.published_by == Publisher::DevicePlugin
    {
        fields.insert("nvidia.com/gpu".to_owned(), gpu.count.to_string().into());
    }
    capacity
}

/// What is left for pods: the kubelet and the system keep a core and 4 GiB.
fn allocatable(capacity: &Value, pool: &Pool) -> Value {
    let mut allocatable = capacity.clone();
    let fields = json::as_object(&mut allocatable);
    let cpu = strata_domain::quantity::parse_millicores(&pool.cpu).unwrap_or(0);
    let memory = strata_domain::quantity::parse_count(&pool.memory).unwrap_or(0);
    let kept = 4 << 30;
    fields.insert(
        "cpu".to_owned(),
        format!("{}m", cpu.saturating_sub(1000)).into(),
    );
    fields.insert(
        "memory".to_owned(),
        format!("{}Ki", memory.saturating_sub(kept) / 1024).into(),
    );
    allocatable
}

fn conditions(at: Timestamp) -> Value {
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({ "type": kind, "status": status, "reason": reason, "message": message,
            "lastHeartbeatTime": clock::stamp(at), "lastTransitionTime": clock::stamp(at) })
    };
    json!([
        condition(
            "MemoryPressure",
            "False",
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available"
        ),
        condition(
            "DiskPressure",
            "False",
            "KubeletHasNoDiskPressure",
            "kubelet has no disk pressure"
        ),
        condition(
            "PIDPressure",
            "False",
            "KubeletHasSufficientPID",
            "kubelet has sufficient PID available"
        ),
        condition(
            "Ready",
            "True",
            "KubeletReady",
            "kubelet is posting ready status"
        ),
    ])
}

/// `KEY=VALUE:EFFECT` or `KEY:EFFECT`.
fn parse_taint(text: &str) -> Option<Value> {
    let (key, effect) = text.rsplit_once(':')?;
    Some(match key.split_once('=') {
        Some((key, value)) => json!({ "key": key, "value": value, "effect": effect }),
        None => json!({ "key": key, "effect": effect }),
    })
}

/// An address in 10.0.0.0/8 that depends on the name alone.
pub(crate) fn address(name: &str) -> String {
    let hash = random::hash(name);
    format!(
        "10.{}.{}.{}",
        128 + hash % 64,
        (hash >> 8) % 256,
        1 + (hash >> 16) % 254
    )
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
