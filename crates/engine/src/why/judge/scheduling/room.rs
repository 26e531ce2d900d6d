//! Resources: what could ever fit, what fits now, by how much it is short, and who holds it.

use std::collections::BTreeMap;

use strata_api::{
    explanation::{Finding, ReasonCode},
    phrases::PhraseCode,
};
use strata_domain::{node::is_extended_resource, pod::Pod};

use super::{
    super::super::words::{amount, finding, say, some},
    Amounts, Found, Machine, Waiting, read,
};

/// Whether the node could hold the amounts if nothing else were on it and all its devices were well.
pub(super) fn could_hold(machine: &Machine<'_>, asked: &Amounts) -> bool {
    asked
        .iter()
        .all(|(resource, amount)| most(machine, resource) >= amount)
}

/// The first resource of which the node has too little free now: devices before memory and CPU, as
/// they are what is scarce.
pub(super) fn lacks<'a>(machine: &Machine<'_>, asked: &'a Amounts) -> Option<&'a str> {
    let lacking = asked
        .iter()
        .filter(|(resource, amount)| *amount > 0 && machine.free(resource) < *amount);
    lacking
        .map(|(resource, _)| resource)
        .min_by_key(|resource| !is_extended_resource(resource))
}

/// The most that the node could ever offer of a resource. Of CPU and memory that is what is
/// allocatable; devices that are unwell may come back.
fn most(machine: &Machine<'_>, resource: &str) -> u64 {
    let allocatable = machine.allocatable.get(resource);
    if is_extended_resource(resource) {
        allocatable.max(machine.capacity.get(resource))
    } else {
        allocatable
    }
}

/// No node could ever hold it.
pub(super) fn never(waiting: &Waiting<'_>, machines: &[&Machine<'_>]) -> Found {
    let largest = |resource: &str| {
        machines
            .iter()
            .map(|machine| most(machine, resource))
            .max()
            .unwrap_or(0)
    };
    let mut asked: Vec<(&str, u64)> = waiting
        .asked
        .iter()
        .filter(|(_, asked)| *asked > 0)
        .collect();
    asked.sort_by_key(|(resource, _)| !is_extended_resource(resource));
    let beyond = asked
        .iter()
        .find(|(resource, asked)| largest(resource) < *asked);
    let Some((resource, asked)) = beyond.copied() else {
        return not_together(waiting, machines, &asked);
    };
    if largest(resource) == 0 && is_extended_resource(resource) {
        return unknown(waiting, machines, resource);
    }
    let sentence = say(PhraseCode::WhyExceedsEveryNode)
        .with("asked", amount(resource, asked))
        .with("resource", resource)
        .with("largest", amount(resource, largest(resource)));
    let largest_node = machines
        .iter()
        .max_by_key(|machine| most(machine, resource));
    Found::new(
        ReasonCode::ExceedsEveryNode,
        sentence,
        say(PhraseCode::ActAskLess),
    )
    .futile()
    .because(waiting.said.clone())
    .also(largest_node.map(|machine| allocatable(machine, resource)))
}

/// Each amount is to be had on some node, but not all of them on one.
fn not_together(waiting: &Waiting<'_>, machines: &[&Machine<'_>], asked: &[(&str, u64)]) -> Found {
    // The scarce resource chooses the nodes; what they lack besides is what is asked too much of.
    let scarce = asked.first().copied().unwrap_or(("", 0));
    let with_it = machines
        .iter()
        .filter(|machine| most(machine, scarce.0) >= scarce.1);
    let lacking = with_it
        .filter_map(|machine| {
            let lacking = asked
                .iter()
                .find(|(resource, asked)| most(machine, resource) < *asked)?;
            Some((machine, lacking.0, lacking.1))
        })
        .max_by_key(|(machine, resource, _)| most(machine, resource));
    let (machine, resource, wanted) = lacking
        .map_or((None, scarce.0, scarce.1), |(machine, resource, wanted)| {
            (Some(machine), resource, wanted)
        });
    let largest = machine.map_or(0, |machine| most(machine, resource));
    let sentence = say(PhraseCode::WhyExceedsTogether)
        .with("asked", amount(resource, wanted))
        .with("resource", resource)
        .with("largest", amount(resource, largest))
        .with("scarce", scarce.0);
    Found::new(
        ReasonCode::ExceedsEveryNode,
        sentence,
        say(PhraseCode::ActAskLess),
    )
    .futile()
    .because(waiting.said.clone())
    .also(machine.map(|machine| allocatable(machine, resource)))
}

