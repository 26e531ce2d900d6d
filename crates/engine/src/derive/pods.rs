//! How a pod does: its severity, the one word for it, and why.
//!
//! The API's phase says little: a pod that crashes again and again is `Running`. These rules read
//! what outranks the phase, the gravest first, as `kubectl get pods` and kstatus do. A pod that has
//! only just come is given a while before it counts as late.

use jiff::{SignedDuration, Timestamp};
use strata_domain::{
    condition::Status,
    node::Node,
    pod::{Container, ContainerEnd, ContainerState, Phase, Pod},
    severity::Severity,
};

mod fault;
#[cfg(test)]
mod tests;

pub use fault::{PodFault, Remedy};
pub(crate) use fault::{brief, seconds};

/// How long a pod may be without a node before that is worth a word.
const GRACE: SignedDuration = SignedDuration::from_secs(30);
/// How long images and volumes may take. A model's image is tens of gigabytes.
const SLOW_START: SignedDuration = SignedDuration::from_mins(10);
/// How long a running container may fail its readiness probe: large models load for minutes.
const SLOW_READY: SignedDuration = SignedDuration::from_mins(10);
/// How long after its deletion a pod may linger.
const SLOW_END: SignedDuration = SignedDuration::from_mins(2);
/// How long a kill for memory stays worth a word after the container runs again.
const RECENT: SignedDuration = SignedDuration::from_mins(10);

/// How a pod does.
#[derive(Clone, Debug, PartialEq)]
pub struct PodHealth<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// The one word for it: the phase, or the reason that outranks it.
    pub status: &'a str,
    /// Why, where it is a fault.
    pub fault: Option<PodFault<'a>>,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
}

/// Judges `pod`, which is bound to `node` where that node is known.
pub fn judge<'a>(pod: &'a Pod, node: Option<&Node>, now: Timestamp) -> PodHealth<'a> {
    let judged = match pod.phase {
        Phase::Succeeded => return healthy("Completed"),
        Phase::Failed => return failed(pod),
        _ => lost(pod, node)
            .or_else(|| lingering(pod, now))
            .or_else(|| waiting(pod, now))
            .or_else(|| unplaced(pod, now))
            .or_else(|| unready(pod, now)),
    };
    judged.unwrap_or_else(|| match pod.phase {
        Phase::Pending => healthy("Pending"),
        Phase::Running => healthy("Running"),
        _ => PodHealth {
            severity: Severity::Unknown,
            status: "Unknown",
            fault: None,
            since: None,
        },
    })
}

fn healthy(status: &str) -> PodHealth<'_> {
    PodHealth {
        severity: Severity::Ok,
        status,
        fault: None,
        since: None,
    }
}

fn faulty<'a>(
    severity: Severity,
    status: &'a str,
    fault: PodFault<'a>,
    since: Option<Timestamp>,
) -> PodHealth<'a> {
    PodHealth {
        severity,
        status,
        fault: Some(fault),
        since,
    }
}

fn failed(pod: &Pod) -> PodHealth<'_> {
    let bad_end = pod
        .containers
        .iter()
        .find_map(|container| match &container.state {
            ContainerState::Ended(end) if end.exit_code != 0 => Some((container, end)),
            _ => None,
        });
    if pod.reason == "Evicted" {
        // What was put out is started anew elsewhere; what stays behind hurts nobody.
        faulty(
            Severity::Notice,
            "Evicted",
            PodFault::Evicted { node: &pod.node },
            None,
        )
    } else if let Some((container, end)) = bad_end {
        let (status, fault) = ended_badly(container, end);
        faulty(Severity::Critical, status, fault, end.at)
    } else {
        let reason = if pod.reason.is_empty() {
            "Failed"
        } else {
            pod.reason.as_str()
        };
        faulty(
            Severity::Critical,
            reason,
            PodFault::FailedFor { reason },
            None,
        )
    }
}

fn ended_badly<'a>(container: &'a Container, end: &'a ContainerEnd) -> (&'a str, PodFault<'a>) {
    let name = container.name.as_str();
    if end.reason == "OOMKilled" {
        let fault = PodFault::OutOfMemory {
            container: name,
            restarts: container.restarts,
        };
        return ("OOMKilled", fault);
    }
    let reason = if end.reason.is_empty() {
        "Error"
    } else {
        end.reason.as_str()
    };
    (
        reason,
        PodFault::Failed {
            container: name,
            exit_code: end.exit_code,
            reason,
        },
    )
}

/// Bound to a node that does not answer. The kubelet's last words on the pod are stale then.
fn lost<'a>(pod: &'a Pod, node: Option<&Node>) -> Option<PodHealth<'a>> {
    if pod.node.is_empty() {
        return None;
    }
    let is_lost = node.is_some_and(|node| node.ready() != Status::True)
        || pod.reason == "NodeLost"
        || (pod.phase == Phase::Unknown && node.is_none());
    let since = node.and_then(|node| {
        strata_domain::condition::find(&node.conditions, "Ready").and_then(|ready| ready.since)
    });
    is_lost.then(|| {
        faulty(
            Severity::Critical,
            "NodeLost",
            PodFault::NodeLost { node: &pod.node },
            since,
        )
    })
}

