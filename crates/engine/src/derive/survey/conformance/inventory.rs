//! What a test workload is filled in with: the names of what this cluster has, each chosen so that the
//! test has the best chance to run.

use std::collections::BTreeMap;

use strata_domain::{
    accelerator::{Unit, classify},
    condition::{Status, holds},
    custom::Custom,
    ids::GroupKind,
    node::Node,
};

use super::{
    super::Ground,
    accelerators::{DRIVER_VERSION, RESOURCE},
    services::sandboxes,
};

const TRAINER: &str = "trainer.kubeflow.org";

/// What the cluster has by the name `name`; `None` where it has no such thing.
pub(super) fn of(ground: Ground<'_>, name: &str) -> Option<String> {
    match name {
        "accelerator" => Some(accelerator(ground)?.to_owned()),
        "accelerator_node" => roomiest(ground).map(hostname),
        "more_than_all" => Some((offered(ground).sum::<u64>() + 1).to_string()),
        "whole_node" => whole_node(ground),
        "queue" => Some(queue(ground)?.metadata.key.name.to_string()),
        "queue_namespace" => Some(queue(ground)?.metadata.key.namespace.to_string()),
        "device_class" => device_class(ground),
        "dra_version" => dra_version(ground).map(str::to_owned),
        "driver" => driver(ground).map(|(_, version)| version.to_owned()),
        "driver_node" => driver(ground).map(|(node, _)| hostname(node)),
        "share" => share(ground).map(|(_, resource)| resource.to_owned()),
        "share_node" => share(ground).map(|(node, _)| hostname(node)),
        "sandbox" => {
            let classes = sandboxes(ground);
            let names = classes.iter().map(|(plain, _)| &plain.metadata.key.name);
            names.min().map(ToString::to_string)
        }
        "kernels" => kernels(ground),
        "training_runtime" => training_runtime(ground),
        _ => None,
    }
}

/// Nodes that take pods.
fn usable(ground: Ground<'_>) -> impl Iterator<Item = &Node> {
    let nodes = ground.cluster.nodes();
    nodes.filter(|node| !node.cordoned && node.ready() == Status::True)
}

fn hostname(node: &Node) -> String {
    let label = node.metadata.labels.get("kubernetes.io/hostname");
    label.unwrap_or(&node.metadata.key.name).to_owned()
}

/// The resource by which most whole devices are offered.
fn accelerator(ground: Ground<'_>) -> Option<&str> {
    let mut amounts: BTreeMap<&str, u64> = BTreeMap::new();
    for (resource, amount) in usable(ground).flat_map(|node| &node.allocatable.extended) {
        if classify(resource).is_some_and(|known| known.unit == Unit::Device) {
            *amounts.entry(resource.as_str()).or_default() += amount;
        }
    }
    let most = amounts.into_iter().max_by_key(|(_, amount)| *amount)?;
    (most.1 > 0).then_some(most.0)
}

fn amount_of(node: &Node, resource: &str) -> u64 {
    let mut resources = node.allocatable.extended.iter();
    let found = resources.find(|(name, _)| *name == resource);
    found.map_or(0, |(_, amount)| *amount)
}

/// How many of the accelerator each node offers, cordoned ones too: they may come back meanwhile.
fn offered(ground: Ground<'_>) -> impl Iterator<Item = u64> {
    let resource = accelerator(ground).unwrap_or_default();
    let nodes = ground.cluster.nodes();
    nodes.map(move |node| amount_of(node, resource))
}

/// How many devices of `node` nobody holds.
fn free(ground: Ground<'_>, node: &Node) -> u64 {
    let counted = ground.derived.accelerators.of(&node.metadata.key.name);
    counted.map_or(0, |devices| {
        let held = devices.allocated.saturating_add(devices.unhealthy);
        devices.total.saturating_sub(held).into()
    })
}

