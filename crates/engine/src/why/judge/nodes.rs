//! What the node did to a pod: lost it, refused it, put it out; and who took its place.

use serde_json::Value;
use strata_api::{
    explanation::{Finding, ReasonCode},
    phrases::{Phrase, PhraseCode},
};

use super::{
    super::{
        case::{Case, Known},
        read,
        words::{brief, date, finding, of_condition, of_event, say},
    },
    Findings, Found, Weight,
};

/// Judges a pod that was put out, refused or preempted. True where that is so.
pub(super) fn judge_end(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    let target = read::condition_is(pod, "DisruptionTarget", "True");
    let is_over = read::text(pod, "/status/phase") == "Failed" || read::is_ending(pod);
    let node = read::text(pod, "/spec/nodeName");
    if let Some(target) = target.filter(|_| is_over) {
        let message = read::text(target, "/message");
        let found = match read::text(target, "/reason") {
            "PreemptionByScheduler" => preempted(case, pod, message),
            "DeletionByTaintManager" => Found::new(
                ReasonCode::EvictedByTaint,
                say(PhraseCode::WhyEvictedByTaint).with("node", node),
                say(PhraseCode::ActNode),
            ),
            "EvictionByEvictionAPI" => Found::new(
                ReasonCode::EvictedByRequest,
                say(PhraseCode::WhyEvictedByRequest).with("node", node),
                say(PhraseCode::ActDrained),
            ),
            "DeletionByPodGC" => lost(node, message),
            _ => pressure(pod, node),
        };
        let found = found.because(of_condition(case, pod, target));
        findings.add_pod(found.also(status(case, pod)).weighing(Weight::Decisive));
        return true;
    }
    let reason = read::text(pod, "/status/reason");
    let found = match reason {
        "Evicted" => pressure(pod, node),
        "Preempting" => preempted(case, pod, read::text(pod, "/status/message")),
        "NodeLost" => lost(node, read::text(pod, "/status/message")),
        "NodeShutdown" | "Shutdown" | "Terminated" => Found::new(
            ReasonCode::EvictedByRequest,
            say(PhraseCode::WhyNodeShutdown).with("node", node),
            say(PhraseCode::ActDrained),
        ),
        "UnexpectedAdmissionError" | "NodeAffinity" | "NodePorts" | "TopologyAffinityError" => {
            refused(pod, node, reason)
        }
        other if other.starts_with("OutOf") => refused(pod, node, other),
        _ => return false,
    };
    findings.add_pod(found.also(status(case, pod)).weighing(Weight::Decisive));
    true
}

/// What the pod's own status says of its end.
fn status(case: &Case, pod: &Value) -> Option<Finding> {
    let reason = read::text(pod, "/status/reason");
    if reason.is_empty() {
        return None;
    }
    let message = read::text(pod, "/status/message");
    let mut said = finding(pod, "status.reason", &format!("{reason}: {message}"));
    let target = read::condition(pod, "DisruptionTarget");
    let at = target.and_then(|target| read::time(target, "/lastTransitionTime"));
    date(
        case,
        &mut said,
        at.or_else(|| read::time(pod, "/status/startTime")),
    );
    Some(said)
}

fn preempted(case: &Case, pod: &Value, message: &str) -> Found {
    let event = case.event(pod, &["Preempted"]);
    let said = event.map_or(message, |event| read::text(event, "/message"));
    let found = Found::new(
        ReasonCode::Preempted,
        say(PhraseCode::WhyPreempted)
            .with("pod", read::name(pod))
            .with("message", brief(said)),
        say(PhraseCode::ActPriority),
    );
    found.also(event.map(|event| of_event(case, pod, event)))
}

fn pressure(pod: &Value, node: &str) -> Found {
    let message = read::text(pod, "/status/message");
    Found::new(
        ReasonCode::EvictedByPressure,
        say(PhraseCode::WhyEvictedByPressure)
            .with("node", node)
            .with("message", brief(message)),
        say(PhraseCode::ActPressureHere),
    )
}

