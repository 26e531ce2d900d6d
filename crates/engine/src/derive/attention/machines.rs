//! Nodes that do not answer, devices that are broken, nodes that are cordoned.

use std::collections::BTreeMap;

use jiff::Timestamp;
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::{layer::Layer, severity::Severity, subject::Subject, text::Text};

use super::{Attention, kubectl_describe};
use crate::{
    derive::{
        Derived,
        accelerators::NodeAccelerators,
        nodes::{NodeFault, NodeState},
        pods::seconds,
    },
    fleet::cluster::Cluster,
};

/// From so many on, nodes of one place that fail together are one cause.
const TOGETHER: usize = 3;

type Down<'a> = (&'a Text, &'a NodeState);

/// The lines about machines.
pub(super) fn lines(derived: &Derived, cluster: &Cluster, now: Timestamp) -> Vec<Attention> {
    let mut lines = Vec::new();
    let mut down: BTreeMap<&Text, Vec<Down<'_>>> = BTreeMap::new();
    let mut cordoned = Vec::new();
    for (name, state) in &derived.nodes {
        match &state.fault {
            Some(NodeFault::NotReady { .. } | NodeFault::Silent { .. }) => {
                let place = if state.rack.is_empty() {
                    &state.zone
                } else {
                    &state.rack
                };
                down.entry(place).or_default().push((name, state));
            }
            Some(NodeFault::UnhealthyDevices { .. }) => {
                if let Some(known) = derived.accelerators.of(name) {
                    lines.push(broken_devices(name, state, known, cluster));
                }
            }
            Some(NodeFault::Condition { .. }) => lines.push(troubled(name, state, cluster)),
            Some(NodeFault::Cordoned) => cordoned.push(name),
            Some(NodeFault::Joining { .. }) | None => {}
        }
    }
    for (place, nodes) in down {
        if nodes.len() >= TOGETHER && !place.is_empty() {
            lines.push(many_down(place, &nodes, derived, cluster, now));
        } else {
            lines.extend(
                nodes
                    .iter()
                    .map(|node| one_down(*node, derived, cluster, now)),
            );
        }
    }
    lines.extend(drained(&cordoned, derived, cluster));
    lines
}

/// GPUs and pods that `nodes` carry.
fn carried<'a>(
    nodes: impl Iterator<Item = &'a Text>,
    derived: &Derived,
    cluster: &Cluster,
) -> (u32, usize) {
    nodes.fold((0, 0), |(gpus, pods), node| {
        let devices = derived.accelerators.of(node).map_or(0, |known| known.total);
        let held = cluster
            .pods_on(node)
            .filter(|pod| pod.holds_resources())
            .count();
        (gpus + devices, pods + held)
    })
}

fn one_down(
    (name, state): Down<'_>,
    derived: &Derived,
    cluster: &Cluster,
    now: Timestamp,
) -> Attention {
    let (gpus, pods) = carried([name].into_iter(), derived, cluster);
    let has_gpus = gpus > 0;
    let reason = match &state.fault {
        Some(NodeFault::NotReady { message }) if !message.is_empty() => {
            let code = if has_gpus {
                PhraseCode::NodeNotReadyCarries
            } else {
                PhraseCode::NodeNotReadyHolds
            };
            Phrase::new(code).with("message", message.as_str())
        }
        _ => {
            let waited = state
                .since
                .map(|since| now.duration_since(since))
                .unwrap_or_default();
            let code = if has_gpus {
                PhraseCode::NodeSilentCarries
            } else {
                PhraseCode::NodeSilentHolds
            };
            Phrase::new(code).with("waited", seconds(waited))
        }
    };
    let reason = if has_gpus {
        reason.with("gpus", gpus)
    } else {
        reason
    };
    Attention {
        id: format!("node-down/{name}"),
        severity: Severity::Critical,
        title: Phrase::new(PhraseCode::NodeDown).with("node", name.as_str()),
        reason: reason.with("pods", pods),
        action: Phrase::new(PhraseCode::ActNode),
        command: kubectl_describe("node", None, name),
        layer: Layer::Infrastructure,
        subject: Subject::Node(name.clone()),
        since: state.since,
        breadth: u64::from(gpus) + pods as u64,
        namespace: None,
    }
}

