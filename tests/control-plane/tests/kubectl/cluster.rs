//! A cluster, and kubectl with the kubeconfig that leads to it.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use anyhow::{Context as _, Result, bail};

/// Whom kubectl talks to.
pub(crate) struct Cluster {
    /// For people.
    pub(crate) name: &'static str,
    kubectl: PathBuf,
    kubeconfig: PathBuf,
    /// Where kubectl keeps what it discovered.
    home: PathBuf,
}

impl Cluster {
    pub(crate) fn new(
        name: &'static str,
        kubectl: &Path,
        kubeconfig: &Path,
        folder: &Path,
    ) -> Result<Self> {
        let home = folder.join(format!("home-{name}"));
        fs::create_dir(&home)?;
        Ok(Self {
            name,
            kubectl: kubectl.to_owned(),
            kubeconfig: kubeconfig.to_owned(),
            home,
        })
    }

    /// `kubectl ARGUMENTS`, without any setting of the person's own.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.kubectl);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.home)
            .env("KUBECONFIG", &self.kubeconfig)
            .args(arguments);
        command
    }

    /// Runs `kubectl ARGUMENTS` to its end, with `input` to read.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> Result<Ended> {
        Ended::of(self.command(arguments), arguments, input)
    }
}

/// What a run of kubectl left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    /// What was typed.
    line: String,
    /// The exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it wrote to standard output.
    pub(crate) said: String,
    /// What it wrote to standard error.
    pub(crate) remarked: String,
}

impl Ended {
    /// Runs `command` to its end. `arguments` are for people.
    pub(crate) fn of(mut command: Command, arguments: &[&str], input: &str) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting kubectl")?;
        // What is given to it is small: it has room in the pipe.
        let mut pipe = child.stdin.take().context("its input is a pipe")?;
        match pipe.write_all(input.as_bytes()) {
            // It need not read what it does not want.
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                return Err(error.into());
            }
            _ => drop(pipe),
        }
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output()?;
        Ok(Self {
            line: format!("kubectl {}", arguments.join(" ")),
            code: status.code(),
            said: String::from_utf8(stdout)?,
            remarked: String::from_utf8(stderr)?,
        })
    }

    /// What it said, if it ended well.
    pub(crate) fn success(self) -> Result<String> {
        if self.code != Some(0) {
            bail!("{self}");
        }
        Ok(self.said)
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            line,
            code,
            said,
            remarked,
        } = self;
        write!(formatter, "$ {line}\n{said}{remarked}[{code:?}]")
    }
}
