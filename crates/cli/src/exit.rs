//! How the program ends.

use std::process::ExitCode;

/// The cluster could not be reached.
pub(crate) const UNREACHABLE: u8 = 3;
/// What was shown is not whole.
pub(crate) const INCOMPLETE: u8 = 4;
/// A change cannot be made, or not all of it; or the journal is not as it was written.
pub(crate) const REFUSED: u8 = 5;

/// Says a fault on standard error and ends with 1, or with 3 for an [`Unreachable`].
#[expect(clippy::print_stderr, reason = "a command line program speaks here")]
pub(crate) fn fault(error: &anyhow::Error) -> ExitCode {
    eprintln!("strata: {error:#}");
    if error.is::<Unreachable>() {
        ExitCode::from(UNREACHABLE)
    } else {
        ExitCode::FAILURE
    }
}

/// Says a remark on standard error, so that standard output stays what was asked for.
#[expect(clippy::print_stderr, reason = "a command line program speaks here")]
pub(crate) fn remark(text: &str) {
    eprintln!("strata: {text}");
}

/// Writes the answer to standard output. A reader that has gone away is no fault.
pub(crate) fn answer(text: &str) -> anyhow::Result<()> {
    use std::io::{ErrorKind, Write};
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// The cluster could not be reached: why, and what to do.
#[derive(Debug)]
pub(crate) struct Unreachable(pub(crate) String);

impl std::fmt::Display for Unreachable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unreachable {}