/// No node offers the resource at all.
fn unknown(waiting: &Waiting<'_>, machines: &[&Machine<'_>], resource: &str) -> Found {
    let domain = resource.split('/').next().unwrap_or(resource);
    // What discovers hardware labels nodes with the vendor's name.
    let labelled: Vec<&&Machine<'_>> = machines
        .iter()
        .filter(|machine| {
            let labels = read::texts(machine.node, "/metadata/labels");
            labels
                .filter(|(key, _)| matches!(key.rsplit('.').next(), Some("present" | "count")))
                .any(|(key, value)| key.starts_with(domain) && value != "false" && value != "0")
        })
        .collect();
    if labelled.is_empty() {
        let sentence = say(PhraseCode::WhyResourceUnknown).with("resource", resource);
        let act = say(PhraseCode::ActDevicePlugin).with("resource", resource);
        return Found::new(ReasonCode::ResourceUnknown, sentence, act)
            .futile()
            .because(waiting.said.clone());
    }
    let names = some(labelled.iter().map(|machine| machine.name));
    let found = gone(resource, labelled.len(), names);
    let evidence = labelled
        .iter()
        .take(2)
        .map(|machine| allocatable(machine, resource));
    found.also(evidence).because(waiting.said.clone())
}

fn gone(resource: &str, nodes: usize, names: String) -> Found {
    let sentence = say(PhraseCode::WhyDevicePluginGone)
        .with("nodes", nodes)
        .with("names", names)
        .with("resource", resource);
    let act = say(PhraseCode::ActDevicePlugin).with("resource", resource);
    Found::new(ReasonCode::DevicePluginGone, sentence, act)
}

/// Too little is free on every open node.
pub(super) fn short(waiting: &Waiting<'_>, open: &[&Machine<'_>]) -> Found {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for machine in open {
        if let Some(resource) = lacks(machine, &waiting.asked) {
            *counts.entry(resource).or_default() += 1;
        }
    }
    let resource = counts
        .iter()
        .max_by_key(|(resource, count)| (**count, is_extended_resource(resource)))
        .map_or("", |(resource, _)| *resource);
    let asked = waiting.asked.get(resource);
    if let Some(found) = unwell(waiting, open, resource, asked) {
        return found;
    }
    let total: u64 = open.iter().map(|machine| machine.free(resource)).sum();
    let best = open.iter().map(|machine| machine.free(resource)).max();
    let best = best.unwrap_or(0);
    let holders = holders(open, resource);
    let (code, phrase) = match (total >= asked, holders.is_empty()) {
        (true, true) => (ReasonCode::Fragmented, PhraseCode::WhyFragmented),
        (true, false) => (ReasonCode::Fragmented, PhraseCode::WhyFragmentedHeld),
        (false, true) => (ReasonCode::ResourceShort, PhraseCode::WhyResourceShort),
        (false, false) => (ReasonCode::ResourceShort, PhraseCode::WhyResourceShortHeld),
    };
    let sentence = say(phrase)
        .with("total", amount(resource, total))
        .with("short", amount(resource, asked.saturating_sub(total)))
        .with("asked", amount(resource, asked))
        .with("resource", resource)
        .with("free", amount(resource, best))
        .with("nodes", open.len())
        .with("holders", holders);
    let evidence = open
        .iter()
        .max_by_key(|machine| machine.free(resource))
        .map(|machine| held(machine, resource));
    Found::new(code, sentence, say(PhraseCode::ActRoom))
        .because(waiting.said.clone())
        .also(evidence)
}

