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

/// Errors that logs tell of, the most telling words of each.
const ERRORS: &[(ReasonCode, &[&str])] = &[
    (
        ReasonCode::CudaOutOfMemory,
        &[
            "CUDA out of memory",
            "OutOfMemoryError",
            "CUDA_ERROR_OUT_OF_MEMORY",
            "No available memory for the cache blocks",
            "HIP out of memory",
        ],
    ),
    (
        ReasonCode::GpuError,
        &[
            "uncorrectable ECC error",
            "fallen off the bus",
            "no CUDA-capable device",
            "Failed to initialize NVML",
            "nvidia-container-cli: ",
            "CUDA-capable device(s) is/are busy",
            "unspecified launch failure",
        ],
    ),
    (
        ReasonCode::DnsFailure,
        &[
            "Temporary failure in name resolution",
            "Name or service not known",
            "Could not resolve host",
            "could not resolve host",
            "no such host",
            "getaddrinfo EAI_AGAIN",
            "getaddrinfo ENOTFOUND",
        ],
    ),
    (
        ReasonCode::NcclError,
        &[
            "NCCL error",
            "ncclInternalError",
            "ncclSystemError",
            "ncclUnhandledCudaError",
            "ncclRemoteError",
            "collective operation timeout",
            "NCCL WARN",
        ],
    ),
];

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

/// The first error that a log tells of. Where none of the known ones is there, a Python traceback's
/// last line, or the last line that speaks of an error.
fn first_error(log: &str) -> (ReasonCode, Option<&str>) {
    for line in log.lines() {
        let known = ERRORS
            .iter()
            .find(|(_, words)| words.iter().any(|word| line.contains(word)));
        if let Some((code, _)) = known {
            return (*code, Some(line.trim()));
        }
    }
    if let Some(at) = log.find("Traceback (most recent call last)") {
        let raised = log
            .get(at..)
            .unwrap_or_default()
            .lines()
            .skip(1)
            .find(|line| !line.starts_with([' ', '\t']) && !line.trim().is_empty());
        return (ReasonCode::PythonError, raised.map(str::trim));
    }
    let telling = log.lines().rev().find(|line| {
        let line = line.to_lowercase();
        ["error", "fatal", "panic", "exception", "failed", "cannot"]
            .iter()
            .any(|word| line.contains(word))
    });
    let last = log.lines().rev().find(|line| !line.trim().is_empty());
    (ReasonCode::Crash, telling.or(last).map(str::trim))
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

/// The signal that an exit code above 128 stands for, by its name.
fn signal(code: u32) -> Option<&'static str> {
    Some(match code {
        129 => "SIGHUP",
        130 => "SIGINT",
        131 => "SIGQUIT",
        132 => "SIGILL",
        134 => "SIGABRT",
        135 => "SIGBUS",
        136 => "SIGFPE",
        137 => "SIGKILL",
        139 => "SIGSEGV",
        141 => "SIGPIPE",
        143 => "SIGTERM",
        _ => return None,
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_of_a_log_is_the_one_that_counts() {
        let log = "step 10\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\n\
                   NCCL error: unhandled\nTraceback (most recent call last):\n";
        assert_eq!(first_error(log).0, ReasonCode::CudaOutOfMemory);
    }

    #[test]
    fn a_traceback_is_told_by_what_was_raised() {
        let log = "Traceback (most recent call last):\n  File \"t.py\", line 1\n    boom()\nValueError: no data\n";
        assert_eq!(
            first_error(log),
            (ReasonCode::PythonError, Some("ValueError: no data"))
        );
    }

    #[test]
    fn without_a_known_error_the_line_that_speaks_of_one_is_quoted() {
        let log = "starting\nerror: config file missing\nbye\n";
        assert_eq!(
            first_error(log),
            (ReasonCode::Crash, Some("error: config file missing"))
        );
        assert_eq!(first_error(""), (ReasonCode::Crash, None));
    }
}
