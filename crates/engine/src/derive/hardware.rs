//! The tiles of the base: each model of accelerator, and each model of CPU.

use std::collections::{BTreeMap, BTreeSet};

use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::{node::Node, severity::Severity, text::Text};

use super::{
    accelerators::{Accelerators, Maker},
    nodes::NodeState,
};
use crate::fleet::cluster::Cluster;

/// A model of accelerator or CPU.
#[derive(Clone, Debug, PartialEq)]
pub struct HardwareModel {
    /// The model's name.
    pub name: Text,
    /// Who makes it; absent for CPUs.
    pub maker: Option<Maker>,
    /// The nodes that have it.
    pub nodes: BTreeSet<Text>,
    /// Devices of it; for CPUs the nodes.
    pub total: u32,
    /// Devices that may be allocated and whose node answers; for CPUs the nodes that answer.
    pub usable: u32,
    /// Devices that pods hold.
    pub allocated: u32,
    /// Devices that may not be allocated.
    pub unhealthy: u32,
    /// Devices whose node does not answer.
    pub unknown: u32,
    /// How bad it is.
    pub severity: Severity,
    /// Why, where it is a fault.
    pub reason: Option<Phrase>,
    /// How many a node has, and how many nodes: `64 × 8 GPU`, the same in every language.
    pub shape: String,
}

/// Every model: accelerators first, the most numerous first among them, then CPUs.
pub fn models(
    cluster: &Cluster,
    accelerators: &Accelerators,
    nodes: &BTreeMap<Text, NodeState>,
) -> Vec<HardwareModel> {
    let mut models: Vec<HardwareModel> = accelerators
        .models()
        .into_iter()
        .map(|(name, members)| accelerator(name, &members, accelerators, nodes))
        .collect();
    models.sort_by(|left, right| {
        right
            .total
            .cmp(&left.total)
            .then_with(|| left.name.cmp(&right.name))
    });
    models.extend(processors(cluster, nodes));
    models
}

fn accelerator(
    name: &Text,
    members: &BTreeSet<&Text>,
    accelerators: &Accelerators,
    nodes: &BTreeMap<Text, NodeState>,
) -> HardwareModel {
    let mut model = HardwareModel {
        name: name.clone(),
        maker: None,
        nodes: members.iter().map(|node| (*node).clone()).collect(),
        total: 0,
        usable: 0,
        allocated: 0,
        unhealthy: 0,
        unknown: 0,
        severity: Severity::Ok,
        reason: None,
        shape: String::new(),
    };
    let mut each = BTreeSet::new();
    let mut is_held = false;
    for node in members {
        let Some(known) = accelerators.of(node) else {
            continue;
        };
        each.insert(known.total);
        model.maker.get_or_insert_with(|| known.maker.clone());
        model.total += known.total;
        model.allocated += known.allocated;
        model.unhealthy += known.unhealthy;
        is_held |= known.is_unhealthy_held();
        let answers = nodes.get(*node).is_some_and(|state| state.is_ready);
        if answers {
            model.usable += known.total - known.unhealthy;
        } else {
            model.unknown += known.total;
        }
    }
    if model.unhealthy > 0 {
        model.severity = if is_held {
            Severity::Critical
        } else {
            Severity::Warning
        };
        model.reason = Some(
            Phrase::new(PhraseCode::ModelUnhealthy)
                .with("unhealthy", model.unhealthy)
                .with("total", model.total),
        );
    } else if model.unknown > 0 {
        model.severity = Severity::Unknown;
        model.reason = Some(
            Phrase::new(PhraseCode::ModelUnknown)
                .with("unknown", model.unknown)
                .with("total", model.total),
        );
    }
    let word = model.maker.as_ref().map_or("GPU", device_word);
    model.shape = match (each.first(), each.last()) {
        (Some(fewest), Some(most)) if fewest != most => {
            format!("{} × {fewest}–{most} {word}", members.len())
        }
        (Some(count), _) => format!("{} × {count} {word}", members.len()),
        _ => String::new(),
    };
    model
}