fn lingering(pod: &Pod, now: Timestamp) -> Option<PodHealth<'_>> {
    let deleting = pod.metadata.deleting?;
    let waited = now.duration_since(deleting);
    if waited < SLOW_END {
        return Some(healthy("Terminating"));
    }
    Some(faulty(
        Severity::Warning,
        "Terminating",
        PodFault::SlowEnd { waited },
        Some(deleting),
    ))
}

/// The first container that the kubelet holds back. Init containers run first and stand last.
fn waiting(pod: &Pod, now: Timestamp) -> Option<PodHealth<'_>> {
    let in_start_order = || {
        let is_init = |container: &&Container| container.init;
        let rest = pod.containers.iter().filter(|container| !container.init);
        pod.containers.iter().filter(is_init).chain(rest)
    };
    let held = in_start_order().find_map(|container| held_back(pod, container));
    if held.is_some() {
        return held;
    }
    let begun = pod.started.or(pod.metadata.created)?;
    let waited = now.duration_since(begun);
    let slow = in_start_order().find_map(|container| match &container.state {
        ContainerState::Waiting { reason, .. } => Some((container, reason)),
        _ => None,
    });
    let (container, reason) = slow?;
    let status = if reason.is_empty() {
        "Pending"
    } else {
        reason.as_str()
    };
    if waited < SLOW_START || pod.node.is_empty() {
        return (!pod.node.is_empty()).then(|| healthy(status));
    }
    let fault = PodFault::SlowStart {
        container: &container.name,
        waited,
    };
    Some(faulty(Severity::Warning, status, fault, Some(begun)))
}

fn held_back<'a>(pod: &'a Pod, container: &'a Container) -> Option<PodHealth<'a>> {
    let ContainerState::Waiting { reason, message } = &container.state else {
        return None;
    };
    let name = container.name.as_str();
    let since = pod.started.or(pod.metadata.created);
    match reason.as_str() {
        "" | "ContainerCreating" | "PodInitializing" => None,
        "CrashLoopBackOff" => {
            let end = container.last_end.as_deref();
            let fault = match end {
                Some(end) if end.reason == "OOMKilled" => PodFault::OutOfMemory {
                    container: name,
                    restarts: container.restarts,
                },
                _ => PodFault::CrashLoop {
                    container: name,
                    exit_code: end.map(|end| end.exit_code),
                    restarts: container.restarts,
                },
            };
            Some(faulty(
                Severity::Critical,
                reason,
                fault,
                end.and_then(|end| end.at).or(since),
            ))
        }
        "ImagePullBackOff"
        | "ErrImagePull"
        | "InvalidImageName"
        | "ErrImageNeverPull"
        | "ImageInspectError"
        | "RegistryUnavailable"
        | "SignatureValidationFailed" => {
            let message = if message.is_empty() { reason } else { message };
            let fault = PodFault::ImagePull {
                image: &container.image,
                message,
            };
            Some(faulty(Severity::Critical, reason, fault, since))
        }
        _ => {
            let fault = PodFault::CannotStart {
                container: name,
                reason,
                message,
            };
            Some(faulty(Severity::Critical, reason, fault, since))
        }
    }
}

fn unplaced(pod: &Pod, now: Timestamp) -> Option<PodHealth<'_>> {
    if !pod.node.is_empty() || pod.phase != Phase::Pending {
        return None;
    }
    let waited = now.duration_since(pod.metadata.created?);
    // Held by a queue on purpose; the queue says why (Kueue, native gangs).
    if pod.unscheduled.contains("scheduling gates") {
        return Some(healthy("SchedulingGated"));
    }
    if waited < GRACE {
        return None;
    }
    if !pod.unscheduled.is_empty() {
        let fault = PodFault::Unschedulable {
            message: &pod.unscheduled,
        };
        return Some(faulty(
            Severity::Warning,
            "Unschedulable",
            fault,
            pod.metadata.created,
        ));
    }
    let scheduler = if pod.scheduler.is_empty() {
        "default-scheduler"
    } else {
        pod.scheduler.as_str()
    };
    let fault = PodFault::NotScheduled { scheduler, waited };
    Some(faulty(
        Severity::Warning,
        "Pending",
        fault,
        pod.metadata.created,
    ))
}

/// Runs, but not all of it well.
fn unready(pod: &Pod, now: Timestamp) -> Option<PodHealth<'_>> {
    let killed = pod.containers.iter().find_map(|container| {
        let end = container.last_end.as_deref()?;
        let at = end.at?;
        let is_recent = end.reason == "OOMKilled" && now.duration_since(at) < RECENT;
        is_recent.then_some((container, at))
    });
    if let Some((container, at)) = killed {
        let restarts = container.restarts;
        let fault = PodFault::OutOfMemory {
            container: &container.name,
            restarts,
        };
        return Some(faulty(Severity::Warning, "OOMKilled", fault, Some(at)));
    }
    if pod.ready || pod.phase != Phase::Running {
        return None;
    }
    let late = pod
        .containers
        .iter()
        .filter(|container| !container.init && !container.ready);
    let (container, since) = late
        .filter_map(|container| match container.state {
            ContainerState::Running { since } => Some((container, since?)),
            _ => None,
        })
        .min_by_key(|(_, since)| *since)?;
    let waited = now.duration_since(since);
    if waited < SLOW_READY {
        return None;
    }
    let fault = PodFault::NotReady {
        container: &container.name,
        waited,
    };
    Some(faulty(Severity::Warning, "NotReady", fault, Some(since)))
}