fn refused(pod: &Value, node: &str, reason: &str) -> Found {
    Found::new(
        ReasonCode::NodeRefused,
        say(PhraseCode::WhyNodeRefused)
            .with("node", node)
            .with("reason", reason)
            .with("message", brief(read::text(pod, "/status/message"))),
        say(PhraseCode::ActNodeRefused),
    )
}

fn lost(node: &str, message: &str) -> Found {
    let sentence = if message.is_empty() {
        say(PhraseCode::PodNodeLost)
    } else {
        say(PhraseCode::WhyNodeLost).with("message", brief(message))
    };
    Found::new(
        ReasonCode::NodeLost,
        sentence.with("node", node),
        say(PhraseCode::ActNode),
    )
}

/// Whether the node of a pod is gone or does not answer, as far as it was read.
pub(in super::super) fn is_lost(case: &Case, pod: &Value) -> bool {
    let node = read::text(pod, "/spec/nodeName");
    !node.is_empty()
        && match case.node(node) {
            Known::Absent => true,
            Known::There(node) => unready(node).is_some(),
            Known::Unknown => false,
        }
}

/// What a node says of itself, where it does not say that it is ready.
fn unready(node: &Value) -> Option<&Value> {
    read::condition(node, "Ready").filter(|ready| read::text(ready, "/status") != "True")
}

/// Judges the node of a pod that has one. True where it does not answer, so that what the pod's
/// status says is old.
pub(super) fn judge(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    let node = read::text(pod, "/spec/nodeName");
    match case.node(node) {
        Known::Absent => {
            let found = lost(node, "");
            findings.add_pod(found.because(finding(pod, "spec.nodeName", node)));
            true
        }
        Known::There(object) => {
            let Some(ready) = unready(object) else {
                return judge_sandbox(case, pod, findings);
            };
            let found = lost(node, read::text(ready, "/message"));
            findings.add_pod(found.because(of_condition(case, object, ready)));
            true
        }
        Known::Unknown => judge_sandbox(case, pod, findings),
    }
}

/// The runtime could not set up the pod's network.
fn judge_sandbox(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    let has_address = !read::text(pod, "/status/podIP").is_empty();
    let Some(event) = case
        .event(pod, &["FailedCreatePodSandBox"])
        .filter(|_| !has_address)
    else {
        return false;
    };
    let sentence: Phrase =
        say(PhraseCode::WhySandbox).with("message", brief(read::text(event, "/message")));
    let found = Found::new(
        ReasonCode::SandboxFailed,
        sentence,
        say(PhraseCode::ActPodNetwork),
    );
    findings.add_pod(found.because(of_event(case, pod, event)));
    true
}

/// Pods that are gone, of which events are left: those that were preempted. Only where the object
/// lacks pods now.
pub(super) fn judge_gone(case: &Case, findings: &mut Findings) {
    if read::is_a(&case.object, "", "Pod") || findings.has(ReasonCode::Preempted) {
        return;
    }
    let lacks = case.pods.iter().any(|pod| {
        read::text(pod, "/spec/nodeName").is_empty()
            && read::text(pod, "/status/phase") == "Pending"
    });
    let names: Vec<&str> = case.chain().map(read::name).collect();
    let gone = case.events.iter().find(|event| {
        let about = read::text(event, "/involvedObject/name");
        let uid = read::text(event, "/involvedObject/uid");
        let is_ours = names.iter().any(|name| {
            about
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('-'))
        });
        read::text(event, "/reason") == "Preempted"
            && is_ours
            && !case.pods.iter().any(|pod| read::uid(pod) == uid)
    });
    let Some(event) = gone.filter(|_| lacks || case.pods.is_empty()) else {
        return;
    };
    let sentence = say(PhraseCode::WhyPreempted)
        .with("pod", read::text(event, "/involvedObject/name"))
        .with("message", brief(read::text(event, "/message")));
    let found = Found::new(
        ReasonCode::Preempted,
        sentence,
        say(PhraseCode::ActPriority),
    );
    let mut said = of_event(case, &case.object, event);
    "Pod".clone_into(&mut said.object.kind);
    read::text(event, "/involvedObject/name").clone_into(&mut said.object.name);
    findings.add(found.because(said).weighing(Weight::Decisive));
}
