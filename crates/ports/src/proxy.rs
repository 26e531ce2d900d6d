//! Programs and kubelets inside a cluster, reached by way of its API server.

use std::time::Duration;

use futures::future::BoxFuture;
use strata_domain::ids::{ClusterId, ObjectKey};

use crate::error::PortError;

/// Asks programs and kubelets inside clusters over HTTP, through the proxy of the API server.
pub trait ClusterProxy: Send + Sync {
    /// What `pod` answers to a `GET`. An answer that is no success is an error: forbidden where the
    /// user may not `get pods/proxy`, unavailable where nothing listens.
    fn get(
        &self,
        cluster: &ClusterId,
        pod: PodPort,
        path: &str,
        within: Duration,
    ) -> BoxFuture<'static, Result<Vec<u8>, PortError>>;

    /// What the kubelet of `node` answers to a `GET`. Forbidden where the user may not
    /// `get nodes/proxy`.
    fn kubelet(
        &self,
        cluster: &ClusterId,
        node: &str,
        path: &str,
        within: Duration,
    ) -> BoxFuture<'static, Result<Vec<u8>, PortError>>;
}

/// A port of a pod.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodPort {
    /// The pod.
    pub pod: ObjectKey,
    /// The port's number.
    pub port: u16,
    /// Whether the program there speaks TLS.
    pub is_tls: bool,
}
