//! How a pod does: its severity, the one word for it, and why.
//!
//! The API's phase says little: a pod that crashes again and again is `Running`. These rules read
//! what outranks the phase, the gravest first, as `kubectl get pods` and kstatus do. A pod that has
//! only just come is given a while before it counts as late.

use jiff::{SignedDuration, Timestamp};
use strata_api::phrases::{Phrase, PhraseCode, PhraseValue};
use strata_domain::{
    condition::Status,
    ids::ObjectKey,
    node::Node,
    pod::{Container, ContainerEnd, ContainerState, Phase, Pod},
    severity::Severity,
    text::Text,
};

use crate::fleet::cluster::Cluster;

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

/// Why a pod does badly.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are what each sentence names")]
pub enum PodFault<'a> {
    /// Its node does not answer.
    NodeLost { node: &'a str },
    /// A container ends again and again.
    CrashLoop { container: &'a str, exit_code: Option<i32>, restarts: u32 },
    /// A container was killed for using more memory than its limit.
    OutOfMemory { container: &'a str, restarts: u32 },
    /// An image cannot be had.
    ImagePull { image: &'a str, message: &'a str },
    /// The kubelet cannot start a container.
    CannotStart { container: &'a str, reason: &'a str, message: &'a str },
    /// No node takes it.
    Unschedulable { message: &'a str },
    /// No scheduler has looked at it.
    NotScheduled { scheduler: &'a str, waited: SignedDuration },
    /// The kubelet put it out.
    Evicted { node: &'a str },
    /// It ended badly.
    Failed { container: &'a str, exit_code: i32, reason: &'a str },
    /// It failed, and only a word says why.
    FailedFor { reason: &'a str },
    /// Its containers do not come up.
    SlowStart { container: &'a str, waited: SignedDuration },
    /// A container runs, but its readiness probe fails.
    NotReady { container: &'a str, waited: SignedDuration },
    /// It should be gone.
    SlowEnd { waited: SignedDuration },
}

impl PodFault<'_> {
    /// The sentence that says it.
    pub fn phrase(&self) -> Phrase {
        match *self {
            Self::NodeLost { node } => Phrase::new(PhraseCode::PodNodeLost).with("node", node),
            Self::CrashLoop { container, exit_code: Some(code), restarts } => {
                Phrase::new(PhraseCode::PodCrashes)
                    .with("container", container)
                    .with("code", code.to_string())
                    .with("restarts", restarts)
            }
            Self::CrashLoop { container, exit_code: None, restarts } => {
                Phrase::new(PhraseCode::PodRestarts)
                    .with("container", container)
                    .with("restarts", restarts)
            }
            Self::OutOfMemory { container, restarts } => Phrase::new(PhraseCode::PodOutOfMemory)
                .with("container", container)
                .with("restarts", restarts),
            Self::ImagePull { image, message } => Phrase::new(PhraseCode::PodImagePull)
                .with("image", image)
                .with("message", brief(message)),
            Self::CannotStart { container, reason, message } => {
                Phrase::new(PhraseCode::PodCannotStart)
                    .with("container", container)
                    .with("reason", reason)
                    .with("message", brief(message))
            }
            Self::Unschedulable { message } => {
                Phrase::new(PhraseCode::PodUnschedulable).with("message", brief(message))
            }
            Self::NotScheduled { scheduler, waited } => {
                Phrase::new(PhraseCode::PodNotScheduled)
                    .with("scheduler", scheduler)
                    .with("waited", seconds(waited))
            }
            Self::Evicted { node } => Phrase::new(PhraseCode::PodEvicted).with("node", node),
            Self::Failed { container, exit_code, reason } => Phrase::new(PhraseCode::PodFailed)
                .with("container", container)
                .with("code", exit_code.to_string())
                .with("reason", reason),
            Self::FailedFor { reason } => {
                Phrase::new(PhraseCode::PodFailedFor).with("reason", reason)
            }
            Self::SlowStart { container, waited } => Phrase::new(PhraseCode::PodSlowStart)
                .with("container", container)
                .with("waited", seconds(waited)),
            Self::NotReady { container, waited } => Phrase::new(PhraseCode::PodNotReady)
                .with("container", container)
                .with("waited", seconds(waited)),
            Self::SlowEnd { waited } => {
                Phrase::new(PhraseCode::PodSlowEnd).with("waited", seconds(waited))
            }
        }
    }
}

/// What a fault calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Remedy {
    Node,
    Logs,
    Memory,
    Image,
    Start,
    Room,
    Scheduler,
    Evicted,
    Probe,
    End,
}

impl PodFault<'_> {
    /// What it calls for.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NodeLost { .. } => Remedy::Node,
            Self::CrashLoop { .. } | Self::Failed { .. } => Remedy::Logs,
            Self::OutOfMemory { .. } => Remedy::Memory,
            Self::ImagePull { .. } => Remedy::Image,
            Self::CannotStart { .. } | Self::SlowStart { .. } | Self::FailedFor { .. } => {
                Remedy::Start
            }
            Self::Unschedulable { .. } => Remedy::Room,
            Self::NotScheduled { .. } => Remedy::Scheduler,
            Self::Evicted { .. } => Remedy::Evicted,
            Self::NotReady { .. } => Remedy::Probe,
            Self::SlowEnd { .. } => Remedy::End,
        }
    }

    /// The container that it is about, if it is about one.
    pub fn container(&self) -> Option<&str> {
        match *self {
            Self::CrashLoop { container, .. }
            | Self::OutOfMemory { container, .. }
            | Self::CannotStart { container, .. }
            | Self::Failed { container, .. }
            | Self::SlowStart { container, .. }
            | Self::NotReady { container, .. } => Some(container),
            _ => None,
        }
    }
}

/// The worst that is wrong in a set of pods, and how many fare so.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// The worst severity.
    pub severity: Severity,
    /// A pod that has it.
    pub pod: ObjectKey,
    /// The container that it is about; empty where it is about none.
    pub container: Text,
    /// Why.
    pub reason: Phrase,
    /// What it calls for.
    pub remedy: Remedy,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
}

/// How a set of pods does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodsHealth {
    /// Pods that are neither done nor failed.
    pub current: u32,
    /// Of these, the ones that are ready.
    pub ready: u32,
    /// Pods with a fault.
    pub faulty: u32,
    /// Of these, the ones whose node does not answer.
    pub lost: u32,
    /// The worst of the faults.
    pub worst: Option<Trouble>,
}

impl PodsHealth {
    /// Sums up `pods`. Of equal faults the one of the pod with the first name is told, so that the
    /// words do not change from one look to the next.
    pub fn of<'a>(
        pods: impl Iterator<Item = &'a Pod>,
        cluster: &Cluster,
        now: Timestamp,
    ) -> Self {
        let mut sum = Self::default();
        for pod in pods {
            let is_current = !matches!(pod.phase, Phase::Succeeded | Phase::Failed);
            sum.current += u32::from(is_current);
            sum.ready += u32::from(is_current && pod.ready);
            let node = if pod.node.is_empty() { None } else { cluster.node(&pod.node) };
            let health = judge(pod, node, now);
            let Some(fault) = &health.fault else { continue };
            sum.faulty += 1;
            let remedy = fault.remedy();
            sum.lost += u32::from(remedy == Remedy::Node);
            let key = &pod.metadata.key;
            let is_worse = sum.worst.as_ref().is_none_or(|worst| {
                (health.severity, &worst.pod) > (worst.severity, key)
            });
            if is_worse {
                sum.worst = Some(Trouble {
                    severity: health.severity,
                    pod: key.clone(),
                    container: fault.container().map(Text::from).unwrap_or_default(),
                    reason: fault.phrase(),
                    remedy,
                    since: health.since,
                });
            }
        }
        sum
    }
}

/// A time span as a phrase says it.
pub(crate) fn seconds(span: SignedDuration) -> PhraseValue {
    PhraseValue::Seconds(span.as_secs_f64())
}

/// The first line of a message, and no more of it than one reads at a glance.
pub(crate) fn brief(message: &str) -> String {
    const MOST: usize = 240;
    let line = message.trim().lines().next().unwrap_or_default().trim_end_matches(['.', ' ']);
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
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
        _ => PodHealth { severity: Severity::Unknown, status: "Unknown", fault: None, since: None },
    })
}

