//! A server that runs as a child process and never outlives its owner.
//!
//! Three things see to that. Dropping a [`Server`] kills its process group and reaps it. A
//! program built from `binaries/` also ends when its standard input closes, which happens when
//! this process is killed and no destructor runs. And each server has its own process group, so
//! that a Ctrl-C in a terminal reaches the tests first and the servers by the way just named.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

/// How much of a log an error message quotes.
const QUOTED_LINES: usize = 15;

/// A running child process, its log, and the pipe that ties its life to ours.
#[derive(Debug)]
pub struct Server {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts `program`; what it prints is appended to `<folder>/<name>.log`.
    ///
    /// # Errors
    ///
    /// When the program or its log cannot be started or written.
    pub fn start<A: AsRef<OsStr>>(
        name: &'static str,
        program: &Path,
        arguments: impl IntoIterator<Item = A>,
        folder: &Path,
    ) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let output = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .with_context(|| format!("opening {}", log.display()))?;
        let child = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            // No settings of the person's own: neither a kubeconfig nor a home folder's files.
            .env_remove("KUBECONFIG")
            .env("HOME", folder)
            .env("STRATA_EXIT_WITH_STDIN", "1")
            // Collecting garbage half as often makes 10,000 pods a quarter faster, for memory
            // that a machine with tests has.
            .env("GOGC", "200")
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        Ok(Self { name, child, log })
    }

    /// The process's id, for measurements.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The file with all that it printed.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Fails when the process has ended by itself, with the end of its log.
    ///
    /// # Errors
    ///
    /// When it has ended.
    pub fn check(&mut self) -> Result<()> {
        match self
            .child
            .try_wait()
            .context("asking after a child process")?
        {
            None => Ok(()),
            Some(status) => bail!("{} ended with {status}:\n{}", self.name, self.last_lines()),
        }
    }

    /// Ends the process at once, as a crash would, and waits until it is gone.
    ///
    /// # Errors
    ///
    /// When it cannot be signalled or waited for.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        if let Some(status) = self.child.try_wait()? {
            return Ok(status);
        }
        let group = i32::try_from(self.child.id())
            .ok()
            .and_then(Pid::from_raw)
            .context("a process id that is no process group")?;
        kill_process_group(group, Signal::KILL)
            .with_context(|| format!("killing {}", self.name))?;
        self.child
            .wait()
            .with_context(|| format!("waiting for the end of {}", self.name))
    }

    /// The end of the log, for an error message.
    pub fn last_lines(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines
            .get(lines.len().saturating_sub(QUOTED_LINES)..)
            .unwrap_or_default()
            .join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody is left to tell: the next thing to happen is that its folder is removed.
        drop(self.kill());
    }
}

#[cfg(test)]
mod tests {
    use std::{
        path::Path,
        time::{Duration, Instant},
    };

    use super::Server;

    #[test]
    fn a_server_that_ends_by_itself_is_reported_with_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["-c", "echo no room >&2; exit 3"];
        let mut server =
            Server::start("shell", Path::new("/bin/sh"), arguments, folder.path()).unwrap();
        let error = loop {
            if let Err(error) = server.check() {
                break error.to_string();
            }
        };
        assert!(
            error.contains("exit status: 3") && error.contains("no room"),
            "{error}"
        );
    }

    #[test]
    fn dropping_a_server_ends_its_children_too() {
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["-c", "sleep 600 & echo $! > child; wait"];
        let server =
            Server::start("shell", Path::new("/bin/sh"), arguments, folder.path()).unwrap();
        let child = loop {
            let text = std::fs::read_to_string(folder.path().join("child")).unwrap_or_default();
            if text.ends_with('\n') {
                break text.trim().to_owned();
            }
        };
        drop(server);
        // The kernel kills the group; each of it dies when it is next run.
        let begun = Instant::now();
        loop {
            let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
            if state.is_empty() || state.contains(") Z ") {
                break;
            }
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "the shell's child must be dead, or dead and not yet reaped: {state}"
            );
            std::thread::yield_now();
        }
    }
}
