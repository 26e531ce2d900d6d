//! The runtimes of this machine behind one port.

use std::sync::Arc;

use futures::{FutureExt, StreamExt, future, future::BoxFuture, stream, stream::BoxStream};
use serde_json::Value;
use strata_ports::{
    containers::{
        Container, ContainerHost, GpuAccess, Place, PullStep, Room, Runtime, RuntimeKind, Wanted,
    },
    error::{PortError, PortErrorKind},
    tunnel::Tunnel,
};

use crate::{
    engine::{self, Engine},
    loopback::Loopback,
    ollama::{self, Ollama},
    places::{Places, at_socket},
};

/// The runtimes of this machine. Each question finds them anew: they come and go, and a connection over
/// a socket costs nothing.
#[derive(Clone, Debug)]
pub struct LocalContainers {
    places: Arc<Places>,
    ollama: Ollama,
}

impl LocalContainers {
    /// What listens at `places`.
    pub fn at(places: Places) -> Self {
        Self {
            ollama: Ollama::at(places.ollama.clone()),
            places: Arc::new(places),
        }
    }

    /// The engine of the kind `kind`.
    async fn engine(&self, kind: RuntimeKind) -> Result<Engine, PortError> {
        for socket in &self.places.sockets {
            if let Some(engine) = Engine::at(socket).await
                && engine.kind() == kind
            {
                return Ok(engine);
            }
        }
        let message = format!("{kind:?} does not answer on this machine");
        Err(PortError::new(PortErrorKind::Unavailable, message))
    }
}

impl ContainerHost for LocalContainers {
    fn runtimes(&self) -> BoxFuture<'static, Vec<Runtime>> {
        let host = self.clone();
        async move {
            let mut found: Vec<Runtime> = Vec::new();
            for socket in &host.places.sockets {
                // Podman may listen at Docker's socket as well as at its own.
                if let Some(engine) = Engine::at(socket).await
                    && !found.iter().any(|known| known.kind == engine.kind())
                {
                    found.push(engine.told().await);
                }
            }
            found.extend(host.ollama.told().await);
            found
        }
        .boxed()
    }

    fn places(&self) -> BoxFuture<'static, Vec<Place>> {
        let host = self.clone();
        async move {
            let sockets = host.places.sockets.iter().map(|socket| at_socket(socket));
            let (mut found, ollama) =
                future::join(future::join_all(sockets), host.ollama.place()).await;
            found.extend(ollama);
            found
        }
        .boxed()
    }

    fn room(
        &self,
        runtime: RuntimeKind,
        wanted: Wanted,
    ) -> BoxFuture<'static, Result<Room, PortError>> {
        let host = self.clone();
        async move {
            match runtime {
                RuntimeKind::Ollama => host.ollama.room(&wanted.image).await,
                kind => host.engine(kind).await?.room(&wanted).await,
            }
        }
        .boxed()
    }

    fn request(
        &self,
        runtime: RuntimeKind,
        gpus: GpuAccess,
        wanted: &Wanted,
    ) -> Result<Value, PortError> {
        match runtime {
            RuntimeKind::Ollama => Ok(ollama::requests(&wanted.image)),
            RuntimeKind::Docker | RuntimeKind::Podman => engine::request(wanted, gpus),
        }
    }

    fn list(&self, runtime: RuntimeKind) -> BoxFuture<'static, Result<Vec<Container>, PortError>> {
        let host = self.clone();
        async move {
            match runtime {
                RuntimeKind::Ollama => host.ollama.models().await,
                kind => host.engine(kind).await?.containers().await,
            }
        }
        .boxed()
    }

    fn pull(
        &self,
        runtime: RuntimeKind,
        image: String,
    ) -> BoxStream<'static, Result<PullStep, PortError>> {
        let host = self.clone();
        let begun = async move {
            match runtime {
                RuntimeKind::Ollama => host.ollama.pull(&image).await,
                kind => match host.engine(kind).await {
                    Ok(engine) => Ok(engine.pull(&image).await),
                    Err(error) => Err(error),
                },
            }
        };
        stream::once(begun)
            .flat_map(|begun| match begun {
                Ok(steps) => steps,
                Err(error) => stream::iter([Err(error)]).boxed(),
            })
            .boxed()
    }

    fn start(
        &self,
        runtime: RuntimeKind,
        wanted: Wanted,
    ) -> BoxFuture<'static, Result<(), PortError>> {
        let host = self.clone();
        async move {
            match runtime {
                RuntimeKind::Ollama => host.ollama.load(&wanted.image).await,
                kind => host.engine(kind).await?.start(&wanted).await,
            }
        }
        .boxed()
    }

    fn log(
        &self,
        runtime: RuntimeKind,
        name: String,
        lines: u32,
    ) -> BoxFuture<'static, Result<String, PortError>> {
        let host = self.clone();
        async move {
            match runtime {
                RuntimeKind::Ollama => Err(PortError::new(
                    PortErrorKind::Unsupported,
                    "Ollama's models write no log of their own; its service does",
                )),
                kind => host.engine(kind).await?.log(&name, lines).await,
            }
        }
        .boxed()
    }

    fn tunnel(&self, port: u16) -> Box<dyn Tunnel> {
        Box::new(Loopback::to(port))
    }

    fn stop(
        &self,
        runtime: RuntimeKind,
        name: String,
    ) -> BoxFuture<'static, Result<(), PortError>> {
        let host = self.clone();
        async move {
            match runtime {
                RuntimeKind::Ollama => host.ollama.unload(&name).await,
                kind => host.engine(kind).await?.stop(&name).await,
            }
        }
        .boxed()
    }

    fn remove(
        &self,
        runtime: RuntimeKind,
        name: String,
    ) -> BoxFuture<'static, Result<(), PortError>> {
        let host = self.clone();
        async move {
            match runtime {
                RuntimeKind::Ollama => host.ollama.delete(&name).await,
                kind => host.engine(kind).await?.remove(&name).await,
            }
        }
        .boxed()
    }
}
