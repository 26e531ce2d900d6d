//! What a kubelet tells of its node and pods: `/metrics/resource` and `/stats/summary`.
//!
//! Source: kubernetes `pkg/kubelet/metrics/collectors/resource_metrics.go`,
//! `staging/src/k8s.io/kubelet/pkg/apis/stats/v1alpha1/types.go`.

use serde_json::{Value, json};

use super::{
    exposition::{Kind, Page, Series, Style, labels},
    usage::{ContainerUsage, NodeUsage, PodUsage},
    volumes::VolumeUsage,
    whole,
};
use crate::json;

const GAUGE: (Kind, Style) = (Kind::Gauge, Style::Go);
const COUNTER: (Kind, Style) = (Kind::Counter, Style::Go);

type Read = fn(&ContainerUsage, f64) -> f64;

/// What is told of each container, and of each pod as the sum over its containers.
#[rustfmt::skip]
const OF_CONTAINERS: [((Kind, Style), &str, &str, Read); 3] = [
    (COUNTER, "container_cpu_usage_seconds_total", "[STABLE] Cumulative cpu time consumed by the container in core-seconds", ContainerUsage::cpu_seconds),
    (GAUGE, "container_memory_working_set_bytes", "[STABLE] Current working set of the container in bytes", ContainerUsage::memory),
    (GAUGE, "container_start_time_seconds", "[STABLE] Start time of the container since unix epoch in seconds", |used, _| used.since),
];
#[rustfmt::skip]
const OF_PODS: [((Kind, Style), &str, &str, Read); 2] = [
    (COUNTER, "pod_cpu_usage_seconds_total", "[STABLE] Cumulative cpu time consumed by the pod in core-seconds", ContainerUsage::cpu_seconds),
    (GAUGE, "pod_memory_working_set_bytes", "[STABLE] Current working set of the pod in bytes", ContainerUsage::memory),
];

/// The page `/metrics/resource` of a node.
pub(super) fn resource(node: &NodeUsage, now: f64) -> String {
    let mut page = Page::whole();
    for (kind, name, help, read) in OF_CONTAINERS {
        page.tell(kind, name, help, || of_containers(node, read, now));
    }
    page.tell(
        COUNTER,
        "node_cpu_usage_seconds_total",
        "[STABLE] Cumulative cpu time consumed by the node in core-seconds",
        || {
            let used = node.cpu.amount(node.since, now);
            vec![Series::constant(Vec::new(), used, 0.0)]
        },
    );
    page.tell(
        GAUGE,
        "node_memory_working_set_bytes",
        "[STABLE] Current working set of the node in bytes",
        || vec![Series::constant(Vec::new(), node.working_set, 0.0)],
    );
    for (kind, name, help, read) in OF_PODS {
        page.tell(kind, name, help, || of_pods(node, read, now));
    }
    page.tell(
        GAUGE,
        "resource_scrape_error",
        "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise",
        || vec![Series::constant(Vec::new(), 0.0, 0.0)],
    );
    page.text(now)
}

fn of_containers(node: &NodeUsage, read: Read, now: f64) -> Vec<Series> {
    let mut all = Vec::new();
    for PodUsage {
        key, containers, ..
    } in &node.pods
    {
        for used in containers {
            let labels = labels([
                ("container", &used.name),
                ("namespace", &key.namespace),
                ("pod", &key.name),
            ]);
            all.push(Series::constant(labels, read(used, now), 0.0));
        }
    }
    all
}

fn of_pods(node: &NodeUsage, read: Read, now: f64) -> Vec<Series> {
    node.pods
        .iter()
        .map(
            |PodUsage {
                 key, containers, ..
             }| {
                let labels = labels([("namespace", &key.namespace), ("pod", &key.name)]);
                let sum = containers.iter().map(|used| read(used, now)).sum();
                Series::constant(labels, sum, 0.0)
            },
        )
        .collect()
}

/// The document `/stats/summary` of the node `name`.
pub(super) fn summary(name: &str, node: &NodeUsage, now: f64, stamp: &str) -> Value {
    let usage = |cores: f64, seconds: f64| {
        json!({
            "time": stamp,
            "usageNanoCores": whole(cores * 1e9),
            "usageCoreNanoSeconds": whole(seconds * 1e9),
        })
    };
    let memory = |bytes: f64| {
        json!({ "time": stamp, "workingSetBytes": whole(bytes), "usageBytes": whole(bytes * 1.08),
            "rssBytes": whole(bytes * 0.82) })
    };
    let pods: Vec<Value> = node
        .pods
        .iter()
        .map(|pod| {
            let PodUsage {
                key,
                uid,
                containers,
                volumes,
            } = pod;
            let each: Vec<Value> = containers
                .iter()
                .map(|used| {
                    json!({
                        "name": used.name,
                        "startTime": super::stamp(used.since),
                        "cpu": usage(used.cpu.at(now), used.cpu_seconds(now)),
                        "memory": memory(used.memory(now)),
                    })
                })
                .collect();
            let cores: f64 = containers.iter().map(|used| used.cpu.at(now)).sum();
            let seconds: f64 = containers.iter().map(|used| used.cpu_seconds(now)).sum();
            let bytes: f64 = containers.iter().map(|used| used.memory(now)).sum();
            let mut told = json!({
                "podRef": { "name": key.name.as_str(), "namespace": key.namespace.as_str(),
                    "uid": uid.as_str() },
                "startTime": containers.first().map(|used| super::stamp(used.since)),
                "containers": each,
                "cpu": usage(cores, seconds),
                "memory": memory(bytes),
            });
            let volumes: Vec<Value> = volumes
                .iter()
                .map(|volume| volume_stats(volume, stamp))
                .collect();
            if !volumes.is_empty() {
                json::as_object(&mut told).insert("volume".to_owned(), volumes.into());
            }
            told
        })
        .collect();
    json!({
        "node": {
            "nodeName": name,
            "startTime": super::stamp(node.since),
            "cpu": usage(node.cpu.at(now), node.cpu.amount(node.since, now)),
            "memory": {
                "time": stamp,
                "availableBytes": whole(node.memory_bytes - node.working_set),
                "usageBytes": whole(node.working_set * 1.2),
                "workingSetBytes": whole(node.working_set),
                "rssBytes": whole(node.working_set * 0.7),
            },
        },
        "pods": pods,
    })
}

/// `VolumeStats` of a volume: one that a claim is behind says so.
fn volume_stats(volume: &VolumeUsage, stamp: &str) -> Value {
    let free = volume.capacity - volume.used;
    let mut stats = json!({
        "time": stamp,
        "availableBytes": whole(free),
        "capacityBytes": whole(volume.capacity),
        "usedBytes": whole(volume.used),
        "inodesFree": whole(volume.inodes - volume.inodes_used),
        "inodes": whole(volume.inodes),
        "inodesUsed": whole(volume.inodes_used),
        "name": volume.name,
    });
    if let Some(claim) = &volume.claim {
        let claim = json!({ "name": claim.name.as_str(), "namespace": claim.namespace.as_str() });
        json::as_object(&mut stats).insert("pvcRef".to_owned(), claim);
    }
    stats
}
