//! Ending a process, and none that got its number meanwhile.

use std::time::Duration;

use strata_domain::workstation::ProcessGuard;
use strata_ports::{
    error::{PortError, PortErrorKind},
    workstation::{Ending, ProcessEnd, ProcessIdentity},
};

/// Sends the signal to the process that `process` names, and waits for `patience` whether it goes.
///
/// The process is held open first and its start compared after that, so that a number which was given
/// to another process meanwhile ends nobody else.
#[cfg(target_os = "linux")]
pub async fn end(
    process: ProcessIdentity,
    how: Ending,
    patience: Duration,
) -> Result<ProcessEnd, PortError> {
    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
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
        Errno::PERM | Errno::ACCESS => forbidden(number, ProcessGuard::OtherUser),
        other => PortError::new(
            PortErrorKind::Unavailable,
            format!("process {number} could not be ended"),
        )
        .because(other),
    };
    let held = pidfd_open(pid, PidfdFlags::empty()).map_err(refused)?;
    let mut processes = crate::process::Processes::at(std::path::Path::new("/"));
    let owner = processes
        .owner(number)
        .filter(|owner| owner.started_ticks == process.started_ticks)
        .ok_or_else(gone)?;
    if let Some(guard) = owner.guard {
        return Err(forbidden(number, guard));
    }
    let signal = match how {
        Ending::Ask => Signal::TERM,
        Ending::Force => Signal::KILL,
    };
    pidfd_send_signal(&held, signal).map_err(refused)?;
    // It can be read from once the process is gone.
    let unseen = |error: std::io::Error| {
        PortError::new(
            PortErrorKind::Unavailable,
            format!("process {number} got the signal; whether it went is not known"),
        )
        .because(error)
    };
    let waited = tokio::task::spawn_blocking(move || {
        let patience = Timespec::try_from(patience).unwrap_or_default();
        poll(&mut [PollFd::new(&held, PollFlags::IN)], Some(&patience))
    });
    match waited.await {
        Ok(Ok(0)) => Ok(ProcessEnd::Lingers),
        Ok(Ok(_)) => Ok(ProcessEnd::Gone),
        Ok(Err(error)) => Err(unseen(error.into())),
        Err(error) => Err(unseen(error.into())),
    }
}

/// Why a process is left alone.
#[cfg(target_os = "linux")]
fn forbidden(number: u32, guard: ProcessGuard) -> PortError {
    let message = match guard {
        ProcessGuard::First => {
            format!("process {number} is the first one: everything else would end with it")
        }
        ProcessGuard::Strata => format!("process {number} is Strata's own"),
        ProcessGuard::OtherUser => {
            format!("process {number} belongs to another user; ending it takes an administrator")
        }
    };
    PortError::new(PortErrorKind::Forbidden, message)
}

/// Elsewhere processes are ended by the means of the system.
#[cfg(not(target_os = "linux"))]
pub async fn end(_: ProcessIdentity, _: Ending, _: Duration) -> Result<ProcessEnd, PortError> {
    Err(PortError::new(
        PortErrorKind::Unsupported,
        "processes can be ended from here on Linux alone",
    ))
}

/// The user as whom this process runs.
#[cfg(target_os = "linux")]
pub fn user() -> String {
    let uid = rustix::process::geteuid().as_raw().to_string();
    crate::process::Processes::at(std::path::Path::new("/")).user(&uid)
}

/// The user as whom this process runs, by the system's own word.
#[cfg(not(target_os = "linux"))]
pub fn user() -> String {
    ["USER", "USERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .unwrap_or_default()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::{
        io::{BufRead as _, BufReader},
        os::unix::process::ExitStatusExt as _,
        process::{Child, Command, Stdio},
    };

    use super::*;

    /// Longer than any machine takes to end a process.
    const LONG: Duration = Duration::from_mins(1);

    fn identity(pid: u32) -> ProcessIdentity {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        ProcessIdentity {
            pid,
            started_ticks: crate::process::started(&stat).unwrap(),
        }
    }

    /// A process that is no child of this one, as nothing of Strata's may be ended; and the shell that
    /// started it, which waits for it and tells how it ended.
    struct Stranger {
        shell: Child,
        pid: u32,
    }

    impl Stranger {
        fn start(script: &str) -> Self {
            let mut shell = Command::new("setsid")
                .args(["--fork", "sh", "-c", script])
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut line = String::new();
            BufReader::new(shell.stdout.take().unwrap())
                .read_line(&mut line)
                .unwrap();
            // The shell that was forked is nobody's child but the first process's.
            assert!(shell.wait().unwrap().success());
            Self {
                pid: line.trim().parse().unwrap(),
                shell,
            }
        }

        fn is_there(&self) -> bool {
            std::fs::read_to_string(format!("/proc/{}/stat", self.pid))
                .is_ok_and(|stat| !stat.contains(") Z "))
        }
    }

    impl Drop for Stranger {
        fn drop(&mut self) {
            drop(
                Command::new("kill")
                    .args(["-KILL", &self.pid.to_string()])
                    .output(),
            );
            drop(self.shell.kill());
        }
    }

    #[tokio::test]
    async fn a_process_is_asked_to_end_and_goes() {
        let stranger = Stranger::start("echo $$; exec sleep 600");
        let end = end(identity(stranger.pid), Ending::Ask, LONG).await;
        assert_eq!(end.unwrap(), ProcessEnd::Gone);
        assert!(!stranger.is_there());
    }

    #[tokio::test]
    async fn a_process_that_does_not_go_is_made_to() {
        let stranger = Stranger::start("trap '' TERM; echo $$; while :; do sleep 600; done");
        let asked = end(
            identity(stranger.pid),
            Ending::Ask,
            Duration::from_millis(50),
        )
        .await;
        assert_eq!(asked.unwrap(), ProcessEnd::Lingers);
        let forced = end(identity(stranger.pid), Ending::Force, LONG).await;
        assert_eq!(forced.unwrap(), ProcessEnd::Gone);
    }

    #[tokio::test]
    async fn a_process_that_started_at_another_time_is_left_alone() {
        let stranger = Stranger::start("echo $$; exec sleep 600");
        let mut other = identity(stranger.pid);
        other.started_ticks -= 1;
        let error = end(other, Ending::Force, LONG).await.unwrap_err();
        assert_eq!(error.kind, PortErrorKind::NotFound);
        assert!(stranger.is_there());
        let nobody = ProcessIdentity {
            pid: u32::MAX,
            started_ticks: 1,
        };
        let error = end(nobody, Ending::Ask, LONG).await.unwrap_err();
        assert_eq!(error.kind, PortErrorKind::NotFound);
    }

    #[tokio::test]
    async fn strata_and_the_first_process_are_left_alone() {
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        for pid in [1, std::process::id(), child.id()] {
            let error = end(identity(pid), Ending::Force, LONG).await.unwrap_err();
            assert_eq!(error.kind, PortErrorKind::Forbidden, "{pid}");
        }
        assert_eq!(child.try_wait().unwrap(), None);
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
    }
}
