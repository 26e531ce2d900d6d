//! A whole control plane, started, stopped and asked.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use k8s_openapi::api::core::v1::ServiceAccount;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binaries::{self, Binaries};
use crate::certificates;
use crate::ports;
use crate::process::Server;
use crate::wait;

mod settings;

use settings::Settings;

/// How long one component may take to become ready; generous, for machines that compile beside.
const READY: Duration = Duration::from_mins(2);

/// Keeps a control plane's files, when it is set: a test that returns an error does not panic.
const KEEP: &str = "STRATA_KEEP_CONTROL_PLANE";

/// The processes of a control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// The store.
    Etcd,
    /// The API server.
    ApiServer,
    /// Runs deployments, jobs, node life cycle, garbage collection.
    ControllerManager,
    /// Places pods.
    Scheduler,
    /// KWOK, which plays all nodes and their kubelets.
    Kubelets,
}

/// A running control plane. Dropping it ends all its processes and removes its files.
///
/// When a test panics, or the variable `STRATA_KEEP_CONTROL_PLANE` is set, the files stay, so that
/// the logs can be read, and their place is printed.
#[derive(Debug)]
pub struct ControlPlane {
    // In the order in which they are to be ended: clients before servers, the store last.
    controllers: Option<Controllers>,
    api_server: Option<Server>,
    etcd: Server,
    settings: Settings,
    binaries: Binaries,
    folder: Option<TempDir>,
}

/// What works on the objects, as clients of the API server.
#[derive(Debug)]
struct Controllers {
    kubelets: Server,
    scheduler: Server,
    manager: Server,
}

impl ControlPlane {
    /// Starts everything and returns when pods can be created: about ten seconds, once the
    /// [programs](binaries) are there.
    ///
    /// # Errors
    ///
    /// When a program is missing, ends, or is not ready in two minutes; the message has the end of
    /// its log.
    pub async fn start() -> Result<Self> {
        let binaries = tokio::task::spawn_blocking(binaries::find).await??;
        let folder = tempfile::Builder::new()
            .prefix("strata-control-plane-")
            .tempdir()?;
        let certificates = certificates::create(folder.path())?;
        // Held until the server that wants it starts, so that no two get the same.
        let client = ports::reserve()?;
        let peer = ports::reserve()?;
        let api = ports::reserve()?;
        let settings = Settings::write(
            folder.path(),
            certificates,
            settings::Ports {
                etcd_client: client.number(),
                etcd_peer: peer.number(),
                api: api.number(),
            },
        )?;

        drop((client, peer));
        let mut etcd = Server::start("etcd", &binaries.etcd, settings.etcd(), folder.path())?;
        // The API server itself waits for the store, but would not tell why the store ended.
        etcd.check()?;
        drop(api);
        let mut api_server = Server::start(
            "kube-apiserver",
            &binaries.api_server,
            settings.api_server(),
            folder.path(),
        )?;
        let http = client_for(&settings.kubeconfig).await?;
        until_api_ready(&http, &mut [&mut etcd, &mut api_server]).await?;

        let mut controller_manager = Server::start(
            "kube-controller-manager",
            &binaries.controller_manager,
            settings.controller_manager(),
            folder.path(),
        )?;
        let mut scheduler = Server::start(
            "kube-scheduler",
            &binaries.scheduler,
            settings.scheduler(),
            folder.path(),
        )?;
        let mut kubelets = Server::start(
            "kwok",
            &binaries.kubelets,
            settings.kubelets(),
            folder.path(),
        )?;
        until_controllers_ready(
            &http,
            &mut [&mut controller_manager, &mut scheduler, &mut kubelets],
        )
        .await?;
        Ok(Self {
            controllers: Some(Controllers {
                kubelets,
                scheduler,
                manager: controller_manager,
            }),
            api_server: Some(api_server),
            etcd,
            settings,
            binaries,
            folder: Some(folder),
        })
    }

    /// The administrator's kubeconfig: a client certificate of `system:masters`, its context
    /// named `real`.
    pub fn kubeconfig_path(&self) -> &Path {
        &self.settings.kubeconfig
    }

    /// The kubeconfig of a user without any right but those that every authenticated user has,
    /// with a bearer token; bind roles to the group `strata:visitors` to give it some.
    pub fn visitor_kubeconfig_path(&self) -> &Path {
        &self.settings.visitor_kubeconfig
    }

    /// The API server's address, `https://127.0.0.1:<port>`.
    pub fn endpoint(&self) -> &str {
        &self.settings.endpoint
    }

    /// A client with the administrator's rights.
    ///
    /// # Errors
    ///
    /// When the kubeconfig cannot be read.
    pub async fn client(&self) -> Result<Client> {
        client_for(&self.settings.kubeconfig).await
    }

    /// Where the programs came from.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// The process id of a component, unless it is stopped.
    pub fn pid(&self, component: Component) -> Option<u32> {
        self.server(component).map(Server::pid)
    }

    /// The file with all that a component printed, unless it is stopped.
    pub fn log(&self, component: Component) -> Option<PathBuf> {
        self.server(component).map(|server| server.log().to_owned())
    }

