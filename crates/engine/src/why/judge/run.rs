//! Why a container that was started does not run.

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::{
        case::Case,
        read,
        words::{brief, finding, of_event, say},
    },
    Findings, Found, Weight, exits,
};

/// Judges the ends of a pod's containers. True where one of them is down for it.
pub(super) fn judge(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    let has_failed = read::text(pod, "/status/phase") == "Failed";
    let mut is_down = false;
    for status in read::list(pod, "/status/containerStatuses") {
        let runs = status.pointer("/state/running").is_some();
        let waits = read::text(status, "/state/waiting/reason");
        // One that runs again, and is ready, is well whatever was before; if it is not between two
        // crashes.
        let is_well = read::flag(status, "/ready") && !exits::is_between_crashes(case, status);
        if runs && is_well {
            continue;
        }
        if let Some(end) = exits::bad_end(status) {
            let killed = killed_by_probe(case, pod, status);
            let found = killed.unwrap_or_else(|| exits::found(case, pod, status, end));
            findings.add_pod(found);
            is_down = true;
        } else if waits == "CrashLoopBackOff" && !has_failed {
            findings.add_pod(ends_at_once(pod, status));
            is_down = true;
        }
    }
    if !is_down && has_failed {
        let reason = read::text(pod, "/status/reason");
        let message = read::text(pod, "/status/message");
        let sentence = say(PhraseCode::PodFailedFor)
            .with("reason", if reason.is_empty() { "-" } else { reason });
        let act = say(PhraseCode::ActEvents).with("pod", read::name(pod));
        let found = Found::new(ReasonCode::Unknown, sentence, act);
        findings.add_pod(
            found
                .because(finding(pod, "status", message))
                .weighing(Weight::Symptom),
        );
        is_down = true;
    }
    is_down
}

/// The kubelet killed the container because a probe failed.
fn killed_by_probe(case: &Case, pod: &Value, status: &Value) -> Option<Found> {
    let container = read::text(status, "/name");
    let killing = case.events_of(pod).find(|event| {
        let message = read::text(event, "/message");
        read::text(event, "/reason") == "Killing"
            && message.contains(container)
            && (message.contains("failed liveness probe")
                || message.contains("failed startup probe"))
    })?;
    let is_startup = read::text(killing, "/message").contains("failed startup probe");
    let (code, phrase, word) = if is_startup {
        (
            ReasonCode::StartupProbe,
            PhraseCode::WhyStartupProbe,
            "Startup probe",
        )
    } else {
        (
            ReasonCode::LivenessProbe,
            PhraseCode::WhyLivenessProbe,
            "Liveness probe",
        )
    };
    let unhealthy = case.events_of(pod).find(|event| {
        read::text(event, "/reason") == "Unhealthy"
            && read::text(event, "/message").starts_with(word)
    });
    let message = unhealthy.map_or("", |event| read::text(event, "/message"));
    let sentence = say(phrase)
        .with("container", container)
        .with("restarts", read::count(status, "/restartCount"))
        .with("message", brief(message));
    let act = say(PhraseCode::ActProbe).with("pod", read::name(pod));
    Some(
        Found::new(code, sentence, act)
            .also(unhealthy.map(|event| of_event(case, pod, event)))
            .because(of_event(case, pod, killing)),
    )
}

/// It ends well again and again, where it should run on.
fn ends_at_once(pod: &Value, status: &Value) -> Found {
    let container = read::text(status, "/name");
    let sentence = say(PhraseCode::WhyExitsAtOnce)
        .with("container", container)
        .with("restarts", read::count(status, "/restartCount"));
    let field = format!("status.containerStatuses[{container}].lastState.terminated");
    Found::new(
        ReasonCode::ExitsAtOnce,
        sentence,
        say(PhraseCode::ActCommand),
    )
    .because(finding(pod, &field, "Completed, exit code 0"))
}
