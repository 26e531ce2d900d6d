//! Exit codes, explained.

use strata_api::phrases::{Phrase, PhraseCode};

/// The signal that an exit code above 128 stands for, by its name.
pub(crate) fn signal(code: u32) -> Option<&'static str> {
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

/// What it means that a container ended with `code`, for the `reason` that the kubelet gives.
pub(crate) fn explain(code: i32, reason: &str) -> Phrase {
    let phrase = match (code, reason) {
        (_, "OOMKilled") => PhraseCode::ExitOutOfMemory,
        (0, _) => PhraseCode::ExitWell,
        (2, _) => PhraseCode::ExitUsage,
        (126, _) => PhraseCode::ExitNotExecutable,
        (127, _) => PhraseCode::ExitNotFound,
        (134, _) => PhraseCode::ExitAborted,
        (137, _) => PhraseCode::ExitKilled,
        (139, _) => PhraseCode::ExitSegmentation,
        (143, _) => PhraseCode::ExitTerminated,
        _ => {
            let signal = u32::try_from(code).ok().and_then(signal);
            let phrase = match signal {
                Some(signal) => Phrase::new(PhraseCode::ExitSignal).with("signal", signal),
                None => Phrase::new(PhraseCode::ExitOwn),
            };
            return phrase.with("code", code.to_string());
        }
    };
    Phrase::new(phrase).with("code", code.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_for_memory_is_told_from_another_kill() {
        assert_eq!(explain(137, "OOMKilled").code, PhraseCode::ExitOutOfMemory);
        assert_eq!(explain(137, "Error").code, PhraseCode::ExitKilled);
    }

    #[test]
    fn a_signal_is_named_and_an_own_code_is_left_to_the_program() {
        assert!(explain(135, "Error").english().contains("SIGBUS"));
        assert_eq!(explain(42, "Error").code, PhraseCode::ExitOwn);
        assert_eq!(explain(-1, "Error").code, PhraseCode::ExitOwn);
    }
}
