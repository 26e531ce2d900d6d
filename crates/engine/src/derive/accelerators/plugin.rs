//! Devices that device plugins count on nodes.
//!
//! What a node calls capacity is not always devices: time-slicing multiplies them, MIG cuts them
//! into partitions, and both hide how many there are. The labels of NVIDIA's feature discovery
//! tell: with `mig.strategy=mixed`, `gpu.count` is the number of whole GPUs; with `single` it is
//! the number of partitions (NVIDIA/k8s-device-plugin, `internal/lm/mig-strategy.go`);
//! `gpu.replicas` is how often each is offered.

use strata_domain::{
    accelerator::{Unit, Vendor, ascend_cores, classify, model_of_product},
    node::Node,
    text::Text,
};

use super::{Maker, Offered};

/// AWS's devices, and their cores.
const NEURON: &str = "aws.amazon.com/neuron";
const NEURON_CORE: &str = "aws.amazon.com/neuroncore";

/// An extended resource of a node that stands for accelerators.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    /// The resource's name.
    pub(super) resource: Text,
    /// Who makes the devices.
    pub(super) maker: Maker,
    /// How many units of the resource one device gives.
    pub(super) per_device: u64,
    /// Units that the node has.
    capacity: u64,
    /// Units that pods may take.
    allocatable: u64,
    /// Whether a unit is a partition.
    is_partition: bool,
    /// Whether several pods use one device at once, unparted.
    pub(super) is_shared: bool,
    /// Whether its units are parts of devices that another resource of the node counts.
    is_counted_otherwise: bool,
}

impl Offer {
    pub(super) fn told(&self) -> Offered<'_> {
        Offered {
            resource: &self.resource,
            capacity: self.capacity,
            allocatable: self.allocatable,
            is_partition: self.is_partition,
            is_shared: self.is_shared,
        }
    }
}

/// Devices of one maker on one node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Devices {
    /// Physical devices.
    pub(super) total: u64,
    /// Of these, the ones that may not be allocated.
    pub(super) unhealthy: u64,
}

/// The accelerator resources of `node`. `extra` tells the maker of resources that only a
/// `DeviceClass` names.
pub(super) fn offers(node: &Node, extra: impl Fn(&str) -> Option<Maker>) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    for (resource, capacity) in &node.capacity.extended {
        let Some((maker, unit)) = classify(resource)
            .map(|known| (Maker::Known(known.vendor), known.unit))
            .or_else(|| extra(resource).map(|maker| (maker, Unit::Device)))
        else {
            continue;
        };
        // One device under two names (`neuron` and the older `neurondevice`) is one device. Cores are
        // always told beside the devices that they are of.
        let has_neurons = node.capacity.extended(NEURON).is_some();
        if (resource == "aws.amazon.com/neurondevice" && has_neurons)
            || (resource == NEURON_CORE && !has_neurons)
        {
            continue;
        }
        let (per_device, is_partition) = match &unit {
            Unit::Partition(_) if resource == NEURON_CORE => {
                let devices = node.capacity.extended(NEURON).unwrap_or(0);
                (capacity.div_ceil(devices.max(1)).max(1), true)
            }
            Unit::Partition(profile) => (partitions_of_device(&maker, profile, node), true),
            Unit::Device | Unit::Share if maker == Maker::Known(Vendor::Nvidia) => {
                units_of_nvidia_device(node, *capacity, &unit)
            }
            Unit::Device | Unit::Share => (1, false),
        };
        offers.push(Offer {
            resource: resource.clone(),
            maker,
            per_device,
            capacity: *capacity,
            allocatable: node.allocatable.extended(resource).unwrap_or(0),
            is_partition,
            is_shared: !is_partition && per_device > 1,
            is_counted_otherwise: resource == NEURON_CORE,
        });
    }
    offers
}

/// The physical devices of `maker` behind `offers`.
pub(super) fn devices(node: &Node, offers: &[Offer], maker: &Maker) -> Devices {
    let mine = || {
        let of_maker = offers.iter().filter(|offer| offer.maker == *maker);
        of_maker.filter(|offer| !offer.is_counted_otherwise)
    };
    let whole = |pick: fn(&Offer) -> u64| -> u64 {
        let devices = mine().filter(|offer| !offer.is_partition);
        devices
            .map(|offer| pick(offer).div_ceil(offer.per_device))
            .sum()
    };
    let parted = |pick: fn(&Offer) -> u64| -> u64 {
        let shares = mine().filter(|offer| offer.is_partition);
        rounded_up(
            shares
                .map(|offer| share(pick(offer), offer.per_device))
                .sum(),
        )
    };
    let lost = |offer: &Offer| offer.capacity.saturating_sub(offer.allocatable);
    let counted = whole(|offer| offer.capacity) + parted(|offer| offer.capacity);
    let labelled = if *maker == Maker::Known(Vendor::Nvidia) && !is_single_mig(node) {
        count_label(node, "nvidia.com/gpu.count")
    } else {
        0
    };
    // A plugin that withdrew all its devices leaves a capacity of zero beside the label.
    let is_withdrawn = counted == 0 && labelled > 0 && mine().next().is_some();
    let total = counted.max(labelled);
    let unhealthy = if is_withdrawn {
        total
    } else {
        whole(|offer| offer.capacity.saturating_sub(offer.allocatable))
            + rounded_up(
                mine()
                    .filter(|offer| offer.is_partition)
                    .map(|offer| share(lost(offer), offer.per_device))
                    .sum(),
            )
    };
    Devices {
        total: if mine().next().is_some() { total } else { 0 },
        unhealthy: unhealthy.min(total),
    }
}

