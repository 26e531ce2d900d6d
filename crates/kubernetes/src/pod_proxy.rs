//! Programs in pods and kubelets, asked through the API server's proxies (`get pods/proxy`,
//! `get nodes/proxy`).
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
        let door = Door {
            address: address(&pod, path),
            who: format!("pod {} on port {}", pod.pod, pod.port),
            permission: format!("get pods/proxy in namespace {}", pod.pod.namespace),
            instead: "; a Prometheus that has them can be asked instead",
        };
        self.pass(cluster, door, within)
    }

    fn kubelet(
        &self,
        cluster: &ClusterId,
        node: &str,
        path: &str,
        within: Duration,
    ) -> BoxFuture<'static, Result<Vec<u8>, PortError>> {
        let door = Door {
            address: format!("/api/v1/nodes/{node}/proxy{path}"),
            who: format!("the kubelet of node {node}"),
            permission: "get nodes/proxy".to_owned(),
            instead: "",
        };
        self.pass(cluster, door, within)
    }
}

/// What is asked, in whose words an error is told.
struct Door {
    /// The path on the API server.
    address: String,
    /// Who answers behind it.
    who: String,
    /// What the user must be permitted.
    permission: String,
    /// What to do where who answers wants credentials of its own: the end of a sentence.
    instead: &'static str,
}

impl PodProxy {
    fn pass(
        &self,
        cluster: &ClusterId,
        door: Door,
        within: Duration,
    ) -> BoxFuture<'static, Result<Vec<u8>, PortError>> {
        let client = self.connector.client(cluster);
        Box::pin(async move {
            let Some(client) = client else {
                return Err(PortError::new(
                    PortErrorKind::Unavailable,
                    "the cluster is not connected",
                ));
            };
            let asked = timeout(within, ask::read(&client, &door.address, ACCEPT, |_| ())).await;
            match asked {
                Ok(Ok((_, body))) => Ok(body.to_vec()),
                Ok(Err(failure)) => Err(refused(&door, &failure)),
                Err(_) => Err(PortError::new(
                    PortErrorKind::Timeout,
                    format!("{} did not answer within {} s", door.who, within.as_secs()),
                )),
            }
        })
    }
}

/// The path under which the API server passes a request on: the scheme before the name, and a colon
/// before the port.
pub(crate) fn address(pod: &PodPort, path: &str) -> String {
    let scheme = if pod.is_tls { "https:" } else { "" };
    format!(
        "/api/v1/namespaces/{}/pods/{scheme}{}:{}/proxy{path}",
        pod.pod.namespace, pod.pod.name, pod.port
    )
}

fn refused(door: &Door, failure: &Failure) -> PortError {
    let said = failure.to_string();
    if let Some(code) = said.strip_prefix(ask::WITHOUT_STATUS) {
        return refused_behind(door, failure, code);
    }
    match failure {
        Failure::Forbidden(_) => PortError::new(
            PortErrorKind::Forbidden,
            format!("{} is not permitted", door.permission),
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

/// What it means that who answers behind `door` itself answered `code`. What the user shows the API
/// server stays there, so that an exporter behind kube-rbac-proxy refuses whoever asks by this way.
fn refused_behind(door: &Door, failure: &Failure, code: &str) -> PortError {
    let who = &door.who;
    match failure {
        Failure::Forbidden(_) | Failure::Unauthorized(_) => PortError::new(
            PortErrorKind::Unauthorized,
            format!(
                "{who} wants credentials of its own ({code}), which the API server does not pass \
                 on{}",
                door.instead
            ),
        ),
        Failure::NotFound(_) => {
            PortError::new(PortErrorKind::NotFound, format!("{who} answered {code}"))
        }
        _ => PortError::new(PortErrorKind::Unavailable, format!("{who} answered {code}")),
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use strata_domain::ids::ObjectKey;

    use super::*;
    use crate::slim::meta::Status;

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

    fn door() -> Door {
        Door {
            address: String::new(),
            who: "pod llm/vllm-0 on port 8000".to_owned(),
            permission: "get pods/proxy in namespace llm".to_owned(),
            instead: "; ask another",
        }
    }

    #[test]
    fn a_missing_permission_is_named() {
        let error = refused(&door(), &Failure::Forbidden("no".to_owned()));
        assert_eq!(error.kind, PortErrorKind::Forbidden);
        assert_eq!(
            error.message,
            "get pods/proxy in namespace llm is not permitted"
        );
    }

    #[test]
    fn what_an_exporter_itself_refuses_is_no_permission_of_the_user() {
        let told = |code| {
            let failure = Failure::of_status(code, Status::default());
            let error = refused(&door(), &failure);
            (error.kind, error.message)
        };
        for code in [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN] {
            let (kind, message) = told(code);
            assert_eq!(kind, PortErrorKind::Unauthorized);
            assert!(
                message.starts_with("pod llm/vllm-0 on port 8000 wants credentials of its own"),
                "{message}"
            );
            assert!(
                message.ends_with("does not pass on; ask another"),
                "{message}"
            );
        }
        assert_eq!(
            told(StatusCode::INTERNAL_SERVER_ERROR),
            (
                PortErrorKind::Unavailable,
                "pod llm/vllm-0 on port 8000 answered 500 Internal Server Error".to_owned()
            )
        );
        assert_eq!(told(StatusCode::NOT_FOUND).0, PortErrorKind::NotFound);
    }
}
