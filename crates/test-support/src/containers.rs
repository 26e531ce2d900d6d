//! Machines without runtimes, and with one that does what a test says.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use futures::{FutureExt, StreamExt, future, future::BoxFuture, stream, stream::BoxStream};
use serde_json::Value;
use strata_ports::{
    containers::{
        Container, ContainerHost, GpuAccess, Place, PullStep, Room, Runtime, RuntimeKind, Wanted,
    },
    error::{PortError, PortErrorKind},
    tunnel::{Question, Reply, Tunnel, Way},
};
use tokio_util::sync::CancellationToken;

use crate::tunnels::PortHere;

/// A machine without runtimes: for tests that run nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoContainers;

fn nothing<T: Send + 'static>() -> BoxFuture<'static, Result<T, PortError>> {
    async { Err(nobody()) }.boxed()
}

fn nobody() -> PortError {
    PortError::new(PortErrorKind::Unavailable, "no runtime answers here")
}

impl ContainerHost for NoContainers {
    fn runtimes(&self) -> BoxFuture<'static, Vec<Runtime>> {
        async { Vec::new() }.boxed()
    }

    fn places(&self) -> BoxFuture<'static, Vec<Place>> {
        async { Vec::new() }.boxed()
    }

    fn room(&self, _: RuntimeKind, _: Wanted) -> BoxFuture<'static, Result<Room, PortError>> {
        nothing()
    }

    fn request(&self, _: RuntimeKind, _: GpuAccess, _: &Wanted) -> Result<Value, PortError> {
        Err(nobody())
    }

    fn list(&self, _: RuntimeKind) -> BoxFuture<'static, Result<Vec<Container>, PortError>> {
        nothing()
    }

    fn pull(&self, _: RuntimeKind, _: String) -> BoxStream<'static, Result<PullStep, PortError>> {
        stream::iter([Err(nobody())]).boxed()
    }

    fn start(&self, _: RuntimeKind, _: Wanted) -> BoxFuture<'static, Result<(), PortError>> {
        nothing()
    }

    fn log(
        &self,
        _: RuntimeKind,
        _: String,
        _: u32,
    ) -> BoxFuture<'static, Result<String, PortError>> {
        nothing()
    }

    fn tunnel(&self, port: u16) -> Box<dyn Tunnel> {
        Box::new(NoTunnel(port))
    }

    fn stop(&self, _: RuntimeKind, _: String) -> BoxFuture<'static, Result<(), PortError>> {
        nothing()
    }

    fn remove(&self, _: RuntimeKind, _: String) -> BoxFuture<'static, Result<(), PortError>> {
        nothing()
    }
}

/// A way to a port at which nothing answers.
struct NoTunnel(u16);

impl Tunnel for NoTunnel {
    fn way(&self) -> Way {
        Way::Here
    }

    fn ask(&mut self, _: Question) -> BoxFuture<'_, Result<Reply, PortError>> {
        let message = format!("nothing answers at port {} of this machine", self.0);
        async move { Err(PortError::new(PortErrorKind::Unavailable, message)) }.boxed()
    }
}

/// A machine whose Ollama has fetched a part of a model and comes no further, until nobody listens.
#[derive(Clone, Debug, Default)]
pub struct StalledPull {
    unheard: CancellationToken,
}

impl StalledPull {
    /// Bytes that it has fetched, and those that there are.
    pub const BYTES: (u64, u64) = (40 << 20, 100 << 20);

    /// Ends once nobody listens to its pull any more.
    pub async fn unheard(&self) {
        self.unheard.cancelled().await;
    }
}

impl ContainerHost for StalledPull {
    fn runtimes(&self) -> BoxFuture<'static, Vec<Runtime>> {
        let ollama = Runtime {
            kind: RuntimeKind::Ollama,
            version: "0.13.0".to_owned(),
            place: "http://127.0.0.1:11434".to_owned(),
            gpus: GpuAccess::Own,
        };
        async { vec![ollama] }.boxed()
    }

    fn places(&self) -> BoxFuture<'static, Vec<Place>> {
        NoContainers.places()
    }

    fn room(&self, _: RuntimeKind, _: Wanted) -> BoxFuture<'static, Result<Room, PortError>> {
        async { Ok(Room::default()) }.boxed()
    }

    fn request(&self, _: RuntimeKind, _: GpuAccess, _: &Wanted) -> Result<Value, PortError> {
        Ok(Value::Null)
    }

    fn list(&self, _: RuntimeKind) -> BoxFuture<'static, Result<Vec<Container>, PortError>> {
        async { Ok(Vec::new()) }.boxed()
    }

    fn pull(&self, _: RuntimeKind, _: String) -> BoxStream<'static, Result<PullStep, PortError>> {
        let (done_bytes, total_bytes) = Self::BYTES;
        let step = PullStep {
            status: "pulling a3de".to_owned(),
            done_bytes,
            total_bytes,
        };
        let listened = self.unheard.clone().drop_guard();
        let stalls = async move {
            let _listened = listened;
            future::pending().await
        };
        stream::iter([Ok(step)]).chain(stream::once(stalls)).boxed()
    }

    fn start(&self, _: RuntimeKind, _: Wanted) -> BoxFuture<'static, Result<(), PortError>> {
        nothing()
    }

    fn log(
        &self,
        _: RuntimeKind,
        _: String,
        _: u32,
    ) -> BoxFuture<'static, Result<String, PortError>> {
        nothing()
    }

    fn tunnel(&self, port: u16) -> Box<dyn Tunnel> {
        NoContainers.tunnel(port)
    }

    fn stop(&self, _: RuntimeKind, _: String) -> BoxFuture<'static, Result<(), PortError>> {
        nothing()
    }

    fn remove(&self, _: RuntimeKind, name: String) -> BoxFuture<'static, Result<(), PortError>> {
        let message = format!("model '{name}' not found");
        async { Err(PortError::new(PortErrorKind::NotFound, message)) }.boxed()
    }
}