fn healthy(status: &str) -> PodHealth<'_> {
    PodHealth { severity: Severity::Ok, status, fault: None, since: None }
}

fn faulty<'a>(
    severity: Severity,
    status: &'a str,
    fault: PodFault<'a>,
    since: Option<Timestamp>,
) -> Option<PodHealth<'a>> {
    Some(PodHealth { severity, status, fault: Some(fault), since })
}

fn failed(pod: &Pod) -> PodHealth<'_> {
    let bad_end = pod.containers.iter().find_map(|container| match &container.state {
        ContainerState::Ended(end) if end.exit_code != 0 => Some((container, end)),
        _ => None,
    });
    let judged = if pod.reason == "Evicted" {
        // What was put out is started anew elsewhere; what stays behind hurts nobody.
        faulty(Severity::Notice, "Evicted", PodFault::Evicted { node: &pod.node }, None)
    } else if let Some((container, end)) = bad_end {
        let (status, fault) = ended_badly(container, end);
        faulty(Severity::Critical, status, fault, end.at)
    } else {
        let reason = if pod.reason.is_empty() { "Failed" } else { pod.reason.as_str() };
        faulty(Severity::Critical, reason, PodFault::FailedFor { reason }, None)
    };
    judged.unwrap_or_else(|| healthy("Failed"))
}

