//! Ending a process, and none that got its number meanwhile.

use strata_ports::{
    error::{PortError, PortErrorKind},
    workstation::{Ending, ProcessIdentity},
};

/// Sends the signal to the process that `process` names.
///
/// The process is held open first and its start compared after that, so that a number which was given
/// to another process meanwhile ends nobody else.
#[cfg(target_os = "linux")]
pub fn end(process: ProcessIdentity, how: Ending) -> Result<(), PortError> {
    use rustix::{
        io::Errno,
        process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
    };

    let number = process.pid;
    let gone = || {
        PortError::new(
            PortErrorKind::NotFound,
            format!("process {number} has ended already"),
        )
    };
    let pid = i32::try_from(number)
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(gone)?;
    let refused = |error: Errno| match error {
        Errno::SRCH => gone(),
        Errno::PERM | Errno::ACCESS => PortError::new(
            PortErrorKind::Forbidden,
            format!("process {number} belongs to another user; ending it takes an administrator"),
        ),
        other => PortError::new(
            PortErrorKind::Unavailable,
            format!("process {number} could not be ended"),
        )
        .because(other),
    };
    let held = pidfd_open(pid, PidfdFlags::empty()).map_err(refused)?;
    let started = std::fs::read_to_string(format!("/proc/{number}/stat"))
        .ok()
        .as_deref()
        .and_then(crate::process::started);
    if started != Some(process.started_ticks) {
        return Err(gone());
    }
    let signal = match how {
        Ending::Ask => Signal::TERM,
        Ending::Force => Signal::KILL,
    };
    pidfd_send_signal(held, signal).map_err(refused)
}

/// Elsewhere processes are ended by the means of the system.
#[cfg(not(target_os = "linux"))]
pub fn end(_: ProcessIdentity, _: Ending) -> Result<(), PortError> {
    Err(PortError::new(
        PortErrorKind::Unsupported,
        "processes can be ended from here on Linux alone",
    ))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::{os::unix::process::ExitStatusExt as _, process::Command};

    use super::*;

    fn identity(pid: u32) -> ProcessIdentity {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        ProcessIdentity {
            pid,
            started_ticks: crate::process::started(&stat).unwrap(),
        }
    }

    #[test]
    fn a_process_is_asked_to_end_and_then_made_to() {
        for (how, signal) in [(Ending::Ask, 15), (Ending::Force, 9)] {
            let mut child = Command::new("sleep").arg("600").spawn().unwrap();
            end(identity(child.id()), how).unwrap();
            assert_eq!(child.wait().unwrap().signal(), Some(signal));
        }
    }

    #[test]
    fn a_process_that_started_at_another_time_is_left_alone() {
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        let mut other = identity(child.id());
        other.started_ticks -= 1;
        let error = end(other, Ending::Force).unwrap_err();
        assert_eq!(error.kind, PortErrorKind::NotFound);
        assert_eq!(child.try_wait().unwrap(), None);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(
            end(identity_of_nobody(), Ending::Ask).unwrap_err().kind,
            PortErrorKind::NotFound
        );
    }

    fn identity_of_nobody() -> ProcessIdentity {
        ProcessIdentity {
            pid: u32::MAX,
            started_ticks: 1,
        }
    }
}
