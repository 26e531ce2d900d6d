//! The program `strata`, started as a person starts it, and the engine over the demo cluster.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use anyhow::{Context, Result};

mod demo;

pub use demo::{demo, follow, send};

/// What a run of the program left behind.
pub struct Ended {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub said: String,
    /// What it wrote to standard error.
    pub remarked: String,
}

/// Runs `strata ARGUMENTS` with the kubeconfig `kubeconfig` alone, and settings of its own.
pub fn strata(arguments: &[&str], kubeconfig: &str) -> Result<Ended> {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(program()?)
        .args(arguments)
        .env("KUBECONFIG", kubeconfig)
        .env_remove("STRATA_LOG")
        // Reports and pictures are in the language of the locale.
        .env("LC_ALL", "C.UTF-8")
        .output()
        .context("cannot start strata")?;
    Ok(Ended {
        code: status.code(),
        said: String::from_utf8(stdout)?,
        remarked: String::from_utf8(stderr)?,
    })
}

/// Where the built program is: `STRATA_PROGRAM`, else beside the tests.
pub fn program() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os("STRATA_PROGRAM") {
        return Ok(PathBuf::from(program));
    }
    let here = std::env::current_exe()?;
    let beside = here.ancestors().nth(2).map(|folder| folder.join("strata"));
    beside
        .filter(|program| program.exists())
        .context("strata is not built; `cargo build --workspace --bins` builds it")
}