/// Devices that are unwell are what most nodes are short of.
fn unwell(
    waiting: &Waiting<'_>,
    open: &[&Machine<'_>],
    resource: &str,
    asked: u64,
) -> Option<Found> {
    if !is_extended_resource(resource) {
        return None;
    }
    let would_fit: Vec<&&Machine<'_>> = open
        .iter()
        .filter(|machine| {
            let capacity = machine.capacity.get(resource);
            capacity > machine.allocatable.get(resource)
                && capacity.saturating_sub(machine.used.get(resource)) >= asked
        })
        .collect();
    if would_fit.len() * 2 < open.len() || would_fit.is_empty() {
        return None;
    }
    let names = some(would_fit.iter().map(|machine| machine.name));
    let evidence = would_fit
        .iter()
        .take(2)
        .map(|machine| allocatable(machine, resource));
    if would_fit
        .iter()
        .all(|machine| machine.allocatable.get(resource) == 0)
    {
        let found = gone(resource, would_fit.len(), names);
        return Some(found.also(evidence).because(waiting.said.clone()));
    }
    let unhealthy: u64 = would_fit
        .iter()
        .map(|machine| machine.capacity.get(resource) - machine.allocatable.get(resource))
        .sum();
    let sentence = say(PhraseCode::WhyDevicesUnhealthy)
        .with("unhealthy", unhealthy)
        .with("resource", resource)
        .with("names", names)
        .with("asked", asked);
    let found = Found::new(
        ReasonCode::DevicesUnhealthy,
        sentence,
        say(PhraseCode::ActDevices),
    );
    Some(found.also(evidence).because(waiting.said.clone()))
}

/// Who holds most of a resource on these nodes: the owners of the pods, with their amounts.
fn holders(machines: &[&Machine<'_>], resource: &str) -> String {
    let mut by_owner: BTreeMap<String, u64> = BTreeMap::new();
    for pod in machines.iter().flat_map(|machine| &machine.pods) {
        let amount = Amounts::held(&pod.requests).get(resource);
        if amount > 0 {
            *by_owner.entry(owner(pod)).or_default() += amount;
        }
    }
    let mut owners: Vec<(String, u64)> = by_owner.into_iter().collect();
    owners.sort_by_key(|(_, held)| std::cmp::Reverse(*held));
    let shown: Vec<String> = owners
        .iter()
        .take(3)
        .map(|(owner, held)| format!("{owner} {}", amount(resource, *held)))
        .collect();
    let more = owners.len().saturating_sub(shown.len());
    if more > 0 {
        format!("{} +{more}", shown.join(", "))
    } else {
        shown.join(", ")
    }
}

/// What a pod belongs to: `Deployment ns/name` for the pods of its replica sets.
fn owner(pod: &Pod) -> String {
    let namespace = &pod.metadata.key.namespace;
    let Some(owner) = &pod.metadata.owner else {
        return format!("Pod {}", pod.metadata.key);
    };
    let hash = pod.metadata.labels.get("pod-template-hash");
    let deployment = hash
        .filter(|_| owner.kind == "ReplicaSet")
        .and_then(|hash| owner.name.strip_suffix(hash)?.strip_suffix('-'));
    match deployment {
        Some(name) => format!("Deployment {namespace}/{name}"),
        None => format!("{} {namespace}/{}", owner.kind, owner.name),
    }
}

fn allocatable(machine: &Machine<'_>, resource: &str) -> Finding {
    let said = format!(
        "{} (capacity {})",
        amount(resource, machine.allocatable.get(resource)),
        amount(resource, machine.capacity.get(resource))
    );
    finding(
        machine.node,
        &format!("status.allocatable[{resource}]"),
        &said,
    )
}

fn held(machine: &Machine<'_>, resource: &str) -> Finding {
    let said = format!(
        "{}, {} free",
        amount(resource, machine.allocatable.get(resource)),
        amount(resource, machine.free(resource))
    );
    finding(
        machine.node,
        &format!("status.allocatable[{resource}]"),
        &said,
    )
}
