//! The demo cluster as a program of its own, so that its memory is its own.

use std::{
    ffi::OsStr,
    time::{Duration, Instant},
};

use anyhow::Result;
use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
};
use strata_control_plane_tests::{cost, demo};
use tempfile::TempDir;

/// The scenario that is measured.
const SCENARIO: &str = "fleet";

/// `strata simulate`, ended when it is dropped.
pub(crate) struct Demo {
    program: demo::Demo,
    /// Where its kubeconfig lies.
    _folder: TempDir,
    /// From its start until it takes requests.
    pub(crate) started_in: Duration,
    /// The processor time that this took, in seconds.
    pub(crate) cpu_seconds: f64,
}

impl Demo {
    /// Starts the `strata` that was built beside this program.
    pub(crate) fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let start = Instant::now();
        let program = demo::Demo::start(OsStr::new(SCENARIO), folder.path())?;
        Ok(Self {
            started_in: start.elapsed(),
            cpu_seconds: cost::cpu_seconds(program.pid())?,
            program,
            _folder: folder,
        })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// A client as its kubeconfig says.
    pub(crate) async fn client(&self) -> Result<Client> {
        let file = Kubeconfig::read_from(self.program.kubeconfig_path())?;
        let config = Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await?;
        Ok(Client::try_from(config)?)
    }
}
