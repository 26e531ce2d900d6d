//! The scheduler's own message, for what cannot be computed from what was gathered.

use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::super::words::{brief, say},
    Findings, Found, Waiting,
};

/// Pieces of the scheduler's messages, in the order in which they are looked for, with the reason
/// that each is.
///
/// Source: the plugins under `pkg/scheduler/framework/plugins` of Kubernetes 1.36.
const PIECES: &[(&str, ReasonCode)] = &[
    (
        "ReadWriteOncePod access mode already in-use",
        ReasonCode::VolumeInUse,
    ),
    ("no available volume zone", ReasonCode::VolumeZone),
    (
        "didn't match PersistentVolume's node affinity",
        ReasonCode::VolumeZone,
    ),
    (
        "didn't find available persistent volumes to bind",
        ReasonCode::ClaimUnbound,
    ),
    (
        "unbound immediate PersistentVolumeClaims",
        ReasonCode::ClaimUnbound,
    ),
    ("cannot allocate all claims", ReasonCode::DevicesShort),
    (
        "free ports for the requested pod ports",
        ReasonCode::HostPort,
    ),
    ("anti-affinity rules", ReasonCode::PodAntiAffinity),
    ("pod affinity rules", ReasonCode::PodAffinity),
    ("topology spread constraints", ReasonCode::TopologySpread),
    ("Insufficient ", ReasonCode::ResourceShort),
    ("Too many pods", ReasonCode::ResourceShort),
    ("untolerated taint", ReasonCode::Taint),
    ("node affinity/selector", ReasonCode::NodeAffinity),
    ("were unschedulable", ReasonCode::NodesCordoned),
    ("exceed max volume count", ReasonCode::AttachFailed),
];

/// What is said of nodes that narrowing has left out already.
const LEFT_OUT: [ReasonCode; 3] = [
    ReasonCode::Taint,
    ReasonCode::NodeAffinity,
    ReasonCode::NodesCordoned,
];

/// Judges by the message alone: which piece is said of most nodes. Where the nodes were narrowed to
/// some that seem to have room (`is_narrowed`), what keeps it from the others says nothing.
pub(super) fn judge(waiting: &Waiting<'_>, is_narrowed: bool, findings: &mut Findings) {
    let sentence = say(PhraseCode::PodUnschedulable).with("message", brief(waiting.message));
    let left_out: &[ReasonCode] = if is_narrowed { &LEFT_OUT } else { &[] };
    let code = code(waiting.message, left_out)
        .or_else(|| code(waiting.message, &[]))
        .unwrap_or(ReasonCode::Unschedulable);
    let found = Found::new(code, sentence, say(PhraseCode::ActRoom));
    findings.add_pod(found.because(waiting.said.clone()));
}

/// The reason that a message gives for most nodes, but for those that are left out.
fn code(message: &str, left_out: &[ReasonCode]) -> Option<ReasonCode> {
    // What preemption says is another matter.
    let message = message.split(" preemption: ").next().unwrap_or(message);
    let reasons = message
        .split_once(": ")
        .map_or(message, |(_, reasons)| reasons);
    let counted = reasons.split(", ").filter_map(|reason| {
        let (piece, code) = PIECES.iter().find(|(piece, _)| reason.contains(piece))?;
        let count = reason.split(' ').next()?.parse::<u32>().unwrap_or(1);
        let at = PIECES.iter().position(|(known, _)| known == piece)?;
        Some((count, std::cmp::Reverse(at), *code))
    });
    counted
        .filter(|(_, _, code)| !left_out.contains(code))
        .max()
        .map(|(_, _, code)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_most_nodes_is_taken() {
        let message = "0/24 nodes are available: 21 Insufficient nvidia.com/gpu, 3 node(s) had \
                       untolerated taint(s). preemption: 0/24 nodes are available: 24 Preemption \
                       is not helpful for scheduling.";
        assert_eq!(code(message, &[]), Some(ReasonCode::ResourceShort));
        let message = "0/3 nodes are available: 3 node(s) didn't have free ports for the requested \
                       pod ports. preemption: 0/3 nodes are available.";
        assert_eq!(code(message, &[]), Some(ReasonCode::HostPort));
        assert_eq!(code("something else", &[]), None);
    }

    #[test]
    fn what_is_said_of_nodes_that_are_left_out_says_nothing() {
        let message = "0/4 nodes are available: 1 node(s) didn't have free ports for the requested \
                       pod ports, 3 node(s) didn't match Pod's node affinity/selector.";
        assert_eq!(code(message, &LEFT_OUT), Some(ReasonCode::HostPort));
    }
}
