//! Programs in pods, asked through the API server's proxy (`get pods/proxy`).
//!
//! The client is the one that the cluster's watches have: same credentials, same connection.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use strata_domain::ids::ClusterId;
use strata_ports::{
    error::{PortError, PortErrorKind},
    proxy::{ClusterProxy, PodPort},
};
use tokio::time::timeout;

use crate::{
    connect::Connector,
    watch::ask::{self, Failure},
};

/// What metrics may be told in.
const ACCEPT: &str = "text/plain;version=0.0.4, application/json, */*;q=0.1";

/// Asks programs in the pods of the clusters that are connected.
pub struct PodProxy {
    connector: Arc<Connector>,
}

impl PodProxy {
    pub(crate) fn new(connector: Arc<Connector>) -> Self {
        Self { connector }
    }
}

impl ClusterProxy for PodProxy {
    fn get(
        &self,
        cluster: &ClusterId,
        pod: PodPort,
        path: &str,
        within: Duration,
    ) -> BoxFuture<'static, Result<Vec<u8>, PortError>> {
        let client = self.connector.client(cluster);
        let address = address(&pod, path);
        Box::pin(async move {
            let Some(client) = client else {
                return Err(PortError::new(
                    PortErrorKind::Unavailable,
                    "the cluster is not connected",
                ));
            };
            let asked = timeout(within, ask::read(&client, &address, ACCEPT, |_| ())).await;
            match asked {
                Ok(Ok((_, body))) => Ok(body.to_vec()),
                Ok(Err(failure)) => Err(refused(&pod, &failure)),
                Err(_) => Err(PortError::new(
                    PortErrorKind::Timeout,
                    format!(
                        "pod {} did not answer on port {} within {} s",
                        pod.pod,
                        pod.port,
                        within.as_secs()
                    ),
                )),
            }
        })
    }
}

/// The path under which the API server passes a request on: the scheme before the name, and a colon
/// before the port.
fn address(pod: &PodPort, path: &str) -> String {
    let scheme = if pod.is_tls { "https:" } else { "" };
    format!(
        "/api/v1/namespaces/{}/pods/{scheme}{}:{}/proxy{path}",
        pod.pod.namespace, pod.pod.name, pod.port
    )
}

fn refused(pod: &PodPort, failure: &Failure) -> PortError {
    let said = failure.to_string();
    match failure {
        Failure::Forbidden(_) => PortError::new(
            PortErrorKind::Forbidden,
            format!(
                "get pods/proxy in namespace {} is not permitted",
                pod.pod.namespace
            ),
        ),
        Failure::Unauthorized(_) => PortError::new(PortErrorKind::Unauthorized, said),
        Failure::NotFound(_) => PortError::new(PortErrorKind::NotFound, said),
        Failure::Throttled { .. } | Failure::Unavailable(_) | Failure::Unreachable(_) => {
            PortError::new(PortErrorKind::Unavailable, said)
        }
        Failure::Refused(_) | Failure::Expired(_) => {
            PortError::new(PortErrorKind::InvalidInput, said)
        }
        Failure::Unreadable(_) => PortError::new(PortErrorKind::Unsupported, said),
    }
}

#[cfg(test)]
mod tests {
    use strata_domain::ids::ObjectKey;

    use super::*;

    #[test]
    fn the_scheme_stands_before_the_name_and_the_port_after() {
        let mut pod = PodPort {
            pod: ObjectKey::new("gpu-operator", "dcgm-x"),
            port: 9400,
            is_tls: false,
        };
        assert_eq!(
            address(&pod, "/metrics"),
            "/api/v1/namespaces/gpu-operator/pods/dcgm-x:9400/proxy/metrics"
        );
        pod.is_tls = true;
        assert_eq!(
            address(&pod, "/metrics"),
            "/api/v1/namespaces/gpu-operator/pods/https:dcgm-x:9400/proxy/metrics"
        );
    }

    #[test]
    fn a_missing_permission_is_named() {
        let pod = PodPort {
            pod: ObjectKey::new("llm", "vllm-0"),
            port: 8000,
            is_tls: false,
        };
        let error = refused(&pod, &Failure::Forbidden("no".to_owned()));
        assert_eq!(error.kind, PortErrorKind::Forbidden);
        assert!(error.message.contains("get pods/proxy in namespace llm"));
    }
}
