//! The way to a model that a container of this machine serves, or Ollama.

use std::{sync::Arc, time::Duration};

use futures::{FutureExt as _, future::BoxFuture};
use strata_api::{
    error::{ApiError, ErrorCode},
    playground::ModelServer,
};
use strata_domain::ids::{ClusterId, ObjectKey};
use strata_ports::{
    containers::{ContainerHost, RuntimeKind},
    error::PortError,
    proxy::PodPort,
    tunnel::{Tunnel, TunnelMaker},
};

use crate::error::of_port;

/// What stands before the paths of OpenAI's interface, of engines and of Ollama alike.
pub(super) const BASE: &str = "/v1";

/// Leads to ports of this machine, whatever cluster is asked for.
pub(super) struct Loopback(pub(super) Arc<dyn ContainerHost>);

impl TunnelMaker for Loopback {
    fn open(
        &self,
        _: &ClusterId,
        to: PodPort,
        _: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Tunnel>, PortError>> {
        let tunnel = self.0.tunnel(to.port);
        async move { Ok(tunnel) }.boxed()
    }
}

/// Where `server` answers on this machine.
pub(super) async fn place(
    host: &Arc<dyn ContainerHost>,
    server: &ModelServer,
) -> Result<PodPort, ApiError> {
    let name = &server.name;
    let kind = runtime_of(&server.namespace).ok_or_else(|| {
        let message = format!("`{}` is no runtime of this machine", server.namespace);
        ApiError::new(ErrorCode::InvalidInput, message)
    })?;
    let found = host.list(kind).await.map_err(|error| of_port(&error))?;
    let container = found.iter().find(|one| one.name == *name).ok_or_else(|| {
        let message = format!("{name} is not on this machine any more");
        ApiError::new(ErrorCode::NotFound, message)
    })?;
    if !container.is_running {
        let message = format!("{name} does not run; start it again");
        return Err(ApiError::new(ErrorCode::Unavailable, message));
    }
    let port = match kind {
        RuntimeKind::Ollama => {
            let runtimes = host.runtimes().await;
            let ollama = runtimes.iter().find(|one| one.kind == kind);
            ollama.and_then(|one| one.place.rsplit_once(':')?.1.parse().ok())
        }
        RuntimeKind::Docker | RuntimeKind::Podman => container.ports.first().copied(),
    };
    let port = port.ok_or_else(|| {
        let message = format!("{name} opens no port of this machine");
        ApiError::new(ErrorCode::Unsupported, message)
    })?;
    Ok(PodPort {
        pod: ObjectKey::new(server.namespace.as_str(), name.as_str()),
        port,
        is_tls: false,
    })
}

fn runtime_of(word: &str) -> Option<RuntimeKind> {
    match word {
        "docker" => Some(RuntimeKind::Docker),
        "podman" => Some(RuntimeKind::Podman),
        "ollama" => Some(RuntimeKind::Ollama),
        _ => None,
    }
}
