//! A machine without runtimes.

use futures::{FutureExt, StreamExt, future::BoxFuture, stream, stream::BoxStream};
use serde_json::Value;
use strata_ports::{
    containers::{
        Container, ContainerHost, GpuAccess, Place, PullStep, Room, Runtime, RuntimeKind, Wanted,
    },
    error::{PortError, PortErrorKind},
    tunnel::{Question, Reply, Tunnel, Way},
};

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