fn ended_badly<'a>(container: &'a Container, end: &'a ContainerEnd) -> (&'a str, PodFault<'a>) {
    let name = container.name.as_str();
    if end.reason == "OOMKilled" {
        let fault = PodFault::OutOfMemory { container: name, restarts: container.restarts };
        return ("OOMKilled", fault);
    }
    let reason = if end.reason.is_empty() { "Error" } else { end.reason.as_str() };
    (reason, PodFault::Failed { container: name, exit_code: end.exit_code, reason })
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
    is_lost
        .then(|| {
            faulty(
                Severity::Critical,
                "NodeLost",
                PodFault::NodeLost { node: &pod.node },
                since,
            )
        })
        .flatten()
}

fn lingering(pod: &Pod, now: Timestamp) -> Option<PodHealth<'_>> {
    let deleting = pod.metadata.deleting?;
    let waited = now.duration_since(deleting);
    if waited < SLOW_END {
        return Some(healthy("Terminating"));
    }
    faulty(Severity::Warning, "Terminating", PodFault::SlowEnd { waited }, Some(deleting))
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
    let status = if reason.is_empty() { "Pending" } else { reason.as_str() };
    if waited < SLOW_START || pod.node.is_empty() {
        return (!pod.node.is_empty()).then(|| healthy(status));
    }
    let fault = PodFault::SlowStart { container: &container.name, waited };
    faulty(Severity::Warning, status, fault, Some(begun))
}

fn held_back<'a>(pod: &'a Pod, container: &'a Container) -> Option<PodHealth<'a>> {
    let ContainerState::Waiting { reason, message } = &container.state else { return None };
    let name = container.name.as_str();
    let since = pod.started.or(pod.metadata.created);
    match reason.as_str() {
        "" | "ContainerCreating" | "PodInitializing" => None,
        "CrashLoopBackOff" => {
            let end = container.last_end.as_deref();
            let fault = match end {
                Some(end) if end.reason == "OOMKilled" => {
                    PodFault::OutOfMemory { container: name, restarts: container.restarts }
                }
                _ => PodFault::CrashLoop {
                    container: name,
                    exit_code: end.map(|end| end.exit_code),
                    restarts: container.restarts,
                },
            };
            faulty(Severity::Critical, reason, fault, end.and_then(|end| end.at).or(since))
        }
        "ImagePullBackOff" | "ErrImagePull" | "InvalidImageName" | "ErrImageNeverPull"
        | "ImageInspectError" | "RegistryUnavailable" | "SignatureValidationFailed" => {
            let message = if message.is_empty() { reason } else { message };
            let fault = PodFault::ImagePull { image: &container.image, message };
            faulty(Severity::Critical, reason, fault, since)
        }
        _ => {
            let fault = PodFault::CannotStart { container: name, reason, message };
            faulty(Severity::Critical, reason, fault, since)
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
        let fault = PodFault::Unschedulable { message: &pod.unscheduled };
        return faulty(Severity::Warning, "Unschedulable", fault, pod.metadata.created);
    }
    let scheduler =
        if pod.scheduler.is_empty() { "default-scheduler" } else { pod.scheduler.as_str() };
    let fault = PodFault::NotScheduled { scheduler, waited };
    faulty(Severity::Warning, "Pending", fault, pod.metadata.created)
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
        let fault = PodFault::OutOfMemory { container: &container.name, restarts };
        return faulty(Severity::Warning, "OOMKilled", fault, Some(at));
    }
    if pod.ready || pod.phase != Phase::Running {
        return None;
    }
    let late = pod.containers.iter().filter(|container| !container.init && !container.ready);
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
    let fault = PodFault::NotReady { container: &container.name, waited };
    faulty(Severity::Warning, "NotReady", fault, Some(since))
}

#[cfg(test)]
mod tests;
