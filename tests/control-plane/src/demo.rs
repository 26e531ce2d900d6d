//! The demo cluster as a person starts it: `strata simulate`, a program with a port and a kubeconfig.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::ports;

/// A running demo cluster. Dropping it ends it.
#[derive(Debug)]
pub struct Demo {
    child: Child,
    /// Kept open: a program whose output nobody can read any more is ended by its next line.
    output: BufReader<ChildStdout>,
    kubeconfig: PathBuf,
}

impl Demo {
    /// Starts the demo cluster `scenario` (a name, or a file's path), keeps its kubeconfig in
    /// `folder`, and returns when it listens.
    ///
    /// # Errors
    ///
    /// When the program is not built, or ends instead of listening; what it said then stands in
    /// this process's standard error.
    pub fn start(scenario: &OsStr, folder: &Path) -> Result<Self> {
        let port = ports::reserve()?;
        let kubeconfig = folder.join(format!("demo-{}.yaml", port.number()));
        let mut child = Command::new(program()?)
            .args(["simulate", "--port", &port.release().to_string()])
            .arg("--scenario")
            .arg(scenario)
            .arg("--kubeconfig")
            .arg(&kubeconfig)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start strata")?;
        let output = child.stdout.take().context("its output is a pipe")?;
        let mut demo = Self {
            child,
            output: BufReader::new(output),
            kubeconfig,
        };
        // It greets when it listens.
        let mut greeting = String::new();
        demo.output.read_line(&mut greeting)?;
        if !greeting.contains("https://127.0.0.1:") {
            bail!("`strata simulate` did not start: {greeting:?}");
        }
        Ok(demo)
    }

    /// The process's id, for measurements.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The file that lets clients in.
    pub fn kubeconfig_path(&self) -> &Path {
        &self.kubeconfig
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Nobody is left to tell.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Where the built program `strata` is: `STRATA_PROGRAM`, else beside this one.
///
/// # Errors
///
/// When it is not built.
pub fn program() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os("STRATA_PROGRAM") {
        return Ok(PathBuf::from(program));
    }
    let here = std::env::current_exe()?;
    // Programs stand in the folder itself, tests in one within it.
    here.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("strata"))
        .find(|program| program.is_file())
        .context("strata is not built; `cargo build --workspace --bins` builds it")
}
