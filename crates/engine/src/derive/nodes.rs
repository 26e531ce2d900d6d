//! How a node does: ready, under pressure, cordoned, short of a device.

use jiff::{SignedDuration, Timestamp};
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::{
    condition::{Condition, Status, find},
    node::Node,
    severity::Severity,
    text::Text,
};

use super::{
    accelerators::NodeAccelerators,
    places::{RackLabels, zone},
    pods::{brief, seconds},
};

/// How long a machine that has just joined may take to become ready.
const JOINING: SignedDuration = SignedDuration::from_mins(3);

/// Conditions that are bad when they hold: the kubelet's own, and the usual ones of the node
/// problem detector (kubernetes/node-problem-detector, `config/`).
const BAD_WHEN_TRUE: [&str; 11] = [
    "MemoryPressure",
    "DiskPressure",
    "PIDPressure",
    "NetworkUnavailable",
    "KernelDeadlock",
    "ReadonlyFilesystem",
    "CorruptDockerOverlay2",
    "FrequentKubeletRestart",
    "FrequentContainerdRestart",
    "FrequentUnregisterNetDevice",
    "XfsShutdown",
];

/// A node as the stack shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeState {
    /// How bad it is.
    pub severity: Severity,
    /// What outranks the rest of what is wrong.
    pub fault: Option<NodeFault>,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
    /// Whether its kubelet says that it is ready.
    pub is_ready: bool,
    /// Whether it is cordoned.
    pub is_cordoned: bool,
    /// Its rack; empty where none is known.
    pub rack: Text,
    /// Its zone; empty where none is known.
    pub zone: Text,
}

/// What is wrong with a node.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what each sentence names")]
pub enum NodeFault {
    /// The kubelet says that it is not ready.
    NotReady { message: String },
    /// The kubelet says nothing any more.
    Silent { waited: SignedDuration },
    /// It has just come and is not ready yet.
    Joining { waited: SignedDuration },
    /// A condition that should not hold does.
    Condition { kind: Text, message: String },
    /// Devices are there but may not be allocated.
    UnhealthyDevices {
        unhealthy: u32,
        total: u32,
        model: Text,
    },
    /// No new pods may come.
    Cordoned,
}

impl NodeFault {
    /// The sentence that says it.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NotReady { message } => {
                Phrase::new(PhraseCode::NodeNotReady).with("message", message.as_str())
            }
            Self::Silent { waited } => {
                Phrase::new(PhraseCode::NodeSilent).with("waited", seconds(*waited))
            }
            Self::Joining { waited } => {
                Phrase::new(PhraseCode::NodeJoining).with("waited", seconds(*waited))
            }
            Self::Condition { kind, message } => Phrase::new(PhraseCode::NodeCondition)
                .with("condition", kind.as_str())
                .with("message", message.as_str()),
            Self::UnhealthyDevices {
                unhealthy,
                total,
                model,
            } => Phrase::new(PhraseCode::NodeUnhealthyDevices)
                .with("unhealthy", *unhealthy)
                .with("total", *total)
                .with("model", model.as_str()),
            Self::Cordoned => Phrase::new(PhraseCode::NodeCordoned),
        }
    }
}

/// Judges `node`, which has `accelerators` if it has any.
pub fn judge(
    node: &Node,
    accelerators: Option<&NodeAccelerators>,
    racks: &RackLabels,
    now: Timestamp,
) -> NodeState {
    let (severity, fault, since) = unready(node, now)
        .or_else(|| short_of_devices(accelerators))
        .or_else(|| troubled(node))
        .or_else(|| {
            node.cordoned
                .then_some((Severity::Notice, Some(NodeFault::Cordoned), None))
        })
        .unwrap_or((Severity::Ok, None, None));
    NodeState {
        severity,
        fault,
        since,
        is_ready: node.ready() == Status::True,
        is_cordoned: node.cordoned,
        rack: racks.rack(node),
        zone: zone(node),
    }
}

type Judged = (Severity, Option<NodeFault>, Option<Timestamp>);

fn unready(node: &Node, now: Timestamp) -> Option<Judged> {
    let ready = find(&node.conditions, "Ready");
    let since = ready
        .and_then(|condition| condition.since)
        .or(node.metadata.created);
    let waited = since.map_or(SignedDuration::ZERO, |since| now.duration_since(since));
    let age = node
        .metadata
        .created
        .map(|created| now.duration_since(created));
    let fault = match node.ready() {
        Status::True => return None,
        _ if age.is_some_and(|age| age < JOINING) => {
            let fault = NodeFault::Joining {
                waited: age.unwrap_or_default(),
            };
            return Some((Severity::Notice, Some(fault), node.metadata.created));
        }
        Status::False => NodeFault::NotReady {
            message: said_by(ready),
        },
        Status::Unknown => NodeFault::Silent { waited },
    };
    Some((Severity::Critical, Some(fault), since))
}

fn said_by(condition: Option<&Condition>) -> String {
    let Some(condition) = condition else {
        return String::new();
    };
    if condition.message.is_empty() {
        return condition.reason.to_string();
    }
    brief(&condition.message)
}

fn short_of_devices(accelerators: Option<&NodeAccelerators>) -> Option<Judged> {
    let known = accelerators.filter(|known| known.unhealthy > 0)?;
    // A device that some pod holds fails that pod; a free one is only missing.
    let severity = if known.is_unhealthy_held() {
        Severity::Critical
    } else {
        Severity::Warning
    };
    let fault = NodeFault::UnhealthyDevices {
        unhealthy: known.unhealthy,
        total: known.total,
        model: known.model.clone(),
    };
    Some((severity, Some(fault), None))
}

fn troubled(node: &Node) -> Option<Judged> {
    let bad = node.conditions.iter().find(|condition| {
        condition.status == Status::True && BAD_WHEN_TRUE.contains(&condition.kind.as_str())
    })?;
    let fault = NodeFault::Condition {
        kind: bad.kind.clone(),
        message: said_by(Some(bad)),
    };
    Some((Severity::Warning, Some(fault), bad.since))
}

#[cfg(test)]
mod tests;
