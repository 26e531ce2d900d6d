//! Why a pod whose containers run is not ready.

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::{
        case::Case,
        read,
        words::{brief, date, finding, of_event, say, seconds},
    },
    Findings, Found,
};

/// How long a container may take to become ready, in seconds: a model server loads for minutes.
const PATIENCE: f64 = 60.0;

/// Judges the readiness of a pod.
pub(super) fn judge(case: &Case, pod: &Value, findings: &mut Findings) {
    if read::text(pod, "/status/phase") != "Running"
        || read::condition_is(pod, "Ready", "True").is_some()
    {
        return;
    }
    let statuses = read::list(pod, "/status/containerStatuses");
    for status in statuses
        .iter()
        .filter(|status| !read::flag(status, "/ready"))
    {
        if let Some(found) = unready(case, pod, status) {
            findings.add_pod(found);
            return;
        }
    }
    let all_ready = statuses.iter().all(|status| read::flag(status, "/ready"));
    if all_ready {
        judge_gates(pod, findings);
    }
}

fn unready(case: &Case, pod: &Value, status: &Value) -> Option<Found> {
    let since = read::time(status, "/state/running/startedAt")?;
    let waited = case.age(since);
    let container = read::text(status, "/name");
    let is_starting = status.pointer("/started").and_then(Value::as_bool) == Some(false)
        && has_probe(pod, container, "startupProbe");
    let word = if is_starting {
        "Startup probe"
    } else {
        "Readiness probe"
    };
    let event = case.events_of(pod).find(|event| {
        read::text(event, "/reason") == "Unhealthy"
            && read::text(event, "/message").starts_with(word)
    });
    if waited < PATIENCE {
        return None;
    }
    let message = event.map_or("", |event| read::text(event, "/message"));
    let (code, sentence) = match (is_starting, message.is_empty()) {
        (true, _) => (
            ReasonCode::StartupProbe,
            say(PhraseCode::WhyStarting).with("message", brief(message)),
        ),
        (false, true) => (ReasonCode::ReadinessProbe, say(PhraseCode::PodNotReady)),
        (false, false) => (
            ReasonCode::ReadinessProbe,
            say(PhraseCode::WhyReadinessProbe).with("message", brief(message)),
        ),
    };
    let sentence = sentence
        .with("container", container)
        .with("waited", seconds(waited));
    let act = say(PhraseCode::ActProbe).with("pod", read::name(pod));
    let mut said = finding(
        pod,
        &format!("status.containerStatuses[{container}].ready"),
        "false",
    );
    date(case, &mut said, Some(since));
    Some(
        Found::new(code, sentence, act)
            .because(said)
            .also(event.map(|event| of_event(case, pod, event))),
    )
}

fn has_probe(pod: &Value, container: &str, probe: &str) -> bool {
    read::list(pod, "/spec/containers")
        .iter()
        .any(|spec| read::text(spec, "/name") == container && spec.get(probe).is_some())
}

/// Its containers are ready; somebody else has to say so too.
fn judge_gates(pod: &Value, findings: &mut Findings) {
    let closed = read::list(pod, "/spec/readinessGates")
        .iter()
        .find_map(|gate| {
            let kind = read::text(gate, "/conditionType");
            let is_open = read::condition_is(pod, kind, "True").is_some();
            (!is_open).then_some(kind)
        });
    if let Some(gate) = closed {
        let sentence = say(PhraseCode::WhyReadinessGate).with("gate", gate);
        let found = Found::new(
            ReasonCode::ReadinessGate,
            sentence,
            say(PhraseCode::ActGate),
        );
        findings.add_pod(found.because(finding(pod, "spec.readinessGates", gate)));
    }
}
