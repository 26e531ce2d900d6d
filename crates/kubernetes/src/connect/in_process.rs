//! A cluster that lives in this process: the demo.

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt as _, combinators::UnsyncBoxBody};
use tower::{BoxError, Service, ServiceExt as _, util::BoxCloneSyncService};

/// A Kubernetes API server that is called as a function: requests in, answers out, no port.
///
/// A watch's answer is a body that goes on. What takes over the connection (exec, attach, port
/// forwarding) needs a server whose answer has hyper's upgrade, as the demo cluster's has.
#[derive(Clone, Debug)]
pub struct InProcessServer(
    BoxCloneSyncService<Request<Bytes>, Response<UnsyncBoxBody<Bytes, BoxError>>, BoxError>,
);

impl InProcessServer {
    /// The server that `server` is.
    pub fn new<S, B>(server: S) -> Self
    where
        S: Service<Request<Bytes>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let server = server.map_err(Into::into).map_response(|response| {
            response.map(|body: B| body.map_err(Into::into).boxed_unsync())
        });
        Self(BoxCloneSyncService::new(server))
    }

    /// Waits until it answers, however long that takes: its first request may set up a whole
    /// cluster, which is no silence of a network.
    pub(crate) async fn awake(&self) {
        let question = Request::get("/readyz").body(Bytes::new());
        if let Ok(question) = question {
            // What it answers is of no interest, and a failure is told by the next question.
            self.0.clone().oneshot(question).await.ok();
        }
    }

    /// A client of it.
    pub(crate) fn client(&self) -> kube::Client {
        let Self(server) = self.clone();
        let service = tower::service_fn(move |request: Request<kube::client::Body>| {
            let server = server.clone();
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await?.to_bytes();
                server.oneshot(Request::from_parts(parts, body)).await
            }
        });
        kube::Client::new(service, "default")
    }
}