/// What a device of `maker` is called for short.
fn device_word(maker: &Maker) -> &str {
    match maker {
        Maker::Known(_) => maker.device().rsplit(' ').next().unwrap_or("GPU"),
        Maker::Other(driver) if driver.contains("npu") => "NPU",
        Maker::Other(driver) if driver.contains("tpu") => "TPU",
        Maker::Other(_) => "GPU",
    }
}

fn processors(cluster: &Cluster, nodes: &BTreeMap<Text, NodeState>) -> Vec<HardwareModel> {
    let mut by_name: BTreeMap<String, (BTreeSet<Text>, BTreeSet<u64>, u32)> = BTreeMap::new();
    for node in cluster.nodes() {
        let Some(name) = processor(node) else {
            continue;
        };
        let (members, cores, ready) = by_name.entry(name).or_default();
        let key = &node.metadata.key.name;
        *ready += u32::from(nodes.get(key).is_some_and(|state| state.is_ready));
        cores.insert(node.capacity.cpu_millicores / 1000);
        members.insert(key.clone());
    }
    let mut models: Vec<HardwareModel> = by_name
        .into_iter()
        .map(|(name, (members, cores, ready))| {
            let total = u32::try_from(members.len()).unwrap_or(u32::MAX);
            let shape = match (cores.first(), cores.last()) {
                (Some(fewest), Some(most)) if fewest != most => {
                    format!("{total} × {fewest}–{most} c")
                }
                (Some(count), _) => format!("{total} × {count} c"),
                _ => String::new(),
            };
            HardwareModel {
                name: Text::from(name),
                maker: None,
                nodes: members,
                total,
                usable: ready,
                allocated: 0,
                unhealthy: 0,
                unknown: total - ready,
                severity: Severity::Ok,
                reason: None,
                shape,
            }
        })
        .collect();
    models.sort_by(|left, right| {
        right
            .total
            .cmp(&left.total)
            .then_with(|| left.name.cmp(&right.name))
    });
    models
}

/// The model of a node's CPU as its labels tell it; else its architecture.
///
/// Node feature discovery writes CPUID's vendor, family and model; the names are those under which
/// Intel and AMD sell them (Linux, `arch/x86/include/asm/intel-family.h`; AMD's revision guides).
fn processor(node: &Node) -> Option<String> {
    let labels = &node.metadata.labels;
    let told = |key: &str| labels.get(&format!("feature.node.kubernetes.io/cpu-model.{key}"));
    let name = match (told("vendor_id"), told("family"), told("id")) {
        (Some("Intel"), Some("6"), Some(id)) => match id {
            "85" => Some("Xeon Scalable (Skylake, Cascade Lake)"),
            "106" => Some("Xeon Scalable (Ice Lake)"),
            "143" => Some("Xeon Scalable (Sapphire Rapids)"),
            "207" => Some("Xeon Scalable (Emerald Rapids)"),
            "173" => Some("Xeon 6 (Granite Rapids)"),
            "175" => Some("Xeon 6 (Sierra Forest)"),
            _ => Some("Intel CPU"),
        },
        (Some("AMD"), Some("23"), Some(_)) => Some("EPYC 7002"),
        (Some("AMD"), Some("25"), Some("1")) => Some("EPYC 7003"),
        (Some("AMD"), Some("25"), Some("17" | "160")) => Some("EPYC 9004"),
        (Some("AMD"), Some("26"), Some(_)) => Some("EPYC 9005"),
        (Some("AMD"), ..) => Some("AMD CPU"),
        _ => None,
    };
    if let Some(name) = name {
        return Some(name.to_owned());
    }
    match node.software.architecture.as_str() {
        "" => None,
        "amd64" => Some("x86-64 CPU".to_owned()),
        "arm64" => Some("Arm64 CPU".to_owned()),
        other => Some(format!("{other} CPU")),
    }
}

#[cfg(test)]
mod tests;
