//! The contract against a real API server, scheduler and controller manager, with Kueue and `KubeRay`.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Result;
use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use strata_contract_tests::door::{Body, Door};
use strata_contract_tests::suite::{self, Server};
use strata_control_plane_tests::load::nodes::{self, H100, Node};
use strata_control_plane_tests::{ControlPlane, Operators};

/// Names the kubeconfig of a cluster to ask instead of one that is started for it: while cases are
/// written, or to see how another release answers.
const OTHER: &str = "STRATA_CONTRACT_KUBECONFIG";

struct OverNetwork(Client);

impl Door for OverNetwork {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>>> {
        let request = request.map(kube::client::Body::from);
        async move {
            let response = self.0.send(request).await?;
            Ok(response.map(|body| body.map_err(Into::into).boxed_unsync()))
        }
        .boxed()
    }

    fn patience(&self) -> Duration {
        // A cron job waits for the next minute.
        Duration::from_mins(2)
    }
}

async fn client(kubeconfig: PathBuf) -> Result<Client> {
    let file = Kubeconfig::read_from(kubeconfig)?;
    let mut config = Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await?;
    // A watch may say nothing for long.
    config.read_timeout = Some(Duration::from_mins(5));
    // Refusals are what is looked at.
    config.default_retry = false;
    Ok(Client::try_from(config)?)
}

/// A control plane with three nodes without anything on them, as the demo cluster's, and the operators.
async fn start() -> Result<(Operators, ControlPlane)> {
    let control_plane = ControlPlane::start().await?;
    let ground = [
        Node::plain("worker-01"),
        Node::plain("worker-02"),
        Node::with_gpus("gpu-01", H100),
    ];
    nodes::create(&control_plane.client().await?, &ground).await?;
    let operators = Operators::start(&control_plane).await?;
    // As on a cluster that has been there for a while, the beginning is forgotten.
    control_plane.compact().await?;
    Ok((operators, control_plane))
}

fn main() -> Result<ExitCode> {
    let runtime = Arc::new(tokio::runtime::Runtime::new()?);
    // Held until the end: dropping it stops its processes.
    let (_started, kubeconfig) = if let Some(file) = std::env::var_os(OTHER) {
        (None, PathBuf::from(file))
    } else {
        let started = runtime.block_on(start())?;
        let file = started.1.kubeconfig_path().to_owned();
        (Some(started), file)
    };
    let client = runtime.block_on(client(kubeconfig))?;
    let door: Arc<dyn Door> = Arc::new(OverNetwork(client));
    suite::run_all(&runtime, &door, Server::Real)
}