    /// Makes the store forget all versions before its present one, as the API server has it do every
    /// five minutes.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn compact(&self) -> Result<()> {
        let store = Client::try_from(Config::new(self.settings.store_endpoint().parse()?))?;
        let ask = async |path: &str, body: Value| -> Result<Value> {
            let request = http::Request::post(path).body(serde_json::to_vec(&body)?)?;
            store
                .request(request)
                .await
                .with_context(|| format!("asking the store: {path}"))
        };
        let status = ask("/v3/maintenance/status", json!({})).await?;
        let revision = status
            .pointer("/header/revision")
            .context("the store does not tell its revision")?;
        ask("/v3/kv/compaction", json!({ "revision": revision })).await?;
        Ok(())
    }

    /// Ends the scheduler, the controllers and the kubelets; what is stored stays as it is. Does
    /// nothing when they are already stopped.
    ///
    /// # Errors
    ///
    /// When one cannot be signalled.
    pub fn stop_controllers(&mut self) -> Result<()> {
        let Some(controllers) = self.controllers.take() else {
            return Ok(());
        };
        let Controllers {
            kubelets,
            scheduler,
            manager,
        } = controllers;
        for mut server in [kubelets, scheduler, manager] {
            server.kill()?;
        }
        Ok(())
    }

    /// Ends the API server at once, as a crash or a cut network would. Does nothing when it is
    /// already stopped.
    ///
    /// # Errors
    ///
    /// When it cannot be signalled.
    pub fn stop_api_server(&mut self) -> Result<()> {
        if let Some(mut server) = self.api_server.take() {
            server.kill()?;
        }
        Ok(())
    }

    /// Starts the API server again, at the same address and with all that was stored, and waits
    /// until it is ready.
    ///
    /// # Errors
    ///
    /// When it is running, or does not become ready.
    pub async fn start_api_server(&mut self) -> Result<()> {
        if self.api_server.is_some() {
            bail!("the API server is running");
        }
        let folder = self
            .folder
            .as_ref()
            .context("the control plane is ending")?;
        let mut server = Server::start(
            "kube-apiserver",
            &self.binaries.api_server,
            self.settings.api_server(),
            folder.path(),
        )?;
        let http = client_for(&self.settings.kubeconfig).await?;
        until_api_ready(&http, &mut [&mut server]).await?;
        self.api_server = Some(server);
        Ok(())
    }

    fn server(&self, component: Component) -> Option<&Server> {
        match component {
            Component::Etcd => Some(&self.etcd),
            Component::ApiServer => self.api_server.as_ref(),
            Component::ControllerManager => Some(&self.controllers.as_ref()?.manager),
            Component::Scheduler => Some(&self.controllers.as_ref()?.scheduler),
            Component::Kubelets => Some(&self.controllers.as_ref()?.kubelets),
        }
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        let wanted = std::thread::panicking() || std::env::var_os(KEEP).is_some();
        if wanted && let Some(folder) = self.folder.take() {
            report_logs(&folder.keep());
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the person whose test just failed must find the logs"
)]
fn report_logs(folder: &Path) {
    eprintln!("the control plane's logs are kept in {}", folder.display());
}

async fn client_for(kubeconfig: &Path) -> Result<Client> {
    let file = Kubeconfig::read_from(kubeconfig)?;
    let mut config = Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await?;
    // A busy API server takes its time over a large definition.
    config.read_timeout = Some(Duration::from_mins(2));
    Ok(Client::try_from(config)?)
}

async fn until_api_ready(client: &Client, servers: &mut [&mut Server]) -> Result<()> {
    until_alive_and("the API server is ready", servers, async || {
        let request = http::Request::get("/readyz").body(Vec::new())?;
        Ok((client.request_text(request).await? == "ok").then_some(()))
    })
    .await
}

/// The controllers have nothing of their own to ask, but pods need what they make: a namespace's
/// default service account. The scheduler and the kubelets only have to live.
async fn until_controllers_ready(client: &Client, servers: &mut [&mut Server]) -> Result<()> {
    let api = |namespace| Api::<ServiceAccount>::namespaced(client.clone(), namespace);
    let (own, system) = (api("default"), api("kube-system"));
    until_alive_and("the controller manager works", servers, async || {
        let made = (
            own.get_opt("default").await?,
            system.get_opt("default").await?,
        );
        Ok(matches!(made, (Some(_), Some(_))).then_some(()))
    })
    .await
}

/// [`wait::until`], given up at once when one of the servers has ended.
async fn until_alive_and(
    what: &str,
    servers: &mut [&mut Server],
    mut probe: impl AsyncFnMut() -> Result<Option<()>>,
) -> Result<()> {
    let ended = wait::until(what, READY, async || {
        if let Some(error) = servers.iter_mut().find_map(|server| server.check().err()) {
            return Ok(Some(Err(error)));
        }
        Ok(probe().await?.map(Ok))
    })
    .await;
    match ended {
        Ok(outcome) => outcome,
        Err(error) => {
            let words: Vec<String> = servers.iter().map(|server| server.last_lines()).collect();
            Err(error.context(words.join("\n")))
        }
    }
}