fn many_down(
    place: &Text,
    nodes: &[Down<'_>],
    derived: &Derived,
    cluster: &Cluster,
    now: Timestamp,
) -> Attention {
    let (gpus, pods) = carried(nodes.iter().map(|(name, _)| *name), derived, cluster);
    let since = nodes.iter().filter_map(|(_, state)| state.since).min();
    let waited = since
        .map(|since| now.duration_since(since))
        .unwrap_or_default();
    let first = nodes
        .first()
        .map(|(name, _)| (*name).clone())
        .unwrap_or_default();
    Attention {
        id: format!("nodes-down/{place}"),
        severity: Severity::Critical,
        title: Phrase::new(PhraseCode::NodesDown)
            .with("count", nodes.len())
            .with("place", place.as_str()),
        reason: Phrase::new(PhraseCode::NodesDownCarry)
            .with("waited", seconds(waited))
            .with("gpus", gpus)
            .with("pods", pods),
        action: Phrase::new(PhraseCode::ActRack),
        command: "kubectl get nodes | grep -v ' Ready'".to_owned(),
        layer: Layer::Infrastructure,
        subject: Subject::Node(first),
        since,
        breadth: u64::from(gpus) + pods as u64,
        namespace: None,
    }
}

fn broken_devices(
    name: &Text,
    state: &NodeState,
    known: &NodeAccelerators,
    cluster: &Cluster,
) -> Attention {
    let users = cluster
        .pods_on(name)
        .filter(|pod| pod.holds_resources() && !pod.requests.extended.is_empty())
        .count();
    let code = if known.is_unhealthy_held() {
        PhraseCode::DevicesBrokenHeld
    } else {
        PhraseCode::DevicesBrokenFree
    };
    Attention {
        id: format!("devices/{name}"),
        severity: state.severity,
        title: Phrase::new(PhraseCode::DevicesBroken)
            .with("count", known.unhealthy)
            .with("node", name.as_str()),
        reason: Phrase::new(code)
            .with("model", known.model.as_str())
            .with("allocatable", known.total - known.unhealthy)
            .with("total", known.total)
            .with("allocated", known.allocated)
            .with("pods", users),
        action: Phrase::new(PhraseCode::ActDevices),
        command: kubectl_describe("node", None, name),
        layer: Layer::Hardware,
        subject: Subject::Node(name.clone()),
        since: state.since,
        breadth: u64::from(known.unhealthy)
            + if known.is_unhealthy_held() {
                users as u64
            } else {
                0
            },
        namespace: None,
    }
}

fn troubled(name: &Text, state: &NodeState, cluster: &Cluster) -> Attention {
    let pods = cluster
        .pods_on(name)
        .filter(|pod| pod.holds_resources())
        .count();
    let reason = state.fault.as_ref().map(NodeFault::phrase);
    Attention {
        id: format!("node/{name}"),
        severity: state.severity,
        title: Phrase::new(PhraseCode::NodeTroubled).with("node", name.as_str()),
        reason: reason.unwrap_or_else(|| Phrase::new(PhraseCode::NodeCordoned)),
        action: Phrase::new(PhraseCode::ActPressure),
        command: kubectl_describe("node", None, name),
        layer: Layer::Infrastructure,
        subject: Subject::Node(name.clone()),
        since: state.since,
        breadth: pods as u64,
        namespace: None,
    }
}

fn drained(nodes: &[&Text], derived: &Derived, cluster: &Cluster) -> Option<Attention> {
    let first = nodes.first()?;
    let (gpus, pods) = carried(nodes.iter().copied(), derived, cluster);
    let title = if nodes.len() == 1 {
        Phrase::new(PhraseCode::NodeIsCordoned).with("node", first.as_str())
    } else {
        Phrase::new(PhraseCode::NodesAreCordoned).with("count", nodes.len())
    };
    Some(Attention {
        id: "nodes-cordoned".to_owned(),
        severity: Severity::Notice,
        title,
        reason: if gpus > 0 {
            Phrase::new(PhraseCode::CordonedCarry)
                .with("gpus", gpus)
                .with("pods", pods)
        } else {
            Phrase::new(PhraseCode::CordonedHold)
                .with("count", nodes.len())
                .with("pods", pods)
        },
        action: Phrase::new(PhraseCode::ActUncordon),
        command: format!("kubectl uncordon {first}"),
        layer: Layer::Infrastructure,
        subject: Subject::Node((*first).clone()),
        since: None,
        breadth: u64::from(gpus),
        namespace: None,
    })
}