/// The node of those that offer the accelerator on which most of it is free.
fn roomiest(ground: Ground<'_>) -> Option<&Node> {
    let resource = accelerator(ground)?;
    let nodes = usable(ground).filter(|node| amount_of(node, resource) > 0);
    nodes.max_by_key(|node| {
        let name = std::cmp::Reverse(&node.metadata.key.name);
        (free(ground, node), name)
    })
}

/// As many accelerators as the largest node has, where no such node is free: only then does a pod
/// that asks for them wait for another one.
fn whole_node(ground: Ground<'_>) -> Option<String> {
    let resource = accelerator(ground)?;
    let largest = usable(ground).map(|node| amount_of(node, resource)).max()?;
    let is_free = |node: &Node| amount_of(node, resource) > 0 && free(ground, node) >= largest;
    (largest > 0 && !usable(ground).any(is_free)).then(|| largest.to_string())
}

/// A queue that takes jobs.
fn queue(ground: Ground<'_>) -> Option<&Custom> {
    let kind = GroupKind::new("kueue.x-k8s.io", "LocalQueue");
    let queues = ground.cluster.custom(&kind);
    queues.min_by_key(|queue| {
        let is_active = holds(&queue.conditions, "Active");
        (!is_active, &queue.metadata.key)
    })
}

/// The class of the devices that a driver publishes, which is called as the driver is.
fn device_class(ground: Ground<'_>) -> Option<String> {
    let kind = GroupKind::new(RESOURCE, "DeviceClass");
    let classes = ground.cluster.plain_of(&kind);
    let is_published = |name: &str| ground.cluster.slices().any(|slice| slice.driver == *name);
    classes
        .map(|class| &class.metadata.key.name)
        .filter(|name| is_published(name))
        .min()
        .map(ToString::to_string)
}

/// The version in which claims are written as the test writes them.
fn dra_version(ground: Ground<'_>) -> Option<&'static str> {
    let served = ground.served(RESOURCE, "ResourceClaimTemplate")?;
    let is_served = |version: &&str| served.versions.iter().any(|known| known == version);
    ["v1", "v1beta2"].into_iter().find(is_served)
}

/// A node that offers GPUs of NVIDIA, and the version of its driver by its label.
fn driver(ground: Ground<'_>) -> Option<(&Node, &str)> {
    let nodes = usable(ground).filter(|node| amount_of(node, "nvidia.com/gpu") > 0);
    let told = nodes.filter_map(|node| Some((node, node.metadata.labels.get(DRIVER_VERSION)?)));
    told.max_by_key(|(node, _)| {
        let name = std::cmp::Reverse(&node.metadata.key.name);
        (free(ground, node), name)
    })
}

/// A node that offers at least two parts of a device, and what they are called.
fn share(ground: Ground<'_>) -> Option<(&Node, &str)> {
    usable(ground).find_map(|node| {
        let mut resources = node.allocatable.extended.iter();
        let is_part = |unit: &Unit| matches!(unit, Unit::Share | Unit::Partition(_));
        let (name, _) = resources.find(|(name, amount)| {
            *amount > 1 && classify(name).is_some_and(|known| is_part(&known.unit))
        })?;
        Some((node, name.as_str()))
    })
}

/// The kernels of all nodes, each once.
fn kernels(ground: Ground<'_>) -> Option<String> {
    let mut kernels: Vec<&str> = ground
        .cluster
        .nodes()
        .map(|node| node.software.kernel.as_str())
        .collect();
    kernels.sort_unstable();
    kernels.dedup();
    (!kernels.is_empty()).then(|| kernels.join(" "))
}

/// The runtime that train jobs here are made with; where there are none, the one that Trainer brings.
fn training_runtime(ground: Ground<'_>) -> Option<String> {
    ground.served(TRAINER, "TrainJob")?;
    let kind = GroupKind::new(TRAINER, "TrainJob");
    let used = ground.cluster.custom(&kind);
    let used = used.filter_map(|job| job.field("spec.runtimeRef.name"));
    Some(used.min().unwrap_or("torch-distributed").to_owned())
}