/// `units` as a share of devices that give `per_device` units each.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of devices are far below 2^52"
)]
pub(super) fn share(units: u64, per_device: u64) -> f64 {
    units as f64 / per_device.max(1) as f64
}

/// Devices that a sum of shares fills or has begun. Seven sevenths are one device, not two.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of shares is small and not negative"
)]
pub(super) fn rounded_up(shares: f64) -> u64 {
    (shares - 1e-6).ceil().max(0.0) as u64
}

fn count_label(node: &Node, key: &str) -> u64 {
    node.metadata
        .labels
        .get(key)
        .and_then(|value| value.parse().ok())
        .unwrap_or(0)
}

fn is_single_mig(node: &Node) -> bool {
    single_mig_profile(node).is_some()
}

/// The profile of a node whose every `nvidia.com/gpu` is a MIG partition.
fn single_mig_profile(node: &Node) -> Option<&str> {
    let labels = &node.metadata.labels;
    (labels.get("nvidia.com/mig.strategy") == Some("single"))
        .then(|| labels.get("nvidia.com/gpu.product"))
        .flatten()
        .and_then(|product| product.split_once("-MIG-"))
        .map(|(_, profile)| profile.trim_end_matches("-SHARED"))
}

fn units_of_nvidia_device(node: &Node, capacity: u64, unit: &Unit) -> (u64, bool) {
    let labels = &node.metadata.labels;
    let replicas = count_label(node, "nvidia.com/gpu.replicas").max(1);
    if let Some(profile) = single_mig_profile(node) {
        let per_device = partitions_of_device(&Maker::Known(Vendor::Nvidia), profile, node);
        return (per_device * replicas, true);
    }
    let is_renamed = node.capacity.extended("nvidia.com/gpu.shared").is_some();
    if replicas > 1 {
        // Under its own name, the share alone is multiplied.
        let applies = !is_renamed || matches!(unit, Unit::Share);
        return (if applies { replicas } else { 1 }, false);
    }
    // HAMi offers a GPU several times without a label that says how often.
    let physical = count_label(node, "nvidia.com/gpu.count");
    let is_told_apart = labels.get("nvidia.com/gpu.sharing-strategy") == Some("none")
        && labels.get("gpu") != Some("on");
    let per_device = if physical > 0 && capacity > physical && !is_told_apart {
        capacity.div_ceil(physical)
    } else {
        1
    };
    (per_device, false)
}

/// How many partitions of `profile` one device gives.
///
/// NVIDIA: `2g.10gb` takes 2 of 7 compute slices (of 4 on the A30) and 10 GB of the device's memory,
/// whichever runs out first (MIG User Guide, "Supported MIG Profiles"). AMD: the words of its
/// compute partitioning, SPX, DPX, QPX and CPX, cut an MI300X into 1, 2, 4 and 8. Huawei: a virtual
/// NPU has some of the 32 AI cores of an Ascend 910, or of the 8 of a 310P.
fn partitions_of_device(maker: &Maker, profile: &str, node: &Node) -> u64 {
    if *maker == Maker::Known(Vendor::Amd) {
        return match profile.split('_').next() {
            Some("dpx") => 2,
            Some("qpx") => 4,
            Some("cpx") => 8,
            _ => 1,
        };
    }
    if let Some(cores) = ascend_cores(profile) {
        let all: u64 = if profile.starts_with("Ascend310P") {
            8
        } else {
            32
        };
        return (all / cores.clamp(1, all)).max(1);
    }
    let product = node
        .metadata
        .labels
        .get("nvidia.com/gpu.product")
        .unwrap_or_default();
    let model = model_of_product(product);
    let slices = if model.split(' ').any(|word| word == "A30") {
        4
    } else {
        7
    };
    let (compute, memory) = profile.split_once('.').unwrap_or((profile, ""));
    let compute: u64 = compute.trim_end_matches('g').parse().unwrap_or(1);
    let by_compute = (slices / compute.clamp(1, slices)).max(1);
    let device_gigabytes = model.split(' ').find_map(gigabytes);
    let part_gigabytes = memory.split(['.', '+']).next().and_then(gigabytes);
    match (device_gigabytes, part_gigabytes) {
        (Some(device), Some(part)) if part > 0 => by_compute.min((device / part).max(1)),
        _ => by_compute,
    }
}

/// `80GB` or `10gb` as a number.
fn gigabytes(word: &str) -> Option<u64> {
    let lower = word.to_lowercase();
    lower.strip_suffix("gb")?.parse().ok()
}