/// A machine whose Docker has one container, in which a server listens; it is stopped and removed as
/// one asks.
#[derive(Clone, Debug)]
pub struct OneContainer {
    address: SocketAddr,
    standing: Arc<Mutex<Standing>>,
}

/// How the container stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Runs,
    Stopped,
    Gone,
}

impl OneContainer {
    /// What it is called.
    pub const NAME: &str = "qwen";

    /// One that runs, and whose server listens at `address`.
    pub fn at(address: SocketAddr) -> Self {
        Self {
            address,
            standing: Arc::new(Mutex::new(Standing::Runs)),
        }
    }

    /// Brings `name` to where it is asked to be.
    fn bring(&self, name: &str, to: Standing) -> Result<(), PortError> {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        if name != Self::NAME || *standing == Standing::Gone {
            let message = format!("there is no container {name}");
            return Err(PortError::new(PortErrorKind::NotFound, message));
        }
        *standing = to;
        Ok(())
    }
}

impl ContainerHost for OneContainer {
    fn runtimes(&self) -> BoxFuture<'static, Vec<Runtime>> {
        let docker = Runtime {
            kind: RuntimeKind::Docker,
            version: "29.1.0".to_owned(),
            place: "/var/run/docker.sock".to_owned(),
            gpus: GpuAccess::None,
        };
        async { vec![docker] }.boxed()
    }

    fn places(&self) -> BoxFuture<'static, Vec<Place>> {
        NoContainers.places()
    }

    fn room(&self, _: RuntimeKind, _: Wanted) -> BoxFuture<'static, Result<Room, PortError>> {
        nothing()
    }

    fn request(&self, _: RuntimeKind, _: GpuAccess, _: &Wanted) -> Result<Value, PortError> {
        Err(nobody())
    }

    fn list(&self, _: RuntimeKind) -> BoxFuture<'static, Result<Vec<Container>, PortError>> {
        let standing = *self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let is_running = standing == Standing::Runs;
        let container = Container {
            name: Self::NAME.to_owned(),
            image: "vllm/vllm-openai:v0.24.0".to_owned(),
            is_running,
            status: if is_running {
                "Up 3 minutes"
            } else {
                "Exited (0)"
            }
            .to_owned(),
            ports: vec![self.address.port()],
            recipe: "vllm".to_owned(),
            exit_code: (!is_running).then_some(0),
            gpus: None,
            made_at: None,
        };
        let found = if standing == Standing::Gone {
            Vec::new()
        } else {
            vec![container]
        };
        async { Ok(found) }.boxed()
    }

    fn pull(&self, _: RuntimeKind, _: String) -> BoxStream<'static, Result<PullStep, PortError>> {
        stream::iter([Err(nobody())]).boxed()
    }

    fn start(&self, _: RuntimeKind, _: Wanted) -> BoxFuture<'static, Result<(), PortError>> {
        nothing()
    }

    fn log(
        &self,
        _: RuntimeKind,
        _: String,
        _: u32,
    ) -> BoxFuture<'static, Result<String, PortError>> {
        nothing()
    }

    fn tunnel(&self, _: u16) -> Box<dyn Tunnel> {
        Box::new(PortHere::at(self.address))
    }

    fn stop(&self, _: RuntimeKind, name: String) -> BoxFuture<'static, Result<(), PortError>> {
        let came = self.bring(&name, Standing::Stopped);
        async { came }.boxed()
    }

    fn remove(&self, _: RuntimeKind, name: String) -> BoxFuture<'static, Result<(), PortError>> {
        let came = self.bring(&name, Standing::Gone);
        async { came }.boxed()
    }
}
