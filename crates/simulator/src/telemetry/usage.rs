//! What containers and nodes use of CPU and memory.

use strata_domain::quantity;

use super::{
    curve::{self, Curve},
    facts::PodFacts,
    number,
    volumes::{self, VolumeUsage},
};
use crate::{
    random,
    server::Server,
    store::Stored,
    world::{node_kind, pod_kind},
};

/// What a container uses.
#[derive(Clone, Debug)]
pub(crate) struct ContainerUsage {
    pub(crate) name: String,
    /// When it was started.
    pub(crate) since: f64,
    /// Cores.
    pub(crate) cpu: Curve,
    /// The working set when it has settled, in bytes.
    settled: f64,
}

impl ContainerUsage {
    /// CPU time used up to `time`, in seconds.
    pub(crate) fn cpu_seconds(&self, time: f64) -> f64 {
        self.cpu.amount(self.since, time)
    }

    /// The working set, in bytes: it grows while the program starts.
    pub(crate) fn memory(&self, time: f64) -> f64 {
        let grown = ((time - self.since) / 60.0).clamp(0.05, 1.0);
        (self.settled * grown / 4096.0).floor() * 4096.0
    }
}

/// What the containers of a pod use that run.
pub(crate) fn of_pod(stored: &Stored, facts: &PodFacts) -> Vec<ContainerUsage> {
    let has_gpus = facts
        .spec
        .containers
        .iter()
        .any(|container| container.resources.limits.contains_key("nvidia.com/gpu"));
    facts
        .spec
        .containers
        .iter()
        .enumerate()
        .filter_map(|(at, container)| {
            let since = facts.running_since(at)?;
            let seed = curve::mix(random::hash(&stored.uid) ^ random::hash(&container.name));
            let asked = |name: &str| container.resources.requests.get(name);
            let cores = asked("cpu")
                .and_then(|text| quantity::parse_millicores(text))
                .map_or(0.05, |millicores| number(millicores) / 1000.0);
            let bytes = asked("memory")
                .and_then(|text| quantity::parse_count(text))
                .map_or(96.0 * 1_048_576.0, number);
            let share = curve::between(seed ^ 1, 0.12, if has_gpus { 0.4 } else { 0.65 });
            let level = cores * share;
            Some(ContainerUsage {
                name: container.name.clone(),
                since,
                cpu: Curve::constant(level)
                    .wave(level * 0.2, 86_400.0, 48_600.0)
                    .noise(level * 0.45, 53.0, seed)
                    .noise(level * 0.2, 611.0, seed ^ 2),
                settled: bytes * curve::between(seed ^ 3, 0.38, 0.86),
            })
        })
        .collect()
}

/// What a node has, and what its pods and its system use of it.
#[derive(Clone, Debug)]
pub(crate) struct NodeUsage {
    pub(crate) since: f64,
    pub(crate) cores: f64,
    pub(crate) memory_bytes: f64,
    /// Cores in use.
    pub(crate) cpu: Curve,
    /// The working set, in bytes.
    pub(crate) working_set: f64,
    /// The pods.
    pub(crate) pods: Vec<PodUsage>,
}

/// What a pod uses.
#[derive(Clone, Debug)]
pub(crate) struct PodUsage {
    pub(crate) key: strata_domain::ids::ObjectKey,
    pub(crate) uid: strata_domain::text::Text,
    pub(crate) containers: Vec<ContainerUsage>,
    pub(crate) volumes: Vec<VolumeUsage>,
}

/// What the node `name` uses.
pub(crate) fn of_node(server: &Server, name: &str, now: f64) -> Option<NodeUsage> {
    let key = strata_domain::ids::ObjectKey::new("", name);
    let node = server.store.get(&node_kind(), &key)?;
    let object = node.value();
    let capacity = |resource: &str| {
        crate::json::text(&object, &format!("/status/capacity/{resource}")).to_owned()
    };
    let cores = quantity::parse_millicores(&capacity("cpu")).map_or(1.0, |it| number(it) / 1000.0);
    let memory_bytes = quantity::parse_count(&capacity("memory")).map_or(0.0, number);
    let pods: Vec<_> = server
        .inventory
        .pods_on(name)
        .into_iter()
        .filter_map(|key| {
            let stored = server.store.get(&pod_kind(), &key)?;
            let facts = PodFacts::read(&stored);
            let used = of_pod(&stored, &facts);
            (!used.is_empty()).then(|| PodUsage {
                volumes: volumes::of_pod(server, &key, &facts, memory_bytes, now),
                uid: stored.uid.clone(),
                containers: used,
                key,
            })
        })
        .collect();
    // The kubelet, the runtime and the system.
    let own = 0.35 + cores * 0.004;
    let containers = || pods.iter().flat_map(|pod| &pod.containers);
    let level: f64 = own + containers().map(|used| used.cpu.level()).sum::<f64>();
    let level = level.min(cores * 0.94);
    let memory: f64 = containers().map(|used| used.memory(now)).sum();
    let seed = curve::mix(random::hash(&node.uid));
    let since = crate::json::text(&object, "/metadata/creationTimestamp")
        .parse()
        .map_or(0.0, super::seconds);
    Some(NodeUsage {
        since,
        cores,
        memory_bytes,
        cpu: Curve::constant(level)
            .noise(level * 0.05, 41.0, seed)
            .noise(level * 0.03, 617.0, seed ^ 1),
        working_set: (memory + memory_bytes * 0.012 + 1.6e9)
            .min(memory_bytes * 0.97)
            .floor(),
        pods,
    })
}
