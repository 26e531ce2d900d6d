//! The demo cluster as a program of its own, so that its memory is its own.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
};
use strata_control_plane_tests::cost;
use tempfile::TempDir;

/// The scenario that is measured.
const SCENARIO: &str = "fleet";

/// `strata simulate`, ended when it is dropped.
pub(crate) struct Demo {
    process: Child,
    folder: TempDir,
    /// From its start until it takes requests.
    pub(crate) started_in: Duration,
    /// The processor time that this took, in seconds.
    pub(crate) cpu_seconds: f64,
}

impl Demo {
    /// Starts the `strata` that was built beside this program.
    pub(crate) fn start() -> Result<Self> {
        let strata = std::env::current_exe()?.with_file_name("strata");
        let folder = tempfile::tempdir()?;
        let start = Instant::now();
        let mut process = Command::new(&strata)
            .args([
                "simulate",
                "--scenario",
                SCENARIO,
                "--port",
                "0",
                "--kubeconfig",
            ])
            .arg(folder.path().join("kubeconfig"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}; build strata-cli first", strata.display()))?;
        let output = process.stdout.take().context("its output is piped")?;
        let mut line = String::new();
        // It says where it is once it listens.
        BufReader::new(output).read_line(&mut line)?;
        Ok(Self {
            started_in: start.elapsed(),
            cpu_seconds: cost::cpu_seconds(process.id())?,
            process,
            folder,
        })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// A client as its kubeconfig says.
    pub(crate) async fn client(&self) -> Result<Client> {
        let file = Kubeconfig::read_from(self.folder.path().join("kubeconfig"))?;
        let config = Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await?;
        Ok(Client::try_from(config)?)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
