//! Kueue and KubeRay beside a control plane: the real controllers, as processes on loopback.
//!
//! Both are published as container images only, so they are built here from their Go modules
//! ([`programs`]). They read and write the API server's objects as they do in a cluster. The API
//! server asks Kueue's webhooks at a loopback address ([`webhooks`]), with certificates that are
//! made for this start. KubeRay's webhook is left out, as its own installation leaves it out.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use kube::Client;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::certificates;
use crate::cluster::ControlPlane;
use crate::definitions;
use crate::ports;
use crate::process::Server;
use crate::wait;

pub mod programs;
mod settings;
mod webhooks;

/// How long an operator may take until it answers; it first reads every object of its kinds.
const READY: Duration = Duration::from_mins(2);

/// Running operators. Dropping them ends their processes; the API server goes on asking Kueue's
/// webhooks and refuses jobs then, so they are to be dropped with the control plane.
#[derive(Debug)]
pub struct Operators {
    kueue: Server,
    kuberay: Server,
    /// Their settings, certificates and logs.
    _folder: TempDir,
}

impl Operators {
    /// Installs the kinds of Kueue and KubeRay, starts both and returns when they are ready.
    ///
    /// # Errors
    ///
    /// When a program cannot be built, ends, or is not ready in two minutes; the message has the
    /// end of its log.
    pub async fn start(control_plane: &ControlPlane) -> Result<Self> {
        let programs = tokio::task::spawn_blocking(programs::find).await??;
        let client = control_plane.client().await?;
        let kinds = || definitions::of_groups(&["kueue.x-k8s.io", "ray.io"]);
        let kinds = tokio::task::spawn_blocking(kinds).await??;
        definitions::install(&client, &kinds).await?;

        let folder = tempfile::Builder::new()
            .prefix("strata-operators-")
            .tempdir()?;
        let authority = certificates::create_for_webhooks(folder.path())?;
        // Held until the program that wants them starts, so that no two get the same.
        let (asked, kueue_probe) = (ports::reserve()?, ports::reserve()?);
        let kuberay_probe = ports::reserve()?;
        let numbers = [&asked, &kueue_probe, &kuberay_probe].map(ports::Reserved::number);
        let [asked_at, kueue_at, kuberay_at] = numbers;
        let file = folder.path().join("kueue.yaml");
        std::fs::write(&file, settings::kueue(folder.path(), asked_at, kueue_at))
            .with_context(|| format!("writing {}", file.display()))?;
        let kubeconfig = format!("--kubeconfig={}", control_plane.kubeconfig_path().display());

        drop((asked, kueue_probe, kuberay_probe));
        let mut kueue = Server::start(
            "kueue",
            &programs.kueue,
            [kubeconfig.clone(), format!("--config={}", file.display())],
            folder.path(),
        )?;
        let probe = format!("--health-probe-bind-address=127.0.0.1:{kuberay_at}");
        let mut kuberay = Server::start(
            "kuberay",
            &programs.kuberay,
            [kubeconfig, probe],
            folder.path(),
        )?;
        until_ready("Kueue is ready", &mut kueue, kueue_at).await?;
        until_ready("KubeRay is ready", &mut kuberay, kuberay_at).await?;
        install_webhooks(&client, &authority, asked_at).await?;
        Ok(Self {
            kueue,
            kuberay,
            _folder: folder,
        })
    }

    /// Fails when one of them has ended by itself, with the end of its log.
    ///
    /// # Errors
    ///
    /// When one has ended.
    pub fn check(&mut self) -> Result<()> {
        self.kueue.check()?;
        self.kuberay.check()
    }
}

/// Tells the API server whom to ask.
async fn install_webhooks(client: &Client, authority: &str, port: u16) -> Result<()> {
    let manifests = tokio::task::spawn_blocking(webhooks::manifests).await??;
    for configuration in webhooks::on_loopback(manifests, authority, port)? {
        let plural = webhooks::plural(&configuration)?;
        let path = format!("/apis/admissionregistration.k8s.io/v1/{plural}");
        let request = http::Request::post(path)
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(serde_json::to_vec(&configuration)?)?;
        client
            .request_text(request)
            .await
            .with_context(|| format!("creating Kueue's {plural}"))?;
    }
    Ok(())
}

/// Waits until the operator says itself that it is ready.
async fn until_ready(what: &str, server: &mut Server, port: u16) -> Result<()> {
    let mut ended = None;
    let waited = wait::until(what, READY, async || {
        if let Err(error) = server.check() {
            ended = Some(error);
            return Ok(Some(()));
        }
        Ok(says_ready(port).await?.then_some(()))
    })
    .await;
    match ended {
        Some(error) => Err(error),
        None => waited.with_context(|| server.last_lines()),
    }
}

/// What `/readyz` at this loopback port answers.
async fn says_ready(port: u16) -> Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(b"GET /readyz HTTP/1.0\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer);
    match text.lines().next().and_then(|line| line.split(' ').nth(1)) {
        Some("200") => Ok(true),
        Some(_) => bail!("not ready: {text}"),
        None => bail!("no answer"),
    }
}
