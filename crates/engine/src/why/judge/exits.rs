//! How a container ended, and what its log says of it.

use jiff::Timestamp;
use serde_json::Value;
use strata_api::{
    explanation::ReasonCode,
    phrases::{Phrase, PhraseCode},
};

use super::{
    super::{
        case::Case,
        read,
        words::{brief, date, finding, say},
    },
    Found,
};
use crate::logs::{errors::first_error, exits::signal};

/// A bad end of a container.
#[derive(Clone, Copy, Debug)]
pub(super) struct End<'a> {
    /// The exit code; 128 plus the signal where one ended it.
    pub(super) code: u32,
    /// The kubelet's word.
    reason: &'a str,
    /// The container's last words, where it left some.
    message: &'a str,
    at: Option<Timestamp>,
    field: &'static str,
}

/// The last bad end of a container that does not run well now.
pub(super) fn bad_end(status: &Value) -> Option<End<'_>> {
    [
        ("/state/terminated", "state.terminated"),
        ("/lastState/terminated", "lastState.terminated"),
    ]
    .into_iter()
    .find_map(|(pointer, field)| {
        let ended = status.pointer(pointer)?;
        let code = read::count(ended, "/exitCode");
        let reason = read::text(ended, "/reason");
        (code != 0 || reason == "OOMKilled").then(|| End {
            code,
            reason,
            message: read::text(ended, "/message"),
            at: read::time(ended, "/finishedAt"),
            field,
        })
    })
}

/// How long a container must run before the kubelet forgets that it crashed
/// (`k8s.io/kubernetes/pkg/kubelet`, the back-off is reset after twice its maximum of 300 s).
const FORGIVEN: f64 = 600.0;

/// Whether a container keeps crashing though it runs at this moment: it was restarted more than once,
/// its last run ended badly, and by the kubelet's own measure that is not over yet.
pub(in super::super) fn keeps_crashing(case: &Case, pod: &Value) -> bool {
    read::list(pod, "/status/containerStatuses")
        .iter()
        .any(|status| is_between_crashes(case, status))
}

/// The same of one container's status.
pub(super) fn is_between_crashes(case: &Case, status: &Value) -> bool {
    let ended = read::time(status, "/lastState/terminated/finishedAt");
    let code = read::number(status, "/lastState/terminated/exitCode").unwrap_or(0);
    status.pointer("/state/running").is_some()
        && code != 0
        && read::count(status, "/restartCount") > 1
        && ended.is_some_and(|ended| case.age(ended) < FORGIVEN)
}

/// What an end was, as far as the kubelet and the log tell.
pub(super) fn found(case: &Case, pod: &Value, status: &Value, end: End<'_>) -> Found {
    let container = read::text(status, "/name");
    let log = case.log(pod, container).unwrap_or(end.message);
    let (code, line) = if end.reason == "OOMKilled" {
        (ReasonCode::OutOfMemory, None)
    } else {
        first_error(log)
    };
    let restarts = read::count(status, "/restartCount");
    let sentence = sentence(code, end, line.unwrap_or_default())
        .with("container", container)
        .with("code", end.code.to_string())
        .with("restarts", restarts)
        .with("limit", memory_limit(pod, container));
    let mut said = finding(
        pod,
        &format!("status.containerStatuses[{container}].{}", end.field),
        &format!("{}, exit code {}", end.reason, end.code),
    );
    date(case, &mut said, end.at);
    let quoted = line.map(|line| finding(pod, &format!("log {container}"), line));
    Found::new(code, sentence, action(code, pod, end.code))
        .because(said)
        .also(quoted)
}

fn sentence(code: ReasonCode, end: End<'_>, line: &str) -> Phrase {
    let line = brief(line);
    match code {
        ReasonCode::OutOfMemory => say(PhraseCode::WhyOutOfMemory),
        ReasonCode::CudaOutOfMemory => say(PhraseCode::WhyCudaOutOfMemory).with("line", line),
        ReasonCode::GpuError => say(PhraseCode::WhyGpuError).with("line", line),
        ReasonCode::DnsFailure => say(PhraseCode::WhyDns).with("line", line),
        ReasonCode::NcclError => say(PhraseCode::WhyNccl).with("line", line),
        ReasonCode::PythonError => say(PhraseCode::WhyPython).with("line", line),
        _ => match (signal(end.code), line.is_empty()) {
            (Some(signal), true) => say(PhraseCode::WhySignal).with("signal", signal),
            (Some(signal), false) => say(PhraseCode::WhySignalSaid)
                .with("signal", signal)
                .with("line", line),
            (None, true) => say(PhraseCode::WhyCrash),
            (None, false) => say(PhraseCode::WhyCrashSaid).with("line", line),
        },
    }
}

fn action(code: ReasonCode, pod: &Value, exit: u32) -> Phrase {
    match code {
        ReasonCode::OutOfMemory => say(PhraseCode::ActMemory),
        ReasonCode::CudaOutOfMemory => say(PhraseCode::ActCudaMemory),
        ReasonCode::GpuError => say(PhraseCode::ActDevices),
        ReasonCode::DnsFailure => say(PhraseCode::ActDns),
        ReasonCode::NcclError => say(PhraseCode::ActNccl),
        _ if exit == 126 || exit == 127 => say(PhraseCode::ActCommand),
        _ => say(PhraseCode::ActLogs).with("pod", read::name(pod)),
    }
}

fn memory_limit(pod: &Value, container: &str) -> String {
    read::list(pod, "/spec/containers")
        .iter()
        .chain(read::list(pod, "/spec/initContainers"))
        .find(|spec| read::text(spec, "/name") == container)
        .map(|spec| read::text(spec, "/resources/limits/memory"))
        .filter(|limit| !limit.is_empty())
        .unwrap_or("-")
        .to_owned()
}
