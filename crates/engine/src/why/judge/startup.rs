//! Why a container is not made: what it is configured with is not there, its program is not, an init
//! container is in the way.

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::{
        case::Case,
        read,
        words::{brief, date, finding, of_event, say, seconds},
    },
    Findings, Found, Weight, exits,
};

/// How long an init container, or a start without a word, may take, in seconds.
const PATIENCE: f64 = 600.0;

/// The kubelet's words for a container that cannot be made.
const REFUSED: [&str; 8] = [
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "StartError",
    "ContainerCannotRun",
    "PreCreateHookError",
    "PreStartHookError",
    "PostStartHookError",
];

/// Judges the making of a pod's containers. True where something is in the way.
pub(super) fn judge(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    for status in read::list(pod, "/status/initContainerStatuses")
        .iter()
        .chain(read::list(pod, "/status/containerStatuses"))
    {
        if let Some(found) = refused(case, pod, status) {
            findings.add_pod(found);
            return true;
        }
    }
    if judge_init(case, pod, findings) {
        return true;
    }
    judge_slow(case, pod, findings)
}

/// The runtime or the kubelet does not make the container.
fn refused(case: &Case, pod: &Value, status: &Value) -> Option<Found> {
    let container = read::text(status, "/name");
    let (reason, message, field) = [
        ("/state/waiting", "state.waiting"),
        ("/state/terminated", "state.terminated"),
        ("/lastState/terminated", "lastState.terminated"),
    ]
    .into_iter()
    .find_map(|(pointer, field)| {
        let state = status.pointer(pointer)?;
        let reason = read::text(state, "/reason");
        let is_refusal = REFUSED.contains(&reason);
        is_refusal.then(|| (reason, read::text(state, "/message"), field))
    })?;
    let field = format!("status.containerStatuses[{container}].{field}");
    let said = finding(pod, &field, &format!("{reason}: {message}"));
    if let Some(found) = missing(message) {
        return Some(found.because(said));
    }
    let lacks_program = [
        "executable file not found",
        "no such file or directory",
        "exec format error",
        "permission denied",
    ]
    .iter()
    .any(|words| message.contains(words));
    let (code, phrase, act) = if lacks_program {
        (
            ReasonCode::CommandMissing,
            PhraseCode::WhyCommandMissing,
            PhraseCode::ActCommand,
        )
    } else {
        (
            ReasonCode::ContainerRefused,
            PhraseCode::PodCannotStart,
            PhraseCode::ActSpec,
        )
    };
    let sentence = say(phrase)
        .with("container", container)
        .with("reason", reason)
        .with("message", brief(message));
    let event = case.event(pod, &["Failed"]);
    Some(
        Found::new(code, sentence, say(act))
            .because(said)
            .also(event.map(|event| of_event(case, pod, event))),
    )
}

/// A config map, a secret or a key of one that is not there, read from the kubelet's message.
pub(super) fn missing(message: &str) -> Option<Found> {
    let quoted = |before: &str| {
        let (_, rest) = message.split_once(before)?;
        let (name, rest) = rest.split_once('"')?;
        rest.starts_with(" not found").then_some(name)
    };
    for (before, kind, code) in [
        ("configmap \"", "ConfigMap", ReasonCode::ConfigMapMissing),
        ("secret \"", "Secret", ReasonCode::SecretMissing),
    ] {
        if let Some(name) = quoted(before) {
            let sentence = say(PhraseCode::WhyNotThere)
                .with("kind", kind)
                .with("name", name);
            let act = say(PhraseCode::ActCreate)
                .with("kind", kind)
                .with("name", name);
            return Some(Found::new(code, sentence, act));
        }
    }
    let key = message
        .split_once("couldn't find key ")
        .or_else(|| message.split_once("references non-existent config key: "))
        .or_else(|| message.split_once("references non-existent secret key: "))
        .map(|(_, rest)| rest)?;
    let (key, place) = key.split_once(" in ").unwrap_or((key, "-"));
    let sentence = say(PhraseCode::WhyConfigKeyMissing)
        .with("key", key.trim())
        .with("place", place.trim());
    Some(Found::new(
        ReasonCode::ConfigKeyMissing,
        sentence,
        say(PhraseCode::ActConfigKey).with("key", key.trim()),
    ))
}

/// An init container fails, or does not end.
fn judge_init(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    if read::condition_is(pod, "Initialized", "True").is_some() {
        return false;
    }
    for status in read::list(pod, "/status/initContainerStatuses") {
        let container = read::text(status, "/name");
        if let Some(end) = exits::bad_end(status) {
            let found = exits::found(case, pod, status, end);
            let sentence = say(PhraseCode::WhyInitFails)
                .with("container", container)
                .with("code", end.code.to_string())
                .with("line", said(&found));
            let mut init = Found::new(ReasonCode::InitFails, sentence, found.reason.action);
            init.reason.evidence = found.reason.evidence;
            findings.add_pod(init);
            return true;
        }
        let since = read::time(status, "/state/running/startedAt");
        let Some(since) =
            since.filter(|_| !read::flag(status, "/started") || !stays(pod, container))
        else {
            continue;
        };
        let waited = case.age(since);
        if waited > PATIENCE {
            let sentence = say(PhraseCode::WhyInitRuns)
                .with("container", container)
                .with("waited", seconds(waited));
            let act = say(PhraseCode::ActLogs).with("pod", read::name(pod));
            let field = format!("status.initContainerStatuses[{container}].state.running");
            let mut said = finding(pod, &field, "");
            date(case, &mut said, Some(since));
            findings.add_pod(Found::new(ReasonCode::InitRuns, sentence, act).because(said));
            return true;
        }
    }
    false
}

/// The last piece of evidence of an end: its log's, where there is one.
fn said(found: &Found) -> String {
    let last = found.reason.evidence.last();
    last.map(|finding| finding.message.clone())
        .unwrap_or_default()
}

/// Whether an init container is one that runs beside the others.
fn stays(pod: &Value, container: &str) -> bool {
    read::list(pod, "/spec/initContainers").iter().any(|init| {
        read::text(init, "/name") == container && read::text(init, "/restartPolicy") == "Always"
    })
}

/// Its containers have been on their way for long, and nobody says why.
fn judge_slow(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    let waiting = read::list(pod, "/status/containerStatuses")
        .iter()
        .find(|status| read::text(status, "/state/waiting/reason") == "ContainerCreating");
    let scheduled = read::condition_is(pod, "PodScheduled", "True")
        .and_then(|condition| read::time(condition, "/lastTransitionTime"))
        .or_else(|| read::time(pod, "/status/startTime"));
    let (Some(status), Some(since)) = (waiting, scheduled) else {
        return false;
    };
    let waited = case.age(since);
    if waited < PATIENCE {
        return false;
    }
    let container = read::text(status, "/name");
    let sentence = say(PhraseCode::PodSlowStart)
        .with("container", container)
        .with("waited", seconds(waited));
    let act = say(PhraseCode::ActEvents).with("pod", read::name(pod));
    let field = format!("status.containerStatuses[{container}].state.waiting");
    let mut said = finding(pod, &field, "ContainerCreating");
    date(case, &mut said, Some(since));
    let found = Found::new(ReasonCode::SlowStart, sentence, act).because(said);
    findings.add_pod(found.weighing(Weight::Symptom));
    true
}
