//! What a line of a log tells of.

use strata_api::{explanation::ReasonCode, rows::log::LogLevel};

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

/// Words of a line that tells of an error, whoever wrote it.
const TELLING: [&str; 6] = ["error", "fatal", "panic", "exception", "failed", "cannot"];

const ERROR_WORDS: [&str; 9] = [
    "ERROR",
    "FATAL",
    "CRITICAL",
    "Traceback (most recent call last)",
    "panic:",
    "Error: ",
    "Exception: ",
    "\"level\":\"error\"",
    "level=error",
];

const WARNING_WORDS: [&str; 5] = [
    "WARNING",
    "WARN ",
    "Warning: ",
    "\"level\":\"warn",
    "level=warn",
];

const TRACEBACK: &str = "Traceback (most recent call last)";

/// Reads one log line by line, and knows an error when it comes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scanner {
    is_in_traceback: bool,
}

impl Scanner {
    /// What `line` tells of, where that is one of the errors that are known, or what a Python
    /// program raised.
    pub(crate) fn see(&mut self, line: &str) -> Option<ReasonCode> {
        if let Some(code) = known(line) {
            self.is_in_traceback = false;
            return Some(code);
        }
        if line.contains(TRACEBACK) {
            self.is_in_traceback = true;
            return None;
        }
        let line = without_rank(line);
        let is_raised =
            self.is_in_traceback && !line.starts_with([' ', '\t']) && !line.trim().is_empty();
        if is_raised {
            self.is_in_traceback = false;
            return Some(ReasonCode::PythonError);
        }
        None
    }
}

fn known(line: &str) -> Option<ReasonCode> {
    let found = ERRORS
        .iter()
        .find(|(_, words)| words.iter().any(|word| line.contains(word)));
    found.map(|(code, _)| *code)
}

/// A line without the `[rank3]: ` that torchrun puts before it.
fn without_rank(line: &str) -> &str {
    let rest = line.strip_prefix("[rank").and_then(|rest| {
        let (number, rest) = rest.split_once("]:")?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| rest.strip_prefix(' ').unwrap_or(rest))
    });
    rest.unwrap_or(line)
}

/// Whether a line speaks of an error that is none of the known ones.
pub(crate) fn is_telling(line: &str) -> bool {
    let line = line.to_lowercase();
    TELLING.iter().any(|word| line.contains(word))
}

/// The first error that a log tells of. Where none of the known ones is there, what a Python program
/// raised, else the last line that speaks of an error.
pub(crate) fn first_error(log: &str) -> (ReasonCode, Option<&str>) {
    let mut scanner = Scanner::default();
    let mut raised = None;
    for line in log.lines() {
        match scanner.see(line) {
            Some(ReasonCode::PythonError) => {
                raised.get_or_insert(line);
            }
            Some(code) => return (code, Some(line.trim())),
            None => {}
        }
    }
    if let Some(line) = raised {
        return (ReasonCode::PythonError, Some(line.trim()));
    }
    let telling = log.lines().rev().find(|line| is_telling(line));
    let last = log.lines().rev().find(|line| !line.trim().is_empty());
    (ReasonCode::Crash, telling.or(last).map(str::trim))
}

/// How much an error tells beside others: ranks that lose one of theirs time out in NCCL, so what
/// the one died of is the cause.
pub(crate) fn weight(code: ReasonCode) -> u8 {
    match code {
        ReasonCode::Crash | ReasonCode::Unknown => 0,
        ReasonCode::NcclError => 1,
        ReasonCode::PythonError => 2,
        _ => 3,
    }
}

/// What a line is, by its words.
pub(crate) fn level(line: &str) -> LogLevel {
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    // klog: `E0301 12:00:00.000000`.
    let by_klog = |letter: char| {
        let rest = line.strip_prefix(letter);
        let date = rest.and_then(|rest| rest.get(..4));
        date.is_some_and(|date| date.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if known(line).is_some() || has(&ERROR_WORDS) || by_klog('E') || by_klog('F') {
        LogLevel::Error
    } else if has(&WARNING_WORDS) || by_klog('W') {
        LogLevel::Warning
    } else {
        LogLevel::Plain
    }
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
    fn a_traceback_that_torchrun_prefixed_is_one_as_well() {
        let log = "[rank3]: Traceback (most recent call last):\n[rank3]:   File \"t.py\", line 1\n\
                   [rank3]:     boom()\n[rank3]: KeyError: 'weights'\n";
        assert_eq!(
            first_error(log),
            (
                ReasonCode::PythonError,
                Some("[rank3]: KeyError: 'weights'")
            )
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

    #[test]
    fn the_level_of_a_line_is_told_by_its_words() {
        assert_eq!(level("E0301 12:00:00.1 1 main.go:1] no"), LogLevel::Error);
        assert_eq!(level("2026-03-01 [WARNING] slow"), LogLevel::Warning);
        assert_eq!(
            level("{\"level\":\"error\",\"msg\":\"x\"}"),
            LogLevel::Error
        );
        assert_eq!(level("Everything is fine"), LogLevel::Plain);
        assert_eq!(level("loss 0.1 error_rate 0.0"), LogLevel::Plain);
    }
}
